"""What a submission leaves running after it has returned, as the kernel sees it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from graders.authoring.criterion import because
from graders.concurrency import tasks
from graders.concurrency.pump import Watch
from graders.concurrency.stillness import Proof
from graders.sandbox.errors import WorkerDied
from graders.sandbox.exchange import Place
from graders.sandbox.proxy import Submission
from graders.sandbox.tree import kept_by_multiprocessing

_PATIENCE = 2.0  # seconds to wait where an ending thread can't be told from one that stays


def at_rest(place: Place) -> tasks.Tree:
    """Return a submission's tasks once none of them is about to end.

    Raises:
        Hung: they don't come to rest.
    """
    proof = Proof(place.root, place.ours, kept=place.kept)
    watch = Watch(place, proof)
    while (state := proof.look(False)) is None:
        watch.look()
        time.sleep(0.0005)
    return state.tree


def started(place: Place, tree: tasks.Tree) -> set[int]:
    """Return the processes that a submission at rest has started, except those multiprocessing keeps for itself."""
    return {task.pid for task in tree.values()} - {place.worker, *(place.ours or ())} - place.left - _kept(place)


def _kept(place: Place) -> set[int]:
    """Return the processes that multiprocessing keeps for itself: none of them has ever called an instrument."""
    return kept_by_multiprocessing(place.worker) - place.exchange.callers


class Leftovers:
    """Compares what runs after a request with what ran before."""

    def __init__(self, submission: Submission) -> None:
        self._submission = submission
        self._place = place = submission.place()
        self._known = tasks.can_tell(place.root, place.ours)
        self._threads = threading.active_count()
        self._told = 0 if self._known else self._told_processes()

    def threads(self) -> int:
        """Return how many threads are left, except the one that answers requests and multiprocessing's own.

        The threads of all processes count: a child that the worker forked may have done the work.
        """
        if self._known:
            tree, ours = self._rest(), self._place.ours or frozenset()
            mine = {self._place.worker, *_kept(self._place)}
            return sum(
                thread not in mine and (task.pid in mine or task.pid not in ours) for thread, task in tree.items()
            )
        return self._told_threads() if self._place.ours is None else self._running()

    def processes(self) -> int:
        """Return how many processes are left, except those that multiprocessing keeps for itself."""
        if not self._known:
            return max(0, self._told_processes() - self._told)
        # They are known by their commands only once they are at rest.
        return len(started(self._place, self._rest()))

    @contextmanager
    def waiting(self, principle: str, *hints: str) -> Iterator[None]:
        """Have a failure in the block show where threads are in the submission's own file, if any, with this advice."""
        try:
            yield
        except Exception as error:
            if not (stack := self._place.stack()):
                raise
            error.kata_stack = stack  # type: ignore[attr-defined]
            with because(principle, *hints):
                raise

    def _rest(self) -> tasks.Tree:
        """Return the tree once nothing in it is about to end, without what was there before the load.

        Raises:
            Hung: it does not come to rest.
            WorkerDied: the worker is not in it.
        """
        tree, left = at_rest(self._place), self._place.left
        if self._place.ours is None and self._place.worker not in tree:
            raise WorkerDied("its process has ended, and another one answers in its place")
        return {thread: task for thread, task in tree.items() if not left & {thread, task.pid}}

    def _running(self) -> int:
        end = time.monotonic() + _PATIENCE
        while threading.active_count() > self._threads and time.monotonic() < end:
            time.sleep(0.001)
        return max(0, threading.active_count() - self._threads)

    def _told_threads(self) -> int:
        """Return the submission's own count of threads, without its main thread: for where the kernel does not tell."""
        self._submission.define("import threading")
        count = self._submission.threading.active_count()
        return count - 1 if type(count) is int else 1

    def _told_processes(self) -> int:
        self._submission.define("import multiprocessing")
        return len(self._submission.multiprocessing.active_children())
