"""LAYER 3. What gives loads of a submission: a host, or whoever stands in for one."""

from __future__ import annotations

from typing import Protocol

from graders.sandbox.connection import Channel
from graders.sandbox.limits import Limits, Source


class PrintingChannel(Channel, Protocol):
    """A channel that also keeps what the submission printed."""

    def printed_bytes(self) -> int:
        """Return how much has been printed."""
        ...

    def own_seconds(self) -> float:
        """Return the submission's own seconds so far."""
        ...

    def printed(self, start: int = 0) -> str:
        """Return what was printed from byte `start` on, bounded."""
        ...


class Loader(Protocol):
    """Gives fresh loads of one submission."""

    source: Source
    limits: Limits

    def fresh(self) -> PrintingChannel:
        """Return a new load, and end the last one."""
        ...
