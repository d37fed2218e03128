"""Threads that are interleaved on purpose: what falls, what never does, and what a card shows of it."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from graders.authoring import solutions
from graders.authoring.catalogue import Kata
from graders.concurrency import Interleavings, Plan, Reason, Violation, tasks
from graders.grading.examiner import Examiner
from graders.sandbox.errors import Forged
from graders.sandbox.host import Host
from graders.sandbox.isolation.levels import choose
from graders.sandbox.limits import Source
from tests.support import Loads, linux_only

pytestmark = linux_only

PLAN = Plan(("/a", "/b", "/c", "/d", "/e"), (10, 20, 30, 40, 50), 2)
ALL: tuple[Reason, ...] = ("deadlock", "wrong-calls", "wrong-order", "limit-exceeded", "serial", "under-utilised")
# A pool of threads that share `state`; {take} is what one of them does until there is nothing left.
POOL = """
import queue, threading, time

def run(items, fetch, workers):
    results, todo = {{}}, list(enumerate(items))
    lock = threading.Lock()
    state = {state}

    def work():
{work}

    threads = [threading.Thread(target=work) for _ in range({count})]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [results[place] for place in range(len(items))]
"""


def pool(state: str, work: str, count: str = "workers") -> str:
    """Return a submission."""
    lines = "\n".join(" " * 8 + line for line in work.strip("\n").splitlines())
    return POOL.format(state=state, work=lines, count=count)


FROM_QUEUE = """
while not state.empty():
    place, item = state.get()
    results[place] = fetch(item)
"""
QUEUE = "queue.Queue()\n    for job in todo:\n        state.put(job)"
INDEX = """
while state[0] < len(todo):
    place, item = todo[state[0]]
    state[0] += 1
    results[place] = fetch(item)
"""
LIMIT = """
with lock:
    place, item = todo.pop()
while state[0] >= workers:
    time.sleep(0.001)
state[0] += 1
results[place] = fetch(item)
state[0] -= 1
"""
CLAIM = """
for place, item in todo:
    if place not in state:
        state[place] = True
        results[place] = fetch(item)
"""
STEPS = """
for place, item in state:
    results[place] = fetch(item)
"""
LOCKS = """
while True:
    with lock:
        with state:
            if not todo:
                return
            place, item = todo.pop()
    result = fetch(item)
    with state:
        with lock:
            results[place] = result
"""
RACES = {
    "empty() and then get()": (pool(QUEUE, FROM_QUEUE), "deadlock"),
    "an index": (pool("[0]", INDEX), "wrong-calls"),
    "a counter": (pool("[0]", LIMIT, "len(items)"), "limit-exceeded"),
    "a dict": (pool("{}", CLAIM), "wrong-calls"),
    "a generator": (pool("(job for job in todo)", STEPS), "serial"),
    "two locks": (pool("threading.Lock()", LOCKS), "deadlock"),
}
RIGHT = {
    "a queue": pool(QUEUE, FROM_QUEUE.replace("not state.empty()", "True").replace("state.get()", "state.get_nowait()"))
    .replace("            place, item = state", "            try:\n                place, item = state")
    .replace("_nowait()\n", "_nowait()\n            except queue.Empty:\n                return\n"),
    "an index": pool(
        "[0]",
        "while True:\n    with lock:\n        place, state[0] = state[0], state[0] + 1\n    if place >= len(todo):\n"
        "        return\n    results[place] = fetch(todo[place][1])",
    ),
    "a counter": pool(
        "[0, threading.Condition(lock)]",
        "with lock:\n    while state[0] >= workers:\n        state[1].wait()\n    state[0] += 1\n"
        "    place, item = todo.pop()\nresults[place] = fetch(item)\nwith lock:\n    state[0] -= 1\n"
        "    state[1].notify()",
        "len(items)",
    ),
    "a dict": pool("{}", CLAIM.replace("place not in state", "state.setdefault(place, object()) is mine"))
    .replace("object()) is mine", "mine) is mine")
    .replace("        state[place] = True\n", "")
    .replace("        for place, item in todo", "        mine = object()\n        for place, item in todo"),
    "an iterator of a list": pool("iter(todo)", STEPS),
    "two locks": pool(
        "threading.Lock()", LOCKS.replace("    with state:\n        with lock", "    with lock:\n        with state")
    ),
}


def interleave(loads: Loads, text: str, level: str = "process", convict: tuple[Reason, ...] = ALL) -> list[str]:
    """Run a submission under every schedule, and return their kinds."""
    submission = loads.load(text, level)
    done: list[str] = []
    for run in Interleavings(submission, PLAN, convict=convict):
        with run:
            with submission.attended(run.attend):
                results = submission.run(list(PLAN.items), run.tool, PLAN.workers)
            run.check(submission, results)
        done.append(run.how)
    return done


@pytest.mark.parametrize("name", [name for name in RACES if name != "a generator"])
def test_a_race_falls(loads: Loads, name: str) -> None:
    """Check, then act: on a queue, an index, a counter, a dict; and locks in two orders."""
    with pytest.raises(Violation, match=r"^race: if (threads meet at line|threads take turns)") as caught:
        interleave(loads, RACES[name][0])

    assert isinstance(caught.value.__cause__, Violation)
    assert caught.value.__cause__.reason == RACES[name][1]


LIST = """
from concurrent.futures import ThreadPoolExecutor

def run(items, fetch, workers):
    results, todo = {}, list(enumerate(items))

    def work():
        while todo:
            place, item = todo.pop()
            results[place] = fetch(item)

    with ThreadPoolExecutor(workers) as executor:
        futures = [executor.submit(work) for _ in range(workers)]
    for future in futures:
        future.result()
    return [results[place] for place in range(len(items))]
"""


@pytest.mark.parametrize("level", ["process", "none"])
def test_what_a_race_has_it_raise_is_called_one(loads: Loads, level: str) -> None:
    """At level none too: both threads see the last one, and one of them takes it."""
    with pytest.raises(Violation, match=r"^race: if threads meet at line 9, IndexError is raised$"):
        interleave(loads, LIST, level)


def test_a_generator_that_threads_share_falls(loads: Loads) -> None:
    """A thread that comes while another one is within it meets a ValueError, and is lost."""
    with pytest.raises(Violation, match=r"^race: .* 1 call is in flight where 2 could be"):
        interleave(loads, RACES["a generator"][0])


@pytest.mark.parametrize("level", ["process", "none"])
@pytest.mark.parametrize("name", RIGHT)
def test_what_is_right_passes_every_schedule(loads: Loads, name: str, level: str) -> None:
    """The twins of those that fall, the lock where it belongs."""
    done = interleave(loads, RIGHT[name], level)

    assert done[:2] == ["plain", "explore"]
    assert {"meet", "wait"} <= set(done)


def test_the_schedule_says_which_thread_went_over_which_line(loads: Loads) -> None:
    """In order, from where the first one stopped."""
    with pytest.raises(Violation) as caught:
        interleave(loads, RACES["empty() and then get()"][0])

    shown = [re.sub(r"  +", "  ", row) for row in caught.value.timeline]
    assert shown[0] == "thread 1  line 13: place, item = state.get()  stops before it"
    assert "thread 2  line 12: while not state.empty():" in shown
    assert "thread 2  line 13: place, item = state.get()  stops before it" in shown
    assert "thread 1  fetch('/e')" in shown
    assert shown[-1].startswith("caller  line")


def test_who_leaves_threads_behind_does_not_run_out_of_them(loads: Loads) -> None:
    """That is another mistake: there are fewer schedules for it."""
    text = RIGHT["an index"].replace(
        "    threads =",
        "    [threading.Thread(target=threading.Event().wait, daemon=True).start() for _ in range(9)]\n    threads =",
    )

    assert interleave(loads, text) == ["plain", "explore", "meet"]


def test_what_fails_without_any_interleaving_is_no_race(loads: Loads) -> None:
    """It has the name that it has anywhere."""
    with pytest.raises(Violation, match=r"^wrong-calls: fetch\('/a'\) was called 0 times, expected once"):
        interleave(loads, "def run(items, fetch, workers):\n    return []\n")


def test_what_a_check_is_not_about_ends_the_schedules(loads: Loads) -> None:
    """It is another criterion's, which has its own."""
    assert interleave(loads, RACES["empty() and then get()"][0], convict=("limit-exceeded",))[-1] == "meet"


def test_where_nothing_can_be_proved_nothing_is_interleaved(loads: Loads, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without /proc a submission is graded as if there were no schedules."""
    monkeypatch.setattr(tasks, "can_tell", lambda root, ours: False)

    assert interleave(loads, RACES["an index"][0]) == ["plain"]


SWITCHED_OFF = """
import sys, threading
if sys.version_info >= (3, 12):
    sys.monitoring.use_tool_id(4, "mine")
else:
    sys.settrace = threading.settrace = lambda function: None
"""


def test_a_submission_that_switches_it_off_is_graded_as_without(loads: Loads) -> None:
    """It gains nothing, and loses nothing: the other runs judge it."""
    assert interleave(loads, SWITCHED_OFF + RIGHT["an index"]) == ["plain", "explore"]


LIES = """
import graders.sandbox.child.interleave as own
own.Interleaver._reach = lambda self, *args: self._ask({arguments})
"""


@pytest.mark.parametrize("arguments", ["1, 2, 3", "1, 2, '3', True", "None", "1, -1, 3, True", "1, 2, 1 << 40, True"])
def test_who_asks_with_nonsense_has_forged(loads: Loads, arguments: str) -> None:
    """Nothing but three numbers and a truth value comes from the worker's own code."""
    with pytest.raises(Forged):
        interleave(loads, LIES.format(arguments=arguments) + RIGHT["an index"])


def test_a_line_that_is_not_in_the_file_is_only_a_number(loads: Loads) -> None:
    """What is shown of a line is read from the file as the grader read it."""
    lies = LIES.format(arguments="args[0], args[1], 99_999, False")
    with pytest.raises(Violation) as caught:
        interleave(loads, lies + RACES["a dict"][0])

    assert any(row.endswith("line 99999:") for row in caught.value.timeline), caught.value.timeline


def test_processes_are_let_go(loads: Loads) -> None:
    """Only the threads of one process can be told apart."""
    text = (
        "from concurrent.futures import ProcessPoolExecutor\ndef once(fetch, item):\n    return fetch(item)\n\n"
        "def run(items, fetch, workers):\n    with ProcessPoolExecutor(workers) as executor:\n"
        "        return list(executor.map(once, [fetch] * len(items), items))\n"
    )
    assert interleave(loads, text)[:2] == ["plain", "explore"]


SEEDS = 5  # `python benchmarks/races.py 20` tries more of them, and each accepted solution too
RACING = [
    path for path in Kata("thread_pool").solutions("rejected") if "Mistake: a race" in solutions.read(path).decode()
]


def outcomes(path: Path, criterion_id: str) -> Iterator[str]:
    """Grade one criterion, by its last check, with SEEDS seeds, and yield the messages."""
    kata = Kata("thread_pool")
    (criterion,) = (each for each in kata.suite().criteria if each.id == criterion_id)
    criterion = dataclasses.replace(criterion, checks=criterion.checks[-1:])
    for seed in range(SEEDS):
        host = Host(choose("process"), Source("thread_pool", solutions.read(path), 0, seed))
        try:
            yield Examiner(host, seed, shrink=False).examine(criterion).message
        finally:
            host.close()


@pytest.mark.parametrize("path", RACING, ids=lambda path: path.stem)
def test_a_race_falls_with_each_seed(path: Path) -> None:
    """In the criterion that its docstring names, and called a race."""
    found = re.search("^Must fail: (.*)$", solutions.read(path).decode(), re.MULTILINE)
    assert found is not None

    assert [message[:9] for message in outcomes(path, found[1])] == ["race: if "] * SEEDS


def test_there_are_six_races() -> None:
    """At least."""
    assert len(RACING) >= 6
