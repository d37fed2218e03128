"""Route: points are equal only within the same class, and the hash holds the class too.

A naive suite rejects it because a subclass with the same coordinates is a different point that
hashes differently. Nothing is wrong with that: what is equal hashes equal.
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

    def _key(self) -> tuple[type, float, float]:
        return type(self), self._x, self._y

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Point):
            return NotImplemented
        return self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def __repr__(self) -> str:
        return f"{self.__class__.__name__}(x={self._x!r}, y={self._y!r})"
