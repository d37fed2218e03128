"""Mistake: `x or 0`: Point(0.0, 1) shows x=0.

Must fail: repr_and_copies
May fail: -
"""


class Point:
    def __init__(self, x: float, y: float) -> None:
        self._x = x or 0
        self._y = y or 0

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
        return hash((self.x, self.y))

    def __repr__(self) -> str:
        return f"Point(x={self.x!r}, y={self.y!r})"
