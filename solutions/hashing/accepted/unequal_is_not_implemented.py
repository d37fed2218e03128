"""Route: True for an equal point, NotImplemented for all else: if both sides say so, Python compares by identity.

A naive suite rejects it because it calls `__eq__` itself and expects False for a different point.
"""


class Point:
    __slots__ = ("_x", "_y")

    def __init__(self, x, y):
        self._x = x
        self._y = y

    x = property(lambda self: self._x)
    y = property(lambda self: self._y)

    def __eq__(self, other):
        if isinstance(other, Point) and (self._x, self._y) == (other._x, other._y):
            return True
        return NotImplemented

    def __hash__(self):
        return hash((self._x, self._y))

    def __repr__(self):
        return f"Point(x={self._x!r}, y={self._y!r})"
