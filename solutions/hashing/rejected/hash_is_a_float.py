"""Mistake: 31 * x + y is an int for ints only; of floats it is a float, and hash() wants an int.

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
        return (self._x, self._y) == (other._x, other._y)

    def __hash__(self):
        return 31 * self._x + self._y

    def __repr__(self):
        return f"Point(x={self._x!r}, y={self._y!r})"
