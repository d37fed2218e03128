"""The untrusted end of an instrument: a callable whose work the examiner does. It imports only wire.

A suite hands an instrument to a submission, which calls it from any thread and from any process that it starts in any
way: the object pickles as its address. Each thread of each process has its own connection, so the kernel can vouch for
the process that makes a call. One call at a time goes over a connection:

    (instrument, arguments, process id, called on an event loop)

    ("value", value) | ("raise", builtin exception, arguments) | ("exit", code, or a signal below 0)
    | ("work", rounds)    turn a loop so many times, send the same request number back, and wait for the next answer
"""

from __future__ import annotations

import _socket  # the C modules: socket and threading would double what a sandbox imports
import _thread
import builtins
import os
import sys

from graders.sandbox.child import wire

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# Where the examiner listens, within the folder for temporary files. One worker at a time uses it.
FILE = ".instruments"

# Taken before a submission is loaded: the code below looks its builtins up here.
_BUILTINS = globals()["__builtins__"] = dict(vars(builtins))

_local = _thread._local()


def address() -> str:
    """Return the path of the socket, the same in the zygote and in its workers."""
    return os.path.join(os.environ.get("TMPDIR") or os.getcwd(), FILE)


class _Line:
    """A connection of one thread of one process. It closes when the thread ends."""

    def __init__(self, path: str) -> None:
        self.pid = os.getpid()
        self.path = path
        self.busy = False
        self.stream = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
        # The thread must be seen to wait in recv, whatever default timeout the submission sets.
        self.stream.settimeout(None)
        self.stream.connect(path)

    def __del__(self) -> None:
        self.stream.close()


def _line(path: str) -> _Line:
    line: _Line | None = getattr(_local, "line", None)
    # A fork inherits the connection of the thread that forked.
    if line is None or line.pid != os.getpid() or line.path != path:
        line = _local.line = _Line(path)
    return line


class Instrument:
    """A function of the examiner's.

    Args:
        path: of the examiner's socket.
        number: which of the examiner's instruments it is.
        name: its name.
    """

    def __init__(self, path: str, number: int, name: str) -> None:
        self._path = path
        self._number = number
        self.__name__ = self.__qualname__ = name

    def __reduce__(self) -> tuple[type[Instrument], tuple[str, int, str]]:
        return Instrument, (self._path, self._number, self.__name__)

    def __repr__(self) -> str:
        return f"<function {self.__name__}>"

    def __call__(self, *args: Any) -> Any:
        """Call it, and return or raise what the examiner says."""
        try:
            request = wire.encode((self._number, args, os.getpid(), _on_event_loop()))
        except wire.WireError as error:
            raise TypeError(f"{self.__name__} takes plain data: {error}") from None
        line = _line(self._path)
        line.busy = True
        try:
            return self._exchange(line.stream, request)
        finally:
            line.busy = False

    def aside(self, *args: Any) -> None:
        """Call it, unless this thread is in a call already: a finalizer would make a second one then."""
        if not _line(self._path).busy:
            self(*args)

    def _exchange(self, stream: _socket.socket, request: bytes) -> Any:
        stream.sendall(wire.frame(self._number, request))
        while True:
            verb, *rest = wire.decode(wire.receive(stream)[1])
            if verb == "value":
                return rest[0]
            if verb == "raise":
                raise _BUILTINS[rest[0]](*rest[1])
            if verb == "exit":
                _end(rest[0])
            work(rest[0])
            stream.sendall(wire.frame(self._number, request))


def work(rounds: int) -> int:
    """Keep a core busy for as long as the rounds take on this machine."""
    total = 0
    for number in range(rounds):
        total += number * number
    return total


def _end(code: int) -> None:
    """End this process by an exit code, or by a signal if it is negative, as `multiprocessing` reports it."""
    if code < 0:
        os.kill(os.getpid(), -code)
    os._exit(code)


def _on_event_loop() -> bool:
    asyncio = sys.modules.get("asyncio.events")
    return asyncio is not None and asyncio._get_running_loop() is not None
