"""Traces pid 1 and reads its memory by system calls of its own.

Kind: escaping
Honest twin: accepted/frozen_dataclass
Mark: ATTACKED
"""
# mypy: ignore-errors

import ctypes
import os
import platform
from dataclasses import dataclass


@dataclass(frozen=True)
class Point:
    x: float
    y: float


def reached(what):
    raise SystemError(f"REACHED {what}")


libc = ctypes.CDLL(None, use_errno=True)
ATTACH, SEIZE = 16, 0x4206
x86 = platform.machine() == "x86_64"
for pid in (1, os.getppid()):
    for request in (ATTACH, SEIZE):
        if libc.ptrace(request, pid, None, None) == 0:
            reached(f"ptrace of {pid}")
    if libc.syscall(310 if x86 else 270, pid, None, 0, None, 0, 0) >= 0:
        reached(f"process_vm_readv of {pid}")
    if libc.syscall(312 if x86 else 272, pid, os.getpid(), 0, 0, 0) >= 0:
        reached(f"kcmp of {pid}")
print("ATTACKED")
