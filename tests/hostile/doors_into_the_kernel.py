"""Tries the system calls through which others got out: io_uring, bpf, keys, modules, handles of files and more.

Kind: escaping
Honest twin: accepted/frozen_dataclass
Mark: ATTACKED
"""
# mypy: ignore-errors

import ctypes
import os
import platform
import struct
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


space = ctypes.create_string_buffer(256)
attempt("io_uring_setup", 425, 425, 8, space)
attempt("bpf", 321, 280, 0, space, 72)
attempt("keyctl", 250, 219, 0, -3, 1)
attempt("add_key", 248, 217, ctypes.c_char_p(b"user"), ctypes.c_char_p(b"k"), ctypes.c_char_p(b"v"), 1, -3)
attempt("perf_event_open", 298, 241, space, 0, -1, -1, 0)
attempt("userfaultfd", 323, 282, 1)
attempt("memfd_create", 319, 279, ctypes.c_char_p(b"m"), 0)
attempt("memfd_secret", 447, 447, 0)
attempt("name_to_handle_at", 303, 264, -100, folder, space, space, 0)
attempt("open_by_handle_at", 304, 265, -100, space, 0)
attempt("execveat", 322, 281, -100, ctypes.c_char_p(b""), nothing, nothing, 0x1000)
attempt("init_module", 175, 105, space, 1, ctypes.c_char_p(b""))
attempt("kexec_load", 246, 104, 0, 0, nothing, 0)
attempt("quotactl", 179, 60, 0x800001, folder, 0, nothing)
attempt("swapon", 167, 224, folder, 0)
attempt("reboot", 169, 142, 0xFEE1DEAD, 672274793, 0, nothing)
attempt("shmget", 29, 194, 0, 1 << 20, 0o1600)
attempt("msgget", 68, 186, 0, 0o1600)
attempt("mq_open", 240, 180, ctypes.c_char_p(b"q"), 0o102, 0o600, nothing)
attempt("seccomp", 317, 277, 1, 0, nothing)
attempt("personality", 135, 92, 0x0040000)
attempt("clock_settime", 227, 112, 0, space)
attempt("sethostname", 170, 161, ctypes.c_char_p(b"x"), 1)
attempt("fanotify_init", 300, 262, 0, 0)
attempt("landlock_create_ruleset", 444, 444, nothing, 0, 1)
attempt("pidfd_getfd", 438, 438, os.pidfd_open(1), 0, 0)
attempt("process_madvise", 440, 440, os.pidfd_open(1), nothing, 0, 0, 0)
attempt("inotify_init1", 294, 26, 0)
shared = os.open(os.__file__, os.O_RDONLY)
attempt("flock", 73, 32, shared, 2)
attempt("fcntl F_GETLK", 72, 25, shared, 5, ctypes.create_string_buffer(struct.pack("hhqqi", 1, 0, 0, 0, 0)))
attempt("fcntl F_OFD_GETLK", 72, 25, shared, 36, ctypes.create_string_buffer(struct.pack("hhqqi", 1, 0, 0, 0, 0)))
attempt("fcntl F_NOTIFY", 72, 25, os.open("/", os.O_RDONLY), 1026, 1)
attempt("prctl PR_SET_MM_MAP_SIZE", 157, 167, 35, 15, ctypes.byref(ctypes.c_uint()), 0, 0)
attempt("prctl PR_SET_SECCOMP", 157, 167, 22, 2, space)
attempt("netlink of the audit", 41, 198, 16, 3, 9)
print("ATTACKED")
