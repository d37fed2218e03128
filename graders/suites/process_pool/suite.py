"""Hidden suite: ProcessPool compute.

Oracle: the closed form of the sum of squares; the serial map.
"""

import signal
from contextlib import nullcontext
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from graders import Submission, anew, because, criterion, examples_of, gives, holds, raises
from graders.concurrency import Leftovers, Plan, Violation, VirtualTime, advice, watching
from graders.suites.process_pool import facts
from graders.suites.process_pool.runs import (
    CALLER_WORKS,
    CAUGHT,
    DIFFERENT,
    EACH_ITEM,
    ENDED,
    LARGE_ITEMS,
    LARGE_RESULTS,
    MANY,
    MISSING,
    NOBODY_DIED,
    ONE_CORE,
    OTHER,
    PIPES,
    RACING,
    RETURNS,
    SPAWNED,
    STAYS,
    Racing,
    die,
    is_broken,
    letters,
    meet,
    nobody_left,
    nothing_fails,
    one_long,
    tells_no_death,
    usually_left,
    why_untold,
)

# What a pool of one's own may take for a word of its own: the last one ends the work in many a textbook.
WHATEVER: list[Any] = [None, "", (1, 2), [3], "STOP"]
# Sources of results; the last four look like a failure.
FAILURE = "ValueError('returned')"
RETURNED = ["None", "''", "0", "[1, 2]", "(1, 2)", FAILURE]
RETURNED += [f"('error', {FAILURE})", f"(False, {FAILURE})", f"({FAILURE}, '')"]
NO_INTS: tuple[Any, ...] = (1.5, 3.0, -1.5, 0.0, "3", b"3", None, [3], (3,), {"n": 3})


# Why what is not an int is refused.
EQUAL = (
    "What equals an int need not be one: 3.0 == 3, and 3.0 is a float.",
    "Which types may n have?",
    "When do you look at the type: before anything is computed or compared?",
)
NO_INT = (
    "What is not an int raises TypeError, whatever could be computed from it.",
    "Which types may n have?",
    "Ask for the type of n first, before anything is computed or compared.",
)
BEFORE_ALL = (
    "What is not an int raises TypeError, below 0 too: the type comes before the value.",
    "Which of your checks comes first: that of the type, or that of n <= 0?",
)
REMEMBERED = (
    "A dict and an lru_cache find by ==, and 3.0 == 3: here 3.0 gets what 3 has left, and another float is refused.",
    "What do you remember of earlier calls, and when do you look at the type?",
    "Look at the type before you look for a result; lru_cache(typed=True) keeps the types apart.",
)
ZERO = (
    "0.0 is a float, though 0.0 == 0 == False: look at the type before a cache, or a shortcut such as n == 0 or not n.",
    "What do you do before you look at the type of n?",
    "Look at the type first; lru_cache(typed=True) keeps the types apart.",
)


@criterion(
    "compute is exact",
    points=15,
    because="The sum of the squares below n is an int, exact for each n: a float is exact up to 2**53 only.",
    hints=(
        "What is the sum over an empty range?",
        "Which of your steps makes a float? / does, // does not.",
    ),
)
@given(n=st.integers(-50, 3_000))
@examples_of(n=[4, -1, 0, 1, 2, 5, -7, 300_007, 1_000_000])
def compute_is_exact(submission: Submission, n: int) -> None:
    result = submission.compute(n)
    assert result == ((n - 1) * n * (2 * n - 1) // 6 if n >= 1 else 0)
    assert type(result) is int


@compute_is_exact.also(because=EQUAL[0], hints=EQUAL[1:])
def no_int_is_refused(submission: Submission) -> None:
    # What is equal to a number that it has worked with is not an int for that.
    assert submission.compute(3) == 5
    with because(
        "True and False are ints: an instance of a subclass is an instance of the class.",
        "Which question do you ask of n: what is its type, or is it an int?",
    ):
        assert submission.compute(True) == 0
        assert submission.compute(False) == 0
    for wrong in NO_INTS:
        try:
            with raises(TypeError):
                submission.compute(wrong)
        except AssertionError:
            with because(*why_no_int(submission, wrong)):
                raise


def why_no_int(submission: Submission, wrong: Any) -> tuple[str, ...]:
    """Return why what is not an int is refused."""
    if type(wrong) is not float:
        return NO_INT
    if wrong != int(wrong):
        return BEFORE_ALL if wrong < 0 else NO_INT

    def refused_if_new() -> bool:
        try:
            submission.compute(4_001.0)  # more than any number that it has worked with
        except TypeError:
            return True
        return False

    if wrong == 0:
        return ZERO if holds(submission, refused_if_new) else EQUAL
    return REMEMBERED if holds(submission, refused_if_new) else EQUAL


@compute_is_exact.also(
    because="What equals an int need not be one: Fraction(3) == 3, and it is a Fraction.",
    hints=("Which types may n have?",),
)
def whole_number_of_another_kind_is_refused(submission: Submission) -> None:
    submission.define("from fractions import Fraction")
    with raises(TypeError):
        submission.compute(submission.Fraction(3))


@compute_is_exact.also(
    because="An instance of a subclass is an instance of the class.",
    hints=("Which question do you ask of n: what is its type, or is it an int?",),
)
def subclass_is_an_int(submission: Submission) -> None:
    submission.define("class Count(int):\n    pass")
    assert submission.compute(submission.Count(3)) == 5


@compute_is_exact.also()
def sums_in_any_program(submission: Submission) -> None:
    draw = submission.drawn("sums")
    found, expected = anew(submission, draw, facts.sums(draw))
    assert found == expected


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
# What has no items is another criterion's, and so is what `compute` gives.
@given(numbers=st.lists(st.integers(-40, 40), min_size=1, max_size=12), workers=st.integers(2, 3))
@examples_of(
    {"numbers": [3, 1, 2], "workers": 2},
    {"numbers": [-3, 1, 0, -2, -3], "workers": 2},
    {"numbers": [*range(-17, 0)], "workers": 2},
    {"numbers": [*range(-17, 0)], "workers": 1},  # 8 chunks for each worker leave one over
)
def results_in_order(submission: Submission, numbers: list[int], workers: int) -> None:
    with nothing_fails():
        results = submission.parallel_map(submission.abs, numbers, max_workers=workers)
    assert results == [abs(n) for n in numbers]


@results_in_order.also()
def one_call_each(submission: Submission) -> None:
    # Calls end in another order than they begin; and one of two workers has to make two of the equal calls.
    run = VirtualTime(Plan(("a", "b", "a", "c", "a"), (90, 30, 70, 20, 10), 2), name="fn")
    try:
        with nothing_fails(run), submission.attended(run.attend):
            results = submission.parallel_map(run.tool, list(run.plan.items), max_workers=2)
        run.check(submission, results)
    except Violation as found:
        if found.reason != "wrong-calls":
            raise
        with because(*EACH_ITEM):
            raise


@results_in_order.also(
    because="Between two steps of one process another one may act: write the value, or take the last item.",
    hints=(
        "What do several workers read, and what do they do then that relies on it?",
        "A lock around each single step is not enough; which steps belong together?",
        "A `get` that waits for an item or for an end mark needs no `empty`.",
    ),
)
def nothing_is_taken_twice(submission: Submission) -> None:
    # An odd number: two workers ask for the last one.
    run = Racing(Plan(letters(5), (10,) * 5, 2))
    submission.define(RACING)
    try:
        with submission.attended(run.attend):
            results = submission.racing(run.tool, run.pause, list(run.plan.items), max_workers=2)
    except Violation:
        raise
    except Exception:
        with because(*MISSING):
            raise
    run.check(submission, results)


@results_in_order.also(
    because="Two calls of a function may give different results: only the function knows whether they are the same.",
    hints=("What is kept from one call to the next, or from one item to an equal one?",),
)
def nothing_is_remembered(submission: Submission) -> None:
    # Who remembers results by function and item: a function is the same in each call, where an instrument is not.
    submission.define(DIFFERENT)
    assert submission.different(submission.urandom, [8, 8], max_workers=1) == 2


@results_in_order.also(
    because="fn takes as long as it takes: a worker from which nothing has come for long may be at work.",
    hints=(
        "Which of your waits has a limit, and what happens after it?",
        "Ask whether the process is alive, not for how long it has been silent.",
    ),
)
def no_limit_of_its_own(submission: Submission) -> None:
    run = VirtualTime(Plan(("a", "b", "c"), (10, 20, 30), 2), name="fn", outlast=5.5)
    with submission.attended(run.attend):
        results = submission.parallel_map(run.tool, list(run.plan.items), max_workers=2)
    run.check(submission, results)


@results_in_order.also(
    because="A list that is returned is the caller's: no later call may change it.",
    hints=("Where is the list made that you return: in the call, or once for all calls?",),
)
def a_list_of_its_own(submission: Submission) -> None:
    submission.do("first = parallel_map(abs, [-1, -2], max_workers=2)")
    submission.do("second = parallel_map(abs, [-3, -4], max_workers=2)")
    assert submission.first == [1, 2]


@results_in_order.also(
    examples=1,
    because="What ends the work, or means that there is none, must be nothing that an item can be.",
    hints=("Which values do you treat specially on the way to the worker?",),
)
# Each alone, so that the card names the one that is mistaken; then all, since a single item may go another way.
@given(items=st.just([None]))
@examples_of(items=[[item] for item in WHATEVER])
@examples_of(items=[WHATEVER])
def whatever_it_is(submission: Submission, items: list[Any]) -> None:
    results = submission.parallel_map(submission.repr, items, max_workers=2)
    assert results == [repr(item) for item in items]


@results_in_order.also(
    examples=1,
    because="A result may be whatever there is: no value can mean a failure, or that nothing has come yet.",
    hints=("How does the parent know that a call raised?", "What would it make of a call that returns just that?"),
)
@given(items=st.just(["None"]))
@examples_of(items=[[source] for source in RETURNED])
@examples_of(items=[RETURNED])
def whatever_it_returns(submission: Submission, items: list[str]) -> None:
    submission.define(RETURNS)
    assert submission.shown(items, max_workers=2) == items


@results_in_order.also(because=PIPES[0], hints=PIPES[1:])
def large_results(submission: Submission) -> None:
    submission.define(LARGE_RESULTS)
    # Attended, so that who waits for ever is seen at once, and at level none at all.
    with watching(submission):
        assert submission.large_results(2, max_workers=2) == [499_900, 499_900]


@results_in_order.also(because=PIPES[0], hints=PIPES[1:])
def large_items(submission: Submission) -> None:
    # One more than there are workers: it is handed over when they have results to give.
    submission.define(LARGE_ITEMS)
    with watching(submission):
        assert submission.large_items(submission.repr, ["x", "y", "z"], max_workers=2) == [499_902] * 3


@results_in_order.also(because=PIPES[0], hints=PIPES[1:])
def many_items(submission: Submission) -> None:
    submission.define(MANY)
    with watching(submission):
        assert submission.many(submission.repr, 10, max_workers=2) == 1_000_020


@results_in_order.also(
    because="Standard output is fn's own: whatever else goes through it is mixed with what fn prints.",
    hints=("Through which file do the results come, and who else writes to it?", "Use a pipe or a queue of your own."),
)
def fn_may_print(submission: Submission) -> None:
    submission.define(RETURNS)
    with watching(submission):
        assert submission.shown(["print('printed by fn')"], max_workers=2) == ["None"]


@results_in_order.also()
def order_in_any_program(submission: Submission) -> None:
    draw = submission.drawn("order")
    with nothing_fails():
        found, expected = anew(submission, draw, facts.order(draw))
    assert found == expected


@criterion(
    "All workers work at the same time, and no caller",
    points=30,
    reasons=CALLER_WORKS,
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
    meet(submission, 12, 3)


@all_work_at_once.also()
def many_items_for_eight(submission: Submission) -> None:
    submission.define(ONE_CORE)
    meet(submission, 16, 8, by="on_one_core")


@all_work_at_once.also()
def many_items_for_one(submission: Submission) -> None:
    meet(submission, 8, 1)


@all_work_at_once.also()
def many_items_for_two(submission: Submission) -> None:
    # An odd number: what is left over is done by none but the two, which are the default on each machine.
    submission.define(ONE_CORE)
    submission.report_speedup(meet(submission, 17, 2, measure=True, by="on_one_core").speedup())


# Why an exception is the one that arrives.
TYPE_AND_ARGS = (
    "A failure far away is worth as much as one nearby only if its type and args come along.",
    "What must cross the border between processes, and how?",
    "A future raises in `result()` what its call raised; ask the futures in the order of the items.",
)
ANY_CLASS = (
    "fn may raise an exception of any class: one that is no builtin, or one that your own waits and reads raise, too.",
    "Which exceptions does your code catch for itself, and what does it make of one that fn has raised?",
    "Have fn's exception come as a value that cannot be mixed up: as a future's `exception()`, or marked as a failure.",
)
CANCELLED = (
    "fn may raise concurrent.futures.CancelledError: it is an Exception, and asyncio.CancelledError is not.",
    "Which of its own exceptions does asyncio raise in place of those of concurrent.futures?",
    "Catch fn's exception in the worker, and send it as a value.",
)
ITS_OWN_POOL = (
    "fn may raise BrokenProcessPool too, as where it uses a pool itself: it arrives as it is, with its args.",
    "How do you tell fn's own BrokenProcessPool from that of a worker that has died?",
    "Where no worker died, pass on the exception itself, and make no new one.",
)
NOT_ANEW = (
    "Not every exception can be made by calling its type with its args: let pickle carry the exception itself.",
    "What do you send in place of the exception, and what is made of it at the other end?",
    "A class with other parameters has a `__reduce__` of its own, which pickle uses.",
)
BY_PLACE = (
    "Of several failures that of the first item in the list counts, whichever worker or chunk it comes from.",
    "In which order do you look at the answers: by item, or worker by worker?",
    "Keep the place of the item with each failure, and raise the one with the lowest.",
)
STILL_AT_WORK = (
    "What a call has started ends with it: workers that go on after a failure are not there for the next call.",
    "What do you keep from one call to the next, and is it free when a call has raised?",
    "A with block around an executor within the call waits for its workers.",
)


def thrown(made: str) -> str:
    """Return an expression that raises what another one makes."""
    return f"(_ for _ in ()).throw({made})"


@criterion(
    "A worker's exception arrives",
    points=15,
    reasons=advice("wrong-order"),
    because=TYPE_AND_ARGS[0],
    hints=TYPE_AND_ARGS[1:],
)
def exception_arrives(submission: Submission) -> None:
    submission.define(CAUGHT)
    for source, expected, why in (
        ("{}['a']", ("KeyError", ("a",)), ()),
        # Python itself raises this one from another exception.
        ("list(next(iter([])) for _ in 'a')", ("RuntimeError", ("generator raised StopIteration",)), ()),
        # No builtin; and what a pool of one's own may wait for itself, as the next two.
        ("__import__('queue').Queue().get_nowait()", ("Empty", ()), ANY_CLASS),
        ("__import__('concurrent.futures').futures.Future().result(0)", ("TimeoutError", ()), ANY_CLASS),
        ("__import__('pickle').loads(b'')", ("EOFError", ("Ran out of input",)), ANY_CLASS),
        (thrown(f"{facts.CANCELLED}('a')"), ("CancelledError", ("a",)), CANCELLED),
        (thrown(f"{facts.BROKEN}('a', 1)"), ("BrokenProcessPool", ("a", 1)), ITS_OWN_POOL),
        # Its class takes other arguments than its args.
        ("__import__('json').loads('')", ("JSONDecodeError", ("Expecting value: line 1 column 1 (char 0)",)), NOT_ANEW),
    ):
        with because(*why) if why else nullcontext(), gives(expected), watching(submission):
            found = submission.caught(submission.eval, [source], max_workers=2)
            with because(*NOBODY_DIED) if not why and is_broken(found) else nullcontext():
                assert found == expected


@exception_arrives.also(
    because="Which failure counts is a matter of the items' order, not of which one is there first.",
    hints=(
        "Which calls stand before the failing one, and have all of them been made when you raise?",
        "Ask the futures in the order of the items.",
    ),
)
def first_of_many(submission: Submission) -> None:
    # Some are of kinds that a pool of one's own may take for its own: an end, a wait in vain, a closed pipe, what can't
    # be pickled.
    plans = (
        # Each worker makes every second call: the first worker's failure is neither the first in the list nor in time.
        Plan(("a", "b", "c", "d"), (10, 20, 50, 10), 2, {"b": "ValueError", "c": "KeyError"}),
        # Whoever has the first item meets the later of two failures; when the first one ends, all others are over.
        Plan(("a", "b", "c", "d"), (10, 90, 20, 30), 2, {"b": "TimeoutError", "c": "KeyError"}),
        # The later of two failures is there first.
        Plan(("a", "b"), (30, 10), 2, {"a": "EOFError", "b": "OSError"}),
        # The first one is in the middle of its half, the other at the start of its own, and there long before.
        Plan(letters(16), (10,) * 16, 2, {"d": "ValueError", "i": "KeyError"}),
        # The others are in the same chunk and at the far end. Last, since it may leave calls that nobody answers.
        Plan(letters(16), (10,) * 16, 2, {"a": "TypeError", "b": "KeyError", "p": "IndexError"}),
    )
    submission.define(CAUGHT)
    left = False  # whether any call went on when an earlier one of parallel_map had raised
    for plan in plans:
        run = VirtualTime(plan, name="fn")
        try:
            with submission.attended(run.attend):
                found = submission.caught(run.tool, list(plan.items), max_workers=2)
        except Violation as stuck:
            if not left or run.timeline():
                raise
            sentence = "no call begins: the workers are still at calls of an earlier parallel_map, which has raised"
            told = Violation("wrong-calls", sentence)
            told.tool, told.stack = stuck.tool, stuck.stack
            with because(*STILL_AT_WORK):
                raise told from None
        left = left or run.holding()
        run.in_time()
        first, *others = (item for item in plan.items if item in plan.fails)
        for other in others:
            if found in run.raised(other):
                sentence = f"it raises what fn({other!r}) raised; fn({first!r}) fails too, and stands before it"
                with because(*BY_PLACE) if run.ends(first) < run.ends(other) else nullcontext():
                    raise Violation("wrong-order", sentence, run.timeline())
        raised = run.raised(first)
        assert raised, f"a call of fn({first!r}), which raises {plan.fails[first]}"
        with because(*(NOBODY_DIED if is_broken(found) else TYPE_AND_ARGS)):
            assert found == raised[0]


@exception_arrives.also()
def exceptions_in_any_program(submission: Submission) -> None:
    draw = submission.drawn("exceptions")
    found, expected = anew(submission, draw, facts.exceptions(draw))
    assert found == expected


@criterion(
    "A dying worker is noticed",
    points=10,
    reasons=CALLER_WORKS,
    because="Who waits for a process that is gone waits for ever.",
    hints=(
        "Which pool waits for an answer that can't come any more?",
        "concurrent.futures raises BrokenProcessPool; multiprocessing.Pool waits.",
    ),
)
def dying_worker_is_noticed(submission: Submission) -> None:
    # The other one has nothing to do any more, and so does not notice it. A single item may go another way, which is
    # another criterion's.
    with why_untold():
        die(submission, Plan(("a", "b"), (10, 20), 3, dies={"b": 1}))
    submission.define(RETURNS)
    with because(
        "A death breaks one call: the next one has workers of its own, and works.",
        "What do you keep from one call to the next, and is it still of use after a worker has died?",
        "Make the pool within the call, or a new one in the place of a broken one.",
    ):
        assert submission.shown(["-3"], max_workers=2) == ["-3"]


@dying_worker_is_noticed.also(
    because="A worker that ends without an answer has died, whatever its exit code.",
    hints=(
        "What does the parent make of a worker that has ended and has sent nothing?",
        "A process may end with exit code 0 in the middle of a call: ask whether its answer came, not how it ended.",
    ),
)
def death_at_the_end(submission: Submission) -> None:
    with nobody_left(submission, "raises", usually_left(submission, 2)):
        die(submission, Plan(("a", "b"), (10, 20), 3, dies={"b": 0}))


@dying_worker_is_noticed.also(
    because="A death is news: to hear of it late, or to tell it when the others are done, lets them work for nothing.",
    hints=(
        "Whose end do you wait for first, and who could be dead meanwhile?",
        "The reading end of a pipe ends when the last process closes its writing end, and children inherit those.",
        "multiprocessing.connection.wait takes all connections and all sentinels at once.",
    ),
)
def death_amid_work(submission: Submission) -> None:
    usual = usually_left(submission, 3)
    # The first item's worker, and then the last one's in any distribution; one of the others works for long.
    with submission.rehearsal():
        die(submission, one_long(letters(12), "l", dies={"a": -int(signal.SIGKILL)}), 3, before="l")
    # Who is left is asked here, where each item is taken by then: the executor of CPython 3.11 may leave its workers
    # if `map` cancels a call that none has taken yet while a death is told: its manager fails by InvalidStateError.
    with nobody_left(submission, "raises", usual):
        die(submission, one_long(letters(10), "b", dies={"i": 1}), 3, before="b")


@dying_worker_is_noticed.also()
def after_a_death_in_any_program(submission: Submission) -> None:
    with submission.rehearsal():
        die(submission, Plan(("a", "b"), (10, 20), 3, dies={"b": 1}))
    draw = submission.drawn("after a death")
    found, expected = anew(submission, draw, facts.after_a_death(draw))
    assert found == expected


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
    submission.define(SPAWNED)
    with watching(submission):
        assert submission.spawned(max_workers=2) == [True, True]


@criterion(
    "Bad limits, nothing to do, nobody left",
    points=10,
    because="What can't be right is refused, whether there is work or not.",
    hints=("What does max_workers=0 mean if there are no items?", "What comes first: the check, or the short way out?"),
)
def bad_limits(submission: Submission) -> None:
    for items in ([1], []):
        for workers in (0, -1):
            with raises(ValueError):
                submission.parallel_map(submission.abs, items, max_workers=workers)


# Before the others, which would have left processes already.
@bad_limits.also(because=STAYS[0], hints=STAYS[1:])
def nobody_left_by_success(submission: Submission) -> None:
    for items in ([1, 2, 3], {1}):
        with nobody_left(submission, "returns"), nothing_fails():
            submission.parallel_map(submission.abs, items, max_workers=2)


@bad_limits.also(
    because="No items are no failure: there is nothing to compute, and nobody to start.",
    hints=("What does each step of yours do with an empty list?",),
)
def nothing_to_do(submission: Submission) -> None:
    with nobody_left(submission, "returns"):
        assert submission.parallel_map(submission.abs, [], max_workers=1) == []


@bad_limits.also(
    because="An iterable can be gone through, once; it need not have a length, an index or a second time.",
    hints=("What do you ask of items before you go through them?",),
)
def any_iterable(submission: Submission) -> None:
    submission.define("def once(items):\n    yield from items")
    # Equal results: their order is another criterion's.
    with tells_no_death():
        assert submission.parallel_map(submission.abs, submission.once([-1, 1])) == [1, 1]


@bad_limits.also(
    because="An iterable can be gone through, once; it need not have a length, an index or a second time.",
    hints=("What do you ask of items before you go through them?",),
)
def any_iterable_of_the_old_kind(submission: Submission) -> None:
    submission.define("class Old:\n    def __getitem__(self, i):\n        return [-1, 1][i]")
    assert submission.parallel_map(submission.abs, submission.Old(), max_workers=1) == [1, 1]


@bad_limits.also(
    because="An exit code is handed out once, and os.waitpid(-1) takes that of any child, of the caller's own too.",
    hints=("Which children do you wait for?", "Name the process: os.waitpid(pid, 0), or Process.join()."),
)
def exit_codes_are_left_alone(submission: Submission) -> None:
    submission.define(ENDED)
    with tells_no_death():
        submission.parallel_map(submission.abs, [1, 2], max_workers=2)
        # Some ask for dead workers only when nothing has come for a while.
        submission.parallel_map(submission.eval, ["__import__('time').sleep(0.3)"], max_workers=1)
    with gives(7):
        code = submission.exit_code()
    assert code == 7


# Before those that fail, which a later call could suffer from.
@bad_limits.also(
    because="Who starts a process answers for it; others belong to somebody else.",
    hints=("How do you know which children are yours?",),
)
def others_are_left_alone(submission: Submission) -> None:
    submission.define(OTHER)
    with tells_no_death():
        submission.parallel_map(submission.abs, [1], max_workers=1)
    Leftovers(submission).processes()  # waits until one that was told to end has ended
    assert submission.other.is_alive() is True
    submission.do("other.kill()\nother.join()")


@bad_limits.also(because=STAYS[0], hints=STAYS[1:])
def nobody_left_by_failure(submission: Submission) -> None:
    submission.define(CAUGHT)
    # The other one is still at work when the first one fails.
    run = VirtualTime(Plan(("a", "b"), (10, 30), 2, {"a": "ValueError"}), name="fn")
    with nobody_left(submission, "raises"), submission.attended(run.attend):
        submission.caught(run.tool, list(run.plan.items), max_workers=2)


@bad_limits.also(because=STAYS[0], hints=STAYS[1:])
def nobody_left_by_broken_items(submission: Submission) -> None:
    submission.define(CAUGHT + "def broken():\n    yield 'a'\n    raise ValueError('items')")
    run = VirtualTime(Plan(("a",), (10,), 2), name="fn")
    with nobody_left(submission, "raises"), submission.attended(run.attend):
        submission.caught(run.tool, submission.broken(), max_workers=2)


# After those that count who is left: it would have left processes already.
@bad_limits.also()
def limits_in_any_program(submission: Submission) -> None:
    draw = submission.drawn("limits")
    with tells_no_death():
        found, expected = anew(submission, draw, facts.limits(draw))
    assert found == expected
