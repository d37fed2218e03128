"""Mistake: the parameters are not x and y, so the repr is a call that fails.

Must fail: repr_and_copies
May fail: -
"""


class Point:
    __slots__ = ("_x", "_y")

    def __init__(self, first, second):
        self._x = first
        self._y = second

    @property
    def x(self):
        return self._x

    @property
    def y(self):
        return self._y

    def __eq__(self, other):
        if not isinstance(other, Point):
            return NotImplemented
        return self._x == other._x and self._y == other._y

    def __hash__(self):
        return hash((self._x, self._y))

    def __repr__(self):
        return f"Point(x={self._x!r}, y={self._y!r})"
