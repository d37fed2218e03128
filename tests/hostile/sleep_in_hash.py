"""Sleeps for ever whenever its missing hash is asked for.

Kind: exhausting
Honest twin: rejected/missing_hash
Mark: no answer within
"""
# mypy: ignore-errors

import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Point:
    x: float
    y: float

    __hash__ = None


Point.__hash__ = lambda self: time.sleep(1e6)
