"""When a submission has done all that it can do for now.

`Proof` relies on the kernel: at one instant every task of the whole tree was asleep, and no timer that matters is about
to wake one. `Patience` is for where the kernel does not tell: a submission with as many calls in flight as allowed is
believed at once; only one with fewer is given some time.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, Protocol

from graders.concurrency import tasks
from graders.concurrency.tasks import Tree, Wait
from graders.sandbox.account import Account
from graders.sandbox.errors import Forged
from graders.sandbox.exchange import Place

HORIZON = 0.5  # seconds; a timer beyond it is a guard against a hang, not part of the work
ROUNDS = 4  # rounds in which only its own timer wakes a task until it counts as a poller; 3 wake-ups lie between
ROUNDS_FULL = 2  # the same, when as many calls are in flight as may be: only a call too many can still come
BUSY = 1.0  # seconds of one process's CPU time without a call, for a tree that never sleeps; a start takes far less
BUSY_FULL = 0.02
PATIENCE = 3.0  # seconds, if nothing can be proved
SETTLE = 0.005  # seconds
UNJUDGED = 0.1  # seconds to wait for more if only the order of the calls depends on it

How = Literal["asleep", "guarded", "polling", "busy", "settled", "waited"]


@dataclass(frozen=True)
class Still:
    """A submission at rest.

    how: the reason to think so; "guarded" if a task has a timer beyond the horizon. tree and waits: its tasks.
    """

    how: How
    tree: Tree = field(default_factory=dict)
    waits: dict[int, Wait] = field(default_factory=dict)


class Stillness(Protocol):
    """A way to detect stillness."""

    method: str

    def disturbed(self) -> None:
        """Start again: something came from the submission or went to it."""
        ...

    def excuse(self) -> None:
        """Leave out what it slept since the last look: it waits for calls that the examiner holds."""
        ...

    def look(self, full: bool, judged: bool = True) -> Still | None:
        """Return how it is at rest, or None if it is not, or not yet.

        full: as many calls are in flight as may be; judged: whether it counts if fewer are.
        """
        ...

    def spent(self) -> float:
        """Return the seconds that were the submission's own: asleep or on a core, but not waiting for one."""
        ...

    def held(self) -> float:
        """Return the seconds that it slept while it was excused."""
        ...


def of(place: Place) -> Stillness:
    """Return the strongest way that works here.

    Raises:
        Forged: a stronger one would work if the submission did not prevent it.
    """
    if not tasks.can_tell(place.root, place.ours):
        _check_hidden(tasks.tasks(place.root))
        return Patience()
    return Proof(place.root, place.ours, sleepless=place.sleepless, kept=place.kept)


def _check_hidden(tree: Tree) -> None:
    if tasks.hidden(tree):
        raise Forged("it forbids the grader to look at its processes")


class Proof:
    """By a double collect: two equal snapshots, all tasks asleep in both and none of them scheduled between.

    Args:
        root: the process that all of the submission's processes descend from.
        ours: the examiner's threads, if root is its own process; None if all threads of `root` are the examiner's.
        sleepless: whether the tree is known never to sleep.
        kept: returns the seconds that the whole tree computed, as the kernel keeps them, None if it does not.
    """

    method = "virtual time"

    def __init__(
        self,
        root: int,
        ours: frozenset[int] | None = None,
        *,
        sleepless: bool = False,
        kept: Callable[[], float | None] = lambda: None,
    ) -> None:
        self._root = root
        self._sleepless = sleepless
        self._ours = ours
        self._interpreter = range(0) if ours is None else tasks.interpreter()
        self._account = Account(kept)
        self._started: dict[int, float] = {}
        self._account.look(self._tasks())
        self._seen: dict[int, set[int]] = {}
        self._pollers: set[int] = set()

    def disturbed(self) -> None:
        """Start again."""
        self._seen = {}
        self._started = dict(self._account.processes)

    def excuse(self) -> None:
        """Leave out what it slept since the last look; one that waits for its own child does not wait for an answer."""
        self._account.excuse()

    def spent(self) -> float:
        """Return the seconds of its whole tree: asleep, or on a core."""
        return self._account.seconds

    def held(self) -> float:
        """Return the seconds that its whole tree slept while it was excused."""
        return self._account.held

    def _tasks(self) -> Tree:
        return tasks.tasks(self._root, self._ours)

    def look(self, full: bool, judged: bool = True) -> Still | None:
        """Return how it is at rest, or None."""
        tree = self._tasks()
        now = time.monotonic()
        self._account.look(tree)
        if not tasks.asleep(tree):
            # Never judged by wall time: the submission does not control what others take of the cores.
            most = BUSY_FULL if full or self._sleepless else BUSY
            used = self._account.processes.items()
            if not any(cpu - self._started.get(pid, 0.0) > most for pid, cpu in used):
                return None
            # Once is enough, or each call of a busy loop would cost as much.
            self._sleepless = self._sleepless or not full
            try:
                return Still("busy", tree, tasks.sleepers(tree))
            except PermissionError:
                _check_hidden(tree)
                return None
        if self._tasks() != tree:
            return None
        try:
            waits = tasks.waits(tree)
        except PermissionError:
            _check_hidden(tree)
            return None
        # A task that ran since the first look would have other turns: so all slept at one instant between.
        if waits is None or self._tasks() != tree:
            return None
        how: How = "asleep"
        for thread, wait in waits.items():
            # It sleeps only because this thread looks: let it have its turn first.
            if self._interpreter and tree[thread].pid == self._root and tasks.for_interpreter(wait, self._interpreter):
                return None
            left = wait.deadline - now
            if left > HORIZON:
                how = "guarded" if left < 1e9 and how == "asleep" else how
                continue
            turns = self._seen.setdefault(thread, set())
            turns.add(tree[thread].turns)
            # A task that is known to poll is not waited for again at each full set of calls.
            if len(turns) < (ROUNDS if not full else ROUNDS_FULL if thread not in self._pollers else 1):
                return None
            how = "polling"
        if how == "polling":
            self._pollers.update(self._seen)
        return Still(how, tree, waits)


class Patience:
    """By waiting, where the kernel does not tell."""

    method = "saturation"

    def __init__(self) -> None:
        self._start = self._since = time.monotonic()

    def disturbed(self) -> None:
        """Start again."""
        self._since = time.monotonic()

    def excuse(self) -> None:
        """Do nothing: whether it slept is unknown."""

    def spent(self) -> float:
        """Return half of the wall time, as if the machine gave it that much."""
        return (time.monotonic() - self._start) / 2

    def held(self) -> float:
        """Return 0: whether it slept is unknown."""
        return 0.0

    def look(self, full: bool, judged: bool = True) -> Still | None:
        """Return how it is at rest, or None."""
        quiet = time.monotonic() - self._since
        if full:
            return Still("settled") if quiet > SETTLE else None
        return Still("waited") if quiet > (PATIENCE if judged else UNJUDGED) else None


class Reserve:
    """A proof, and patience for what the kernel may still be carrying though all tasks sleep: bytes over TCP."""

    def __init__(self, proof: Stillness) -> None:
        self._proof = proof
        self._patience = Patience()
        self.method = proof.method

    def disturbed(self) -> None:
        """Start again."""
        self._proof.disturbed()
        self._patience.disturbed()

    def excuse(self) -> None:
        """Leave out what it slept since the last look."""
        self._proof.excuse()

    def spent(self) -> float:
        """Return the seconds that were the submission's own."""
        return self._proof.spent()

    def held(self) -> float:
        """Return the seconds that it slept while it was excused."""
        return self._proof.held()

    def look(self, full: bool, judged: bool = True) -> Still | None:
        """Return how it is at rest, or None.

        If too few calls are in flight and that counts, it must also stay so for a while.
        """
        proved = self._proof.look(full, judged)
        return proved if full else proved and self._patience.look(full, judged)
