"""Route: a descriptor of its own for read-only coordinates, and `match` for the comparison.

A naive suite rejects it because it looks for properties or slots, or sets the attributes to build
a point.
"""


class ReadOnly:
    def __set_name__(self, owner, name):
        self.name = name

    def __get__(self, instance, owner=None):
        return self if instance is None else instance.__dict__[self.name]

    def __set__(self, instance, value):
        raise AttributeError(f"{self.name} is read-only")

    def __delete__(self, instance):
        raise AttributeError(f"{self.name} is read-only")


class Point:
    x = ReadOnly()
    y = ReadOnly()

    def __init__(self, x: float, y: float) -> None:
        vars(self).update(x=x, y=y)

    def __eq__(self, other: object) -> bool:
        match other:
            case Point(x=x, y=y):
                return self.x == x and self.y == y
            case _:
                return NotImplemented

    def __hash__(self) -> int:
        return hash((self.x, self.y))

    def __repr__(self) -> str:
        return f"Point(x={self.x}, y={self.y})"
