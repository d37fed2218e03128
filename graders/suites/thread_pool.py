"""Hidden suite: ThreadPool fetcher.

Oracle: the serial loop for the values, list scheduling for the time that a full pool takes.
"""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress

from hypothesis import example, given
from hypothesis import strategies as st

from graders import Submission, criterion, raises, remote_of
from graders.concurrency import EVERY, Leftovers, Plan, Reason, Violation, VirtualTime, WebServer
from graders.oracles import thread_pool_cases as cases
from graders.oracles.thread_pool_cases import DEFAULT, NAMES, NOBODY, each_of, in_order, staggered


@st.composite
def schedules(draw: st.DrawFn, most: int = 5) -> Plan:
    """Return staggered plans of any size, with at least one call more than workers."""
    workers = draw(st.integers(2, most))
    return staggered(draw(st.integers(workers + 2, workers + 7)), workers, draw(st.integers(0, 40)))


@st.composite
def any_lists(draw: st.DrawFn) -> Plan:
    """Return short lists with duplicates, some of whose items fail."""
    urls = tuple(draw(st.lists(st.sampled_from(NAMES[:4]), min_size=1, max_size=7)))
    fails = draw(st.dictionaries(st.sampled_from(NAMES[:4]), st.sampled_from(cases.ERRORS), max_size=2))
    return in_order(urls, draw(st.integers(1, 3)), {k: fails[k] for k in fails if k in urls})


@contextmanager
def forgiving(*types: str) -> Iterator[None]:
    """Leave what the submission raises, all or of these types, to the criteria that are about it."""
    try:
        yield
    except Exception as error:
        if (remote := remote_of(error)) is None or (types and remote.type not in types):
            raise


@contextmanager
def watched(submission: Submission) -> Iterator[None]:
    """Have seen who waits for ever in calls without an instrument; what can't be pickled is another criterion's."""
    with forgiving("PicklingError"), submission.attended(VirtualTime(in_order(())).attend):
        yield


def fetch_all(submission: Submission, run: VirtualTime, urls: object = None) -> object:
    """Have the submission fetch what a run's plan says, or `urls`; as many workers as by default are not mentioned."""
    options = {} if run.plan.workers == DEFAULT else {"max_workers": run.plan.workers}
    with submission.attended(run.attend):
        return submission.fetch_all(list(run.plan.items) if urls is None else urls, run.tool, **options)


def no_slower(run: VirtualTime, other: VirtualTime, how: str) -> None:
    """Check that a run took no longer than another one; how long that should take is another criterion's."""
    if run.now > other.now:
        raise Violation("under-utilised", f"it took {run.now} ms, but only {other.now} ms {how}", run.timeline())


def check_but(reason: Reason, submission: Submission, run: VirtualTime, results: object) -> None:
    """Check results for all mistakes but one: who makes that one loses the points of another criterion."""
    try:
        run.check(submission, results)
    except Violation as found:
        if found.reason != reason:
            raise


@criterion(
    "One result for each URL, in order",
    points=20,
    because="Who asks for a list of pages wants a list of answers: one for each, in that order, whatever failed.",
    hints=(
        "Which part waits? Only that part belongs into the threads.",
        "A future remembers what its call returned or raised.",
        "A list of futures, then their results in that order.",
    ),
    # Few: who leaves threads behind is to lose the points for that alone, and a process may have some sixty.
    examples=4,
)
@given(plan=any_lists())
@each_of("plan", (in_order(urls, 2) for urls in (("/a",), ("/a", "/b"), ("/a", "/a"))))
@example(plan=in_order(("/a", "/b", "/a"), 2, {"/b": "KeyError"}))
@each_of("plan", cases.FAILING)
@example(plan=in_order(("/a", "/a"), 1, {"/a": "ValueError"}))
@each_of("plan", (in_order((url,), 1) for url in cases.AS_THEY_ARE))
def one_result_each(submission: Submission, plan: Plan) -> None:
    run = VirtualTime(plan)
    run.check(submission, fetch_all(submission, run))


@one_result_each.also(examples=1)
@given(pages=st.sampled_from(list(cases.PAGES)))
@each_of("pages", cases.PAGES)
def whatever_it_returns(submission: Submission, pages: str) -> None:
    submission.execute(cases.PAGES[pages] + cases.KEPT.format("page", "return"))
    with watched(submission):
        counts, _, calls = submission.kept_page(pages)
        assert len(calls) == len(counts), cases.ONE_CALL_EACH
        assert counts == [1] * len(counts), "each page is in the results once, as it is"


@one_result_each.also()
def no_second_try(submission: Submission) -> None:
    submission.execute("from urllib.error import HTTPError" + cases.KEPT.format("error", "raise"))
    with watched(submission):
        _, _, calls = submission.kept_error(cases.BUSY)
        assert len(calls) == 1, cases.ONE_CALL_EACH


@one_result_each.also()
def any_kind_of_text(submission: Submission) -> None:
    submission.execute(cases.ADDRESS)
    with watched(submission):
        assert submission.fetch_all([submission.Address("/a")], submission.kind) == ["Address"]


@one_result_each.also()
def in_any_thread(submission: Submission) -> None:
    submission.execute(cases.IN_A_THREAD)
    with watched(submission):
        assert submission.in_a_thread(["/a"]) == ["/A"]


@one_result_each.also()
def any_number(submission: Submission) -> None:
    submission.execute(
        "from functools import partial\ndef fetched(count, **options):\n    urls = [str(n) for n in range(count)]\n"
        "    return len({*fetch_all(urls, partial(str.upper), **options)})"
    )
    with watched(submission):
        assert submission.fetched(cases.MOST, max_workers=40) == cases.MOST


@criterion(
    "The order holds whatever ends first",
    points=10,
    because="Calls end in any order; the results stand in the order of the URLs.",
    hints=(
        "In which order do the calls end, and in which do you collect?",
        "Remember the place of each URL, or ask the futures in the order in which you made them.",
    ),
    examples=4,
)
@given(plan=schedules())
@example(plan=in_order(NAMES[:11], 11))
@each_of("plan", (Plan(("/a", "/b"), (20, 10), 2), in_order(("/b", "/a"), 2), in_order(("/long", "/a"), 2)))
def order_holds(submission: Submission, plan: Plan) -> None:
    run = VirtualTime(plan, named=len(plan.items) < 3)
    run.check(submission, fetch_all(submission, run))


@order_holds.also()
def order_of_equal_urls(submission: Submission) -> None:
    run = VirtualTime(in_order(("/b", "/a", "/b"), 2))
    check_but("wrong-calls", submission, run, fetch_all(submission, run))


@order_holds.also()
def order_of_many(submission: Submission) -> None:
    submission.execute("def numbers(count):\n    return fetch_all([str(n) for n in range(count)], int)")
    # Whether all of so many come back is another criterion's.
    with forgiving(), suppress(Violation), watched(submission):
        assert submission.numbers(101) == list(range(101))


@criterion(
    "The pool is full",
    points=25,
    because="Threads that wait cost nothing: as long as there is work, max_workers calls wait, no fewer and no more.",
    hints=(
        "How many calls are under way right after the first one started?",
        "Ask for no result before all calls that may run have been started.",
        "An executor hands the next URL to a thread as soon as it is free.",
    ),
    examples=1,
)
@given(plan=schedules(most=3))
@example(plan=in_order(("/a", "/b"), 2))
@example(plan=staggered(4, 2))
@example(plan=staggered(12, 4))
def pool_is_full(submission: Submission, plan: Plan) -> None:
    run = VirtualTime(plan, convict=EVERY)
    fetch_all(submission, run)
    run.check_calls()
    if plan == staggered(12, 4):
        submission.report_speedup(run.speedup())


@pool_is_full.also()
def many_workers(submission: Submission) -> None:
    for workers in (DEFAULT, cases.MANY):
        run = VirtualTime(in_order(NAMES[: workers + 2], workers), convict=EVERY, at_once=True)
        fetch_all(submission, run)
        run.check_calls()


@pool_is_full.also()
def full_to_the_end(submission: Submission) -> None:
    submission.execute(cases.MEET)
    with watched(submission):
        submission.last_ones_meet(cases.MOST, 4)


@pool_is_full.also()
def equal_urls(submission: Submission) -> None:
    run = VirtualTime(in_order(("/a", "/a"), 2), slow=NOBODY)
    fetch_all(submission, run)
    with suppress(Violation):  # who fetches it once loses the points for that alone
        run.check_calls()
        assert run.peak == 2, f"both calls at the same time (most at a time: {run.peak})"


@pool_is_full.also()
def beside_other_threads(submission: Submission) -> None:
    submission.execute(cases.IDLE)
    run = VirtualTime(in_order(("/a", "/b"), 2), convict=EVERY)
    fetch_all(submission, run)
    run = VirtualTime(in_order(("/a", "/b", "/c"), 2), convict=EVERY)
    with submission.attended(run.attend):
        submission.fetch_all(list(run.plan.items), submission.ending_it(run.tool), max_workers=2)
    with submission.aside():
        submission.execute("end.set()")


@pool_is_full.also()
def real_pages(submission: Submission) -> None:
    web = WebServer(submission, 6, 3)
    with submission.attended(web.attend):
        pages = submission.fetch_all(web.urls, submission.fetch, max_workers=3)
    web.check(pages)


@criterion(
    "Never more than max_workers",
    points=10,
    because="The limit protects whoever is at the other end; one call too many breaks the promise.",
    hints=("Who counts the calls that are under way?", "One pool, of max_workers threads, for all URLs."),
    examples=2,
)
@given(plan=schedules())
@each_of("plan", (Plan(("/a", "/b"), (20, 10), 1), Plan(("/a", "/b", "/c"), (30, 20, 10), 2), staggered(12, 4)))
def never_more_than_allowed(submission: Submission, plan: Plan) -> None:
    run = VirtualTime(plan, convict={"limit-exceeded"})
    fetch_all(submission, run)
    run.check_calls()


@never_more_than_allowed.also()
def no_more_after_a_failure(submission: Submission) -> None:
    # What it makes of the failure is another criterion's, a second try too.
    run = VirtualTime(in_order(("/a", "/a", "/b", "/c"), 1, {"/a": "ValueError"}), convict={"limit-exceeded"})
    with forgiving():
        fetch_all(submission, run, ["/a", "/b", "/c"])


@criterion(
    "One slow URL stalls nobody",
    points=10,
    because="A batch lasts as long as its slowest call; a window slides on.",
    hints=(
        "What do the other threads do while one of them waits for a slow page?",
        "Whoever becomes free takes the next URL, whichever that is.",
    ),
    examples=3,
)
@given(workers=st.integers(2, 4), more=st.integers(2, 5))
@example(workers=2, more=2)
@example(workers=2, more=cases.LONG - 2)
def slow_one_stalls_nobody(submission: Submission, workers: int, more: int) -> None:
    count = workers + more
    run = VirtualTime(Plan(NAMES[:count], (20_000, *range(10 * count, 10, -10)), workers), slow=NAMES[0])
    fetch_all(submission, run)
    run.check_calls()


@slow_one_stalls_nobody.also()
def among_many(submission: Submission) -> None:
    submission.execute(cases.SLOW)
    with forgiving(), watched(submission):  # what it raises is another criterion's
        submission.first_waits_for_last(cases.MOST)


@criterion(
    "A failure stands in its place",
    points=15,
    because="One page that is gone is no reason to lose the others, nor to hide which one it was.",
    hints=(
        "What becomes of the results behind the first failure?",
        "Catch the exception where `fetch` is called, and return it as the result.",
    ),
    examples=4,
)
# Nothing but failures is to be seen: no order, no URL twice, no more workers than URLs.
@given(plan=st.sampled_from(cases.ERRORS).map(lambda error: in_order(NAMES[:3], 2, {"/b": error})))
@each_of("plan", cases.FAILING)
def failure_in_its_place(submission: Submission, plan: Plan) -> None:
    run = VirtualTime(plan)
    run.check(submission, fetch_all(submission, run))


@failure_in_its_place.also(examples=1)
@given(error=st.sampled_from(list(cases.LOST)))
@each_of("error", cases.LOST)
def that_very_exception(submission: Submission, error: str) -> None:
    submission.execute(f"{cases.LOST[error]}\n{cases.KEPT.format('error', 'raise')}")
    with watched(submission):
        counts, _, calls = submission.kept_error(error)
        assert len(calls) == 1, cases.ONE_CALL_EACH
        assert counts == [1], "the exception is in the results once, as it was raised"


@failure_in_its_place.also()
def nothing_lost_or_added(submission: Submission) -> None:
    submission.execute(cases.RAISED)
    with watched(submission):
        submission.fetch_all(["/a"], submission.fetch_it)
        assert submission.parts() == (("gone",), "OSError()", [])


@failure_in_its_place.also()
def any_number_of_failures(submission: Submission) -> None:
    submission.execute(
        "def failures(count):\n    urls = [f'x{n}' for n in range(count)]\n"
        "    return len({*map(repr, fetch_all(urls, int))})"
    )
    with watched(submission):
        assert submission.failures(cases.MOST) == cases.MOST


@failure_in_its_place.also()
def no_pause_after_it(submission: Submission) -> None:
    runs = []
    for fails in ({}, {"/a": "ValueError"}):  # beside a call that outlasts all others
        runs.append(run := VirtualTime(Plan(NAMES[:4], (20, 100, 20, 20), 2, fails), slow=NOBODY))
        check_but("wrong-order", submission, run, fetch_all(submission, run))
    no_slower(runs[1], runs[0], "if '/a' does not fail")


@criterion(
    "Bad limits, one-shot iterators, nothing to do",
    points=5,
    because="What can't be right is refused before any page is fetched, and what is no list may still be gone through.",
    hints=("What does max_workers=0 mean with nothing to fetch?", "Go through `urls` once, and ask for no length."),
    examples=3,
)
@given(workers=st.integers(-3, 0))
@each_of("workers", (0, -1))
def bad_limits(submission: Submission, workers: int) -> None:
    for urls in (["/a"], []):
        run = VirtualTime(in_order(tuple(urls)))
        with raises(ValueError), submission.attended(run.attend):
            submission.fetch_all(urls, run.tool, max_workers=workers)
        assert run.peak == 0, f"max_workers={workers} raises ValueError before anything is fetched"


@bad_limits.also()
def one_shot_iterators(submission: Submission) -> None:
    submission.execute(cases.ONCE)
    for plan in (Plan(NAMES[:4], (90, 10, 20, 20), 2), in_order((), 2)):
        runs = []
        for urls in (None, submission.once(list(plan.items))):
            runs.append(run := VirtualTime(plan, slow=NOBODY))
            check_but("wrong-order", submission, run, fetch_all(submission, run, urls))
        no_slower(runs[1], runs[0], "for a list")


@bad_limits.also()
def any_iterable_as_it_is(submission: Submission) -> None:
    submission.execute("def left(urls):\n    fetch_all(urls, str.upper)\n    return urls")
    with watched(submission):
        assert submission.fetch_all({"/a"}, submission.str.upper) == ["/A"]
        assert submission.left(["/b", "/a", "/b"]) == ["/b", "/a", "/b"]


@criterion(
    "No threads left behind",
    points=5,
    because="A thread that nobody joins keeps its memory, its connection and, at exit, the process.",
    hints=("Who waits for the threads to end?", "Leaving a with block around the executor joins its threads."),
)
def no_threads_left(submission: Submission) -> None:
    left = Leftovers(submission)
    failing = in_order(("/a",) * 4, 1, {"/a": "ValueError"})
    for plan, urls in ((staggered(5, 3), None), (in_order(("/a",), 3), None), (in_order((), 3), []), (failing, ["/a"])):
        run = VirtualTime(plan)
        # What it makes of no URLs and of a failure is another criterion's, and a second try is too.
        with nullcontext() if urls is None else forgiving():
            fetch_all(submission, run, urls)
        if urls is None:
            run.check_calls()
        threads = left.threads()
        assert threads == 0, f"no thread is left when it returns (found: {threads})"
