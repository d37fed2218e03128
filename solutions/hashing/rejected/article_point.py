"""Mistake: the attributes are plain, so after `p.x = 3` a set no longer finds the point.

Must fail: points_never_change, repr_and_copies
May fail: -
"""


class Point:
    def __init__(self, x: float, y: float):
        self.x = x
        self.y = y

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Point):
            return NotImplemented
        return self.x == other.x and self.y == other.y

    def __hash__(self) -> int:
        return hash((self.x, self.y))  # tuple of immutable fields
