"""Returns lists nested 100,000 deep, and lists that hold themselves.

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


deep = []
for _ in range(100_000):
    deep = [deep]
cycle = []
cycle.append(cycle)
turns = [deep, cycle]


def look(self, name):
    if name != "x":
        return object.__getattribute__(self, name)
    turns.reverse()
    print("ATTACKED")
    return turns[0]


Point.__getattribute__ = look
