"""Hidden suite: ThreadPool fetcher.

Oracle: the serial loop for the values, list scheduling for the time that a full pool takes.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from random import Random

from hypothesis import example, given
from hypothesis import strategies as st

from graders import (
    Attended,
    Submission,
    because,
    criterion,
    exactly,
    examples_of,
    program,
    raises,
    remote_of,
    tolerating,
)
from graders.concurrency import (
    EVERY,
    Interleavings,
    Leftovers,
    Plan,
    Reason,
    Violation,
    VirtualTime,
    WebServer,
    advice,
    watching,
)
from graders.suites.thread_pool import facts
from graders.suites.thread_pool import inputs as cases
from graders.suites.thread_pool.inputs import DEFAULT, NAMES, NOBODY, in_order, staggered


@st.composite
def schedules(draw: st.DrawFn, most: int = 5) -> Plan:
    """Return staggered plans of any size, with at least one call more than workers."""
    workers = draw(st.integers(2, most))
    return staggered(draw(st.integers(workers + 2, workers + 7)), workers, draw(st.integers(0, 40)))


@st.composite
def any_lists(draw: st.DrawFn, most: int = 1) -> Plan:
    """Return short lists, each URL at most a few times in them."""
    urls = draw(st.lists(st.sampled_from(NAMES[:4] * most), min_size=1, max_size=7, unique=most == 1))
    return in_order(tuple(urls), draw(st.integers(1, 3)))


@contextmanager
def watched(submission: Submission) -> Iterator[None]:
    """Detect calls without an instrument that wait for ever; what can't be pickled is for another criterion."""
    with tolerating("PicklingError"), watching(submission):
        yield


def fetch_all(submission: Submission, run: VirtualTime, urls: object = None) -> object:
    """Have the submission fetch what a run's plan says, or `urls`; max_workers is passed unless it is the default."""
    options = {} if run.plan.workers == DEFAULT else {"max_workers": run.plan.workers}
    with submission.attended(run.attend):
        try:
            return submission.fetch_all(list(run.plan.items) if urls is None else urls, run.tool, **options)
        except cases.AT_FAULT as found:
            if found.reason == "limit-exceeded" and (stack := cases.caller_works(submission)):
                found.stack = stack
                with because(*cases.CALLER_WORKS):
                    raise
            if (texts := cases.texts_of(run, found)) is None:
                raise
            with because(*texts):
                raise
        except Exception as error:
            # What goes wrong only if `urls` is not a list is for the check that asks.
            if (remote := remote_of(error)) is None or urls is not None:
                raise
            with because(*(cases.ITS_OWN if remote.type in run.plan.fails.values() else cases.OF_YOURS)):
                raise


def race(
    submission: Submission, *convict: Reason, left: Callable[[], None] = lambda: None, plan: Plan = cases.FEW
) -> bool:
    """Have a few URLs fetched while threads are stopped where they can disturb each other.

    left: checks what is left when it has returned and all is right.

    Returns whether all is right, and more can be asked.
    """
    more, place = True, submission.place()
    spent = place.spent
    # A submission that waits for ever loses the points of one criterion only.
    for run in Interleavings(submission, plan, convict=convict, waits="deadlock" in convict):
        with run:
            run.check(submission, fetch_all(submission, run))
            left()
        more = not run.last
    # A pool that never sleeps has used up the time for a search already.
    return more and place.spent - spent < 3


def race_of_failures(submission: Submission, *convict: Reason) -> None:
    """Have the same done where every call fails; what goes wrong there without a race is for another criterion."""
    if right(submission, VirtualTime(cases.FEW_FAILING, convict=EVERY)):
        race(submission, *convict, plan=cases.FEW_FAILING)


def right(submission: Submission, run: VirtualTime, urls: object = None) -> bool:
    """Whether a run ends with the right results; what fails here is for another criterion."""
    with submission.aside(), tolerating(), suppress(*cases.AT_FAULT):
        run.check(submission, fetch_all(submission, run, urls))
        return True
    return False


def anew(
    submission: Submission,
    name: str,
    ask: Callable[[Random, Iterator[str], Callable[[str], str]], Iterable[Attended]],
) -> None:
    """Ask facts once more, where no helper can answer for the calls."""
    if by_processes(submission):
        return
    draw = submission.drawn(name)
    urls = facts.items(draw, 60)
    asked: list[str] = []

    def each() -> Iterator[str]:
        for url in urls:
            asked.append(url)
            yield url

    made: list[VirtualTime] = []
    function, source, noted = program(draw, list(ask(draw, each(), lambda url: made[0].gave(url))))
    made.append(run := VirtualTime(Plan(tuple(asked), (10,) * len(asked), len(asked)), named=False))
    submission.define(source)
    with submission.attended(run.attend):
        found = getattr(submission, function)(run.tool)
    run.check_calls()
    expected = noted()
    assert found == expected


def by_processes(submission: Submission) -> bool:
    """Whether other processes make the calls, which is for another criterion: they lack the functions of a prompt."""
    run = VirtualTime(in_order(("/a", "/b"), 2))
    with submission.aside(), tolerating(), suppress(Violation):
        fetch_all(submission, run)
    return run.elsewhere


def attested(submission: Submission, name: str, run: VirtualTime, source: str) -> None:
    """Have a drawn function fetch what a run's plan says."""
    if by_processes(submission):
        return
    function, text, _ = program(submission.drawn(name), [(source, lambda: ())])
    submission.define(text)
    with submission.attended(run.attend):
        getattr(submission, function)(run.tool)
    run.check_calls()


def no_slower(run: VirtualTime, other: VirtualTime, how: str) -> None:
    """Check that a run took no longer than another one; how long that should take is another criterion's."""
    if run.now > other.now:
        raise Violation("under-utilised", f"it took {run.now} ms, but only {other.now} ms {how}", run.timeline())


def check_but(reason: Reason, submission: Submission, run: VirtualTime, results: object) -> None:
    """Check results for all mistakes but one, which costs the points of another criterion."""
    try:
        run.check(submission, results)
    except Violation as found:
        if found.reason != reason:
            raise


@criterion(
    "One result for each URL, in order",
    points=20,
    reasons=advice("wrong-calls", "race"),
    because="The caller has a list of URLs and needs a list of results: one for each, in the same order.",
    hints=(
        "Which part waits? Only that part belongs in the threads.",
        "A future remembers what its call returned or raised.",
        "A list of futures, then their results in that order.",
    ),
    # Few: threads left behind must cost the points for that alone, and a process may have about sixty.
    examples=4,
)
@given(plan=any_lists())
@examples_of(plan=[in_order(("a", "b", "c"), 2)])
@examples_of(plan=(in_order(urls, 2) for urls in (("/a",), ("/a", "/b"))))
def one_result_each(submission: Submission, plan: Plan) -> None:
    run = VirtualTime(plan)
    run.check(submission, fetch_all(submission, run))


@one_result_each.also(
    examples=4,
    because="Equal URLs are two calls with two results: a place in the list is not its URL.",
    hints=("What tells your code the place of a result?", "What do the calls for equal URLs share?"),
)
@given(plan=any_lists(most=2))
@examples_of(plan=(in_order(("/a", "/a"), workers) for workers in (1, 2)))
@example(plan=in_order(("/a", "/b", "/a"), 2))
def two_results_for_equal_urls(submission: Submission, plan: Plan) -> None:
    run = VirtualTime(plan)
    run.check(submission, fetch_all(submission, run))


@one_result_each.also(
    examples=1,
    because="`fetch` gets each URL as it is, even an empty one, which is false in an `if`; nor can it be an end mark.",
    hints=("What in your code means that nothing is left?",),
)
@given(url=st.sampled_from(cases.AS_THEY_ARE))
@examples_of(url=cases.AS_THEY_ARE)
def urls_as_they_are(submission: Submission, url: str) -> None:
    run = VirtualTime(in_order((url,), 1))
    with nullcontext() if url in cases.LIKE_AN_END else because(*cases.UNCHANGED):
        run.check(submission, fetch_all(submission, run))


@one_result_each.also(
    examples=1,
    because="What a call returns is its result, as it is: None, 0 and an empty page too.",
    hints=("How does your code tell a result from a failure, or from nothing?",),
)
@given(page=st.sampled_from(cases.FALSE))
@examples_of(page=cases.FALSE)
def a_false_page(submission: Submission, page: object) -> None:
    submission.do(f"def fetch_page(url): return {page!r}")
    with watched(submission):
        assert submission.fetch_all(["/a"], submission.fetch_page) == exactly([page])


@one_result_each.also(
    examples=1,
    because="What a call returns is its result, as it is: None, an empty page, an exception object too.",
    hints=("How does your code tell a result from a failure, or from nothing?",),
)
@given(pages=st.sampled_from(list(cases.PAGES)))
@examples_of(pages=cases.PAGES)
def whatever_it_returns(submission: Submission, pages: str) -> None:
    submission.define(cases.PAGES[pages] + cases.KEPT)
    with watched(submission):
        counts, _, calls = submission.kept_page(pages)
        with because(*cases.EACH_URL):
            assert len(calls) == len(counts), cases.ONE_CALL_EACH
        assert counts == [1] * len(counts), "each page once in the results, as it is"


@one_result_each.also(because=cases.TAKES_AS_LONG[0], hints=cases.TAKES_AS_LONG[1:])
def no_limit_of_its_own(submission: Submission) -> None:
    run = VirtualTime(in_order(("/a", "/b", "/c"), 2), outlast=cases.LIMIT_OF_ITS_OWN)
    run.check(submission, fetch_all(submission, run))


@one_result_each.also(
    because="`fetch` gets each URL as it is, even an object of a subclass of str.",
    hints=("What is done to a URL between the list and the call?",),
)
def any_kind_of_text(submission: Submission) -> None:
    submission.define(cases.ADDRESS)
    with watched(submission):
        assert submission.fetch_all([submission.Address("/a")], submission.kind) == ["Address"]


@one_result_each.also(
    because="`fetch` is anything that can be called with a URL: it need not be a function or have a name.",
    hints=("What does your code do with `fetch` besides calling it?",),
)
def whatever_can_be_called(submission: Submission) -> None:
    submission.define("from functools import partial\ndef upper(urls):\n    return fetch_all(urls, partial(str.upper))")
    with watched(submission):
        assert submission.upper(["/a"]) == ["/A"]


@one_result_each.also(
    because="`fetch` gets the URL and nothing else: its other parameters keep their defaults.",
    hints=("What does your code pass to `fetch` besides the URL?",),
)
def nothing_but_the_url(submission: Submission) -> None:
    submission.define(cases.MORE_OPTIONS)
    with watched(submission):
        assert submission.fetch_all(["/a"], submission.page) == [["/a", None, {}]]


@one_result_each.also(
    because="A thread costs far more than a URL: 150 URLs must not mean 150 threads that wait.",
    hints=("How many threads wait at one time for 150 URLs and 40 workers?",),
)
def any_number(submission: Submission) -> None:
    submission.define(
        "def fetched(count, **options):\n    urls = [str(n) for n in range(count)]\n"
        "    return len({*fetch_all(urls, str.upper, **options)})"
    )
    with watched(submission):
        assert submission.fetched(cases.MOST, max_workers=40) == cases.MOST


@one_result_each.also()
def pages_in_any_program(submission: Submission) -> None:
    anew(submission, "pages", lambda _, urls, gave: facts.pages(urls, gave))


@one_result_each.also()
def many_in_any_program(submission: Submission) -> None:
    anew(submission, "many", facts.many)


@one_result_each.also(
    because="Between a look at what threads share and the step that follows from it, another thread may change it.",
    hints=(
        "What can another thread do between the two operations?",
        "A queue can look and take in one step; a lock makes one step of several.",
    ),
)
def whichever_thread_goes_first(submission: Submission) -> None:
    if race(submission, "deadlock", "wrong-calls"):
        race_of_failures(submission, "deadlock", "wrong-calls")


@criterion(
    "The order holds whatever ends first",
    points=10,
    reasons=advice("wrong-order"),
    because="Calls end in any order; the results are in the order of the URLs.",
    hints=(
        "In which order do the calls end, and in which order do you collect the results?",
        "Remember the place of each URL, or ask the futures in the order in which you made them.",
    ),
    examples=4,
)
@given(plan=schedules())
@example(plan=in_order(NAMES[:11], 11))
@examples_of(plan=(Plan(("/a", "/b"), (20, 10), 2), in_order(("/b", "/a"), 2), in_order(("/long", "/a"), 2)))
def order_holds(submission: Submission, plan: Plan) -> None:
    run = VirtualTime(plan, named=len(plan.items) < 3)
    run.check(submission, fetch_all(submission, run))


@order_holds.also(
    because="A place in the list is a number, not a URL: equal URLs have two places.",
    hints=("What tells your code the place of a result?",),
)
def order_of_equal_urls(submission: Submission) -> None:
    run = VirtualTime(in_order(("/b", "/a", "/b"), 2))
    check_but("wrong-calls", submission, run, fetch_all(submission, run))


@order_holds.also()
def order_of_many(submission: Submission) -> None:
    submission.define("def numbers(count):\n    return fetch_all([str(n) for n in range(1, count + 1)], int)")
    # Whether all of so many come back is for another criterion.
    with tolerating(), suppress(Violation), watched(submission):
        assert submission.numbers(101) == list(range(1, 102))


@order_holds.also()
def order_in_any_program(submission: Submission) -> None:
    anew(submission, "order", facts.order)


@criterion(
    "The pool is full",
    points=25,
    reasons=advice("serial", "under-utilised", "race"),
    because="A waiting thread costs little: as long as there is work, max_workers calls wait, no fewer and no more.",
    hints=(
        "How many calls are under way right after the first one started?",
        "Ask for no result before all calls that may run have been started.",
        "An executor hands the next URL to a thread as soon as it is free.",
    ),
    examples=1,
)
@given(plan=schedules(most=3))
@example(plan=in_order(("/a", "/b"), 2))
@examples_of(plan=(cases.SECOND_IS_SLOW, staggered(4, 2), staggered(12, 4)))
def pool_is_full(submission: Submission, plan: Plan) -> None:
    run = VirtualTime(plan, convict=EVERY)
    run.check_calls(fetch_all(submission, run))
    if plan == staggered(12, 4):
        submission.report_speedup(run.speedup())


@pool_is_full.also(
    examples=1,
    because="max_workers says how many calls wait at one time, not the number of cores or the size of a shared pool.",
    hints=(
        "Which number in your code, or in what it calls, may be below max_workers?",
        "Whose threads are they? asyncio.to_thread uses a shared pool of min(32, cpu + 4) threads.",
    ),
)
@given(workers=st.sampled_from(cases.WORKERS))
@examples_of(workers=cases.WORKERS)
def many_workers(submission: Submission, workers: int) -> None:
    run = VirtualTime(in_order(NAMES[: workers + 1], workers), convict=EVERY, at_once=True)
    run.check_calls(fetch_all(submission, run))


@pool_is_full.also(
    because="max_workers says how many calls wait at one time, whichever host they wait for.",
    hints=("What does your code read from a URL before it calls `fetch`?",),
)
def calls_to_one_host(submission: Submission) -> None:
    run = VirtualTime(in_order(cases.ONE_HOST, 12), convict=EVERY)
    run.check_calls(fetch_all(submission, run))


@pool_is_full.also()
def full_to_the_end(submission: Submission) -> None:
    submission.define(cases.MEET)
    with because(*cases.TO_THE_END), watched(submission):
        submission.last_ones_meet(cases.MOST, 4)


@pool_is_full.also(
    because="Two equal URLs are two calls, and both can wait at the same time.",
    hints=("What do the calls for equal URLs share?",),
)
def equal_urls(submission: Submission) -> None:
    run = VirtualTime(in_order(("/a", "/a"), 2), slow=NOBODY)
    results = fetch_all(submission, run)
    with suppress(Violation):  # to fetch it once costs the points for that alone
        run.check_calls(results)
        assert run.peak == 2, f"both calls at the same time (most at a time: {run.peak})"


@pool_is_full.also(
    because=cases.YOUR_OWN[0],
    hints=cases.YOUR_OWN[1:],
)
def other_threads_begin(submission: Submission) -> None:
    submission.define(cases.BEGIN)
    run = VirtualTime(in_order(("/a", "/b", "/c"), 2), convict=EVERY)
    with because(*cases.YOUR_OWN), submission.attended(run.attend):
        submission.fetch_all(list(run.plan.items), submission.beginning_one(run.tool), max_workers=2)
    with submission.aside():
        submission.do("over.set()")


@pool_is_full.also(
    because=cases.YOUR_OWN[0],
    hints=cases.YOUR_OWN[1:],
)
def beside_other_threads(submission: Submission) -> None:
    submission.define(cases.IDLE)
    run = VirtualTime(in_order(("/a", "/b"), 2), convict=EVERY)
    with because(*cases.YOUR_OWN), submission.attended(run.attend):
        submission.fetch_all(list(run.plan.items), run.tool, max_workers=2)
    submission.define(cases.ENDING)
    run = VirtualTime(in_order(("/a", "/b", "/c"), 2), convict=EVERY)
    with because(*cases.YOUR_OWN), submission.attended(run.attend):
        submission.fetch_all(list(run.plan.items), submission.ending_it(run.tool), max_workers=2)
    with submission.aside():
        submission.do("end.set()")


@pool_is_full.also()
def real_pages(submission: Submission) -> None:
    web = WebServer(submission, 6, 3)
    with submission.attended(web.attend):
        pages = submission.fetch_all(web.urls, submission.fetch, max_workers=3)
    web.check(pages)


@pool_is_full.also()
def the_last_of_many_in_flight(submission: Submission) -> None:
    urls = facts.items(submission.drawn("last"), 4)
    run = VirtualTime(in_order(urls, 4), convict=EVERY)
    attested(submission, "the last", run, facts.SOME.format(before=(), count=cases.MOST, after=urls, workers=4))


@pool_is_full.also(
    because=cases.YOUR_OWN[0],
    hints=cases.YOUR_OWN[1:],
)
def beside_any_threads(submission: Submission) -> None:
    for number, source in enumerate(facts.OTHERS):
        urls = facts.items(submission.drawn(f"beside {number}"), 4)
        run = VirtualTime(in_order(urls, 2), convict=EVERY)
        with because(*cases.YOUR_OWN):
            attested(submission, f"others {number}", run, source.format(urls=list(urls)))


@pool_is_full.also(
    because="To count is to read a number and to write another one; if two threads do so at once, a count is lost.",
    hints=(
        "Which number do several threads change?",
        "A lock around each change, or a semaphore in place of the number.",
    ),
)
def no_count_is_lost(submission: Submission) -> None:
    if race(submission, "serial", "under-utilised"):
        race_of_failures(submission, "serial", "under-utilised")


@criterion(
    "Never more than max_workers",
    points=10,
    reasons=advice("limit-exceeded", "race"),
    because="The limit protects the server at the other end; one call too many breaks the promise.",
    hints=("What counts the calls that are under way?", "One pool, of max_workers threads, for all URLs."),
    examples=2,
)
@given(plan=schedules())
@examples_of(plan=(Plan(("/a", "/b"), (20, 10), 1), Plan(("/a", "/b", "/c"), (30, 20, 10), 2), staggered(12, 4)))
def never_more_than_allowed(submission: Submission, plan: Plan) -> None:
    run = VirtualTime(plan, convict={"limit-exceeded"})
    run.check_calls(fetch_all(submission, run))


@never_more_than_allowed.also(because=cases.TAKES_AS_LONG[0], hints=cases.TAKES_AS_LONG[1:])
def no_limit_that_runs_out(submission: Submission) -> None:
    plan = in_order(("/a", "/b", "/c"), 2)
    fetch_all(submission, VirtualTime(plan, convict={"limit-exceeded"}, outlast=cases.LIMIT_OF_ITS_OWN))


@never_more_than_allowed.also(
    because="If two threads look at a limit before either of them is counted, both of them pass.",
    hints=(
        "What can another thread do between the look at the limit and the count?",
        "A semaphore looks and counts in one step.",
    ),
)
def no_two_pass_at_once(submission: Submission) -> None:
    race(submission, "limit-exceeded")


@criterion(
    "One slow URL stalls nobody",
    points=10,
    reasons=advice("under-utilised"),
    because="A batch lasts as long as its slowest call; a window slides on.",
    hints=(
        "What do the other threads do while one of them waits for a slow page?",
        "A thread that becomes free takes the next URL, whichever that is.",
    ),
    examples=3,
)
@given(plan=st.builds(cases.first_is_slow, st.integers(2, 4), st.integers(2, 5)))
@examples_of(plan=(cases.SECOND_IS_SLOW, cases.first_is_slow(2, 2), cases.first_is_slow(2, cases.LONG - 2)))
def slow_one_stalls_nobody(submission: Submission, plan: Plan) -> None:
    run = VirtualTime(plan, slow=plan.items[plan.milliseconds.index(max(plan.milliseconds))])
    run.check_calls(fetch_all(submission, run))


@slow_one_stalls_nobody.also()
def among_many(submission: Submission) -> None:
    submission.define(cases.SLOW)
    with tolerating(), watched(submission):  # what it raises is another criterion's
        submission.first_waits_for_last(cases.MOST)


@slow_one_stalls_nobody.also()
def slow_among_many(submission: Submission) -> None:
    slow, last = facts.items(submission.drawn("among"), 2)
    run = VirtualTime(Plan((slow, last), (20_000, 10), 2), slow=slow)
    source = facts.SOME.format(before=(slow,), count=cases.MOST, after=(last,), workers=40)
    with tolerating():  # what it raises is another criterion's
        attested(submission, "many", run, source)


@criterion(
    "A failure is a result in its place",
    points=15,
    reasons=advice("wrong-calls", "under-utilised"),
    because="One missing page is not a reason to lose the others, or to hide which one is missing.",
    hints=(
        "What becomes of the results after the first failure?",
        "Catch the exception where fetch is called, and return it as the result.",
    ),
)
def failure_in_its_place(submission: Submission) -> None:
    with submission.rehearsal():  # what waits for ever without a failure is for another criterion
        fetch_all(submission, VirtualTime(in_order(("1", "x"))))
    run = VirtualTime(in_order(("1", "x"), DEFAULT, {"x": "ValueError"}))
    run.check(submission, fetch_all(submission, run))


@failure_in_its_place.also(because=cases.NO_PAUSE[0], hints=cases.NO_PAUSE[1:])
def worker_outlives_it(submission: Submission) -> None:
    # Beside a call that outlasts all others.
    items, times = NAMES[:4], (20, 100, 20, 20)
    with submission.rehearsal():
        usual = VirtualTime(Plan(items, times, 2), slow=NOBODY)
        check_but("wrong-order", submission, usual, fetch_all(submission, usual))
    run = VirtualTime(
        Plan(items, times, 2, {"/a": "ValueError"}),
        slow=NOBODY,
        # Too many calls in any case are another mistake.
        convict={"limit-exceeded"} if usual.peak <= usual.plan.workers else (),
    )
    try:
        results = fetch_all(submission, run)
    except Violation as found:
        if found.reason != "limit-exceeded":
            raise
        with because(*cases.ONE_PLACE):
            raise
    check_but("wrong-order", submission, run, results)
    if run.now > usual.now:
        with because(*goes_on(submission)):
            no_slower(run, usual, "if '/a' does not fail")


def goes_on(submission: Submission) -> tuple[str, ...]:
    """Return the texts for a failure after which fewer calls are under way, by what becomes of an only worker."""
    run = VirtualTime(in_order(("/a", "/b"), 1, {"/a": "ValueError"}))
    try:
        with submission.aside(), tolerating():
            run.check_calls(fetch_all(submission, run))
            return cases.NO_PAUSE
    except Violation as found:
        if found.reason == "deadlock":
            return cases.NOT_GIVEN_BACK
    return cases.WORKER_LOST


@failure_in_its_place.also(examples=4)
# Nothing but failures is to be seen: no order, no URL twice, no more workers than URLs.
@given(plan=st.sampled_from(cases.ERRORS).map(lambda error: in_order(NAMES[:3], 2, {"/b": error})))
@examples_of(plan=cases.FAILING)
def failures_of_each_kind(submission: Submission, plan: Plan) -> None:
    run = VirtualTime(plan)
    results = fetch_all(submission, run)
    with nullcontext() if {*plan.fails.values()} == {"ValueError"} else because(*cases.KEPT_AT_ALL):
        run.check(submission, results)


@failure_in_its_place.also(
    because="Equal URLs are two calls, whatever became of the first: only `fetch` knows whether it fails again.",
    hints=("What is kept of a URL that has failed?",),
)
def equal_urls_that_fail(submission: Submission) -> None:
    # What becomes of equal URLs that don't fail is for another criterion.
    pages = VirtualTime(in_order(("/a", "/a"), 1))
    with submission.rehearsal():
        results = fetch_all(submission, pages)
        try:
            pages.check(submission, results)
        except Violation:
            return
    run = VirtualTime(in_order(("/a", "/a"), 1, {"/a": "ValueError"}))
    run.check(submission, fetch_all(submission, run))


@failure_in_its_place.also(examples=1, because=cases.KEPT_AT_ALL[0], hints=cases.KEPT_AT_ALL[1:])
@given(error=st.sampled_from(list(cases.LOST)))
@examples_of(error=cases.LOST)
def that_very_exception(submission: Submission, error: str) -> None:
    submission.define(cases.LOST[error] + cases.SAME)
    submission.do(f"error = {error}")
    name = error.partition("(")[0]
    with watched(submission):
        found = submission.kept(["/a"])
        with because(*(cases.SAME_OBJECT if found == [(name, False)] else cases.KEPT_AT_ALL)):
            assert found == [(name, True)]


@failure_in_its_place.also(
    because="Each call that fails has an exception of its own, however much they look alike.",
    hints=("What do calls share that fail in the same way?",),
)
def each_has_its_own(submission: Submission) -> None:
    submission.define(cases.ALIKE)
    with watched(submission):
        assert submission.different(["/a", "/b"]) == 2


@failure_in_its_place.also(
    because="The exception itself is the result: args, cause, context, notes and traceback are as they were raised.",
    hints=(
        "What does your code do to an exception before it keeps it?",
        "What is raised within an `except` gets a context: call `fetch` outside of it.",
    ),
)
def nothing_lost_or_added(submission: Submission) -> None:
    submission.define(cases.RAISED)
    with watched(submission):
        submission.fetch_all(["/a", "/b"], submission.fetch_it, max_workers=1)
        for name, args, cause in (("error", ("gone",), "OSError()"), ("bare", ("gone too",), "None")):
            found = submission.parts(getattr(submission, name))
            assert found == {"args": args, "cause": cause, "context": "None", "more": [], "raised in": ["fetch_it"]}


@failure_in_its_place.also(
    because="Each failure is a result in its place, however many there are.",
    hints=("What happens after the tenth failure?",),
)
def any_number_of_failures(submission: Submission) -> None:
    submission.define(
        "def failures(count):\n    urls = [f'x{n}' for n in range(count)]\n"
        "    return len({*map(repr, fetch_all(urls, int))})"
    )
    with watched(submission):
        assert submission.failures(cases.MOST) == cases.MOST


@failure_in_its_place.also()
def failures_in_any_program(submission: Submission) -> None:
    anew(submission, "failures", facts.failures)


@failure_in_its_place.also(because=cases.ONE_TRY[0], hints=cases.ONE_TRY[1:])
def no_second_try(submission: Submission) -> None:
    submission.define(cases.BUSY)
    with watched(submission):
        with tolerating():
            submission.fetch_all(cases.TEMPORARY, submission.fetch_busy, max_workers=1)
        # Calls in other processes are not seen here; they are for another criterion.
        assert len(submission.calls) <= len(cases.TEMPORARY), cases.ONE_CALL_EACH


@criterion(
    "Bad limits, one-shot iterators, nothing to do, any thread",
    points=5,
    reasons=advice("under-utilised"),
    because="A limit that can't be right is refused before any page is fetched, and `urls` may be any iterable.",
    hints=("What does max_workers=0 mean with nothing to fetch?", "Go through `urls` once, and ask for no length."),
    examples=3,
)
@given(workers=st.integers(-3, 0))
@examples_of(workers=(0, -1))
def bad_limits(submission: Submission, workers: int) -> None:
    run = VirtualTime(in_order(("/a",)))
    with because(*cases.BELOW_ONE), raises(ValueError), submission.attended(run.attend):
        submission.fetch_all(["/a"], run.tool, max_workers=workers)
    assert run.peak == 0, f"a ValueError for max_workers={workers} before the first call of fetch"


@bad_limits.also(
    because="The limit is checked even without URLs: what can't be right is refused, whether there is work or not.",
    hints=("What does max_workers=0 mean with nothing to fetch?", "What comes first: the check, or the short way out?"),
)
def bad_limits_without_urls(submission: Submission) -> None:
    for workers in (0, -1):
        with raises(ValueError), watched(submission):
            submission.fetch_all([], submission.str.upper, max_workers=workers)


@bad_limits.also(
    because="To have no URLs is not a mistake: there is nothing to fetch, and no thread to start.",
    hints=("What does each step of yours do with an empty list?",),
)
def nothing_to_fetch(submission: Submission) -> None:
    with watched(submission):
        assert submission.fetch_all([], submission.str.upper) == []


@bad_limits.also(
    because="An iterator can be gone through once, and by one thread at a time.",
    hints=("How often, and in which threads, does your code go through `urls`?",),
)
def one_shot_iterators(submission: Submission) -> None:
    submission.define(cases.ONCE)
    for plan in (Plan(NAMES[:4], (90, 10, 20, 20), 2), in_order((), 2)):
        runs = []
        for urls in (None, submission.once(list(plan.items))):
            runs.append(run := VirtualTime(plan, slow=NOBODY))
            check_but("wrong-order", submission, run, fetch_all(submission, run, urls))
        with because(*cases.NO_LENGTH):
            no_slower(runs[1], runs[0], "for a list")


@bad_limits.also(because=cases.LIKE_A_LIST[0], hints=cases.LIKE_A_LIST[1:])
def an_iterator_like_a_list(submission: Submission) -> None:
    submission.define(cases.ONCE)
    plan = Plan(("/a", "/b", "/a", "/c"), (90, 10, 20, 20), 2, {"/b": "ValueError"})
    usual = VirtualTime(plan)
    # Too many calls in any case are another mistake.
    if right(submission, usual) and usual.peak <= plan.workers:
        run = VirtualTime(plan, convict={"limit-exceeded"})
        with because(*cases.LIKE_A_LIST):
            run.check(submission, fetch_all(submission, run, submission.once(list(plan.items))))


@bad_limits.also(
    because="`urls` belongs to the caller: it may be any iterable, and a list is not changed.",
    hints=("What of a list does your code need, and what does it change?",),
)
def any_iterable_as_it_is(submission: Submission) -> None:
    submission.define(cases.FEED)
    submission.define("def left(urls):\n    fetch_all(urls, str.upper)\n    return urls")
    with watched(submission):
        upper = submission.str.upper
        assert submission.fetch_all({"/a"}, upper) == ["/A"]
        assert submission.fetch_all(submission.Feed(), upper) == ["/A"]
        assert submission.left(["/b", "/a", "/b"]) == ["/b", "/a", "/b"]


@bad_limits.also(
    because="`urls` may be any iterable, and a str is one: of its characters.",
    hints=("Which types of `urls` does your code treat in a way of their own?",),
)
def a_text_of_urls(submission: Submission) -> None:
    # The order is for another criterion.
    submission.define("def letters(text):\n    return sorted(fetch_all(text, str.upper))")
    with watched(submission):
        assert submission.letters("ab") == ["A", "B"]


@bad_limits.also(
    because="What only the main thread may do fails in any other thread.",
    hints=("What in your code asks for the main thread: an event loop, a signal?",),
)
def in_any_thread(submission: Submission) -> None:
    submission.define(cases.IN_A_THREAD)
    with watched(submission):
        assert submission.in_a_thread(["/a"]) == ["/A"]


@bad_limits.also(
    because="What only the main thread may do fails in any other thread.",
    hints=("What in your code asks for the main thread: an event loop, a signal?",),
)
def in_a_thread_of_any_program(submission: Submission) -> None:
    anew(submission, "threads", lambda _, urls, gave: facts.threads(urls, gave))


@criterion(
    "No threads left behind",
    points=5,
    reasons=advice("race"),
    because="A thread that is not joined keeps its memory and its connection, and at exit the process waits for it.",
    hints=("What waits for the threads to end?", "Leaving a with block around the executor joins its threads."),
)
def no_threads_left(submission: Submission) -> None:
    left = Leftovers(submission)
    for plan in (staggered(5, 3), in_order(("/a",), 3), in_order((), 3)):
        run = VirtualTime(plan)
        # What it makes of no URLs is for another criterion.
        with nullcontext() if plan.items else tolerating():
            results = fetch_all(submission, run)
            run.check_calls(results)
        none_left(left)


def none_left(left: Leftovers) -> None:
    """Check that no thread is left, and show where those wait that are."""
    threads = left.threads()
    with left.waiting(*cases.TOLD_TO_END):
        assert threads == 0, f"no thread left when it returns (found: {threads})"


@no_threads_left.also(
    because="A call that fails changes nothing for the threads: they end before fetch_all does.",
    hints=("When a call has failed, what ends the threads, and what waits for that?",),
)
def no_threads_left_by_a_failure(submission: Submission) -> None:
    left = Leftovers(submission)
    try:
        with tolerating(), watching(submission):  # what it makes of a failure is for another criterion
            submission.fetch_all(["x"], submission.int, max_workers=1)
    except Violation:
        with because(*cases.NOT_GIVEN_BACK):
            raise
    none_left(left)
    run = VirtualTime(in_order(("/a",) * 4, 1, {"/a": "ValueError"}))  # a second try is for another criterion too
    with tolerating():
        fetch_all(submission, run, ["/a"])
    none_left(left)


@no_threads_left.also(
    because="A call that raises leaves no thread either: what can't be right is refused before any thread starts.",
    hints=("What has been started when the ValueError is raised?",),
)
def no_threads_left_by_a_bad_limit(submission: Submission) -> None:
    left = Leftovers(submission)
    with tolerating(), watching(submission):  # what it makes of a bad limit is for another criterion
        submission.fetch_all(["/a"], submission.str.upper, max_workers=0)
    none_left(left)


@contextmanager
def noted(submission: Submission) -> Iterator[None]:
    """Note the exceptions that end a thread, which would otherwise be printed."""
    submission.do("died = []")
    submission.define(cases.DIED)
    submission.do(cases.NOTED)
    try:
        yield
    finally:
        with suppress(Exception), submission.aside():
            submission.do(cases.NOT_NOTED)


def none_died(submission: Submission) -> None:
    """Check that no exception has ended a thread."""
    died = submission.died
    assert died == [], f"no thread that ends by an exception (found: {', '.join(map(str, died))})"


@no_threads_left.also(
    because="An exception that leaves a thread is printed by `threading`, though it is in the results already.",
    hints=("Where does an exception go that is raised again in a thread?",),
)
def no_thread_ends_by_a_failure(submission: Submission) -> None:
    twice = VirtualTime(in_order(("/a", "/a"), 1, {"/a": "ValueError"}))
    run = VirtualTime(in_order(("/a", "/b"), 2, {"/a": "ValueError"}))
    with suppress(Violation), noted(submission):  # a failure that is not in its place is for another criterion
        with submission.rehearsal(), tolerating():
            fetch_all(submission, twice, ["/a"])
        if twice.over():  # a second try is for another criterion too: it would be cut short, and leave its threads
            return
        with tolerating():
            run.check(submission, fetch_all(submission, run))
        none_died(submission)


@no_threads_left.also(
    because="A thread that finds nothing left to take waits for ever, or ends by an exception that is only printed.",
    hints=(
        "What if another thread takes the last one between a look at what is left and the step that takes it?",
        "A queue can look and take in one step: get_nowait() raises queue.Empty where nothing is left.",
    ),
)
def no_thread_is_stuck(submission: Submission) -> None:
    threads = Leftovers(submission)

    def left() -> None:
        found = threads.threads()
        assert found == 0, f"no thread left when it returns (found: {found})"
        none_died(submission)

    with noted(submission):
        race(submission, left=left)
