"""Writes forged answers of a zygote to every descriptor that it holds.

Kind: forging
Honest twin: accepted/frozen_dataclass
Mark: ATTACKED
"""
# mypy: ignore-errors

import os
import sys
from dataclasses import dataclass


@dataclass(frozen=True)
class Point:
    x: float
    y: float


wire = sys.modules["graders.sandbox.child.wire"]
for descriptor in range(256):
    for number, answer in ((1, ("ready",)), (2, ("forked", 1)), (3, ("compiled",)), (4, ("reaped", ()))):
        try:
            os.write(descriptor, wire.frame(number, wire.encode(answer)))
            print("ATTACKED")
        except OSError:
            break
