"""Connection-pool math: how many connections hit the database?

:topic: databases
:level: 4
:minutes: 60

The interview question: "How many connections do our services open to the database?" The usual
answer, instances x pool_size, leaves out the overflow, the worker processes and the extra instances
of a rolling deploy: it is right on a quiet day and wrong at the second that counts, when PostgreSQL
refuses each connection after its last free slot. Write the functions that answer before the deploy,
and a model of SQLAlchemy's pool that shows why: replace every TODO below, then run
`pytest --kata=connection_pool`, or `python -m doctest katas/connection_pool.py` for the examples.

Examples:
    >>> web = Service("web", instances=2, processes=2, pool_size=3, max_overflow=1, surge=1)
    >>> peak_connections(web)  # (2 + 1) instances x 2 processes x (3 + 1) connections
    24
    >>> idle_connections(web)  # 2 instances x 2 processes x 3 connections
    12

Rules:
1. One pool. It belongs to a process, not to an instance: an instance with 4 worker processes has 4
   pools. A new pool holds no connection. It lends at most pool_size + max_overflow at a time.
   pool_size 0 means no limit, whatever max_overflow is; max_overflow -1 means no limit either.
   pool_size is also how many connections a pool keeps once they are back; pool_size 0 keeps all.
2. `peak_connections(s)` is the most connections that `s` can hold during a rolling deploy. `surge`
   extra instances are then alive next to the steady ones, with as many processes each, and every
   pool lends all it can. The peak is None if the pool has no limit; but it is 0 if no instance is
   alive at all (instances and surge are both 0), even if the pool has no limit.
3. `idle_connections(s)` is what stays open after a burst that used every pool to the full. The
   deploy is over, so only the steady instances count, and the overflow connections were closed when
   they came back: every pool is left with pool_size connections, with max_overflow -1 too. The
   answer is None only if pool_size is 0 and instances is not; without a steady instance it is 0.
4. `usable_slots(max_connections, superuser_reserved, reserved)` is what PostgreSQL leaves to you:
   max_connections without the two reserves. An ordinary role gets none of the reserved slots, though
   they count towards max_connections. The defaults are PostgreSQL's: 100, 3 and 0.
5. `fits(services, slots=n)` says whether all services may deploy at the same time: it is True if
   their peaks add up to at most n, so exactly n fits. A service whose peak is None never fits,
   however many slots there are. An empty list fits. `services` is a list or a tuple.
6. `max_instances(s, slots=n)` is the most steady instances of `s` that fit into n slots. Everything
   else of `s` stays as it is, its surge too: with the answer the peak is at most n, with one
   instance more it is above n. How many instances `s` has now does not matter. The answer is 0 if
   not even one instance fits, or if the pool has no limit; it is never negative.
7. `pgbouncer_servers(pairs, default_pool_size, reserve_pool_size, max_db_connections)` is the most
   server connections that PgBouncer opens to one database. Each user/database pair may open
   default_pool_size, and under load reserve_pool_size more. max_db_connections caps the sum over
   all pairs, the reserves included; 0 means no cap. The defaults are PgBouncer's: 20, 0 and 0.
8. `PoolModel(pool_size, max_overflow)` is one pool, connection by connection, as SQLAlchemy's
   QueuePool is. `checkout()` lends an idle connection if there is one; otherwise it opens a new one
   if the limit allows. It returns True when it lent one; otherwise it returns False (the real pool
   would time out) and changes nothing. `checkin()` takes one back and returns None: if fewer than
   pool_size are idle, or pool_size is 0, the connection is kept idle; otherwise it is closed. So of
   a burst the first returns are kept and the last ones closed. `checkin()` raises RuntimeError if
   nothing is out, and changes nothing. `open`, `checked_out` and `idle` are ints to be read, as
   attributes or properties: the connections that exist, that are lent, and that wait in the pool.
   `open` is always checked_out + idle.
9. ValueError. Service and PoolModel check their arguments when they are built. These are errors:
   pool_size below 0 and max_overflow below -1; for Service also instances or surge below 0, and
   processes below 1. usable_slots refuses a negative argument, and reserves that together leave no
   slot (superuser_reserved + reserved >= max_connections). pgbouncer_servers refuses a negative
   argument. A subclass of ValueError, AttributeError or RuntimeError will do where one is named.
10. Everything else is allowed: 0 instances, 0 pairs, pool_size 0, max_overflow -1, an empty name, two
    services of one name, and more surge than instances. Nothing is too large, neither an argument of
    any function or class nor an answer.
11. Service stays frozen, so that what was checked cannot change: its fields read as they were given,
    and assigning to one raises AttributeError, whatever the value, and leaves it as it was. The class
    need not stay a dataclass. A function changes neither a service nor the list that it is given, and
    its answer does not depend on earlier calls.
12. Count up to the answer, not to an argument. Counting up is as welcome as a formula, because
    answers are not huge: what `max_instances` returns is at most 2,000, what any other function
    returns at most 2,000,000, and at most 100 connections of one PoolModel are out. In `fits` there
    are at most 2,000 services, and their peaks add up to at most 2,000,000; there are never more than
    2,000,000 instances, surge included, nor pairs. The other arguments go up to 10**19: `slots`, the
    cap, the settings of a pool and what one instance takes may be far larger than the answer, and so
    may a sum that the cap cuts.
13. Keep the names, the parameters, their order and their defaults, and use the standard library only.

More examples:
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

Out of scope:
- arguments that are not ints, and a negative `slots`
- the message of an error
- the repr, == and hash of a Service, and dataclasses.replace
- threads, and waiting for a connection
- connections that break or are recycled
- PgBouncer's limits per user, several databases, replicas
- a database: nothing here connects to one

Sources:
- the SQLAlchemy manual on QueuePool: pool_size and max_overflow (the asyncio pool follows the same
  rules)
- the PostgreSQL manual on max_connections, superuser_reserved_connections and reserved_connections
- the PgBouncer manual on default_pool_size, reserve_pool_size and max_db_connections
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
