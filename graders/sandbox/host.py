"""The trusted side of a submission: starts its zygote, hands out fresh workers, ends all of them.

Nothing here trusts a byte from a worker. A worker's socket carries one numbered answer per request; any other byte ends
the worker. Only the submission's own seconds count: the time for which its tasks waited for a core or a disk is left
out.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import struct
import sys
import tempfile
from typing import Any, Protocol

from graders.sandbox import cores, early, tree
from graders.sandbox.channel import SHORT, WorkerChannel
from graders.sandbox.child import wire
from graders.sandbox.errors import (
    Forged,
    GraderFault,
    LoadFailed,
    Outgrown,
    Remote,
    SubmissionFault,
    UsedUp,
    WorkerDied,
    names_of,
)
from graders.sandbox.exchange import Exchange, Place
from graders.sandbox.limits import Limits, Source, used_up
from graders.sandbox.share import Share
from graders.sandbox.stack import Hangs, Stack

_START = 60.0  # seconds for the zygote, which is the grader's, to do its part
_NO_MEMORY = "its processes used up their memory"
_FURTHER = 1_000  # threads that the user's other programs may start meanwhile
_SHOWN = 2_000  # characters kept of the output of a file that can't be loaded


class Cell(Protocol):
    """A started zygote: a confined process of the grader's that forks workers."""

    @property
    def control(self) -> socket.socket:
        """The socket to the zygote."""
        ...

    @property
    def path(self) -> str:
        """The path of the submission, as its own processes see it."""
        ...

    @property
    def own_pids(self) -> bool:
        """Whether the zygote is the init of a pid namespace."""
        ...

    @property
    def root_pid(self) -> int:
        """The process that all of the submission's processes descend from."""
        ...

    def host_pid(self, pid: int) -> int | None:
        """Return the id that a process has here; `pid` is its id in the zygote's namespace."""
        ...

    def ran_out(self) -> bool:
        """Whether the kernel ended one of its processes because their memory was used up."""
        ...

    def cpu_seconds(self) -> float | None:
        """Return the seconds that all of its processes computed, ended ones too; None if the kernel keeps no sum."""
        ...

    def littered(self) -> bool:
        """Whether files are left where its processes may write."""
        ...

    def why(self) -> str:
        """Return what it wrote to its standard error, for the message when it fails."""
        ...

    def close(self) -> None:
        """End all processes in it, and return when they are gone."""
        ...


class Isolation(Protocol):
    """A way to confine submissions: one file each in this package."""

    name: str

    def start(self, source: Source, limits: Limits) -> Cell:
        """Start a zygote for one submission.

        Raises:
            IsolationUnavailable: this machine can't; the message says what to do.
        """
        ...


class Host:
    """A submission under an isolation: each call of `fresh` gives a new load of it."""

    def __init__(self, isolation: Isolation, source: Source, limits: Limits | None = None) -> None:
        self.isolation = isolation
        self.source = source
        self.limits = limits or Limits()
        self.hangs = Hangs()
        # Why the first load failed: every other would fail so, too.
        self._unloadable: SubmissionFault | None = None
        self._cell: Cell | None = None
        self._worker: WorkerChannel | None = None
        self._numbers = 0
        self._compiled = False
        # Whether the submission is known to load: then the zygote compiles it once for all workers.
        self._loads = False
        self._places = 0
        self._memory = _own_memory()
        # Of the last worker: see `times`.
        self._times = 0.0, 0.0
        self._others = self._begun = 0.0
        self._ended = 0.0  # what the processes of earlier cells computed
        self.share = Share(self.computed)

    def fresh(self) -> WorkerChannel:
        """End the last worker and all that it left, and return one that has just loaded the submission.

        If the first load fails, every later one raises the same: a loop at the top level costs its limit once.

        Raises:
            LoadFailed: the submission can't be imported.
            SubmissionFault: its process ended or hung during the import.
            GraderFault: the zygote can't be started.
        """
        if self._unloadable is not None:
            raise self._unloadable.with_traceback(None)
        if self._worker is not None:
            self._worker.close()
            self._worker = None
            with contextlib.suppress(WorkerDied):
                self.reap()
        if self._cell is None:
            self._start()
        elif self._loads and not self._compiled:
            # No worker is left that could have used up the memory of both.
            self._control("compile")
            self._compiled = True
        assert self._cell is not None
        self._times, self._others = (0.0, 0.0), 0.0
        self._begun = self.kept() or 0.0
        ours, theirs = socket.socketpair()
        output, stack = _output_file(), _output_file()
        try:
            _, pid = self._control("fork", descriptors=[theirs.fileno(), output, stack])
        except BaseException:
            ours.close()
            os.close(output)
            os.close(stack)
            raise
        finally:
            theirs.close()
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", 0, int(SHORT * 1e6)))
        ours.setsockopt(
            socket.SOL_SOCKET,
            socket.SO_SNDTIMEO,
            struct.pack("ll", int(self.limits.call_seconds), 0),
        )
        self._worker = WorkerChannel(self, ours, output, stack, pid)
        try:
            self._load(self._worker)
        except SubmissionFault as error:
            error.printed = self._worker.printed()[:_SHOWN]
            error.unasked = not self._loads
            self._unloadable = error if error.unasked else None
            raise
        return self._worker

    def _load(self, worker: WorkerChannel) -> None:
        try:
            answer = wire.decode(worker.answer(0))
        except wire.WireError:
            raise Forged("its process sent something that is not an answer") from None
        if type(answer) is tuple and len(answer) == 2 and answer[0] == "value":
            self._loads = True
            worker.names = names_of(answer[1])
            return
        if type(answer) is tuple and len(answer) == 7 and type(answer[2]) is type(answer[3]) is str:
            if worker.printed_bytes() >= self.limits.printed_bytes:
                raise self.autopsy(worker)
            remote = Remote.told(answer[2], answer[3], answer[5], answer[6])
            raise LoadFailed(f"{remote.type}: {remote.message}"[:2_000], remote)
        raise Forged("its process sent something that is not an answer")

    def _start(self) -> None:
        cores.anywhere()
        self._cell = self.isolation.start(self.source, self.limits)
        self._cell.control.settimeout(_START)
        self._compiled = False
        resources = self.limits.resources()
        if not self._cell.own_pids or tree.counts_across_namespaces():
            # The kernel counts all of this user's threads, a browser's too.
            resources["RLIMIT_NPROC"] += tree.tasks_of_user(os.geteuid()) + _FURTHER
        asked = early.asked(self.source)
        self._control("start", self.source.slug, self._cell.path, resources, self._cell.own_pids, asked)

    def _control(self, *request: Any, descriptors: list[int] | None = None) -> tuple[Any, ...]:
        """Ask the zygote, which is the grader's and runs no code of the submission's.

        Raises:
            WorkerDied: the submission ended the zygote, too, by using up the memory of both.
            GraderFault: the zygote failed for any other reason.
        """
        cell = self._cell
        if cell is None:
            raise GraderFault("the zygote is not running")
        self._numbers += 1
        try:
            data = wire.frame(self._numbers, wire.encode(request))
            socket.send_fds(cell.control, [data], descriptors or [])
            number, payload = wire.receive(cell.control)
            answer = wire.decode(payload)
        except (OSError, EOFError, wire.WireError) as error:
            said, ran_out = cell.why(), cell.ran_out()
            self._end_cell()
            if ran_out:
                raise WorkerDied(_NO_MEMORY) from None
            raise GraderFault(f"the zygote failed at {request[0]!r} ({error}). {said}".strip()) from error
        if number != self._numbers or type(answer) is not tuple:
            self._end_cell()
            raise GraderFault(f"the zygote answered {request[0]!r} out of step")
        return answer

    def place(self, worker: WorkerChannel) -> Place:
        """Open the sockets by which a worker and its processes reach the examiner's instruments.

        Raises:
            Forged: the submission has put something in their way.
            WorkerDied: the worker has ended, even if another process answers in its place.
        """
        assert self._cell is not None
        found = self._cell.host_pid(worker.pid)
        if found is None:
            raise self.autopsy(worker)
        ours, theirs = socket.socketpair()
        with ours, theirs:
            answer = self._control("listen", descriptors=[theirs.fileno()])
            if answer[0] != "listening":
                raise Forged(f"it is in the way of the instruments' socket: {answer[1]}")
            _, passed, _, _ = socket.recv_fds(ours, 1, 2)
        listeners = [socket.socket(fileno=descriptor) for descriptor in passed]
        self._places += 1
        return Place(
            Exchange(listeners[0], worker.stream),
            self.limits,
            self._cell.root_pid,
            found,
            listeners[1] if len(listeners) > 1 else None,
            answer[1],
            secret=self.source.secret(self._places),
            kept=self.kept,
            source=self.source,
        )

    def stack(self) -> Stack:
        """Return where the threads of the last worker are in the submission's file, as the worker says."""
        return () if self._worker is None else self._worker.stack()

    def rest(self) -> None:
        """Kill what the last worker has running, so that it disturbs no other; it can't be asked any more."""
        with contextlib.suppress(WorkerDied):
            self.reap()

    def tell(self, worker: WorkerChannel) -> str:
        """Have a worker write down where its threads are; return the path of its file, as it knows it."""
        if self._cell is None:
            return ""
        path = self._cell.path
        with contextlib.suppress(GraderFault):  # the next request will fail, too; this one is for display
            self._control("tell", worker.pid)
        return path

    def known_as(self, pid: int) -> int | None:
        """Return the id that a worker has here, None if it has ended."""
        return None if self._cell is None else self._cell.host_pid(pid)

    def times(self, pid: int) -> tuple[float, float]:
        """Return the seconds for which the last worker was ready while others had the cores, and what it computed.

        What the submission's other tasks computed meanwhile is subtracted from its wait, since the submission itself
        kept the cores busy, and counts as computed.
        """
        found = self.known_as(pid)
        if self._cell is not None and found is not None:
            kept, main = self.kept(), tree.main_seconds(found)
            if kept is None:
                others = tree.cpu_seconds(self._cell.root_pid, but=found)
            else:
                others = kept - self._begun - main
            # If the kernel keeps no sum, an ended process that nobody waited for is missing.
            self._others = max(self._others, others)
            self._times = cores.waited_for_core(f"/proc/{found}") - self._others, main + self._others
        return self._times

    def kept(self) -> float | None:
        """Return the seconds that all of the submission's processes computed, None if the kernel keeps no sum."""
        return None if self._cell is None else self._cell.cpu_seconds()

    def root(self) -> int:
        """Return the process that all of the submission's processes descend from, 0 if there is none."""
        return 0 if self._cell is None else self._cell.root_pid

    def computed(self) -> float:
        """Return the seconds that its processes computed since the first load, as far as known."""
        if self._cell is None:
            return self._ended
        kept = self.kept()
        return self._ended + (tree.cpu_seconds(self._cell.root_pid, but=0) if kept is None else kept)

    def excess(self) -> WorkerDied | UsedUp | None:
        """Return the fault of a submission that uses too much, of its own or of the examiner's, or None."""
        if self._cell is None:
            return None
        if self.share.seconds > self.limits.submission_seconds:
            return UsedUp(used_up(self.limits), doubt=True)
        if _own_memory() - self._memory > self.limits.examiner_bytes:
            return Outgrown(
                f"its answers took more than {self.limits.examiner_bytes >> 20:,} MiB of the grader's memory"
            )
        used = tree.usage(self._cell.root_pid, own_files=self._cell.own_pids)
        if used.memory_bytes > self.limits.tree_bytes:
            return WorkerDied(f"its processes together used more than {self.limits.tree_bytes >> 20:,} MiB of memory")
        if used.files > self.limits.tree_files:
            return WorkerDied(f"it made more than {self.limits.tree_files:,} files")
        return None

    def reap(self) -> dict[int, int]:
        """Kill what is left of the workers; return their wait statuses by their pids in the zygote's namespace.

        What they left in the file system is removed as well, with the sandbox that holds it.

        Raises:
            WorkerDied: the submission ended the zygote, too, by using up the memory of both.
        """
        cell = self._cell
        if cell is None:
            return {}
        _, found, littered = self._control("reap")
        if littered or cell.littered():
            self._end_cell()
        return dict(found)

    def _end_cell(self) -> None:
        self._ended = self.computed()
        cell, self._cell = self._cell, None
        if cell is not None:
            cell.close()

    def autopsy(self, worker: WorkerChannel) -> SubmissionFault:
        """Return how a worker that closed its socket ended."""
        cell = self._cell
        try:
            statuses = self.reap()
        except WorkerDied as died:
            return died
        if cell is not None and cell.ran_out():
            return WorkerDied(_NO_MEMORY)
        status = statuses.get(worker.pid)
        if worker.printed_bytes() >= self.limits.printed_bytes:
            return WorkerDied(f"it printed more than {self.limits.printed_bytes:,} bytes")
        if status is None or (os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL):
            return WorkerDied("its process closed the connection or was killed")
        if os.WIFSIGNALED(status):
            number = os.WTERMSIG(status)
            if number == signal.SIGXCPU:
                return WorkerDied(f"its process used up its {self.limits.cpu_seconds} s of CPU time")
            names = {s.value: s.name for s in signal.Signals}
            return WorkerDied(f"its process was ended by signal {names.get(number, number)}")
        return WorkerDied(f"its process ended by itself, with exit code {os.WEXITSTATUS(status)}")

    def close(self) -> None:
        """End everything of this submission's."""
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.close()
        self._end_cell()


def _own_memory() -> int:
    """Return the resident bytes of this process, 0 where there is no /proc."""
    with contextlib.suppress(OSError, IndexError, ValueError):
        return tree.resident(os.getpid())
    return 0


def _output_file() -> int:
    """Return a descriptor of a nameless file. A worker prints there, so that there is no pipe to drain."""
    if sys.platform == "linux":
        return os.memfd_create("output", os.MFD_CLOEXEC)
    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())
