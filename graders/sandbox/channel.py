"""The trusted end of a worker's socket.

A worker's socket carries one numbered answer per request; any other byte ends the worker. Only the submission's own
seconds count: the time for which its tasks waited for a core is left out, so a verdict is the same on a loaded machine.
An answer that takes a while gets an account of all processes; short answers are counted by the worker's own waits.
"""

from __future__ import annotations

import math
import os
import random
import select
import socket
import time
from typing import Protocol

from graders.sandbox import account, tree
from graders.sandbox.account import Account
from graders.sandbox.child import wire
from graders.sandbox.cores import REVIEW, Turns, waited_for_core
from graders.sandbox.errors import Forged, Hung, SubmissionFault, UsedUp, WorkerDied
from graders.sandbox.exchange import Attendant, Place
from graders.sandbox.limits import Limits, used_up
from graders.sandbox.stack import MOST_BYTES, Hangs, Stack, parse

TICK = 0.25  # seconds between looks at a worker
_BUSY = 2.0  # wall time by own seconds: beyond it the machine was mostly busy with other programs
SHORT = 0.01  # seconds; beyond it an account counts the answer's time
_OFTEN = 10, 30  # milliseconds between looks at the processes of a slow answer: drawn, so that none is expected
_PRINTED = 64 << 10  # bytes kept of what a submission prints
BRIEF = 0.3  # of a call's limit, for a call at the place where another hung for all of it
_SPUN = 0.8  # of a call's limit, computed by the main thread: it did not wait for others
_TELLING = 0.5  # seconds in which a worker can say where it is; that is only shown


class Warden(Protocol):
    """What looks after the processes of a channel: the host."""

    limits: Limits
    hangs: Hangs

    def autopsy(self, worker: WorkerChannel) -> SubmissionFault:
        """Return how a worker that closed its socket ended."""
        ...

    def excess(self) -> WorkerDied | UsedUp | None:
        """Return the fault of a submission that uses too much memory, files or time, or None."""
        ...

    def reap(self) -> dict[int, int]:
        """Kill all of them."""
        ...

    def place(self, worker: WorkerChannel) -> Place:
        """Open the sockets of the instruments."""
        ...

    def tell(self, worker: WorkerChannel) -> str:
        """Have a worker write down where its threads are; return the path of its file, as it knows it."""
        ...

    def known_as(self, pid: int) -> int | None:
        """Return the id that a process has here; `pid` is its id in the zygote's namespace."""
        ...

    def times(self, pid: int) -> tuple[float, float]:
        """Return the seconds for which a worker was ready without a core, and those that its processes computed."""
        ...

    def kept(self) -> float | None:
        """Return the seconds that all of the submission's processes computed, None if the kernel keeps no sum."""
        ...

    def root(self) -> int:
        """Return the process that all of the submission's processes descend from."""
        ...


class WorkerChannel:
    """The trusted end of a worker. A `proxy.Channel`.

    Args:
        host: that of the submission.
        stream: the socket to it.
        output: the descriptor of the file that it prints to.
        stack: the descriptor of the file to which it writes where its threads are.
        pid: its process id, as the zygote sees it.
    """

    def __init__(self, host: Warden, stream: socket.socket, output: int, stack: int, pid: int) -> None:
        self._host = host
        self.stream = stream
        self.names: frozenset[str] | None = None
        self._output = output
        self._stack = stack
        self._main = self._since = self._brief = 0.0  # of the attended call
        self._number = self._answered = 0
        self._remembers = True
        # The seconds of all answers: by the account if there is one, else wall time less `waited`.
        self._spent = self._waited_apart = 0.0
        self._left = math.inf
        self._slow: select.poll | None = None
        self._looked = time.monotonic()
        self._own_wait = waited_for_core("/proc/thread-self")
        self._place: Place | None = None
        self._turns: Turns | None = None
        self.pid = pid

    def error(self) -> BaseException | None:
        """Return None: what the submission raised lives in another process."""
        return None

    def place(self) -> Place:
        """Return the worker's place, with the sockets of the instruments open."""
        if self._place is None:
            if self._turns is not None:
                self._turns.part()
            self._place = self._host.place(self)
            self._place.look = self._look_at_attended
            self._place.stack = self.stack
        return self._place

    def attended(self, payload: bytes, attend: Attendant) -> bytes:
        """Send a request and return its answer; `attend` serves the instruments meanwhile."""
        place = self.place()
        before, waited = place.spent, self.waited()
        self._main, self._since = self._computed_by_main(), time.monotonic()
        self._brief = self._host.limits.call_seconds * BRIEF
        self._send(payload)
        try:
            attend(place)
        except SubmissionFault as fault:
            if fault.stuck:
                spun = self._computed_by_main() - self._main
                fault.stack = fault.stack or self.stack()
                if spun >= self._host.limits.call_seconds * _SPUN:
                    self._host.hangs.remember(fault.stack)
            raise
        finally:
            self._spent += place.spent - before
            self._waited_apart += self.waited() - waited
        return self.answer(self._number)

    def request(self, payload: bytes) -> bytes:
        """Send a request and return its answer.

        Raises:
            SubmissionFault: it ended, hung, or answered out of step.
        """
        self._send(payload)
        if not self._number % REVIEW and self._place is None:
            self._review()
        return self.answer(self._number)

    def together(self, payload: bytes) -> bytes:
        """Do as `request` with several that travel together; since any of them may hang, no place is remembered."""
        self._remembers = False
        try:
            return self.request(payload)
        finally:
            self._remembers = True

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
        # Nearly every answer arrives in one piece.
        if data and len(data) > 12 and wire.HEADER.unpack_from(data) == (len(data) - 12, number):
            self._spent += time.monotonic() - start
        else:
            data = self._gather(data, number, start)
        now = time.monotonic()
        if now - self._looked > TICK:
            self._look(now)
        if self._spent > self._host.limits.criterion_seconds:
            self._check("criterion", self.own_seconds(), self._spent, self._host.limits.criterion_seconds)
        if self._spent + self.held_seconds() > self._left:
            own = self.own_seconds() + self.held_seconds()
            if own > self._left:
                raise UsedUp(used_up(self._host.limits), doubt=self._spent + self.held_seconds() > _BUSY * own)
        self._answered = number
        return data[wire.HEADER.size :]

    def _gather(self, data: bytes | None, number: int, start: float) -> bytes:
        """Return the whole frame that begins with `data` (None: nothing has come yet)."""
        begun, waited, whole = time.monotonic(), self.waited(), Account(self._host.kept)
        own = begun - start
        brief = self._host.limits.call_seconds * BRIEF
        wanted = wire.HEADER.size
        more = data
        data = b""
        try:
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
                now = time.monotonic()
                tasks = account.tasks(self._host.root())
                whole.look(tasks)
                own = begun - start + whole.seconds
                if len(data) == wanted > wire.HEADER.size:
                    return data
                if self._host.hangs and _has_no_children(tasks):
                    brief = self._compare(own, now - start, brief)
                self._check("answer", own, now - start, self._host.limits.call_seconds)
                if now - self._looked > TICK:
                    self._look(now)
                more = self._more()
        finally:
            # The account has left out its waits already.
            self._spent += own
            self._waited_apart += self.waited() - waited

    def _more(self) -> bytes | None:
        """Return what comes within a moment, None if nothing does."""
        if self._slow is None:
            self._slow = select.poll()
            self._slow.register(self.stream, select.POLLIN)
        try:
            return self.stream.recv(1 << 16) if self._slow.poll(random.randint(*_OFTEN)) else None
        except BlockingIOError:
            return None
        except OSError:
            return b""

    def _compare(self, own: float, wall: float, brief: float) -> float:
        """Raise Hung if a call is where an earlier one hung for its limit; return the seconds until the next look.

        own, wall: its own seconds and the wall time so far. The place is the submission's word: by lying, it convicts
        itself or keeps its whole limit.
        """
        if own < brief:
            return brief
        stack = self.stack()
        if self._host.hangs.again(stack):
            most = self._host.limits.call_seconds
            message = f"no answer within {brief:g} s, where a call before it had none within {most:g} s"
            raise Hung(message, stack, doubt=wall > _BUSY * own)
        return own + self._host.limits.call_seconds * BRIEF

    def _look_at_attended(self) -> None:
        """Look at the worker of an attended call.

        Such a call may wait for others for any time; but one that computes where another computed for its whole limit
        does not wait.
        """
        self._look(time.monotonic())
        if self._host.hangs:
            own, wall = self._computed_by_main() - self._main, time.monotonic() - self._since
            self._brief = self._compare(own, wall, self._brief)

    def _computed_by_main(self) -> float:
        """Return the CPU time of the worker's main thread; 0.0 where the kernel does not tell."""
        return tree.main_seconds(self._host.known_as(self.pid) or 0)

    def stack(self) -> Stack:
        """Return where the worker's threads are in its own file, as it says itself; () if it says nothing."""
        start = os.fstat(self._stack).st_size
        path = self._host.tell(self)
        deadline, size = time.monotonic() + _TELLING, -1
        while time.monotonic() < deadline:
            time.sleep(0.01)
            before, size = size, os.fstat(self._stack).st_size
            if before == size > start:
                break
        return parse(os.pread(self._stack, MOST_BYTES, start).decode("ascii", "replace"), path)

    def _look(self, now: float) -> None:
        """If all processes together, or the examiner on their behalf, use too much, kill them and raise the fault."""
        self._looked = now
        excess = self._host.excess()
        if excess is not None:
            self._host.reap()
            raise excess

    def _check(self, what: str, own: float, wall: float, allowed: float) -> None:
        """Raise Hung if the submission's own seconds are used up, or many times as much wall time has passed."""
        if own >= allowed or wall >= allowed * self._host.limits.hard_factor:
            doubt = wall > _BUSY * own
            if what == "criterion":
                raise Hung(f"more than {allowed:g} s in one criterion", doubt=doubt)
            stack = self.stack()
            if self._remembers:
                self._host.hangs.remember(stack)
            raise Hung(f"no answer within {allowed:g} s: an endless loop or wait?", stack, doubt=doubt)

    def waited(self) -> float:
        """Return the seconds for which the worker, or this thread on its behalf, was ready without a core.

        Negative if the submission's other tasks computed for longer.
        """
        return self._host.times(self.pid)[0] + waited_for_core("/proc/thread-self") - self._own_wait

    def own_seconds(self) -> float:
        """Return the seconds that the answers took, less the waits for a core; at least what was computed."""
        return max(self._host.times(self.pid)[1], self._spent - max(0.0, self.waited() - self._waited_apart))

    def held_seconds(self) -> float:
        """Return the seconds that all its tasks slept while the examiner held its calls, woken by timers in vain."""
        return 0.0 if self._place is None else self._place.held

    def allow(self, seconds: float) -> None:
        """Set the seconds, own and held, that the submission has left."""
        self._left = seconds

    def running(self) -> int:
        """Return how many tasks run in its processes, 0 if no instrument or look has asked for its place."""
        return 0 if self._place is None else len(account.tasks(self._place.root, self._place.ours))

    def answering(self) -> bool:
        """Whether it still works on a request that was given up."""
        return self._answered != self._number

    def printed_bytes(self) -> int:
        """Return how many bytes its processes have printed so far."""
        return os.fstat(self._output).st_size

    def printed(self, start: int = 0) -> str:
        """Return what was printed from byte `start` on as text, at most 64 KiB, not escaped."""
        return os.pread(self._output, _PRINTED, start).decode("utf-8", "replace")

    def close(self) -> None:
        """Close the socket and the files; the host kills the processes that are left."""
        if self._output >= 0:
            if self._place is not None:
                self._place.close()
            if self._turns is not None:
                self._turns.part()
            self.stream.close()
            os.close(self._output)
            os.close(self._stack)
            self._output = -1


def _has_no_children(tasks: account.Tree) -> bool:
    """Whether a worker is the only process below the zygote: then a slow answer waits for no other process."""
    return len({task.pid for task in tasks.values()}) <= 2
