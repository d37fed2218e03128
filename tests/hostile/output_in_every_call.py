"""Prints 4 KiB in every call, and errors in printing are no concern of its.

Kind: exhausting
Honest twin: rejected/repr_without_names
Mark: chatter chatter
"""
# mypy: ignore-errors

from dataclasses import dataclass


@dataclass(frozen=True)
class Point:
    x: float
    y: float

    def __repr__(self):
        return f"Point({self.x!r}, {self.y!r})"


make = Point.__init__


def chatter(self, x, y):
    try:
        print("chatter " * 512)
    except OSError:
        pass
    make(self, x, y)


Point.__init__ = chatter
