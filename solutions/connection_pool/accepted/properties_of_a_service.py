"""Route: properties of a Service say what it has: whether it is bounded, what an instance may open."""

from collections.abc import Sequence
from dataclasses import dataclass


def check_pool(pool_size: int, max_overflow: int) -> None:
    if pool_size < 0 or max_overflow < -1:
        raise ValueError(f"invalid pool: {pool_size=} {max_overflow=}")


@dataclass(frozen=True)
class Service:
    name: str
    instances: int
    processes: int = 1
    pool_size: int = 5
    max_overflow: int = 10
    surge: int = 0

    def __post_init__(self) -> None:
        check_pool(self.pool_size, self.max_overflow)
        if self.instances < 0 or self.processes < 1 or self.surge < 0:
            raise ValueError(f"invalid fleet: {self}")

    @property
    def bounded(self) -> bool:
        return self.pool_size > 0 and self.max_overflow >= 0

    @property
    def per_process(self) -> int:
        return self.pool_size + self.max_overflow

    @property
    def per_instance(self) -> int:
        return self.processes * self.per_process

    @property
    def alive(self) -> int:
        return self.instances + self.surge


def peak_connections(s: Service) -> int | None:
    if not s.alive:
        return 0
    return s.alive * s.per_instance if s.bounded else None


def idle_connections(s: Service) -> int | None:
    if s.instances > 0 and s.pool_size == 0:
        return None
    return s.instances * s.processes * s.pool_size


def usable_slots(max_connections: int = 100, superuser_reserved: int = 3, reserved: int = 0) -> int:
    if superuser_reserved < 0 or reserved < 0:
        raise ValueError("reserves cannot be negative")
    usable = max_connections - superuser_reserved - reserved
    if usable <= 0:
        raise ValueError("reserves take all connections")
    return usable


def fits(services: Sequence[Service], *, slots: int) -> bool:
    peaks = [peak_connections(s) for s in services]
    if None in peaks:
        return False
    return sum(peaks) <= slots


def max_instances(s: Service, *, slots: int) -> int:
    if not s.bounded:
        return 0
    alive = slots // s.per_instance
    return max(alive - s.surge, 0)


def pgbouncer_servers(
    pairs: int, default_pool_size: int = 20, reserve_pool_size: int = 0, max_db_connections: int = 0
) -> int:
    if any(n < 0 for n in (pairs, default_pool_size, reserve_pool_size, max_db_connections)):
        raise ValueError("no negative settings")
    per_pair = default_pool_size + reserve_pool_size
    servers = pairs * per_pair
    return min(servers, max_db_connections) if max_db_connections else servers


class PoolModel:
    """Connections are numbered; idle ones wait in a list."""

    def __init__(self, pool_size: int, max_overflow: int) -> None:
        check_pool(pool_size, max_overflow)
        self._size = pool_size
        self._limit = pool_size + max_overflow if pool_size and max_overflow >= 0 else None
        self._idle: list[int] = []
        self._used: list[int] = []
        self._next = 0

    @property
    def open(self) -> int:
        return len(self._idle) + len(self._used)

    @property
    def checked_out(self) -> int:
        return len(self._used)

    @property
    def idle(self) -> int:
        return len(self._idle)

    def _connect(self) -> int:
        self._next += 1
        return self._next

    def checkout(self) -> bool:
        if self._idle:
            self._used.append(self._idle.pop())
        elif self._limit is None or self.open < self._limit:
            self._used.append(self._connect())
        else:
            return False
        return True

    def checkin(self) -> None:
        if not self._used:
            raise RuntimeError("checkin without checkout")
        connection = self._used.pop()
        if self._size == 0 or len(self._idle) < self._size:
            self._idle.append(connection)
