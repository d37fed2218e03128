"""Mistake: a flag closes the object behind __init__, which copies never run.

Must fail: points_never_change
May fail: -
"""


class Point:
    _sealed = False

    def __init__(self, x, y):
        self.x, self.y = x, y
        self._sealed = True

    def __setattr__(self, name, value):
        if self._sealed:
            raise AttributeError(f"cannot assign to {name!r}")
        super().__setattr__(name, value)

    def __delattr__(self, name):
        raise AttributeError(f"cannot delete {name!r}")

    def __getstate__(self):
        return {"x": self.x, "y": self.y}

    def __eq__(self, other):
        if not isinstance(other, Point):
            return NotImplemented
        return (self.x, self.y) == (other.x, other.y)

    def __hash__(self):
        return hash((self.x, self.y))

    def __repr__(self):
        return f"Point(x={self.x!r}, y={self.y!r})"
