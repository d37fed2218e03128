"""The answer key: the requests of a criterion to the reference and its answers, as bytes on the wire.

With one seed the checks send every submission of a class the same requests, as long as it gives the same answers. So a
submission is sent the requests of the key, one after the other; if every answer is the reference's, byte for byte, it
passes as the reference did. At the first different answer the checks themselves take over: they are given the answers
so far, and continue from there.

No request is sent before its turn: it could reveal the expected answer to the one before. If the reference answers
None or a new object, the answer reveals nothing: such a call is sent with the next request, which saves a round trip. A
worker stops at the first answer of another kind, as the checks might then send another request.
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

_MOST = 16 << 20  # bytes kept for one criterion
_TOGETHER = 32, 64 << 10  # the most requests of a trip, and bytes of its requests and answers

Exchange = tuple[bytes, bytes]  # (request, answer)


@dataclass(frozen=True)
class Trip:
    """Exchanges sent together. sent: the bytes sent; back: the bytes that return if each answer is the reference's."""

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
        """Return the answers in the bytes that came back, perhaps fewer than requests; none if they can't be parsed."""
        if len(self.exchanges) == 1:
            return [back]
        try:
            found = wire.decode(back)
        except wire.WireError:
            return []
        return list(found) if type(found) is tuple and all(type(answer) is bytes for answer in found) else []


@dataclass(frozen=True)
class Key:
    """The requests of one criterion with the inputs of one seed, and the reference's answers."""

    exchanges: tuple[Exchange, ...]

    @functools.cached_property
    def trips(self) -> tuple[Trip, ...]:
        """The exchanges in order; a call whose answer reveals nothing travels with the next request."""
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
    """A channel that keeps its traffic. It serves no instruments: what they observe differs each time."""

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
    """A loader of the reference that keeps its answers."""

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
        """Its share of the machine's time."""
        return self._loader.share

    def fresh(self) -> PrintingChannel:
        """Return a new load, and end the last one."""
        self._last = _Recorder(self._loader.fresh())
        return self._last

    def stack(self) -> Stack:
        """Return the stack of its threads."""
        return self._loader.stack()

    def rest(self) -> None:
        """End whatever the last load is still running."""
        self._loader.rest()

    def key(self) -> Key | None:
        """Return the requests to the last load and its answers; None if they are too large to keep."""
        if self._last is None or self._last.bytes > _MOST:
            return None
        return Key(tuple(self._last.exchanges))


class Deviated(BaseException):
    """The checks ask something else than the key, given the same answers. Not an Exception: no handler may catch it."""


class Keyed:
    """A `PlacedChannel` to a submission, which sends the requests of the key first."""

    def __init__(self, channel: TogetherChannel, key: Key) -> None:
        self._channel = channel
        self._key = key
        # The answers so far that equal the reference's, and those since the first that does not.
        self._same = 0
        self._others: list[bytes | SubmissionFault] = []
        self._told = 0
        self.names, self.error = channel.names, channel.error

    def same(self) -> bool:
        """Send the key's requests up to the first answer that is not the reference's; return whether all of them are.

        Raises:
            Deviated: it is unknown which of several requests got the different answer.
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
        """Keep the answers to a trip in which one is not the reference's."""
        same = 0
        while same < len(answers) and same < len(trip.exchanges) and answers[same] == trip.exchanges[same][1]:
            same += 1
        if not same < len(answers) <= len(trip.exchanges):
            raise Deviated
        self._same += same
        self._others = [*answers[same:]]

    def request(self, payload: bytes) -> bytes:
        """Return the answers that were given already; after them, send the request.

        Raises:
            Deviated: the key's request at this point is another one.
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
