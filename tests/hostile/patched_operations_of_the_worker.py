"""Patches the worker's table of operations, so that everything is equal.

Kind: forging
Honest twin: rejected/identity_equality
Mark: ATTACKED
"""
# mypy: ignore-errors

import sys
from dataclasses import dataclass


@dataclass(frozen=True, eq=False)
class Point:
    x: float
    y: float


operations = sys.modules["graders.sandbox.child.worker"].OPERATIONS
operations["eq"] = operations["contains"] = lambda a, b: True
operations["ne"] = lambda a, b: False
operations["hash"] = lambda a: 1
operations["len"] = lambda a: 1
print("ATTACKED")
