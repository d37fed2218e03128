"""The trusted end of the instruments: accepts their connections and identifies callers by the kernel's word.

Two facts identify the process that makes a call: which one opened the connection (SO_PEERCRED) and which one sent the
message (SCM_CREDENTIALS). They must agree, or a process could open connections and give them away. Nothing else that
comes over a connection is trusted; a breach of the protocol ends the criterion.
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import secrets
import select
import socket
import struct
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from graders.sandbox.child import wire
from graders.sandbox.errors import Forged
from graders.sandbox.limits import Limits, Source
from graders.sandbox.stack import Stack

_MAX_LINES = 256
_MAX_OPENED = 4096  # connections of one load, one after another; an honest load opens at most one for each call
_MAX_ROUNDS = 64  # of reading before the examiner looks at something else
_MAX_REQUEST = 1 << 16  # bytes
_CREDENTIALS = struct.Struct("3i")  # pid, uid, gid
_numbers = itertools.count(1)


class Tool:
    """An instrument, as a suite passes it to a submission. It crosses by its number and shows as its name.

    definition: the statements of the stand-in that a learner can paste, empty without one; replies: what its calls
    gave, as texts that a submission may have got, each with the text to show in its place.
    """

    __slots__ = ("definition", "name", "number", "replies")

    def __init__(self, name: str, definition: tuple[str, ...] = ()) -> None:
        self.name = name
        self.number = next(_numbers)
        self.definition = definition
        self.replies: dict[str, str] = {}

    def told(self, text: str) -> str:
        """Return a text with the results of the stand-in's calls in place of those of the instrument's."""
        for reply, other in self.replies.items():
            text = text.replace(repr(reply)[1:-1], repr(other)[1:-1])
        return text

    def __repr__(self) -> str:
        return self.name


@dataclass(eq=False)
class Line:
    """One connection.

    pid: of the process that opened it, by the kernel; inode: of the socket at its other end, 0 if not known yet.
    """

    stream: socket.socket
    pid: int
    data: bytes = b""
    call: Call | None = None
    inode: int = 0


@dataclass(eq=False)
class Call:
    """A call of an instrument that waits for its answer.

    number: the instrument's; pid: of the calling process, by the kernel; on_loop: whether it says that it runs on an
    event loop, which may be a lie; worked: how often it came back from work.
    """

    line: Line
    number: int
    args: tuple[Any, ...]
    pid: int
    on_loop: bool
    worked: int = 0

    def returns(self, value: Any) -> None:
        """Have it return a value."""
        self._end(("value", value))

    def raises(self, name: str, args: tuple[Any, ...]) -> None:
        """Have it raise a builtin exception."""
        self._end(("raise", name, args))

    def exits(self, code: int) -> None:
        """Have it end its process."""
        self._end(("exit", code))

    def works(self, rounds: int) -> None:
        """Have it run a loop for so many rounds; then the same call arrives again."""
        self._send(("work", rounds))

    def _end(self, answer: tuple[Any, ...]) -> None:
        self.line.call = None
        self._send(answer)

    def _send(self, answer: tuple[Any, ...]) -> None:
        # The other end waits for this one answer, so the buffer is empty, unless the submission interferes or has
        # ended.
        with contextlib.suppress(OSError):
            self.line.stream.send(wire.frame(self.number, wire.encode(answer)))


class Exchange:
    """The connections of one worker and all its processes.

    Args:
        listener: where they connect.
        main: the worker's own socket, which becomes readable when it answers.
    """

    def __init__(self, listener: socket.socket, main: socket.socket) -> None:
        self._listener = listener
        self.address = listener.getsockname()
        self._main = main.fileno()
        self._lines: dict[int, Line] = {}
        self._opened = 0
        # The processes that ever connected, by the kernel.
        self.callers: set[int] = set()
        self._others: dict[int, Callable[[], None]] = {}
        self._poll = select.poll()
        listener.setblocking(False)
        if sys.platform == "linux":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        self._poll.register(listener, select.POLLIN)
        self._poll.register(main, select.POLLIN)

    def watch(self, descriptor: int, ready: Callable[[], None]) -> None:
        """Call `ready` whenever another descriptor is readable."""
        self._others[descriptor] = ready
        self._poll.register(descriptor, select.POLLIN)

    def unwatch(self, descriptor: int) -> None:
        """Forget a descriptor."""
        if self._others.pop(descriptor, None) is not None:
            self._poll.unregister(descriptor)

    def take(self, seconds: float) -> tuple[list[Call], bool, bool]:
        """Return (calls that arrived, whether the worker answers, whether anything happened); wait if nothing has.

        It also returns if input keeps coming.

        Raises:
            Forged: a process broke the protocol, or lied about its id.
        """
        calls: list[Call] = []
        answered = False
        happened = False
        waits = seconds * 1e3
        for _ in range(_MAX_ROUNDS):
            ready = self._poll.poll(waits)
            waits = 0
            moved = False
            for descriptor, _ in ready:
                if descriptor == self._main:
                    answered = True
                    continue
                moved = True
                if descriptor == self._listener.fileno():
                    self._accept()
                elif descriptor in self._others:
                    self._others[descriptor]()
                elif descriptor in self._lines:
                    call = self._read(self._lines[descriptor])
                    if call is not None:
                        calls.append(call)
            happened = happened or moved
            if not moved or calls:
                break
        return calls, answered, happened

    def _accept(self) -> None:
        try:
            stream, _ = self._listener.accept()
        except OSError:
            return
        if len(self._lines) >= _MAX_LINES:
            stream.close()
            raise Forged(f"its processes opened more than {_MAX_LINES} connections to an instrument")
        self._opened += 1
        if self._opened > _MAX_OPENED:
            stream.close()
            raise Forged(f"its processes opened more than {_MAX_OPENED:,} connections, one after another")
        stream.setblocking(False)
        pid = 0
        if sys.platform == "linux":
            stream.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
            raw = stream.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
            pid = _CREDENTIALS.unpack(raw)[0]
            self.callers.add(pid)
        self._lines[stream.fileno()] = Line(stream, pid)
        self._poll.register(stream, select.POLLIN)

    def _read(self, line: Line) -> Call | None:
        try:
            data, attached, _, _ = line.stream.recvmsg(_MAX_REQUEST, socket.CMSG_SPACE(_CREDENTIALS.size))
        except BlockingIOError:
            return None
        except OSError:
            data, attached = b"", []
        if not data:
            self._drop(line)
            return None
        for level, kind, raw in attached if sys.platform == "linux" else ():
            sent = level == socket.SOL_SOCKET and kind == socket.SCM_CREDENTIALS
            if sent and _CREDENTIALS.unpack(raw[: _CREDENTIALS.size])[0] == line.pid:
                break
        else:
            if sys.platform == "linux":
                raise Forged("a call came over a connection that another process opened")
        line.data += data
        if len(line.data) < wire.HEADER.size:
            return None
        length, _ = wire.HEADER.unpack_from(line.data)
        if length > _MAX_REQUEST or len(line.data) > wire.HEADER.size + length:
            raise Forged("a process sent bytes that are no call of an instrument")
        if len(line.data) < wire.HEADER.size + length:
            return None
        payload, line.data = line.data[wire.HEADER.size :], b""
        return self._call(line, payload)

    def _call(self, line: Line, payload: bytes) -> Call:
        try:
            request = wire.decode(payload)
        except wire.WireError:
            request = None
        if type(request) is not tuple or [type(part) for part in request] != [int, tuple, int, bool]:
            raise Forged("a process sent bytes that are no call of an instrument")
        number, args, claimed, on_loop = request
        if line.call is None:
            # Where the kernel does not identify callers, only the caller's word remains.
            line.call = Call(line, number, args, line.pid or claimed, on_loop)
        elif (line.call.number, line.call.args) == (number, args):
            line.call.worked += 1
        else:
            raise Forged("a process called an instrument again before it had an answer")
        return line.call

    def _drop(self, line: Line) -> None:
        self._poll.unregister(line.stream)
        del self._lines[line.stream.fileno()]
        line.stream.close()

    def lines(self) -> list[Line]:
        """Return the open connections."""
        return list(self._lines.values())

    def waiting(self) -> list[Call]:
        """Return the calls that have no answer yet."""
        return [line.call for line in self._lines.values() if line.call is not None]

    def close(self) -> None:
        """Close all connections: a call that still waits for its answer fails."""
        for line in list(self._lines.values()):
            self._drop(line)
        self._listener.close()


@dataclass(eq=False)
class Place:
    """What an attendant needs to know about a worker.

    root: the process that all of the submission's processes descend from, by its id here. worker: the one that loaded
    the submission. web, port: a listening socket on the loopback that the submission sees. look: raises if the
    submission uses too much. ours: if root is this very process, the threads and child processes that it had before the
    first load. left: those that earlier loads have left in it; they may still hold an interpreter lock that this load
    waits for. sleepless: whether the submission was found never to sleep. secret: what its tokens are made of. source:
    the submission, to show its lines. spent: the submission's own seconds while it was attended; held: those that all
    its tasks slept while the examiner held its calls. kept: returns the seconds that the submission computed, as the
    kernel keeps them, None if it does not. stack: returns where its threads are in its own file.
    """

    exchange: Exchange
    limits: Limits
    root: int
    worker: int
    web: socket.socket | None = None
    port: int = 0
    look: Callable[[], None] = field(default=lambda: None)
    ours: frozenset[int] | None = None
    left: frozenset[int] = frozenset()
    sleepless: bool = False
    secret: bytes = field(default_factory=secrets.token_bytes)
    source: Source | None = None
    spent: float = 0.0
    held: float = 0.0
    kept: Callable[[], float | None] = field(default=lambda: None)
    stack: Callable[[], Stack] = field(default=tuple)
    _runs: int = 0

    def tokens(self) -> Callable[[object], str]:
        """Return a function that gives each name an unguessable token of 64 digits, new in each run of an instrument.

        Two runs with the same seed show the same tokens.
        """
        self._runs += 1
        prefix = self.secret + b"%d " % self._runs
        return lambda name: hashlib.sha256(prefix + repr(name).encode()).hexdigest()

    def close(self) -> None:
        """Close its sockets."""
        self.exchange.close()
        if self.web is not None:
            self.web.close()


# Serves the instruments while the submission works on a request; returns when the worker begins to answer.
Attendant = Callable[[Place], None]
