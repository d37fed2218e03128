"""Mistake: an instance of a subclass is compared by value and hashed by identity.

Must fail: subclasses_stay_symmetric
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
        if type(other) is not type(self):
            return NotImplemented
        return self.x == other.x and self.y == other.y

    def __hash__(self) -> int:
        if type(self) is not Point:
            return super().__hash__()
        return hash((self._x, self._y))

    def __repr__(self) -> str:
        return f"Point(x={self.x!r}, y={self.y!r})"
