"""Mistake: the point keeps rounded numbers, so it is not the point that was asked for.

Must fail: equality_is_exact, points_never_change
May fail: equality_is_value_equality, equal_points_hash_equal, repr_and_copies
"""


class Point:
    def __init__(self, x: float, y: float) -> None:
        self._x = round(x, 2)
        self._y = round(y, 2)

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
        return hash((self._x, self._y))

    def __repr__(self) -> str:
        return f"Point(x={self._x!r}, y={self._y!r})"
