"""How much of the machine's time went to one submission: its own, the examiner's for it, and what none used.

What a submission computed or slept is not all that it costs: the examiner looks at it, ends what it left, starts it
anew, and waits where no look can tell for what. This clock leaves nothing out. It is the time on the wall less the
share of the cores that others took: on an idle machine the time on the wall, on a busy one what the submission and the
examiner computed, spread over the cores. So it is as long on a loaded machine as on an idle one, or shorter.

Source: proc_stat(5). A core's idle time is exact where the kernel stops the clock's tick on idle cores, as all usual
ones do: who computes at the ticks only does not look like somebody else.
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
    """The seconds so far; they go on ``with share:`` only.

    computed: returns the seconds that the submission's processes have computed, ended ones included; None where nothing
    is counted.
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
        """Return (seconds on the wall, seconds of a core that nobody else took, by the number of cores)."""
        if self._since is None:
            return self._wall, self._free
        (wall, free), (wall_before, free_before) = self._now(), self._since
        return self._wall + wall - wall_before, self._free + free - free_before

    def _now(self) -> tuple[float, float]:
        assert self._computed is not None
        own = self._computed() + time.process_time()
        return time.monotonic(), (own + idle_seconds(ALL)) / max(1, len(ALL))


def idle_seconds(cores: set[int]) -> float:
    """Return for how long some cores have done nothing since the machine started; 0.0 where there is no /proc.

    A core that waits for a disk does nothing: only who computes takes it from others.
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
