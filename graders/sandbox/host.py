"""LAYER 1. The trusted side of one submission: starts its zygote, hands out fresh workers, ends all of them.

Nothing here trusts a byte that comes from a worker. A worker's socket carries one answer per request, numbered; any
other byte ends it. Time is counted as the submission's own: what its tasks waited for a core is not held against it.
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

from graders.sandbox import cores, tree, wire
from graders.sandbox.channel import TICK, WorkerChannel
from graders.sandbox.errors import (
    Forged,
    GraderFault,
    LoadFailed,
    Remote,
    SubmissionFault,
    WorkerDied,
)
from graders.sandbox.exchange import Exchange, Place
from graders.sandbox.limits import Limits, Source

_START = 60.0  # seconds for the zygote, which is ours, to do its part
_FURTHER = 1_000  # threads that the user's other programs may start meanwhile


class Cell(Protocol):
    """A started zygote: a process of the grader's that forks workers, confined in some way."""

    @property
    def control(self) -> socket.socket:
        """The socket to the zygote."""
        ...

    @property
    def path(self) -> str:
        """Where the submission stands, as its own processes see it."""
        ...

    @property
    def own_pids(self) -> bool:
        """Whether the zygote is the init of a pid namespace."""
        ...

    @property
    def root_pid(self) -> int:
        """The process that all of the submission's descend from."""
        ...

    def host_pid(self, pid: int) -> int | None:
        """Return the id by which this process knows a process that the zygote knows as `pid`."""
        ...

    def ran_out(self) -> bool:
        """Whether the kernel ended one of its processes because the memory of all was used up."""
        ...

    def littered(self) -> bool:
        """Whether files are left where its processes may write."""
        ...

    def why(self) -> str:
        """Return what its standard error said, for the message when it fails."""
        ...

    def close(self) -> None:
        """End every process in it, and return when they are gone."""
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
    """One submission under one isolation: `fresh` gives a new load of it, as often as wanted."""

    def __init__(self, isolation: Isolation, source: Source, limits: Limits | None = None) -> None:
        self.isolation = isolation
        self.source = source
        self.limits = limits or Limits()
        self._cell: Cell | None = None
        self._worker: WorkerChannel | None = None
        self._numbers = 0
        self._compiled = False
        self._places = 0

    def fresh(self) -> WorkerChannel:
        """End the last worker and all that it left, and return one that has just loaded the submission.

        Raises:
            LoadFailed: the submission can't be imported.
            SubmissionFault: its process ended or hung during the import.
            GraderFault: the zygote can't be started.
        """
        if self._worker is not None:
            self._worker.close()
            self._worker = None
            with contextlib.suppress(WorkerDied):
                self.reap()
        if self._cell is None:
            self._start()
        assert self._cell is not None
        ours, theirs = socket.socketpair()
        output = _output_file()
        try:
            _, pid = self._control("fork", descriptors=[theirs.fileno(), output])
        except BaseException:
            ours.close()
            os.close(output)
            raise
        finally:
            theirs.close()
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", 0, int(TICK * 1e6)))
        ours.setsockopt(
            socket.SOL_SOCKET,
            socket.SO_SNDTIMEO,
            struct.pack("ll", int(self.limits.call_seconds), 0),
        )
        self._worker = WorkerChannel(self, ours, output, pid)
        self._load(self._worker)
        return self._worker

    def _load(self, worker: WorkerChannel) -> None:
        try:
            answer = wire.decode(worker.answer(0))
        except wire.WireError:
            raise Forged("its process sent what is no answer") from None
        if answer == ("value", None):
            if not self._compiled:
                self._control("compile")
                self._compiled = True
            return
        if type(answer) is tuple and len(answer) == 6 and type(answer[2]) is type(answer[3]) is str:
            remote = Remote.told(answer[2], answer[3], answer[5])
            raise LoadFailed(f"{remote.type}: {remote.message}"[:2_000], remote)
        raise Forged("its process sent what is no answer")

    def _start(self) -> None:
        cores.anywhere()
        self._cell = self.isolation.start(self.source, self.limits)
        self._cell.control.settimeout(_START)
        self._compiled = False
        resources = self.limits.resources()
        if not self._cell.own_pids or tree.counts_across_namespaces():
            # The kernel counts all that runs for this user, a browser's threads too.
            resources["RLIMIT_NPROC"] += tree.tasks_of_user(os.geteuid()) + _FURTHER
        self._control("start", self.source.slug, self._cell.path, resources, self._cell.own_pids)

    def _control(self, *request: Any, descriptors: list[int] | None = None) -> tuple[Any, ...]:
        """Ask the zygote, which is ours and runs no code of the submission's."""
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
            said = cell.why()
            self._end_cell()
            raise GraderFault(f"the zygote failed at {request[0]!r} ({error}). {said}".strip()) from error
        if number != self._numbers or type(answer) is not tuple:
            self._end_cell()
            raise GraderFault(f"the zygote answered {request[0]!r} out of step")
        return answer

    def place(self, worker: WorkerChannel) -> Place:
        """Open the sockets by which a worker and its processes reach the examiner's instruments.

        Raises:
            Forged: the submission has put something in their way.
            WorkerDied: the worker has ended, whoever answers in its place.
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
        )

    def known_as(self, pid: int) -> int | None:
        """Return the id by which this process knows a worker, None if it is gone."""
        return None if self._cell is None else self._cell.host_pid(pid)

    def core_wait(self, pid: int) -> float:
        """Return the seconds for which a worker was ready to run and others had the cores.

        What the submission's other tasks computed meanwhile is taken off: who keeps the cores busy waits for himself.
        """
        found = self.known_as(pid)
        if self._cell is None or found is None:
            return 0.0
        return cores.waited_for_core(f"/proc/{found}") - tree.cpu_seconds(self._cell.root_pid, but=found)

    def excess(self) -> str | None:
        """Return what all processes of the submission use too much of, None if nothing."""
        if self._cell is None:
            return None
        used = tree.usage(self._cell.root_pid, own_files=self._cell.own_pids)
        if used.memory_bytes > self.limits.tree_bytes:
            return f"its processes together used more than {self.limits.tree_bytes >> 20:,} MiB of memory"
        if used.files > self.limits.tree_files:
            return f"it made more than {self.limits.tree_files:,} files"
        return None

    def reap(self) -> dict[int, int]:
        """Kill all that is left of the workers; return their wait statuses by the pids that the zygote knows.

        What they left in the file system goes as well, with the sandbox that holds it.

        Raises:
            WorkerDied: the submission took the zygote with it, by using up the memory of both.
        """
        cell = self._cell
        if cell is None:
            return {}
        try:
            _, found, littered = self._control("reap")
        except GraderFault:
            if cell.ran_out():
                raise WorkerDied("its processes used up their memory") from None
            raise
        if littered or cell.littered():
            self._end_cell()
        return dict(found)

    def _end_cell(self) -> None:
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
            return WorkerDied("its processes used up their memory")
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


def _output_file() -> int:
    """Return a descriptor of a nameless file. What a worker prints goes there, so that nobody has to drain a pipe."""
    if sys.platform == "linux":
        return os.memfd_create("output", os.MFD_CLOEXEC)
    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())
