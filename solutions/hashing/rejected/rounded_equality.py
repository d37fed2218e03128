"""Mistake: comparing and hashing rounded numbers makes one point of two different ones.

Must fail: equality_is_exact
May fail: equality_is_value_equality, equal_points_hash_equal
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

    def _key(self) -> tuple[float, float]:
        return round(self._x, 6), round(self._y, 6)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Point):
            return NotImplemented
        return self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def __repr__(self) -> str:
        return f"Point(x={self._x!r}, y={self._y!r})"
