"""Starts threads until it can't, and keeps them.

Kind: exhausting
Honest twin: accepted/frozen_dataclass
Mark: ATTACKED
"""
# mypy: ignore-errors

import threading
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Point:
    x: float
    y: float


for _ in range(2000):
    try:
        threading.Thread(target=time.sleep, args=(1e6,), daemon=True).start()
    except (RuntimeError, MemoryError):
        print("ATTACKED")
        break
