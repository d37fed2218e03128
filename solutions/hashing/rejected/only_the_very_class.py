"""Mistake: the other side must be of the class Point itself, so two equal instances of a subclass differ.

Must fail: subclasses_stay_symmetric
May fail: -
"""


class Point:
    __slots__ = ("_x", "_y")

    def __init__(self, x, y):
        self._x = x
        self._y = y

    @property
    def x(self):
        return self._x

    @property
    def y(self):
        return self._y

    def __eq__(self, other):
        if type(other) is not Point:
            return NotImplemented
        return self._x == other._x and self._y == other._y

    def __hash__(self):
        return hash((self._x, self._y))

    def __repr__(self):
        return f"Point(x={self._x!r}, y={self._y!r})"
