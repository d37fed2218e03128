"""Real HTTP: the grader's server on the loopback that a submission sees, also in a sandbox.

The zygote opened its socket inside and passed it out; nothing else outside can be reached. The server holds requests
until as many are in flight as may be. TCP delivers bytes with a delay: a submission with enough requests in flight goes
on at once; one with too few fails only if all its tasks sleep, and go on sleeping for seconds.
"""

from __future__ import annotations

import contextlib
import socket
from typing import Any

from graders.authoring.criterion import because
from graders.concurrency import stillness
from graders.concurrency.pump import SHORTEST, pump
from graders.concurrency.stillness import Reserve, Still
from graders.concurrency.verdict import NO_LIST, Violation
from graders.sandbox.errors import GraderFault
from graders.sandbox.exchange import Call, Place
from graders.sandbox.proxy import Submission, described

_MAX_REQUEST = 1 << 14  # bytes
_MAX_STREAMS = 64


class WebServer:
    """Serves a few pages to one submission, once each.

    Args:
        submission: the one that fetches them.
        count: how many pages there are.
        workers: how many requests may be in flight, and must while there are so many pages.
    """

    patience = SHORTEST

    def __init__(self, submission: Submission, count: int, workers: int) -> None:
        place = submission.place()
        if not place.port:
            raise GraderFault("there is no loopback to serve pages on")
        token = place.tokens()
        self.urls = [f"http://127.0.0.1:{place.port}/{number}" for number in range(count)]
        self.workers = workers
        self._pages = {f"/{number}": token(number)[:16] for number in range(count)}
        self._streams: dict[int, tuple[socket.socket, bytes]] = {}
        self._held: list[tuple[str, int]] = []
        self._asked: list[str] = []
        self._place: Place | None = None

    def attend(self, place: Place) -> None:
        """Serve the pages: what `Submission.attended` takes."""
        web = place.web
        assert web is not None
        web.setblocking(False)
        place.exchange.watch(web.fileno(), self._accept)
        try:
            pump(place, self, Reserve(stillness.of(place)))
        finally:
            place.exchange.unwatch(web.fileno())
            for number in list(self._streams):
                self._drop(number)

    def begin(self, place: Place, method: str) -> None:
        """A request is under way."""
        self._place = place

    def _accept(self) -> None:
        assert self._place is not None
        assert self._place.web is not None
        try:
            stream, _ = self._place.web.accept()
        except OSError:
            return
        if len(self._streams) >= _MAX_STREAMS:
            stream.close()
            return
        stream.setblocking(False)
        number = stream.fileno()
        self._streams[number] = stream, b""
        self._place.exchange.watch(number, lambda: self._read(number))

    def _read(self, number: int) -> None:
        stream, data = self._streams[number]
        try:
            more = stream.recv(_MAX_REQUEST)
        except BlockingIOError:
            return
        except OSError:
            more = b""
        data += more
        if not more or len(data) > _MAX_REQUEST:
            self._drop(number)
            return
        self._streams[number] = stream, data
        if not data.endswith(b"\r\n\r\n"):
            return
        words = data.split(b" ", 2)
        path = words[1].decode("ascii", "replace") if len(words) == 3 and words[0] == b"GET" else ""
        if path not in self._pages or path in self._asked:
            raise Violation("wrong-calls", f"{path[:80]!r} was asked for, which is not a page or was asked for before")
        self._asked.append(path)
        self._held.append((path, number))
        if len(self._held) > self.workers:
            raise Violation(
                "limit-exceeded", f"{_requests(len(self._held))} in flight where at most {self.workers} may be"
            )

    def _drop(self, number: int) -> None:
        stream, _ = self._streams.pop(number)
        self._held = [(path, held) for path, held in self._held if held != number]
        if self._place is not None:
            self._place.exchange.unwatch(number)
        stream.close()

    def arrived(self, call: Call) -> None:
        """Refuse a call: there is no instrument in this run."""
        raise Violation("wrong-calls", "an instrument of an earlier run was called")

    def _possible(self) -> int:
        return min(self.workers, len(self._pages) - len(self._asked) + len(self._held))

    def holding(self) -> bool:
        """Whether any request is in flight."""
        return bool(self._held)

    def full(self) -> bool:
        """Whether as many requests are in flight as possible."""
        return bool(self._held) and len(self._held) >= self._possible()

    def judged(self) -> bool:
        """Whether it counts if fewer are."""
        return True

    def still(self, state: Still) -> bool:
        """Answer the youngest request, so that pages come in another order than the requests."""
        if not self._held:
            return False
        if len(self._held) < self._possible():
            raise Violation(
                "under-utilised", f"{_requests(len(self._held))} in flight where {self._possible()} could be"
            )
        path, number = self._held.pop()
        page = self._pages[path].encode()
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
        with contextlib.suppress(OSError):
            self._streams[number][0].send(head % len(page) + page)
        self._drop(number)
        return True

    def check(self, results: Any) -> None:
        """Compare the pages that came back, in any order, with those that were served.

        Raises:
            Violation: "wrong-calls".
        """
        if type(results) is not list:
            with because(*NO_LIST):
                raise Violation("wrong-calls", f"what came back is not a list of pages: {described(results)}")
        left = list(self._pages.values())
        for place, page in enumerate(results):
            if type(page) is not str or page not in left:
                difference = f"[{place}]", described(page), f"one of {left}" if left else "nothing"
                raise Violation("wrong-calls", "the results are not the pages of the server", (), (difference,))
            left.remove(page)
        if left:
            raise Violation("wrong-calls", f"{len(results)} of the {len(self._pages)} pages of the server came back")


def _requests(count: int) -> str:
    return "1 request is" if count == 1 else f"{count} requests are"
