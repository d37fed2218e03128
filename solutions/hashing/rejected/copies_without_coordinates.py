"""Mistake: a copy is made without __init__, and nobody gives it its coordinates.

Must fail: repr_and_copies
May fail: -
"""


class Point:
    def __init__(self, x, y):
        self.__dict__.update(x=x, y=y)

    def __setattr__(self, name, value):
        raise AttributeError(f"{name!r} cannot be assigned")

    def __delattr__(self, name):
        raise AttributeError(f"{name!r} cannot be deleted")

    def __eq__(self, other):
        if not isinstance(other, Point):
            return NotImplemented
        return self.x == other.x and self.y == other.y

    def __hash__(self):
        return hash((self.x, self.y))

    def __repr__(self):
        return f"Point(x={self.x!r}, y={self.y!r})"

    def __reduce__(self):
        return object.__new__, (type(self),)
