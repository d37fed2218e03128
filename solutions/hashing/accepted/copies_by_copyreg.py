"""Route: slots and a blocked __setattr__, and copyreg is told how to make a copy.

A naive suite loads copyreg anew, and with it forgets what was registered there.
"""

import copyreg


class Point:
    __slots__ = ("_x", "_y")

    def __init__(self, x, y):
        object.__setattr__(self, "_x", x)
        object.__setattr__(self, "_y", y)

    x = property(lambda self: self._x)
    y = property(lambda self: self._y)

    def __setattr__(self, name, value):
        raise AttributeError(name)

    def __delattr__(self, name):
        raise AttributeError(name)

    def __eq__(self, other):
        if not isinstance(other, Point):
            return NotImplemented
        return self._x == other._x and self._y == other._y

    def __hash__(self):
        return hash((self._x, self._y))

    def __repr__(self):
        return f"Point(x={self._x!r}, y={self._y!r})"


copyreg.pickle(Point, lambda p: (Point, (p.x, p.y)))
