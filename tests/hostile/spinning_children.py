"""Hangs while its children fill every core, so that it always seems to be waiting for one.

Kind: exhausting
Honest twin: rejected/missing_hash
Mark: ATTACKED
"""
# mypy: ignore-errors

import os
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Point:
    x: float
    y: float

    __hash__ = None


def spin(self):
    for _ in range(20):
        if os.fork() == 0:
            break
    print("ATTACKED")
    end = time.monotonic() + 30
    while time.monotonic() < end:
        pass
    os._exit(0)


Point.__hash__ = spin
