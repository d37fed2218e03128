"""LAYER 2. Serves instruments while a submission works on a request: calls that arrive, and moments of stillness."""

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
    """Decides what happens to the calls."""

    @property
    def patience(self) -> float:
        """Seconds to wait for something to come before the first look at the tasks."""
        ...

    def begin(self, place: Place, method: str) -> None:
        """A request is under way. method: how stillness is told."""
        ...

    def arrived(self, call: Call) -> None:
        """A call came in."""
        ...

    def full(self) -> bool:
        """Whether as much is in flight as may be."""
        ...

    def judged(self) -> bool:
        """Whether it counts if less is in flight."""
        ...

    def still(self, state: Still) -> bool:
        """The submission is at rest: what is in flight is all that will be. Return whether anything was done."""
        ...


def pump(place: Place, conductor: Conductor, telling: Stillness | None = None) -> None:
    """Serve the instruments at `place` until the worker begins to answer.

    Raises:
        Violation: the conductor found a mistake.
        Hung: the submission used up its seconds.
    """
    still = telling or stillness.of(place)
    exchange, limits = place.exchange, place.limits
    conductor.begin(place, still.method)
    started = looked = time.monotonic()
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
            continue
        now = time.monotonic()
        if now - looked > _TICK:
            looked = now
            place.look()
        if still.spent() > limits.call_seconds or now - started > limits.call_seconds * limits.hard_factor:
            raise Hung(f"no answer within {limits.call_seconds:g} s: an endless loop or wait?")
        state = still.look(conductor.full(), conductor.judged())
        if state is None:
            pause = min(pause * 1.5, LONGEST)
            continue
        if state.how == "busy" and not conductor.full():
            place.sleepless = True
        # What a task sent before it fell asleep is here already: a Unix socket delivers within send.
        calls, answered, happened = exchange.take(0)
        for call in calls:
            conductor.arrived(call)
        if answered:
            return
        if not happened and not conductor.still(state):
            # Nothing to be done about it: wait for its timers.
            pause = LONGEST
            if state.how == "busy":
                still.disturbed()
            continue
        still.disturbed()
        pause = conductor.patience
