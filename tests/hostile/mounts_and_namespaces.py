"""Mounts, unmounts, changes its root, and makes or joins namespaces.

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
x86 = platform.machine() == "x86_64"
folder = ctypes.c_char_p(b"/tmp")
nothing = ctypes.c_void_p(None)


def attempt(name, number_x86, number_arm, *arguments):
    if libc.syscall(number_x86 if x86 else number_arm, *arguments) >= 0:
        reached(name)


attempt("mount", 165, 40, ctypes.c_char_p(b"none"), folder, ctypes.c_char_p(b"tmpfs"), 0, nothing)
attempt("bind mount", 165, 40, ctypes.c_char_p(b"/"), folder, nothing, 4096, nothing)
attempt("umount2", 166, 39, ctypes.c_char_p(b"/kata"), 2)
attempt("pivot_root", 155, 41, folder, folder)
attempt("chroot", 161, 51, folder)
for flag in (0x80, 0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000):
    attempt(f"unshare {flag:x}", 272, 97, flag)
    pid = libc.syscall(56 if x86 else 220, flag | 17, nothing, nothing, nothing, nothing)
    if pid == 0:
        os._exit(0)
    if pid > 0:
        reached(f"clone {flag:x}")
for name in os.listdir("/proc/self/ns"):
    attempt(f"setns {name}", 308, 268, os.open(f"/proc/self/ns/{name}", os.O_RDONLY), 0)
attempt("clone3", 435, 435, nothing, 0)
attempt("open_tree", 428, 428, -100, folder, 1)
attempt("fsopen", 430, 430, ctypes.c_char_p(b"tmpfs"), 0)
attempt("move_mount", 429, 429, -100, folder, -100, folder, 0)
attempt("mount_setattr", 442, 442, -100, folder, 0, nothing, 0)
print("ATTACKED")
