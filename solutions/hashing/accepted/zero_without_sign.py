"""Coordinates become floats, and a zero loses its sign: equal points then have the same bytes, which make the hash."""

import struct


class Point:
    __slots__ = ("_packed",)

    def __init__(self, x, y):
        object.__setattr__(self, "_packed", struct.pack("dd", x + 0.0, y + 0.0))

    def __setattr__(self, name, value):
        raise AttributeError(f"cannot assign to {name!r}")

    def __delattr__(self, name):
        raise AttributeError(f"cannot delete {name!r}")

    def __reduce__(self):
        return type(self), struct.unpack("dd", self._packed)

    @property
    def x(self):
        return struct.unpack("dd", self._packed)[0]

    @property
    def y(self):
        return struct.unpack("dd", self._packed)[1]

    def __eq__(self, other):
        if not isinstance(other, Point):
            return NotImplemented
        return self._packed == other._packed

    def __hash__(self):
        return hash(self._packed)

    def __repr__(self):
        return f"Point(x={self.x!r}, y={self.y!r})"
