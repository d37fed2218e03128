"""Leaves state in modules that every worker shares with its zygote, and looks for an earlier criterion's.

Kind: lingering
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


def reached(what):
    raise SystemError(f"REACHED {what}")


for name in (
    "sys",
    "os",
    "builtins",
    "graders.sandbox.child.wire",
    "graders.sandbox.child.worker",
    "graders.sandbox.child.zygote",
):
    module = sys.modules.get(name)
    if hasattr(module, "left"):
        reached(f"what an earlier criterion left in {name}")
    if module is not None:
        module.left = True
sys.path.insert(0, "/tmp")
sys.modules["graders.sandbox.child.zygote"].PRELOAD = ()
os.environ["PYTHONPATH"] = "/tmp"
os.chdir("/")
os.umask(0)
print("ATTACKED")
