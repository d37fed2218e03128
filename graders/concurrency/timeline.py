"""LAYER 2. A schedule as a few lines of text: who was in flight when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_WIDTH = 36  # columns of time
_ROWS = 14
_NAME = 12


@dataclass
class Flight:
    """One call. start, end: in virtual milliseconds; end: planned as long as it is not over."""

    name: str
    start: int
    end: int
    over: bool = False


def draw(flights: Sequence[Flight], missing: Sequence[str], now: int) -> tuple[str, ...]:
    """Return lines that show each call from its start to its end, what is yet to come of it with dots.

    missing: the names of calls that had not begun; now: the time at which the picture was taken.
    """
    end = max([now, *(flight.end for flight in flights)], default=0) or 1
    column = max([len(flight.name[:_NAME]) for flight in flights] + [len(name[:_NAME]) for name in missing], default=1)
    lines = [f"{'':{column}}  0{f'{end} ms':>{_WIDTH - 1}}"]
    for flight in flights:
        first, done, last = (
            round(_WIDTH * at / end) for at in (flight.start, flight.end if flight.over else now, flight.end)
        )
        done = max(first, done)
        bar = " " * first + "=" * (done - first) + "." * (last - done)
        state = "" if flight.over else "  in flight"
        lines.append(f"{flight.name[:_NAME]:{column}}  {bar:{_WIDTH}}{state}".rstrip())
    lines += [f"{name[:_NAME]:{column}}  {'':{_WIDTH}}  not begun" for name in missing]
    if len(lines) > _ROWS:
        lines = [*lines[:_ROWS], f"... and {len(lines) - _ROWS} more"]
    return tuple(lines)
