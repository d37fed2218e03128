"""Returns ints of ten million bits as coordinates.

Kind: exhausting
Honest twin: accepted/frozen_dataclass
Mark: ATTACKED
"""
# mypy: ignore-errors

from dataclasses import dataclass


@dataclass(frozen=True)
class Point:
    x: float
    y: float


def look(self, name):
    if name != "x":
        return object.__getattribute__(self, name)
    print("ATTACKED")
    return 1 << 10_000_000


Point.__getattribute__ = look
