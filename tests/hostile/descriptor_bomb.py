"""Opens descriptors until it can't, and keeps them.

Kind: exhausting
Honest twin: accepted/frozen_dataclass
Mark: ATTACKED
"""
# mypy: ignore-errors

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Point:
    x: float
    y: float


kept = []
for _ in range(100_000):
    try:
        kept.append(os.open("/dev/null", os.O_RDONLY))
    except OSError:
        print("ATTACKED")
        break
