"""LAYER 2. What the suite of connection_pool asks: services, settings and calls that are allowed or not."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from hypothesis import example
from hypothesis import strategies as st

from graders import Submission, raises
from graders.expectation import Unmet
from graders.oracles import queue_pool as oracle
from graders.oracles.queue_pool import Spec

Settings = dict[str, Any]
Limit = tuple[int, int]  # pool_size, max_overflow

LARGEST_SLOTS = 2_000
LARGEST_BURST = 100
# Just above the numbers at which somebody might stop, and the largest.
BURSTS = (6, 11, 21, 51, LARGEST_BURST)
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

# Every way to leave out the last ones: what stands there must be read as the right one.
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
ALLOWED = [(name, NEEDED[name] | LOWEST[name]) for name in LOWEST if name != "usable_slots"]
ALLOWED += [(name, NEEDED[name] | {field: 1_000}) for name in ("Service", "PoolModel") for field in LOWEST[name]]
ALLOWED += [("Service", {"name": "", "instances": 1}), ("usable_slots", {"max_connections": 300_000})]

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


def each(cases: Iterable[Settings]) -> Callable[[Any], Any]:
    """Try these arguments of a check first, each in its turn."""

    def add(test: Any) -> Any:
        for case in reversed(list(cases)):
            test = example(**case)(test)
        return test

    return add


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


def agree(observed: object, expected: object) -> None:
    """Expect the same value of the same type: a bool is no int, nor is 3.0."""
    if observed != expected:
        raise Unmet("==", observed, expected)
    if type(observed) is not type(expected):
        raise Unmet("is", type(observed), type(expected))


class Twins:
    """The submission's PoolModel and a real pool, which get the same calls."""

    def __init__(self, submission: Submission, limit: Limit, *, named: bool = True) -> None:
        self.real = oracle.RealPool(*limit)
        settings = {"pool_size": limit[0], "max_overflow": limit[1]}
        self.model: Any = submission.PoolModel(**settings) if named else submission.PoolModel(*limit)

    def checkout(self) -> None:
        """Take a connection from both."""
        agree(self.model.checkout(), self.real.checkout())

    def checkin(self) -> None:
        """Give one back to both; refused if none is out."""
        if self.real.checked_out:
            agree(self.model.checkin(), None)
            self.real.checkin()
            return
        with raises(RuntimeError):
            try:
                self.model.checkin()
            except (NotImplementedError, RecursionError) as slip:
                # These are RuntimeErrors by descent only: nobody means by them that nothing is out.
                raise Unmet("raises", slip, (RuntimeError,)) from slip

    def look(self) -> None:
        """Read the counts of both."""
        for count in ("open", "checked_out", "idle"):
            agree(getattr(self.model, count), getattr(self.real, count))
