"""Hidden suite: ProcessPool compute.

Oracle: the closed form of the sum of squares; the serial map.
"""

import signal
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from graders import Submission, criterion, raises
from graders.concurrency import Leftovers, Plan, Rendezvous, VirtualTime

NO_INTS: tuple[Any, ...] = (1.5, 3.0, "3", b"3", None, [3], (3,), {"n": 3})
CAUGHT = """
def caught(fn, items, **options):
    try:
        return parallel_map(fn, items, **options)
    except NotImplementedError:
        raise
    except Exception as error:
        return type(error).__name__, error.args
"""
# A function that every process has, however it was started.
RETURNS = """
def shown(items, **options):
    return [repr(result) for result in parallel_map(eval, items, **options)]
"""
SPAWNED = """
import multiprocessing
def spawned(fn, items, **options):
    multiprocessing.set_start_method("spawn", force=True)
    try:
        return parallel_map(fn, items, **options)
    finally:
        multiprocessing.set_start_method(None, force=True)
"""


def letters(count: int) -> tuple[str, ...]:
    """Return so many different names."""
    return tuple(chr(97 + i // 26) + chr(97 + i % 26) if count > 26 else chr(97 + i) for i in range(count))


@criterion(
    "compute is exact",
    points=15,
    because="Ints of Python have no largest; floats are exact up to 2**53 only.",
    hints=(
        "What is the sum over an empty range?",
        "Which of your steps makes a float? / does, // does not.",
    ),
)
@given(n=st.integers(-50, 3_000))
@example(n=1)
@example(n=2)
@example(n=5)
@example(n=0)
@example(n=-1)
@example(n=-7)
@example(n=300_007)
@example(n=1_000_000)
def compute_is_exact(submission: Submission, n: int) -> None:
    result = submission.compute(n)
    assert result == ((n - 1) * n * (2 * n - 1) // 6 if n >= 1 else 0)
    assert type(result) is int


@compute_is_exact.also()
def no_int_is_refused(submission: Submission) -> None:
    assert submission.compute(True) == 0
    assert submission.compute(False) == 0
    for wrong in NO_INTS:
        with raises(TypeError):
            submission.compute(wrong)


@criterion(
    "The results stand in order",
    points=15,
    because="A map gives one result for each item, in the order of the items.",
    hints=(
        "Which of the executor's methods keep the order, and which give what is ready first?",
        "executor.map keeps it.",
    ),
    examples=3,
)
@given(numbers=st.lists(st.integers(-5, 40), max_size=12), workers=st.integers(1, 3))
@example(numbers=[3, 1, 2, 3], workers=2)
@example(numbers=list(range(33)), workers=2)
def results_in_order(submission: Submission, numbers: list[int], workers: int) -> None:
    results = submission.parallel_map(submission.compute, numbers, max_workers=workers)
    assert results == [sum(i * i for i in range(n)) for n in numbers]


@results_in_order.also()
def one_call_each(submission: Submission) -> None:
    # The first of each pair takes longer, so they end in another order than they begin.
    run = VirtualTime(Plan(("a", "b", "c", "b", "a"), (90, 30, 70, 20, 10), 2), name="fn")
    with submission.attended(run.attend):
        results = submission.parallel_map(run.tool, list(run.plan.items), max_workers=2)
    run.check(submission, results)


@results_in_order.also()
def whatever_it_returns(submission: Submission) -> None:
    submission.execute(RETURNS)
    items = ["None", "''", "ValueError('returned')", "0"]
    assert submission.shown(items, max_workers=2) == items


def meet(submission: Submission, count: int, workers: int, *, measure: bool = False) -> Rendezvous:
    """Have processes meet over so many items; where the speedup is measured, as many as there are by default."""
    run = Rendezvous(letters(count), workers, measure=measure)
    options = {} if measure else {"max_workers": workers}
    with submission.attended(run.attend):
        submission.parallel_map(run.tool, list(run.items), **options)
    run.check_calls()
    return run


@criterion(
    "All workers work at the same time",
    points=30,
    because="Only processes compute at the same time, each with a lock of its own; and they must all have work.",
    hints=(
        "Who owns the interpreter lock?",
        "How many processes have something to do right after the start, for 2 items and for many?",
        "A pool of max_workers processes, and no chunk so large that one of them gets it all.",
    ),
)
def all_work_at_once(submission: Submission) -> None:
    meet(submission, 2, 2)


@all_work_at_once.also()
def many_items_for_three(submission: Submission) -> None:
    meet(submission, 24, 3)


@all_work_at_once.also()
def many_items_for_five(submission: Submission) -> None:
    meet(submission, 40, 5)


@all_work_at_once.also()
def many_items_for_one(submission: Submission) -> None:
    meet(submission, 8, 1)


@all_work_at_once.also()
def many_items_for_two(submission: Submission) -> None:
    submission.report_speedup(meet(submission, 16, 2, measure=True).speedup())


@criterion(
    "A worker's exception arrives",
    points=15,
    because="A failure far away is worth as much as one nearby only if its type and args come along.",
    hints=(
        "What must cross the border between processes, and how?",
        "A future raises in `result()` what its call raised; ask the futures in the order of the items.",
    ),
)
def exception_arrives(submission: Submission) -> None:
    plans = (
        Plan(("a",), (10,), 1, {"a": "ValueError"}),
        # Whoever has the first item meets the later of two failures; when the first one ends, all others are over.
        Plan(("a", "b", "c", "d"), (10, 90, 20, 30), 2, {"b": "ValueError", "c": "KeyError"}),
        Plan(("a", "b", "c"), (10, 20, 30), 2, {"b": "KeyError"}),
        # The later of two failures is there first.
        Plan(("a", "b"), (30, 10), 2, {"a": "LookupError", "b": "OSError"}),
    )
    submission.execute(CAUGHT)
    for plan in plans:
        run = VirtualTime(plan, name="fn")
        with submission.attended(run.attend):
            found = submission.caught(run.tool, list(plan.items), max_workers=plan.workers)
        first = next(item for item in plan.items if item in plan.fails)
        assert found == next(iter(run.raised(first)), None)


@criterion(
    "A dying worker is noticed",
    points=10,
    because="Who waits for a process that is gone waits for ever.",
    hints=(
        "Which pool waits for an answer that can't come any more?",
        "concurrent.futures raises BrokenProcessPool; multiprocessing.Pool waits.",
    ),
)
def dying_worker_is_noticed(submission: Submission) -> None:
    submission.execute("from concurrent.futures.process import BrokenProcessPool")
    for code in (1, 0, -int(signal.SIGKILL)):
        run = VirtualTime(Plan(("a", "b", "c", "d"), (10, 20, 30, 40), 2, dies={"b": code}), name="fn")
        with raises(submission.BrokenProcessPool), submission.attended(run.attend):
            submission.parallel_map(run.tool, list(run.plan.items), max_workers=2)


@criterion(
    "It works where processes are spawned",
    points=5,
    because="A spawned child shares nothing with its parent: what it needs must be imported or pickled.",
    hints=(
        "What does a child know that was not forked?",
        "Name what the workers call at the top level of the module, and hand it over as an argument.",
    ),
)
def works_when_spawned(submission: Submission) -> None:
    submission.execute(SPAWNED)
    run = VirtualTime(Plan(("a", "b", "c"), (10, 20, 30), 2), name="fn")
    with submission.attended(run.attend):
        results = submission.spawned(run.tool, list(run.plan.items), max_workers=2)
    run.check(submission, results)


@criterion(
    "Bad limits, nothing to do, nobody left",
    points=10,
    because="What can't be right is refused; and processes that stay keep their memory.",
    hints=(
        "What does max_workers=0 mean if there are no items?",
        "Who waits for the workers to end? A with block around the executor does.",
    ),
)
def bad_limits(submission: Submission) -> None:
    for workers in (0, -1):
        for items in ([1], []):
            with raises(ValueError):
                submission.parallel_map(submission.compute, items, max_workers=workers)
    assert submission.parallel_map(submission.compute, []) == []
    submission.execute("def once(items):\n    yield from items")
    assert submission.parallel_map(submission.compute, submission.once([3, 3])) == [5, 5]


@bad_limits.also()
def nobody_left(submission: Submission) -> None:
    left = Leftovers(submission)
    assert submission.parallel_map(submission.compute, [3, 3, 3], max_workers=2) == [5, 5, 5]
    processes = left.processes()
    assert processes == 0, f"no process is left when it returns (found: {processes})"
