"""Route: whatever is out of scope is refused: NaN, other types, and ints that a float may not hold.

A naive suite rejects it because it asks with an int beyond 2**53. The points can be iterated and ordered as well,
and the point (0, 0) is false.
"""


class Point:
    def __init__(self, x, y):
        for number in (x, y):
            if type(number) not in (int, float):
                raise TypeError(f"a coordinate is an int or a float, not {number!r}")
            if number != number or (type(number) is int and abs(number) > 2**53):
                raise ValueError(f"a coordinate is at most 2**53 in size and not NaN: {number!r}")
        self.__x, self.__y = x, y

    @property
    def x(self):
        return self.__x

    @property
    def y(self):
        return self.__y

    @property
    def pair(self):
        return [self.x, self.y]

    def __iter__(self):
        return iter(self.pair)

    def __len__(self):
        return 2

    def __bool__(self):
        return any(self)

    def __lt__(self, other):
        return tuple(self) < tuple(other)

    def __eq__(self, other):
        return tuple(self) == tuple(other) if isinstance(other, Point) else NotImplemented

    def __hash__(self):
        return hash(tuple(self))

    def __repr__(self):
        return f"{type(self).__name__}(x={self.__x}, y={self.__y})"
