"""Route: one object for each value, kept weakly, so that identity is equality and the id is the hash.

A naive suite rejects it because it hashes points that are gone when the next is made.
"""

from weakref import WeakValueDictionary

_made = WeakValueDictionary()


class Point:
    __slots__ = ("__weakref__", "_x", "_y")

    def __new__(cls, x, y):
        # Floats, so that Point(1, 2) and Point(1.0, 2.0) may be one object and show the same.
        key = cls, float(x), float(y)
        made = _made.get(key)
        if made is None:
            made = super().__new__(cls)
            _, made._x, made._y = key
            _made[key] = made
        return made

    x = property(lambda self: self._x)
    y = property(lambda self: self._y)

    def __reduce__(self):
        return type(self), (self._x, self._y)

    def __repr__(self):
        return f"Point(x={self._x!r}, y={self._y!r})"
