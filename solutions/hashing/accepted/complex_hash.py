"""Route: equality and hash are those of the complex number `x + yi`.

A naive suite rejects it because it expects the hash of the tuple. Built by `complex(x, y)`, not by
arithmetic, in which an infinity would turn into NaN.
"""


class Point:
    def __init__(self, x: float, y: float) -> None:
        self.__x = x
        self.__y = y

    @property
    def x(self) -> float:
        return self.__x

    @property
    def y(self) -> float:
        return self.__y

    def __complex__(self) -> complex:
        return complex(self.__x, self.__y)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Point):
            return NotImplemented
        return complex(self) == complex(other)

    def __hash__(self) -> int:
        return hash(complex(self))

    def __repr__(self) -> str:
        return f"Point(x={self.__x!r}, y={self.__y!r})"
