"""Takes the zygote's control socket out of its process, through /proc and pidfd_getfd.

Kind: forging
Honest twin: accepted/frozen_dataclass
Mark: ATTACKED
"""
# mypy: ignore-errors

import ctypes
import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Point:
    x: float
    y: float


def reached(what):
    raise SystemError(f"REACHED {what}")


libc = ctypes.CDLL(None, use_errno=True)
pidfd = os.pidfd_open(1)
for descriptor in range(64):
    if libc.syscall(438, pidfd, descriptor, 0) >= 0:
        reached(f"descriptor {descriptor} of pid 1")
    try:
        found = os.open(f"/proc/1/fd/{descriptor}", os.O_RDWR)
    except OSError:
        continue
    if os.readlink(f"/proc/self/fd/{found}") != "/dev/null":
        reached(f"/proc/1/fd/{descriptor}")
print("ATTACKED")
