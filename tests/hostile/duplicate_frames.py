"""Sends every answer twice, so that the second one answers the next request.

Kind: forging
Honest twin: accepted/frozen_dataclass
Mark: ATTACKED
"""
# mypy: ignore-errors

import sys
from dataclasses import dataclass


@dataclass(frozen=True)
class Point:
    x: float
    y: float


wire = sys.modules["graders.sandbox.child.wire"]
frame = wire.frame


def twice(number, payload):
    print("ATTACKED")
    return frame(number, payload) * 2


wire.frame = twice
