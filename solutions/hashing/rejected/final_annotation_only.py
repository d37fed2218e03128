"""Mistake: Final is a note to the type checker; at run time the attributes can be assigned.

Must fail: points_never_change
May fail: -
"""

from typing import Final


class Point:
    def __init__(self, x: float, y: float) -> None:
        self.x: Final = x
        self.y: Final = y

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Point):
            return NotImplemented
        return self.x == other.x and self.y == other.y

    def __hash__(self) -> int:
        return hash((self.x, self.y))

    def __repr__(self) -> str:
        return f"Point(x={self.x!r}, y={self.y!r})"
