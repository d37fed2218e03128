"""The oracle of connection_pool: SQLAlchemy's own QueuePool, and counting.

There is no formula here. What a pool lends and keeps comes from driving the real pool over fake
database connections; a total comes from walking over the pools one by one, the inverse from adding
instance after instance. So keep what is asked small: a pool is probed checkout by checkout.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

try:
    from sqlalchemy.exc import TimeoutError as PoolTimeout
    from sqlalchemy.pool import PoolProxiedConnection, QueuePool
except ImportError as error:
    raise ImportError('SQLAlchemy is missing: pip install -e ".[oracles]"') from error

# How many checkouts past pool_size + max_overflow show that a pool has no limit.
_BEYOND = 8


class Spec(NamedTuple):
    """The fields of one Service, with the defaults of the statement."""

    name: str
    instances: int
    processes: int = 1
    pool_size: int = 5
    max_overflow: int = 10
    surge: int = 0


class _FakeConnection:
    """A DBAPI connection that only says whether it is open."""

    def __init__(self, alive: set[_FakeConnection]) -> None:
        self._alive = alive
        alive.add(self)

    def close(self) -> None:
        self._alive.remove(self)

    def commit(self) -> None: ...

    def rollback(self) -> None: ...

    def cursor(self) -> None: ...


class RealPool:
    """A QueuePool that does not wait, under the names of PoolModel."""

    def __init__(self, pool_size: int, max_overflow: int) -> None:
        self._alive: set[_FakeConnection] = set()
        self._held: list[PoolProxiedConnection] = []
        self._pool = QueuePool(
            lambda: _FakeConnection(self._alive),  # type: ignore[arg-type]
            pool_size=pool_size,
            max_overflow=max_overflow,
            timeout=0,
        )

    def checkout(self) -> bool:
        """Take a connection; False where the pool times out."""
        try:
            self._held.append(self._pool.connect())
        except PoolTimeout:
            return False
        return True

    def checkin(self) -> None:
        """Give back the connection that has been out longest; there must be one."""
        self._held.pop(0).close()

    @property
    def open(self) -> int:
        """Database connections that exist."""
        return len(self._alive)

    @property
    def checked_out(self) -> int:
        """Connections in use."""
        return len(self._held)

    @property
    def idle(self) -> int:
        """Connections that wait, by the pool's own count."""
        return self._pool.checkedin()

    def close(self) -> None:
        """Close every connection, so that nothing is left to the garbage collector."""
        while self._held:
            self.checkin()
        self._pool.dispose()


@cache
def most_at_once(pool_size: int, max_overflow: int) -> int | None:
    """Return how many connections one pool lends before it times out; None if it never does."""
    pool = RealPool(pool_size, max_overflow)
    enough = pool_size + max(max_overflow, 0) + _BEYOND
    try:
        while pool.checkout():
            if pool.checked_out == enough:
                return None
        return pool.open
    finally:
        pool.close()


@cache
def kept_after_burst(pool_size: int, max_overflow: int) -> int | None:
    """Return how many connections stay open once all are back; None if it grows with the burst."""
    small = pool_size + max(max_overflow, 0) + _BEYOND
    kept, kept_of_more = (_open_after(pool_size, max_overflow, n) for n in (small, small + 1))
    return kept if kept == kept_of_more else None


def _open_after(pool_size: int, max_overflow: int, burst: int) -> int:
    pool = RealPool(pool_size, max_overflow)
    try:
        for _ in range(burst):
            pool.checkout()
        while pool.checked_out:
            pool.checkin()
        return pool.open
    finally:
        pool.close()


def peak(spec: Spec) -> int | None:
    """Walk over every pool that is alive during a deploy and add what it lends."""
    return _total(spec, spec.instances + spec.surge, most_at_once(*spec[3:5]))


def idle(spec: Spec) -> int | None:
    """Walk over every pool of the steady state and add what it keeps."""
    return _total(spec, spec.instances, kept_after_burst(*spec[3:5]))


def _total(spec: Spec, instances: int, each: int | None) -> int | None:
    total = 0
    for _instance in range(instances):
        for _process in range(spec.processes):
            if each is None:
                return None
            total += each
    return total


def usable(max_connections: int = 100, superuser_reserved: int = 3, reserved: int = 0) -> int:
    """Let ordinary sessions in while there is a slot that is not reserved."""
    sessions = 0
    while max_connections - sessions > superuser_reserved + reserved:
        sessions += 1
    return sessions


def fits(specs: Sequence[Spec], slots: int) -> bool:
    """Take the slots away service by service."""
    left = slots
    for spec in specs:
        needed = peak(spec)
        if needed is None:
            return False
        left -= needed
    return left >= 0


def max_instances(spec: Spec, slots: int) -> int:
    """Add instance after instance to the surge until the next one finds too few slots."""
    one, used = peak(spec._replace(instances=1, surge=0)), peak(spec._replace(instances=0))
    if one is None:
        return 0
    instances = 0
    while used is not None and used + one <= slots:
        used += one
        instances += 1
    return instances


def servers(pairs: int, default_pool_size: int = 20, reserve_pool_size: int = 0, max_db_connections: int = 0) -> int:
    """Let every pair open its server connections, until the database refuses one more."""
    opened = 0
    for _pair in range(pairs):
        for _connection in range(default_pool_size + reserve_pool_size):
            if opened == max_db_connections > 0:
                return opened
            opened += 1
    return opened
