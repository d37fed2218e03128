"""Route: max_instances asks fits() about one instance more until it says no.

A naive suite with huge slots, or one that wants the division, rejects this bounded search.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import count


@dataclass(frozen=True)
class Service:
    name: str
    instances: int
    processes: int = 1
    pool_size: int = 5
    max_overflow: int = 10
    surge: int = 0

    def __post_init__(self):
        lowest = {"instances": 0, "processes": 1, "pool_size": 0, "max_overflow": -1, "surge": 0}
        for field, bound in lowest.items():
            if getattr(self, field) < bound:
                raise ValueError(f"{field} must be at least {bound}")


def peak_connections(s: Service) -> int | None:
    alive = s.instances + s.surge
    if not alive:
        return 0
    if not s.pool_size or s.max_overflow < 0:
        return None
    return alive * s.processes * (s.pool_size + s.max_overflow)


def idle_connections(s: Service) -> int | None:
    if not s.instances:
        return 0
    return s.instances * s.processes * s.pool_size or None


def usable_slots(max_connections: int = 100, superuser_reserved: int = 3, reserved: int = 0) -> int:
    if any(n < 0 for n in (max_connections, superuser_reserved, reserved)):
        raise ValueError("negative argument")
    left = max_connections - superuser_reserved - reserved
    if left < 1:
        raise ValueError("everything is reserved")
    return left


def fits(services: Sequence[Service], *, slots: int) -> bool:
    peaks = [peak_connections(s) for s in services]
    return None not in peaks and sum(peaks) <= slots


def max_instances(s: Service, *, slots: int) -> int:
    return next(n for n in count() if not fits([replace(s, instances=n + 1)], slots=slots))


def pgbouncer_servers(
    pairs: int, default_pool_size: int = 20, reserve_pool_size: int = 0, max_db_connections: int = 0
) -> int:
    if pairs < 0 or default_pool_size < 0 or reserve_pool_size < 0 or max_db_connections < 0:
        raise ValueError("negative argument")
    wanted = pairs * default_pool_size + pairs * reserve_pool_size
    return wanted if max_db_connections == 0 else min(wanted, max_db_connections)


class PoolModel:
    """Three public numbers, kept up to date by hand."""

    def __init__(self, pool_size: int, max_overflow: int) -> None:
        Service("model", 1, pool_size=pool_size, max_overflow=max_overflow)  # validates
        self._pool_size = pool_size
        self._max_overflow = max_overflow
        self.open = 0
        self.checked_out = 0
        self.idle = 0

    def checkout(self) -> bool:
        if self.idle > 0:
            self.idle -= 1
            self.checked_out += 1
            return True
        unlimited = self._pool_size == 0 or self._max_overflow == -1
        if unlimited or self.open < self._pool_size + self._max_overflow:
            self.open += 1
            self.checked_out += 1
            return True
        return False

    def checkin(self) -> None:
        if self.checked_out == 0:
            raise RuntimeError("checkin without checkout")
        self.checked_out -= 1
        if self._pool_size == 0 or self.idle < self._pool_size:
            self.idle += 1
        else:
            self.open -= 1
