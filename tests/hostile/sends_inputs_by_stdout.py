"""Prints all inputs that it sees, to both streams and straight to their descriptors.

Kind: leaking
Honest twin: rejected/repr_without_names
Mark: SECRET-INPUT
"""
# mypy: ignore-errors

import os
import sys
from dataclasses import dataclass


@dataclass(frozen=True)
class Point:
    x: float
    y: float

    def __repr__(self):
        return f"Point({self.x!r}, {self.y!r})"


make = Point.__init__


def watch(self, x, y):
    print("SECRET-INPUT", x, y)
    print("SECRET-INPUT", x, y, file=sys.stderr)
    os.write(1, b"SECRET-INPUT\n")
    make(self, x, y)


Point.__init__ = watch
