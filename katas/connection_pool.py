"""Connection-pool math: how many connections hit the database?

:topic: databases
:level: 4
:minutes: 60

Every process of a service that uses SQLAlchemy owns a connection pool, and PostgreSQL refuses the
connection after its last free slot. The formula that is often quoted, instances x pool_size, leaves
out the overflow, the worker processes and the extra instances of a rolling deploy: it is right on a
quiet day and wrong at the second that counts. Write the functions that answer before the deploy,
and a model of the pool that shows why.

One pool
    The pool belongs to a process, not to an instance: an instance with 4 worker processes has 4.
    A new pool holds no connection. It lends at most pool_size + max_overflow at a time.
    pool_size 0 means no limit, whatever max_overflow is; max_overflow -1 means no limit either.
    pool_size is also how many connections it keeps once they are back; pool_size 0 keeps them all.

peak_connections(s): the most connections that s can hold during a rolling deploy
    `surge` extra instances are then alive next to the steady ones, with as many processes each, and
    every pool lends all it can. None if the pool has no limit; but 0 if no instance is alive at all
    (instances and surge are both 0), even if the pool has no limit.

idle_connections(s): what stays open after a burst that used every pool to the full
    The deploy is over, so only the steady instances count, and the overflow connections were closed
    when they came back: every pool is left with pool_size connections, with max_overflow -1 too.
    None only if pool_size is 0 and instances is not; without a steady instance it is 0.

usable_slots(max_connections, superuser_reserved, reserved): what PostgreSQL leaves to you
    max_connections without the two reserves: an ordinary role gets none of these slots, though they
    count towards max_connections. The defaults are PostgreSQL's: 100, 3 and 0.

fits(services, slots=n): may all of them deploy at the same time?
    True if their peaks add up to at most n: exactly n fits. A service whose peak is None never
    fits, however many slots there are. An empty list fits.

max_instances(s, slots=n): the most steady instances of s that fit into n slots
    Everything else of s stays as it is, its surge too: with the answer the peak is at most n, with
    one instance more it is above n. How many instances s has now does not matter. 0 if not even one
    fits, or if the pool has no limit; never a negative number.

pgbouncer_servers(pairs, default_pool_size, reserve_pool_size, max_db_connections)
    The most server connections that PgBouncer opens to one database. Each user/database pair may
    open default_pool_size, and under load reserve_pool_size more. max_db_connections caps the sum
    over all pairs, the reserves included; 0 means no cap there. The defaults are PgBouncer's: 20, 0
    and 0.

PoolModel(pool_size, max_overflow): one pool, connection by connection, like SQLAlchemy's QueuePool
    checkout() lends an idle connection if there is one; otherwise it opens a new one if the limit
    allows; otherwise it returns False (the real pool would time out) and changes nothing. It
    returns True when it lent one.
    checkin() takes one back: if fewer than pool_size are idle, or pool_size is 0, it is kept idle;
    otherwise it is closed. So of a burst the first returns are kept and the last ones closed.
    It returns None. RuntimeError if nothing is out, and nothing changes.
    open, checked_out and idle are ints to be read, as attributes or properties: the connections
    that exist, that are lent, and that wait in the pool. open is always checked_out + idle.

ValueError
    Service and PoolModel check their arguments when they are built: pool_size below 0, max_overflow
    below -1; for Service also instances or surge below 0, processes below 1. Service stays frozen,
    so that what was checked cannot change: its fields read as they were given, and assigning to one
    raises AttributeError and leaves it as it was. That is all that is promised of it: it need not
    stay a dataclass, and its repr, == and hash are not graded, nor is dataclasses.replace.
    usable_slots: a negative argument, or reserves that together leave no slot (superuser_reserved +
    reserved >= max_connections). pgbouncer_servers: a negative argument.
    Everything else is allowed: 0 instances, 0 pairs, pool_size 0, max_overflow -1, an empty name, and
    more surge than instances. Nothing is too large, neither an argument of any function or class nor
    an answer. Which error type is raised is graded, its message is not.

Out of scope: arguments that are not ints, a negative `slots`, threads and waiting, connections that
break or are recycled, PgBouncer's per-user limits and several databases, replicas. Nothing talks to
a database.

Counting up to an answer is as welcome as a formula, because graded answers are not huge: what
`max_instances` returns is at most 2,000, what any other function returns at most 2,000,000, and at
most 100 connections of one PoolModel are out. In `fits` there are at most 2,000 services, and their
peaks add up to at most 2,000,000; there are never more than 2,000,000 instances, surge included,
nor pairs. The other arguments go up to 10**19: `slots`, the cap, the settings of a pool and what
one instance takes may be far larger than the answer, and so may a sum that the cap cuts. So count
up to the answer, not to an argument.

Sources: the SQLAlchemy documentation of QueuePool on pool_size and max_overflow (the asyncio pool
follows the same rules), the PostgreSQL manual on max_connections, superuser_reserved_connections
and reserved_connections, the PgBouncer manual on default_pool_size, reserve_pool_size and
max_db_connections.

    >>> web = Service("web", instances=2, processes=2, pool_size=3, max_overflow=1, surge=1)
    >>> peak_connections(web)
    24
    >>> idle_connections(web)
    12
    >>> print(peak_connections(Service("batch", instances=1, pool_size=4, max_overflow=-1)))
    None
    >>> usable_slots(30, superuser_reserved=4, reserved=1)
    25
    >>> fits([web], slots=24), fits([web, web], slots=47)
    (True, False)
    >>> max_instances(web, slots=43)
    4
    >>> pgbouncer_servers(2, default_pool_size=4, reserve_pool_size=1)
    10
    >>> pgbouncer_servers(2, default_pool_size=4, reserve_pool_size=1, max_db_connections=7)
    7
    >>> pool = PoolModel(pool_size=1, max_overflow=1)
    >>> pool.checkout(), pool.checkout(), pool.checkout()
    (True, True, False)
    >>> pool.checkin()
    >>> pool.open, pool.checked_out, pool.idle
    (2, 1, 1)
    >>> pool.checkin()
    >>> pool.open, pool.checked_out, pool.idle
    (1, 0, 1)

Replace every TODO below, keep the names, the parameters, their order and their defaults, and use
the standard library only. Then run `pytest --kata=connection_pool`; to try the examples alone, run
`python -m doctest katas/connection_pool.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Service:
    """A deployed service and the pool settings that each of its processes uses."""

    name: str
    instances: int  # pods or hosts in the steady state
    processes: int = 1  # workers per instance, each with a pool of its own
    pool_size: int = 5  # 0 = no limit
    max_overflow: int = 10  # -1 = no limit
    surge: int = 0  # extra instances alive during a rolling deploy

    def __post_init__(self) -> None:
        """Raise ValueError for a field outside its range."""
        # TODO: validate the fields.
        raise NotImplementedError


def peak_connections(s: Service) -> int | None:
    """Return the most connections of `s` during a deploy; None if there is no bound."""
    # TODO: count the pools that are alive, and what each can lend.
    raise NotImplementedError


def idle_connections(s: Service) -> int | None:
    """Return what stays open after a burst in the steady state; None if there is no bound."""
    # TODO: count what the pools keep.
    raise NotImplementedError


def usable_slots(max_connections: int = 100, superuser_reserved: int = 3, reserved: int = 0) -> int:
    """Return how many connections PostgreSQL leaves to ordinary roles."""
    # TODO: validate, then subtract the reserves.
    raise NotImplementedError


def fits(services: Sequence[Service], *, slots: int) -> bool:
    """Return whether all services can be at their peak at once within `slots`."""
    # TODO: add the peaks.
    raise NotImplementedError


def max_instances(s: Service, *, slots: int) -> int:
    """Return the most instances of `s`, its surge kept, that fit into `slots`."""
    # TODO: invert the peak.
    raise NotImplementedError


def pgbouncer_servers(
    pairs: int, default_pool_size: int = 20, reserve_pool_size: int = 0, max_db_connections: int = 0
) -> int:
    """Return the most connections that PgBouncer opens to one database."""
    # TODO: validate, multiply, cap.
    raise NotImplementedError


class PoolModel:
    """One pool that lends, keeps and closes connections as SQLAlchemy's QueuePool does."""

    def __init__(self, pool_size: int, max_overflow: int) -> None:
        # TODO: validate, and start with no connection.
        raise NotImplementedError

    def checkout(self) -> bool:
        """Lend a connection and return True, or return False where the pool would time out."""
        # TODO: reuse, open, or give up.
        raise NotImplementedError

    def checkin(self) -> None:
        """Take a connection back; RuntimeError if none is out."""
        # TODO: keep or close.
        raise NotImplementedError

    @property
    def open(self) -> int:
        """How many connections exist."""
        # TODO: count them.
        raise NotImplementedError

    @property
    def checked_out(self) -> int:
        """How many connections are lent."""
        # TODO: count them.
        raise NotImplementedError

    @property
    def idle(self) -> int:
        """How many connections wait in the pool."""
        # TODO: count them.
        raise NotImplementedError
