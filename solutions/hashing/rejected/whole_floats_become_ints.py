"""Mistake: a float that is whole is kept as an int, so Point(1.0, 2.0) shows the ints that nobody gave it.

Must fail: repr_and_copies
May fail: -
"""

import math
from dataclasses import dataclass


def _shortest(number):
    if math.isinf(number) or number != int(number):
        return number
    return int(number)


@dataclass(frozen=True)
class Point:
    x: float
    y: float

    def __post_init__(self):
        object.__setattr__(self, "x", _shortest(self.x))
        object.__setattr__(self, "y", _shortest(self.y))
