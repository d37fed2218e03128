"""Route: name-mangled attributes, and a class that refuses every assignment and deletion.

A naive suite rejects it because it raises TypeError, or because no attribute is called `_x`.
"""

from typing import NoReturn


class Point:
    def __init__(self, x: float, y: float) -> None:
        # Through the instance's dict: pickle and copy restore it the same way.
        self.__dict__["_Point__x"] = x
        self.__dict__["_Point__y"] = y

    @property
    def x(self) -> float:
        return self.__x

    @property
    def y(self) -> float:
        return self.__y

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise TypeError("a Point does not change")

    def __delattr__(self, name: str) -> NoReturn:
        raise TypeError("a Point does not change")

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Point):
            return self.__x == other.__x and self.__y == other.__y
        return NotImplemented

    def __hash__(self) -> int:
        return hash((self.__x, self.__y))

    def __repr__(self) -> str:
        return f"Point(x={self.__x}, y={self.__y})"
