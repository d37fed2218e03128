"""Mistake: a checkin frees a slot before it looks whether one is taken; after a refused one the pool lends one more.

Must fail: pool_model_agrees
May fail: -
"""

import threading
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
        if self.instances < 0 or self.processes < 1 or self.surge < 0:
            raise ValueError("instances and surge must not be negative, processes at least 1")
        if self.pool_size < 0 or self.max_overflow < -1:
            raise ValueError("pool_size must not be negative, max_overflow at least -1")


def peak_connections(s: Service) -> int | None:
    pools = (s.instances + s.surge) * s.processes
    if pools == 0:
        return 0
    if s.pool_size == 0 or s.max_overflow == -1:
        return None
    return pools * (s.pool_size + s.max_overflow)


def idle_connections(s: Service) -> int | None:
    if s.pool_size == 0 and s.instances:
        return None
    return s.instances * s.processes * s.pool_size


def usable_slots(max_connections: int = 100, superuser_reserved: int = 3, reserved: int = 0) -> int:
    if max_connections < 0 or superuser_reserved < 0 or reserved < 0:
        raise ValueError("negative setting")
    usable = max_connections - superuser_reserved - reserved
    if usable <= 0:
        raise ValueError("the reserves leave no slot")
    return usable


def fits(services: Sequence[Service], *, slots: int) -> bool:
    total = 0
    for service in services:
        peak = peak_connections(service)
        if peak is None:
            return False
        total += peak
    return total <= slots


def max_instances(s: Service, *, slots: int) -> int:
    if s.pool_size == 0 or s.max_overflow == -1:
        return 0
    per_instance = s.processes * (s.pool_size + s.max_overflow)
    return max(0, slots // per_instance - s.surge)


def pgbouncer_servers(
    pairs: int, default_pool_size: int = 20, reserve_pool_size: int = 0, max_db_connections: int = 0
) -> int:
    if min(pairs, default_pool_size, reserve_pool_size, max_db_connections) < 0:
        raise ValueError("negative setting")
    total = pairs * (default_pool_size + reserve_pool_size)
    return min(total, max_db_connections) if max_db_connections else total


class PoolModel:
    def __init__(self, pool_size: int, max_overflow: int) -> None:
        if pool_size < 0 or max_overflow < -1:
            raise ValueError("bad pool")
        self.pool_size = pool_size
        self.limited = pool_size > 0 and max_overflow >= 0
        self.slots = threading.Semaphore(pool_size + max_overflow if self.limited else 0)
        self.idle = 0
        self.checked_out = 0

    @property
    def open(self) -> int:
        return self.idle + self.checked_out

    def checkout(self) -> bool:
        if self.limited and not self.slots.acquire(blocking=False):
            return False
        if self.idle:
            self.idle -= 1
        self.checked_out += 1
        return True

    def checkin(self) -> None:
        self.slots.release()
        if not self.checked_out:
            raise RuntimeError("nothing is out")
        self.checked_out -= 1
        if self.pool_size == 0 or self.idle < self.pool_size:
            self.idle += 1
