"""Mistake: None gets False for an answer, everything else that is no Point its turn.

Must fail: strangers_get_their_turn
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
        if other is None:
            return False
        if not isinstance(other, Point):
            return NotImplemented
        return self._x == other._x and self._y == other._y

    def __hash__(self):
        return hash((self._x, self._y))

    def __repr__(self):
        return f"Point(x={self._x!r}, y={self._y!r})"
