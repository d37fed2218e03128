"""Mistake: the hash takes in whatever is kept in the object, so a repr that is remembered changes it.

Must fail: equal_points_hash_equal
May fail: -
"""

from dataclasses import dataclass


@dataclass(frozen=True, repr=False)
class Point:
    x: float
    y: float

    def __hash__(self):
        return hash(tuple(self.__dict__.values()))

    def __repr__(self):
        if "text" not in self.__dict__:
            self.__dict__["text"] = f"Point(x={self.x!r}, y={self.y!r})"
        return self.__dict__["text"]
