"""Route: an unlimited pool is math.inf inside, and becomes None at the border only.

A naive suite takes floats inside for floats outside, or 0 * inf for an answer.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

INF = math.inf


def limit(pool_size, max_overflow):
    return INF if pool_size == 0 or max_overflow == -1 else pool_size + max_overflow


def times(pools, each):
    # 0 * inf is nan; no pool means no connection.
    return pools * each if pools else 0


def border(value):
    return None if value == INF else int(value)


@dataclass(frozen=True)
class Service:
    name: str
    instances: int
    processes: int = 1
    pool_size: int = 5
    max_overflow: int = 10
    surge: int = 0

    def __post_init__(self):
        if self.instances < 0 or self.surge < 0 or self.processes < 1:
            raise ValueError("bad fleet")
        if self.pool_size < 0 or self.max_overflow < -1:
            raise ValueError("bad pool")


def _peak(s):
    return times((s.instances + s.surge) * s.processes, limit(s.pool_size, s.max_overflow))


def peak_connections(s: Service) -> int | None:
    return border(_peak(s))


def idle_connections(s: Service) -> int | None:
    return border(times(s.instances * s.processes, s.pool_size or INF))


def usable_slots(max_connections: int = 100, superuser_reserved: int = 3, reserved: int = 0) -> int:
    if superuser_reserved < 0 or reserved < 0 or superuser_reserved + reserved >= max_connections:
        raise ValueError("no slot left")
    return max_connections - superuser_reserved - reserved


def fits(services: Sequence[Service], *, slots: int) -> bool:
    return sum(map(_peak, services)) <= slots


def max_instances(s: Service, *, slots: int) -> int:
    each = s.processes * limit(s.pool_size, s.max_overflow)
    # n // inf is 0.0
    return max(0, int(slots // each) - s.surge)


def pgbouncer_servers(
    pairs: int, default_pool_size: int = 20, reserve_pool_size: int = 0, max_db_connections: int = 0
) -> int:
    if min(pairs, default_pool_size, reserve_pool_size, max_db_connections) < 0:
        raise ValueError("negative")
    return int(min(pairs * (default_pool_size + reserve_pool_size), max_db_connections or INF))


class PoolModel:
    def __init__(self, pool_size: int, max_overflow: int) -> None:
        if pool_size < 0 or max_overflow < -1:
            raise ValueError("bad pool")
        self._keep = pool_size or INF
        self._limit = limit(pool_size, max_overflow)
        self._open = 0
        self._out = 0

    open = property(lambda self: self._open)
    checked_out = property(lambda self: self._out)
    idle = property(lambda self: self._open - self._out)

    def checkout(self) -> bool:
        if self._out >= self._limit:
            return False
        self._out += 1
        self._open = max(self._open, self._out)
        return True

    def checkin(self) -> None:
        if self._out == 0:
            raise RuntimeError("nothing is out")
        if self.idle >= self._keep:
            self._open -= 1
        self._out -= 1
