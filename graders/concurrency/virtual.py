"""LAYER 2. I/O in virtual time: calls take as long as their plan says, and no time passes on any clock.

Every call is held. Once the submission is still, the calls in flight are all that there will be at this instant: their
number is checked, the clock moves to the earliest end, that call returns, and so on. The schedule that comes of it is
exact and the same on any machine under any load.
"""

from __future__ import annotations

import heapq
import itertools
import os
from collections import Counter
from collections.abc import Collection
from typing import Any, get_args

from graders.concurrency import ends, tasks, timeline
from graders.concurrency.leftovers import at_rest
from graders.concurrency.plan import Plan
from graders.concurrency.pump import SHORTEST, pump
from graders.concurrency.stillness import Still
from graders.concurrency.timeline import Flight
from graders.concurrency.verdict import Reason, Violation, nobody_asked
from graders.differences import MOST
from graders.sandbox.errors import WorkerDied, remote_of
from graders.sandbox.exchange import Call, Place, Tool
from graders.sandbox.proxy import Handle, Submission, described
from graders.sandbox.transcript import show

EVERY: frozenset[Reason] = frozenset(get_args(Reason))
ALWAYS: frozenset[Reason] = frozenset({"deadlock", "wrong-calls"})


class VirtualTime:
    """One run of a submission with a blocking instrument.

    Args:
        plan: what the calls take and give.
        convict: of what to convict while it runs; "deadlock" and "wrong-calls" always.
        name: of the instrument.
        slow: an item whose call must be the last to end, or it is "under-utilised".
        at_once: have all calls in flight return once they have been counted: many at the price of one.
        named: whether results name their items, for the learner's eyes; whoever sorts results could go by that.
    """

    patience = SHORTEST

    def __init__(
        self,
        plan: Plan,
        *,
        convict: Collection[Reason] = (),
        name: str = "fetch",
        slow: str | None = None,
        at_once: bool = False,
        named: bool = True,
    ) -> None:
        self.plan = plan
        self.tool = Tool(name)
        self.now = 0
        self.peak = 0
        self.method = ""
        self._convict = ALWAYS | frozenset(convict)
        self._slow = slow
        self._at_once = at_once
        self._named = named
        self._place: Place | None = None
        self._held: list[tuple[int, int, Call, Flight, str]] = []
        self._flights: list[Flight] = []
        self._told: set[int] = set()
        self._looks = 0
        self._numbers = itertools.count()
        self._left: dict[str, list[int]] = {}
        for item, takes in zip(plan.items, plan.milliseconds, strict=True):
            self._left.setdefault(item, []).append(takes)
        # Nobody can guess what a call gives: who has it has made the call.
        self._tokens: dict[str, list[str]] = {item: [] for item in plan.items}

    def attend(self, place: Place) -> None:
        """Serve the calls: what `Submission.attended` takes."""
        pump(place, self)
        # A process is not believed to have ended because it was told to.
        known = bool(self._told) and tasks.can_tell(place.root, place.ours)
        if known and self._told & {task.pid for task in at_rest(place).values()}:
            self._fail("wrong-calls", f"{self.tool.name} ended its process, and the process goes on")

    def begin(self, place: Place, method: str) -> None:
        """A request is under way."""
        self._place = place
        self._token = place.tokens()
        self.method = method

    def arrived(self, call: Call) -> None:
        """Hold a call."""
        item = call.args[0] if len(call.args) == 1 and call.number == self.tool.number else None
        takes = self._left.get(item) if type(item) is str else None
        if takes is None:
            self._fail("wrong-calls", nobody_asked(self.tool.name, call.args))
            return
        assert item is not None
        if not takes:
            count = self.plan.items.count(item)
            self._fail("wrong-calls", f"{self.tool.name}({item!r}) was called again; it stands there {count} x")
            return
        assert self._place is not None
        # By its name, since calls that begin at one time arrive in any order.
        token = self._token((item, len(self._tokens[item])))[:6]
        token = f"{item} {token}" if self._named else token
        self._tokens[item].append(token)
        flight = Flight(item, self.now, self.now + takes.pop(0))
        self._flights.append(flight)
        heapq.heappush(self._held, (flight.end, next(self._numbers), call, flight, token))
        self.peak = max(self.peak, len(self._held))
        if self._place.worker != call.pid:
            self._fail("processes-for-io", "the calls come from other processes; to wait takes threads only")
        if len(self._held) > self.plan.workers:
            most = self.plan.workers
            self._fail("limit-exceeded", f"{_calls(len(self._held))} in flight where at most {most} may be", most)

    def holding(self) -> bool:
        """Whether any is in flight."""
        return bool(self._held)

    def full(self) -> bool:
        """Whether as many calls are in flight as there may be."""
        return len(self._held) >= self._possible()

    def judged(self) -> bool:
        """Whether it counts if fewer are; it does as long as there is none, since nothing can be done then."""
        return not self._held or self._slow is not None or "under-utilised" in self._convict

    def _possible(self) -> int:
        over = len(self._flights) - len(self._held)
        return min(self.plan.workers, len(self.plan.items) - over)

    def still(self, state: Still) -> bool:
        """Check what is in flight, then let the earliest call return."""
        if not self._held:
            if state.how == "asleep":
                self._fail("deadlock", "every thread waits, no call is in flight, and nothing can wake them")
            return False
        held, possible = len(self._held), self._possible()
        if held < possible:
            if held == 1 and self._held[0][2].on_loop:
                self._fail("loop-blocked", "a call blocks the event loop, so nothing else can start", possible)
            if self.peak == 1:
                self._fail(
                    "serial", f"1 call is in flight where {possible} could be: each waits for the one before", possible
                )
            self._fail("under-utilised", f"{_calls(held)} in flight where {possible} could be", possible)
        elif self._place is not None and not ends.attended(self._place, state, held):
            # Bytes on many connections are no calls: a call keeps its thread waiting.
            self._looks += 1
            if state.how == "busy" and self._looks < ends.LOOKS:
                return False
            self._fail("wrong-calls", f"{_calls(held)} in flight, but fewer threads wait for them")
        self._looks = 0
        self._end()
        while self._at_once and self._held:
            self._end()
        return True

    def _end(self) -> None:
        end, _, call, flight, token = heapq.heappop(self._held)
        self.now = end
        flight.over = True
        if flight.name in self.plan.dies:
            if call.pid == os.getpid():
                raise WorkerDied("it called what ends a process in the process that it runs in")
            flight.how = "ended its process"
            self._told.add(call.pid)
            call.exits(self.plan.dies[flight.name])
        elif flight.name in self.plan.fails:
            flight.how = f"raised {self.plan.fails[flight.name]}"
            call.raises(self.plan.fails[flight.name], (flight.name, token))
        else:
            call.returns(token)
        waiting = len(self.plan.items) - sum(each.over for each in self._flights)
        if flight.name == self._slow and waiting:
            who = "1 call" if waiting == 1 else f"{waiting} calls"
            sentence = f"{who} waited for the slow {self._slow!r}, instead of going on beside it"
            raise Violation("under-utilised", sentence, self.timeline())

    def _fail(self, reason: Reason, sentence: str, could: int | None = None) -> None:
        if reason in self._convict:
            raise Violation(reason, sentence, self.timeline(could))

    def timeline(self, could: int | None = None) -> tuple[str, ...]:
        """Return the schedule so far as text. could: how many calls could be in flight, if it is about that."""
        if not self._flights:
            return ()
        # Calls that begin at one time arrive in any order; two runs are to show the same.
        flights = sorted(self._flights, key=lambda flight: (flight.start, self.plan.items.index(flight.name)))
        missing = [item for item, left in self._left.items() for _ in left]
        return timeline.draw(flights, missing, self.now, could)

    def check(self, submission: Submission, results: Any) -> None:
        """Compare what came back with what the calls gave.

        Raises:
            Violation: "wrong-calls" or "wrong-order".
        """
        self.check_calls()
        if type(results) is not list:
            raise Violation("wrong-calls", f"what came back is no list: {described(results)}", self.timeline())
        with submission.aside():
            given = [_parts(submission, found) for found in results]
        expected = self._expected(given)
        if given == expected:
            return
        known = sorted(given) == sorted(expected)
        sentence = "stand in other places than their items" if known else "are not what the calls gave, one for each"
        pairs = itertools.zip_longest(results, given, expected)
        differences = tuple(
            (
                f"[{place}]",
                _shown(found, parts) if place < len(given) else "nothing",
                _shown(None, gave) if place < len(expected) else "nothing",
            )
            for place, (found, parts, gave) in enumerate(pairs)
            if parts != gave
        )
        reason: Reason = "wrong-order" if known else "wrong-calls"
        raise Violation(reason, f"the results {sentence}", self.timeline(), differences[:MOST])

    def _expected(self, given: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
        """Return what should have come back; of equal items the calls may stand in any order, so in that of `given`."""
        left = {item: sorted(self._gave(item, token) for token in made) for item, made in self._tokens.items()}
        right: dict[int, tuple[str, ...]] = {}
        for place, (item, found) in enumerate(zip(self.plan.items, given, strict=False)):
            if found in left[item]:
                left[item].remove(found)
                right[place] = found
        return [right[place] if place in right else left[item].pop(0) for place, item in enumerate(self.plan.items)]

    def ends(self, item: str) -> int:
        """Return the millisecond at which the last call for an item is over, 0 if there was none."""
        return max((flight.end for flight in self._flights if flight.name == item), default=0)

    def raised(self, item: str) -> list[tuple[str, tuple[str, str]]]:
        """Return what the calls for a failing item raised, as (type, arguments)."""
        return [(self.plan.fails[item], (item, token)) for token in self._tokens[item]]

    def _gave(self, item: str, token: str) -> tuple[str, ...]:
        """Return what a call gave, as `_parts` does."""
        return (self.plan.fails[item], item, token) if item in self.plan.fails else ("", token)

    def check_calls(self) -> None:
        """Check that there was one call for each item and that all of them are over.

        Raises:
            Violation: "wrong-calls".
        """
        if self._held:
            calls = "1 call was" if len(self._held) == 1 else f"{len(self._held)} calls were"
            self._fail("wrong-calls", f"it returned while {calls} in flight")
        made = Counter(flight.name for flight in self._flights)
        for item, count in Counter(self.plan.items).items():
            if made[item] != count:
                times = f"{made[item]} x, and stands there {count} x"
                self._fail("wrong-calls", f"{self.tool.name}({item!r}) was called {times}")

    def speedup(self) -> str:
        """Return how much faster than one call after another it was, for the score card."""
        alone, best = self.plan.alone(), self.plan.best()
        got, most = alone / max(self.now, 1), alone / max(best, 1)
        return (
            f"{got:.1f} x of at most {max(got, most):.1f} x "
            f"({self.method}, {len(self.plan.items)} calls, {self.plan.workers} workers)"
        )


def _parts(submission: Submission, found: Any) -> tuple[str, ...]:
    """Return an exception as its type and arguments, a text behind "", anything else as nothing.

    By its parts: the text that shows an exception is no exception.
    """
    if type(found) is str:
        return "", found
    if not isinstance(found, Handle):
        return ()
    try:
        kind, arguments = submission.type(found), found.args
    except Exception as error:
        if remote_of(error) is None:
            raise
        return ()
    if not isinstance(kind, type) or kind.__name__ != kind.__bases__[0].__name__:
        return ()
    if type(arguments) is not tuple or not all(type(each) is str for each in arguments):
        return ()
    return kind.__name__, *arguments


def _shown(found: Any, parts: tuple[str, ...]) -> str:
    """Return a result as text, by its parts if it has any."""
    if not parts:
        return described(found)
    kind, *arguments = parts
    return f"{kind}({', '.join(map(show, arguments))})" if kind else show(arguments[0])


def _calls(count: int) -> str:
    return "1 call is" if count == 1 else f"{count} calls are"
