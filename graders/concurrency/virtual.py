"""I/O in virtual time: calls take as long as their plan says, and no time passes on any clock.

Every call is held. Once the submission is still, no more calls will come at this instant: the number in flight is
checked, the clock moves to the earliest end, that call returns, and so on. The resulting schedule is exact and the same
on any machine under any load.
"""

from __future__ import annotations

import contextlib
import heapq
import itertools
import os
import time
from collections import Counter
from collections.abc import Collection
from typing import Any, get_args

from graders.authoring.criterion import because
from graders.authoring.differences import MOST
from graders.concurrency import ends, tasks, timeline
from graders.concurrency.leftovers import at_rest
from graders.concurrency.plan import Plan
from graders.concurrency.pump import SHORTEST, pump
from graders.concurrency.standin import StandIn
from graders.concurrency.stillness import Still
from graders.concurrency.timeline import Flight
from graders.concurrency.verdict import NO_LIST, Reason, Violation, about_its_run, nobody_asked
from graders.sandbox.errors import Hung, UsedUp, remote_of
from graders.sandbox.exchange import Call, Place, Tool
from graders.sandbox.proxy import Handle, Submission, described
from graders.sandbox.transcript import show

EVERY: frozenset[Reason] = frozenset(get_args(Reason))
ALWAYS: frozenset[Reason] = frozenset({"deadlock", "wrong-calls"})


class VirtualTime:
    """A run of a submission with a blocking instrument.

    Args:
        plan: of the calls.
        convict: the reasons to fail it for while it runs; "deadlock" and "wrong-calls" always are.
        name: of the instrument.
        slow: an item whose call must be the last to end, or it is "under-utilised".
        at_once: whether all calls in flight return once they have been counted: many at the price of one.
        named: whether results name their items, for the learner; a submission that sorts results could use that.
        outlast: hold the first calls until the submission's own timers that expire within so many seconds have done
            so: a limit of its own on how long a call may take. Without such a timer nothing waits.
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
        outlast: float = 0.0,
    ) -> None:
        self.plan = plan
        self._outlast = outlast
        # When the timer of a task expires, by the task's id and its turns so far.
        self._timers: dict[tuple[int, int], float] = {}
        self._until = 0.0
        self._stand_in = StandIn(name, plan, named=named, sleeps=outlast)
        self.tool = Tool(name, self._stand_in.source())
        self.now = 0
        self.peak = 0
        # The oldest call in flight, if calls that could begin wait for it and not for the first to end.
        self.oldest = ""
        # Whether a full pool starts no call after one has ended, as with batches; and what was called too often.
        self.batch = False
        self.again = ""
        self.method = ""
        # Whether any call came from a process other than the worker.
        self.elsewhere = False
        self._convict = ALWAYS | frozenset(convict)
        self._slow = slow
        self._at_once = at_once
        self._named = named
        self._place: Place | None = None
        self._held: list[tuple[int, int, Call, Flight, str]] = []
        self._flights: list[Flight] = []
        self._told: set[int] = set()
        self._died = False  # whether the last call that ended has ended its process
        self._looks = 0
        self._numbers = itertools.count()
        self._left: dict[str, list[int]] = {}
        for item, takes in zip(plan.items, plan.milliseconds, strict=True):
            self._left.setdefault(item, []).append(takes)
        # A call's result can't be guessed: a submission that has it has made the call.
        self._tokens: dict[str, list[str]] = {item: [] for item in plan.items}

    @about_its_run
    def attend(self, place: Place) -> None:
        """Serve the calls: what `Submission.attended` takes."""
        try:
            pump(place, self)
        except Hung as hung:
            if not self._flights or isinstance(hung, UsedUp):
                raise
            found = Hung(f"{str(hung).partition(':')[0]}: {self._progress()}", hung.stack, doubt=hung.doubt)
            found.timeline, found.reason = self.timeline(), "deadlock"
            raise found from hung
        # A process that was told to end may not have ended.
        known = bool(self._told) and tasks.can_tell(place.root, place.ours)
        if known and self._told & {task.pid for task in at_rest(place).values()}:
            self._fail("wrong-calls", f"{self.tool.name} ended its process, and the process goes on")

    def _progress(self) -> str:
        """Return how far the calls have come, for a submission that does not return."""
        left = len(self.plan.items) - len(self._flights)
        if self._held:
            return f"{_calls(len(self._held))} in flight"
        if left:
            return f"no call is in flight, and {'1 item is' if left == 1 else f'{left} items are'} left"
        return "all calls are over, and it goes on to wait"

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
            self.again = item
            count = self.plan.items.count(item)
            self._fail("wrong-calls", f"{self.tool.name}({item!r}) was called again, expected {_times(count)}")
            return
        assert self._place is not None
        # By its item, since calls that begin at one time arrive in any order.
        token = self._token((item, len(self._tokens[item])))[:6]
        token = f"{item} {token}" if self._named else token
        self.tool.replies[token] = self._stand_in.result(item, len(self._tokens[item]))
        self._tokens[item].append(token)
        flight = Flight(item, self.now, self.now + takes.pop(0))
        self._flights.append(flight)
        heapq.heappush(self._held, (flight.end, next(self._numbers), call, flight, token))
        self.peak = max(self.peak, len(self._held))
        if self._place.worker != call.pid:
            self.elsewhere = True
            self._fail("processes-for-io", "the calls come from other processes; to wait takes threads only")
        if len(self._held) > self.plan.workers:
            most = self.plan.workers
            self._fail("limit-exceeded", f"{_calls(len(self._held))} in flight where at most {most} may be", most)

    def holding(self) -> bool:
        """Whether any call is in flight."""
        return bool(self._held)

    def full(self) -> bool:
        """Whether as many calls are in flight as may be."""
        # Not even then after a death: a pool that replaces dead processes is full again before it notices them.
        return not self._died and len(self._held) >= self._possible()

    def judged(self) -> bool:
        """Whether it counts if fewer are; it always does if none is, since nothing can be done then."""
        return not self._held or self._slow is not None or "under-utilised" in self._convict

    def _possible(self) -> int:
        over = len(self._flights) - len(self._held)
        return min(self.plan.workers, len(self.plan.items) - over)

    def still(self, state: Still) -> bool:
        """Check what is in flight, then let the earliest call return."""
        if not self._held:
            if state.how == "asleep":
                left = len(self.plan.items) - len(self._flights)
                calls = "all calls are over, " if self._flights and not left else "no call is in flight, "
                if not self.plan.items:
                    calls = ""  # none was to be made
                who = "process" if self._place and self._place.exchange.callers - {self._place.worker} else "thread"
                self._fail("deadlock", f"every {who} waits, {calls}and nothing can wake them")
            return False
        held, possible = len(self._held), self._possible()
        if held < possible:
            if held == 1 and self._held[0][2].on_loop:
                self._fail("loop-blocked", "a call blocks the event loop, so nothing else can start", possible)
            if self.peak == 1:
                self._fail(
                    "serial", f"1 call is in flight where {possible} could be: each waits for the one before", possible
                )
            sentence = f"{_calls(held)} in flight where {possible} could be"
            self._fail("under-utilised", sentence + self._for_the_oldest(), possible)
        elif self._place is not None and not ends.attended(self._place, state, held):
            # Bytes on many connections are not calls yet: a call keeps its thread waiting.
            self._looks += 1
            if state.how == "busy" and self._looks < ends.LOOKS:
                return False
            self._fail("wrong-calls", f"{_calls(held)} in flight, but fewer threads wait for them")
        self._looks = 0
        if self._outlast and self._to_outlast(state):
            return False
        self._end()
        while self._at_once and self._held:
            self._end()
        return True

    def _to_outlast(self, state: Still) -> bool:
        """Whether a timer is about to expire that was there at the first stillness, or soon after."""
        self._until = self._until or time.monotonic() + self._outlast
        for thread, wait in state.waits.items():
            # During a sleep the kernel tells its full length, not what is left of it.
            asleep = thread, state.tree[thread].turns
            if self._timers.setdefault(asleep, wait.deadline) <= self._until:
                return True
        self._outlast = 0.0
        return False

    def _end(self) -> None:
        end, _, call, flight, token = heapq.heappop(self._held)
        self.now = end
        flight.over = True
        self._died = flight.name in self.plan.dies
        if self._died:
            if self._place is None or call.pid in (self._place.worker, os.getpid()):
                # After its end, only an exit code would be left to report.
                called = f"{self.tool.name}({flight.name!r})"
                sentence = f"the caller's own process would end: {called} was called in it, not in another process"
                raise Violation("caller-works", sentence, self.timeline())
            flight.how = "ended its process"
            self._told.add(call.pid)
            call.exits(self.plan.dies[flight.name])
        elif flight.name in self.plan.fails:
            flight.how = f"raised {self.plan.fails[flight.name]}"
            call.raises(self.plan.fails[flight.name], (flight.name, token))
        else:
            call.returns(token)
        if flight.name == self._slow:
            self._for_the_oldest(flight)
        waiting = len(self.plan.items) - sum(each.over for each in self._flights)
        if flight.name == self._slow and waiting:
            who = "1 call" if waiting == 1 else f"{waiting} calls"
            sentence = f"{who} waited for the slow {self._slow!r}, instead of going on beside it"
            raise Violation("under-utilised", sentence, self.timeline())

    def _for_the_oldest(self, last: Flight | None = None) -> str:
        """Return the sentence for calls that wait for the oldest one, "" if they don't, and keep its name.

        A batch begins no call while others of it are in flight; "" if no call shows that. last: a call that has just
        ended, to be counted as in flight.
        """
        flights = sorted(self._flights, key=lambda flight: (flight.start, self.plan.items.index(flight.name)))
        oldest = next((flight for flight in flights if not flight.over or flight is last), None)
        slid = any(one.start < other.start < one.end for one in flights for other in flights)
        self.batch = self.peak == self.plan.workers and not slid
        left = [item for item, times in self._left.items() if times]
        if oldest is None or not slid or not left:
            return ""
        over = [each for each in flights[flights.index(oldest) + 1 :] if each.over]
        if not over:
            return ""
        self.oldest = oldest.name
        return f". {left[0]!r} has not begun: {oldest.name!r}, the oldest, is not over, but {over[0].name!r} is"

    def _fail(self, reason: Reason, sentence: str, could: int | None = None) -> None:
        if reason in self._convict:
            raise Violation(reason, sentence, self.timeline(could))

    def timeline(self, could: int | None = None) -> tuple[str, ...]:
        """Return the schedule so far as text. could: how many calls could be in flight, if it is about that."""
        if not self._flights:
            return ()
        # Calls that begin at one time arrive in any order; two runs must show the same.
        flights = sorted(self._flights, key=lambda flight: (flight.start, self.plan.items.index(flight.name)))
        missing = [item for item, left in self._left.items() for _ in left]
        return timeline.draw(flights, missing, self.now, could)

    @about_its_run
    def check(self, submission: Submission, results: Any) -> None:
        """Compare what came back with what the calls gave.

        Raises:
            Violation: "wrong-calls" or "wrong-order".
        """
        self.check_calls(results)
        if type(results) is not list:
            with because(*NO_LIST):
                raise Violation("wrong-calls", f"what came back is not a list: {described(results)}", self.timeline())
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
        # Calls that take no time end in any order, and would show nothing.
        self.tool.definition = self._stand_in.source(slow=known)
        raise Violation(reason, f"the results {sentence}", self.timeline(), differences[:MOST])

    def _expected(self, given: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
        """Return the expected results; those of equal items may come in any order, so in that of `given`."""
        left = {item: sorted(self._gave(item, token) for token in made) for item, made in self._tokens.items()}
        right: dict[int, tuple[str, ...]] = {}
        for place, (item, found) in enumerate(zip(self.plan.items, given, strict=False)):
            if found in left[item]:
                left[item].remove(found)
                right[place] = found
        return [right[place] if place in right else left[item].pop(0) for place, item in enumerate(self.plan.items)]

    def in_time(self) -> None:
        """Have the stand-in take as long as the calls, for a failure that shows only then."""
        self.tool.definition = self._stand_in.source(slow=True)

    def over(self) -> bool:
        """Whether there was a call for each item, and all of them are over."""
        return len(self._flights) == len(self.plan.items) and not self._held

    def ends(self, item: str) -> int:
        """Return the millisecond at which the last call for an item ends, 0 if there was none."""
        return max((flight.end for flight in self._flights if flight.name == item), default=0)

    def dealt_out(self) -> bool:
        """Whether a call has not begun although calls for an earlier and a later item are over; items must differ."""
        over = [self.plan.items.index(flight.name) for flight in self._flights if flight.over]
        left = [self.plan.items.index(item) for item, times in self._left.items() if times]
        differ = len(self._left) == len(self.plan.items)
        return differ and bool(over) and any(min(over) < place < max(over) for place in left)

    def raised(self, item: str) -> list[tuple[str, tuple[str, str]]]:
        """Return what the calls for a failing item raised, as (type, arguments)."""
        return [(self.plan.fails[item], (item, token)) for token in self._tokens[item]]

    def gave(self, item: str) -> str:
        """Return what the first call for an item gave, or the second argument of what it raised; "" without a call."""
        return next(iter(self._tokens[item]), "")

    def _gave(self, item: str, token: str) -> tuple[str, ...]:
        """Return what a call gave, as `_parts` does."""
        return (self.plan.fails[item], item, token) if item in self.plan.fails else ("", token)

    @about_its_run
    def check_calls(self, results: Any = ()) -> None:
        """Check that there was one call for each item and that all of them are over.

        results: of the submission, which may explain missing calls: a generator has not made them yet.

        Raises:
            Violation: "wrong-calls".
        """
        if self._held:
            calls = "1 call was" if len(self._held) == 1 else f"{len(self._held)} calls were"
            self._fail("wrong-calls", f"it returned while {calls} in flight")
        made = Counter(flight.name for flight in self._flights)
        for item, count in Counter(self.plan.items).items():
            if made[item] != count:
                if made[item] < count and isinstance(results, Handle):
                    sentence = f"{described(results)} came back in place of a list, and calls are missing"
                    with because(*NO_LIST):
                        self._fail("wrong-calls", sentence)
                call = f"{self.tool.name}({item!r})"
                self._fail("wrong-calls", f"{call} was called {_times(made[item])}, expected {_times(count)}")

    def speedup(self) -> str:
        """Return how much faster than one call after another it was: in plain words, and a line of figures."""
        alone, best = self.plan.alone(), self.plan.best()
        got, most = alone / max(self.now, 1), alone / max(best, 1)
        return (
            f"{len(self.plan.items)} calls kept {self.plan.workers} workers busy\n"
            f"{got:.1f} x of at most {max(got, most):.1f} x "
            f"({self.method}, {len(self.plan.items)} calls, {self.plan.workers} workers)"
        )


def watching(submission: Submission) -> contextlib.AbstractContextManager[None]:
    """Detect at once, as a "deadlock", a call that waits for ever, though no instrument takes part."""
    return submission.attended(VirtualTime(Plan((), (), 1)).attend)


def _parts(submission: Submission, found: Any) -> tuple[str, ...]:
    """Return an exception as its type and arguments, a text as "" and the text, anything else as ().

    By its parts: a text that looks like an exception is not one.
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


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def _calls(count: int) -> str:
    return "1 call is" if count == 1 else f"{count} calls are"
