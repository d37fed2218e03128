"""Mistake: a salt per instance, against hash flooding, makes equal points hash differently.

Must fail: equal_points_hash_equal, subclasses_stay_symmetric
May fail: points_never_change
"""

import random


class Point:
    def __init__(self, x: float, y: float) -> None:
        self._x = x
        self._y = y
        self._salt = random.getrandbits(64)

    @property
    def x(self) -> float:
        return self._x

    @property
    def y(self) -> float:
        return self._y

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Point):
            return NotImplemented
        return self._x == other._x and self._y == other._y

    def __hash__(self) -> int:
        return hash((self._salt, self._x, self._y))

    def __repr__(self) -> str:
        return f"Point(x={self._x!r}, y={self._y!r})"
