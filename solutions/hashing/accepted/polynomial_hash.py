"""Route: the hash `31 * hash(x) + hash(y)`, as Java programmers write it.

A naive suite rejects it because it expects the hash of the tuple, or no collision at all on a grid.
"""


class Point:
    def __init__(self, x: float, y: float) -> None:
        self._x = x
        self._y = y

    x = property(lambda self: self._x)
    y = property(lambda self: self._y)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Point):
            return NotImplemented
        return bool(self._x == other._x and self._y == other._y)

    def __hash__(self) -> int:
        return 31 * hash(self._x) + hash(self._y)

    def __repr__(self) -> str:
        return f"Point(x={self._x}, y={self._y})"
