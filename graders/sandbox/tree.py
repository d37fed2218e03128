"""What all processes of a submission use together, counted in /proc.

Where no cgroup bounds the sum (`graders.sandbox.isolation.cgroup`), the examiner checks `usage` several times a second
while the submission runs.
"""

from __future__ import annotations

import contextlib
import os
import platform
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from graders.sandbox import procfs

# Processes that multiprocessing starts for itself and keeps, by their programs: calls with literals only.
_KEPT = (
    re.compile(rb"from multiprocessing\.resource_tracker import main;main\(\d+\)"),
    re.compile(rb"from multiprocessing\.forkserver import main; main\(\d+, \d+, [^()]*\)"),
)
_NOT_EXECUTED = 0x40  # PF_FORKNOEXEC among the flags of proc_pid_stat(5): a fork of its parent's program
_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Usage:
    """Of a process tree. memory_bytes: resident, shared pages counted in each process; files: on its tmpfs."""

    processes: int
    memory_bytes: int
    files: int


def usage(root: int, *, own_files: bool) -> Usage:
    """Return what a process and its descendants use; a process that has ended meanwhile counts as 0.

    own_files: the process has its own file system, whose tmpfs count.
    """
    processes, memory, files = 0, 0, 0
    for pid in descendants(root):
        with contextlib.suppress(OSError, IndexError, ValueError):
            memory += resident(pid)
            processes += 1
        if own_files and not files:
            # Through any process that may be inspected; an ordinary user's grader may not inspect the zygote.
            for folder in ("tmp", "dev/shm"):
                with contextlib.suppress(OSError):
                    space = os.statvfs(f"/proc/{pid}/root/{folder}")
                    files += space.f_files - space.f_ffree
    return Usage(processes, memory, files)


def resident(pid: int) -> int:
    """Return the resident bytes of a process; once its first thread has ended, only its other threads tell.

    Raises:
        OSError, IndexError, ValueError: it is gone, or there is no /proc.
    """
    pages = int(procfs.read(f"/proc/{pid}/statm").split()[1])
    if not pages:
        for task in os.listdir(f"/proc/{pid}/task"):
            with contextlib.suppress(OSError, IndexError, ValueError):
                pages = max(pages, int(procfs.read(f"/proc/{pid}/task/{task}/statm").split()[1]))
    return pages * _PAGE


def cpu_seconds(root: int, *, but: int) -> float:
    """Return the CPU time of a process's descendants, ended children included, without the main thread of `but`."""
    ticks = 0
    for pid in descendants(root):
        if pid != root:
            with contextlib.suppress(OSError, IndexError, ValueError):
                ticks += _ticks(f"/proc/{pid}/stat", 4)
    with contextlib.suppress(OSError, IndexError, ValueError):
        ticks -= _ticks(f"/proc/{but}/task/{but}/stat", 2)
    return max(0, ticks) / _TICKS


def main_seconds(pid: int) -> float:
    """Return the CPU time of a process's main thread; 0.0 where the kernel does not tell."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        return int(procfs.read(f"/proc/{pid}/task/{pid}/schedstat").split()[0]) / 1e9
    return 0.0


def _ticks(stat: str, count: int) -> int:
    """Return the sum of utime, stime, cutime and cstime, or of the first `count` of them (proc(5))."""
    return sum(map(int, procfs.stat_fields(stat)[11 : 11 + count]))


def descendants(root: int) -> Iterator[int]:
    """Yield a process and its descendants that still run."""
    waiting, seen = [root], set[int]()
    while waiting:
        pid = waiting.pop()
        if pid not in seen:  # else its number was reused meanwhile
            seen.add(pid)
            yield pid
            waiting += children(pid)


def children(pid: int) -> Iterator[int]:
    """Yield the children of a process that still run."""
    with contextlib.suppress(OSError):
        for task in os.listdir(f"/proc/{pid}/task"):
            with contextlib.suppress(OSError, ValueError):
                yield from procfs.process_ids(f"/proc/{pid}/task/{task}/children")


def kept_by_multiprocessing(pid: int) -> set[int]:
    """Return the children of a process that look, at rest, like those that multiprocessing keeps for itself.

    They run the same interpreter as the process, with one of two programs, at most one of each. A process chooses its
    command line, and what the interpreter then imports: a caller that excuses one of these must know that it did no
    work.
    """
    found = dict[int, int]()
    for child in children(pid):
        with contextlib.suppress(OSError, IndexError, ValueError):
            if int(procfs.stat_fields(f"/proc/{child}/stat")[6]) & _NOT_EXECUTED:
                continue
            if not os.path.samefile(f"/proc/{child}/exe", f"/proc/{pid}/exe"):
                continue
            *_, flag, program, end = procfs.read(f"/proc/{child}/cmdline").split(b"\0")
            for kind, command in enumerate(_KEPT):
                if flag == b"-c" and command.fullmatch(program) and not end:
                    found.setdefault(kind, child)
    return set(found.values())


def tasks_of_user(uid: int) -> int:
    """Return how many threads a user has in all processes; 0 without /proc."""
    found = 0
    with contextlib.suppress(OSError):
        for entry in os.scandir("/proc"):
            with contextlib.suppress(OSError):
                if entry.name.isdigit() and entry.stat().st_uid == uid:
                    found += len(os.listdir(f"{entry.path}/task"))
    return found


def counts_across_namespaces() -> bool:
    """Whether the kernel applies RLIMIT_NPROC to a user's tasks in all user namespaces: Linux did before 5.14."""
    if sys.platform != "linux":
        return False
    major, minor, *_ = platform.release().replace("-", ".").split(".")
    return (int(major), int(minor)) < (5, 14)
