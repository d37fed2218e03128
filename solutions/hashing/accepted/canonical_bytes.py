"""Route: both numbers are packed into 16 canonical bytes, which are compared and hashed.

A naive suite rejects it because the hash of bytes differs from one process to the next. Adding 0.0
makes a float of an int and a plain zero of a negative one, so equal numbers give equal bytes.
"""

import struct


class Point:
    def __init__(self, x: float, y: float) -> None:
        self._x = x
        self._y = y

    @property
    def x(self) -> float:
        return self._x

    @property
    def y(self) -> float:
        return self._y

    def __bytes__(self) -> bytes:
        return struct.pack("<2d", self._x + 0.0, self._y + 0.0)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Point):
            return NotImplemented
        return bytes(self) == bytes(other)

    def __hash__(self) -> int:
        return hash(bytes(self))

    def __repr__(self) -> str:
        return f"Point(x={self._x!r}, y={self._y!r})"
