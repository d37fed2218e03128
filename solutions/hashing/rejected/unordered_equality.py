"""Mistake: sorting the coordinates throws their order away, so (1, 2) equals (2, 1).

Must fail: equality_is_value_equality, hash_spreads
May fail: equal_points_hash_equal
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

    def _key(self) -> tuple[float, ...]:
        return tuple(sorted((self._x, self._y)))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Point):
            return NotImplemented
        return self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def __repr__(self) -> str:
        return f"Point(x={self._x!r}, y={self._y!r})"
