"""A submission's own seconds, summed over its whole tree of processes: what the limits count.

A submission computes while one of its tasks is on a core, and sleeps while all of them sleep, so that nothing but
itself keeps it from going on. The time in which a task was ready without a core, or waited for a disk, is neither: a
verdict is the same on a loaded machine. The kernel reports stolen time and memory pressure for the machine as a whole
only; both are subtracted from what was computed.

The CPU time of a process that nobody waits for is lost when it ends. A cgroup keeps it; without one, a process that is
new to a look also counts for others that came and went between two looks.

Sources: proc(5); Documentation/accounting/psi.rst and Documentation/scheduler/sched-stats.rst of Linux.
"""

from __future__ import annotations

import contextlib
import os
import platform
import time
from collections.abc import Callable
from dataclasses import dataclass

from graders.sandbox import procfs
from graders.sandbox.cores import waited_for_core

_ASLEEP = "STt"  # T: stopped, and only another task could let it go on
_LENT = "V"  # our own letter, see _has_lent
_GONE = "ZXx"
_BEGETS = {"x86_64": (b"58", b"56", b"435"), "aarch64": (b"220", b"435")}  # vfork, clone, clone3
_TICKS = os.sysconf("SC_CLK_TCK")
_REVIEW = 0.25  # seconds between looks at what the machine as a whole lost
_UNSEEN = 0.1  # seconds, the most that a new task counts for: a loaded machine can keep two looks further apart


@dataclass(frozen=True)
class Task:
    """A thread, as the kernel sees it.

    turns: how often it was given a core; cpu: nanoseconds on one; pid: its process; delay: nanoseconds for which it was
    ready without a core; on_core: whether it has one.
    """

    state: str
    turns: int
    cpu: int
    pid: int
    delay: int = 0
    on_core: bool = False


Tree = dict[int, Task]  # by thread id


def tasks(root: int, ours: frozenset[int] | None = None) -> Tree:
    """Return all tasks of the processes below `root`, and those of `root` itself that are not `ours`.

    ours: the examiner's threads; None if all threads of `root` are the examiner's.
    """
    found: Tree = {}
    waiting = [(root, ours is not None)]
    seen = set[int]()
    while waiting:
        pid, counts = waiting.pop()
        if pid in seen:
            continue  # its number was reused meanwhile
        seen.add(pid)
        try:
            threads = os.listdir(f"/proc/{pid}/task")
        except OSError:
            continue
        for thread in threads:
            folder = f"/proc/{pid}/task/{thread}/"
            theirs = counts and (pid != root or int(thread) not in (ours or ()))
            try:
                stat = procfs.read(folder + "stat")
                state = chr(stat[stat.rindex(b")") + 2])
                if state in _GONE:
                    continue
                if state == "D" and _has_lent(folder):
                    state = _LENT
                if theirs:
                    cpu, delay, turns = procfs.read(folder + "schedstat").split()
                    on_core = state == "R" and _switches(folder) < int(turns)
                    found[int(thread)] = Task(state, int(turns), int(cpu), pid, int(delay), on_core)
                waiting += ((child, True) for child in procfs.process_ids(folder + "children"))
            except (OSError, ValueError, IndexError):
                continue
    return found


def _switches(folder: str) -> int:
    """Return how often a task gave up its core: as often as it was given one, if it has none now."""
    # The task may have made up the lines before; these are nearly the last ones.
    counts = procfs.read(folder + "status").rpartition(b"\nvoluntary_ctxt_switches:")[2].split()
    return int(counts[0]) + int(counts[2])


def asleep(tree: Tree) -> bool:
    """Whether no task runs, or waits for a core or a disk."""
    return all(task.state in _ASLEEP for task in tree.values())


def waits_for_itself(tree: Tree) -> bool:
    """Whether nothing but the tree's own tasks and timers keeps it from going on."""
    return all(task.state in _ASLEEP + _LENT for task in tree.values())


def _has_lent(folder: str) -> bool:
    """Whether a task waits until a child is done with its memory (vfork): its state is that of a wait for a disk."""
    with contextlib.suppress(OSError, IndexError):
        return procfs.read(folder + "syscall").split()[0] in _BEGETS.get(platform.machine(), ())
    return False


class Account:
    """Adds up the seconds of a tree whose tasks come and go, from the first look on.

    kept: returns the seconds that the whole tree computed, ended processes included, as the kernel keeps them; None if
    it does not. processes: the seconds that each process was seen to compute, by its id. held: the seconds that were
    excused, as far as this thread had a core to let the tree go on.
    """

    def __init__(self, kept: Callable[[], float | None] = lambda: None) -> None:
        self._kept = kept
        self._before = kept()
        self.processes: dict[int, float] = {}
        self.held = self._slept = self._computed = 0.0
        self._last: Tree | None = None
        self._at = self._since = self._reviewed = time.monotonic()
        self._idle = False
        self._excused: float | None = None  # what this thread had waited for a core by then
        self._lost: float | None = None
        self._allowance = 0.0

    def look(self, tree: Tree) -> None:
        """Take the tree as it is now."""
        now, idle = time.monotonic(), waits_for_itself(tree)
        if self._last is not None:
            computed, delayed, woken = 0.0, 0, tree.keys() != self._last.keys()
            for thread, task in tree.items():
                before = self._last.get(thread)
                seen = task.cpu - min(before.cpu, task.cpu) if before else task.cpu
                delayed += task.delay - min(before.delay, task.delay) if before else task.delay
                woken = woken or before is None or before.turns != task.turns
                computed += seen if before else _stands_for(task, now - self._at)
                # No estimate here: it must not count as a sign that the process never sleeps.
                self.processes[task.pid] = self.processes.get(task.pid, 0.0) + seen / 1e9
            kept = self._kept()
            if kept is not None and self._before is not None:
                computed = max(0.0, kept - self._before) * 1e9
            self._before = kept
            self._computed += computed / 1e9
            if idle and self._idle:
                # If none was given a core since the last look, all of them slept all the time.
                slept = max(0.0, now - self._at - ((computed + delayed) / 1e9 if woken else 0.0))
                if self._excused is None:
                    self._slept += slept
                else:
                    self.held += max(0.0, slept - (waited_for_core("/proc/thread-self") - self._excused))
        self._last, self._at, self._idle, self._excused = tree, now, idle, None
        if now - self._reviewed > _REVIEW:
            self._reviewed = now
            self._review()

    def excuse(self) -> None:
        """Leave out the sleep from the last look to the next one: the tree waits for a call that the examiner holds.

        A process that waits for its own child does not wait for an answer.
        """
        if self._last is not None and asleep(self._last):
            self._excused = waited_for_core("/proc/thread-self")

    def _review(self) -> None:
        lost = machine_lost()
        if self._lost is not None:
            self._allowance += max(0.0, lost - self._lost)
        self._lost = lost

    @property
    def seconds(self) -> float:
        """The submission's own seconds so far."""
        return self._slept + max(0.0, self._computed - self._allowance)


def _stands_for(task: Task, since: float) -> float:
    """Return the nanoseconds to count for a task that is new since the last look, so many seconds ago.

    Of tasks that compute for a moment, a look meets the share that the moment is of the time between two looks. One
    that it meets on a core counts for all of that time: on average this is what all of them computed, and what the last
    look at a longer one misses.
    """
    return max(task.cpu, min(since, _UNSEEN) * 1e9) if task.on_core else task.cpu


def machine_lost() -> float:
    """Return the seconds that this machine lost since it started: stolen time of its cores, and lack of memory.

    The tasks of a virtual machine count as computing while another machine has their core.
    """
    lost = 0.0
    with contextlib.suppress(OSError, ValueError, IndexError):
        # "steal", the eighth field of the line of all cores.
        lost += int(procfs.read("/proc/stat", 256).split()[8]) / _TICKS
    with contextlib.suppress(OSError, ValueError, IndexError):
        # "some avg10=0.00 avg60=0.00 avg300=0.00 total=0", in microseconds.
        lost += int(procfs.read("/proc/pressure/memory").splitlines()[0].rpartition(b"=")[2]) / 1e6
    return lost
