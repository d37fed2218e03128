"""Mistake: numbers too large to be whole in a float are hashed by their text, which shows whether they are ints.

Must fail: equal_points_hash_equal
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
        if not isinstance(other, Point):
            return NotImplemented
        return self._x == other._x and self._y == other._y

    def __hash__(self):
        return hash(tuple(repr(each) if abs(each) > 10**15 else each for each in (self._x, self._y)))

    def __repr__(self):
        return f"Point(x={self._x!r}, y={self._y!r})"
