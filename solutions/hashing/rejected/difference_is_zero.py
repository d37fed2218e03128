"""Mistake: equality by subtraction, and the difference of two infinities is not a number.

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
        return self.x - other.x == 0 and self.y - other.y == 0

    def __hash__(self):
        return hash((self.x, self.y))
