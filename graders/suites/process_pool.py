"""Hidden suite: ProcessPool compute.

Oracle: the closed form of the sum of squares; the serial map.
"""

import signal
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from graders import Submission, criterion, raises
from graders.concurrency import Leftovers, Plan, Violation, VirtualTime
from graders.oracles.process_runs import (
    CAUGHT,
    DIFFERENT,
    LARGE_ITEMS,
    LARGE_RESULTS,
    ONE_CORE,
    OTHER,
    RETURNS,
    SPAWNED,
    die,
    die_amid_traffic,
    letters,
    meet,
    nobody_left,
)

NOTHING = Plan((), (), 2)  # calls of the instrument
NO_INTS: tuple[Any, ...] = (1.5, 3.0, -1.5, 0.0, "3", b"3", None, [3], (3,), {"n": 3})


@criterion(
    "compute is exact",
    points=15,
    because="Ints of Python have no largest; floats are exact up to 2**53 only. What equals an int need not be one.",
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
    # What is equal to a number that it has worked with is no int for that.
    assert submission.compute(3) == 5
    assert submission.compute(True) == 0
    assert submission.compute(False) == 0
    for wrong in NO_INTS:
        with raises(TypeError):
            submission.compute(wrong)


@compute_is_exact.also()
def whole_number_of_another_kind_is_refused(submission: Submission) -> None:
    submission.execute("from fractions import Fraction")
    with raises(TypeError):
        submission.compute(submission.Fraction(3))


@compute_is_exact.also()
def subclass_is_an_int(submission: Submission) -> None:
    submission.execute("class Count(int):\n    pass")
    assert submission.compute(submission.Count(3)) == 5


@criterion(
    "The results stand in order",
    points=15,
    because="A map gives one result for each item, in the order of the items.",
    hints=(
        "Which of the executor's methods keep the order, and which give what is ready first?",
        "executor.map keeps it.",
        "A pipe holds some 64 kB: who sends more waits until somebody reads.",
    ),
    examples=3,
)
# What has no items is another criterion's, and so is what `compute` gives.
@given(numbers=st.lists(st.integers(-40, 40), min_size=1, max_size=12), workers=st.integers(2, 3))
@example(numbers=[-3, 1, 0, -2, -3], workers=2)
@example(numbers=list(range(-33, 0)), workers=2)
def results_in_order(submission: Submission, numbers: list[int], workers: int) -> None:
    results = submission.parallel_map(submission.abs, numbers, max_workers=workers)
    assert results == [abs(n) for n in numbers]


@results_in_order.also()
def one_call_each(submission: Submission) -> None:
    # Calls end in another order than they begin; and one of two workers has to make two of the equal calls.
    run = VirtualTime(Plan(("a", "b", "a", "c", "a"), (90, 30, 70, 20, 10), 2), name="fn")
    with submission.attended(run.attend):
        results = submission.parallel_map(run.tool, list(run.plan.items), max_workers=2)
    run.check(submission, results)


@results_in_order.also()
def nothing_is_remembered(submission: Submission) -> None:
    # Who remembers results by function and item: a function is the same in each call, where an instrument is not.
    submission.execute(DIFFERENT)
    assert submission.different(submission.urandom, [8, 8], max_workers=1) == 2


@results_in_order.also()
def whatever_it_is(submission: Submission) -> None:
    # The last one ends the work in many a textbook.
    items = [None, (1, 2), [3], "", "STOP"]
    results = submission.parallel_map(submission.repr, items, max_workers=2)
    assert results == [repr(item) for item in items]


@results_in_order.also()
def whatever_it_returns(submission: Submission) -> None:
    submission.execute(RETURNS)
    # The last three look like a failure.
    failure = "ValueError('returned')"
    lookalikes = [f"('error', {failure})", f"(False, {failure})", f"({failure}, '')"]
    items = ["None", "''", failure, "0", "[1, 2]", "(1, 2)", *lookalikes]
    assert submission.shown(items, max_workers=2) == items


@results_in_order.also()
def large_results(submission: Submission) -> None:
    submission.execute(LARGE_RESULTS)
    # Attended, so that who waits for ever is seen at once, and at level none at all.
    with submission.attended(VirtualTime(NOTHING).attend):
        assert submission.large_results(2, max_workers=2) == [499_900, 499_900]


@results_in_order.also()
def large_items(submission: Submission) -> None:
    # One more than there are workers: it is handed over when they have results to give.
    submission.execute(LARGE_ITEMS)
    with submission.attended(VirtualTime(NOTHING).attend):
        assert submission.large_items(submission.repr, ["x", "y", "z"], max_workers=2) == [499_902] * 3


@criterion(
    "All workers work at the same time",
    points=30,
    because="Only processes compute at the same time; all must have work, and none may work beyond the limit.",
    hints=(
        "Who owns the interpreter lock?",
        "How many processes have something to do right after the start, for 2 items and for many?",
        "A pool of max_workers processes, and no chunk so large that one of them gets it all.",
    ),
)
def all_work_at_once(submission: Submission) -> None:
    meet(submission, 2, 2)


@all_work_at_once.also()
def one_item(submission: Submission) -> None:
    # Nobody to meet, but no work for the caller either.
    meet(submission, 1, 2)


@all_work_at_once.also()
def many_items_for_three(submission: Submission) -> None:
    meet(submission, 24, 3)


@all_work_at_once.also()
def many_items_for_eight(submission: Submission) -> None:
    submission.execute(ONE_CORE)
    meet(submission, 32, 8, by="on_one_core")


@all_work_at_once.also()
def many_items_for_one(submission: Submission) -> None:
    meet(submission, 8, 1)


@all_work_at_once.also()
def many_items_for_two(submission: Submission) -> None:
    # An odd number: what is left over is done by none but the two, which are the default on each machine.
    submission.execute(ONE_CORE)
    submission.report_speedup(meet(submission, 17, 2, measure=True, by="on_one_core").speedup())


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
    submission.execute(CAUGHT)
    for source, expected in (
        ("{}['a']", ("KeyError", ("a",))),
        # Python itself raises this one from another exception.
        ("list(next(iter([])) for _ in 'a')", ("RuntimeError", ("generator raised StopIteration",))),
        ("__import__('queue').Queue().get_nowait()", ("Empty", ())),  # no builtin
        # Its class takes other arguments than its args.
        ("__import__('json').loads('')", ("JSONDecodeError", ("Expecting value: line 1 column 1 (char 0)",))),
    ):
        found = submission.caught(submission.eval, [source], max_workers=2)
        assert found == expected


@exception_arrives.also()
def first_of_many(submission: Submission) -> None:
    # Some are of kinds that a pool of one's own may take for its own: an end, a wait in vain, a closed pipe, what can't
    # be pickled.
    plans = (
        # Whoever has the first item meets the later of two failures; when the first one ends, all others are over.
        Plan(("a", "b", "c", "d"), (10, 90, 20, 30), 2, {"b": "TimeoutError", "c": "KeyError"}),
        # The later of two failures is there first.
        Plan(("a", "b"), (30, 10), 2, {"a": "EOFError", "b": "OSError"}),
        # The others are in the same chunk and at the far end. Last, since it may leave calls that nobody answers.
        Plan(letters(16), (10,) * 16, 2, {"a": "TypeError", "b": "KeyError", "p": "IndexError"}),
    )
    submission.execute(CAUGHT)
    for plan in plans:
        run = VirtualTime(plan, name="fn")
        with submission.attended(run.attend):
            found = submission.caught(run.tool, list(plan.items), max_workers=2)
        first, *others = (item for item in plan.items if item in plan.fails)
        for other in others:
            if found in run.raised(other):
                sentence = f"it raises what fn({other!r}) raised; fn({first!r}) fails too, and stands before it"
                raise Violation("wrong-order", sentence, run.timeline())
        raised = run.raised(first)
        assert raised, f"a call of fn({first!r}), which raises {plan.fails[first]}"
        assert found == raised[0]


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
    # With one item nobody else is there to notice it; and what is broken is that call only.
    die(submission, Plan(("a",), (10,), 3, dies={"a": 1}))
    submission.execute(RETURNS)
    assert submission.shown(["-3"], max_workers=2) == ["-3"]


@dying_worker_is_noticed.also()
def death_at_the_end(submission: Submission) -> None:
    left = Leftovers(submission)
    submission.parallel_map(submission.abs, [1, 2], max_workers=2)
    # What every call leaves is another criterion's. The other worker has nothing to do any more.
    with nobody_left(submission, "raises", left.processes()):
        die(submission, Plan(("a", "b"), (10, 20), 3, dies={"b": 0}))


@dying_worker_is_noticed.also()
def death_amid_work(submission: Submission) -> None:
    # As if there could be a third worker: who looks for the dead now and then is given the time for it.
    die(submission, Plan(("a", "b", "c", "d"), (40, 10, 20, 30), 3, dies={"b": -int(signal.SIGKILL)}))


@dying_worker_is_noticed.also()
def death_amid_traffic(submission: Submission) -> None:
    die_amid_traffic(submission)


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
    with submission.attended(VirtualTime(NOTHING).attend):
        assert submission.spawned(max_workers=2) == [True, True]


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
    for items in ([1], []):
        for workers in (0, -1):
            with raises(ValueError):
                submission.parallel_map(submission.abs, items, max_workers=workers)


# Before the others, which would have left processes already.
@bad_limits.also()
def nobody_left_by_success(submission: Submission) -> None:
    for items in ([1, 2, 3], {1}):
        with nobody_left(submission, "returns"):
            submission.parallel_map(submission.abs, items, max_workers=2)


@bad_limits.also()
def nothing_to_do(submission: Submission) -> None:
    with nobody_left(submission, "returns"):
        assert submission.parallel_map(submission.abs, [], max_workers=1) == []


@bad_limits.also()
def any_iterable(submission: Submission) -> None:
    submission.execute("def once(items):\n    yield from items")
    # Equal results: their order is another criterion's.
    assert submission.parallel_map(submission.abs, submission.once([-1, 1])) == [1, 1]


@bad_limits.also()
def any_iterable_of_the_old_kind(submission: Submission) -> None:
    submission.execute("class Old:\n    def __getitem__(self, i):\n        return [-1, 1][i]")
    assert submission.parallel_map(submission.abs, submission.Old(), max_workers=1) == [1, 1]


# Before those that fail, which a later call could suffer from.
@bad_limits.also()
def others_are_left_alone(submission: Submission) -> None:
    submission.execute(OTHER)
    submission.parallel_map(submission.abs, [1], max_workers=1)
    assert submission.other.is_alive() is True
    submission.execute("other.kill()\nother.join()")


@bad_limits.also()
def nobody_left_by_failure(submission: Submission) -> None:
    submission.execute(CAUGHT)
    # The other one is still at work when the first one fails.
    run = VirtualTime(Plan(("a", "b"), (10, 30), 2, {"a": "ValueError"}), name="fn")
    with nobody_left(submission, "raises"), submission.attended(run.attend):
        submission.caught(run.tool, list(run.plan.items), max_workers=2)


@bad_limits.also()
def nobody_left_by_broken_items(submission: Submission) -> None:
    submission.execute(CAUGHT + "def broken():\n    yield 'a'\n    raise ValueError('items')")
    run = VirtualTime(Plan(("a",), (10,), 2), name="fn")
    with nobody_left(submission, "raises"), submission.attended(run.attend):
        submission.caught(run.tool, submission.broken(), max_workers=2)
