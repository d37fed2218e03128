"""The seconds that count as a submission's own: what all of its processes computed and slept, and nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from graders.sandbox import account
from graders.sandbox.account import Account, Task
from graders.sandbox.errors import Hung
from graders.sandbox.host import Host
from graders.sandbox.isolation.cgroup import Cgroup
from graders.sandbox.proxy import Submission
from graders.sandbox.transcript import Transcript
from tests.support import Loads, linux_only, reload

MILLION = 1_000_000  # nanoseconds in a millisecond
Looks = Callable[..., float]


@pytest.fixture(name="looks")
def _looks(monkeypatch: pytest.MonkeyPatch) -> Looks:
    """Counts looks 0.1 s apart at one task, given as (state, turns, computed ms, waited ms), in seconds."""
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    monkeypatch.setattr(account, "machine_lost", lambda: 0.0)

    def looks(*seen: tuple[str, int, int, int], excused: bool = False) -> float:
        counted = Account()
        for state, turns, computed, waited in seen:
            counted.look({1: Task(state, turns, computed * MILLION, 1, waited * MILLION)})
            if excused:
                counted.excuse()
            now[0] += 0.1
        return round(counted.seconds, 3)

    return looks


@pytest.mark.parametrize(
    ("what", "seen", "seconds"),
    [
        ("sleeps all the time", [("S", 1, 5, 9), ("S", 1, 5, 9), ("S", 1, 5, 9)], 0.2),
        ("is stopped, which another task of its own did", [("T", 1, 5, 9), ("T", 1, 5, 9)], 0.1),
        ("waits until its child is done with its memory", [("V", 1, 5, 9), ("V", 1, 5, 9)], 0.1),
        ("computes", [("R", 1, 5, 9), ("R", 1, 105, 9)], 0.1),
        ("is ready and has no core", [("R", 1, 5, 9), ("R", 1, 5, 109)], 0.0),
        ("computes a fifth of the time and waits for a core otherwise", [("R", 1, 5, 9), ("R", 9, 25, 89)], 0.02),
        ("waits for a disk", [("D", 1, 5, 9), ("D", 1, 5, 9)], 0.0),
        ("came back from a disk", [("D", 1, 5, 9), ("S", 2, 6, 9)], 0.001),
        ("wakes up between, and has a core at once", [("S", 1, 5, 9), ("S", 9, 6, 9)], 0.1),
        ("wakes up between, and waits for a core", [("S", 1, 5, 9), ("S", 9, 6, 69)], 0.04),
    ],
    ids=lambda value: value.replace(" ", "_") if isinstance(value, str) else "",
)
def test_who_computes_or_sleeps_is_charged_and_who_waits_is_not(
    looks: Looks, what: str, seen: list[tuple[str, int, int, int]], seconds: float
) -> None:
    """A wait for a core or a disk is the machine's doing, a sleep its own."""
    assert looks(*seen) == seconds, what


def test_a_sleep_until_the_examiner_answers_is_excused(looks: Looks) -> None:
    """It waits for what the examiner holds; what it computes counts all the same."""
    assert looks(("S", 1, 5, 9), ("S", 1, 5, 9), excused=True) == 0.0
    assert looks(("V", 1, 5, 9), ("V", 1, 5, 9), excused=True) == 0.1
    assert looks(("S", 1, 5, 9), ("R", 2, 55, 9), excused=True) == 0.05


def test_tasks_that_come_and_go_are_counted_by_process() -> None:
    """A new one with all that it computed, one that has ended up to the last look."""
    counted = Account()
    counted.look({1: Task("R", 1, 10 * MILLION, 1)})
    counted.look({1: Task("R", 2, 30 * MILLION, 1), 2: Task("R", 1, 40 * MILLION, 2)})
    counted.look({2: Task("R", 2, 70 * MILLION, 2), 3: Task("R", 1, 5 * MILLION, 2)})

    assert {pid: round(seconds, 3) for pid, seconds in counted.processes.items()} == {1: 0.02, 2: 0.075}
    assert round(counted.seconds, 3) == 0.095


def test_an_estimate_is_not_what_a_process_was_seen_to_compute(monkeypatch: pytest.MonkeyPatch) -> None:
    """A new thread on a core may stand for others that came and went; its process is not known to be busy by that."""
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    counted = Account()
    counted.look({1: Task("S", 1, 10 * MILLION, 1)})
    now[0] += 0.08
    counted.look({1: Task("S", 1, 10 * MILLION, 1), 2: Task("R", 1, 1 * MILLION, 1, on_core=True)})

    assert round(counted.seconds, 3) == 0.08
    assert round(counted.processes[1], 3) == 0.001


def test_what_the_machine_went_without_is_no_computing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A core that another virtual machine had counts as computing where it was taken; a sleep is not changed by it."""
    now, lost = [100.0], [7.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    monkeypatch.setattr(account, "machine_lost", lambda: lost[0])
    counted = Account()
    for tick in range(11):
        counted.look({1: Task("R", 1, tick * 500 * MILLION, 1)})
        now[0], lost[0] = now[0] + 0.5, lost[0] + 0.4
    assert round(counted.seconds, 1) == round(5.0 - 9 * 0.4, 1)
    for _ in range(3):
        counted.look({1: Task("S", 1, 5_000 * MILLION, 1)})
        now[0], lost[0] = now[0] + 0.5, lost[0] + 40.0
    assert round(counted.seconds, 1) == 1.0


@linux_only
def test_the_kernel_says_what_a_machine_went_without() -> None:
    """It grows or stays, and is known where there is a /proc."""
    first = account.machine_lost()

    assert 0.0 <= first <= account.machine_lost()


STARVED = """
import os, time
def starved(core):
    pid = os.fork()
    if pid == 0:
        os.sched_setaffinity(0, {core})
        while time.process_time() < 0.15:
            pass
        os._exit(0)
    os.waitpid(pid, 0)
    return time.process_time() < 0.1
def endless():
    for _ in range(3):
        if os.fork() == 0:
            while True:
                pass
    os.wait()
"""


@contextmanager
def crowd(core: int, count: int) -> Iterator[None]:
    """Keep a core busy with so many loops, each of a session of its own, so that each gets an equal share."""
    code = f"import os; os.sched_setaffinity(0, {{{core}}}); print(flush=True)\nwhile True: pass"
    loops = [
        subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, start_new_session=True)
        for _ in range(count)
    ]
    try:
        for loop in loops:
            assert loop.stdout is not None
            loop.stdout.readline()
        yield
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()
            assert loop.stdout is not None
            loop.stdout.close()


@linux_only
def test_what_a_child_waits_for_a_core_is_not_held_against_its_parent(loads: Loads) -> None:
    """The parent sleeps, and its child gets a fifteenth of a core: a call of 0.15 s takes seconds."""
    core = max(os.sched_getaffinity(0))
    submission = loads.load(STARVED, call_seconds=1.0, hard_factor=100.0)
    with crowd(core, 14):
        start = time.monotonic()
        assert submission.starved(core) is True
        took = time.monotonic() - start

    assert took > 1.0, "the core was not crowded"


@linux_only
def test_what_its_children_compute_is(loads: Loads) -> None:
    """The limit is one of all its processes."""
    host = loads.open(STARVED, call_seconds=1.0, hard_factor=1_000.0)
    before = os.times()
    with pytest.raises(Hung):
        reload(host).endless()
    loads.close()
    after = os.times()

    assert after.children_user - before.children_user < 5


def test_a_new_task_at_work_stands_for_those_that_no_look_met(looks: Looks) -> None:
    """For the time since the last look, if it is on a core; one that waits for a core, or sleeps, for itself alone."""
    root = Task("S", 1, 0, 1)
    for task, seconds in (
        (Task("R", 1, 2 * MILLION, 2, on_core=True), 0.1),
        (Task("R", 1, 0, 2, on_core=True), 0.1),
        (Task("R", 1, 200 * MILLION, 2, on_core=True), 0.2),
        (Task("R", 1, 2 * MILLION, 2), 0.002),
        (Task("D", 1, 2 * MILLION, 2), 0.002),
    ):
        counted = Account()
        counted.look({1: root})
        looks(("S", 1, 0, 0))  # 0.1 s pass
        counted.look({1: root, 2: task})
        assert round(counted.seconds, 4) == seconds, task


def test_what_the_kernel_keeps_counts_in_place_of_what_was_seen(looks: Looks) -> None:
    """It holds what ended processes computed; the time in which all slept comes on top."""
    kept = iter([3.0, 3.0, 3.06, 3.06])
    counted = Account(lambda: next(kept))
    for state, computed in (("S", 0), ("R", 10), ("S", 10)):
        counted.look({1: Task(state, 1, computed * MILLION, 1)})
        looks(("S", 1, 0, 0))

    assert round(counted.seconds, 3) == 0.06


UNWAITED = """
import os, signal, time

def turn():
    end = time.process_time() + 0.004
    while time.process_time() < end:
        pass

def relay(times):
    for _ in range(times):
        turn()
        if os.fork():
            os._exit(0)
    os._exit(0)

def until_all_are_gone(begin, times):
    end, held = os.pipe()
    for _ in range(2):
        if os.fork() == 0:
            begin(times)
    os.close(held)
    os.read(end, 1)

def ignored(times):
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    until_all_are_gone(relay, times)

def orphaned(times):
    def begin(times):
        os.setsid()
        if os.fork():
            os._exit(0)
        relay(times)
    until_all_are_gone(begin, times)

def one_after_another(times):
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    def begin(times):
        for _ in range(times):
            if os.fork() == 0:
                turn()
                os._exit(0)
            try:
                os.wait()
            except ChildProcessError:
                pass
        os._exit(0)
    until_all_are_gone(begin, times)
"""


@pytest.fixture(name="within", params=["sandbox", "sandbox without a cgroup", "process"])
def _within(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """A level of isolation, with what the kernel keeps of ended processes or without."""
    level, _, without = str(request.param).partition(" ")
    if without:
        monkeypatch.setattr(Cgroup, "make", classmethod(lambda *_: None))
    return level


@linux_only
@pytest.mark.parametrize("name", ["ignored", "one_after_another", "orphaned"])
def test_what_children_compute_that_nobody_waits_for_counts(loads: Loads, within: str, name: str) -> None:
    """As a rule each has come and gone between two looks; together they compute for 1.2 seconds.

    Without a cgroup it is an estimate, which was never below half of that with a third of the turns.
    """
    host = loads.open(UNWAITED, within, call_seconds=60.0, criterion_seconds=60.0, hard_factor=1_000.0, processes=2_000)
    assert isinstance(host, Host)
    worker = host.fresh()
    getattr(Submission(worker, Transcript()), name)(150)

    assert worker.own_seconds() > 0.4 * 2 * 150 * 0.004
    loads.close()
