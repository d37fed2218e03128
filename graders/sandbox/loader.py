"""What gives loads of a submission: a host or a substitute."""

from __future__ import annotations

from typing import Protocol

from graders.sandbox.connection import Channel
from graders.sandbox.limits import Limits, Source
from graders.sandbox.share import Share
from graders.sandbox.stack import Stack


class TogetherChannel(Channel, Protocol):
    """A channel that takes several requests at a time."""

    def together(self, payload: bytes) -> bytes:
        """Do as `request` with several requests that travel together."""
        ...


class PrintingChannel(TogetherChannel, Protocol):
    """A channel that also keeps what the submission printed."""

    def running(self) -> int:
        """Return how many running tasks count towards a limit, 0 if nothing has asked for its processes."""
        ...

    def answering(self) -> bool:
        """Whether the submission still works on a request that was given up."""
        ...

    def printed_bytes(self) -> int:
        """Return how many bytes were printed."""
        ...

    def own_seconds(self) -> float:
        """Return the submission's own seconds so far."""
        ...

    def held_seconds(self) -> float:
        """Return the seconds that the submission slept while the examiner held its calls."""
        ...

    def allow(self, seconds: float) -> None:
        """Set the seconds, own and held, that the submission has left."""
        ...

    def printed(self, start: int = 0) -> str:
        """Return a bounded part of what was printed from byte `start` on."""
        ...


class Loader(Protocol):
    """Gives fresh loads of one submission."""

    source: Source
    limits: Limits
    share: Share

    def fresh(self) -> PrintingChannel:
        """End the last load and return a new one."""
        ...

    def stack(self) -> Stack:
        """Return where the last load's threads are in the submission's file, first the one that has to answer."""
        ...

    def rest(self) -> None:
        """End what the last load has running, so that it disturbs no other."""
        ...
