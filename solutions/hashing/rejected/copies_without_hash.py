"""Mistake: the hash is computed once, and left out of what a copy is made from.

Must fail: equal_points_hash_equal
May fail: -
"""


class Point:
    __slots__ = ("_hash", "_x", "_y")

    def __init__(self, x, y):
        self._x, self._y = x, y
        self._hash = hash((x, y))

    def __getstate__(self):
        return self._x, self._y

    def __setstate__(self, state):
        self._x, self._y = state

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
        return self._hash

    def __repr__(self):
        return f"Point(x={self._x!r}, y={self._y!r})"
