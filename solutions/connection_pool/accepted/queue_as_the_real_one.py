"""Route: PoolModel on queue.Queue and an overflow counter from -pool_size, as the library has it.

A naive suite that reads private counters sees them start below zero, and rejects it.
"""

import queue
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
        PoolModel(self.pool_size, self.max_overflow)
        if self.instances < 0 or self.surge < 0 or self.processes < 1:
            raise ValueError("instances and surge must not be negative, processes at least 1")


def _no_limit(s: Service) -> bool:
    return s.pool_size == 0 or s.max_overflow == -1


def peak_connections(s: Service) -> int | None:
    alive = s.instances + s.surge
    if alive == 0:
        return 0
    if _no_limit(s):
        return None
    return sum(s.pool_size + s.max_overflow for _ in range(alive)) * s.processes


def idle_connections(s: Service) -> int | None:
    if s.instances == 0:
        return 0
    if s.pool_size == 0:
        return None
    return s.pool_size * s.processes * s.instances


def usable_slots(max_connections: int = 100, superuser_reserved: int = 3, reserved: int = 0) -> int:
    if max_connections < 0 or superuser_reserved < 0 or reserved < 0:
        raise ValueError("negative")
    if superuser_reserved + reserved >= max_connections:
        raise ValueError("superuser_reserved + reserved must be less than max_connections")
    return max_connections - (superuser_reserved + reserved)


def fits(services: Sequence[Service], *, slots: int) -> bool:
    peaks = list(map(peak_connections, services))
    if any(peak is None for peak in peaks):
        return False
    return not sum(peaks) > slots


def max_instances(s: Service, *, slots: int) -> int:
    if _no_limit(s):
        return 0
    alive, _ = divmod(slots, s.processes * (s.pool_size + s.max_overflow))
    return alive - s.surge if alive > s.surge else 0


def pgbouncer_servers(
    pairs: int, default_pool_size: int = 20, reserve_pool_size: int = 0, max_db_connections: int = 0
) -> int:
    if any(map((0).__gt__, (pairs, default_pool_size, reserve_pool_size, max_db_connections))):
        raise ValueError("negative")
    total = pairs * (default_pool_size + reserve_pool_size)
    return min(total, max_db_connections or total)


class PoolModel:
    def __init__(self, pool_size: int, max_overflow: int) -> None:
        if pool_size < 0 or max_overflow < -1:
            raise ValueError("pool_size at least 0, max_overflow at least -1")
        self._pool = queue.Queue(pool_size)  # 0 = no bound, as in the library
        self._overflow = -pool_size
        self._max_overflow = -1 if pool_size == 0 else max_overflow

    @property
    def idle(self) -> int:
        return self._pool.qsize()

    @property
    def open(self) -> int:
        return self._pool.maxsize + self._overflow

    @property
    def checked_out(self) -> int:
        return self.open - self.idle

    def checkout(self) -> bool:
        try:
            self._pool.get_nowait()
        except queue.Empty:
            if -1 < self._max_overflow <= self._overflow:
                return False
            self._overflow += 1
        return True

    def checkin(self) -> None:
        if self.checked_out == 0:
            raise RuntimeError("checkin without checkout")
        try:
            self._pool.put_nowait(object())
        except queue.Full:
            self._overflow -= 1
