"""A cgroup: what all processes of a submission use together, bounded by the kernel where that is possible.

A limit of a process (setrlimit) holds for each of its children separately, so 64 processes of 1 GiB each keep every
limit and take 64 GiB. A cgroup bounds the sum in the kernel; it needs root or a delegated cgroup. Without one,
`graders.sandbox.tree` counts.
"""

from __future__ import annotations

import contextlib
import itertools
import os
from collections.abc import Iterator
from pathlib import Path

_MOUNTS = Path("/sys/fs/cgroup")
_numbers = itertools.count()


class Cgroup:
    """A cgroup (a folder for each controller under cgroup v1) that holds a submission's processes."""

    def __init__(self, folders: list[Path]) -> None:
        self._folders = folders

    @classmethod
    def make(cls, pid: int, memory_bytes: int, processes: int) -> Cgroup | None:
        """Put a process into a new cgroup with these limits; return None where that is not allowed."""
        for parents, limits in _ways(memory_bytes, processes):
            _sweep(parents)
            made = cls([parent / f"kata-{os.getpid()}-{next(_numbers)}" for parent in parents])
            try:
                for folder, files in zip(made._folders, limits, strict=True):
                    folder.mkdir()
                    for name, value in files.items():
                        (folder / name).write_text(value)
                    (folder / "cgroup.procs").write_text(str(pid))
            except OSError:
                made.close()
                continue
            return made
        return None

    def ran_out(self) -> bool:
        """Whether the kernel ended a process because the cgroup's memory was used up."""
        for folder in self._folders:
            for name in ("memory.events", "memory.oom_control"):
                with contextlib.suppress(OSError):
                    for line in (folder / name).read_text().splitlines():
                        word, _, count = line.partition(" ")
                        if word == "oom_kill" and int(count):
                            return True
        return False

    def cpu_seconds(self) -> float | None:
        """Return the seconds that all of its processes computed, ended ones too; None if the kernel keeps no sum."""
        for folder in self._folders:
            with contextlib.suppress(OSError, ValueError, IndexError):
                return int((folder / "cpuacct.usage").read_text()) / 1e9
            with contextlib.suppress(OSError, ValueError, IndexError):
                return int((folder / "cpu.stat").read_text().split()[1]) / 1e6  # "usage_usec", the first line
        return None

    def close(self) -> None:
        """Remove the cgroup, whose processes have ended."""
        for folder in self._folders:
            with contextlib.suppress(OSError):
                folder.rmdir()


def _sweep(parents: list[Path]) -> None:
    """Remove the empty cgroups of graders that were killed before they could do so."""
    for parent in parents:
        for folder in parent.glob("kata-*"):
            owner = folder.name.split("-")[1]
            if not Path(f"/proc/{owner}").exists():
                with contextlib.suppress(OSError):
                    folder.rmdir()


def _ways(memory_bytes: int, processes: int) -> Iterator[tuple[list[Path], list[dict[str, str]]]]:
    """Yield (parent folders, limits to write in each) for cgroup v2, then v1, as the kernel documents them."""
    memory, pids = str(memory_bytes), str(processes)
    own: dict[str, str] = {}
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/cgroup").read_text().splitlines():
            _, controllers, path = line.split(":", 2)
            own.update(dict.fromkeys(controllers.split(","), path))
    if "" in own:
        unified = _MOUNTS / own[""].lstrip("/")
        for parent in (unified, unified.parent):
            with contextlib.suppress(OSError):
                if {"memory", "pids"} <= set((parent / "cgroup.subtree_control").read_text().split()):
                    yield (
                        [parent],
                        [{"memory.max": memory, "memory.swap.max": "0", "pids.max": pids}],
                    )
    if {"memory", "pids"} <= own.keys():
        limits = {"memory": {"memory.limit_in_bytes": memory}, "pids": {"pids.max": pids}}
        for more in ({"cpuacct": dict[str, str]()}, {}):  # counts without a limit, where it is available
            if more.keys() <= own.keys():
                chosen = limits | more
                yield [_MOUNTS / name / own[name].lstrip("/") for name in chosen], list(chosen.values())
