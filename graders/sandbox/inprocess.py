"""LAYER 1. Isolation level ``none``: the submission in this very process, for a debugger and for coverage.

Requests go through the same codec and the same servant as in a worker, so a suite sees the same values. Nothing is
confined: a submission that exits, hangs or cheats does so to the examiner.
"""

from __future__ import annotations

from pathlib import Path

from graders.sandbox import wire, worker
from graders.sandbox.errors import LoadFailed, Remote
from graders.sandbox.limits import Limits, Source


class InProcessChannel:
    """One load of a submission in this process. A `proxy.Channel`."""

    def __init__(self, servant: worker.Servant) -> None:
        self._servant = servant

    def request(self, payload: bytes) -> bytes:
        """Answer at once."""
        return self._servant.answer(payload)

    def error(self) -> BaseException | None:
        """Return the exception behind the last answer."""
        return self._servant.error

    def printed_bytes(self) -> int:
        """Return 0: what is printed goes where this process prints."""
        return 0

    def printed(self, start: int = 0) -> str:
        """Return nothing: what is printed goes where this process prints."""
        return ""


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
        self.doc = ""

    def fresh(self) -> InProcessChannel:
        """Return a new load.

        Raises:
            LoadFailed: the submission can't be imported.
        """
        servant = worker.Servant(self.source.slug, str(self.path))
        answer = wire.decode(servant.load(self.source.content))
        if answer[0] == "raised":
            _, _, kind, message, _, frames = answer
            raise LoadFailed(f"{kind}: {message}", Remote(kind, message, frames))
        self.doc = answer[1]
        return InProcessChannel(servant)

    def close(self) -> None:
        """Nothing is left to end."""
