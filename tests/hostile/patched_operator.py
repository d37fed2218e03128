"""Patches the operator module, so that everything is equal.

Kind: forging
Honest twin: rejected/identity_equality
Mark: ATTACKED
"""
# mypy: ignore-errors

import operator
from dataclasses import dataclass


@dataclass(frozen=True, eq=False)
class Point:
    x: float
    y: float


operator.eq = operator.is_ = operator.contains = lambda a, b: True
operator.ne = operator.is_not = lambda a, b: False
print("ATTACKED")
