"""How long the calls of an instrument take and what they give, fixed before the submission runs."""

from __future__ import annotations

import heapq
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Plan:
    """One run.

    items: the submission's input, one call for each; milliseconds: how long the call for each takes, in virtual time;
    workers: how many calls may be in flight; fails: the builtin exception that an item's calls raise; dies: the exit
    code, or the signal as a negative number, with which an item's calls end their process.
    """

    items: tuple[str, ...]
    milliseconds: tuple[int, ...]
    workers: int
    fails: Mapping[str, str] = field(default_factory=dict)
    dies: Mapping[str, int] = field(default_factory=dict)

    def alone(self) -> int:
        """Return the time of one call after another."""
        return sum(self.milliseconds)

    def best(self) -> int:
        """Return the time of a full pool that starts the items in order (Graham's list scheduling)."""
        free = [0] * self.workers
        for takes in self.milliseconds:
            heapq.heapreplace(free, free[0] + takes)
        return max(free)
