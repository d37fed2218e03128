"""A schedule as a few lines of text: which calls were in flight at which time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_WIDTH = 36  # columns of time
_ROWS = 14
_NAME = 12


@dataclass
class Flight:
    """A call. start, end: in virtual milliseconds; end: planned until it is over; how: its end, if not a return."""

    name: str
    start: int
    end: int
    over: bool = False
    how: str = ""


def draw(flights: Sequence[Flight], missing: Sequence[str], now: int, could: int | None = None) -> tuple[str, ...]:
    """Return lines that show each call from start to end, the part still to come as dots.

    missing: the names of calls that had not begun; now: the time of the picture; could: how many calls could be in
    flight at that time, if the failure is about that.
    """
    end = max([now, *(flight.end for flight in flights)], default=0) or 1
    column = max([len(flight.name[:_NAME]) for flight in flights] + [len(name[:_NAME]) for name in missing], default=1)
    rows: list[tuple[int, str]] = []  # (how little it matters, text)
    held = 0
    for flight in flights:
        first, done, last = (
            round(_WIDTH * at / end) for at in (flight.start, flight.end if flight.over else now, flight.end)
        )
        first = min(first, _WIDTH - 1)
        done = max(first + flight.over, done)  # at least one column, however short it was
        bar = " " * first + "=" * (done - first) + "." * (last - done)
        held += not flight.over
        state = flight.how if flight.over else "in flight" if could is None or held <= could else "in flight, too many"
        rows.append((2 if flight.over else 0, f"{flight.name[:_NAME]:{column}}  {bar:{_WIDTH}}  {state}".rstrip()))
    idle = 0 if could is None else max(0, could - held)
    for number, name in enumerate(missing):
        matters, state = (0, "could be in flight") if number < idle else (1, "not begun")
        rows.append((matters, f"{name[:_NAME]:{column}}  {'':{_WIDTH}}  {state}"))
    chosen = sorted(sorted(range(len(rows)), key=lambda number: rows[number][0])[:_ROWS])
    lines = [f"{'':{column}}  0{f'{end} ms':>{_WIDTH - 1}}", *(rows[number][1] for number in chosen)]
    if len(rows) > _ROWS:
        lines.append(f"... and {len(rows) - _ROWS} more")
    return tuple(lines)
