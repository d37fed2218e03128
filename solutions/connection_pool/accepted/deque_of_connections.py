"""Route: PoolModel holds connection objects, a deque of idle ones and a list of lent ones.

A naive suite looks for counters, or compares __dict__; here every number is a len().
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass


class Connection:
    def __init__(self):
        self.closed = False

    def close(self):
        self.closed = True


def _check_pool(pool_size, max_overflow):
    if pool_size < 0:
        raise ValueError("pool_size")
    if max_overflow < -1:
        raise ValueError("max_overflow")


@dataclass(frozen=True)
class Service:
    name: str
    instances: int
    processes: int = 1
    pool_size: int = 5
    max_overflow: int = 10
    surge: int = 0

    def __post_init__(self):
        _check_pool(self.pool_size, self.max_overflow)
        if self.instances < 0:
            raise ValueError("instances")
        if self.processes < 1:
            raise ValueError("processes")
        if self.surge < 0:
            raise ValueError("surge")

    @property
    def unlimited(self):
        return self.pool_size == 0 or self.max_overflow == -1


def peak_connections(s: Service) -> int | None:
    pools = s.processes * (s.instances + s.surge)
    if pools and s.unlimited:
        return None
    return pools * (s.pool_size + s.max_overflow) if pools else 0


def idle_connections(s: Service) -> int | None:
    pools = s.processes * s.instances
    if pools and s.pool_size == 0:
        return None
    return pools * s.pool_size


def usable_slots(max_connections: int = 100, superuser_reserved: int = 3, reserved: int = 0) -> int:
    if superuser_reserved < 0 or reserved < 0:
        raise ValueError("negative reserve")
    for_superusers = max_connections - superuser_reserved
    for_everyone = for_superusers - reserved
    if for_everyone <= 0:
        raise ValueError("the reserves swallow max_connections")
    return for_everyone


def fits(services: Sequence[Service], *, slots: int) -> bool:
    left = slots
    for s in services:
        peak = peak_connections(s)
        if peak is None:
            return False
        left -= peak
    return left >= 0


def max_instances(s: Service, *, slots: int) -> int:
    if s.unlimited:
        return 0
    per_instance = s.processes * (s.pool_size + s.max_overflow)
    left = slots - s.surge * per_instance
    return left // per_instance if left > 0 else 0


def pgbouncer_servers(
    pairs: int, default_pool_size: int = 20, reserve_pool_size: int = 0, max_db_connections: int = 0
) -> int:
    for argument in (pairs, default_pool_size, reserve_pool_size, max_db_connections):
        if argument < 0:
            raise ValueError(argument)
    opened = 0
    for _ in range(pairs):
        for _ in range(default_pool_size + reserve_pool_size):
            if max_db_connections and opened >= max_db_connections:
                return opened
            opened += 1
    return opened


class PoolModel:
    def __init__(self, pool_size: int, max_overflow: int) -> None:
        _check_pool(pool_size, max_overflow)
        self._size = pool_size
        self._overflow = max_overflow
        self._waiting = deque()
        self._lent = []

    @property
    def open(self) -> int:
        return len(self._waiting) + len(self._lent)

    @property
    def checked_out(self) -> int:
        return len(self._lent)

    @property
    def idle(self) -> int:
        return len(self._waiting)

    def _may_open(self):
        if self._size == 0 or self._overflow == -1:
            return True
        return self.open < self._size + self._overflow

    def checkout(self) -> bool:
        if self._waiting:
            self._lent.append(self._waiting.popleft())
        elif self._may_open():
            self._lent.append(Connection())
        else:
            return False
        return True

    def checkin(self) -> None:
        if not self._lent:
            raise RuntimeError("no connection is out")
        connection = self._lent.pop()
        if self._size == 0 or len(self._waiting) < self._size:
            self._waiting.append(connection)
        else:
            connection.close()
