"""Makes links to files outside, and opens what they lead to.

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


def reached(what):
    raise SystemError(f"REACHED {what}")


for number, target in enumerate(
    (
        "/etc/passwd",
        "/etc/shadow",
        "/proc/1/root/etc/passwd",
        "/root",
        "../../../../etc/passwd",
        "/kata/../../etc/hosts",
    )
):
    for make in (os.symlink, os.link):
        path = f"/tmp/link{number}{make.__name__}"
        try:
            make(target, path)
            os.stat(path)
        except OSError:
            continue
        finally:
            if os.path.lexists(path):
                os.unlink(path)
        reached(target)
print("ATTACKED")
