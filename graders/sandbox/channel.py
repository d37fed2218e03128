"""LAYER 1. The trusted end of one worker's socket.

A worker's socket carries one answer per request, numbered; any other byte ends it. Time is counted as the submission's
own: what its tasks waited for a core is not held against it, so a verdict is the same on a loaded machine.
"""

from __future__ import annotations

import os
import socket
import time
from typing import Protocol

from graders.sandbox import wire
from graders.sandbox.cores import REVIEW, Turns, waited_for_core
from graders.sandbox.errors import Forged, Hung, SubmissionFault, WorkerDied
from graders.sandbox.exchange import Attendant, Place
from graders.sandbox.limits import Limits

TICK = 0.25  # seconds between looks at a worker
_PRINTED = 64 << 10  # bytes kept of what a submission prints


class Warden(Protocol):
    """Who looks after the processes behind a channel: the host."""

    limits: Limits

    def autopsy(self, worker: WorkerChannel) -> SubmissionFault:
        """Return how a worker that closed its socket ended."""
        ...

    def excess(self) -> str | None:
        """Return what all processes of the submission use too much of."""
        ...

    def reap(self) -> dict[int, int]:
        """Kill all of them."""
        ...

    def place(self, worker: WorkerChannel) -> Place:
        """Open the sockets of the instruments."""
        ...

    def known_as(self, pid: int) -> int | None:
        """Return the id by which this process knows what the zygote knows as `pid`."""
        ...

    def core_wait(self, pid: int) -> float:
        """Return the seconds for which a worker was ready to run and had no core."""
        ...


class WorkerChannel:
    """The trusted end of one worker. A `proxy.Channel`.

    Args:
        host: whose submission it runs.
        stream: the socket to it.
        output: the descriptor of the file that takes what it prints.
        pid: its process id, as the zygote sees it.
    """

    def __init__(self, host: Warden, stream: socket.socket, output: int, pid: int) -> None:
        self._host = host
        self.stream = stream
        self._output = output
        self._number = 0
        self._spent = 0.0
        self._looked = time.monotonic()
        self._own_wait = waited_for_core("/proc/thread-self")
        self._place: Place | None = None
        self._turns: Turns | None = None
        self.pid = pid

    def error(self) -> BaseException | None:
        """Return None: what the submission raised lives in another process."""
        return None

    def place(self) -> Place:
        """Return where the worker lives, with the sockets of the instruments open."""
        if self._place is None:
            if self._turns is not None:
                self._turns.part()
            self._place = self._host.place(self)
            self._place.look = lambda: self._look(time.monotonic())
        return self._place

    def attended(self, payload: bytes, attend: Attendant) -> bytes:
        """Send a request, return its answer; `attend` serves the instruments meanwhile."""
        place = self.place()
        before = place.spent
        self._send(payload)
        try:
            attend(place)
        finally:
            self._spent += place.spent - before
        return self.answer(self._number)

    def request(self, payload: bytes) -> bytes:
        """Send a request, return its answer.

        Raises:
            SubmissionFault: it ended, hung, or answered out of step.
        """
        self._send(payload)
        if not self._number % REVIEW and self._place is None:
            self._review()
        return self.answer(self._number)

    def _review(self) -> None:
        if self._turns is None:
            self._turns = Turns(self._host.known_as(self.pid))
        self._turns.review()

    def _send(self, payload: bytes) -> None:
        self._number += 1
        try:
            self.stream.sendall(wire.frame(self._number, payload))
        except BlockingIOError:
            raise Hung("its process takes no requests any more") from None
        except OSError:
            raise self._host.autopsy(self) from None

    def answer(self, number: int) -> bytes:
        """Wait for the answer to request `number`."""
        start = time.monotonic()
        try:
            data = self.stream.recv(1 << 16)
        except BlockingIOError:
            data = None
        except OSError:
            data = b""
        # Nearly every answer comes whole, in one piece.
        if not (data and len(data) > 12 and wire.HEADER.unpack_from(data) == (len(data) - 12, number)):
            data = self._gather(data, number, start)
        now = time.monotonic()
        self._spent += now - start
        if now - self._looked > TICK:
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
            if now - self._looked > TICK:
                self._look(now)
            try:
                more = self.stream.recv(1 << 16)
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
        return max(0.0, self._host.core_wait(self.pid) + waited_for_core("/proc/thread-self") - self._own_wait)

    def own_seconds(self) -> float:
        """Return the seconds that its answers took so far, less what it waited for a core."""
        return max(0.0, self._spent - self.waited())

    def printed_bytes(self) -> int:
        """Return how many bytes its processes have printed so far."""
        return os.fstat(self._output).st_size

    def printed(self, start: int = 0) -> str:
        """Return what was printed from byte `start` on, at most 64 KiB, as text; nothing in it is escaped."""
        return os.pread(self._output, _PRINTED, start).decode("utf-8", "replace")

    def close(self) -> None:
        """Let go of it; the host kills what is left."""
        if self._output >= 0:
            if self._place is not None:
                self._place.close()
            if self._turns is not None:
                self._turns.part()
            self.stream.close()
            os.close(self._output)
            self._output = -1
