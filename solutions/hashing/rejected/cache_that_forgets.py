"""Mistake: one object for each value, from a cache that holds 128 of them, compared by identity.

Must fail: equality_is_value_equality
May fail: -
"""

from functools import lru_cache


class Point:
    @staticmethod
    @lru_cache(maxsize=128)
    def _make(cls, x, y):
        self = object.__new__(cls)
        self._x, self._y = x, y
        return self

    def __new__(cls, x, y):
        return cls._make(cls, float(x), float(y))

    @property
    def x(self) -> float:
        return self._x

    @property
    def y(self) -> float:
        return self._y

    def __repr__(self) -> str:
        return f"Point(x={self.x!r}, y={self.y!r})"

    def __copy__(self):
        return self

    def __deepcopy__(self, memo):
        return self

    def __reduce__(self):
        return type(self), (self.x, self.y)
