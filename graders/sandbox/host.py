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
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from graders.sandbox import tree, wire
from graders.sandbox.errors import Forged, GraderFault, Hung, LoadFailed, Remote, SubmissionFault, WorkerDied

_TICK = 0.25  # seconds between looks at a worker that does not answer
_START = 60.0  # seconds for the zygote, which is ours, to do its part
_PRINTED = 64 << 10  # bytes kept of what a submission prints


@dataclass(frozen=True)
class Limits:
    """What one criterion may cost.

    call_seconds: for one answer; criterion_seconds: for all answers of one criterion. Both are seconds of the
    submission's own, less what it waited for a core; hard_factor times as much on the wall ends it in any case.
    memory_bytes is one process's, tree_bytes that of all its processes; printed_bytes also bounds every file it writes.
    """

    call_seconds: float = 5.0
    criterion_seconds: float = 20.0
    hard_factor: float = 20.0
    memory_bytes: int = 1 << 30
    tree_bytes: int = 3 << 29
    tree_files: int = 20_000
    processes: int = 64
    open_files: int = 256
    printed_bytes: int = 1 << 20
    cpu_seconds: int = 60

    def resources(self) -> dict[str, int]:
        """Return the limits by their names in the resource module."""
        return {
            "RLIMIT_DATA": self.memory_bytes,
            "RLIMIT_NPROC": self.processes,
            "RLIMIT_NOFILE": self.open_files,
            "RLIMIT_FSIZE": self.printed_bytes,
            "RLIMIT_CPU": self.cpu_seconds,
            "RLIMIT_CORE": 0,
        }


@dataclass(frozen=True)
class Source:
    """A submission as the grader read it: its kata's slug, and the file's bytes."""

    slug: str
    content: bytes


class Cell(Protocol):
    """A started zygote: a process of the grader's that forks workers, confined in some way."""

    control: socket.socket
    path: str  # of the submission, as its own process sees it
    own_pids: bool  # it is the init of a pid namespace
    root_pid: int  # the process that all of the submission's descend from

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


class Worker:
    """The trusted end of one worker. A `proxy.Channel`.

    Args:
        host: whose submission it runs.
        stream: the socket to it.
        output: the descriptor of the file that takes what it prints.
        pid: its process id, as the zygote sees it.
    """

    def __init__(self, host: Host, stream: socket.socket, output: int, pid: int) -> None:
        self._host = host
        self._stream = stream
        self._output = output
        self._number = 0
        self._spent = 0.0
        self._looked = time.monotonic()
        self._own_wait = _core_wait("/proc/thread-self")
        self.pid = pid

    def error(self) -> BaseException | None:
        """Return None: what the submission raised lives in another process."""
        return None

    def request(self, payload: bytes) -> bytes:
        """Send a request, return its answer.

        Raises:
            SubmissionFault: it ended, hung, or answered out of step.
        """
        self._number += 1
        try:
            self._stream.sendall(wire.frame(self._number, payload))
        except BlockingIOError:
            raise Hung("its process takes no requests any more") from None
        except OSError:
            raise self._host.autopsy(self) from None
        return self.answer(self._number)

    def answer(self, number: int) -> bytes:
        """Wait for the answer to request `number`."""
        start = time.monotonic()
        try:
            data = self._stream.recv(1 << 16)
        except BlockingIOError:
            data = None
        except OSError:
            data = b""
        # Nearly every answer comes whole, in one piece.
        if not (data and len(data) > 12 and wire.HEADER.unpack_from(data) == (len(data) - 12, number)):
            data = self._gather(data, number, start)
        now = time.monotonic()
        self._spent += now - start
        if now - self._looked > _TICK:
            self._look(now)
        if self._spent > self._host.limits.criterion_seconds:
            self._check("criterion", self._spent, self._host.limits.criterion_seconds, 0.0)
        return data[wire.HEADER.size :]

    def _gather(self, data: bytes | None, number: int, start: float) -> bytes:
        """Return the whole frame that begins with `data` (None: nothing came within a tick)."""
        waited = None
        wanted = wire.HEADER.size
        more = data
        data = b""
        while True:
            if more == b"":
                raise self._host.autopsy(self)
            data += more or b""
            if len(data) >= wire.HEADER.size and wanted == wire.HEADER.size:
                length, answered = wire.HEADER.unpack_from(data)
                if answered != number or not 0 < length <= wire.MAX_FRAME:
                    raise Forged("its process sent bytes that are no answer to what was asked")
                wanted = wire.HEADER.size + length
            if len(data) > wanted:
                raise Forged("its process sent more than the answer")
            if len(data) == wanted > wire.HEADER.size:
                return data
            waited = self.waited() if waited is None else waited
            now = time.monotonic()
            self._check("answer", now - start, self._host.limits.call_seconds, waited)
            if now - self._looked > _TICK:
                self._look(now)
            try:
                more = self._stream.recv(1 << 16)
            except BlockingIOError:
                more = None
            except OSError:
                more = b""

    def _look(self, now: float) -> None:
        """Raise WorkerDied, its processes killed, if all of them together use too much."""
        self._looked = now
        excess = self._host.excess()
        if excess is not None:
            self._host.reap()
            raise WorkerDied(excess)

    def _check(self, what: str, wall: float, allowed: float, waited: float) -> None:
        """Raise Hung if the submission's own seconds are used up: what it waited for a core does not count."""
        if wall < allowed:
            return
        if wall - (self.waited() - waited) >= allowed or wall >= allowed * self._host.limits.hard_factor:
            message = f"no answer within {allowed:g} s: an endless loop or wait?"
            raise Hung(message if what == "answer" else f"more than {allowed:g} s in one criterion")

    def waited(self) -> float:
        """Return the seconds for which it, or this thread on its behalf, was ready to run and had no core."""
        return self._host.core_wait(self.pid) + _core_wait("/proc/thread-self") - self._own_wait

    def printed_bytes(self) -> int:
        """Return how many bytes its processes have printed so far."""
        return os.fstat(self._output).st_size

    def printed(self, start: int = 0) -> str:
        """Return what was printed from byte `start` on, at most 64 KiB, as text; nothing in it is escaped."""
        return os.pread(self._output, _PRINTED, start).decode("utf-8", "replace")

    def close(self) -> None:
        """Let go of it; the host kills what is left."""
        if self._output >= 0:
            self._stream.close()
            os.close(self._output)
            self._output = -1


def _core_wait(process: str) -> float:
    """Return the seconds for which the longest waiting task of a process was ready to run and had no core."""
    longest = 0
    with contextlib.suppress(OSError):
        tasks = [process] if process.endswith("self") else [e.path for e in os.scandir(f"{process}/task")]
        for task in tasks:
            with contextlib.suppress(OSError, IndexError, ValueError):
                longest = max(longest, int(Path(task, "schedstat").read_text().split()[1]))
    return longest / 1e9


class Host:
    """One submission under one isolation: `fresh` gives a new load of it, as often as wanted."""

    def __init__(self, isolation: Isolation, source: Source, limits: Limits | None = None) -> None:
        self.isolation = isolation
        self.source = source
        self.limits = limits or Limits()
        self.doc = ""
        self._cell: Cell | None = None
        self._worker: Worker | None = None
        self._numbers = 0
        self._compiled = False

    def fresh(self) -> Worker:
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
        finally:
            theirs.close()
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", 0, int(_TICK * 1e6)))
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", int(self.limits.call_seconds), 0))
        self._worker = Worker(self, ours, output, pid)
        self._load(self._worker)
        return self._worker

    def _load(self, worker: Worker) -> None:
        try:
            answer = wire.decode(worker.answer(0))
        except wire.WireError:
            raise Forged("its process sent what is no answer") from None
        if type(answer) is tuple and len(answer) == 2 and answer[0] == "value" and type(answer[1]) is str:
            self.doc = answer[1]
            if not self._compiled:
                self._control("compile")
                self._compiled = True
            return
        if type(answer) is tuple and len(answer) == 6 and type(answer[2]) is type(answer[3]) is str:
            kind, message = (text.encode("utf-8", "backslashreplace").decode("utf-8") for text in answer[2:4])
            frames = answer[5] if type(answer[5]) is tuple else ()
            places = tuple(f for f in frames if type(f) is tuple and [type(x) for x in f] == [int, str])[:20]
            raise LoadFailed(f"{kind}: {message}"[:2_000], Remote(kind, message[:2_000], places))
        raise Forged("its process sent what is no answer")

    def _start(self) -> None:
        self._cell = self.isolation.start(self.source, self.limits)
        self._cell.control.settimeout(_START)
        self._compiled = False
        self._control("start", self.source.slug, self._cell.path, self.limits.resources(), self._cell.own_pids)

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

    def core_wait(self, pid: int) -> float:
        """Return the seconds for which a worker was ready to run and had no core."""
        found = None if self._cell is None else self._cell.host_pid(pid)
        return 0.0 if found is None else _core_wait(f"/proc/{found}")

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
            statuses = dict(self._control("reap")[1])
        except GraderFault:
            if cell.ran_out():
                raise WorkerDied("its processes used up their memory") from None
            raise
        if cell.littered():
            self._end_cell()
        return statuses

    def _end_cell(self) -> None:
        cell, self._cell = self._cell, None
        if cell is not None:
            cell.close()

    def autopsy(self, worker: Worker) -> SubmissionFault:
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
