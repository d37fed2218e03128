"""Which core a worker runs on: the examiner's, as long as the two take turns and no other task wants it.

While one asks and the other answers, one of them always sleeps. On two cores each turn has to wake a sleeping core,
which on a virtual machine costs several times the answer itself (docs/decisions/0008).
"""

from __future__ import annotations

import contextlib
import os
import sys
import time
from pathlib import Path

REVIEW = 64  # turns between looks
CROWDED = 0.35  # of the time, spent waiting for the core: another task wants it too; turns alone make about 0.1

# This thread's cores when the examiner started: later restored for itself and for a worker.
ALL = os.sched_getaffinity(0) if sys.platform == "linux" else set[int]()


class Turns:
    """The cores of this thread and of a worker's main thread, which take turns. pid: the worker's, None if it is gone.

    shared: whether they are on one core.
    """

    def __init__(self, pid: int | None) -> None:
        self.shared = False
        self._pid = pid or 0
        self._over = pid is None or len(ALL) < 2
        self._waited = self._since = 0.0

    def review(self) -> None:
        """Move the worker to this thread's core; part for good once other tasks turn out to want it."""
        if self._over:
            return
        waited, now = waited_for_core("/proc/thread-self"), time.monotonic()
        if not self.shared:
            self._share()
        elif waited - self._waited > CROWDED * (now - self._since):
            self.part()
        self._waited, self._since = waited, now

    def _share(self) -> None:
        try:
            # "processor", the 39th field of proc_pid_stat(5).
            core = int(Path("/proc/thread-self/stat").read_text().rpartition(")")[2].split()[36])
            os.sched_setaffinity(self._pid, {core})
            os.sched_setaffinity(0, {core})
        except OSError:
            # It has ended, or this process may not move it: then turns cost more, nothing else.
            self._over = True
            anywhere()
        self.shared = not self._over

    def part(self) -> None:
        """Let both run anywhere, for good."""
        self._over = True
        if self.shared:
            self.shared = False
            with contextlib.suppress(OSError):
                os.sched_setaffinity(self._pid, ALL)
            anywhere()


def anywhere() -> None:
    """Let this thread, and what it starts from now on, run on all cores that it had at first."""
    if len(ALL) > 1:
        os.sched_setaffinity(0, ALL)


def waited_for_core(process: str) -> float:
    """Return the seconds for which the longest waiting task of a process was ready without a core."""
    longest = 0
    with contextlib.suppress(OSError):
        tasks = [process] if process.endswith("self") else [e.path for e in os.scandir(f"{process}/task")]
        for task in tasks:
            with contextlib.suppress(OSError, IndexError, ValueError):
                longest = max(longest, int(Path(task, "schedstat").read_text().split()[1]))
    return longest / 1e9
