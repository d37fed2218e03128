"""Mistake: one pool per instance; each gunicorn or uvicorn worker has its own pool, so four workers open four times as many.

Must fail: processes_multiply_surge_adds
May fail: max_instances_is_the_inverse
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Service:
    name: str
    instances: int
    processes: int = 1
    pool_size: int = 5
    max_overflow: int = 10
    surge: int = 0

    def __post_init__(self):
        if min(self.instances, self.surge, self.pool_size) < 0:
            raise ValueError
        if self.processes < 1 or self.max_overflow < -1:
            raise ValueError


def peak_connections(s: Service) -> int | None:
    pools = s.instances + s.surge
    if pools == 0:
        return 0
    if s.pool_size == 0 or s.max_overflow == -1:
        return None
    return pools * (s.pool_size + s.max_overflow)


def idle_connections(s: Service) -> int | None:
    pools = s.instances
    if pools and s.pool_size == 0:
        return None
    return pools * s.pool_size


def usable_slots(max_connections: int = 100, superuser_reserved: int = 3, reserved: int = 0) -> int:
    if min(max_connections, superuser_reserved, reserved) < 0:
        raise ValueError
    if superuser_reserved + reserved >= max_connections:
        raise ValueError
    return max_connections - (superuser_reserved + reserved)


def fits(services: Sequence[Service], *, slots: int) -> bool:
    needed = 0
    for s in services:
        peak = peak_connections(s)
        if peak is None:
            return False
        needed += peak
    return slots >= needed


def max_instances(s: Service, *, slots: int) -> int:
    if s.pool_size == 0 or s.max_overflow == -1:
        return 0
    n = slots // (s.pool_size + s.max_overflow) - s.surge
    return n if n > 0 else 0


def pgbouncer_servers(
    pairs: int, default_pool_size: int = 20, reserve_pool_size: int = 0, max_db_connections: int = 0
) -> int:
    if min(pairs, default_pool_size, reserve_pool_size, max_db_connections) < 0:
        raise ValueError
    total = pairs * default_pool_size + pairs * reserve_pool_size
    if max_db_connections:
        return min(total, max_db_connections)
    return total


class PoolModel:
    def __init__(self, pool_size: int, max_overflow: int) -> None:
        if pool_size < 0 or max_overflow < -1:
            raise ValueError
        self._pool_size = pool_size
        self._max_overflow = -1 if pool_size == 0 else max_overflow
        self._open = 0
        self._out = 0

    open = property(lambda self: self._open)
    checked_out = property(lambda self: self._out)
    idle = property(lambda self: self._open - self._out)

    def _can_open(self):
        if self._max_overflow == -1:
            return True
        return self._open < self._pool_size + self._max_overflow

    def checkout(self) -> bool:
        if self._open == self._out:
            if not self._can_open():
                return False
            self._open += 1
        self._out += 1
        return True

    def checkin(self) -> None:
        if self._out == 0:
            raise RuntimeError("pool is not in use")
        if self._pool_size and self.idle >= self._pool_size:
            self._open -= 1
        self._out -= 1
