"""Mistake: equal points are one object, so a point of floats shows the ints that came first.

Must fail: repr_and_copies
May fail: -
"""

_points = {}


class Point:
    __slots__ = ("_x", "_y")

    def __new__(cls, x, y):
        key = cls, x, y
        if key not in _points:
            _points[key] = super().__new__(cls)
            _points[key]._x, _points[key]._y = x, y
        return _points[key]

    def __init__(self, x, y):
        pass

    def __getnewargs__(self):
        return self._x, self._y

    def __getstate__(self):
        return None

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
