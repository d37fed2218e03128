"""Hidden suite: Connection-pool math.

Oracle: SQLAlchemy's QueuePool, driven over fake connections, and counting what its pools hold.
"""

from contextlib import closing, suppress
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from graders import Submission, criterion, raises
from graders.oracles import queue_pool as oracle
from graders.oracles import queue_pool_cases as cases
from graders.oracles.queue_pool import Spec
from graders.oracles.queue_pool_cases import LARGEST_SLOTS, Limit, Settings, Twins, agree, each, service, services

TAKES_8 = Spec("web", 2, pool_size=3, max_overflow=1)
WITHOUT_LIMIT = [(0, 0), (0, 1), (0, -1), (1, -1)]
WITHOUT_STEADY = [Spec("web", 0, pool_size=1, max_overflow=0, surge=surge) for surge in (0, 1)]
RESERVES = list(cases.LOWEST["usable_slots"])
FIELDS = Spec._fields[1:]
FAR_TOO_LOW = [(name, cases.NEEDED[name] | {field: -7}) for name, low in cases.LOWEST.items() for field in low]


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
@given(spec=services(processes=cases.one, surge=cases.none))
@example(spec=Spec("web", 1, pool_size=4, max_overflow=2))
@example(spec=Spec("web", 10, pool_size=10, max_overflow=20))
@example(spec=Spec("web", 3, pool_size=6, max_overflow=0))
@example(spec=Spec("web", 1, pool_size=1, max_overflow=1_000))
def peak_counts_overflow(submission: Submission, spec: Spec) -> None:
    agree(submission.peak_connections(service(submission, spec)), oracle.peak(spec))


@peak_counts_overflow.also()
def defaults_are_those_of_sqlalchemy(submission: Submission) -> None:
    # Each default of its own: no default may follow from what is said of the other.
    for said in ({}, {"pool_size": 1}, {"max_overflow": 0}):
        s = submission.Service("web", 1, **said)
        agree(submission.peak_connections(s), oracle.peak(Spec("web", 1, **said)))


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
@given(spec=services(limit=cases.without_overflow))
@example(spec=Spec("web", 2, processes=4, pool_size=3, max_overflow=0))
@example(spec=Spec("web", 1, pool_size=3, max_overflow=0, surge=2))
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
@example(spec=Spec("web", 0, pool_size=3, max_overflow=2, surge=1))
@example(spec=Spec("web", 1, pool_size=1, max_overflow=101))  # overflow by far
def every_pool_lends_alike(submission: Submission, spec: Spec) -> None:
    # Beside one pool of their own: whether that counts its overflow is another question.
    pools = (spec.instances + spec.surge) * spec.processes
    alone = submission.peak_connections(service(submission, spec._replace(instances=1, processes=1, surge=0)))
    assert type(alone) is int
    s = service(submission, spec)
    agree(submission.peak_connections(s), alone * pools)
    agree(submission.idle_connections(s), oracle.idle(spec))


@processes_multiply_surge_adds.also()
def a_new_service_is_counted_anew(submission: Submission) -> None:
    # Each is gone when the next is built, which may then get the same id.
    for count in ("peak_connections", "idle_connections"):
        new = f"{count}(Service('web', n, pool_size=1, max_overflow=0))"
        submission.execute(f"def each(numbers): return [{new} for n in numbers]")
        agree(submission.each([1, 2, 3]), [1, 2, 3])


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
    spec=services(limit=cases.unlimited_size) | services(cases.one, cases.none, cases.unlimited_overflow),
    slots=st.integers(0, LARGEST_SLOTS),
)
@each({"spec": Spec("web", n, 1, *limit), "slots": 100} for n in (1, 0) for limit in WITHOUT_LIMIT)
@each({"spec": Spec("web", 0, 1, *limit, surge=1), "slots": 100} for limit in WITHOUT_LIMIT)
@example(spec=Spec("web", 2, pool_size=0), slots=0)
def unlimited_pools(submission: Submission, spec: Spec, slots: int) -> None:
    s = service(submission, spec)
    agree(submission.peak_connections(s), oracle.peak(spec))
    agree(submission.idle_connections(s), oracle.idle(spec))
    agree(submission.max_instances(s, slots=slots), 0)


@unlimited_pools.also(examples=20)
@given(spec=services(limit=cases.unlimited_overflow))
@example(spec=Spec("web", 2, processes=3, pool_size=3, max_overflow=-1))
@example(spec=Spec("web", 2, pool_size=3, max_overflow=-1, surge=1))
def overflow_changes_nothing_that_stays(submission: Submission, spec: Spec) -> None:
    # Beside what they count without overflow, which is another question.
    kept = submission.idle_connections(service(submission, spec._replace(max_overflow=0)))
    assert submission.idle_connections(service(submission, spec)) == kept


@unlimited_pools.also(examples=30)
@given(
    spec=services(limit=cases.without_limit),
    others=st.lists(services(cases.one, cases.none, cases.without_overflow), max_size=3),
)
@each({"spec": Spec("web", n, 1, *limit), "others": []} for n, limit in ((1, (4, -1)), (1, (0, 10)), (0, (4, -1))))
@each({"spec": Spec("web", n, pool_size=0), "others": [Spec("api", 2, max_overflow=0)]} for n in (3, 0))
def unlimited_never_fits(submission: Submission, spec: Spec, others: list[Spec]) -> None:
    # Many more slots than the others can take, however they are counted.
    specs = [*others[:1], spec, *others[1:]]
    found = [service(submission, spec) for spec in specs]
    agree(submission.fits(found, slots=LARGEST_SLOTS), oracle.fits(specs, LARGEST_SLOTS))


@criterion(
    "Usable slots, sums of services, PgBouncer",
    points=15,
    because="A database has one budget: reserves come off it, what all take adds up, and a cap holds for the sum.",
    hints=(
        "What does Postgres keep for itself?",
        "All services may be at their peak together; the last free slot is free like any other.",
        "Every pair has its own reserve; the cap, if there is one, is the whole database's.",
    ),
    examples=40,
)
@given(settings=cases.settings_of("usable_slots"))
@example(settings={})
@each({"settings": {name: 40}} for name in RESERVES)
@each({"settings": dict(zip(RESERVES, some, strict=True))} for some in ((20, 2, 7), (10, 7, 2), (9, 0, 1)))
def slots_and_sums(submission: Submission, settings: Settings) -> None:
    agree(submission.usable_slots(**settings), oracle.usable(**settings))


@slots_and_sums.also(examples=60)
@given(specs=st.lists(services(), max_size=4), spare=cases.around)
@example(specs=[], spare=0)
@each({"specs": [TAKES_8], "spare": spare} for spare in (0, -1))
@example(specs=[Spec("web", 1, pool_size=1, max_overflow=0)] * 2, spare=0)
@each({"specs": [Spec("web", 2), other], "spare": -1} for other in (Spec("api", 1), Spec("web", 2)))
@example(specs=[Spec("web", 10, processes=2, surge=1), Spec("api", 1)], spare=0)
@example(specs=[Spec("web", 2, surge=2), Spec("api", 2, surge=2)], spare=-1)
def services_share_the_slots(submission: Submission, specs: list[Spec], spare: int) -> None:
    found = [service(submission, spec) for spec in specs]
    # By peaks of their own: whether those are right is another question.
    peaks = [submission.peak_connections(s) for s in found]
    if not all(peak is None or type(peak) is int for peak in peaks):
        peaks = [oracle.peak(spec) for spec in specs]
    total = sum(peak or 0 for peak in peaks)
    slots = max(0, min(total + spare, LARGEST_SLOTS))
    for several in (found, tuple(found)):
        agree(submission.fits(several, slots=slots), None not in peaks and total <= slots)


@slots_and_sums.also()
def nobody_takes_nothing(submission: Submission) -> None:
    specs = [WITHOUT_STEADY[0], Spec("api", 1, pool_size=1, max_overflow=0)]
    found: list[Any] = []
    with suppress(ValueError):  # Who refuses the first one, or whose peak of it is not 0, loses that elsewhere.
        found = [service(submission, spec) for spec in specs]
    if found and submission.peak_connections(found[0]) == 0:
        for several in (found[:1], found):
            agree(submission.fits(several, slots=0), len(several) < 2)
        agree(submission.fits(found[1:] * 2, slots=1), False)  # twice the same service is two


@slots_and_sums.also(examples=50)
@given(settings=cases.settings_of("pgbouncer_servers"))
@each({"settings": {"pairs": 3, name: 15}} for name in cases.LOWEST["pgbouncer_servers"])
@example(settings={"pairs": 3, "default_pool_size": 5, "max_db_connections": 0})
@each({"settings": {"pairs": 3, "reserve_pool_size": 4, "max_db_connections": cap}} for cap in (61, 80))
@example(settings={"pairs": 0, "max_db_connections": 4})
@example(settings={"pairs": 1, "default_pool_size": 0, "reserve_pool_size": 1})
@each({"settings": {"pairs": 1, "default_pool_size": 2, "max_db_connections": cap}} for cap in (1, 2))
def pgbouncer_servers(submission: Submission, settings: Settings) -> None:
    agree(submission.pgbouncer_servers(**settings), oracle.servers(**settings))


@slots_and_sums.also()
def settings_have_their_order(submission: Submission) -> None:
    for name, ask in (("usable_slots", oracle.usable), ("pgbouncer_servers", oracle.servers)):
        for settings in cases.BY_POSITION[name]:
            agree(getattr(submission, name)(*settings), ask(*settings))


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
@given(spec=services(), spare=cases.around)
@each({"spec": TAKES_8, "spare": spare} for spare in (4, 3, 5, -4, -5, -8))
@each({"spec": TAKES_8._replace(surge=2), "spare": spare} for spare in (4, 3, -9))
@example(spec=Spec("web", 1, processes=2, surge=1), spare=37)
@example(spec=Spec("web", 1, pool_size=1, max_overflow=0), spare=LARGEST_SLOTS)
def max_instances_is_the_inverse(submission: Submission, spec: Spec, spare: int) -> None:
    slots = cases.slots_around([spec], spare)
    s = service(submission, spec)
    agree(submission.max_instances(s, slots=slots), oracle.max_instances(spec, slots))


@max_instances_is_the_inverse.also()
def the_number_now_does_not_matter(submission: Submission) -> None:
    found: list[Any] = []
    with suppress(ValueError):  # Who refuses a service without an instance loses that elsewhere.
        found = [service(submission, spec) for spec in WITHOUT_STEADY]
    for s, spec in zip(found, WITHOUT_STEADY, strict=False):
        agree(submission.max_instances(s, slots=2), oracle.max_instances(spec, 2))
        agree(s.instances, spec.instances)


@criterion(
    "The model does what a real pool does",
    points=20,
    because="A pool reuses before it opens, refuses at its limit, closes returns that find it full.",
    hints=(
        "When does a connection come into being: with the pool, or with the call that needs it?",
        "Three ways for a checkout (reuse, open, give up) and two for a checkin: in which order?",
        "A checkin looks at how many are idle already, not at how many are open.",
    ),
    examples=50,
)
@given(limit=cases.limits, runs=st.lists(st.integers(0, 3) | cases.few, max_size=6))
@each({"limit": limit, "runs": runs} for limit, runs in cases.HISTORIES)
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


@pool_model_agrees.also(examples=3)
@given(limit=st.sampled_from(WITHOUT_LIMIT), calls=st.integers(0, cases.LARGEST_BURST))
@each({"limit": limit, "calls": calls} for calls in cases.BURSTS for limit in ((0, 0), (1, -1)))
@example(limit=(cases.LARGEST_BURST, 0), calls=cases.LARGEST_BURST)
def bursts_of_any_size(submission: Submission, limit: Limit, calls: int) -> None:
    submission.execute("def take(pool, times): return sum(pool.checkout() for _ in range(times))")
    submission.execute("def give_back(pool, times): return [pool.checkin() for _ in range(times)].count(None)")
    twins = Twins(submission, limit)
    with closing(twins.real):
        agree(submission.take(twins.model, calls), sum(twins.real.checkout() for _ in range(calls)))
        twins.look()
        agree(submission.give_back(twins.model, calls), calls)
        for _ in range(calls):
            twins.real.checkin()
        twins.look()


@pool_model_agrees.also()
def pools_share_nothing(submission: Submission) -> None:
    one = Twins(submission, (2, 0))
    with closing(one.real):
        one.checkout()
        other = Twins(submission, (1, 0), named=False)
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

    @initialize(limit=cases.limits)
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
@given(call=cases.bad_calls())
@each({"call": call} for call in [*cases.TOO_LOW, *FAR_TOO_LOW])
@example(call=("usable_slots", {"max_connections": 3}))
@example(call=("usable_slots", {"max_connections": 12, "superuser_reserved": 7, "reserved": 5}))
@example(call=("usable_slots", {"max_connections": 0, "superuser_reserved": 0}))
def validation(submission: Submission, call: tuple[str, Settings]) -> None:
    name, settings = call
    with raises(ValueError):
        getattr(submission, name)(**settings)


@validation.also(examples=20)
@given(
    call=st.sampled_from(sorted(cases.LOWEST)).flatmap(lambda name: st.tuples(st.just(name), cases.settings_of(name)))
)
@each({"call": call} for call in cases.ALLOWED)
def everything_else_is_allowed(submission: Submission, call: tuple[str, Settings]) -> None:
    name, settings = call
    getattr(submission, name)(**settings)


@validation.also(examples=20)
@given(spec=services(limit=cases.bounded | cases.without_limit), field=st.sampled_from(FIELDS), value=cases.few)
@each({"spec": Spec("web", 2), "field": field, "value": 7} for field in FIELDS)
@example(spec=Spec("Web ", 2), field="name", value="api")
@each({"spec": Spec("web", 2, 1, *limit), "field": "max_overflow", "value": 7} for limit in WITHOUT_LIMIT)
@example(spec=Spec("web", 2), field="instances", value=2)  # what stays as it was
def service_stays_frozen(submission: Submission, spec: Spec, field: str, value: int | str) -> None:
    s = service(submission, spec)
    agree(getattr(s, field), getattr(spec, field))
    with raises(AttributeError):
        setattr(s, field, value)
    agree(getattr(s, field), getattr(spec, field))


@validation.also()
def fields_read_back(submission: Submission) -> None:
    spec = Spec("web", 1, 2, 3, 4, 5)  # five numbers by position, none of them like another
    s = submission.Service(*spec)
    for field, value in spec._asdict().items():
        agree(getattr(s, field), value)


@validation.also()
def parameters_have_their_names(submission: Submission) -> None:
    s = service(submission, TAKES_8)
    with suppress(NotImplementedError):  # Who has not begun one loses that elsewhere.
        submission.peak_connections(s=s)
        submission.idle_connections(s=s)
        submission.max_instances(s=s, slots=8)
        submission.fits(services=[s], slots=8)
