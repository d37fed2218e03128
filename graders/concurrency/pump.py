"""Serves instruments while a submission works on a request: calls that arrive, and moments of stillness."""

from __future__ import annotations

import time
from typing import Protocol

from graders.concurrency import stillness
from graders.concurrency.stillness import Still, Stillness
from graders.sandbox.errors import Hung
from graders.sandbox.exchange import Call, Place

SHORTEST, LONGEST = 0.0002, 0.004  # seconds between looks
_TICK = 0.25  # seconds between looks at what it uses


class Conductor(Protocol):
    """Decides what happens to calls."""

    @property
    def patience(self) -> float:
        """Seconds to wait for input before the first look at the tasks."""
        ...

    def begin(self, place: Place, method: str) -> None:
        """A request is under way. method: how stillness is detected."""
        ...

    def arrived(self, call: Call) -> None:
        """A call came in."""
        ...

    def holding(self) -> bool:
        """Whether calls are held."""
        ...

    def full(self) -> bool:
        """Whether as many calls are in flight as may be."""
        ...

    def judged(self) -> bool:
        """Whether it counts if fewer are."""
        ...

    def still(self, state: Still) -> bool:
        """The submission is at rest: no more calls will come. Return whether anything was done."""
        ...


class Watch:
    """Ends a request that lasts too long or uses too much. still: counts the submission's own seconds."""

    def __init__(self, place: Place, still: Stillness) -> None:
        self._place = place
        self._still = still
        self._started = self._looked = time.monotonic()

    def look(self) -> None:
        """Raise if a limit is passed.

        Raises:
            Hung: the submission used up its seconds.
            WorkerDied: it uses too much.
        """
        now, limits = time.monotonic(), self._place.limits
        if self.due():
            self._looked = now
            self._place.look()
        most = limits.call_seconds
        own = self._still.spent()
        if own > most or now - self._started > most * limits.hard_factor:
            raise Hung(f"no answer within {most:g} s: an endless loop or wait?", doubt=own <= most)

    def due(self) -> bool:
        """Whether the last look was a while ago."""
        return time.monotonic() - self._looked > _TICK


def pump(place: Place, conductor: Conductor, telling: Stillness | None = None) -> None:
    """Serve the instruments at `place` until the worker begins to answer.

    Raises:
        Violation: the conductor found a mistake.
        Hung: the submission used up its seconds.
        WorkerDied: it uses too much.
    """
    still = telling or stillness.of(place)
    try:
        _serve(place, conductor, still)
    finally:
        place.spent += still.spent()
        place.held += still.held()


def _serve(place: Place, conductor: Conductor, still: Stillness) -> None:
    exchange, watch = place.exchange, Watch(place, still)
    conductor.begin(place, still.method)
    pause = conductor.patience
    while True:
        calls, answered, happened = exchange.take(pause)
        for call in calls:
            conductor.arrived(call)
        if answered:
            return
        if happened:
            still.disturbed()
            pause = conductor.patience
            # More is about to come; but a submission that sends without end is checked like any other, and its time
            # counts.
            if not watch.due():
                continue
        if conductor.holding():
            still.excuse()
        watch.look()
        state = still.look(conductor.full(), conductor.judged())
        if state is None:
            pause = min(pause * 1.5, LONGEST)
            continue
        if state.how == "busy" and not conductor.full():
            place.sleepless = True
        # What a task sent before it fell asleep has arrived: a Unix socket delivers within send.
        calls, answered, happened = exchange.take(0)
        for call in calls:
            conductor.arrived(call)
        if answered:
            return
        if not happened and not conductor.still(state):
            # Nothing was done: wait for its timers.
            pause = LONGEST
            if state.how == "busy":
                still.disturbed()
            continue
        still.disturbed()
        pause = conductor.patience
