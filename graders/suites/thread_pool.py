"""Hidden suite: ThreadPool fetcher.

Oracle: the serial loop for the values, list scheduling for the time that a full pool takes.
"""

from hypothesis import example, given
from hypothesis import strategies as st

from graders import Submission, criterion, raises
from graders.concurrency import EVERY, Leftovers, Plan, VirtualTime, WebServer

ERRORS = ("ValueError", "KeyError", "TimeoutError", "ConnectionResetError", "RuntimeError", "Exception")
NAMES = tuple(f"/{letter}{number}" for number in ("", 2, 3) for letter in "abcdefghijklmnop")
DEFAULT = 10  # workers
MANY = 33  # workers: more than asyncio's own executor ever has, and few enough for the threads that a process may have
LONG = 34  # calls: more than any small number of workers takes as one batch

# A page may be empty, and what a function returns may be an exception. The order is another criterion's.
RETURNS = """
def shown(urls, **options):
    return sorted(map(repr, fetch_all(urls, eval, **options)))
"""


def staggered(count: int, workers: int, extra: int = 0) -> Plan:
    """Return a plan whose calls end in another order than they begin, and for which batches are slower than a window.

    The first of each group of `workers` takes long, the others are short and ever shorter.
    """
    times = tuple((90 if i % workers == 0 else 20) + 3 * (count - i) + extra for i in range(count))
    return Plan(NAMES[:count], times, workers)


@st.composite
def schedules(draw: st.DrawFn) -> Plan:
    """Return staggered plans of any size, with at least one call more than workers."""
    workers = draw(st.integers(2, 5))
    return staggered(draw(st.integers(workers + 2, workers + 7)), workers, draw(st.integers(0, 40)))


@st.composite
def any_lists(draw: st.DrawFn) -> Plan:
    """Return short lists with duplicates, some of whose items fail."""
    urls = tuple(draw(st.lists(st.sampled_from(NAMES[:4]), min_size=1, max_size=7)))
    fails = draw(st.dictionaries(st.sampled_from(NAMES[:4]), st.sampled_from(ERRORS), max_size=2))
    return in_order(urls, draw(st.integers(1, 3)), {k: fails[k] for k in fails if k in urls})


def in_order(items: tuple[str, ...], workers: int = DEFAULT, fails: dict[str, str] | None = None) -> Plan:
    """Return a plan whose calls end in the order in which they begin, so that nothing hangs on order by completion."""
    return Plan(items, tuple(range(100, 100 + len(items))), workers, fails or {})


def fetch_all(submission: Submission, run: VirtualTime) -> object:
    """Have the submission fetch what a run's plan says; as many workers as by default are not mentioned."""
    options = {} if run.plan.workers == DEFAULT else {"max_workers": run.plan.workers}
    with submission.attended(run.attend):
        return submission.fetch_all(list(run.plan.items), run.tool, **options)


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
    examples=6,
)
@given(plan=any_lists())
@example(plan=in_order(("/a",), 2))
@example(plan=in_order(("/a", "/b"), 2))
@example(plan=in_order(("/a", "/a"), 2))
@example(plan=in_order(("/a", "/b"), 1, {"/a": "ValueError"}))
@example(plan=in_order(("/a", "/b", "/a"), 2, {"/b": "KeyError"}))
def one_result_each(submission: Submission, plan: Plan) -> None:
    run = VirtualTime(plan)
    run.check(submission, fetch_all(submission, run))


@one_result_each.also()
def whatever_it_returns(submission: Submission) -> None:
    submission.execute(RETURNS)
    urls = sorted(["None", "''", "0", "ValueError('returned')"] * 15)
    # Its calls are not the instrument's, but who waits for ever is seen.
    run = VirtualTime(in_order(()))
    with submission.attended(run.attend):
        results = submission.shown(urls, max_workers=3)
    assert results == urls


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
@example(plan=Plan(("/a", "/b"), (20, 10), 2))
def order_holds(submission: Submission, plan: Plan) -> None:
    run = VirtualTime(plan)
    run.check(submission, fetch_all(submission, run))


@criterion(
    "The pool is full",
    points=25,
    because="Threads that wait cost nothing: as long as there is work, max_workers calls wait at the same time.",
    hints=(
        "How many calls are under way right after the first one started?",
        "Ask for no result before all calls that may run have been started.",
        "An executor hands the next URL to a thread as soon as it is free.",
    ),
    examples=1,
)
@given(plan=schedules())
@example(plan=Plan(("/a", "/b", "/c"), (30, 20, 10), 2))
@example(plan=staggered(12, 4))
def pool_is_full(submission: Submission, plan: Plan) -> None:
    run = VirtualTime(plan, convict=EVERY)
    fetch_all(submission, run)
    run.check_calls()
    if plan == staggered(12, 4):
        submission.report_speedup(run.speedup())


@pool_is_full.also()
def many_workers(submission: Submission) -> None:
    for workers in (DEFAULT, MANY):
        run = VirtualTime(in_order(NAMES[: workers + 2], workers), convict=EVERY, at_once=True)
        fetch_all(submission, run)
        run.check_calls()


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
    hints=(
        "Who counts the calls that are under way?",
        "One pool, of max_workers threads, for all URLs.",
    ),
    examples=3,
)
@given(plan=schedules())
@example(plan=Plan(("/a", "/b"), (20, 10), 1))
@example(plan=Plan(("/a", "/b", "/c"), (30, 20, 10), 2))
def never_more_than_allowed(submission: Submission, plan: Plan) -> None:
    run = VirtualTime(plan, convict={"limit-exceeded"})
    fetch_all(submission, run)
    run.check_calls()


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
@example(workers=2, more=LONG - 2)
def slow_one_stalls_nobody(submission: Submission, workers: int, more: int) -> None:
    count = workers + more
    run = VirtualTime(Plan(NAMES[:count], (9_000, *range(10 * count, 10, -10)), workers), slow=NAMES[0])
    fetch_all(submission, run)
    run.check_calls()


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
@given(plan=any_lists().filter(lambda plan: plan.fails))
@example(plan=in_order(("/a",), 1, {"/a": "ValueError"}))
@example(plan=in_order(("/a", "/b", "/c"), 2, {"/b": "TimeoutError"}))
@example(plan=in_order(("/a", "/b", "/c"), 2, {"/a": "KeyError", "/c": "Exception"}))
def failure_in_its_place(submission: Submission, plan: Plan) -> None:
    run = VirtualTime(plan)
    run.check(submission, fetch_all(submission, run))


@criterion(
    "Bad limits, one-shot iterators, nothing to do",
    points=5,
    because="What can't be right is refused before any page is fetched, and what is no list may still be gone through.",
    hints=(
        "What does max_workers=0 mean if there is nothing to fetch?",
        "Go through `urls` once, and never ask for its length.",
    ),
    examples=3,
)
@given(workers=st.integers(-3, 0))
@example(workers=0)
@example(workers=-1)
def bad_limits(submission: Submission, workers: int) -> None:
    for urls in (["/a"], []):
        run = VirtualTime(in_order(tuple(urls)))
        with raises(ValueError), submission.attended(run.attend):
            submission.fetch_all(urls, run.tool, max_workers=workers)
        assert run.peak == 0, f"max_workers={workers} raises ValueError before anything is fetched"


@bad_limits.also(examples=2)
@given(count=st.integers(0, 4))
@example(count=0)
@example(count=2)
def one_shot_iterators(submission: Submission, count: int) -> None:
    run = VirtualTime(in_order(NAMES[:count]))
    submission.execute("def once(urls):\n    yield from urls")
    urls = submission.once(list(run.plan.items))
    with submission.attended(run.attend):
        results = submission.fetch_all(urls, run.tool)
    run.check(submission, results)


@criterion(
    "No threads left behind",
    points=5,
    because="A thread that nobody joins keeps its memory, its connection and, at exit, the process.",
    hints=(
        "Who waits for the threads to end?",
        "A with block around the executor shuts it down and joins its threads.",
    ),
)
def no_threads_left(submission: Submission) -> None:
    left = Leftovers(submission)
    run = VirtualTime(staggered(5, 3))
    fetch_all(submission, run)
    run.check_calls()
    threads = left.threads()
    assert threads == 0, f"no thread is left when it returns (found: {threads})"
