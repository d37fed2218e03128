"""LAYER 1. The untrusted side of one submission: forks a worker per criterion. Imports wire and worker, no more.

Started by `main`, with the control socket's descriptor as the argument. It never runs the submission: each
fork does. The examiner asks, in numbered frames:

    ("start", slug, path, limits, own_pids)   once; answered by ("ready",)
    ("fork",)      with two descriptors: the worker's socket and the file for what it prints; ("forked", pid)
    ("listen",)    with a socket, over which a listener for instruments and one on the loopback (absent if there is
                   none) come back; ("listening", loopback port or 0), or ("obstructed", why)
    ("compile",)   compile the submission here, once it is known to load; ("compiled",)
    ("reap",)      kill all that is left of the workers; ("reaped", ((pid, wait status), ...), whether files are left)
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import io
import os
import resource
import signal
import socket
import sys
import types
from typing import Any, NoReturn

from graders.sandbox import instrument, wire, worker

# What submissions import most. Importing one of them here saves each fork the time; no name outside this list is
# imported on a submission's word.
PRELOAD = (
    "abc asyncio collections concurrent.futures contextlib copy dataclasses enum functools itertools math "
    "multiprocessing numbers operator queue random re string threading types typing urllib.request configparser shlex"
).split()
_SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER, prctl(2)
_DUMPABLE = 4  # PR_SET_DUMPABLE
_MOST_STATUSES = 1_000


class Zygote:
    """Serves one control socket until the examiner closes it."""

    def __init__(self, control: socket.socket) -> None:
        self.control = control
        self.slug = ""
        self.path = ""
        self.limits: dict[str, int] = {}
        self.own_pids = False
        self.code: types.CodeType | None = None
        self.workers: list[int] = []

    def run(self) -> NoReturn:
        """Answer until the other side closes the socket, then leave nothing running."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # which a worker may send to its pid 1
        while True:
            try:
                number, request, descriptors = self._receive()
            except (EOFError, OSError):
                self._do_reap()
                os._exit(0)
            answer = getattr(self, "_do_" + request[0])(*request[1:], *descriptors)
            self.control.sendall(wire.frame(number, wire.encode(answer)))

    def _receive(self) -> tuple[int, tuple[Any, ...], list[int]]:
        head, descriptors, _, _ = socket.recv_fds(self.control, wire.HEADER.size, 2)
        if not head:
            raise EOFError
        while len(head) < wire.HEADER.size:
            head += self.control.recv(wire.HEADER.size - len(head))
        length, number = wire.HEADER.unpack(head)
        payload = b""
        while len(payload) < length:
            payload += self.control.recv(length - len(payload))
        return number, wire.decode(payload), list(descriptors)

    def _do_start(self, slug: str, path: str, limits: dict[str, int], own_pids: bool) -> tuple[str]:
        self.slug, self.path, self.limits, self.own_pids = slug, path, limits, own_pids
        # The folder of the worker's own code stays importable, for child processes that a submission spawns.
        sys.path.append(os.path.dirname(path))
        with open(path, "rb") as file:
            source = file.read()
        for name in PRELOAD:
            if name.encode() in source:
                importlib.import_module(name)
        if own_pids:
            # Nobody in the sandbox may read or write this process: what a worker left here would meet the next one.
            self._set_dumpable(0)
        elif sys.platform == "linux":
            import ctypes  # costs several milliseconds, and only this level needs it

            from graders.sandbox import landlock  # noqa: F401 - each worker will need it

            # Orphans of a worker come to us instead of to init, so that reaping finds them.
            ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)
        gc.collect()
        gc.freeze()
        return ("ready",)

    def _do_compile(self) -> tuple[str]:
        with open(self.path, "rb") as file:
            self.code = worker.compiled(file.read(), self.path)
        gc.collect()
        gc.freeze()
        return ("compiled",)

    def _do_fork(self, stream: int, output: int) -> tuple[str, int]:
        pid = os.fork()
        if pid == 0:
            try:
                self._become_worker(stream, output)
            finally:
                os._exit(70)
        self.workers.append(pid)
        os.close(stream)
        os.close(output)
        return ("forked", pid)

    def _do_listen(self, stream: int) -> tuple[str, int] | tuple[str, str]:
        """Open the sockets here, in the submission's own namespaces, by code that is not the submission's."""
        with socket.socket(fileno=stream) as way, socket.socket(socket.AF_UNIX) as line, socket.socket() as web:
            passed, port = [line.fileno()], 0
            try:
                self._unlisten()
                line.bind(instrument.address())
                line.listen(256)
            except OSError as error:
                return ("obstructed", str(error))
            with contextlib.suppress(OSError):
                web.bind(("127.0.0.1", 0))
                web.listen(256)
                passed, port = [line.fileno(), web.fileno()], web.getsockname()[1]
            socket.send_fds(way, [b"!"], passed)
        return ("listening", port)

    def _unlisten(self) -> None:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(instrument.address())

    def _become_worker(self, stream: int, output: int) -> None:
        self.control.close()
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.setsid()
        os.dup2(output, 1)
        os.dup2(output, 2)
        os.close(output)
        sys.stdout = io.TextIOWrapper(io.FileIO(1, "w", closefd=False), "utf-8", "backslashreplace", write_through=True)
        sys.stderr = io.TextIOWrapper(io.FileIO(2, "w", closefd=False), "utf-8", "backslashreplace", write_through=True)
        for name, value in self.limits.items():
            kind = getattr(resource, name, None)
            if kind is not None:
                with contextlib.suppress(ValueError, OSError):  # a lower hard limit is in force already
                    # At the soft limit of CPU time a signal says why, at the hard one it would be a bare kill.
                    resource.setrlimit(kind, (value, value + (name == "RLIMIT_CPU")))
        if self.own_pids:
            # The examiner, if it is an ordinary user, has to see whether a worker sleeps.
            self._set_dumpable(1)
        elif sys.platform == "linux":
            self._restrict()
        code: types.CodeType | bytes
        if self.code is None:
            with open(self.path, "rb") as file:
                code = file.read()
        else:
            code = self.code
        connection = socket.socket(fileno=stream)
        connection.set_inheritable(False)
        # A child that the submission forks must not hold the socket open when its parent is gone.
        os.register_at_fork(after_in_child=connection.close)
        worker.serve(connection, worker.Servant(self.slug, self.path, instrument.address()), code)

    def _set_dumpable(self, value: int) -> None:
        import ctypes  # slow to import, and only Linux needs it

        ctypes.CDLL(None).prctl(_DUMPABLE, value, 0, 0, 0)

    def _restrict(self) -> None:
        from graders.sandbox import landlock  # needs ctypes, which is slow to import; no other level needs it

        code, submission = sys.path[0], os.path.dirname(self.path)
        readable = ["/usr", "/lib", "/lib32", "/lib64", "/nix/store", sys.base_prefix, code, submission, "/proc"]
        landlock.restrict(readable, [os.getcwd(), "/dev"])

    def _do_reap(self) -> tuple[str, tuple[tuple[int, int], ...], bool]:
        statuses: list[tuple[int, int]] = []
        while len(statuses) < _MOST_STATUSES:
            self._kill()
            try:
                statuses.append(os.waitpid(-1, 0))
            except ChildProcessError:
                break
        self.workers.clear()
        with contextlib.suppress(OSError):
            self._unlisten()
        littered = self.own_pids and any(os.listdir(folder) for folder in ("/tmp", "/run", "/dev/shm"))
        return ("reaped", tuple(statuses), littered)

    def _kill(self) -> None:
        """Kill every process that a worker left behind."""
        if self.own_pids:
            doomed = [-1]
        else:
            # Processes that moved to another session and orphans are found in /proc; without one, by their session.
            doomed = [*_descendants(os.getpid())[1:], *(-pid for pid in self.workers)]
        for pid in doomed:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)


def _children(pid: int) -> list[int]:
    found = []
    with contextlib.suppress(OSError):
        for task in os.listdir(f"/proc/{pid}/task"):
            with contextlib.suppress(OSError), open(f"/proc/{pid}/task/{task}/children") as file:
                found += [int(child) for child in file.read().split()]
    return found


def _descendants(pid: int) -> list[int]:
    found, waiting = [], [pid]
    while waiting:
        found.append(waiting.pop())
        waiting += _children(found[-1])
    return found


def main() -> NoReturn:
    """Serve the socket whose descriptor is the first argument."""
    Zygote(socket.socket(fileno=int(sys.argv[1]))).run()
