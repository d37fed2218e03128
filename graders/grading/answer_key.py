"""The answer key: what the reference was asked in a criterion, and what it answered, as it crossed the wire.

With one seed the checks ask every submission of a class the same, for as long as it answers the same. So a submission
is asked what the key says, one request after the other; if every answer is the reference's, byte for byte, it passes as
the reference did. At the first other answer the checks themselves take over: they are given the answers so far, and ask
from there. Nothing is asked before its turn: what comes next could tell what was to be answered.
"""

from __future__ import annotations

from dataclasses import dataclass

from graders.sandbox.connection import Channel
from graders.sandbox.errors import SubmissionFault
from graders.sandbox.exchange import Attendant, Place
from graders.sandbox.limits import Limits, Source
from graders.sandbox.loader import Loader, PrintingChannel
from graders.sandbox.share import Share
from graders.sandbox.stack import Stack

_MOST = 16 << 20  # bytes that are kept of one criterion


@dataclass(frozen=True)
class Key:
    """What one criterion asks with the inputs of one seed, and what the reference answers: (request, answer)."""

    exchanges: tuple[tuple[bytes, bytes], ...]


class _Recorder:
    """A channel that keeps what crosses. It serves no instruments: what they see is another each time."""

    def __init__(self, channel: PrintingChannel) -> None:
        self._channel = channel
        self.exchanges: list[tuple[bytes, bytes]] = []
        self.bytes = 0
        self.names, self.error, self.own_seconds = channel.names, channel.error, channel.own_seconds
        self.printed, self.printed_bytes, self.running = channel.printed, channel.printed_bytes, channel.running
        self.held_seconds, self.allow = channel.held_seconds, channel.allow

    def request(self, payload: bytes) -> bytes:
        answer = self._channel.request(payload)
        self.bytes += len(payload) + len(answer)
        if self.bytes <= _MOST:
            self.exchanges.append((payload, answer))
        return answer


class Recording(Loader):
    """Loads of the reference whose answers are kept."""

    def __init__(self, loader: Loader) -> None:
        self._loader = loader
        self._last: _Recorder | None = None

    @property
    def source(self) -> Source:  # type: ignore[override]
        """The reference."""
        return self._loader.source

    @property
    def limits(self) -> Limits:  # type: ignore[override]
        """Its limits."""
        return self._loader.limits

    @property
    def share(self) -> Share:  # type: ignore[override]
        """What went to it of the machine's time."""
        return self._loader.share

    def fresh(self) -> PrintingChannel:
        """Return a new load, and end the last one."""
        self._last = _Recorder(self._loader.fresh())
        return self._last

    def stack(self) -> Stack:
        """Return where its threads are."""
        return self._loader.stack()

    def rest(self) -> None:
        """End what the last load has running."""
        self._loader.rest()

    def key(self) -> Key | None:
        """Return what the last load was asked, and what it answered; None if that is too much to keep."""
        if self._last is None or self._last.bytes > _MOST:
            return None
        return Key(tuple(self._last.exchanges))


class Deviated(BaseException):
    """The checks ask something else than the key, by the same answers. No Exception, so that it passes through."""


class Keyed:
    """A channel to a submission that is asked by the key first. A `PlacedChannel`."""

    def __init__(self, channel: Channel, key: Key) -> None:
        self._channel = channel
        self._key = key
        self._same = 0
        self._other: bytes | SubmissionFault | None = None
        self._told = 0
        self.names, self.error = channel.names, channel.error

    def same(self) -> bool:
        """Ask by the key up to the first answer that is not the reference's; return whether there is none.

        Raises:
            GraderFault: the grader's own side failed.
        """
        request = self._channel.request
        for asked, expected in self._key.exchanges:
            try:
                answer = request(asked)
            except SubmissionFault as fault:
                self._other = fault
                return False
            if answer != expected:
                self._other = answer
                return False
            self._same += 1
        return True

    def request(self, payload: bytes) -> bytes:
        """Tell what was answered already, and ask from there on.

        Raises:
            Deviated: something else was asked by the key.
        """
        if self._told > self._same:
            return self._channel.request(payload)
        asked, answer = self._key.exchanges[self._told]
        if payload != asked:
            raise Deviated
        self._told += 1
        if self._told <= self._same:
            return answer
        if isinstance(self._other, bytes):
            return self._other
        assert self._other is not None
        raise self._other

    def place(self) -> Place:
        """Refuse: no criterion with instruments has a key."""
        raise Deviated

    def attended(self, payload: bytes, attend: Attendant) -> bytes:
        """Refuse: no criterion with instruments has a key."""
        raise Deviated
