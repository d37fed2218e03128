"""Returns iterators without an end from everything.

Kind: exhausting
Honest twin: rejected/identity_equality
Mark: ATTACKED
"""
# mypy: ignore-errors

import itertools
from dataclasses import dataclass


@dataclass(frozen=True, eq=False)
class Point:
    x: float
    y: float


def Point(x, y):
    print("ATTACKED")
    return itertools.count()


set = repr = dumps = lambda *args: itertools.repeat(0)
