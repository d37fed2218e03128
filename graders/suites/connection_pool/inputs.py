"""What the suite of connection_pool asks: services, settings and calls that are allowed or not."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from graders import Submission
from graders.suites.connection_pool import oracle
from graders.suites.connection_pool.oracle import Spec

Settings = dict[str, Any]
Limit = tuple[int, int]  # pool_size, max_overflow

LARGEST_SLOTS = 2_000
LARGEST_BURST = 100
LARGEST_LIST = 2_000
# Beyond what a float holds exactly, and what can be counted up to or made.
VAST = 10**18
# The largest argument: beyond sys.maxsize as well, where a length and the ints of C end.
BEYOND = 10**19
# The most instances and pairs, and a number of them that is enough to end each recursion.
LARGEST_COUNT = 2_000_000
MANY = 100_000
# Just above the numbers at which somebody might stop, and the largest.
BURSTS = (6, 11, 21, 51, LARGEST_BURST)
# The limits that lend as many: a limit of the submission's own on the size or on the overflow shows there.
LARGEST_LIMITS = ((LARGEST_BURST, 0), (1, LARGEST_BURST - 1), (LARGEST_BURST // 2, LARGEST_BURST // 2))
# The lowest value of each argument, and what a call can't leave out.
LOWEST = {
    "Service": {"instances": 0, "processes": 1, "pool_size": 0, "max_overflow": -1, "surge": 0},
    "PoolModel": {"pool_size": 0, "max_overflow": -1},
    "usable_slots": {"max_connections": 0, "superuser_reserved": 0, "reserved": 0},
    "pgbouncer_servers": dict.fromkeys(("pairs", "default_pool_size", "reserve_pool_size", "max_db_connections"), 0),
}
NEEDED: dict[str, Settings] = {
    "Service": {"name": "web", "instances": 2},
    "PoolModel": {"pool_size": 3, "max_overflow": 2},
    "usable_slots": {},
    "pgbouncer_servers": {"pairs": 2},
}

# Every way to leave out the last arguments: each one given must be read as the right parameter.
BY_POSITION = {
    "usable_slots": [(9, 1), (9, 1, 1)],
    "pgbouncer_servers": [(1, 2), (1, 2, 1), (1, 1, 1, 1)],
}
SAID = ("pool_size", "max_overflow")

# Pools and their calls: so many checkouts, then so many checkins, and so on. For each mistake the fewest calls on the
# smallest pool that show it, the fewest first.
HISTORIES: tuple[tuple[Limit, list[int]], ...] = tuple(
    sorted(
        (
            *(((1, 0), runs) for runs in ([], [1], [0, 1], [2], [1, 1], [0, 1, 1], [0, 2])),
            *(((0, 0), runs) for runs in ([], [1], [0, 1], [1, 1], [1, 2])),
            *(((1, 0), runs) for runs in ([0, 1, 2], [1, 1, 1], [1, 2], [2, 1], [2, 2])),
            *(((1, 1), runs) for runs in ([2], [3], [2, 1], [2, 2], [2, 2, 2], [3, 2, 2])),
            *(((1, -1), runs) for runs in ([1], [2, 1], [2, 2], [3, 2], [3, 3])),
            *(((2, 0), runs) for runs in ([1, 1, 1], [3], [2, 2, 3])),
            *(((0, -1), runs) for runs in ([1, 1], [2, 2])),
            *(((0, 1), runs) for runs in ([2, 2],)),
            *(((1, 2), runs) for runs in ([3], [4], [3, 2])),
            *(((2, 1), runs) for runs in ([3, 3], [4, 2, 2, 3, 2])),
            ((3, 0), [4]),
            ((0, 2), [3, 3]),
        ),
        key=lambda history: sum(history[1]),
    )
)

TOO_LOW = [(name, NEEDED[name] | {field: low[field] - 1}) for name, low in LOWEST.items() for field in low]
# Whatever the others are: all as low as they may be, or one above.
TOO_LOW += [
    (name, NEEDED[name] | {other: low[other] + more for other in low} | {field: low[field] - 1})
    for name, low in LOWEST.items()
    for field in low
    for more in (0, 1)
]
ALLOWED = [
    ("Service", {"name": "web", "instances": 0}),
    ("Service", {"name": "web", "instances": 1, "surge": 2}),
    ("Service", {"name": "", "instances": 1}),
    *((name, NEEDED[name] | LOWEST[name]) for name in LOWEST if name != "usable_slots"),
    *(("PoolModel", {"pool_size": size, "max_overflow": more}) for size, more in ((0, 0), (0, 1), (1, -1), (0, -1))),
]
# As large as anybody's settings, one at a time. They are built and nothing else.
LARGE = [
    (name, NEEDED[name] | {field: number})
    for number in (1_001, LARGEST_COUNT, BEYOND)
    for name in ("Service", "PoolModel")
    for field in LOWEST[name]
    if number <= LARGEST_COUNT or field not in ("instances", "surge")
]
LARGE += [("PoolModel", {"pool_size": 0, "max_overflow": 1_000_000}), ("Service", {"name": "w" * 300, "instances": 1})]
# Calls with large arguments and answers: what they give, and the same with small ones.
LARGE_ANSWERS: list[tuple[str, Settings, int, Settings]] = [
    ("usable_slots", {"max_connections": 1_000_000}, 999_997, {"max_connections": 10}),
    (
        "usable_slots",
        {"max_connections": 1_000_000, "superuser_reserved": 999_000},
        1_000,
        {"max_connections": 10, "superuser_reserved": 9},
    ),
    ("usable_slots", {"max_connections": 1_000_000, "reserved": 999_000}, 997, {"max_connections": 10, "reserved": 6}),
    ("pgbouncer_servers", {"pairs": 50_001}, 1_000_020, {"pairs": 2}),
    (
        "pgbouncer_servers",
        {"pairs": 1, "default_pool_size": 1_000_000},
        1_000_000,
        {"pairs": 1, "default_pool_size": 5},
    ),
    (
        "pgbouncer_servers",
        {"pairs": 1, "reserve_pool_size": 1_000_000},
        1_000_020,
        {"pairs": 1, "reserve_pool_size": 5},
    ),
    ("pgbouncer_servers", {"pairs": 2, "max_db_connections": 1_000_000}, 40, {"pairs": 2, "max_db_connections": 50}),
    (
        "pgbouncer_servers",
        {"pairs": 1_000_000, "max_db_connections": 1_000_000},
        1_000_000,
        {"pairs": 9, "max_db_connections": 5},
    ),
]

# An argument is far larger than the answer.
LARGE_ANSWERS += [
    (
        "usable_slots",
        {"max_connections": BEYOND, "superuser_reserved": BEYOND - 5},
        5,
        {"max_connections": 10, "superuser_reserved": 5},
    ),
    (
        "usable_slots",
        {"max_connections": BEYOND, "reserved": BEYOND - 8},
        5,
        {"max_connections": 10, "reserved": 2},
    ),
    ("pgbouncer_servers", {"pairs": 2, "max_db_connections": BEYOND}, 40, {"pairs": 2, "max_db_connections": 50}),
    (
        "pgbouncer_servers",
        {"pairs": 3, "default_pool_size": BEYOND, "max_db_connections": 7},
        7,
        {"pairs": 3, "default_pool_size": 5, "max_db_connections": 7},
    ),
    (
        "pgbouncer_servers",
        {"pairs": 3, "reserve_pool_size": BEYOND, "max_db_connections": 7},
        7,
        {"pairs": 3, "reserve_pool_size": 5, "max_db_connections": 7},
    ),
    ("pgbouncer_servers", {"pairs": 0, "default_pool_size": BEYOND}, 0, {"pairs": 0, "default_pool_size": 5}),
]

# Services that are asked for one count: what it is, and a small one that is like it. First many instances, then
# settings that are far larger than the answer.
LARGE_SERVICES: list[tuple[str, Spec, int | None, Spec]] = [
    ("peak_connections", Spec("web", MANY, 1, 1, 0), MANY, Spec("web", 2, 1, 1, 0)),
    ("peak_connections", Spec("web", 1, MANY, 1, 0), MANY, Spec("web", 1, 2, 1, 0)),
    ("peak_connections", Spec("web", 0, 1, 1, 0, surge=MANY), MANY, Spec("web", 0, 1, 1, 0, surge=2)),
    ("idle_connections", Spec("web", MANY, 1, 1, 0), MANY, Spec("web", 2, 1, 1, 0)),
    ("idle_connections", Spec("web", 1, MANY, 1, 0), MANY, Spec("web", 1, 2, 1, 0)),
    ("idle_connections", Spec("web", 1, 1, 1, 0, surge=MANY), 1, Spec("web", 1, 1, 1, 0, surge=2)),
    ("peak_connections", Spec("web", 0, BEYOND, BEYOND, BEYOND), 0, Spec("web", 0, 2, 3, 1)),
    ("idle_connections", Spec("web", 0, BEYOND, BEYOND, BEYOND), 0, Spec("web", 0, 2, 3, 1)),
    ("peak_connections", Spec("web", 1, BEYOND, 0, 1), None, Spec("web", 1, 2, 0, 1)),
    ("idle_connections", Spec("web", 1, BEYOND, 0, 1), None, Spec("web", 1, 2, 0, 1)),
    ("peak_connections", Spec("web", 1, 2, BEYOND, -1), None, Spec("web", 1, 2, 3, -1)),
    ("idle_connections", Spec("web", 2, 2, 3, BEYOND), 12, Spec("web", 2, 2, 3, 4)),
]
# The most instances of services of which one takes about all slots, or more.
LARGE_INSTANCES: list[tuple[Spec, int, int]] = [
    (Spec("web", 1, 500, 500, 500), 1_000_000, 2),
    (Spec("web", 1, 1, BEYOND // 10, 0), BEYOND, 10),
    (Spec("web", 1, BEYOND // 10, 1, 0), BEYOND, 10),
    (Spec("web", 1, 1, 1, BEYOND // 10 - 1), BEYOND, 10),
    (Spec("web", 1, BEYOND, BEYOND, 0), 5, 0),
]


few, some = st.integers(0, 6), st.integers(0, 6) | st.integers(0, 20)
# Services without an instance are examples of two criteria; elsewhere they would cost whoever refuses them too much.
alive = st.integers(1, 6) | st.integers(1, 20)
none, one, many = st.just(0), st.just(1), st.integers(1, 6)
sizes = st.integers(1, 12)
bounded = st.tuples(sizes, st.integers(0, 15))
without_overflow = st.tuples(sizes, none)
unlimited_size = st.tuples(none, st.integers(-1, 9))
unlimited_overflow = st.tuples(sizes, st.just(-1))
without_limit = unlimited_size | unlimited_overflow
limits = st.tuples(st.integers(0, 4), st.integers(-1, 3))
around = st.sampled_from([-1, 0, 1]) | st.integers(-LARGEST_SLOTS, LARGEST_SLOTS)


@st.composite
def services(
    draw: st.DrawFn,
    processes: st.SearchStrategy[int] = many,
    surge: st.SearchStrategy[int] = few,
    limit: st.SearchStrategy[Limit] = bounded,
) -> Spec:
    """Services whose pools have a limit, unless another one is asked for."""
    name = draw(st.sampled_from(["web", "api", "batch"]))
    instances = draw(alive)
    # More surge than instances is in examples, for the same reason as no instance.
    return Spec(name, instances, draw(processes), *draw(limit), min(draw(surge), instances))


@st.composite
def settings_of(draw: st.DrawFn, name: str) -> Settings:
    """Allowed arguments for a call of `name`, some left to their defaults."""
    found = {field: low + draw(some) for field, low in LOWEST[name].items() if draw(st.booleans())}
    if "max_connections" in found:
        found["max_connections"] += 50
    return NEEDED[name] | found


def service(submission: Submission, spec: Spec) -> Any:
    """Build a Service; the sizes of its pools are always said, so that a wrong default costs one criterion."""
    usual = {"name": spec.name, "instances": spec.instances} | spec._field_defaults
    said = {name: value for name, value in spec._asdict().items() if name in SAID or value != usual[name]}
    return submission.Service(spec.name, spec.instances, **said)


def slots_around(specs: list[Spec], spare: int) -> int:
    """Return the slots that the specs fill at their peak, and some to spare or too few."""
    slots = sum(oracle.peak(spec) or 0 for spec in specs) + spare
    return max(0, min(slots, LARGEST_SLOTS))


@st.composite
def bad_calls(draw: st.DrawFn) -> tuple[str, Settings]:
    """A call with one argument that is too low, or with reserves that leave no slot."""
    name = draw(st.sampled_from(sorted(LOWEST)))
    settings = draw(settings_of(name))
    field, low = draw(st.sampled_from(sorted(LOWEST[name].items())))
    if field == "max_connections":
        kept = settings.setdefault("superuser_reserved", 3) + settings.setdefault("reserved", 0)
        return name, settings | {field: draw(st.integers(-1, kept))}
    return name, settings | {field: low - 1 - draw(few)}
