"""Landlock restrictions for a worker without a sandbox. Standard library only: it runs in the worker.

A restricted process reads the interpreter, the system's libraries and its own files, writes in its scratch folder, and
can't signal or trace processes outside. On a kernel that is too old nothing is restricted: level ``process`` promises
no more than a separate process. Source: the kernel's Documentation/userspace-api/landlock.rst.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import struct
from collections.abc import Iterable

_CREATE, _ADD_RULE, _RESTRICT = 444, 445, 446  # the same numbers on every architecture
_VERSION, _PATH_BENEATH, _NO_NEW_PRIVILEGES = 1, 1, 38
_EXECUTE, _WRITE, _READ, _LIST = 1, 2, 4, 8
_ALL_OF_FIRST = (1 << 13) - 1
_ON_FILES = _EXECUTE | _WRITE | _READ | 1 << 14 | 1 << 15  # the rights that a rule on a plain file may have
_READING = _EXECUTE | _READ | _LIST


def restrict(readable: Iterable[str], writable: Iterable[str]) -> bool:
    """Restrict this process and its descendants for good; return whether the kernel could."""
    libc = ctypes.CDLL(None, use_errno=True)
    version = libc.syscall(_CREATE, None, ctypes.c_size_t(0), ctypes.c_uint32(_VERSION))
    if version < 1:
        return False
    files = _ALL_OF_FIRST
    for since, bit in ((2, 13), (3, 14), (5, 15)):
        files |= 1 << bit if version >= since else 0
    scopes = 3 if version >= 6 else 0  # abstract sockets, signals
    attributes = struct.pack("QQQ", files, 0, scopes)[: 24 if version >= 6 else 16 if version >= 4 else 8]
    ruleset = libc.syscall(_CREATE, attributes, ctypes.c_size_t(len(attributes)), ctypes.c_uint32(0))
    if ruleset < 0:
        return False
    try:
        for paths, rights in ((readable, _READING), (writable, files)):
            for path in paths:
                _allow(libc, ruleset, path, rights & files)
        libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        return bool(libc.syscall(_RESTRICT, ctypes.c_int(ruleset), ctypes.c_uint32(0)) == 0)
    finally:
        os.close(ruleset)


def _allow(libc: ctypes.CDLL, ruleset: int, path: str, rights: int) -> None:
    with contextlib.suppress(OSError):  # a missing path needs no rule
        beneath = os.open(path, os.O_PATH | os.O_CLOEXEC)
        try:
            allowed = rights if os.path.isdir(path) else rights & _ON_FILES
            rule = struct.pack("=Qi", allowed, beneath)
            libc.syscall(_ADD_RULE, ctypes.c_int(ruleset), ctypes.c_int(_PATH_BENEATH), rule, ctypes.c_uint32(0))
        finally:
            os.close(beneath)
