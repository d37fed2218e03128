"""Mistake: the distance from the origin is compared along each axis, so (1, 2) equals (-1, 2).

Must fail: equality_is_value_equality
May fail: -
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Point:
    x: float
    y: float

    def __eq__(self, other):
        if not isinstance(other, Point):
            return NotImplemented
        return abs(self.x) == abs(other.x) and abs(self.y) == abs(other.y)

    def __hash__(self):
        return hash((self.x, self.y))
