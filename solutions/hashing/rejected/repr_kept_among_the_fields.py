"""Mistake: hashes all attributes, and the repr is kept as one of them when it is first made.

Must fail: equal_points_hash_equal
May fail: -
"""

from functools import cached_property


class Point:
    def __init__(self, x: float, y: float) -> None:
        self._x = x
        self._y = y

    @property
    def x(self) -> float:
        return self._x

    @property
    def y(self) -> float:
        return self._y

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Point):
            return NotImplemented
        return self.x == other.x and self.y == other.y

    def __hash__(self) -> int:
        return hash(frozenset(vars(self).items()))

    @cached_property
    def _text(self):
        return f"Point(x={self._x!r}, y={self._y!r})"

    def __repr__(self) -> str:
        return self._text
