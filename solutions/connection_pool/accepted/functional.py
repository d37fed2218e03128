"""Route: expressions only; PoolModel replays its whole history to answer a question.

A naive suite with a time limit per call, or one that reads private counters, rejects it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import mul


def refuse_if(condition, why="out of range"):
    if condition:
        raise ValueError(why)


@dataclass(frozen=True)
class Service:
    name: str
    instances: int
    processes: int = 1
    pool_size: int = 5
    max_overflow: int = 10
    surge: int = 0

    def __post_init__(self):
        fields = (self.instances, self.processes - 1, self.pool_size, self.max_overflow + 1, self.surge)
        refuse_if(any(n < 0 for n in fields))


prod = lambda *factors: reduce(mul, factors, 1)
unlimited = lambda size, overflow: size == 0 or overflow == -1


def peak_connections(s: Service) -> int | None:
    alive = s.instances + s.surge
    return (
        0
        if alive == 0
        else None
        if unlimited(s.pool_size, s.max_overflow)
        else prod(alive, s.processes, s.pool_size + s.max_overflow)
    )


def idle_connections(s: Service) -> int | None:
    return None if s.instances > 0 == s.pool_size else prod(s.instances, s.processes, s.pool_size)


def usable_slots(max_connections: int = 100, superuser_reserved: int = 3, reserved: int = 0) -> int:
    refuse_if(min(max_connections, superuser_reserved, reserved) < 0)
    refuse_if(max_connections <= superuser_reserved + reserved)
    return reduce(int.__sub__, (superuser_reserved, reserved), max_connections)


def fits(services: Sequence[Service], *, slots: int) -> bool:
    return all(peak_connections(s) is not None for s in services) and slots >= sum(
        peak_connections(s) for s in services
    )


def max_instances(s: Service, *, slots: int) -> int:
    return (
        0
        if unlimited(s.pool_size, s.max_overflow)
        else max(slots // prod(s.processes, s.pool_size + s.max_overflow), s.surge) - s.surge
    )


def pgbouncer_servers(
    pairs: int, default_pool_size: int = 20, reserve_pool_size: int = 0, max_db_connections: int = 0
) -> int:
    refuse_if(min(pairs, default_pool_size, reserve_pool_size, max_db_connections) < 0)
    return sorted([prod(pairs, default_pool_size + reserve_pool_size), max_db_connections or 1 << 60])[0]


class PoolModel:
    def __init__(self, pool_size: int, max_overflow: int) -> None:
        refuse_if(pool_size < 0 or max_overflow < -1)
        self.settings = (pool_size, max_overflow)
        self.history = ()

    def _step(self, state, event):
        """One event turns (idle, out) into the next state."""
        (idle, out), (size, _) = state, self.settings
        if event == "lend":
            return (max(idle - 1, 0), out + 1)
        return (idle + (size == 0 or idle < size), out - 1)

    def _now(self):
        return reduce(self._step, self.history, (0, 0))

    idle = property(lambda self: self._now()[0])
    checked_out = property(lambda self: self._now()[1])
    open = property(lambda self: sum(self._now()))

    def checkout(self) -> bool:
        lent = unlimited(*self.settings) or self.checked_out < sum(self.settings)
        self.history += ("lend",) * lent
        return lent

    def checkin(self) -> None:
        if self.checked_out == 0:
            raise RuntimeError("nothing to take back")
        self.history += ("return",)
