"""Route: Service is a tuple with names, checked when it is made.

A naive suite takes a tuple for plain data, or calls dataclasses.replace, and rejects it.
"""

from collections import namedtuple
from collections.abc import Sequence


def _cap(pool_size: int, max_overflow: int) -> int | None:
    """Return how many connections one pool lends at most; None if it has no limit."""
    if pool_size == 0 or max_overflow == -1:
        return None
    return pool_size + max_overflow


def _require(condition: bool, rule: str) -> None:
    if not condition:
        raise ValueError(rule)


FIELDS = "name instances processes pool_size max_overflow surge"


class Service(namedtuple("Service", FIELDS, defaults=(1, 5, 10, 0))):
    __slots__ = ()

    def __new__(cls, *args, **kwargs):
        self = super().__new__(cls, *args, **kwargs)
        _require(
            min(self.instances, self.processes - 1, self.pool_size, self.max_overflow + 1, self.surge) >= 0, "too low"
        )
        return self


def peak_connections(s: Service) -> int | None:
    """Return the most connections of `s` during a deploy; None if there is no bound."""
    pools = (s.instances + s.surge) * s.processes
    if pools == 0:
        return 0
    cap = _cap(s.pool_size, s.max_overflow)
    return None if cap is None else pools * cap


def idle_connections(s: Service) -> int | None:
    """Return what stays open after a burst in the steady state; None if there is no bound."""
    if s.instances and s.pool_size == 0:
        return None
    return s.instances * s.processes * s.pool_size


def usable_slots(max_connections: int = 100, superuser_reserved: int = 3, reserved: int = 0) -> int:
    """Return how many connections PostgreSQL leaves to ordinary roles."""
    _require(min(superuser_reserved, reserved) >= 0, "a reserve must not be negative")
    usable = max_connections - superuser_reserved - reserved
    _require(usable > 0, "the reserves must leave a slot")
    return usable


def fits(services: Sequence[Service], *, slots: int) -> bool:
    """Return whether all services can be at their peak at once within `slots`."""
    total = 0
    for service in services:
        peak = peak_connections(service)
        if peak is None:
            return False
        total += peak
    return total <= slots


def max_instances(s: Service, *, slots: int) -> int:
    """Return the most instances of `s`, its surge kept, that fit into `slots`."""
    cap = _cap(s.pool_size, s.max_overflow)
    if cap is None:
        return 0
    return max(0, slots // (s.processes * cap) - s.surge)


def pgbouncer_servers(
    pairs: int, default_pool_size: int = 20, reserve_pool_size: int = 0, max_db_connections: int = 0
) -> int:
    """Return the most connections that PgBouncer opens to one database."""
    smallest = min(pairs, default_pool_size, reserve_pool_size, max_db_connections)
    _require(smallest >= 0, "no argument may be negative")
    servers = pairs * (default_pool_size + reserve_pool_size)
    return min(servers, max_db_connections) if max_db_connections else servers


class PoolModel:
    """One pool that lends, keeps and closes connections as SQLAlchemy's QueuePool does."""

    def __init__(self, pool_size: int, max_overflow: int) -> None:
        _require(pool_size >= 0, "pool_size must not be negative (0 = no limit)")
        _require(max_overflow >= -1, "max_overflow must be at least -1 (no limit)")
        self._keep = pool_size
        self._cap = _cap(pool_size, max_overflow)
        self._checked_out = 0
        self._idle = 0

    @property
    def open(self) -> int:
        """How many connections exist."""
        return self._checked_out + self._idle

    @property
    def checked_out(self) -> int:
        """How many connections are lent."""
        return self._checked_out

    @property
    def idle(self) -> int:
        """How many connections wait in the pool."""
        return self._idle

    def checkout(self) -> bool:
        """Lend a connection and return True, or return False where the pool would time out."""
        if self._idle:
            self._idle -= 1
        elif self._cap is not None and self.open >= self._cap:
            return False
        self._checked_out += 1
        return True

    def checkin(self) -> None:
        """Take a connection back; RuntimeError if none is out."""
        if not self._checked_out:
            raise RuntimeError("nothing is checked out")
        self._checked_out -= 1
        if self._keep == 0 or self._idle < self._keep:
            self._idle += 1
