"""Route: one private tuple holds everything, and equality and hash are left to it.

A naive suite rejects it because it looks for one attribute per coordinate. A subclass of tuple
would equal the tuple `(1, 2)`; a class that has a tuple does not.
"""


class Point:
    __slots__ = ("_coordinates",)

    def __init__(self, x: float, y: float) -> None:
        self._coordinates = (x, y)

    @property
    def x(self) -> float:
        return self._coordinates[0]

    @property
    def y(self) -> float:
        return self._coordinates[1]

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Point):
            return self._coordinates == other._coordinates
        return NotImplemented

    def __hash__(self) -> int:
        return hash(self._coordinates)

    def __repr__(self) -> str:
        return "Point(x={!r}, y={!r})".format(*self._coordinates)
