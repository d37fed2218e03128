"""Mistake: the hash is that of the object's identity, so equal points land in different buckets.

Must fail: equal_points_hash_equal, subclasses_stay_symmetric
May fail: points_never_change, hash_spreads
"""


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
        return self._x == other._x and self._y == other._y

    __hash__ = object.__hash__

    def __repr__(self) -> str:
        return f"Point(x={self._x!r}, y={self._y!r})"
