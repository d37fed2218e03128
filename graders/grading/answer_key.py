"""The answer key: what the reference was asked in a criterion, and what it answered, as it crossed the wire.

With one seed the checks ask every submission of a class the same, for as long as it answers the same. So a submission
is asked what the key says, one request after the other; if every answer is the reference's, byte for byte, it passes as
the reference did. At the first other answer the checks themselves take over: they are given the answers so far, and ask
from there.

Nothing is asked before its turn: what comes next could tell what was to be answered. Where a call gives None or a new
object, its answer tells nothing: such a call travels with the next request, which saves a trip. A worker stops at the
first answer that is of another kind, as the checks might ask something else then.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass

from graders.sandbox.child import wire
from graders.sandbox.errors import SubmissionFault
from graders.sandbox.exchange import Attendant, Place
from graders.sandbox.limits import Limits, Source
from graders.sandbox.loader import Loader, PrintingChannel, TogetherChannel
from graders.sandbox.share import Share
from graders.sandbox.stack import Stack

_MOST = 16 << 20  # bytes that are kept of one criterion
_TOGETHER = 32, 64 << 10  # requests, and bytes of them and their answers, that travel together

Exchange = tuple[bytes, bytes]  # (request, answer)


@dataclass(frozen=True)
class Trip:
    """Exchanges that travel together. sent: what is sent; back: what comes back if each answer is the reference's."""

    exchanges: tuple[Exchange, ...]
    sent: bytes
    back: bytes

    @staticmethod
    def of(exchanges: Sequence[Exchange]) -> Trip:
        """Return the trip of one exchange or more."""
        if len(exchanges) == 1:
            return Trip(tuple(exchanges), *exchanges[0])
        sent = wire.encode(("several", tuple(asked for asked, _ in exchanges)))
        return Trip(tuple(exchanges), sent, wire.encode(tuple(answer for _, answer in exchanges)))

    def answers(self, back: bytes) -> list[bytes]:
        """Return the answers in what came back, which may be fewer; none where they can't be told."""
        if len(self.exchanges) == 1:
            return [back]
        try:
            found = wire.decode(back)
        except wire.WireError:
            return []
        return list(found) if type(found) is tuple and all(type(answer) is bytes for answer in found) else []


@dataclass(frozen=True)
class Key:
    """What one criterion asks with the inputs of one seed, and what the reference answers."""

    exchanges: tuple[Exchange, ...]

    @functools.cached_property
    def trips(self) -> tuple[Trip, ...]:
        """The exchanges in their order, calls whose answers tell nothing together with the next request."""
        requests, size = _TOGETHER
        found, together, left, newest = list[Trip](), list[Exchange](), size, 0
        for asked, answer in self.exchanges:
            nothing, newest = _tells_nothing(answer, newest)
            calls = wire.decode(asked, lambda *_: None)[0] == "call"
            together.append((asked, answer))
            left -= len(asked) + len(answer)
            if not (calls and nothing) or len(together) == requests or left <= 0:
                found.append(Trip.of(together))
                together, left = [], size
        return (*found, Trip.of(together)) if together else tuple(found)


def _tells_nothing(answer: bytes, newest: int) -> tuple[bool, int]:
    """Return whether an answer is None or an object that is newer than the newest so far, and the newest now."""
    numbers: list[int] = []

    def resolve(number: int, operators: int, name: str) -> list[int]:
        numbers.append(number)
        return numbers

    reply = wire.decode(answer, resolve)
    told = reply[1] if reply[0] == "value" else reply
    return told is None or (told is numbers and numbers == [newest + 1]), max([newest, *numbers])


class _Recorder:
    """A channel that keeps what crosses. It serves no instruments: what they see is another each time."""

    def __init__(self, channel: PrintingChannel) -> None:
        self._channel = channel
        self.exchanges: list[tuple[bytes, bytes]] = []
        self.bytes = 0
        self.names, self.error, self.own_seconds = channel.names, channel.error, channel.own_seconds
        self.printed, self.printed_bytes, self.running = channel.printed, channel.printed_bytes, channel.running
        self.held_seconds, self.allow, self.together = channel.held_seconds, channel.allow, channel.together
        self.answering = channel.answering

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

    def __init__(self, channel: TogetherChannel, key: Key) -> None:
        self._channel = channel
        self._key = key
        # The answers so far that are the reference's, and those since the first one that is not.
        self._same = 0
        self._others: list[bytes | SubmissionFault] = []
        self._told = 0
        self.names, self.error = channel.names, channel.error

    def same(self) -> bool:
        """Ask by the key up to the first answer that is not the reference's; return whether there is none.

        Raises:
            Deviated: it can't be told which of several requests was answered in another way.
            GraderFault: the grader's own side failed.
        """
        channel = self._channel
        for trip in self._key.trips:
            send = channel.together if len(trip.exchanges) > 1 else channel.request
            try:
                back = send(trip.sent)
            except SubmissionFault as fault:
                if len(trip.exchanges) > 1:
                    raise Deviated from fault
                self._others = [fault]
                return False
            if back != trip.back:
                self._compare(trip, trip.answers(back))
                return False
            self._same += len(trip.exchanges)
        return True

    def _compare(self, trip: Trip, answers: list[bytes]) -> None:
        """Keep the answers to a trip of which one is not the reference's."""
        same = 0
        while same < len(answers) and same < len(trip.exchanges) and answers[same] == trip.exchanges[same][1]:
            same += 1
        if not same < len(answers) <= len(trip.exchanges):
            raise Deviated
        self._same += same
        self._others = [*answers[same:]]

    def request(self, payload: bytes) -> bytes:
        """Tell what was answered already, and ask from there on.

        Raises:
            Deviated: something else was asked by the key.
        """
        if self._told == self._same + len(self._others):
            return self._channel.request(payload)
        asked, answer = self._key.exchanges[self._told]
        if payload != asked:
            raise Deviated
        self._told += 1
        if self._told <= self._same:
            return answer
        other = self._others[self._told - self._same - 1]
        if isinstance(other, SubmissionFault):
            raise other
        return other

    def place(self) -> Place:
        """Refuse: no criterion with instruments has a key."""
        raise Deviated

    def attended(self, payload: bytes, attend: Attendant) -> bytes:
        """Refuse: no criterion with instruments has a key."""
        raise Deviated
