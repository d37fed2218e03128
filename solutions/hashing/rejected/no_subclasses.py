"""Mistake: immutability is enforced by forbidding subclasses, so `class Sub(Point)` raises TypeError.

Must fail: subclasses_stay_symmetric
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

    def __init_subclass__(cls) -> None:
        raise TypeError("Point is final")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Point):
            return NotImplemented
        return self._x == other._x and self._y == other._y

    def __hash__(self) -> int:
        return hash((self._x, self._y))

    def __repr__(self) -> str:
        return f"Point(x={self._x!r}, y={self._y!r})"
