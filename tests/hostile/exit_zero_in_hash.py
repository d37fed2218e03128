"""Ends its process with exit code 0 whenever its missing hash is asked for.

Kind: forging
Honest twin: rejected/missing_hash
Mark: exit code 0
"""
# mypy: ignore-errors

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Point:
    x: float
    y: float

    __hash__ = None


Point.__hash__ = lambda self: os._exit(0)
