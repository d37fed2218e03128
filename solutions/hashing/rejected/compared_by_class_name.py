"""Mistake: a class of that name is taken for this one: another library has a Point, too.

Must fail: strangers_get_their_turn
May fail: -
"""


class Point:
    def __init__(self, x: float, y: float) -> None:
        self._x = x
        self._y = y

    @property
    def x(self) -> float:
        return self._x

    @property
    def y(self) -> float:
        return self._y

    def __eq__(self, other: object) -> bool:
        if not type(other).__name__ == type(self).__name__:
            return NotImplemented
        return self.x == other.x and self.y == other.y

    def __hash__(self) -> int:
        return hash((self.x, self.y))

    def __repr__(self) -> str:
        return f"Point(x={self.x!r}, y={self.y!r})"
