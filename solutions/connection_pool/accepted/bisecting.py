"""Route: the peak grows with the instances, so max_instances bisects a range by its peak.

A naive suite that counts calls, or pokes at __dict__ (the Service has slots), rejects it.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Service:
    name: str
    instances: int
    processes: int = 1
    pool_size: int = 5
    max_overflow: int = 10
    surge: int = 0

    def __post_init__(self) -> None:
        if not (self.instances >= 0 <= self.surge and self.processes >= 1):
            raise ValueError(self)
        if not (self.pool_size >= 0 and self.max_overflow >= -1):
            raise ValueError(self)


def peak_connections(s: Service) -> int | None:
    match (s.instances + s.surge, s.pool_size, s.max_overflow):
        case (0, _, _):
            return 0
        case (_, 0, _) | (_, _, -1):
            return None
        case (alive, size, overflow):
            return alive * s.processes * (size + overflow)


def idle_connections(s: Service) -> int | None:
    match (s.instances, s.pool_size):
        case (0, _):
            return 0
        case (_, 0):
            return None
        case (steady, size):
            return steady * s.processes * size


def usable_slots(max_connections: int = 100, superuser_reserved: int = 3, reserved: int = 0) -> int:
    kept_back = superuser_reserved + reserved
    if min(max_connections, superuser_reserved, reserved) < 0 or kept_back >= max_connections:
        raise ValueError((max_connections, superuser_reserved, reserved))
    return max_connections - kept_back


def fits(services: Sequence[Service], *, slots: int) -> bool:
    for s in services:
        peak = peak_connections(s)
        if peak is None or peak > slots:
            return False
        slots -= peak
    return True


def max_instances(s: Service, *, slots: int) -> int:
    if peak_connections(replace(s, instances=1)) is None:
        return 0

    def peak_of(instances: int) -> int:
        return peak_connections(replace(s, instances=instances))

    # A range has a length of at most sys.maxsize, and there may be more slots than that.
    high = 1
    while peak_of(high) <= slots:
        high *= 2
    return bisect_right(range(1, high + 1), slots, key=peak_of)


def pgbouncer_servers(
    pairs: int, default_pool_size: int = 20, reserve_pool_size: int = 0, max_db_connections: int = 0
) -> int:
    if min(pairs, default_pool_size, reserve_pool_size, max_db_connections) < 0:
        raise ValueError
    servers = pairs * (default_pool_size + reserve_pool_size)
    if 0 < max_db_connections < servers:
        return max_db_connections
    return servers


class PoolModel:
    __slots__ = ("_cap", "_keep", "checked_out", "idle")

    def __init__(self, pool_size: int, max_overflow: int) -> None:
        one = Service("", 1, 1, pool_size, max_overflow)
        self._cap = peak_connections(one)
        self._keep = idle_connections(one)
        self.checked_out = self.idle = 0

    @property
    def open(self) -> int:
        return self.checked_out + self.idle

    def checkout(self) -> bool:
        if self._cap is not None and self.checked_out == self._cap:
            return False
        self.checked_out += 1
        self.idle = max(self.idle - 1, 0)
        return True

    def checkin(self) -> None:
        if not self.checked_out:
            raise RuntimeError
        self.checked_out -= 1
        self.idle += 1
        if self._keep is not None:
            self.idle = min(self.idle, self._keep)
