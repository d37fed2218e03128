"""Mistake: a change is dropped in silence, so the caller believes that the point has moved.

Must fail: points_never_change
May fail: -
"""


class Point:
    def __init__(self, x: float, y: float) -> None:
        self.__dict__.update(x=x, y=y)

    def __setattr__(self, name: str, value: object) -> None:
        pass  # immutable

    def __delattr__(self, name: str) -> None:
        pass  # immutable

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Point):
            return NotImplemented
        return self.x == other.x and self.y == other.y

    def __hash__(self) -> int:
        return hash((self.x, self.y))

    def __repr__(self) -> str:
        return f"Point(x={self.x!r}, y={self.y!r})"
