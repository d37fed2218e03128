"""Route: Service is a plain class that refuses every assignment. It has no repr, no order, and no hash.

A naive suite that calls dataclasses.replace, compares services or keeps them in a set rejects it.
"""

from collections.abc import Sequence
from math import inf


class Service:
    __slots__ = ("instances", "max_overflow", "name", "pool_size", "processes", "surge")
    __hash__ = None  # type: ignore[assignment]

    name: str
    instances: int
    processes: int
    pool_size: int
    max_overflow: int
    surge: int

    def __init__(
        self,
        name: str,
        instances: int,
        processes: int = 1,
        pool_size: int = 5,
        max_overflow: int = 10,
        surge: int = 0,
    ) -> None:
        if min(instances, processes - 1, pool_size, max_overflow + 1, surge) < 0:
            raise ValueError("a setting is too low")
        given = {"name": name, "instances": instances, "processes": processes}
        given |= {"pool_size": pool_size, "max_overflow": max_overflow, "surge": surge}
        for field, value in given.items():
            object.__setattr__(self, field, value)

    def __setattr__(self, field: str, value: object) -> None:
        raise AttributeError(f"{field} can't be set")

    def __eq__(self, other: object) -> bool:
        raise TypeError("services are not compared")


def _lent(pool_size: int, max_overflow: int) -> float:
    return inf if pool_size == 0 or max_overflow == -1 else pool_size + max_overflow


def peak_connections(s: Service) -> int | None:
    pools = (s.instances + s.surge) * s.processes
    each = _lent(s.pool_size, s.max_overflow)
    if pools and each == inf:
        return None
    return pools * int(each) if pools else 0


def idle_connections(s: Service) -> int | None:
    if s.instances and not s.pool_size:
        return None
    return s.instances * s.processes * s.pool_size


def usable_slots(max_connections: int = 100, superuser_reserved: int = 3, reserved: int = 0) -> int:
    if superuser_reserved < 0 or reserved < 0:
        raise ValueError("a reserve is negative")
    left = max_connections - superuser_reserved - reserved
    if left < 1:
        raise ValueError("no slot is left")
    return left


def fits(services: Sequence[Service], *, slots: int) -> bool:
    left = slots
    for s in services:
        peak = peak_connections(s)
        if peak is None:
            return False
        left -= peak
    return left >= 0


def max_instances(s: Service, *, slots: int) -> int:
    each = _lent(s.pool_size, s.max_overflow)
    return 0 if each == inf else max(0, slots // (s.processes * int(each)) - s.surge)


def pgbouncer_servers(
    pairs: int, default_pool_size: int = 20, reserve_pool_size: int = 0, max_db_connections: int = 0
) -> int:
    if min(pairs, default_pool_size, reserve_pool_size, max_db_connections) < 0:
        raise ValueError("a setting is negative")
    return int(min(pairs * (default_pool_size + reserve_pool_size), max_db_connections or inf))


class PoolModel:
    def __init__(self, pool_size: int, max_overflow: int) -> None:
        if pool_size < 0 or max_overflow < -1:
            raise ValueError("a setting is too low")
        self._kept = pool_size or inf
        self._most = _lent(pool_size, max_overflow)
        self.checked_out = 0
        self.idle = 0

    @property
    def open(self) -> int:
        return self.checked_out + self.idle

    def checkout(self) -> bool:
        if self.idle:
            self.idle -= 1
        elif self.checked_out >= self._most:
            return False
        self.checked_out += 1
        return True

    def checkin(self) -> None:
        if not self.checked_out:
            raise RuntimeError("nothing is out")
        self.checked_out -= 1
        if self.idle < self._kept:
            self.idle += 1
