"""Defines a len() of its own, which a check's helper code then takes for the builtin one.

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


def len(things):
    return 1600


print("ATTACKED")
