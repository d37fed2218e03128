"""Hidden suite: Connection-pool math.

Oracle: SQLAlchemy's QueuePool, driven over fake connections, and counting what its pools hold.
"""

from contextlib import closing
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from graders import Submission, criterion, raises
from graders.oracles import queue_pool as oracle
from graders.oracles.queue_pool import Spec
from graders.oracles.queue_pool_cases import (
    LARGEST_SLOTS,
    LOWEST,
    NEEDED,
    Limit,
    Settings,
    around,
    bad_calls,
    bounded,
    each,
    few,
    limits,
    none,
    one,
    services,
    settings_of,
    slots_around,
    unlimited_overflow,
    unlimited_size,
    without_overflow,
)

DEFAULTS = Spec._field_defaults
SAID = ("name", "instances", "pool_size", "max_overflow")
TAKES_8 = Spec("web", 2, pool_size=3, max_overflow=1)


def service(submission: Submission, spec: Spec) -> Any:
    """Build a Service; the sizes of its pools are always said, so that a wrong default costs one criterion."""
    shown = {name: value for name, value in spec._asdict().items() if name in SAID or value != DEFAULTS[name]}
    return submission.Service(shown.pop("name"), shown.pop("instances"), **shown)


def agree(observed: object, expected: object) -> None:
    """Expect the same value of the same type: a bool is no int, nor is 3.0."""
    assert observed == expected
    assert type(observed) is type(expected)


@criterion(
    "The peak counts overflow",
    points=20,
    because="Under load every pool opens its overflow too, and the database counts them all.",
    hints=(
        "Count at the worst second, not on a quiet day: how many does one pool lend then?",
        "pool_size is what a pool keeps, not what it may open; which setting comes on top of it?",
    ),
    examples=40,
)
@given(spec=services(processes=one, surge=none))
@example(spec=Spec("web", 1, pool_size=4, max_overflow=2))
@example(spec=Spec("web", 10, pool_size=10, max_overflow=20))
@example(spec=Spec("web", 3, pool_size=6, max_overflow=0))
def peak_counts_overflow(submission: Submission, spec: Spec) -> None:
    s = service(submission, spec)
    agree(submission.peak_connections(s), oracle.peak(spec))


@peak_counts_overflow.also()
def defaults_are_those_of_sqlalchemy(submission: Submission) -> None:
    s = submission.Service("web", 4)
    agree(submission.peak_connections(s), oracle.peak(Spec("web", 4)))


@criterion(
    "Processes multiply, surge adds",
    points=15,
    because="A pool lives in a process: each worker has its own, on the extra instances as well.",
    hints=(
        "A pool lives in a process. How many processes are alive at the worst second of a deploy?",
        "A deploy adds whole instances, each with all of its processes.",
        "When the deploy is over, whose connections are still open, and which of them?",
    ),
    examples=60,
)
@given(spec=services(limit=without_overflow))
@example(spec=Spec("web", 2, processes=4, pool_size=3, max_overflow=0))
@example(spec=Spec("web", 2, pool_size=3, max_overflow=0, surge=1))
@example(spec=Spec("web", 3, processes=2, pool_size=4, max_overflow=0, surge=2))
@example(spec=Spec("web", 0, pool_size=4, max_overflow=0))
@example(spec=Spec("web", 0, processes=2, pool_size=4, max_overflow=0, surge=3))
@example(spec=Spec("web", 40, processes=8, pool_size=20, max_overflow=0, surge=10))
def processes_multiply_surge_adds(submission: Submission, spec: Spec) -> None:
    s = service(submission, spec)
    agree(submission.peak_connections(s), oracle.peak(spec))
    agree(submission.idle_connections(s), oracle.idle(spec))


@processes_multiply_surge_adds.also(examples=30)
@given(spec=services())
@example(spec=Spec("web", 1, processes=2, pool_size=3, max_overflow=2))
@example(spec=Spec("web", 2, pool_size=3, max_overflow=2))
@example(spec=Spec("web", 1, pool_size=3, max_overflow=2, surge=1))
def every_pool_lends_alike(submission: Submission, spec: Spec) -> None:
    # Beside one pool of their own: whether that counts its overflow is another question.
    pools = (spec.instances + spec.surge) * spec.processes
    alone = submission.peak_connections(service(submission, spec._replace(instances=1, processes=1, surge=0)))
    assert type(alone) is int
    s = service(submission, spec)
    agree(submission.peak_connections(s), alone * pools)
    agree(submission.idle_connections(s), oracle.idle(spec))


@criterion(
    "Unlimited pools have no bound",
    points=10,
    because="pool_size 0 or max_overflow -1 lifts the limit of each pool; where no pool is, there is none to lift.",
    hints=(
        "Which two settings take the limit away, and does either change what a pool keeps?",
        "How much is no bound times no instance?",
        "Is there a number of slots into which such a service is sure to fit?",
    ),
    examples=40,
)
@given(
    # max_overflow -1 leaves a number idle; that processes multiply it and surge does not is not the question here.
    spec=services(limit=unlimited_size) | services(one, none, unlimited_overflow),
    slots=st.integers(0, LARGEST_SLOTS),
)
@example(spec=Spec("web", 2, pool_size=3, max_overflow=-1), slots=100)
@example(spec=Spec("web", 2, pool_size=0), slots=0)
@example(spec=Spec("web", 0, pool_size=3, max_overflow=-1), slots=100)
@example(spec=Spec("web", 0, pool_size=0), slots=100)
@example(spec=Spec("web", 0, pool_size=0, surge=1), slots=100)
def unlimited_pools(submission: Submission, spec: Spec, slots: int) -> None:
    s = service(submission, spec)
    agree(submission.peak_connections(s), oracle.peak(spec))
    agree(submission.max_instances(s, slots=slots), 0)
    agree(submission.idle_connections(s), oracle.idle(spec))


@unlimited_pools.also(examples=20)
@given(spec=services(limit=unlimited_overflow))
@example(spec=Spec("web", 2, processes=3, pool_size=3, max_overflow=-1))
@example(spec=Spec("web", 2, pool_size=3, max_overflow=-1, surge=1))
def overflow_changes_nothing_that_stays(submission: Submission, spec: Spec) -> None:
    # Beside what they count without overflow, which is another question.
    kept = submission.idle_connections(service(submission, spec._replace(max_overflow=0)))
    assert submission.idle_connections(service(submission, spec)) == kept


@unlimited_pools.also(examples=30)
@given(
    spec=services(limit=unlimited_size | unlimited_overflow),
    others=st.lists(services(one, none, without_overflow), max_size=3),
)
@example(spec=Spec("web", 1, pool_size=4, max_overflow=-1), others=[])
@example(spec=Spec("web", 1, pool_size=0), others=[])
@example(spec=Spec("web", 0, pool_size=4, max_overflow=-1), others=[])
@example(spec=Spec("web", 3, pool_size=0), others=[Spec("api", 2, max_overflow=0)])
@example(spec=Spec("web", 0, pool_size=0), others=[Spec("api", 2, max_overflow=0)])
def unlimited_never_fits(submission: Submission, spec: Spec, others: list[Spec]) -> None:
    # Many more slots than the others can take, however they are counted.
    specs = [*others[:1], spec, *others[1:]]
    found = [service(submission, spec) for spec in specs]
    agree(submission.fits(found, slots=LARGEST_SLOTS), oracle.fits(specs, LARGEST_SLOTS))


@criterion(
    "Usable slots, sums of services, PgBouncer",
    points=15,
    because="All services share what PostgreSQL leaves of max_connections: 97 by default, not 100.",
    hints=(
        "What does Postgres keep for itself?",
        "All services may be at their peak together; the last free slot is free like any other.",
        "Every pair has its own reserve; the cap, if there is one, is the whole database's.",
    ),
    examples=40,
)
@given(settings=settings_of("usable_slots"))
@example(settings={})
@each({"settings": {name: 40}} for name in LOWEST["usable_slots"])
@example(settings={"max_connections": 20, "superuser_reserved": 2, "reserved": 7})
@example(settings={"max_connections": 10, "superuser_reserved": 7, "reserved": 2})
def slots_and_sums(submission: Submission, settings: Settings) -> None:
    agree(submission.usable_slots(**settings), oracle.usable(**settings))


@slots_and_sums.also(examples=60)
@given(specs=st.lists(services(), max_size=4), spare=around)
@example(specs=[], spare=0)
@each({"specs": [TAKES_8], "spare": spare} for spare in (0, -1))
@example(specs=[Spec("web", 2), Spec("api", 1)], spare=-1)
@example(specs=[Spec("web", 2), Spec("web", 2)], spare=-1)
@example(specs=[Spec("web", 3, processes=2, surge=1), Spec("api", 1)], spare=0)
def services_share_the_slots(submission: Submission, specs: list[Spec], spare: int) -> None:
    slots = slots_around(specs, spare)
    found = [service(submission, spec) for spec in specs]
    agree(submission.fits(found, slots=slots), oracle.fits(specs, slots))
    agree(submission.fits(tuple(found), slots=slots), oracle.fits(specs, slots))


@slots_and_sums.also(examples=50)
@given(settings=settings_of("pgbouncer_servers"))
@each({"settings": {"pairs": 3, name: 15}} for name in LOWEST["pgbouncer_servers"])
@example(settings={"pairs": 3, "default_pool_size": 5, "max_db_connections": 0})
@example(settings={"pairs": 3, "reserve_pool_size": 4, "max_db_connections": 61})
@example(settings={"pairs": 3, "reserve_pool_size": 4, "max_db_connections": 80})
@example(settings={"pairs": 0, "max_db_connections": 4})
def pgbouncer_servers(submission: Submission, settings: Settings) -> None:
    agree(submission.pgbouncer_servers(**settings), oracle.servers(**settings))


@criterion(
    "max_instances is the inverse of the peak",
    points=15,
    because="With the answer the peak fits, with one instance more it does not.",
    hints=(
        "How many slots does one instance take at the worst second?",
        "The surge takes its slots first, and no answer is below zero.",
        "Put your answer into the peak, then one more: which of the two fits?",
    ),
    examples=60,
)
@given(spec=services(), spare=around)
@each({"spec": TAKES_8, "spare": spare} for spare in (4, 3, 5, -5, -8))
@each({"spec": TAKES_8._replace(surge=2), "spare": spare} for spare in (4, 3, -9))
@example(spec=Spec("web", 1, processes=2, surge=1), spare=37)
@example(spec=Spec("web", 1, pool_size=1, max_overflow=0), spare=LARGEST_SLOTS)
def max_instances_is_the_inverse(submission: Submission, spec: Spec, spare: int) -> None:
    slots = slots_around([spec], spare)
    s = service(submission, spec)
    agree(submission.max_instances(s, slots=slots), oracle.max_instances(spec, slots))


# Of each mistake a short one; the shortest is tried first.
HISTORIES: tuple[tuple[Limit, list[int]], ...] = (
    *(((2, 0), runs) for runs in ([], [1, 1], [1, 1, 1], [0, 1])),
    *(((1, 0), runs) for runs in ([1, 1], [2], [1, 2])),
    *(((1, 2), runs) for runs in ([2], [4], [2, 1], [2, 2])),
    *(((1, 1), runs) for runs in ([2], [3])),
    ((0, 0), [1]),
    ((0, 2), [3, 3]),
    ((0, -1), [2, 2]),
    *(((1, -1), runs) for runs in ([2, 2], [3, 3])),
    ((2, 1), [4, 2, 2, 3, 2]),
)


class Twins:
    """The submission's PoolModel and a real pool, which get the same calls."""

    def __init__(self, submission: Submission, limit: Limit) -> None:
        self.real = oracle.RealPool(*limit)
        self.model: Any = submission.PoolModel(pool_size=limit[0], max_overflow=limit[1])

    def checkout(self) -> None:
        """Take a connection from both."""
        agree(self.model.checkout(), self.real.checkout())

    def checkin(self) -> None:
        """Give one back to both; refused if none is out."""
        if self.real.checked_out:
            self.model.checkin()
            self.real.checkin()
            return
        slips = []
        with raises(RuntimeError):
            try:
                self.model.checkin()
            except (NotImplementedError, RecursionError) as slip:
                slips.append(slip)
                raise
        # These are RuntimeErrors by descent only: nobody means by them that nothing is out.
        assert not slips, "RuntimeError"

    def look(self) -> None:
        """Read the counts of both."""
        for count in ("open", "checked_out", "idle"):
            agree(getattr(self.model, count), getattr(self.real, count))


@criterion(
    "The model does what a real pool does",
    points=20,
    because="A pool reuses before it opens, refuses at its limit, closes returns that find it full.",
    hints=(
        "When does a connection come into being: with the pool, or with the call that needs it?",
        "Three ways for a checkout (reuse, open, give up) and two for a checkin: in which order?",
        "A checkin looks at how many are idle already, not at how many are open.",
    ),
    examples=70,
)
@given(limit=limits, runs=st.lists(st.integers(0, 3) | few, max_size=6))
@each({"limit": limit, "runs": runs} for limit, runs in sorted(HISTORIES, key=lambda history: sum(history[1])))
def pool_model_agrees(submission: Submission, limit: Limit, runs: list[int]) -> None:
    """runs: so many checkouts, then so many checkins, and so on, and a look at the end."""
    twins = Twins(submission, limit)
    with closing(twins.real):
        for number, calls in enumerate(runs):
            for _ in range(calls):
                if number % 2:
                    twins.checkin()
                else:
                    twins.checkout()
        twins.look()


@pool_model_agrees.also()
def pools_share_nothing(submission: Submission) -> None:
    one = Twins(submission, (2, 0))
    with closing(one.real):
        one.checkout()
        other = Twins(submission, (1, 0))
        with closing(other.real):
            one.look()
            other.look()
            other.checkout()
            one.checkout()
            one.checkin()
            other.look()
            one.look()


@pool_model_agrees.also(examples=30, steps=15)
class AnyHistoryOfAPool(RuleBasedStateMachine):
    """Checkouts, checkins and looks in any order."""

    submission: Submission
    twins: Twins

    @initialize(limit=limits)
    def build(self, limit: Limit) -> None:
        self.twins = Twins(self.submission, limit)

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


@criterion(
    "Bad settings are refused",
    points=5,
    because="A plan made of an impossible setting looks like any other plan; an error does not.",
    hints=(
        "Which numbers can each setting not be? 0 and -1 mean something in some of them.",
        "Check where the object is built, and by an error that also stays under python -O.",
        "What was checked must not change afterwards.",
    ),
    examples=50,
)
@given(call=bad_calls())
@each({"call": (name, NEEDED[name] | {field: low - 1})} for name in LOWEST for field, low in LOWEST[name].items())
# Whatever the others are: all as low as they may be.
@each({"call": (name, NEEDED[name] | low | {field: low[field] - 1})} for name, low in LOWEST.items() for field in low)
@example(call=("usable_slots", {"max_connections": 3}))
@example(call=("usable_slots", {"max_connections": 12, "superuser_reserved": 7, "reserved": 5}))
@example(call=("usable_slots", {"max_connections": 0, "superuser_reserved": 0}))
def validation(submission: Submission, call: tuple[str, Settings]) -> None:
    name, settings = call
    with raises(ValueError):
        getattr(submission, name)(**settings)


@validation.also(examples=20)
@given(call=st.sampled_from(sorted(LOWEST)).flatmap(lambda name: st.tuples(st.just(name), settings_of(name))))
@each({"call": (name, NEEDED[name] | LOWEST[name])} for name in ("Service", "PoolModel", "pgbouncer_servers"))
@each({"call": (name, NEEDED[name] | {field: 1_000})} for name in ("Service", "PoolModel") for field in LOWEST[name])
def everything_else_is_allowed(submission: Submission, call: tuple[str, Settings]) -> None:
    name, settings = call
    getattr(submission, name)(**settings)


@validation.also(examples=20)
@given(
    spec=services(limit=bounded | unlimited_size | unlimited_overflow),
    field=st.sampled_from(Spec._fields),
)
@example(spec=Spec("web", 2), field="instances")
@example(spec=Spec("web", 0, pool_size=0, max_overflow=-1), field="pool_size")
def service_stays_frozen(submission: Submission, spec: Spec, field: str) -> None:
    s = service(submission, spec)
    with raises(AttributeError):
        setattr(s, field, "other" if field == "name" else 7)
