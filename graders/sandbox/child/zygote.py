"""The untrusted side of a submission: forks a worker per criterion. It imports only wire and worker.

`main` starts it, with the control socket's descriptor as the argument. It never runs the submission: each
fork does. The examiner asks, in numbered frames:

    ("start", slug, path, limits, own_pids, early)   once; answered by ("ready",). early: pairs (module, name) of what a
                   suite imports at a prompt
    ("fork",)      with three descriptors: the worker's socket, the file that it prints to, the file to which it
                   writes where its threads are when it is asked; ("forked", pid)
    ("tell", pid)  have a worker write where its threads are; ("told",)
    ("listen",)    with a socket, over which a listener for instruments and one on the loopback (if there is one) come
                   back; ("listening", loopback port or 0), or ("obstructed", why)
    ("compile",)   compile the submission here, once it is known to load and no worker is left; ("compiled",)
    ("reap",)      kill what is left of the workers; ("reaped", ((pid, wait status), ...), whether files are left)
"""

from __future__ import annotations

# The C modules of socket and signal: what their Python modules import takes most of a sandbox's start.
import _signal  # type: ignore[import-not-found]
import _socket
import _thread
import errno
import faulthandler
import gc
import io
import os
import resource
import struct
import sys
import types

from graders.sandbox.child import instrument, wire, worker

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn

# What submissions import most. Importing one of them here saves each fork the time; a submission can't have a module
# outside this list imported here.
PRELOAD = (
    "abc asyncio collections concurrent.futures contextlib copy dataclasses enum functools itertools math "
    "multiprocessing numbers operator queue random re string threading types typing urllib.request configparser shlex"
).split()
_SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER, prctl(2)
_DUMPABLE = 4  # PR_SET_DUMPABLE
_MOST_STATUSES = 1_000
_PORT = 8_000
STACKS = 15 << 30  # bytes of address space for the stacks of threads, beyond the limit on data
_STACK = 8 << 20  # bytes: what the C library reserves for a thread without a limit
_DESCRIPTOR = struct.Struct("i")


class Zygote:
    """Serves a control socket until the examiner closes it."""

    def __init__(self, control: _socket.socket) -> None:
        self.control = control
        self.slug = ""
        self.path = ""
        self.limits: dict[str, int] = {}
        self.own_pids = False
        self.code: types.CodeType | None = None
        self.workers: list[int] = []

    def run(self) -> NoReturn:
        """Answer until the other side closes the socket, then kill what still runs."""
        _signal.signal(_signal.SIGINT, _signal.SIG_IGN)  # a worker may send it to its pid 1
        while True:
            try:
                number, request, descriptors = self._receive()
            except (EOFError, OSError):
                self._do_reap()
                os._exit(0)
            answer = getattr(self, "_do_" + request[0])(*request[1:], *descriptors)
            self.control.sendall(wire.frame(number, wire.encode(answer)))

    def _receive(self) -> tuple[int, tuple[Any, ...], list[int]]:
        head, attached, _, _ = self.control.recvmsg(wire.HEADER.size, _socket.CMSG_LEN(3 * _DESCRIPTOR.size))
        descriptors = [number for _, _, data in attached for (number,) in _DESCRIPTOR.iter_unpack(data)]
        if not head:
            raise EOFError
        while len(head) < wire.HEADER.size:
            head += self.control.recv(wire.HEADER.size - len(head))
        length, number = wire.HEADER.unpack(head)
        payload = b""
        while len(payload) < length:
            payload += self.control.recv(length - len(payload))
        return number, wire.decode(payload), descriptors

    def _do_start(
        self, slug: str, path: str, limits: dict[str, int], own_pids: bool, early: tuple[tuple[str, str], ...]
    ) -> tuple[str]:
        self.slug, self.path, self.limits, self.own_pids = slug, path, limits, own_pids
        # The folder of the worker's code stays importable, for child processes that a submission spawns.
        sys.path.append(os.path.dirname(path))
        with open(path, "rb") as file:
            source = file.read()
        for name in PRELOAD:
            if name.encode() in source:
                __import__(name)
        worker.resolve(early)
        if own_pids:
            # No process in the sandbox may read or write this one: what a worker left here would reach the next one.
            _prctl(_DUMPABLE, 0)
            _tidy()
        elif sys.platform == "linux":
            from graders.sandbox.child import landlock  # noqa: F401 - each worker will need it

            # Orphans of a worker become children of this process, not of init, so that reaping finds them.
            _prctl(_SUBREAPER, 1)
        gc.collect()
        gc.freeze()
        return ("ready",)

    def _do_compile(self) -> tuple[str]:
        # Warnings show the submission's lines, which may be long and many, and no limit holds here; a worker shows
        # them.
        kept, sys.stderr = sys.stderr, None
        soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
        try:
            resource.setrlimit(resource.RLIMIT_DATA, (self.limits.get("RLIMIT_DATA", soft), hard))
            with open(self.path, "rb") as file:
                self.code = worker.compiled(file.read(), self.path)
        except (MemoryError, RecursionError, SyntaxError, ValueError):
            pass  # each worker compiles it within its own limits, and fails or not
        finally:
            sys.stderr = kept
            resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))
        gc.collect()
        gc.freeze()
        return ("compiled",)

    def _do_fork(self, stream: int, output: int, stack: int) -> tuple[str, int]:
        pid = os.fork()
        if pid == 0:
            try:
                self._become_worker(stream, output, stack)
            finally:
                os._exit(70)
        self.workers.append(pid)
        for descriptor in (stream, output, stack):
            os.close(descriptor)
        return ("forked", pid)

    def _do_tell(self, pid: int) -> tuple[str]:
        # Only this process waits for a worker: its pid is not reused until it is reaped.
        if pid in self.workers:
            os.kill(pid, _signal.SIGUSR1)
        return ("told",)

    def _do_listen(self, stream: int) -> tuple[str, int] | tuple[str, str]:
        """Open the sockets here: in the submission's namespaces, but not by the submission's code."""
        way = _socket.socket(fileno=stream)
        line, web = _socket.socket(_socket.AF_UNIX), _socket.socket(_socket.AF_INET)
        try:
            passed, port = [line.fileno()], 0
            try:
                self._unlisten()
                line.bind(instrument.address())
                line.listen(256)
            except OSError as error:
                return ("obstructed", str(error))
            try:
                # A sandbox has its own loopback: the same port each time, so that two runs show the same pages.
                web.setsockopt(_socket.SOL_SOCKET, _socket.SO_REUSEADDR, 1)
                web.bind(("127.0.0.1", _PORT if self.own_pids else 0))
                web.listen(256)
                passed, port = [line.fileno(), web.fileno()], web.getsockname()[1]
            except OSError as error:
                if error.errno == errno.EADDRINUSE:
                    return ("obstructed", str(error))
                # No loopback here.
            data = b"".join(map(_DESCRIPTOR.pack, passed))
            way.sendmsg([b"!"], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, data)])
        finally:
            for each in (way, line, web):
                each.close()
        return ("listening", port)

    def _unlisten(self) -> None:
        try:
            os.unlink(instrument.address())
        except FileNotFoundError:
            pass

    def _become_worker(self, stream: int, output: int, stack: int) -> None:
        self.control.close()
        # In C, so that it also answers during a loop, a sleep or a wait for a lock.
        os.set_inheritable(stack, False)
        faulthandler.register(_signal.SIGUSR1, stack, all_threads=True)
        _signal.signal(_signal.SIGINT, _signal.default_int_handler)
        os.setsid()
        os.dup2(output, 1)
        os.dup2(output, 2)
        os.close(output)
        sys.stdout = io.TextIOWrapper(io.FileIO(1, "w", closefd=False), "utf-8", "backslashreplace", write_through=True)
        sys.stderr = io.TextIOWrapper(io.FileIO(2, "w", closefd=False), "utf-8", "backslashreplace", write_through=True)
        self._limit()
        if self.own_pids:
            # An examiner that runs as an ordinary user has to see whether a worker sleeps.
            _prctl(_DUMPABLE, 1)
        elif sys.platform == "linux":
            self._restrict()
        code: types.CodeType | bytes
        if self.code is None:
            with open(self.path, "rb") as file:
                code = file.read()
        else:
            code = self.code
        connection = _socket.socket(fileno=stream)
        os.set_inheritable(stream, False)
        # A child that the submission forks must not hold the socket open after its parent has ended.
        os.register_at_fork(after_in_child=connection.close)
        worker.serve(connection, worker.Servant(self.slug, self.path, instrument.address()), code)

    def _limit(self) -> None:
        """Set the limits, which hold for all processes that the worker starts as well.

        A process may use as much as its limit on data; the stacks of its threads, which are reserved and hardly used,
        are added as threads start. Since Python 3.13 a thread that has ended keeps its stack until it is joined. The
        examiner bounds the sum of what is used (`graders.sandbox.tree`).
        """
        # The soft limit of CPU time sends a signal that says why; the hard one would kill without a reason.
        room = {"RLIMIT_CPU": 1, "RLIMIT_DATA": STACKS}
        for name, value in self.limits.items():
            kind = getattr(resource, name, None)
            if kind is not None:
                try:
                    most, hard = resource.getrlimit(kind)[1], value + room.get(name, 0)
                    resource.setrlimit(kind, (value, hard if most == resource.RLIM_INFINITY else min(hard, most)))
                except (ValueError, OSError):
                    pass  # a lower hard limit is in force already
        sys.addaudithook(_room_for_stacks)

    def _restrict(self) -> None:
        from graders.sandbox.child import landlock  # needs ctypes, which is slow to import; only this level needs it

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
        try:
            self._unlisten()
        except OSError:
            pass  # a folder in its place, which is removed with the sandbox
        return ("reaped", tuple(statuses), self.own_pids and not _tidy())

    def _kill(self) -> None:
        """Kill every process that a worker left."""
        if self.own_pids:
            doomed = [-1]
        else:
            # Orphans and processes that moved to another session are found in /proc; without /proc, others by their
            # session.
            doomed = [*_descendants(os.getpid())[1:], *(-pid for pid in self.workers)]
        for pid in doomed:
            try:
                os.kill(pid, _signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                pass


def _room_for_stacks(event: str, args: tuple[Any, ...]) -> None:
    """Raise the limit on data by the stack of a thread that is about to start: an audit hook, for Python >= 3.12."""
    if event[:14] != "_thread.start_":
        return
    stack = _thread.stack_size()  # this sets it to 0 as well
    _thread.stack_size(stack)
    stack = stack or resource.getrlimit(resource.RLIMIT_STACK)[0]
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    if soft != resource.RLIM_INFINITY:
        more = soft + (_STACK if stack == resource.RLIM_INFINITY else stack)
        resource.setrlimit(resource.RLIMIT_DATA, (more if hard == resource.RLIM_INFINITY else min(more, hard), hard))


def _tidy() -> bool:
    """Restore the modes and times of the folders that a worker may write to; return whether they are empty.

    They belong to the workers, which may have changed both: as an obstacle, or as a message to the next worker.
    """
    try:
        for folder in ("/tmp", "/run", "/dev/shm"):
            os.chmod(folder, 0o700)
            if os.listdir(folder):
                return False
            os.utime(folder, (0, 0))
    except OSError:
        return False
    return True


def _prctl(option: int, value: int) -> None:
    import _ctypes  # only Linux needs it; ctypes itself takes six times as long to import

    program = _ctypes.dlopen(None, 0)  # type: ignore[arg-type]  # None: this program, as in dlopen(3)
    _ctypes.call_function(_ctypes.dlsym(program, "prctl"), (option, value, 0, 0, 0))


def _children(pid: int) -> list[int]:
    found: list[int] = []
    try:
        tasks = os.listdir(f"/proc/{pid}/task")
    except OSError:
        return []  # it is gone, or there is no /proc
    for task in tasks:
        try:
            with open(f"/proc/{pid}/task/{task}/children") as file:
                found += [int(child) for child in file.read().split()]
        except OSError:
            continue
    return found


def _descendants(pid: int) -> list[int]:
    found, waiting = [], [pid]
    while waiting:
        found.append(waiting.pop())
        waiting += _children(found[-1])
    return found


def main() -> NoReturn:
    """Serve the socket whose descriptor is the first argument."""
    Zygote(_socket.socket(fileno=int(sys.argv[1]))).run()
