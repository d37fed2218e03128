"""Patches isinstance, issubclass, type and id in builtins.

Kind: forging
Honest twin: rejected/identity_equality
Mark: ATTACKED
"""
# mypy: ignore-errors

import builtins
from dataclasses import dataclass


@dataclass(frozen=True, eq=False)
class Point:
    x: float
    y: float


builtins.isinstance = builtins.issubclass = builtins.callable = builtins.any = builtins.all = lambda *args: True
builtins.id = lambda value: 1
builtins.hash = lambda value: 1
print("ATTACKED")
