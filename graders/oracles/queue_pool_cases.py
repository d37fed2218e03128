"""LAYER 2. What the suite of connection_pool asks: services, settings and calls that are allowed or not."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from hypothesis import example
from hypothesis import strategies as st

from graders.oracles import queue_pool as oracle
from graders.oracles.queue_pool import Spec

Settings = dict[str, Any]
Limit = tuple[int, int]  # pool_size, max_overflow

LARGEST_SLOTS = 5_000
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

few, some = st.integers(0, 6), st.integers(0, 6) | st.integers(0, 20)
# Services without an instance are examples of two criteria; elsewhere they would cost whoever refuses them too much.
alive = st.integers(1, 6) | st.integers(1, 20)
none, one, many = st.just(0), st.just(1), st.integers(1, 6)
sizes = st.integers(1, 12)
bounded = st.tuples(sizes, st.integers(0, 15))
without_overflow = st.tuples(sizes, none)
unlimited_size = st.tuples(none, st.integers(-1, 9))
unlimited_overflow = st.tuples(sizes, st.just(-1))
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
    return Spec(name, draw(alive), draw(processes), *draw(limit), draw(surge))


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
