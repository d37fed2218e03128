"""Mistake: the kept hash hides the mutation: after `p.x = 3`, equal points hash differently.

Must fail: points_never_change
May fail: -
"""


class Point:
    def __init__(self, x: float, y: float) -> None:
        self.x = x
        self.y = y
        self._hash = hash((x, y))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Point):
            return NotImplemented
        return self.x == other.x and self.y == other.y

    def __hash__(self) -> int:
        return self._hash

    def __repr__(self) -> str:
        return f"Point(x={self.x!r}, y={self.y!r})"
