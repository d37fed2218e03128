"""How much of the machine's time went to a submission: its own, the examiner's for it, and idle time.

A submission costs more than it computed or slept: the examiner looks at it, ends what it left, restarts it, and
waits where no look can tell for what. This clock includes all of that. It is the wall time less the share of the cores
that others took: the wall time on an idle machine; on a busy one what the submission and the examiner computed, spread
over the cores. So it is as long on a loaded machine as on an idle one, or shorter.

Source: proc_stat(5). A core's idle time is exact where the kernel stops the clock's tick on idle cores, as all usual
ones do: a submission that computes only at the ticks does not look like another program.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from graders.sandbox import procfs
from graders.sandbox.cores import ALL

_TICKS = os.sysconf("SC_CLK_TCK")
_MOST = 1 << 18  # bytes of the lines of all cores


class Share:
    """The seconds so far; they are counted only within ``with share:``.

    computed: returns the seconds that the submission's processes have computed, ended ones included; None if nothing is
    counted.
    """

    def __init__(self, computed: Callable[[], float] | None) -> None:
        self._computed = computed
        self._wall = self._free = 0.0
        self._since: tuple[float, float] | None = None

    def __enter__(self) -> Self:
        self._since = None if self._computed is None else self._now()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._wall, self._free = self._with_now()
        self._since = None

    @property
    def seconds(self) -> float:
        """The seconds so far."""
        return min(self._with_now())

    def _with_now(self) -> tuple[float, float]:
        """Return (wall time, seconds of the cores that no other program took, divided by the number of cores)."""
        if self._since is None:
            return self._wall, self._free
        (wall, free), (wall_before, free_before) = self._now(), self._since
        return self._wall + wall - wall_before, self._free + free - free_before

    def _now(self) -> tuple[float, float]:
        assert self._computed is not None
        own = self._computed() + time.process_time()
        return time.monotonic(), (own + idle_seconds(ALL)) / max(1, len(ALL))


def idle_seconds(cores: set[int]) -> float:
    """Return the seconds for which some cores have been idle since the machine started; 0.0 without /proc.

    A core that waits for a disk is idle: only a task that computes takes it from others.
    """
    idle = 0
    with contextlib.suppress(OSError, ValueError, IndexError):
        for line in procfs.read("/proc/stat", _MOST).splitlines():
            name, *fields = line.split()
            if not name.startswith(b"cpu"):
                break
            if name[3:].isdigit() and int(name[3:]) in cores:
                idle += int(fields[3]) + int(fields[4])  # "idle" and "iowait"
    return idle / _TICKS
