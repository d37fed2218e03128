"""LAYER 2. What a submission leaves running when it has returned, as the kernel sees it."""

from __future__ import annotations

import threading
import time

from graders.concurrency import tasks
from graders.concurrency.stillness import Proof
from graders.sandbox.proxy import Submission

# Processes that multiprocessing starts for itself and keeps: no worker of anybody's.
_KEPT = (b"from multiprocessing.resource_tracker import main", b"from multiprocessing.forkserver import main")
_PATIENCE = 2.0  # seconds, where a thread that ends can't be told from one that stays


class Leftovers:
    """Compares what runs after a request with what ran before it."""

    def __init__(self, submission: Submission) -> None:
        self._submission = submission
        self._place = place = submission.place()
        self._known = tasks.can_tell(place.root, place.ours)
        self._threads = threading.active_count()
        self._told = 0 if self._known else self._told_processes()

    def threads(self) -> int:
        """Return how many threads of the worker are left, but the one that answers requests."""
        worker = self._place.worker
        if self._known:
            return sum(task.pid == worker and thread != worker for thread, task in self._rest().items())
        return self._told_threads() if self._place.ours is None else self._running()

    def processes(self) -> int:
        """Return how many processes are left, but those that multiprocessing keeps for itself."""
        if not self._known:
            return max(0, self._told_processes() - self._told)
        worker = self._place.worker
        found = {task.pid for task in self._rest().values()} - (self._place.ours or set()) - {worker}
        kept = {pid for pid in tasks.children(worker) if any(words in tasks.command(pid) for words in _KEPT)}
        return len(found - kept)

    def _rest(self) -> tasks.Tree:
        """Return the tree when nothing in it is about to end, less what was there before the load."""
        left = self._place.left
        proof = Proof(self._place.root, self._place.ours)
        while True:
            state = proof.look(False)
            if state is not None:
                return {thread: task for thread, task in state.tree.items() if not left & {thread, task.pid}}
            time.sleep(0.0005)

    def _running(self) -> int:
        end = time.monotonic() + _PATIENCE
        while threading.active_count() > self._threads and time.monotonic() < end:
            time.sleep(0.001)
        return max(0, threading.active_count() - self._threads)

    def _told_threads(self) -> int:
        """Return what the submission says of itself, less its main thread: where the kernel does not tell."""
        self._submission.execute("import threading")
        count = self._submission.threading.active_count()
        return count - 1 if type(count) is int else 1

    def _told_processes(self) -> int:
        self._submission.execute("import multiprocessing")
        return len(self._submission.multiprocessing.active_children())
