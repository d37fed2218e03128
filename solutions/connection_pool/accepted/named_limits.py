"""Route: the two limits of a pool are a NamedTuple (lends, keeps) that all functions share.

A naive suite that wants RuntimeError itself, not a subclass of it, rejects this one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple


class Limits(NamedTuple):
    lends: int | None
    keeps: int | None

    @classmethod
    def of(cls, pool_size: int, max_overflow: int) -> "Limits":
        if pool_size < 0 or max_overflow < -1:
            raise ValueError(f"no such pool: {pool_size}+{max_overflow}")
        if pool_size == 0:
            return cls(None, None)
        if max_overflow == -1:
            return cls(None, pool_size)
        return cls(pool_size + max_overflow, pool_size)


def scaled(pools: int, limit: int | None) -> int | None:
    if pools == 0:
        return 0
    if limit is None:
        return None
    return pools * limit


@dataclass(frozen=True)
class Service:
    name: str
    instances: int
    processes: int = 1
    pool_size: int = 5
    max_overflow: int = 10
    surge: int = 0

    def __post_init__(self) -> None:
        self.limits  # raises for an impossible pool
        if self.instances < 0 or self.surge < 0:
            raise ValueError("a fleet has no negative instances")
        if self.processes < 1:
            raise ValueError("an instance without a process serves nobody")

    @property
    def limits(self) -> Limits:
        return Limits.of(self.pool_size, self.max_overflow)


def peak_connections(s: Service) -> int | None:
    return scaled((s.instances + s.surge) * s.processes, s.limits.lends)


def idle_connections(s: Service) -> int | None:
    return scaled(s.instances * s.processes, s.limits.keeps)


def usable_slots(max_connections: int = 100, superuser_reserved: int = 3, reserved: int = 0) -> int:
    if superuser_reserved < 0 or reserved < 0:
        raise ValueError("a reserve is at least 0")
    slots = range(superuser_reserved + reserved, max_connections)
    if not slots:
        raise ValueError("the reserves leave nothing")
    return len(slots)


def fits(services: Sequence[Service], *, slots: int) -> bool:
    needed = 0
    for service in services:
        match peak_connections(service):
            case None:
                return False
            case peak:
                needed += peak
    return needed <= slots


def max_instances(s: Service, *, slots: int) -> int:
    lends = s.limits.lends
    if lends is None:
        return 0
    fitting = range(0, slots + 1, lends * s.processes)[1 + s.surge :]
    return len(fitting)


def pgbouncer_servers(
    pairs: int, default_pool_size: int = 20, reserve_pool_size: int = 0, max_db_connections: int = 0
) -> int:
    if pairs < 0 or default_pool_size < 0 or reserve_pool_size < 0 or max_db_connections < 0:
        raise ValueError("nothing here may be negative")
    uncapped = scaled(pairs, default_pool_size + reserve_pool_size)
    return min(uncapped, max_db_connections) if max_db_connections > 0 else uncapped


class NothingLent(RuntimeError):
    pass


class PoolModel:
    def __init__(self, pool_size: int, max_overflow: int) -> None:
        self.limits = Limits.of(pool_size, max_overflow)
        self.open = 0
        self.checked_out = 0

    @property
    def idle(self) -> int:
        return self.open - self.checked_out

    def checkout(self) -> bool:
        if self.idle == 0:
            if self.open == self.limits.lends:
                return False
            self.open += 1
        self.checked_out += 1
        return True

    def checkin(self) -> None:
        if self.checked_out == 0:
            raise NothingLent("nothing is lent")
        if self.idle == self.limits.keeps:
            self.open -= 1
        self.checked_out -= 1
