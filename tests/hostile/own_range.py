"""Defines a range() of its own that is empty, for loops in a check's helper code.

Kind: forging
Honest twin: rejected/constant_hash
Mark: ATTACKED
"""
# mypy: ignore-errors

from dataclasses import dataclass


@dataclass(frozen=True)
class Point:
    x: float
    y: float

    def __hash__(self):
        return 1


def range(*args):
    return ()


print("ATTACKED")
