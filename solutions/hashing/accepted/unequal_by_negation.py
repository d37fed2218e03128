"""Route: attributes that can be given once, and a `!=` of its own, which negates `==`.

A naive suite wants `!=` to be passed on to a stranger; only its opposite, `==`, has to be.
"""


class Point:
    __slots__ = ("x", "y")

    def __init__(self, x, y):
        self.x = x
        self.y = y

    def __setattr__(self, name, value):
        if hasattr(self, name):
            raise AttributeError(f"{name!r} has its value")
        super().__setattr__(name, value)

    def __delattr__(self, name):
        raise AttributeError(f"{name!r} cannot be deleted")

    def __eq__(self, other):
        if not isinstance(other, Point):
            return NotImplemented
        return self.x == other.x and self.y == other.y

    def __ne__(self, other):
        return not self == other

    def __hash__(self):
        return hash((self.x, self.y))

    def __repr__(self):
        return f"Point(x={self.x!r}, y={self.y!r})"
