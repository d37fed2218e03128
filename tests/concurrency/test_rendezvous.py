"""Who meets, who does not, and what is said of the speed."""

from __future__ import annotations

import pytest

from graders.concurrency import Rendezvous, Violation, measure
from graders.concurrency.measure import Control
from tests.support import Loads, linux_only

pytestmark = linux_only

PROCESSES = """
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
def run(fn, items, workers):
    with ProcessPoolExecutor({size}, {context}) as executor:
        return list(executor.map(fn, items))
"""
POOL = PROCESSES.format(size="workers", context="")
# All processes start at once, not on demand.
FORKED = "import multiprocessing\n" + PROCESSES.format(size="{size}", context="multiprocessing.get_context('fork')")


def meet(loads: Loads, text: str, items: int = 6, workers: int = 2, *, measure: bool = False) -> Rendezvous:
    """Have a submission's processes meet."""
    submission = loads.load(text)
    made = Rendezvous(tuple(map(str, range(items))), workers, measure=measure)
    with submission.attended(made.attend):
        results = submission.run(made.tool, list(made.items), workers)
    made.check_calls()
    assert sorted(results) == sorted(made.results.values())
    return made


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_processes_meet_however_they_are_started(loads: Loads, method: str) -> None:
    """The instrument goes with them as a pickle."""
    text = "import multiprocessing\n" + PROCESSES.format(
        size="workers", context=f"multiprocessing.get_context('{method}')"
    )

    assert meet(loads, text, items=3).speedup() == (
        "3 items kept 2 processes busy at the same time\n2 of 2 processes at the same time (rendezvous, 3 items)"
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("def run(fn, items, workers):\n    return [fn(item) for item in items]\n", "caller-works"),
        (POOL.replace("ProcessPoolExecutor(", "ThreadPoolExecutor("), "threads-for-cpu"),
        (PROCESSES.format(size="workers + 1", context=""), "limit-exceeded"),
        (POOL.replace("map(fn, items)", "map(fn, items, chunksize=99)"), "serial"),
        (POOL.replace("map(fn, items)", "map(fn, items + items)"), "wrong-calls"),
        (POOL.replace("map(fn, items)", "map(fn, items[1:])"), "wrong-calls"),
        (POOL.replace("map(fn, items)", "map(fn, 'xy')"), "wrong-calls"),
        ("import threading\ndef run(fn, items, workers):\n    threading.Event().wait()\n", "deadlock"),
    ],
)
def test_each_mistake_has_its_name(loads: Loads, text: str, reason: str) -> None:
    """The kernel says who calls."""
    with pytest.raises(Violation) as caught:
        meet(loads, text)

    assert caught.value.reason == reason


def test_a_call_that_nobody_asked_for_is_shown(loads: Loads) -> None:
    """With what it was called."""
    with pytest.raises(Violation, match=r"fn\('X'\) is no call that was asked for"):
        meet(loads, POOL.replace("map(fn, items)", "map(fn, ['X'])"))


def test_three_workers_must_all_have_work(loads: Loads) -> None:
    """Two of them are too few."""
    with pytest.raises(Violation, match=r"2 calls are in flight where 3 could be: 2 processes have been started$"):
        meet(loads, PROCESSES.format(size="2", context=""), workers=3)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            FORKED.format(size="workers").replace("map(fn, items)", "map(fn, items, chunksize=99)"),
            "2 processes have been started, and only 1 of them has called fn",
        ),
        (FORKED.format(size="1"), "no second process has been started"),
    ],
)
def test_what_the_others_do_tells_one_cause_from_another(loads: Loads, text: str, said: str) -> None:
    """A process without an item is another mistake than a process too few."""
    with pytest.raises(Violation, match=rf"^serial: 1 call is in flight where 2 could be: {said}$"):
        meet(loads, text)


def test_a_caller_that_works_itself_is_no_worker(loads: Loads) -> None:
    """It takes the place of a process."""
    text = POOL.replace(
        "return list(executor.map(fn, items))",
        "rest = executor.map(fn, items[1:]); return [fn(items[0]), *rest]",
    ).replace("workers,", "workers - 1,", 2)
    with pytest.raises(Violation, match="was called by the caller itself"):
        meet(loads, text)


def test_a_single_worker_is_another_process_than_the_caller(loads: Loads) -> None:
    """Even where nobody else is to be met."""
    meet(loads, POOL, workers=1)
    with pytest.raises(Violation, match="was called by the caller itself, in place of another process"):
        meet(loads, "def run(fn, items, workers):\n    return [fn(item) for item in items]\n", workers=1)


def test_a_serial_loop_of_the_caller_is_called_one(loads: Loads) -> None:
    """Who makes the call says which mistake it is."""
    with pytest.raises(Violation, match=r"caller-works: fn.* was called by the caller itself"):
        meet(loads, "def run(fn, items, workers):\n    return [fn(item) for item in items]\n")


def test_on_one_core_no_speedup_is_measured(loads: Loads, monkeypatch: pytest.MonkeyPatch) -> None:
    """The verdict is the same; the card says why there is no number."""
    monkeypatch.setattr(measure, "cores", lambda: 1)

    text = meet(loads, POOL, measure=True).speedup()
    assert text.endswith("(rendezvous, 6 items); speedup not measurable here: 2 processes on 1 core")


def test_the_speedup_is_that_of_the_work_after_the_meeting(loads: Loads, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the control says that the machine can show one, the number stands on the card."""
    monkeypatch.setattr(Control, "_run", lambda control, count, rounds: 0.01)

    assert "; measured " in meet(loads, POOL, measure=True).speedup()


@pytest.mark.parametrize(
    ("together", "said"), [(0.02, "reach 1.0 x"), (0.005, "reach 4.0 x, which is more than there can be")]
)
def test_where_the_graders_own_processes_show_no_speedup_nothing_is_said(
    monkeypatch: pytest.MonkeyPatch, together: float, said: str
) -> None:
    """Two that take twice as long as one have gained nothing; if they take half as long, the clock is no measure."""
    monkeypatch.setattr(measure, "cores", lambda: 2)
    monkeypatch.setattr(Control, "_run", lambda control, count, rounds: together if count == 2 else 0.01)
    control = Control(2)

    assert control.rounds == 0
    assert control.report(0.01) == f"speedup not measurable here: the grader's own 2 processes {said}"
