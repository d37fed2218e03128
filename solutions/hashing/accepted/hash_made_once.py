"""Route: the hash is computed when the point is made, and kept.

A naive suite rejects it because it takes a stored hash for a stale one. The coordinates never
change, so neither can the hash; a copy is built from the coordinates and computes its own.
"""


class Point:
    __slots__ = ("_hash", "_x", "_y")

    def __init__(self, x: float, y: float) -> None:
        self._x = x
        self._y = y
        self._hash = hash((x, y))

    @property
    def x(self) -> float:
        return self._x

    @property
    def y(self) -> float:
        return self._y

    def __reduce__(self) -> tuple[type, tuple[float, float]]:
        return type(self), (self._x, self._y)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Point):
            return NotImplemented
        # Different hashes prove different points; equal hashes prove nothing.
        return self._hash == other._hash and self._x == other._x and self._y == other._y

    def __hash__(self) -> int:
        return self._hash

    def __repr__(self) -> str:
        return f"Point(x={self._x!r}, y={self._y!r})"
