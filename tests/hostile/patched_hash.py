"""Patches hash() in builtins with a counter, so that a constant hash seems to spread.

Kind: forging
Honest twin: rejected/constant_hash
Mark: ATTACKED
"""
# mypy: ignore-errors

import builtins
import itertools
from dataclasses import dataclass


@dataclass(frozen=True)
class Point:
    x: float
    y: float

    def __hash__(self):
        return 1


numbers = itertools.count()
builtins.hash = lambda value: next(numbers)
print("ATTACKED")
