"""LAYER 1. Isolation level ``none``: the submission in this very process, for a debugger and for coverage.

Requests go through the same codec and the same servant as in a worker, so a suite sees the same values. Nothing is
confined: a submission that exits, hangs or cheats does so to the examiner.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

from graders.sandbox import tree, wire, worker
from graders.sandbox.errors import LoadFailed, Remote
from graders.sandbox.exchange import Attendant, Exchange, Place
from graders.sandbox.limits import Limits, Source


class InProcessChannel:
    """One load of a submission in this process. A `proxy.Channel`."""

    def __init__(
        self, servant: worker.Servant, limits: Limits, ours: frozenset[int], left: frozenset[int], secret: bytes
    ) -> None:
        self._servant = servant
        self._limits = limits
        self._ours = ours
        self._left = left
        self._secret = secret
        self._place: Place | None = None
        # One byte tells the attendant that the answer is there.
        self._told, self._tell = socket.socketpair()

    def place(self) -> Place:
        """Return this process as a place: what ran in it before the first load is the examiner's."""
        if self._place is None:
            folder = tempfile.mkdtemp(prefix="kata-")
            self._servant.address = os.path.join(folder, "instruments")
            listener, web = socket.socket(socket.AF_UNIX), socket.socket()
            listener.bind(self._servant.address)
            listener.listen(256)
            web.bind(("127.0.0.1", 0))
            web.listen(256)
            exchange = Exchange(listener, self._told)
            port, me = web.getsockname()[1], os.getpid()
            self._place = Place(
                exchange, self._limits, me, me, web, port, ours=self._ours, left=self._left, secret=self._secret
            )
        return self._place

    def request(self, payload: bytes) -> bytes:
        """Answer at once."""
        return self._servant.answer(payload)

    def attended(self, payload: bytes, attend: Attendant) -> bytes:
        """Answer from another thread while `attend` serves the instruments in this one."""
        place = self.place()
        answers: list[bytes] = []

        def answer() -> None:
            answers.append(self._servant.answer(payload))
            with contextlib.suppress(OSError):  # nobody waits for it any more
                self._tell.send(b"!")

        with _no_proxy(), _short_turns():
            threading.Thread(target=answer, daemon=True).start()
            attend(place)
        self._told.recv(1)
        return answers[0]

    def close(self) -> None:
        """Close the sockets of the instruments."""
        if self._place is not None:
            self._place.close()
            os.unlink(self._servant.address)
            os.rmdir(os.path.dirname(self._servant.address))
            self._place = None
        self._told.close()
        self._tell.close()

    def error(self) -> BaseException | None:
        """Return the exception behind the last answer."""
        return self._servant.error

    def own_seconds(self) -> float:
        """Return 0: nothing is counted here."""
        return 0.0

    def printed_bytes(self) -> int:
        """Return 0: what is printed goes where this process prints."""
        return 0

    def printed(self, start: int = 0) -> str:
        """Return nothing: what is printed goes where this process prints."""
        return ""


@contextlib.contextmanager
def _short_turns() -> Iterator[None]:
    """Let a submission's thread that never sleeps keep the interpreter for a moment only.

    It keeps it for 5 ms otherwise, each time that the examiner looks into a file: a look would cost the submission more
    CPU time than its whole answer may.
    """
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-4)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


class InProcessHost:
    """Loads a submission afresh whenever it is asked to.

    Args:
        source: the submission.
        path: its real file, so that breakpoints and coverage find it.
    """

    def __init__(self, source: Source, path: Path, limits: Limits | None = None) -> None:
        self.source = source
        self.path = path
        self.limits = limits or Limits()
        self._channel: InProcessChannel | None = None
        self._folder: str | None = None
        self._ours: frozenset[int] | None = None
        self._loads = 0

    def fresh(self) -> InProcessChannel:
        """Return a new load.

        Raises:
            LoadFailed: the submission can't be imported.
        """
        self._let_go()
        if self._folder is None:
            # Children that it spawns import it by its name, which its own file need not have.
            self._folder = tempfile.mkdtemp(prefix="kata-")
            Path(self._folder, f"{self.source.slug}.py").write_bytes(self.source.content)
            sys.path.append(self._folder)
        # What the submission starts from now on is its own, also what it starts when it is imported.
        before = _running()
        self._ours = before if self._ours is None else self._ours
        servant = worker.Servant(self.source.slug, str(self.path))
        answer = wire.decode(servant.load(self.source.content))
        if answer[0] == "raised":
            _, _, kind, message, _, frames = answer
            raise LoadFailed(f"{kind}: {message}", Remote(kind, message, frames))
        self._loads += 1
        secret = self.source.secret(self._loads)
        self._channel = InProcessChannel(servant, self.limits, self._ours, before - self._ours, secret)
        return self._channel

    def close(self) -> None:
        """Let go of the last load, and of the copy of its file.

        Processes that are left stay: a pool whose workers are ended here would go on to start new ones.
        """
        self._let_go()
        if self._folder is not None:
            sys.path.remove(self._folder)
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def _let_go(self) -> None:
        if self._channel is not None:
            self._channel.close()
            self._channel = None


def _running() -> frozenset[int]:
    """Return this process's threads and child processes, as far as the kernel tells: `threading` knows some only."""
    with contextlib.suppress(OSError):
        return frozenset([*map(int, os.listdir("/proc/self/task")), *tree.descendants(os.getpid())])
    return frozenset()


@contextlib.contextmanager
def _no_proxy() -> Iterator[None]:
    """Keep requests for pages of the examiner's on the loopback: the submission has the user's own environment."""
    kept = os.environ.get("no_proxy")
    os.environ["no_proxy"] = "127.0.0.1"
    try:
        yield
    finally:
        del os.environ["no_proxy"]
        if kept is not None:
            os.environ["no_proxy"] = kept
