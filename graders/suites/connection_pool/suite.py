"""Hidden suite: Connection-pool math.

Oracle: SQLAlchemy's QueuePool, driven over fake connections, and counting what its pools hold.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from graders import Submission, because, criterion, exactly, examples_of, gives, holds, raises, remote_of, tolerating
from graders.suites.connection_pool import inputs as cases
from graders.suites.connection_pool import oracle
from graders.suites.connection_pool.inputs import BEYOND, LARGEST_SLOTS, VAST, Limit, Settings, service, services
from graders.suites.connection_pool.oracle import Spec

Advice = tuple[str, ...]  # a principle and its hints

TAKES_8 = Spec("web", 2, pool_size=3, max_overflow=1)
TAKES_24 = Spec("web", 2, processes=2, pool_size=3, max_overflow=1, surge=1)
WITHOUT_LIMIT = [(0, 0), (0, 1), (0, -1), (1, -1)]
RESERVES = list(cases.LOWEST["usable_slots"])
FIELDS = Spec._fields[1:]
FAR_TOO_LOW = [(name, cases.NEEDED[name] | {field: -7}) for name, low in cases.LOWEST.items() for field in low]

LARGEST_SHARED = 256  # of the ints that CPython has once only

# Why a count is what it is.
OVERFLOW: Advice = (
    "Under load every pool opens its overflow too, and the database counts them all.",
    "Count at the worst second, not on a quiet day: how many does one pool lend then?",
    "pool_size is what a pool keeps, not what it may open; which setting comes on top of it?",
)
INSTANCES: Advice = (
    "Every instance has pools of its own, so what one instance takes is taken as often as there are instances.",
    "How many pools are there?",
    "Multiply what one pool lends by the number of pools.",
)
EACH_OVERFLOW: Advice = (
    "Every instance has pools of its own, and each of them opens its own overflow: both settings are multiplied.",
    "Which part of your formula is multiplied by the instances, and which is added once?",
    "Say first what one pool lends, overflow included; then multiply that by the number of pools.",
)
DEFAULTS: Advice = (
    "The defaults are SQLAlchemy's: pool_size 5 and max_overflow 10. Each holds whatever is said of the other.",
    "What does one pool lend if neither of its two settings is given?",
    "A default is a number in the signature; it does not follow from another argument.",
)
PROCESSES: Advice = (
    "A pool lives in a process, not in an instance: an instance with 4 workers has 4 pools.",
    "How many pools does one instance have?",
    "Multiply by the processes of an instance as well.",
)
SURGE: Advice = (
    "During a rolling deploy the surge instances are alive next to the steady ones, with as many processes each.",
    "How many instances are alive at the worst second of a deploy?",
    "A deploy adds whole instances: add the surge to the instances before you multiply.",
)
IDLE: Advice = (
    "After the burst and the deploy each pool of a steady instance keeps pool_size connections. Nothing else stays.",
    "Whose connections are still open then, and which of them?",
    "Multiply instances, processes and pool_size.",
)
IDLE_SURGE: Advice = (
    "When the deploy is over, the surge instances are gone, and their connections with them.",
    "Which instances are still alive after the deploy?",
    "Count the steady instances only.",
)
IDLE_OVERFLOW: Advice = (
    "A pool closes its overflow connections when they come back. What stays open is pool_size.",
    "Which connections does a pool keep after a burst, and which does it close?",
    "Leave max_overflow out of what stays.",
)
ANEW: Advice = (
    "Each service is counted by its own fields. Once it is gone, the next one may get its id, and what is kept by id.",
    "What does your function remember of earlier calls, and by which key?",
    "Keep nothing between calls, or keep it by the fields of the service.",
)
SAME_NAME: Advice = (
    "Two services may have the same name: each is counted by its own fields.",
    "By what does your function find the settings of the service that it was given?",
    "Read the fields of the service itself, and keep nothing by its name.",
)
UNLIMITED: Advice = (
    "pool_size 0 or max_overflow -1 lifts the limit of each pool, whatever the other is. The peak is then None.",
    "Which two settings take the limit away?",
    "Look for both before you calculate: 0 and -1 are not numbers to add or multiply here.",
)
MISTYPED: Advice = (
    "A count is an int: a float that equals it is shown in another way, and is no longer exact when it is large.",
    "Which type do the annotations promise, and what gives another one?",
    "Calculate with ints only; // divides ints, / makes a float.",
)
NOBODY: Advice = (
    "Where no instance is alive, no pool is: the count is 0, even if the pools have no limit.",
    "What is an unlimited pool times 0 instances?",
    "Look whether any instance is alive before you look at the limit.",
)
UNLIMITED_SURGE: Advice = (
    "Instances of the surge have pools as well. If these have no limit, the peak has no bound, even without any other.",
    "Which instances can hold connections during a deploy?",
    "Look at instances and surge together.",
)
KEPT_WITHOUT_LIMIT: Advice = (
    "What a pool may lend and what it keeps are two questions: with max_overflow -1 it still keeps pool_size, no more.",
    "Does either of the two settings without a limit change what a pool keeps?",
    "Only pool_size 0 keeps everything. max_overflow never counts for what stays.",
)
ALL_STAY: Advice = (
    "pool_size 0 keeps every connection that comes back, so what stays open after a burst has no bound: None.",
    "How many connections does a pool without a size close?",
    "Look for pool_size 0 before you multiply by it.",
)
NO_INSTANCES_FIT: Advice = (
    "A pool without a limit fits into no number of slots, so the most instances that fit are 0.",
    "How many slots are enough for a pool without a limit?",
    "Answer 0 for a pool without a limit before you divide or count.",
)
NEVER_FITS: Advice = (
    "A service without a bound never fits, however many slots there are.",
    "Is there a number of slots into which such a service is sure to fit?",
    "A peak of None is not 0: one such service makes the answer False.",
)
NOTHING_FITS: Advice = (
    "A peak of 0 is a number like any other, and fits. Only a peak of None does not.",
    "How do you tell 0 from None?",
    "In Python both count as false: ask whether the peak is None.",
)
USABLE: Advice = (
    "PostgreSQL keeps superuser_reserved and reserved slots for itself, and both come out of max_connections.",
    "What does PostgreSQL keep for itself?",
    "Subtract both reserves. The defaults are 100, 3 and 0.",
)
BY_POSITION: Advice = (
    "Callers may give the arguments by position, so their order is part of the function.",
    "In which order does the stub name the parameters?",
    "Keep the parameters in the order of the stub.",
)
SUM: Advice = (
    "All services may deploy at the same time, and the database has one budget: their peaks add up, surges included.",
    "Can several services be at their worst at once?",
    "Compare the sum of all peaks with the slots, each with its own surge.",
)
LAST_SLOT: Advice = (
    "The last free slot is free like any other: a sum of exactly n fits into n.",
    "What if the sum is just the number of slots?",
    "At most is less or equal: compare the numbers by <=.",
)
LARGE_SUM: Advice = (
    "A sum of exactly n fits, however large n is: equal ints above 256 may be two objects, so `is` tells them apart.",
    "Small sums fit, and this one does not: how does your function compare the two numbers?",
    "`is` asks for one object; numbers are compared by ==, < and <=.",
)
KEPT_LIST: Advice = (
    "The list belongs to the caller, and may be asked about again: a question leaves it as it was.",
    "What does your function take out of the list that it was given, and who else holds that list?",
    "Go through the services without a change, or work on a copy.",
)
LONG_LIST: Advice = (
    "A list may name 2,000 services: a function that calls itself for each of them ends in a RecursionError.",
    "What grows with each service of the list, and is there a number at which your function stops?",
    "Go through the services in a loop, or let sum do it.",
)
TWICE: Advice = (
    "A service that is named twice deploys twice: its peak is added as often as it is named.",
    "In what do you collect the services or their peaks? A set, and the keys of a dict, hold each only once.",
    "Add up while you go through the list, and keep nothing by service.",
)
NO_SERVICE: Advice = (
    "No service takes no slot, so an empty list fits, and so does a service without an instance.",
    "How much is the sum of nothing?",
    "Let the sum decide; no special case is needed.",
)
SEQUENCE: Advice = (
    "Any sequence of services will do, a tuple as well as a list.",
    "Which operations of a list does your function use?",
    "Only go through the services.",
)
PAIRS: Advice = (
    "Each user/database pair has a pool of its own in PgBouncer, of default_pool_size connections: 20 if not given.",
    "How many pools does PgBouncer have, and how large is each?",
    "Multiply the pairs by the size of one pool.",
)
NO_PAIRS: Advice = (
    "Where there is no user/database pair, PgBouncer has no pool and opens nothing, whatever the cap is.",
    "How many pools are there without a pair?",
    "Let the product decide; no special case is needed.",
)
NO_SIZE: Advice = (
    "A size that is given as 0 is 0. Only an argument that is not given has its default.",
    "What is false for Python, and is it the same as not given?",
    "Let the signature hold the default, and use what comes as it is.",
)
PAIRS_RESERVE: Advice = (
    "Under load each pair may open its reserve on top of its pool.",
    "To what does the reserve belong: to a pair, or to the database?",
    "Add the reserve to the size of one pool before you multiply.",
)
CAP: Advice = (
    "max_db_connections caps the sum over all pairs, reserves included: it is the whole database's, not a pair's.",
    "What is it that the cap limits?",
    "Multiply first, and then take the smaller one of the sum and the cap, also for a single pair.",
)
CAP_IGNORED: Advice = (
    "max_db_connections is the most that PgBouncer opens to the database, even if the pairs would open more.",
    "Which argument has no part in your answer?",
    "Take the smaller one of the sum and the cap, also for a single pair.",
)
CAP_PER_PAIR: Advice = (
    "max_db_connections is the whole database's, not a pair's: all pairs together open no more than that.",
    "Do you apply the cap to one pair, or to the sum over all pairs?",
    "Multiply by the pairs first, and take the smaller one of the sum and the cap then.",
)
CAP_BEFORE_RESERVES: Advice = (
    "max_db_connections includes the reserves: what the pairs open under load does not come on top of it.",
    "What do you add after you have applied the cap?",
    "Add the reserve to the size of one pool, multiply by the pairs, and apply the cap last.",
)
CAP_IS_NO_GOAL: Advice = (
    "max_db_connections is a limit, not a number to reach: the pairs open no more than their pools allow.",
    "Is the cap the answer, also where the pairs together open less?",
    "Take the smaller one of the sum and the cap.",
)
NO_CAP: Advice = (
    "max_db_connections 0 means that there is no cap, and the sum stays as it is.",
    "What does 0 mean for PgBouncer?",
    "Apply the cap only if it is above 0.",
)
INVERSE: Advice = (
    "max_instances is the peak turned around: with the answer the peak fits the slots, with one more it does not.",
    "How many slots does one instance take at the worst second, with all its processes and their overflow?",
    "Put your answer into the peak, then one more: which of the two fits?",
)
EXACT: Advice = (
    "An instance that fills the slots to the last one still fits.",
    "What if the slots are just a multiple of what one instance takes?",
    "Put your answer into the peak, then one more: which of the two fits?",
)
MANY_INSTANCES: Advice = (
    "The answer may be 2,000: a function that calls itself for each instance ends in a RecursionError.",
    "What grows with each instance that fits, and is there a number at which your function stops?",
    "Calculate the number, or count in a loop that ends only when the peak no longer fits.",
)
MANY_POOLS: Advice = (
    "There may be 2,000,000 instances: a function that calls itself for each of them ends in a RecursionError.",
    "What grows with each instance or process, and is there a number at which your function stops?",
    "Multiply, or count in a loop.",
)
NO_LARGEST_INT: Advice = (
    "ints have no largest, and // divides them exactly: floats, infinities, Decimals and C sizes end somewhere.",
    "Which step of yours gives or takes something else than an int?",
    "Calculate with ints only, by +, -, * and //; count instances, not slots.",
)
SURGE_FIRST: Advice = (
    "The surge is alive during the deploy as well: it takes its slots first, the steady instances get the rest.",
    "How many instances fit in all, and how many of them are the surge?",
    "Subtract the surge from the number that fits.",
)
NOT_NEGATIVE: Advice = (
    "If not even one instance fits next to the surge, the answer is 0. A negative number of instances does not exist.",
    "What does your formula give if the surge alone takes more than there is?",
    "Nothing below 0 is an answer.",
)
ALIVE_NOW: Advice = (
    "The question is how many instances could be alive, so how many the service has now does not matter, not even 0.",
    "Which field of the service has no part in the answer?",
    "Take what one instance would use, not what the service uses now.",
)
UNCHANGED: Advice = (
    "A question about a service leaves the service as it was: others still hold it.",
    "Do you count up in the service itself?",
    "Build another service for each number that you try, or calculate.",
)


def built(submission: Submission, *specs: Spec) -> list[Any]:
    """Build the services; none if one without an instance, with more surge or vast is refused: the last criterion's."""
    odd = any(spec.instances == 0 or spec.surge > spec.instances or spec.pool_size >= VAST for spec in specs)
    with tolerating("ValueError") if odd else because(*ALLOWED):
        return [service(submission, spec) for spec in specs]
    return []


@contextmanager
def allowed() -> Iterator[None]:
    """Say of a ValueError in the block that nothing there is forbidden: it is not a wrong answer: there is none."""
    try:
        yield
    except Exception as error:
        remote = remote_of(error.__cause__ or error)
        if remote is None or remote.type != "ValueError":
            raise
        with because(*ALLOWED):
            raise


def must_count(
    submission: Submission, count: str, spec: Spec, expected: int | None, why: Advice, twin: Spec | None = None
) -> None:
    """Ask for the peak or what stays idle; what is wrong for the twin, too, is another criterion's."""
    for s in built(submission, spec):
        with because(*why), gives(expected):
            found = getattr(submission, count)(s)
        if found == exactly(expected) or (twin is not None and not counts_right(submission, count, twin)):
            continue
        mistyped = type(found) in (float, bool) and found == expected
        # A type that is wrong for a single pool as well has cost a criterion there.
        if not mistyped or spec == alone(spec) or counts_right(submission, count, alone(spec)):
            with because(*(MISTYPED if mistyped else why)):
                assert found == exactly(expected)


def counts_right(submission: Submission, count: str, spec: Spec) -> bool:
    """Whether the peak, or what stays idle, is right for a service; asked without being shown."""
    expected = oracle.peak(spec) if count == "peak_connections" else oracle.idle(spec)
    return holds(submission, lambda: getattr(submission, count)(service(submission, spec)) == exactly(expected))


def why_peak(spec: Spec) -> Advice:
    """Return what the peak of a service with a limit is about."""
    if spec.instances + spec.surge == 0:
        return NOBODY
    if spec.surge:
        return SURGE
    if spec.processes > 1:
        return PROCESSES
    if spec.instances > 1:
        return EACH_OVERFLOW if spec.max_overflow else INSTANCES
    return OVERFLOW


def why_idle(spec: Spec) -> Advice:
    """Return what the idle connections of a service with a limit are about."""
    if bool(spec.surge) is not bool(spec.max_overflow):
        return IDLE_SURGE if spec.surge else IDLE_OVERFLOW
    return PROCESSES if spec.processes > 1 and not spec.surge else IDLE


@criterion(
    "The peak counts overflow",
    points=20,
    because=OVERFLOW[0],
    hints=OVERFLOW[1:],
    examples=40,
)
@given(spec=services(processes=cases.one, surge=cases.none))
@examples_of(spec=[Spec("web", 1, pool_size=4, max_overflow=2), Spec("web", 1, pool_size=6, max_overflow=0)])
@examples_of(spec=[Spec("web", 3, pool_size=6, max_overflow=0), Spec("web", 2, pool_size=1, max_overflow=1)])
@examples_of(spec=[Spec("web", 10, pool_size=10, max_overflow=20)])
@examples_of(spec=[Spec("web", 1, pool_size=1, max_overflow=1_000)])
def peak_counts_overflow(submission: Submission, spec: Spec) -> None:
    must_count(submission, "peak_connections", spec, oracle.peak(spec), why_peak(spec))


@peak_counts_overflow.also(because=DEFAULTS[0], hints=DEFAULTS[1:], examples=1)
@given(said=st.just({}))
# Each default of its own: no default may follow from what is said of the other.
@examples_of(said=[{}, {"pool_size": 1}, {"max_overflow": 0}])
def defaults_are_those_of_sqlalchemy(submission: Submission, said: Settings) -> None:
    s = submission.Service("web", 1, **said)
    expected = oracle.peak(Spec("web", 1, **said))
    with gives(expected):
        assert submission.peak_connections(s) == exactly(expected)


@criterion(
    "Processes multiply, surge adds",
    points=15,
    because=PROCESSES[0],
    hints=PROCESSES[1:],
    examples=40,
)
@given(spec=services(limit=cases.without_overflow))
@examples_of(spec=[Spec("web", 1, processes=2, pool_size=3, max_overflow=0), Spec("web", 2, 4, 3, 0)])
@examples_of(spec=[Spec("web", 1, pool_size=3, max_overflow=0, surge=1), Spec("web", 1, 1, 3, 0, surge=2)])
@examples_of(spec=[Spec("web", 1, processes=2, pool_size=1, max_overflow=0, surge=1), Spec("web", 3, 2, 4, 0, surge=2)])
@examples_of(spec=[Spec("web", 0, 1, 4, 0)])
@examples_of(spec=[Spec("web", 0, 1, 1, 0, surge=1), Spec("web", 0, 2, 4, 0, surge=3), Spec("web", 40, 8, 20, 0, 10)])
def processes_multiply_surge_adds(submission: Submission, spec: Spec) -> None:
    must_count(submission, "peak_connections", spec, oracle.peak(spec), why_peak(spec), alone(spec))


def alone(spec: Spec) -> Spec:
    """Return a service with one such pool."""
    return spec._replace(instances=1, processes=1, surge=0)


@processes_multiply_surge_adds.also(examples=40, because=IDLE[0], hints=IDLE[1:])
@given(spec=services())
@examples_of(
    spec=[Spec("web", 1, pool_size=3, max_overflow=0), Spec("web", 2, processes=4, pool_size=3, max_overflow=0)]
)
@examples_of(spec=[Spec("web", 1, pool_size=3, max_overflow=0, surge=1), Spec("web", 1, pool_size=3, max_overflow=2)])
@examples_of(spec=[Spec("web", 0, 1, 1, 2, surge=1), Spec("web", 0, 1, 4, 0), Spec("web", 0, 2, 4, 0, surge=3)])
@examples_of(spec=[Spec("web", 3, 2, 4, 0, surge=2), Spec("web", 1, 1, 1, 101), Spec("web", 40, 8, 20, 0, surge=10)])
def what_stays_is_steady(submission: Submission, spec: Spec) -> None:
    must_count(submission, "idle_connections", spec, oracle.idle(spec), why_idle(spec))


@processes_multiply_surge_adds.also(examples=20)
@given(spec=services())
@examples_of(spec=[Spec("web", 1, processes=2, pool_size=3, max_overflow=2), Spec("web", 2, 1, 3, 2)])
@examples_of(spec=[Spec("web", 1, 1, 3, 2, surge=1), Spec("web", 0, 1, 3, 2, surge=1), Spec("web", 1, 1, 1, 101)])
def every_pool_lends_alike(submission: Submission, spec: Spec) -> None:
    # As often as one pool of their own lends: whether that counts its overflow is another question.
    pools = (spec.instances + spec.surge) * spec.processes
    each: object = None
    with submission.aside(), tolerating():
        each = submission.peak_connections(service(submission, alone(spec)))
    if type(each) is not int:
        return
    must_count(submission, "peak_connections", spec, each * pools, why_peak(spec))


@processes_multiply_surge_adds.also(because=ANEW[0], hints=ANEW[1:], examples=1)
@given(count=st.just("peak_connections"))
@examples_of(count=["peak_connections", "idle_connections"])
def a_new_service_is_counted_anew(submission: Submission, count: str) -> None:
    # Each is gone when the next is built, which may then get the same id.
    new = f"{count}(Service('web', n, pool_size=1, max_overflow=0))"
    submission.define(f"def each(numbers): return [{new} for n in numbers]")
    with gives([1, 2, 3]):
        assert submission.each([1, 2, 3]) == [1, 2, 3]


@processes_multiply_surge_adds.also(because=SAME_NAME[0], hints=SAME_NAME[1:], examples=1)
@given(count=st.just("peak_connections"))
@examples_of(count=["peak_connections", "idle_connections"])
def services_may_share_a_name(submission: Submission, count: str) -> None:
    one, other = (Spec("web", number, pool_size=1, max_overflow=0) for number in (1, 2))
    if counts_right(submission, count, one):
        first, _ = built(submission, one, other)
        with gives(1):
            assert getattr(submission, count)(first) == exactly(1)


def bounded(spec: Spec) -> Spec:
    """Return a service with as many pools, but with a limit; with overflow where that is what has none."""
    return spec._replace(pool_size=spec.pool_size or 1, max_overflow=2 if spec.pool_size else 0)


@criterion(
    "Unlimited pools have no bound",
    points=10,
    because=UNLIMITED[0],
    hints=UNLIMITED[1:],
    examples=20,
)
@given(spec=services(limit=cases.without_limit))
@examples_of(spec=[Spec("web", n, 1, *limit) for n in (1, 0) for limit in WITHOUT_LIMIT])
@examples_of(spec=[Spec("web", 0, 1, *limit, surge=1) for limit in WITHOUT_LIMIT])
def unlimited_pools(submission: Submission, spec: Spec) -> None:
    why = UNLIMITED if spec.instances else UNLIMITED_SURGE if spec.surge else NOBODY
    must_count(submission, "peak_connections", spec, oracle.peak(spec), why, bounded(spec))


@unlimited_pools.also(examples=20)
@given(spec=services(limit=cases.without_limit))
@examples_of(spec=[Spec("web", n, 1, *limit) for n in (1, 0) for limit in WITHOUT_LIMIT])
@examples_of(spec=[Spec("web", 0, 1, *limit, surge=1) for limit in WITHOUT_LIMIT])
@examples_of(spec=[Spec("web", 2, 3, 3, -1), Spec("web", 2, 1, 3, -1, surge=1)])
def what_stays_without_limit(submission: Submission, spec: Spec) -> None:
    kept = KEPT_WITHOUT_LIMIT if spec.pool_size else ALL_STAY
    why = kept if spec.instances else IDLE_SURGE if spec.surge else NOBODY
    must_count(submission, "idle_connections", spec, oracle.idle(spec), why, bounded(spec))


@unlimited_pools.also(examples=20, because=NO_INSTANCES_FIT[0], hints=NO_INSTANCES_FIT[1:])
@given(spec=services(limit=cases.without_limit), slots=st.integers(0, LARGEST_SLOTS))
@examples_of(*({"spec": Spec("web", n, 1, *limit), "slots": 100} for n in (1, 0) for limit in WITHOUT_LIMIT))
@examples_of({"spec": Spec("web", 2, pool_size=0), "slots": 0})
def no_instance_fits_without_limit(submission: Submission, spec: Spec, slots: int) -> None:
    for s in built(submission, spec):
        with gives(0):
            found = submission.max_instances(s, slots=slots)
            # The inverse of a peak that is wrong costs the criterion of that peak.
            if found != exactly(0) and not inverse_of_their_own(submission, spec, slots, found):
                assert found == exactly(0)


@unlimited_pools.also(examples=30, because=NEVER_FITS[0], hints=NEVER_FITS[1:])
@given(
    spec=services(limit=cases.without_limit),
    others=st.lists(services(cases.one, cases.none, cases.without_overflow), max_size=3),
)
@examples_of(
    *({"spec": Spec("web", n, 1, *limit), "others": []} for n, limit in ((1, (4, -1)), (1, (0, 10)), (0, (4, -1))))
)
@examples_of(*({"spec": Spec("web", n, 1, 0), "others": [Spec("api", 2, max_overflow=0)]} for n in (3, 0)))
def unlimited_never_fits(submission: Submission, spec: Spec, others: list[Spec]) -> None:
    # Many more slots than the others can take, however they are counted.
    specs = [*others[:1], spec, *others[1:]]
    expected = oracle.fits(specs, LARGEST_SLOTS)
    if found := built(submission, *specs):
        with because(*(NOBODY if expected else NEVER_FITS)), gives(expected):
            fits = submission.fits(found, slots=LARGEST_SLOTS)
            # A peak that is wrong, and whether a service that takes nothing fits at all, are judged elsewhere.
            here = counts_right(submission, "peak_connections", spec) if fits != exactly(expected) else False
            if here and (not expected or nothing_fits(submission)):
                assert fits == exactly(expected)


@unlimited_pools.also(examples=1, because=NEVER_FITS[0], hints=NEVER_FITS[1:])
@given(spec=st.just(Spec("web", 1, pool_size=0)))
@examples_of(spec=[Spec("web", 1, 1, *limit) for limit in WITHOUT_LIMIT])
def unlimited_fits_no_number(submission: Submission, spec: Spec) -> None:
    for s in built(submission, spec):
        with gives(False):
            fits = submission.fits([s], slots=BEYOND)
            # A peak that is wrong is judged elsewhere.
            if fits != exactly(False) and counts_right(submission, "peak_connections", spec):
                assert fits == exactly(False)
        with because(*NO_INSTANCES_FIT), gives(0):
            found = submission.max_instances(s, slots=BEYOND)
            if found != exactly(0) and not inverse_of_their_own(submission, spec, BEYOND, found):
                assert found == exactly(0)


def nothing_fits(submission: Submission) -> bool:
    """Whether a service without an instance fits; asked without being shown."""
    without = Spec("web", 0, pool_size=1, max_overflow=0)
    return holds(submission, lambda: submission.fits([service(submission, without)], slots=0))


@criterion(
    "Usable slots, sums of services, PgBouncer",
    points=15,
    because=USABLE[0],
    hints=USABLE[1:],
    examples=40,
)
@given(settings=cases.settings_of("usable_slots"))
@examples_of(settings=[{}, *({name: 40} for name in RESERVES)])
@examples_of(settings=[dict(zip(RESERVES, some, strict=True)) for some in ((20, 2, 7), (10, 7, 2), (9, 0, 1))])
def slots_and_sums(submission: Submission, settings: Settings) -> None:
    expected = oracle.usable(**settings)
    with allowed(), gives(expected):
        assert submission.usable_slots(**settings) == exactly(expected)


@slots_and_sums.also(examples=60, because=SUM[0], hints=SUM[1:])
@given(specs=st.lists(services(), max_size=4), spare=cases.around)
@examples_of(*({"specs": [TAKES_8], "spare": spare} for spare in (0, -1)))
@examples_of(*({"specs": [Spec("web", 1, 1, 1, 0), Spec("api", 1, 1, 1, 0)], "spare": spare} for spare in (0, -1)))
@examples_of(*({"specs": [Spec("web", 2), other], "spare": -1} for other in (Spec("api", 1), Spec("web", 2))))
@examples_of({"specs": [], "spare": 0}, {"specs": [Spec("web", 1, 1, 1, 0)] * 2, "spare": 0})
@examples_of({"specs": [Spec("web", 10, processes=2, surge=1), Spec("api", 1)], "spare": 0})
@examples_of({"specs": [Spec("web", 2, surge=2), Spec("api", 2, surge=2)], "spare": -1})
def services_share_the_slots(submission: Submission, specs: list[Spec], spare: int) -> None:
    found = [service(submission, spec) for spec in specs]
    # By peaks of their own: whether those are right is another question.
    peaks = [oracle.peak(spec) or 0 for spec in specs]
    with submission.aside(), tolerating():
        own = [submission.peak_connections(s) for s in found]
        peaks = own if all(type(peak) is int for peak in own) else peaks
    slots = max(0, min(sum(peaks) + spare, LARGEST_SLOTS))
    expected = sum(peaks) <= slots
    with because(*(why_fits(peaks, slots) if expected else SUM)), gives(expected):
        assert submission.fits(found, slots=slots) == exactly(expected)


def why_fits(peaks: list[int], slots: int) -> Advice:
    """Return why these peaks fit."""
    if not sum(peaks):
        return NO_SERVICE
    if sum(peaks) != slots:
        return SUM
    return LAST_SLOT if slots <= LARGEST_SHARED else LARGE_SUM


@slots_and_sums.also(examples=1, because=NO_SERVICE[0], hints=NO_SERVICE[1:])
@given(others=st.just(0))
@examples_of(others=[0, 1])
def nobody_takes_nothing(submission: Submission, others: int) -> None:
    without = Spec("web", 0, pool_size=1, max_overflow=0)
    # A refusal of it, or a peak that is not 0, costs another criterion.
    found = built(submission, without, *[Spec("api", 1, pool_size=1, max_overflow=0)] * others)
    if found and holds(submission, lambda: submission.peak_connections(found[0]) == 0):
        with because(*(SUM if others else NOTHING_FITS)), gives(not others):
            assert submission.fits(found, slots=0) == exactly(not others)


@slots_and_sums.also(because=TWICE[0], hints=TWICE[1:])
def the_same_service_twice_is_two(submission: Submission) -> None:
    s = service(submission, Spec("web", 1, pool_size=1, max_overflow=0))
    with gives(False):
        assert submission.fits([s, s], slots=1) == exactly(False)


@slots_and_sums.also(because=ANEW[0], hints=ANEW[1:])
def a_new_list_is_counted_anew(submission: Submission) -> None:
    # Each service is gone when the next is built, which may then get the same id.
    new = "fits([Service('web', n, pool_size=1, max_overflow=0)], slots=2)"
    submission.define(f"def each_fits(numbers): return [{new} for n in numbers]")
    # What is wrong for one alone costs another check.
    if fits_right(submission, 3, 2) and fits_right(submission, 1, 2):
        with gives([False, True, False]):
            assert submission.each_fits([3, 1, 4]) == [False, True, False]


def fits_right(submission: Submission, instances: int, slots: int) -> bool:
    """Whether the answer is right for so many pools of one connection; asked without being shown."""
    spec = Spec("web", instances, pool_size=1, max_overflow=0)
    fits = exactly(instances <= slots)
    return holds(submission, lambda: submission.fits([service(submission, spec)], slots=slots) == fits)


@slots_and_sums.also(because=KEPT_LIST[0], hints=KEPT_LIST[1:])
def a_list_stays_as_it_was(submission: Submission) -> None:
    s = service(submission, Spec("web", 1, pool_size=1, max_overflow=0))
    submission.define("def left(services): fits(services, slots=9); return len(services)")
    with gives(2):
        assert submission.left([s, s]) == 2


@slots_and_sums.also(because=LONG_LIST[0], hints=LONG_LIST[1:], examples=1)
@given(spare=st.just(0))
@examples_of(spare=[0, -1])
def a_list_may_be_long(submission: Submission, spare: int) -> None:
    s = service(submission, Spec("web", 1, pool_size=1, max_overflow=0))
    submission.define("def all_fit(s, times, slots): return fits([s] * times, slots=slots)")
    # What is wrong for two services, or for so many slots, costs another check.
    if holds(submission, lambda: submission.all_fit(s, 2, 2 + spare) == exactly(spare == 0)):
        with gives(spare == 0):
            assert submission.all_fit(s, cases.LARGEST_LIST, cases.LARGEST_LIST + spare) == exactly(spare == 0)


@slots_and_sums.also(because=SEQUENCE[0], hints=SEQUENCE[1:])
def a_tuple_of_services(submission: Submission) -> None:
    s = service(submission, Spec("web", 1, pool_size=1, max_overflow=0))
    with gives(True):
        assert submission.fits((s, s), slots=2) == exactly(True)


@slots_and_sums.also(examples=50, because=PAIRS[0], hints=PAIRS[1:])
@given(settings=cases.settings_of("pgbouncer_servers"))
@examples_of(settings=[{"pairs": 3}, {"pairs": 3, "default_pool_size": 5}, {"pairs": 3, "reserve_pool_size": 15}])
@examples_of(
    settings=[
        # Each mistake about the cap gives another number.
        {"pairs": 1, "default_pool_size": 1, "max_db_connections": 2},
        {"pairs": 2, "default_pool_size": 2, "max_db_connections": 1},
        {"pairs": 3, "default_pool_size": 4, "reserve_pool_size": 2, "max_db_connections": 5},
        {"pairs": 3, "max_db_connections": 15},
        {"pairs": 1, "default_pool_size": 2, "max_db_connections": 1},
    ]
)
@examples_of(settings=[{"pairs": 15}, {"pairs": 3, "default_pool_size": 15}])
@examples_of(settings=[{"pairs": 3, "default_pool_size": 5, "max_db_connections": 0}])
@examples_of(settings=[{"pairs": 3, "reserve_pool_size": 4, "max_db_connections": cap} for cap in (61, 80)])
@examples_of(settings=[{"pairs": 0, "max_db_connections": 4}])
@examples_of(settings=[{"pairs": 1, "default_pool_size": 0, "reserve_pool_size": 1}])
@examples_of(settings=[{"pairs": 1, "default_pool_size": 2, "max_db_connections": 2}])
def pgbouncer_servers(submission: Submission, settings: Settings) -> None:
    expected = oracle.servers(**settings)
    with allowed(), gives(expected):
        found = submission.pgbouncer_servers(**settings)
    with because(*why_servers(settings, found)):
        assert found == exactly(expected)


def why_servers(settings: Settings, found: object) -> Advice:
    """Return what the number of PgBouncer's server connections is about. found: the answer that is wrong."""
    if not settings["pairs"]:
        return NO_PAIRS
    if settings.get("max_db_connections", 0):
        return why_cap(**settings, found=found)
    if found == exactly(0):
        return NO_CAP
    if settings.get("default_pool_size") == 0:
        return NO_SIZE
    return PAIRS_RESERVE if settings.get("reserve_pool_size") else PAIRS


def why_cap(
    pairs: int, max_db_connections: int, found: object, default_pool_size: int = 20, reserve_pool_size: int = 0
) -> Advice:
    """Return what a wrong answer says of the cap; the general rule if it may come of several mistakes, or of none."""
    cap, size, reserve = max_db_connections, default_pool_size, reserve_pool_size
    answers = (
        (CAP_IS_NO_GOAL, [cap]),
        (CAP_IGNORED, [pairs * (size + reserve)]),
        (CAP_PER_PAIR, [pairs * min(size + reserve, cap), pairs * (min(size, cap) + reserve)]),
        (CAP_BEFORE_RESERVES, [min(pairs * size, cap) + each for each in (pairs * reserve, reserve)]),
    )
    fitting = [why for why, numbers in answers if type(found) is int and found in numbers]
    return fitting[0] if len(fitting) == 1 else CAP


@slots_and_sums.also(because=BY_POSITION[0], hints=BY_POSITION[1:], examples=1)
@given(call=st.just(("usable_slots", (9, 1))))
@examples_of(call=[(name, settings) for name in cases.BY_POSITION for settings in cases.BY_POSITION[name]])
def settings_have_their_order(submission: Submission, call: tuple[str, tuple[int, ...]]) -> None:
    name, settings = call
    expected = oracle.usable(*settings) if name == "usable_slots" else oracle.servers(*settings)
    with allowed(), gives(expected):
        assert getattr(submission, name)(*settings) == exactly(expected)


@criterion(
    "max_instances is the inverse of the peak",
    points=15,
    because=INVERSE[0],
    hints=INVERSE[1:],
    examples=60,
)
@given(spec=services(), spare=cases.around)
@examples_of(*({"spec": TAKES_8, "spare": spare} for spare in (4, 3, 5, -4, -5, -8)))
@examples_of({"spec": Spec("web", 1, processes=2, pool_size=3, max_overflow=1), "spare": 9})
@examples_of(*({"spec": TAKES_8._replace(surge=2), "spare": spare} for spare in (4, 3, -9)))
@examples_of({"spec": Spec("web", 1, processes=2, surge=1), "spare": 37})
@examples_of({"spec": Spec("web", 1, pool_size=1, max_overflow=0), "spare": LARGEST_SLOTS})
def max_instances_is_the_inverse(submission: Submission, spec: Spec, spare: int) -> None:
    slots = cases.slots_around([spec], spare)
    s = service(submission, spec)
    expected = oracle.max_instances(spec, slots)
    with because(*why_most(spec, slots, expected)), gives(expected):
        found = submission.max_instances(s, slots=slots)
        # The inverse of a peak that is wrong costs the criterion of that peak.
        if found != exactly(expected) and not inverse_of_their_own(submission, spec, slots, found):
            assert found == exactly(expected)


def inverse_of_their_own(submission: Submission, spec: Spec, slots: int, found: Any) -> bool:
    """Whether their own peak of so many instances fits, that of one more does not, and one of the two is wrong."""
    if type(found) is not int or not 0 <= found <= LARGEST_SLOTS:
        return False
    around = [spec._replace(instances=found + more) for more in (0, 1)]
    if all(counts_right(submission, "peak_connections", each) for each in around):
        return False

    def turned_around() -> bool:
        fits, too_much = (submission.peak_connections(service(submission, each)) for each in around)
        return bool(fits <= slots < too_much)

    return holds(submission, turned_around)


def why_most(spec: Spec, slots: int, expected: int) -> Advice:
    """Return what the most instances in so many slots are about."""
    each = oracle.peak(spec._replace(instances=1, surge=0)) or 1
    if each * spec.surge > slots:
        return NOT_NEGATIVE
    if spec.surge:
        return SURGE_FIRST
    if expected == LARGEST_SLOTS:
        return MANY_INSTANCES
    return EXACT if each * expected == slots > 0 else INVERSE


@max_instances_is_the_inverse.also(because=ALIVE_NOW[0], hints=ALIVE_NOW[1:], examples=1)
@given(surge=st.just(0))
@examples_of(surge=[0, 1])
def the_number_now_does_not_matter(submission: Submission, surge: int) -> None:
    spec = Spec("web", 0, pool_size=1, max_overflow=0, surge=surge)
    for s in built(submission, spec):
        expected = oracle.max_instances(spec, 2)
        with gives(expected):
            found = submission.max_instances(s, slots=2)
            if found != exactly(expected) and not inverse_of_their_own(submission, spec, 2, found):
                assert found == exactly(expected)
        with because(*UNCHANGED):
            assert s.instances == exactly(0)


@max_instances_is_the_inverse.also(because=UNCHANGED[0], hints=UNCHANGED[1:], examples=1)
@given(slots=st.just(5))
@examples_of(slots=[0, 5, 9, 30])  # no surge fits, and one; no instance, and some
def the_number_now_stays(submission: Submission, slots: int) -> None:
    for s in built(submission, Spec("web", 7, pool_size=3, max_overflow=1, surge=2)):
        with tolerating():  # What it gives is another check's.
            submission.max_instances(s, slots=slots)
        assert s.instances == exactly(7)


@max_instances_is_the_inverse.also(because=ANEW[0], hints=ANEW[1:], examples=1)
@given(same_id=st.just(True))
@examples_of(same_id=[True, False])
def a_new_service_has_its_own_most(submission: Submission, same_id: bool) -> None:
    specs = [Spec("web", 1, pool_size=size, max_overflow=0) for size in (1, 2, 3)]
    # The inverse of a peak that is wrong costs the criterion of that peak.
    if not all(counts_right(submission, "peak_connections", spec) for spec in specs):
        return
    if same_id:
        # Each is gone when the next is built, which may then get the same id.
        new = "max_instances(Service('web', 1, pool_size=size, max_overflow=0), slots=6)"
        submission.define(f"def most(sizes): return [{new} for size in sizes]")
        with gives([6, 3, 2]):
            assert submission.most([1, 2, 3]) == [6, 3, 2]
        return
    first, _ = built(submission, *specs[:2])
    with because(*SAME_NAME), gives(6):
        assert submission.max_instances(first, slots=6) == exactly(6)


@max_instances_is_the_inverse.also(because=NO_LARGEST_INT[0], hints=NO_LARGEST_INT[1:], examples=1)
@given(size=st.just(VAST), spare=st.just(0))
@examples_of(*({"size": size, "spare": spare} for size in (10**17, VAST + 1) for spare in (-1, 0)))
def instances_may_be_vast(submission: Submission, size: int, spare: int) -> None:
    # A service that takes so much in one instance, whichever of its settings are forgotten.
    spec = Spec("web", 1, pool_size=size, max_overflow=0)
    expected = 3 if spare == 0 else 2
    # What is wrong for a small service as well is another check's, or another criterion's.
    if counts_right(submission, "peak_connections", TAKES_24) and holds(submission, lambda: three_fit(submission)):
        for s in built(submission, spec):
            with gives(expected):
                assert submission.max_instances(s, slots=3 * size + spare) == exactly(expected)


# Why the model does what it does.
NEW: Advice = (
    "A pool is lazy: a new one holds no connection, and opens the first when somebody asks for it.",
    "When does a connection come into being: with the pool, or with the call that needs it?",
    "Start with nothing open, nothing lent and nothing idle.",
)
LENDS: Advice = (
    "A pool lends up to pool_size + max_overflow connections at a time: max_overflow comes on top of pool_size.",
    "How many may be out at the same time?",
    "Open a new one as long as fewer than pool_size + max_overflow are open.",
)
LENDS_AGAIN: Advice = (
    "The pool has lent as many before: what came back is no longer out, and a connection that was closed makes room.",
    "Which of your counts goes up with a checkout, and does each of them go down when the connection comes back?",
    "Compare the limit with what is out at this moment, not with what was opened since the pool was made.",
)
LENDS_WITHOUT_LIMIT: Advice = (
    "pool_size 0 or max_overflow -1 takes the limit away: such a pool always lends, however many are out.",
    "Which two settings mean that there is no limit, and is there a number at which your pool stops?",
    "Look for both before you compare with a sum: 0 and -1 are not numbers to add here.",
)
LENDS_IDLE: Advice = (
    "A connection that waits in the pool is lent at once, whatever the limit is.",
    "What does a checkout look for first?",
    "Reuse, else open, else give up: in this order.",
)
REUSES: Advice = (
    "A pool reuses before it opens: as long as one is idle, a checkout makes no new connection.",
    "What does a checkout look for first?",
    "Reuse, else open, else give up: in this order.",
)
OPENS: Advice = (
    "A checkout that finds nothing idle opens one connection, and that is lent, not idle.",
    "What are the three counts after the first checkout of a new pool?",
    "open is always the sum of checked_out and idle.",
)
GIVES_UP: Advice = (
    "At its limit a pool refuses: no more than pool_size + max_overflow are ever out.",
    "How many are out at the time, and how many may be?",
    "Refuse if nothing is idle and the limit is reached; what happened before does not matter.",
)
REFUSED: Advice = (
    "A checkout that is refused changes nothing, and nobody waits for it later.",
    "Which counts does your pool change before it knows whether it can lend?",
    "Decide first, and count only what was lent.",
)
RETURNS: Advice = (
    "A checkin takes back what is out and returns None: the caller is not told whether it is kept or closed.",
    "What does your checkin do when something is out?",
    "Raise only if nothing is out, and return nothing.",
)
KEEPS: Advice = (
    "A return is kept while fewer than pool_size connections are idle, so the first returns of a burst are kept.",
    "What does a checkin compare with pool_size: what is open, or what is idle?",
    "Look at how many are idle already, not at how many are open.",
)
KEEPS_ALL: Advice = (
    "pool_size 0 keeps every connection that comes back, however many there are.",
    "How many connections does a pool without a size keep?",
    "0 means no limit here, too: never close, always keep.",
)
CLOSES: Advice = (
    "A return that finds pool_size connections idle is closed, so the last returns of a burst are closed.",
    "What becomes of a connection that comes back to a full pool?",
    "A closed connection is neither idle nor open; max_overflow, -1 included, changes nothing about that.",
)
NOTHING_OUT: Advice = (
    "A checkin without a checkout is a bug of the caller: a RuntimeError says so, and the counts stay as they were.",
    "What does your checkin do if nothing is out?",
    "Check for it first, before any count changes.",
)
OWN: Advice = (
    "Each PoolModel is a pool of its own: what one pool lends or keeps changes nothing in another.",
    "Do your counts belong to the object, or to the class or the module?",
    "Make the counts in __init__, on self.",
)


class Twins:
    """The submission's PoolModel and a real pool, which get the same calls."""

    def __init__(self, submission: Submission, limit: Limit, *, named: bool = True) -> None:
        self.limit = limit
        self.without_limit = 0 in limit[:1] or -1 in limit
        settings = {"pool_size": limit[0], "max_overflow": limit[1]}
        with because(*(ALLOWED if self.without_limit else NEW)):
            self.model: Any = submission.PoolModel(**settings) if named else submission.PoolModel(*limit)
        self.real = oracle.RealPool(*limit)
        self._why_counts = NEW
        self._odd: Advice | None = None  # what an earlier refusal may have changed
        self._most = 0  # lent at one time so far

    def checkout(self) -> None:
        """Take a connection from both."""
        idle = self.real.idle
        lent = self.real.checkout()
        if lent:
            again = self.real.checked_out <= self._most
            self._most = max(self._most, self.real.checked_out)
            new = LENDS_WITHOUT_LIMIT if self.without_limit else LENDS_AGAIN if again else LENDS
            why = LENDS_IDLE if idle else new
            self._why_counts = REUSES if idle else OPENS
        else:
            why, self._why_counts = GIVES_UP, REFUSED
        with because(*(self._odd or why)), gives(lent):
            assert self.model.checkout() == exactly(lent)
        self._odd = self._odd if lent else REFUSED

    def checkin(self) -> None:
        """Give one back to both; refused if none is out."""
        if self.real.checked_out:
            idle = self.real.idle
            with because(*RETURNS), gives(None):
                assert self.model.checkin() is None
            self.real.checkin()
            kept = KEEPS if self.limit[0] else KEEPS_ALL
            self._why_counts = kept if self.real.idle > idle else CLOSES
            return
        self._odd = NOTHING_OUT
        slips: list[Exception] = []
        with because(*NOTHING_OUT):
            with raises(RuntimeError):
                try:
                    self.model.checkin()
                except (NotImplementedError, RecursionError) as slip:
                    # These are RuntimeErrors by descent only: they do not say that nothing is out.
                    slips.append(slip)
                    raise
            if slips and isinstance(slips[0], NotImplementedError):
                raise slips[0]
            assert not slips, "a RuntimeError of its own"

    def look(self, why: Advice | None = None) -> None:
        """Read the counts of both. why: what they are about, if not the last call."""
        for count in ("open", "checked_out", "idle"):
            expected = getattr(self.real, count)
            with because(*(why or self._odd or self._why_counts)), gives(expected):
                assert getattr(self.model, count) == exactly(expected)


def twins_of(submission: Submission, limit: Limit, *, named: bool = True) -> list[Twins]:
    """Make two pools of one limit; none if one without a limit is refused, which costs other criteria."""
    with tolerating("ValueError") if limit[0] == 0 or limit[1] == -1 else nullcontext():
        return [Twins(submission, limit, named=named)]
    return []


@criterion(
    "The model does what a real pool does",
    points=20,
    because="A pool reuses before it opens, refuses at its limit, closes returns that find it full.",
    hints=(
        "Three ways for a checkout (reuse, open, give up) and two for a checkin: in which order?",
        "A checkin looks at how many are idle already, not at how many are open.",
    ),
    examples=1,
)
@given(returned=st.just(False))
@examples_of(returned=[False, True])
def pool_model_agrees(submission: Submission, returned: bool) -> None:
    """Ask first for what pools share: it makes every later pool wrong, by calls that are not shown.

    returned: whether the connection of the first pool comes back. What is wrong in a pool alone is for the histories.
    """
    new = {"checked_out": 0, "idle": 0, "open": 0}
    with tolerating():
        one = submission.PoolModel(pool_size=1, max_overflow=0)
        if counts_of(submission, one) != new:
            return
        one.checkout()
        if returned:
            one.checkin()
        before = counts_of(submission, one)
        other = submission.PoolModel(pool_size=1, max_overflow=0)
        for pool, expected in ((other, new), (one, before)):
            found = counts_of(submission, pool)
            for count in [each for each in expected if found.get(each, expected[each]) != expected[each]]:
                with because(*OWN), gives(expected[count]):
                    assert getattr(pool, count) == expected[count]


def counts_of(submission: Submission, pool: Any) -> dict[str, int]:
    """Return the counts of their pool, without those that are not an int; asked without being shown."""
    with submission.aside():
        found = {count: getattr(pool, count) for count in ("checked_out", "idle", "open")}
    return {count: number for count, number in found.items() if type(number) is int}


@pool_model_agrees.also(examples=50)
@given(limit=cases.limits, runs=st.lists(st.integers(0, 3) | cases.few, max_size=6))
@examples_of(*({"limit": limit, "runs": runs} for limit, runs in cases.HISTORIES))
def any_calls_of_one_pool(submission: Submission, limit: Limit, runs: list[int]) -> None:
    """runs: so many checkouts, then so many checkins, and so on, and a look at the end."""
    for twins in twins_of(submission, limit):
        with closing(twins.real):
            for number, calls in enumerate(runs):
                for _ in range(calls):
                    if number % 2:
                        twins.checkin()
                    else:
                        twins.checkout()
            twins.look()


@pool_model_agrees.also(examples=3, because=LENDS_WITHOUT_LIMIT[0], hints=LENDS_WITHOUT_LIMIT[1:])
@given(limit=st.sampled_from(WITHOUT_LIMIT), calls=st.integers(0, cases.LARGEST_BURST))
@examples_of(*({"limit": limit, "calls": calls} for calls in cases.BURSTS for limit in ((0, 0), (1, -1))))
@examples_of(*({"limit": limit, "calls": cases.LARGEST_BURST} for limit in cases.LARGEST_LIMITS))
def bursts_of_any_size(submission: Submission, limit: Limit, calls: int) -> None:
    for twins in twins_of(submission, limit):
        with closing(twins.real):
            submission.define("def take(pool, times): return sum(pool.checkout() for _ in range(times))")
            with because(*(LENDS_WITHOUT_LIMIT if twins.without_limit else LENDS)), gives(calls):
                assert submission.take(twins.model, calls) == exactly(calls)
            for _ in range(calls):
                twins.real.checkout()
            twins.look(OPENS)
            if not twins.without_limit:
                twins.checkout()
            submission.define("def give_back(pool, times): return [pool.checkin() for _ in range(times)].count(None)")
            with because(*RETURNS), gives(calls):
                assert submission.give_back(twins.model, calls) == exactly(calls)
            for _ in range(calls):
                twins.real.checkin()
            twins.look(CLOSES if limit[0] else KEEPS_ALL)


@pool_model_agrees.also(because=OWN[0], hints=OWN[1:])
def pools_share_nothing(submission: Submission) -> None:
    one = Twins(submission, (2, 0))
    with closing(one.real):
        one.checkout()
        other = Twins(submission, (1, 0), named=False)
        with closing(other.real):
            one.look(OWN)
            other.look(OWN)
            with because(*OWN):
                other.checkout()
                one.checkout()
                one.checkin()
            other.look(OWN)
            one.look(OWN)


@pool_model_agrees.also(examples=30, steps=15)
class AnyHistoryOfAPool(RuleBasedStateMachine):
    """Checkouts, checkins and looks in any order."""

    submission: Submission
    twins: Twins

    @initialize(limit=cases.limits)
    def build(self, limit: Limit) -> None:
        self.twins = (twins_of(self.submission, limit) or twins_of(self.submission, (2, 1)))[0]

    # One rule, not three: Hypothesis switches rules off at random, and all three matter together.
    @rule(call=st.sampled_from(["checkout", "checkin"]), times=st.integers(1, 4), look=st.booleans())
    def act(self, call: str, times: int, look: bool) -> None:
        for _ in range(times):
            getattr(self.twins, call)()
        if look:
            self.twins.look()

    def teardown(self) -> None:
        if hasattr(self, "twins"):
            self.twins.real.close()


# What is refused, and what is not.
IMPOSSIBLE = (
    "Which numbers can each setting not be? 0 and -1 mean something in some of them.",
    "Compare each argument with its lowest value by <, whatever the others are, and before anything else.",
)


def why_too_low(name: str, settings: Settings) -> Advice:
    """Return why a call is refused in which an argument is too low."""
    lowest = cases.LOWEST[name]
    field = next(field for field in lowest if settings.get(field, lowest[field]) < lowest[field])
    rule = f"In {name}, {field} is at least {lowest[field]}, whatever the others are: each number below is an error."
    return rule, *IMPOSSIBLE


NO_SLOT_LEFT: Advice = (
    "Reserves that leave no slot make a database that nobody can use: the answer is an error, not 0 or less.",
    "How many slots have to be left for the answer to be of use?",
    "Add the two reserves, and refuse if that is max_connections or more.",
)
ANOTHER_ERROR: Advice = (
    "Callers catch a ValueError. Another type goes past them, and python -O leaves out every assert.",
    "Which exception means that an argument has an impossible value?",
    "Check with an if, and raise a ValueError yourself.",
)
ALLOWED: Advice = (
    "Only what the statement forbids is refused: 0 instances, more surge than instances, 0 pairs, "
    "a size, reserve or cap of 0, no limit and an empty name are allowed.",
    "Which of your checks refuses this, and which sentence of the statement says so?",
    "Compare each argument with its own lowest value, and with nothing else.",
)
NOT_TOO_LARGE: Advice = (
    "Nothing is too large: a limit that the statement does not name refuses somebody's real settings.",
    "At which number does your code stop, and which sentence of the statement says so?",
    "Leave out every upper limit; only the lowest values are given.",
)
MADE_WHEN_LENT: Advice = (
    "A setting may be far larger than what is used of it: make connections when they are lent, not with the pool.",
    "What does your class make, reserve or measure by its settings, before anybody has asked for a connection?",
    "Keep the settings as ints and compare with them. A list, the maxlen of a deque and len() end at C sizes.",
)
FAR_LARGER: Advice = (
    "Nothing is too large, and an argument may be far larger than the answer: count up to the answer, or calculate.",
    "How often does your loop run, and which type are the numbers on the way?",
    "Multiply and compare ints. A float or a Decimal is not exact there, and a loop over an argument does not end.",
)
FROZEN: Advice = (
    "What was checked must not change afterwards, or the check is worth nothing.",
    "Can a field be assigned after the service was built?",
    "The stub's dataclass is frozen: keep it so, or let your class refuse each assignment.",
)
FROZEN_ZERO: Advice = (
    "A field is frozen whatever it holds. 0 and an empty name are values like any other, although they are not true.",
    "How does your class know that a field has been set?",
    "Ask whether the field is there, not whether its value is true; or keep the stub's frozen dataclass.",
)
FROZEN_EQUAL: Advice = (
    "Each assignment is refused, that of an equal value too.",
    "What does your class look at before it refuses?",
    "Refuse without a look at the value, or keep the stub's frozen dataclass.",
)
FROZEN_CHECKED: Advice = (
    "Each assignment raises AttributeError, whatever the value: also that of a value which a new service refuses.",
    "What does your class look at first: the value, or whether the field is there already?",
    "Refuse without a look at the value, or keep the stub's frozen dataclass.",
)
FROZEN_ERROR: Advice = (
    "What can't be assigned raises AttributeError, as in a frozen dataclass: callers that catch it miss another type.",
    "Which exception does a property without a setter raise?",
    "Raise AttributeError or a subclass of it, or keep the stub's frozen dataclass.",
)
AS_GIVEN: Advice = (
    "A service keeps each field as it was given: others read it, and a setting that is rewritten is no longer theirs.",
    "What does your class change in a field before it keeps it?",
    "Treat special values where you calculate, not where you store.",
)
NAMES: Advice = (
    "Callers may name the arguments, so the names of the parameters are part of each function.",
    "What are the parameters called in the stub?",
    "Keep the names, their order and their defaults.",
)


@criterion(
    "Bad settings are refused",
    points=5,
    because="A setting that cannot be is an error at once: the numbers that follow from it would look like any others.",
    hints=IMPOSSIBLE,
    examples=50,
)
@given(call=cases.bad_calls())
@examples_of(call=[*cases.TOO_LOW, *FAR_TOO_LOW])
@examples_of(call=[("usable_slots", {"max_connections": 3, "superuser_reserved": 3})])
@examples_of(call=[("usable_slots", {"max_connections": 12, "superuser_reserved": 7, "reserved": 5})])
@examples_of(call=[("usable_slots", {"max_connections": 0, "superuser_reserved": 0})])
@examples_of(call=[("usable_slots", {"max_connections": 600, "superuser_reserved": 300, "reserved": 300})])
@examples_of(call=[("Service", {"name": "web", "instances": -1, "processes": 0})])
@examples_of(call=[("usable_slots", {"superuser_reserved": -1, "reserved": -1})])
def validation(submission: Submission, call: tuple[str, Settings]) -> None:
    name, settings = call
    try:
        with raises(ValueError):
            getattr(submission, name)(**settings)
    except AssertionError as unmet:
        why = NO_SLOT_LEFT
        if name != "usable_slots" or min(settings.values()) < 0:
            why = why_too_low(name, settings)
        else:
            # If one slot more does not leave one, that is another criterion's.
            kept = settings.get("superuser_reserved", 3) + settings.get("reserved", 0)
            enough = settings | {"max_connections": kept + 1}
            if not holds(submission, lambda: submission.usable_slots(**enough) == exactly(1)):
                return
        with because(*(why if remote_of(unmet.__cause__ or unmet) is None else ANOTHER_ERROR)):
            raise


@validation.also(examples=20, because=ALLOWED[0], hints=ALLOWED[1:])
@given(
    call=st.sampled_from(sorted(cases.LOWEST)).flatmap(lambda name: st.tuples(st.just(name), cases.settings_of(name)))
)
@examples_of(call=cases.ALLOWED)
def everything_else_is_allowed(submission: Submission, call: tuple[str, Settings]) -> None:
    name, settings = call
    getattr(submission, name)(**settings)


@validation.also(examples=1, because=NOT_TOO_LARGE[0], hints=NOT_TOO_LARGE[1:])
@given(call=st.just(("Service", {"name": "web", "instances": 1_000})))
@examples_of(call=cases.LARGE)
def nothing_is_too_large(submission: Submission, call: tuple[str, Settings]) -> None:
    name, settings = call
    getattr(submission, name)(**settings)


@validation.also(examples=1, because=NOT_TOO_LARGE[0], hints=NOT_TOO_LARGE[1:])
@given(case=st.just(cases.LARGE_ANSWERS[0]))
@examples_of(case=cases.LARGE_ANSWERS)
def no_answer_is_too_large(submission: Submission, case: tuple[str, Settings, int, Settings]) -> None:
    name, settings, expected, small = case
    function = getattr(submission, name)
    with because(*(FAR_LARGER if max(settings.values()) >= VAST else NOT_TOO_LARGE)), gives(expected):
        found = function(**settings)
        # What is wrong for small numbers as well is another criterion's.
        right = oracle.usable(**small) if name == "usable_slots" else oracle.servers(**small)
        if found != exactly(expected) and holds(submission, lambda: function(**small) == exactly(right)):
            assert found == exactly(expected)


@validation.also(examples=1, because=MADE_WHEN_LENT[0], hints=MADE_WHEN_LENT[1:])
@given(limit=st.just((VAST, 0)))
@examples_of(limit=[(VAST, 0), (1, VAST), (VAST, VAST), (VAST, -1), (0, VAST), (BEYOND, 0), (1, BEYOND)])
def a_pool_may_be_vast(submission: Submission, limit: Limit) -> None:
    vast = submission.PoolModel(*limit)
    # A small one that does not lend costs another criterion.
    if holds(submission, lambda: lends_one(submission, tuple(min(number, 3) for number in limit))):
        with gives(True):
            assert vast.checkout() == exactly(True)
        with gives(None):
            assert vast.checkin() is None


def lends_one(submission: Submission, limit: tuple[int, ...]) -> bool:
    """Whether a pool lends a connection and takes it back."""
    pool = submission.PoolModel(*limit)
    return bool(pool.checkout() == exactly(True)) and pool.checkin() is None


@validation.also(because=NOT_TOO_LARGE[0], hints=NOT_TOO_LARGE[1:], examples=1)
@given(question=st.just("peak"))
@examples_of(question=["peak", "idle", "one pool", "fits"])
def no_service_is_too_large(submission: Submission, question: str) -> None:
    if question == "peak":
        must_count(submission, "peak_connections", Spec("web", 100, 10, 500, 500), 1_000_000, NOT_TOO_LARGE, TAKES_24)
    elif question == "idle":
        must_count(submission, "idle_connections", Spec("web", 100, 10, 500, 500), 500_000, NOT_TOO_LARGE, TAKES_24)
    elif question == "one pool":
        for count, most in (("peak_connections", 1_200_000), ("idle_connections", 1_000_000)):
            must_count(submission, count, Spec("web", 1, 1, 1_000_000, 200_000), most, NOT_TOO_LARGE, TAKES_24)
    else:
        s = service(submission, TAKES_8)
        for slots in (1_000_000, VAST, BEYOND):
            with gives(True):
                assert submission.fits([s], slots=slots) == exactly(True)


@validation.also(examples=1, because=FAR_LARGER[0], hints=FAR_LARGER[1:])
@given(case=st.just(cases.LARGE_SERVICES[0]))
@examples_of(case=cases.LARGE_SERVICES)
def a_count_may_be_far_smaller(submission: Submission, case: tuple[str, Spec, int | None, Spec]) -> None:
    count, spec, expected, small = case
    # What is wrong for a small one as well is another criterion's.
    if counts_right(submission, count, small):
        many = cases.MANY in spec
        must_count(submission, count, spec, expected, MANY_POOLS if many else FAR_LARGER)


@validation.also(examples=1, because=FAR_LARGER[0], hints=FAR_LARGER[1:])
@given(case=st.just(cases.LARGE_INSTANCES[0]))
@examples_of(case=cases.LARGE_INSTANCES)
def one_instance_may_take_all(submission: Submission, case: tuple[Spec, int, int]) -> None:
    spec, slots, most = case
    # The same for a small service; and the peak, of which max_instances is the inverse.
    if counts_right(submission, "peak_connections", TAKES_24) and holds(submission, lambda: three_fit(submission)):
        for s in built(submission, spec):
            with gives(most):
                assert submission.max_instances(s, slots=slots) == exactly(most)


def three_fit(submission: Submission) -> bool:
    """Whether three instances of 8 fit into 24 slots, by their count."""
    s = service(submission, TAKES_8._replace(processes=2, pool_size=3, max_overflow=1))
    return bool(submission.max_instances(s, slots=24) == exactly(3))


@validation.also(examples=20, because=FROZEN[0], hints=FROZEN[1:])
@given(
    spec=services(limit=cases.bounded | cases.without_limit),
    field=st.sampled_from(FIELDS),
    value=cases.few | st.just(-7),
)
@examples_of(*({"spec": Spec("web", 2), "field": field, "value": 7} for field in FIELDS))
@examples_of({"spec": Spec("web", 2), "field": "name", "value": "api"})
@examples_of(*({"spec": Spec("web", 2), "field": field, "value": -7} for field in FIELDS))
@examples_of({"spec": Spec("web", 2), "field": "instances", "value": 2})  # what stays as it was
def service_stays_frozen(submission: Submission, spec: Spec, field: str, value: int | str) -> None:
    s = service(submission, spec)
    with submission.aside():
        before = getattr(s, field)
    try:
        with raises(AttributeError):
            setattr(s, field, value)
    except AssertionError as unmet:
        raised = remote_of(unmet.__cause__ or unmet)
        with because(*why_frozen(submission, field, before, value, raised is not None)):
            raise
    assert getattr(s, field) == exactly(before)


def why_frozen(submission: Submission, field: str, before: object, value: int | str, raised: bool) -> Advice:
    """Return why an assignment raises AttributeError. before: what was there. raised: another exception, not none."""

    def refused(spec: Spec, value: object) -> bool:
        with submission.aside(), tolerating():
            s = service(submission, spec)
            try:
                setattr(s, field, value)
            except AttributeError:
                return True
        return False

    other = "new" if field == "name" else 9
    true = Spec("web", 2, 3, 4, 5, 6)  # no field of which is 0
    if raised:
        return FROZEN_CHECKED if value == -7 and refused(true, other) else FROZEN_ERROR
    if before == value and refused(true, other):
        return FROZEN_EQUAL
    return FROZEN_ZERO if not before and refused(true, other) else FROZEN


@validation.also(because=AS_GIVEN[0], hints=AS_GIVEN[1:], examples=20)
@given(spec=services(limit=cases.bounded | cases.without_limit), field=st.sampled_from(FIELDS))
@examples_of(*({"spec": Spec("web", 2, 1, *limit), "field": "max_overflow"} for limit in WITHOUT_LIMIT))
@examples_of(*({"spec": Spec("web", 0, 1, 0, surge=1), "field": field} for field in FIELDS))
@examples_of(*({"spec": Spec(name, 2), "field": "name"} for name in ("Web ", "", "web\n", " Ä")))
def service_keeps_its_fields(submission: Submission, spec: Spec, field: str) -> None:
    for s in built(submission, spec):
        expected = getattr(spec, field)
        with gives(expected):
            assert getattr(s, field) == exactly(expected)


@validation.also(
    because="Counting changes nothing: the service that it is asked about is the same afterwards.",
    hints=(
        "Which line of your code sets a field of the service that it was given, and which sets it back, on every path?",
        "Count with a service of your own, or with the numbers alone.",
    ),
    examples=1,
)
# With a limit that is a matter of what max_instances gives.
@given(limit=st.sampled_from(WITHOUT_LIMIT), field=st.just("instances"))
@examples_of(*({"limit": limit, "field": field} for field in FIELDS for limit in WITHOUT_LIMIT))
def counting_changes_nothing(submission: Submission, limit: Limit, field: str) -> None:
    spec = Spec("web", 7, 1, *limit)
    expected = getattr(spec, field)
    for s in built(submission, spec):
        with tolerating():  # What they give is another criterion's.
            submission.peak_connections(s)
            submission.idle_connections(s)
            submission.fits([s], slots=50)
            submission.max_instances(s, slots=50)
        if holds(submission, lambda: field_of(submission, spec, field) == expected):
            assert getattr(s, field) == exactly(expected)


def field_of(submission: Submission, spec: Spec, field: str) -> object:
    """Return a field of a service that no function was asked about."""
    return getattr(service(submission, spec), field)


@validation.also(because=BY_POSITION[0], hints=BY_POSITION[1:], examples=1)
@given(field=st.just("name"))
@examples_of(field=Spec._fields)
def fields_have_their_order(submission: Submission, field: str) -> None:
    spec = Spec("web", 1, 2, 3, 4, 5)  # five numbers by position, none of them like another
    for s in positional(submission, spec):
        expected = getattr(spec, field)
        with gives(expected):
            assert getattr(s, field) == exactly(expected)


def positional(submission: Submission, spec: Spec) -> list[Any]:
    """Build a service by position; none if its surge is refused, which has cost the criterion already."""
    with tolerating("ValueError"):
        return [submission.Service(*spec)]
    return []


@validation.also(because=NAMES[0], hints=NAMES[1:])
def parameters_have_their_names(submission: Submission) -> None:
    s = service(submission, TAKES_8)
    with tolerating("NotImplementedError"):  # A function that is not begun costs other criteria.
        submission.peak_connections(s=s)
        submission.idle_connections(s=s)
        submission.max_instances(s=s, slots=8)
        submission.fits(services=[s], slots=8)
