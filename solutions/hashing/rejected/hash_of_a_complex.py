"""Mistake: x + y * 1j is not a number if y is infinite, and such a one hashes by its place in memory.

Must fail: equal_points_hash_equal
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
        return self.x == other.x and self.y == other.y

    def __hash__(self) -> int:
        return hash(self.x + self.y * 1j)

    def __repr__(self) -> str:
        return f"Point(x={self.x!r}, y={self.y!r})"
