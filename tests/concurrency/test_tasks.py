"""What the kernel tells of a tree of processes."""

from __future__ import annotations

import math
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest

from graders.concurrency import tasks
from graders.concurrency.stillness import HORIZON, Proof
from graders.sandbox import tree
from graders.sandbox.account import Account
from tests.support import linux_only

pytestmark = linux_only

Start = Callable[[str], int]


@pytest.fixture(name="start")
def _start() -> Iterator[Start]:
    """Starts a process below a parent of its own; returns the parent, when the code has printed a line."""
    parents: list[subprocess.Popen[bytes]] = []

    def start(code: str) -> int:
        middle = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {code!r}])"
        parent = subprocess.Popen([sys.executable, "-c", middle], stdout=subprocess.PIPE, stdin=subprocess.PIPE)
        parents.append(parent)
        assert parent.stdout is not None
        parent.stdout.readline()
        return parent.pid

    yield start
    for parent in parents:
        for pid in [*tree.children(parent.pid), parent.pid]:
            os.kill(pid, 9)
        parent.wait()
        for pipe in (parent.stdout, parent.stdin):
            assert pipe is not None
            pipe.close()


def _settled(root: int) -> tasks.Tree:
    while not tasks.asleep(tree := tasks.tasks(root)) or tasks.waits(tree) is None:
        pass
    return tree


def _wait(root: int) -> tasks.Wait:
    tree = _settled(root)
    found = tasks.waits(tree)
    assert found is not None
    return next(iter(found.values()))


def test_who_reads_from_a_pipe_sleeps_without_an_end(start: Start) -> None:
    """It waits for bytes, and no timer wakes it."""
    root = start("import sys; print(flush=True); sys.stdin.read()")

    assert tasks.can_tell(root)
    assert _wait(root).deadline == math.inf


@pytest.mark.parametrize(
    "sleeping",
    [
        "import time; time.sleep(900)",
        "import threading; threading.Event().wait(900)",
        "import threading; lock = threading.Lock(); lock.acquire(); lock.acquire(timeout=900)",
        "import select; select.select([], [], [], 900)",
        "import select; select.poll().poll(900_000)",
        "import select; select.epoll().poll(900)",
    ],
)
def test_the_end_of_a_sleep_is_known(start: Start, sleeping: str) -> None:
    """Each way that Python sleeps by has its deadline where the kernel reads it."""
    root = start(f"print(flush=True); {sleeping}")
    left = _wait(root).deadline - time.monotonic()

    assert 800 < left <= 901


def test_a_busy_process_is_not_asleep_and_its_time_is_counted(start: Start) -> None:
    """Its CPU time grows."""
    root = start("print(flush=True)\nwhile True: pass")
    account = Account()
    while account.seconds < 0.05:
        tree = tasks.tasks(root)
        account.look(tree)
        assert not tasks.asleep(tree)


def test_a_stopped_process_counts_as_asleep(start: Start) -> None:
    """Nobody but another of its tree could let it go on."""
    root = start("import os; print(flush=True); os.kill(os.getpid(), 19)")

    assert {task.state for task in _settled(root).values()} == {"T"}


def test_what_can_not_be_looked_at_is_not_believed() -> None:
    """A root that has ended: there is nothing to prove by."""
    assert not tasks.can_tell(2**22 + 1)


def test_a_thread_that_ends_while_it_is_looked_at_keeps_no_secret(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pool's last thread may take a moment longer than its answer: what the others wait for is known all the same."""
    root = start("import sys; print(flush=True); sys.stdin.read()")
    (pid,) = {task.pid for task in _settled(root).values()}
    gone = {2**22 + 1: tasks.Task("S", 1, 0, pid)}
    listed = tasks.tasks
    monkeypatch.setattr(tasks, "tasks", lambda root, ours=None: gone | listed(root, ours))

    assert tasks.can_tell(root)


def test_a_process_that_can_be_looked_at_is_not_hidden(start: Start) -> None:
    """Its files in /proc are its own user's."""
    assert not tasks.hidden(_settled(start("import time; print(flush=True); time.sleep(900)")))


def test_a_timer_beyond_the_horizon_is_a_guard(start: Start) -> None:
    """It is no part of the work, so nobody waits for it."""
    root = start(f"import time; print(flush=True); time.sleep({HORIZON * 1000})")
    proof = Proof(root)
    while (state := proof.look(False)) is None:
        pass

    assert state.how == "guarded"


def test_a_task_that_wakes_to_no_effect_is_a_poller(start: Start) -> None:
    """It is waited for a few times, then no more."""
    root = start("import time\nprint(flush=True)\nwhile True: time.sleep(0.002)")
    proof = Proof(root)
    while (state := proof.look(False)) is None:
        pass

    assert state.how == "polling"


def test_a_tree_that_never_sleeps_is_charged_by_its_own_time(start: Start) -> None:
    """Not by the clock on the wall."""
    root = start("print(flush=True)\nwhile True: pass")
    proof = Proof(root)
    while (state := proof.look(True)) is None:
        pass

    assert state.how == "busy"
    assert proof.spent() > 0


def test_multiprocessing_keeps_nothing_of_a_process_that_is_gone(start: Start) -> None:
    """Nor does it keep a child of any other kind."""
    root = start("import sys; print(flush=True); sys.stdin.read()")

    assert list(tree.children(root))
    assert tree.kept_by_multiprocessing(root) == set()
    assert tree.kept_by_multiprocessing(2**22 + 1) == set()
