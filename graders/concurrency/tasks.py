"""What the tasks of a process tree are doing, from Linux's /proc.

A task that was woken and has no core yet shows as running (R), not as asleep (S): so starvation can't pass for
idleness.
"""

from __future__ import annotations

import contextlib
import ctypes
import math
import os
import platform
import struct
import sys
import time
from dataclasses import dataclass

from graders.sandbox import procfs
from graders.sandbox.account import Task, Tree, asleep, tasks

__all__ = [
    "Task",
    "Tree",
    "Wait",
    "asleep",
    "can_tell",
    "for_interpreter",
    "hidden",
    "interpreter",
    "locked",
    "receiving",
    "sleepers",
    "tasks",
    "waits",
]

_RUNTIME = 1 << 18  # bytes, with the lock near the front


@dataclass(frozen=True)
class Wait:
    """What a sleeping task waits for.

    call: the system call's number; descriptor: its first argument; deadline: when a timer wakes it, by time.monotonic;
    infinite without a timer.
    """

    call: int
    descriptor: int
    deadline: float


# Linux system call numbers: futex, clock_nanosleep, nanosleep, epoll waits, poll, ppoll, select, pselect6.
_CALLS = {
    "x86_64": (202, 230, 35, (232, 281), 7, 271, 23, 270),
    "aarch64": (98, 115, 101, (22,), -1, 73, -1, 72),
}
_EPOLL_PWAIT2 = 441
_RECEIVES = {"x86_64": (45, 0, 47), "aarch64": (207, 63, 212)}


def waits(tree: Tree) -> dict[int, Wait] | None:
    """Return what each task of a sleeping tree waits for, or None if one no longer sleeps.

    Raises:
        PermissionError: the kernel does not tell this process.
    """
    found = sleepers(tree)
    return found if len(found) == sum(task.state == "S" for task in tree.values()) else None


def sleepers(tree: Tree) -> dict[int, Wait]:
    """Return what the sleeping tasks of a tree wait for, while others may run.

    Raises:
        PermissionError: the kernel does not tell this process.
    """
    found = {}
    for thread, task in tree.items():
        if task.state != "S":
            continue
        try:
            wait = _wait(task.pid, thread)
        except PermissionError:
            raise
        except (OSError, ValueError, IndexError, OverflowError, struct.error):
            continue
        if wait is not None:
            found[thread] = wait
    return found


def receiving(tree: Tree, found: dict[int, Wait]) -> set[tuple[int, int]]:
    """Return the pairs (process, file descriptor) at which tasks wait for bytes."""
    numbers = _RECEIVES[platform.machine()]
    return {(tree[thread].pid, wait.descriptor) for thread, wait in found.items() if wait.call in numbers}


def locked(found: dict[int, Wait]) -> set[int]:
    """Return the tasks that wait for a lock, or anything else made of a futex."""
    return {thread for thread, wait in found.items() if wait.call == _CALLS[platform.machine()][0]}


def _wait(pid: int, thread: int) -> Wait | None:
    words = procfs.read(f"/proc/{pid}/task/{thread}/syscall").split()
    if words[0] == b"running":
        return None
    call = int(words[0])
    if call < 0:
        return Wait(call, -1, math.inf)
    a = [int(word, 16) for word in words[1:7]]
    now = time.monotonic()
    return Wait(call, a[0], _deadline(pid, call, a, now))


def _deadline(pid: int, call: int, a: list[int], now: float) -> float:
    futex, clock_nanosleep, nanosleep, epolls, poll, ppoll, select, pselect = _CALLS[platform.machine()]
    if call == futex:
        if not a[3]:
            return math.inf
        end = _timespec(pid, a[3])
        if a[1] & 0x7F != 9:  # not FUTEX_WAIT_BITSET, the only one with an absolute time
            return now + end
        return end - (time.time() - now if a[1] & 0x100 else 0)  # FUTEX_CLOCK_REALTIME
    if call == clock_nanosleep:
        absolute = a[1] & 1 and _signed(a[0]) == time.CLOCK_MONOTONIC
        return _timespec(pid, a[2]) + (0 if absolute else now)
    if call == nanosleep:
        return now + _timespec(pid, a[0])
    if call in epolls or call == poll:
        milliseconds = _signed(a[3] if call in epolls else a[2])
        return now + milliseconds / 1e3 if milliseconds >= 0 else math.inf
    pointer = {_EPOLL_PWAIT2: a[3], ppoll: a[2], select: a[4], pselect: a[4]}.get(call, 0)
    return now + _timespec(pid, pointer, 1e-6 if call == select else 1e-9) if pointer else math.inf


def _signed(word: int) -> int:
    return ctypes.c_int32(word & 0xFFFFFFFF).value


def _timespec(pid: int, address: int, unit: float = 1e-9) -> float:
    descriptor = os.open(f"/proc/{pid}/mem", os.O_RDONLY)
    try:
        seconds, fraction = struct.unpack("qq", os.pread(descriptor, 16, address))
    finally:
        os.close(descriptor)
    return float(seconds + fraction * unit)


def for_interpreter(wait: Wait, this: range) -> bool:
    """Whether a thread of this process waits for the interpreter's lock, which another thread holds."""
    return wait.call == _CALLS[platform.machine()][0] and wait.descriptor in this


def interpreter() -> range:
    """Return the addresses of this process's interpreter lock; empty if unknown."""
    try:
        start = ctypes.addressof(ctypes.c_char.in_dll(ctypes.pythonapi, "_PyRuntime"))
    except ValueError:
        return range(0)
    return range(start, start + _RUNTIME)


def can_tell(root: int, ours: frozenset[int] | None = None) -> bool:
    """Whether the kernel tells this process what the tasks below `root` wait for."""
    if sys.platform != "linux" or platform.machine() not in _CALLS:
        return False
    if ours is not None:
        return bool(interpreter())
    tree = tasks(root)
    if not tree:
        return False
    for thread, task in tree.items():
        try:
            procfs.read(f"/proc/{task.pid}/task/{thread}/syscall")
            os.close(os.open(f"/proc/{task.pid}/mem", os.O_RDONLY))
        except OSError:
            # A process that has ended since, or is about to, hides nothing.
            if os.path.exists(f"/proc/{task.pid}/task/{thread}") and not _ends(task.pid):
                return False
    return True


def hidden(tree: Tree) -> bool:
    """Whether a process of a tree hides from others (PR_SET_DUMPABLE): then root owns its files in /proc."""
    for pid in {task.pid for task in tree.values()}:
        with contextlib.suppress(OSError, ValueError, IndexError):
            own = int(procfs.read(f"/proc/{pid}/status").partition(b"\nUid:")[2].split()[1])
            if os.stat(f"/proc/{pid}/status").st_uid != own and not _ends(pid):
                return True
    return False


def _ends(pid: int) -> bool:
    """Whether a process has ended or is about to: without memory of its own, its files in /proc are root's, too."""
    try:
        return b"\nVmSize:" not in procfs.read(f"/proc/{pid}/status")
    except OSError:
        return True
