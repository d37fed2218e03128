"""Mistake: all points of a diagonal have the same sum, so 1,600 points share some 80 hashes.

Must fail: hash_spreads
May fail: -
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

    def __hash__(self) -> int:
        return hash(self._x) + hash(self._y)

    def __repr__(self) -> str:
        return f"Point(x={self._x!r}, y={self._y!r})"
