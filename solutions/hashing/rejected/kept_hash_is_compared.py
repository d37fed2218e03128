"""Mistake: the hash is kept when it is first asked for, where == compares it.

Must fail: equal_points_hash_equal
May fail: -
"""


class Point:
    def __init__(self, x, y):
        vars(self).update(x=x, y=y)

    def __setattr__(self, name, value):
        raise AttributeError(f"cannot assign to {name!r}")

    def __delattr__(self, name):
        raise AttributeError(f"cannot delete {name!r}")

    def __eq__(self, other):
        if not isinstance(other, Point):
            return NotImplemented
        return vars(self) == vars(other)

    def __hash__(self):
        if "_hash" not in vars(self):
            vars(self)["_hash"] = hash((self.x, self.y))
        return self._hash

    def __repr__(self):
        return f"Point(x={self.x!r}, y={self.y!r})"
