"""Route: an `if` and a message of its own for each rule, and one function for what a pool lends."""

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

    def __post_init__(self) -> None:
        if self.instances < 0:
            raise ValueError("instances must be >= 0")
        if self.processes < 1:
            raise ValueError("processes must be >= 1")
        if self.pool_size < 0:
            raise ValueError("pool_size must be >= 0")
        if self.max_overflow < -1:
            raise ValueError("max_overflow must be >= -1")
        if self.surge < 0:
            raise ValueError("surge must be >= 0")


def _pool_limit(s: Service) -> int | None:
    if s.pool_size == 0 or s.max_overflow == -1:
        return None
    return s.pool_size + s.max_overflow


def peak_connections(s: Service) -> int | None:
    instances = s.instances + s.surge
    if instances == 0:
        return 0
    limit = _pool_limit(s)
    if limit is None:
        return None
    return instances * s.processes * limit


def idle_connections(s: Service) -> int | None:
    if s.instances == 0:
        return 0
    if s.pool_size == 0:
        return None
    return s.instances * s.processes * s.pool_size


def usable_slots(max_connections: int = 100, superuser_reserved: int = 3, reserved: int = 0) -> int:
    if max_connections < 0 or superuser_reserved < 0 or reserved < 0:
        raise ValueError("arguments must be >= 0")
    if superuser_reserved + reserved >= max_connections:
        raise ValueError("no slot is left")
    return max_connections - superuser_reserved - reserved


def fits(services: Sequence[Service], *, slots: int) -> bool:
    total = 0
    for service in services:
        peak = peak_connections(service)
        if peak is None:
            return False
        total += peak
    return total <= slots


def max_instances(s: Service, *, slots: int) -> int:
    limit = _pool_limit(s)
    if limit is None:
        return 0
    return max(0, slots // (s.processes * limit) - s.surge)


def pgbouncer_servers(
    pairs: int, default_pool_size: int = 20, reserve_pool_size: int = 0, max_db_connections: int = 0
) -> int:
    if min(pairs, default_pool_size, reserve_pool_size, max_db_connections) < 0:
        raise ValueError("arguments must be >= 0")
    total = pairs * (default_pool_size + reserve_pool_size)
    if max_db_connections > 0:
        total = min(total, max_db_connections)
    return total


class PoolModel:
    def __init__(self, pool_size: int, max_overflow: int) -> None:
        if pool_size < 0:
            raise ValueError("pool_size must be >= 0")
        if max_overflow < -1:
            raise ValueError("max_overflow must be >= -1")
        self.pool_size = pool_size
        self.max_overflow = max_overflow
        self.checked_out = 0
        self.idle = 0

    @property
    def open(self) -> int:
        return self.checked_out + self.idle

    def checkout(self) -> bool:
        if self.idle > 0:
            self.idle -= 1
            self.checked_out += 1
            return True
        unlimited = self.pool_size == 0 or self.max_overflow == -1
        if unlimited or self.open < self.pool_size + self.max_overflow:
            self.checked_out += 1
            return True
        return False

    def checkin(self) -> None:
        if self.checked_out == 0:
            raise RuntimeError("nothing is checked out")
        self.checked_out -= 1
        if self.pool_size == 0 or self.idle < self.pool_size:
            self.idle += 1
