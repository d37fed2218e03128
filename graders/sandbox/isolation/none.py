"""Isolation level ``none``: the submission in this process, for a debugger and for coverage.

Requests go through the same codec and the same servant as in a worker, so a suite sees the same values. Nothing is
confined: a submission that exits, hangs or cheats affects the examiner.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sys
import threading
import traceback
import types
from collections.abc import Iterator
from pathlib import Path

from graders.sandbox import early, tree
from graders.sandbox.child import wire, worker
from graders.sandbox.errors import Left, LoadFailed, Remote, names_of
from graders.sandbox.exchange import Attendant, Exchange, Place
from graders.sandbox.limits import Limits, Source
from graders.sandbox.scratch import Scratch
from graders.sandbox.share import Share
from graders.sandbox.stack import Stack


class InProcessChannel:
    """A load of a submission in this process. A `proxy.Channel`."""

    def __init__(
        self,
        servant: worker.Servant,
        source: Source,
        limits: Limits,
        ours: frozenset[int],
        left: frozenset[int],
        secret: bytes,
        names: frozenset[str] | None = None,
    ) -> None:
        self.names = names
        self._servant = servant
        self._source = source
        self._limits = limits
        self._ours = ours
        self._left = left
        self._secret = secret
        self._place: Place | None = None
        self._folder: Scratch | None = None
        # One byte tells the attendant that the answer has come.
        self._told, self._tell = socket.socketpair()

    def place(self) -> Place:
        """Return this process as a place: threads from before the first load are the examiner's."""
        if self._place is None:
            self._folder = Scratch()
            self._servant.address = str(self._folder.path / "instruments")
            listener, web = socket.socket(socket.AF_UNIX), socket.socket()
            listener.bind(self._servant.address)
            listener.listen(256)
            web.bind(("127.0.0.1", 0))
            web.listen(256)
            exchange = Exchange(listener, self._told)
            port, me = web.getsockname()[1], os.getpid()
            self._place = Place(
                exchange,
                self._limits,
                me,
                me,
                web,
                port,
                ours=self._ours,
                left=self._left,
                secret=self._secret,
                source=self._source,
                stack=lambda: _where(self._servant),
            )
        return self._place

    def request(self, payload: bytes) -> bytes:
        """Answer at once.

        Raises:
            KeyboardInterrupt: by the user, not by the submission.
            Left: the user has left a debugger, or pytest ends the item.
        """
        with _interruptible(self._servant), _no_main():
            return self._servant.answer(payload)

    def together(self, payload: bytes) -> bytes:
        """Answer several requests together."""
        return self.request(payload)

    def attended(self, payload: bytes, attend: Attendant) -> bytes:
        """Answer from another thread while `attend` serves the instruments in this one."""
        place = self.place()
        answers: list[bytes] = []

        def answer() -> None:
            answers.append(self._servant.answer(payload))
            with contextlib.suppress(OSError):  # the attendant has gone
                self._tell.send(b"!")

        with _no_proxy(), _short_turns(), _no_main():
            threading.Thread(target=answer, daemon=True).start()
            attend(place)
        self._told.recv(1)
        _leave(self._servant)
        return answers[0]

    def close(self) -> None:
        """Close the sockets of the instruments."""
        if self._place is not None:
            self._place.close()
            self._place = None
        if self._folder is not None:
            self._folder.remove()
            self._folder = None
        self._told.close()
        self._tell.close()

    def error(self) -> BaseException | None:
        """Return the exception of the last answer."""
        return self._servant.error

    def own_seconds(self) -> float:
        """Return 0: nothing is counted here."""
        return 0.0

    def held_seconds(self) -> float:
        """Return 0: nothing is counted here."""
        return 0.0

    def allow(self, seconds: float) -> None:
        """Do nothing: nothing is counted here."""

    def running(self) -> int:
        """Return 0: no limit counts what runs in this process."""
        return 0

    def answering(self) -> bool:
        """Return False: here a call that was given up does not disturb another."""
        return False

    def printed_bytes(self) -> int:
        """Return 0: the submission prints where this process prints."""
        return 0

    def printed(self, start: int = 0) -> str:
        """Return "": the submission prints where this process prints."""
        return ""


_NO_MAIN = types.ModuleType("__main__")


@contextlib.contextmanager
def _no_main() -> Iterator[None]:
    """Keep a spawned child from importing `__main__`: in this process that is pytest, not the submission."""
    before = sys.modules["__main__"]
    sys.modules["__main__"] = _NO_MAIN
    try:
        yield
    finally:
        sys.modules["__main__"] = before


@contextlib.contextmanager
def _interruptible(servant: worker.Servant) -> Iterator[None]:
    """Afterwards raise what the servant caught but must not keep: Ctrl-C, and what ends the run."""
    interrupted = []

    def interrupt(number: int, frame: types.FrameType | None) -> None:
        interrupted.append(number)
        raise KeyboardInterrupt

    main = threading.current_thread() is threading.main_thread()
    kept = signal.getsignal(signal.SIGINT) if main else None
    if kept is signal.default_int_handler:
        signal.signal(signal.SIGINT, interrupt)
    try:
        yield
    finally:
        if kept is signal.default_int_handler and signal.getsignal(signal.SIGINT) is interrupt:
            signal.signal(signal.SIGINT, kept)
    if interrupted and isinstance(servant.error, KeyboardInterrupt):
        raise servant.error
    _leave(servant)


def _leave(servant: worker.Servant) -> None:
    """Raise Left if a call ended with an end of the whole run: a debugger's quit, or pytest's own exceptions."""
    if servant.error is None:
        return
    bases = worker.true_bases(type(servant.error))
    debugger, pytest = sys.modules.get("bdb"), sys.modules.get("_pytest.outcomes")
    if debugger is not None and debugger.BdbQuit in bases:
        raise Left(KeyboardInterrupt("the debugger was left"))
    if pytest is not None and (pytest.Exit in bases or pytest.OutcomeException in bases):
        raise Left(servant.error)


@contextlib.contextmanager
def _short_turns() -> Iterator[None]:
    """Let a submission's thread that never sleeps hold the interpreter for a moment only.

    Otherwise it holds it for 5 ms each time that the examiner reads a file: one look would cost the submission more CPU
    time than its whole answer may take.
    """
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-4)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


class InProcessHost:
    """Loads a submission afresh at each call of `fresh`.

    Args:
        source: the submission.
        path: its real file, so that breakpoints and coverage find it.
    """

    def __init__(self, source: Source, path: Path, limits: Limits | None = None) -> None:
        self.source = source
        self.path = path
        self.limits = limits or Limits()
        self.share = Share(None)
        self._channel: InProcessChannel | None = None
        self._folder: Scratch | None = None
        self._ours: frozenset[int] | None = None
        self._loads = 0
        self._servant: worker.Servant | None = None
        # Why the first load failed: every other would fail so, too.
        self._unloadable: LoadFailed | None = None

    def fresh(self) -> InProcessChannel:
        """Return a new load.

        Raises:
            LoadFailed: the submission can't be imported.
        """
        if self._unloadable is not None:
            raise self._unloadable.with_traceback(None)
        self._let_go()
        if self._folder is None:
            # Children that it spawns import it by the kata's name, which its own file need not have.
            self._folder = Scratch()
            (self._folder.path / f"{self.source.slug}.py").write_bytes(self.source.content)
            sys.path.append(str(self._folder.path))
        # What starts from now on is the submission's, including what starts while it is imported.
        before = _running()
        self._ours = before if self._ours is None else self._ours
        worker.resolve(early.asked(self.source))
        servant = self._servant = worker.Servant(self.source.slug, str(self.path))
        with _interruptible(servant):
            answer = wire.decode(servant.load(self.source.content))
        if answer[0] == "raised":
            _, _, kind, message, _, frames, first = answer
            remote = Remote.told(kind, message, frames, first)
            error = LoadFailed(f"{remote.type}: {remote.message}", remote)
            error.unasked = not self._loads
            self._unloadable = error if error.unasked else None
            raise error
        self._loads += 1
        secret = self.source.secret(self._loads)
        self._channel = InProcessChannel(
            servant, self.source, self.limits, self._ours, before - self._ours, secret, names_of(answer[1])
        )
        return self._channel

    def rest(self) -> None:
        """Do nothing: a thread of this process can't be ended."""

    def stack(self) -> Stack:
        """Return where the submission's threads are, or were when the user interrupted them."""
        servant = self._servant
        if servant is None:
            return ()
        here = () if servant.error is None else Remote.told("", "", servant.frames(servant.error)).frames
        return (here, *_where(servant)) if here else _where(servant)

    def close(self) -> None:
        """Drop the last load and remove the copy of its file.

        Processes that are left stay: a pool whose workers were ended here would start new ones.
        """
        self._let_go()
        if self._folder is not None:
            sys.path.remove(str(self._folder.path))
            self._folder.remove()
            self._folder = None

    def _let_go(self) -> None:
        if self._channel is not None:
            self._channel.close()
            self._channel = None


def _where(servant: worker.Servant) -> Stack:
    """Return where the other threads of this process are in the submission's file."""
    here = []
    for number, frame in sys._current_frames().items():
        walked = [each for each, _ in traceback.walk_stack(frame)][::-1] if number != threading.get_ident() else []
        found = [each for each in walked if each.f_code.co_filename == servant.path]
        here.append(tuple((each.f_lineno, each.f_code.co_name) for each in found[-8:]))
    return tuple(frames for frames in (Remote.told("", "", each).frames for each in here) if frames)


def _running() -> frozenset[int]:
    """Return this process's threads and child processes, as the kernel tells: `threading` does not know them all."""
    with contextlib.suppress(OSError):
        return frozenset([*map(int, os.listdir("/proc/self/task")), *tree.descendants(os.getpid())])
    return frozenset()


@contextlib.contextmanager
def _no_proxy() -> Iterator[None]:
    """Keep requests for the examiner's pages on the loopback: the submission has the user's own environment."""
    kept = os.environ.get("no_proxy")
    os.environ["no_proxy"] = "127.0.0.1"
    try:
        yield
    finally:
        del os.environ["no_proxy"]
        if kept is not None:
            os.environ["no_proxy"] = kept
