"""Leaves files wherever it can, and looks for those that an earlier criterion left.

Kind: lingering
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


for folder in (
    "/tmp",
    "/tmp/deep",
    "/dev/shm",
    "/run",
    "/var/tmp",
    "/dev/mqueue",
    "/dev",
    "/",
    "/kata",
    "/kata/submission",
):
    if os.path.exists(f"{folder}/left"):
        reached(f"what an earlier criterion left in {folder}")
    try:
        os.makedirs(folder, exist_ok=True)
        with open(f"{folder}/left", "w") as file:
            file.write("left")
        print("ATTACKED")
    except OSError:
        pass
