"""Leaves a module in its working folder that the next criterion's worker or zygote might import.

Kind: lingering
Honest twin: rejected/constant_hash
Mark: ATTACKED
"""
# mypy: ignore-errors

from dataclasses import dataclass


@dataclass(frozen=True)
class Point:
    x: float
    y: float

    def __hash__(self):
        return 1


for folder in (".", "/tmp", "/run", "/dev/shm"):
    for name in ("copy", "pickle", "collections", "wire", "sitecustomize", "usercustomize"):
        try:
            with open(f"{folder}/{name}.py", "w") as file:
                file.write("raise SystemError('REACHED an import')")
            print("ATTACKED")
        except OSError:
            pass
