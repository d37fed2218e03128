"""Mistake: NotImplemented for classes that nobody knows, but False for every tuple and number, whoever made it.

Must fail: strangers_get_their_turn
May fail: -
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Point:
    x: float
    y: float

    def __eq__(self, other):
        if other is None or isinstance(other, (tuple, int, float)):
            return False
        if not isinstance(other, Point):
            return NotImplemented
        return (self.x, self.y) == (other.x, other.y)

    def __hash__(self):
        return hash((self.x, self.y))
