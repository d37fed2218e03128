"""Looks for other processes' files, working folders and roots, through /proc and through pids that it guesses.

Kind: leaking
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


def reached(what):
    raise SystemError(f"REACHED {what}")


for pid in range(1, 5000):
    if pid in (1, os.getpid()):
        continue
    if os.path.exists(f"/proc/{pid}") and not os.path.exists(f"/proc/self/task/{pid}"):
        reached(f"another process, {pid}")
for path in ("/proc/1/root/etc/passwd", "/proc/1/cwd/../etc/shadow", "/proc/self/root/../etc/passwd", "/etc/hostname"):
    if os.path.exists(path):
        reached(path)
print("ATTACKED")
