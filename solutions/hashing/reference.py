"""Reference for the kata `hashing`: slots behind read-only properties, and the hash of a tuple."""


class Point:
    """Immutable 2-D point; x and y are ints (at most 2**53 in size) or floats, not NaN."""

    # Properties refuse assignment and deletion by themselves. A blocked __setattr__ would do so
    # too, but copy and pickle restore slots by assignment: they would then need a __reduce__.
    __slots__ = ("_x", "_y")

    def __init__(self, x: float, y: float) -> None:
        """Make the point (x, y)."""
        self._x = x
        self._y = y

    @property
    def x(self) -> float:
        """The first coordinate, as it was given."""
        return self._x

    @property
    def y(self) -> float:
        """The second coordinate, as it was given."""
        return self._y

    def __eq__(self, other: object) -> bool:
        """Whether other is a Point with equal coordinates; NotImplemented if it is no Point."""
        # Not False: that would end the matter before the other side's __eq__ has been asked.
        if not isinstance(other, Point):
            return NotImplemented
        return self._x == other._x and self._y == other._y

    def __hash__(self) -> int:
        """Return the hash of exactly what `__eq__` compares."""
        # Numbers that are equal hash equal whatever their type, so 1 and 1.0, 0.0 and -0.0 agree.
        # The class is left out: a subclass may equal a Point, and then has to hash like one.
        return hash((self._x, self._y))

    def __repr__(self) -> str:
        """Return the point as the call that makes it, with its coordinates named."""
        return f"{type(self).__name__}(x={self._x!r}, y={self._y!r})"
