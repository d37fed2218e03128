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

LARGEST_SLOTS = 5_000
COUNTS = ("open", "checked_out", "idle")

few = st.integers(0, 6)
instances = st.integers(0, 20)


def services(
    processes: st.SearchStrategy[int] = st.integers(1, 6),
    surge: st.SearchStrategy[int] = few,
) -> st.SearchStrategy[Spec]:
    """Services whose pools have a limit."""
    return st.builds(
        Spec,
        st.sampled_from(["web", "api", "batch"]),
        instances=instances,
        processes=processes,
        pool_size=st.integers(1, 12),
        max_overflow=st.integers(0, 15),
        surge=surge,
    )


one, none = st.just(1), st.just(0)
# (pool_size, max_overflow) of a pool without a limit, and of any pool.
unlimited = st.tuples(none, st.integers(-1, 9)) | st.tuples(st.integers(1, 12), st.just(-1))
limits = st.tuples(few, st.integers(-1, 5))


def service(submission: Submission, spec: Spec) -> Any:
    """Build a Service, and say only what is no default."""
    given = {
        field: getattr(spec, field)
        for field, default in Spec._field_defaults.items()
        if getattr(spec, field) != default
    }
    return submission.Service(spec.name, spec.instances, **given)


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
    examples=50,
)
@given(spec=services(processes=one, surge=none))
@example(spec=Spec("web", 1, pool_size=4, max_overflow=2))
@example(spec=Spec("web", 10, pool_size=10, max_overflow=20))
@example(spec=Spec("web", 4))
@example(spec=Spec("web", 3, pool_size=6, max_overflow=0))
@example(spec=Spec("web", 0, pool_size=6, max_overflow=3))
def peak_counts_overflow(submission: Submission, spec: Spec) -> None:
    """One pool per instance, and no deploy under way."""
    s = service(submission, spec)
    agree(submission.peak_connections(s), oracle.peak(spec))


@criterion(
    "Processes multiply, surge adds",
    points=15,
    because="A pool lives in a process: every worker has its own, also those that only a deploy adds.",
    hints=(
        "A pool lives in a process. How many processes are alive at the worst second of a deploy?",
        "A deploy adds whole instances, each with all of its processes.",
        "When the deploy is over, whose connections are still open, and which of them?",
    ),
    examples=60,
)
@given(spec=services())
@example(spec=Spec("web", 2, processes=4, pool_size=3, max_overflow=2))
@example(spec=Spec("web", 2, pool_size=3, max_overflow=2, surge=1))
@example(spec=Spec("web", 3, processes=2, pool_size=4, max_overflow=0, surge=2))
@example(spec=Spec("web", 6, processes=3, surge=2))
@example(spec=Spec("web", 0, processes=2, pool_size=4, max_overflow=1, surge=3))
@example(spec=Spec("web", 0, processes=2, pool_size=4, max_overflow=1))
@example(spec=Spec("web", 40, processes=8, pool_size=20, max_overflow=30, surge=10))
def processes_multiply_surge_adds(submission: Submission, spec: Spec) -> None:
    """A whole fleet, at its peak and afterwards."""
    s = service(submission, spec)
    agree(submission.peak_connections(s), oracle.peak(spec))
    agree(submission.idle_connections(s), oracle.idle(spec))


@criterion(
    "Unlimited pools have no bound",
    points=10,
    because="pool_size 0 and max_overflow -1 both lift the limit: no number of slots is enough then.",
    hints=(
        "Which two settings take the limit away, and does either change what a pool keeps?",
        "How much is no bound times no instance?",
        "Is there a number of slots into which such a service is sure to fit?",
    ),
    examples=50,
)
@given(spec=services(), limit=unlimited, slots=st.integers(0, LARGEST_SLOTS))
@example(spec=Spec("web", 2), limit=(3, -1), slots=100)
@example(spec=Spec("web", 2), limit=(0, 5), slots=100)
@example(spec=Spec("web", 2), limit=(0, 0), slots=0)
@example(spec=Spec("web", 2), limit=(0, -1), slots=500)
@example(spec=Spec("web", 0), limit=(3, -1), slots=100)
@example(spec=Spec("web", 0), limit=(0, 5), slots=100)
@example(spec=Spec("web", 0, surge=1), limit=(0, 5), slots=100)
@example(spec=Spec("web", 0, surge=1), limit=(3, -1), slots=100)
def unlimited_pools(submission: Submission, spec: Spec, limit: tuple[int, int], slots: int) -> None:
    """What is unbounded, and what is not although the pool is."""
    pool_size, max_overflow = limit
    spec = spec._replace(pool_size=pool_size, max_overflow=max_overflow)
    s = service(submission, spec)
    agree(submission.peak_connections(s), oracle.peak(spec))
    agree(submission.max_instances(s, slots=slots), 0)
    if pool_size:
        # A number again; that processes multiply and surge does not count is the last criterion's.
        spec = spec._replace(processes=1, surge=0)
        s = service(submission, spec)
    agree(submission.idle_connections(s), oracle.idle(spec))


@unlimited_pools.also(examples=40)
@given(
    specs=st.lists(services(processes=one, surge=none), max_size=3),
    spec=services(),
    limit=unlimited,
    alive=st.booleans(),
    place=few,
)
@example(specs=[], spec=Spec("web", 1), limit=(4, -1), alive=True, place=0)
@example(specs=[], spec=Spec("web", 1), limit=(0, 4), alive=True, place=0)
@example(specs=[], spec=Spec("web", 1), limit=(4, -1), alive=False, place=0)
@example(specs=[Spec("api", 2)], spec=Spec("web", 3), limit=(0, 4), alive=True, place=0)
@example(specs=[Spec("api", 2)], spec=Spec("web", 3), limit=(0, 4), alive=False, place=1)
def unlimited_never_fits(
    submission: Submission,
    specs: list[Spec],
    spec: Spec,
    limit: tuple[int, int],
    alive: bool,
    place: int,
) -> None:
    """One service without a bound among others, and many more slots than those can take."""
    specs = [each._replace(max_overflow=0) for each in specs]
    if not alive:
        spec = spec._replace(instances=0, surge=0)
    specs.insert(place, spec._replace(pool_size=limit[0], max_overflow=limit[1]))
    found = [service(submission, each) for each in specs]
    agree(submission.fits(found, slots=LARGEST_SLOTS), oracle.fits(specs, LARGEST_SLOTS))


@criterion(
    "Usable slots, sums of services, PgBouncer",
    points=15,
    because="All services share what PostgreSQL leaves of max_connections: 97 by default, not 100.",
    hints=(
        "What does Postgres keep for itself?",
        "All services may be at their peak together, and a database that is full to the last"
        " slot refuses nobody yet.",
        "Every pair has its own reserve; the cap, if there is one, is the whole database's.",
    ),
    examples=40,
)
@given(superuser_reserved=st.integers(0, 20), reserved=st.integers(0, 20), left=st.integers(1, 300))
@example(superuser_reserved=5, reserved=0, left=45)
@example(superuser_reserved=2, reserved=7, left=11)
@example(superuser_reserved=7, reserved=2, left=1)
@example(superuser_reserved=0, reserved=0, left=1)
def slots_and_sums(
    submission: Submission, superuser_reserved: int, reserved: int, left: int
) -> None:
    """What is left of max_connections."""
    arguments = (superuser_reserved + reserved + left, superuser_reserved, reserved)
    agree(submission.usable_slots(*arguments), oracle.usable(*arguments))


@slots_and_sums.also()
def usable_slots_by_default(submission: Submission) -> None:
    """PostgreSQL's own numbers."""
    agree(submission.usable_slots(), 97)
    agree(submission.usable_slots(40), 37)
    agree(submission.usable_slots(superuser_reserved=10), 90)
    agree(submission.usable_slots(reserved=10), 87)


@slots_and_sums.also(examples=60)
@given(
    specs=st.lists(services(), max_size=4),
    spare=st.sampled_from([-1, 0, 1]) | st.integers(-LARGEST_SLOTS, LARGEST_SLOTS),
)
@example(specs=[], spare=0)
@example(specs=[Spec("web", 2, pool_size=3, max_overflow=1)], spare=0)
@example(specs=[Spec("web", 2, pool_size=3, max_overflow=1)], spare=-1)
@example(specs=[Spec("web", 2), Spec("api", 1)], spare=0)
@example(specs=[Spec("web", 2), Spec("api", 1)], spare=-1)
@example(specs=[Spec("web", 2), Spec("web", 2)], spare=-1)
@example(specs=[Spec("web", 3, processes=2, surge=1), Spec("api", 0)], spare=0)
def services_share_the_slots(submission: Submission, specs: list[Spec], spare: int) -> None:
    """Services at their peak together, most of them around the last slot."""
    slots = sum(oracle.peak(spec) or 0 for spec in specs) + spare
    slots = max(0, min(slots, LARGEST_SLOTS))
    found = [service(submission, spec) for spec in specs]
    agree(submission.fits(found, slots=slots), oracle.fits(specs, slots))


@slots_and_sums.also(examples=50)
@given(
    pairs=few, size=st.integers(0, 30), reserve=st.integers(0, 10), cap=none | st.integers(1, 90)
)
@example(pairs=3, size=5, reserve=0, cap=0)
@example(pairs=3, size=5, reserve=2, cap=0)
@example(pairs=3, size=5, reserve=2, cap=16)
@example(pairs=3, size=5, reserve=2, cap=21)
@example(pairs=3, size=5, reserve=2, cap=22)
@example(pairs=3, size=5, reserve=2, cap=1)
@example(pairs=0, size=5, reserve=2, cap=4)
def pgbouncer_servers(
    submission: Submission, pairs: int, size: int, reserve: int, cap: int
) -> None:
    """What PgBouncer opens to one database."""
    settings = {
        "default_pool_size": size,
        "reserve_pool_size": reserve,
        "max_db_connections": cap,
    }
    # 0 is the default of the last two: leave them out, as most would.
    shown = {name: value for name, value in settings.items() if value or name.startswith("default")}
    observed = submission.pgbouncer_servers(pairs, **shown)
    agree(observed, oracle.servers(pairs, size, reserve, cap))


@slots_and_sums.also()
def pgbouncer_by_default(submission: Submission) -> None:
    """PgBouncer's own numbers."""
    agree(submission.pgbouncer_servers(3), 60)
    agree(submission.pgbouncer_servers(3, reserve_pool_size=4), 72)
    agree(submission.pgbouncer_servers(3, max_db_connections=50), 50)


@st.composite
def fillings(draw: st.DrawFn) -> tuple[Spec, int]:
    """A service, and slots for its surge and some instances, or just too few for the last one."""
    spec = draw(services())
    each = oracle.peak(spec._replace(instances=1, surge=0)) or 0
    alive = draw(st.integers(0, 25))
    spare = draw(st.sampled_from([0, -1, 1]) | st.integers(0, each))
    return spec, max(0, min(alive * each + spare, LARGEST_SLOTS))


@criterion(
    "max_instances is the inverse of the peak",
    points=15,
    because="With the answer the peak fits, with one instance more it does not.",
    hints=(
        "How many slots does one instance take at the worst second?",
        "The surge takes its slots first, and no answer is below zero.",
        "Put your answer into the peak, then one more: which of the two fits?",
    ),
    examples=80,
)
@given(filling=fillings())
@example(filling=(Spec("web", 2, pool_size=3, max_overflow=1), 12))
@example(filling=(Spec("web", 2, pool_size=3, max_overflow=1), 11))
@example(filling=(Spec("web", 2, pool_size=3, max_overflow=1, surge=2), 20))
@example(filling=(Spec("web", 2, pool_size=3, max_overflow=1, surge=2), 7))
@example(filling=(Spec("web", 2, pool_size=3, max_overflow=1), 3))
@example(filling=(Spec("web", 2, pool_size=3, max_overflow=1), 0))
@example(filling=(Spec("web", 0, processes=4), 97))
@example(filling=(Spec("web", 9, processes=2, surge=1), 97))
@example(filling=(Spec("web", 1, pool_size=1, max_overflow=0), LARGEST_SLOTS))
def max_instances_is_the_inverse(submission: Submission, filling: tuple[Spec, int]) -> None:
    """How many instances fit."""
    spec, slots = filling
    s = service(submission, spec)
    agree(submission.max_instances(s, slots=slots), oracle.max_instances(spec, slots))


class Twins:
    """The submission's PoolModel and a real pool, which get the same calls."""

    def __init__(self, submission: Submission, limit: tuple[int, int]) -> None:
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
        with raises(RuntimeError):
            try:
                self.model.checkin()
            except (NotImplementedError, RecursionError) as slip:
                # RuntimeErrors by descent only: nobody raised them to say that nothing is out.
                assert slip is None, "RuntimeError"

    def look(self, count: str) -> None:
        """Read one count of both."""
        agree(getattr(self.model, count), getattr(self.real, count))

    def close(self) -> None:
        """Close the real one."""
        self.real.close()


@criterion(
    "The model does what a real pool does",
    points=20,
    because="A pool is lazy, reuses before it opens, and closes the returns that find it full.",
    hints=(
        "When does a connection come into being: with the pool, or with the call that needs it?",
        "Three ways for a checkout (reuse, open, give up) and two for a checkin: in which order?",
        "A checkin looks at how many are idle already, not at how many are open.",
    ),
    examples=60,
)
@given(limit=limits, runs=st.lists(few, max_size=5))
@example(limit=(2, 1), runs=[])
@example(limit=(1, 0), runs=[1, 1])
@example(limit=(1, 0), runs=[2])
@example(limit=(1, 2), runs=[2])
@example(limit=(2, 0), runs=[1, 1, 1])
@example(limit=(1, 2), runs=[2, 1])
@example(limit=(1, 2), runs=[2, 2])
@example(limit=(2, 0), runs=[0, 1])
@example(limit=(1, 0), runs=[1, 2])
@example(limit=(0, 0), runs=[2, 2])
@example(limit=(0, 2), runs=[3, 3])
@example(limit=(0, -1), runs=[2, 2])
@example(limit=(1, -1), runs=[3])
@example(limit=(1, -1), runs=[2, 2])
@example(limit=(2, 1), runs=[4, 2, 2, 3, 2])
def pool_model_agrees(submission: Submission, limit: tuple[int, int], runs: list[int]) -> None:
    """Bursts: so many checkouts, then so many checkins, and so on, and a look at the end."""
    with closing(Twins(submission, limit)) as twins:
        for number, calls in enumerate(runs):
            for _ in range(calls):
                if number % 2:
                    twins.checkin()
                else:
                    twins.checkout()
        for count in COUNTS:
            twins.look(count)


@pool_model_agrees.also(examples=40, steps=20)
class AnyHistoryOfAPool(RuleBasedStateMachine):
    """Checkouts, checkins and looks in any order."""

    submission: Submission
    twins: Twins

    @initialize(limit=limits)
    def build(self, limit: tuple[int, int]) -> None:
        """Start with two new pools."""
        self.twins = Twins(self.submission, limit)

    @rule(times=st.integers(1, 3))
    def checkout(self, times: int) -> None:
        """Take connections."""
        for _ in range(times):
            self.twins.checkout()

    @rule(times=st.integers(1, 3))
    def checkin(self, times: int) -> None:
        """Give connections back."""
        for _ in range(times):
            self.twins.checkin()

    @rule(count=st.sampled_from(COUNTS))
    def look(self, count: str) -> None:
        """Read a count."""
        self.twins.look(count)

    def teardown(self) -> None:
        """Close the real pool."""
        if hasattr(self, "twins"):
            self.twins.close()


# The last value of each setting that is allowed: what lies below it is refused.
EDGES = {"instances": 0, "processes": 1, "pool_size": 0, "max_overflow": -1, "surge": 0}
POOL_EDGES = ("pool_size", "max_overflow")
too_low = st.integers(1, 5)


@criterion(
    "Bad settings are refused",
    points=5,
    because="A plan made of an impossible setting looks like any other plan; an error does not.",
    hints=(
        "Which numbers can each setting not be? 0 and -1 mean something in some of them.",
        "Check where the object is built, and by an error that also stays under python -O.",
        "What was checked must not change afterwards.",
    ),
    examples=30,
)
@given(spec=services(), field=st.sampled_from(sorted(EDGES)), below=too_low)
@example(spec=Spec("web", 2), field="instances", below=1)
@example(spec=Spec("web", 2), field="processes", below=1)
@example(spec=Spec("web", 2), field="pool_size", below=1)
@example(spec=Spec("web", 2), field="max_overflow", below=1)
@example(spec=Spec("web", 2), field="surge", below=1)
def validation(submission: Submission, spec: Spec, field: str, below: int) -> None:
    """A Service with one field out of its range."""
    spec = spec._replace(**{field: EDGES[field] - below})
    with raises(ValueError):
        service(submission, spec)


@validation.also(examples=20)
@given(spec=services(), fields=st.sets(st.sampled_from(sorted(EDGES))))
@example(spec=Spec("web", 2), fields={"instances"})
@example(spec=Spec("web", 2), fields={"pool_size"})
@example(spec=Spec("web", 2), fields={"max_overflow"})
@example(spec=Spec("web", 2), fields=set(EDGES))
def edges_are_allowed(submission: Submission, spec: Spec, fields: set[str]) -> None:
    """A Service with fields at the edge of their ranges."""
    service(submission, spec._replace(**{field: EDGES[field] for field in fields}))


@validation.also(examples=12)
@given(spec=services(), field=st.sampled_from(Spec._fields))
@example(spec=Spec("web", 2), field="instances")
@example(spec=Spec("web", 2), field="name")
@example(spec=Spec("web", 2), field="pool_size")
def service_stays_frozen(submission: Submission, spec: Spec, field: str) -> None:
    """Assign to a field of a Service."""
    s = service(submission, spec)
    with raises(AttributeError):
        setattr(s, field, "other" if field == "name" else 7)


@validation.also(examples=20)
@given(limit=limits, field=st.sampled_from(POOL_EDGES), below=st.integers(0, 5))
@example(limit=(3, 2), field="pool_size", below=1)
@example(limit=(3, 2), field="max_overflow", below=1)
@example(limit=(3, 2), field="pool_size", below=0)
@example(limit=(3, 2), field="max_overflow", below=0)
def pools_are_checked(
    submission: Submission, limit: tuple[int, int], field: str, below: int
) -> None:
    """A PoolModel with one argument out of its range, or at the edge of it."""
    settings = dict(zip(POOL_EDGES, limit, strict=True)) | {field: EDGES[field] - below}
    if below:
        with raises(ValueError):
            submission.PoolModel(**settings)
    else:
        submission.PoolModel(**settings)


@st.composite
def bad_reserves(draw: st.DrawFn) -> tuple[int, int, int]:
    """Arguments of usable_slots that leave no slot, or of which one is negative."""
    superuser_reserved, reserved = draw(few), draw(few)
    kept, low = superuser_reserved + reserved, draw(too_low)
    return draw(
        st.sampled_from(
            [
                (kept, superuser_reserved, reserved),
                (max(kept - low, 0), superuser_reserved, reserved),
                (kept + 50, -low, reserved),
                (kept + 50, superuser_reserved, -low),
                (-low, superuser_reserved, reserved),
            ]
        )
    )


@validation.also(examples=30)
@given(arguments=bad_reserves())
@example(arguments=(12, 7, 5))
@example(arguments=(12, 7, 6))
@example(arguments=(50, -1, 4))
@example(arguments=(50, 4, -1))
@example(arguments=(0, 0, 0))
@example(arguments=(-1, 0, 0))
def reserves_leave_a_slot(submission: Submission, arguments: tuple[int, int, int]) -> None:
    """Reserves that PostgreSQL would not start with."""
    with raises(ValueError):
        submission.usable_slots(*arguments)


@validation.also(examples=20)
@given(arguments=st.tuples(few, few, few, few), place=st.integers(0, 3), below=too_low)
@example(arguments=(2, 6, 1, 0), place=0, below=1)
@example(arguments=(2, 6, 1, 0), place=1, below=1)
@example(arguments=(2, 6, 1, 0), place=2, below=1)
@example(arguments=(2, 6, 1, 0), place=3, below=1)
def pgbouncer_is_checked(
    submission: Submission, arguments: tuple[int, int, int, int], place: int, below: int
) -> None:
    """One negative argument of pgbouncer_servers."""
    bad = [-below if index == place else value for index, value in enumerate(arguments)]
    with raises(ValueError):
        submission.pgbouncer_servers(*bad)
