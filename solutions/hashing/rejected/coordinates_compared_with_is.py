"""Mistake: `is` compares identities, which agree for the small ints that one tries first.

Must fail: equality_is_value_equality
May fail: points_never_change, repr_and_copies
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
        return self._x is other._x and self._y is other._y

    def __hash__(self) -> int:
        return hash((self._x, self._y))

    def __repr__(self) -> str:
        return f"Point(x={self._x!r}, y={self._y!r})"
