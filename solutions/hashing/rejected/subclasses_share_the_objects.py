"""Mistake: points are kept by their coordinates alone, so that Point returns what a subclass has made.

Must fail: subclasses_stay_symmetric
May fail: -
"""

from weakref import WeakValueDictionary

_points = WeakValueDictionary()


class Point:
    __slots__ = ("__weakref__", "_xy")

    def __new__(cls, x, y):
        made = super().__new__(cls)
        object.__setattr__(made, "_xy", (float(x), float(y)))
        return _points.setdefault(made._xy, made)

    @property
    def x(self):
        return self._xy[0]

    @property
    def y(self):
        return self._xy[1]

    def __setattr__(self, name, value):
        raise AttributeError(name)

    def __delattr__(self, name):
        raise AttributeError(name)

    def __eq__(self, other):
        return self._xy == other._xy if isinstance(other, Point) else NotImplemented

    def __hash__(self):
        return hash(self._xy)

    def __repr__(self):
        return f"{type(self).__name__}(x={self.x!r}, y={self.y!r})"

    def __reduce__(self):
        return type(self), self._xy
