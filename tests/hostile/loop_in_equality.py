"""Loops for ever whenever points are compared.

Kind: exhausting
Honest twin: rejected/identity_equality
Mark: no answer within
"""
# mypy: ignore-errors

from dataclasses import dataclass


@dataclass(frozen=True, eq=False)
class Point:
    x: float
    y: float


def loop(self, other):
    while True:
        pass


Point.__eq__ = loop
Point.__hash__ = object.__hash__
