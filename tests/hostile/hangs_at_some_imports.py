"""Is right, and hangs when it is imported in every other process: a hang may cost no more than its own criteria.

Kind: exhausting
Honest twin: reference
Mark: ATTACKED
"""
# mypy: ignore-errors

import os

if os.getpid() % 2:
    print("ATTACKED")
    while True:
        pass


class Point:
    __slots__ = ("x", "y")

    def __init__(self, x, y):
        object.__setattr__(self, "x", x)
        object.__setattr__(self, "y", y)

    def __setattr__(self, name, value):
        raise AttributeError(name)

    def __eq__(self, other):
        return (self.x, self.y) == (other.x, other.y) if isinstance(other, Point) else NotImplemented

    def __hash__(self):
        return hash((self.x, self.y))

    def __repr__(self):
        return f"Point(x={self.x!r}, y={self.y!r})"
