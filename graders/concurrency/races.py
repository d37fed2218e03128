"""Races, found on purpose: a run is repeated with its threads stopped where they can disturb each other.

A thread of the submission's asks before each visible operation of its own code (`graders.sandbox.child.interleave`),
and one thread at a time goes on, until it waits for something. Two kinds of schedule for each such place find nearly
all races; both are legal, since a thread may be interrupted anywhere and for any time:

- `meet`: all threads that come to the place stop there until nothing else can move. Then each of them does that one
  operation, and all go on. What they checked before no longer holds.
- `wait`: one thread stops there until every other thread has ended or waits.

So chance has no part in it: the places and their order are the same with every seed. It is
delay-bounded scheduling with one delay (Emmi, Qadeer, Rakamaric: POPL 2011), a cousin of CHESS and PCT.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Literal, Self

from graders.authoring.differences import Difference
from graders.authoring.expectation import Unmet
from graders.concurrency import stillness, tasks
from graders.concurrency.plan import Plan
from graders.concurrency.pump import Watch
from graders.concurrency.stillness import Still
from graders.concurrency.verdict import Reason, Violation
from graders.concurrency.virtual import VirtualTime
from graders.sandbox.errors import Forged, Hung, SubmissionFault, remote_of
from graders.sandbox.exchange import Call, Line, Place, Tool
from graders.sandbox.proxy import Submission

MOST_PLACES = 24  # that are tried; a pool needs about ten
MOST_SECONDS = 3.0  # of the submission's own, for all runs of one check; only one that never sleeps needs so much
MOST_TASKS = 24  # of a submission; a pool of two has about five
_ROWS = 16  # of a schedule that are shown
_WIDTH = 50  # of a line in it
_MOST_LINES = 1 << 20  # a file has no more bytes
_KEPT = 1_000  # moves of one run

Spot = tuple[int, int]  # a visible operation: the code, the offset in it
How = Literal["plain", "explore", "meet", "wait"]


@dataclass(frozen=True)
class _Move:
    """What a thread does: it runs a line, or stops before it, or calls the instrument (line 0)."""

    thread: int
    line: int
    does: str = ""


@dataclass
class _Place:
    """A visible operation that a run reached. several: whether a thread other than the caller's reached it."""

    line: int
    several: bool = False


class Interleaving(VirtualTime):
    """A run with one schedule. A failure within ``with run:`` is a race.

    Args:
        submission: whose threads they are.
        plan: of the calls; calls in flight return at the same time.
        how: the kind of schedule; spot, line: its place.
        convict: see `Interleavings`.
        ask: the instrument that threads ask.
        name: of the instrument.
    """

    def __init__(
        self,
        submission: Submission,
        plan: Plan,
        how: How,
        spot: Spot | None,
        line: int,
        convict: Collection[Reason],
        ask: Tool,
        name: str,
    ) -> None:
        super().__init__(plan, convict=convict, name=name, at_once=True)
        self.how = how
        self.line = line
        self.found: dict[Spot, _Place] = {}
        # Whether this load of the submission allows no further run.
        self.last = False
        self._submission = submission
        self._wanted = frozenset(convict)
        self._spot = spot
        self._ask = ask
        self._queue: list[Call] = []
        self._stopped: list[Call] = []
        self._turn = -1
        self._stepping = False
        self._waited = False
        self._stopped_caller = False
        self._threads: dict[Line, int] = {}
        self._moves: list[_Move] = []
        self._begins = 0
        self._idle: Violation | None = None
        self._source: list[str] = []

    def __enter__(self) -> Self:
        self._rehearsal = self._submission.rehearsal()
        self._rehearsal.__enter__()
        self._submission.interleave(None if self.how == "plain" else self._ask)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        self._submission.interleave(None)
        self._rehearsal.__exit__(kind, error, trace)
        if error is None:
            self.last = self.method != "virtual time"
            error = self._idle
        if error is None:
            return False
        # A failure that the machine may have caused is compared with a control run, as anywhere.
        theirs = isinstance(error, Violation | AssertionError) or (isinstance(error, Hung) and not error.doubt)
        if not theirs and not (isinstance(error, Exception) and remote_of(error) is not None):
            return False
        self.last = True
        reason: Reason = "deadlock" if isinstance(error, Hung) else "wrong-calls"
        reason = error.reason if isinstance(error, Violation) else reason
        if reason not in self._wanted and not isinstance(error, AssertionError):
            return True
        if self.how == "plain" and error is not self._idle:
            return False
        raise error if self.how == "plain" else self._race(error) from error

    def _race(self, error: BaseException) -> Violation:
        """Return the violation for a failure that this schedule caused."""
        differences: tuple[Difference, ...] = ()
        if isinstance(error, Violation):
            what, differences = str(error).partition(": ")[2], error.differences
        elif isinstance(error, Hung):
            what = str(error).partition(": ")[2]
        else:
            remote = remote_of(error)
            what = f"{remote.type} is raised" if remote is not None else "it gives something else"
            if isinstance(error, Unmet) and error.text:
                what = f"this does not hold: {error.text}"
        when = {
            "meet": f"threads meet at line {self.line}",
            "wait": f"a thread is interrupted before line {self.line}",
        }.get(self.how, "threads take turns")
        found = Violation("race", f"if {when}, {what}", self.schedule(), differences)
        found.stack = error.stack if isinstance(error, SubmissionFault) else ()
        found.stuck = isinstance(error, Violation) and error.stuck
        return found

    def attend(self, place: Place) -> None:
        """Serve the calls; once the answer has come, let every thread that asks go on."""
        super().attend(place)
        if self.how == "plain":
            return
        proof = stillness.of(place)
        watch = Watch(place, proof)
        self._go_on(*self._queue, *self._stopped)
        while proof.look(True) is None:
            watch.look()
            calls, _, happened = place.exchange.take(0)
            for call in calls:
                if call.number == self._ask.number:
                    call.returns(None)
            if happened:
                proof.disturbed()
            time.sleep(0.0002)

    def begin(self, place: Place, method: str) -> None:
        """A request is under way."""
        super().begin(place, method)
        self._source = [] if place.source is None else place.source.lines()

    def arrived(self, call: Call) -> None:
        """Hold a call, or stop a thread."""
        assert self._place is not None
        if call.number != self._ask.number:
            self._note(self._thread(call), 0, f"{self.tool.name}({', '.join(map(repr, call.args))[:60]})")
            super().arrived(call)
            return
        if [type(each) for each in call.args] != [int, int, int, bool] or not all(
            0 <= each < _MOST_LINES for each in call.args[:3]
        ):
            raise Forged("a process sent bytes that are no call of an instrument")
        if call.pid != self._place.worker:
            call.returns(None)
            return
        thread = self._thread(call)
        if self._is_stop(call):
            if not self._stopped:
                self._begins = len(self._moves)
            self._note(thread, call.args[2], "stops before it")
            self._stopped_caller = self._stopped_caller or thread == 0
            self._stopped.append(call)
        elif thread == self._turn and not self._stepping and not (thread == 0 and self.how == "explore"):
            self._go_on(call)
        else:
            self._queue.append(call)

    def _is_stop(self, call: Call) -> bool:
        if call.args[:2] != self._spot or self._stepping:
            return False
        return self.how == "meet" or (self.how == "wait" and not self._waited)

    def _thread(self, call: Call) -> int:
        """Return the number of the thread that calls: 0 for the request's own thread."""
        if call.line not in self._threads:
            first = call.number == self._ask.number and call.args[3] is True
            self._threads[call.line] = 0 if first else 1 + self._others()
        return self._threads[call.line]

    def _others(self) -> int:
        return sum(number > 0 for number in self._threads.values())

    def _note(self, thread: int, line: int, does: str = "") -> None:
        if len(self._moves) < _KEPT:
            self._moves.append(_Move(thread, line, does))

    def holding(self) -> bool:
        """Whether any call is in flight or any thread stopped."""
        return bool(self._queue or self._stopped) or super().holding()

    def full(self) -> bool:
        """Whether a thread or call may go on without proof that no more will come."""
        return bool(self._queue or self._stopped) or super().full()

    def still(self, state: Still) -> bool:
        """Let the next thread go on, else a stopped thread, else the calls."""
        if self._stepping and self._stopped:
            self._go_on(self._stopped.pop(0))
            return True
        self._stepping = False
        if self._queue:
            call = min(self._queue, key=self._thread)
            self._queue.remove(call)
            self._turn = self._thread(call)
            self._go_on(call)
            return True
        self._turn = -1
        if self._stopped and (self.how == "meet" or not self._held or not self._others()):
            self._stepping = self.how == "meet"
            # A thread that stops before there are others will reach the place again.
            self._waited = self._others() > 0
            self._go_on(self._stopped.pop(0))
            return True
        return super().still(state)

    def _go_on(self, *calls: Call) -> None:
        for call in calls:
            number, offset, line, _ = call.args
            thread = self._thread(call)
            if self._others():
                found = self.found.setdefault((number, offset), _Place(line))
                found.several = found.several or thread > 0
            self._note(thread, line)
            call.returns(None)

    def _fail(self, reason: Reason, sentence: str, could: int | None = None) -> None:
        if reason not in ("serial", "under-utilised", "loop-blocked"):
            super()._fail(reason, sentence, could)
        # A stopped thread can't be in flight. And a thread that is stopped while it fills an executor meets a race in
        # CPython: until 3.12 the executor may take a busy thread for an idle one, and start one too few. Other failures
        # count more.
        elif reason in self._wanted and self._idle is None and not self._stopped and not self._stopped_caller:
            self._idle = Violation(reason, sentence, self.timeline(could))

    def schedule(self) -> tuple[str, ...]:
        """Return what the threads did since the last meeting or interruption, in order, as lines of text."""
        rows: list[tuple[str, str]] = []
        for move in self._moves[self._begins :]:
            who = f"thread {move.thread}" if move.thread else "caller"
            text = self._source[move.line - 1] if 0 < move.line <= len(self._source) else ""
            what = f"line {move.line}: {text[:_WIDTH]}" if move.line else ""
            row = who, f"{what:{_WIDTH}}  {move.does}".strip() if what else move.does
            # A line has several operations: it is shown once.
            if not rows or rows[-1] != row:
                rows.append(row)
        column = max((len(who) for who, _ in rows), default=0)
        lines = [f"{who:{column}}  {what}".rstrip() for who, what in rows]
        if self.how == "explore":
            return tuple(lines[-_ROWS:])
        if len(lines) > _ROWS:
            half = _ROWS // 2
            lines = [*lines[:half], f"... and {len(lines) - _ROWS} more", *lines[-half:]]
        return tuple(lines)


class Interleavings:
    """Runs of one plan, each with another schedule; a failure in only one of them is a race.

    The first run leaves the schedule to the submission, and a failure there is not a race: use a plan that other checks
    have run already. Each later run has one schedule::

        for run in Interleavings(submission, Plan(("/a", "/b", "/c"), (10, 10, 10), 2), convict={"limit-exceeded"}):
            with run, submission.attended(run.attend):
                submission.fetch_all(list(run.plan.items), run.tool, max_workers=2)

    Where the kernel does not tell when a submission is still, there is only the first run. A run that fails for a
    reason not in `convict` ends the load, so no further check of the criterion can follow this one.

    Args:
        submission: whose threads they are.
        plan: of the calls.
        convict: the reasons that the check is about; "wrong-calls" covers what is raised or returned, too.
        waits: whether also to try what happens if one thread waits for all others: this doubles the runs.
        name: of the instrument.

    Raises:
        Violation: "race", with the schedule in place of a timeline.
    """

    def __init__(
        self,
        submission: Submission,
        plan: Plan,
        *,
        convict: Collection[Reason],
        waits: bool = True,
        name: str = "fetch",
    ) -> None:
        self._waits = waits
        self._ask = Tool("ask")
        self._submission = submission
        self._make: Callable[[How, Spot | None, int], Interleaving] = lambda how, spot, line: Interleaving(
            submission, plan, how, spot, line, convict, self._ask, name
        )

    def __iter__(self) -> Iterator[Interleaving]:
        place = self._submission.place()
        spent = place.spent

        def enough() -> bool:
            # A submission that leaves threads running must not reach the limit here: that is another mistake.
            return place.spent - spent > MOST_SECONDS or len(tasks.tasks(place.root, place.ours)) > MOST_TASKS

        if enough():
            return
        yield (run := self._make("plain", None, 0))
        if run.last:
            return
        yield (run := self._make("explore", None, 0))
        if run.last:
            return
        found = list(run.found.items())[:MOST_PLACES]
        several = [(spot, place) for spot, place in found if place.several]
        schedules: list[tuple[How, list[tuple[Spot, _Place]]]] = [
            ("meet", several),
            ("wait", found if self._waits else []),
        ]
        for how, spot, at in ((how, *each) for how, places in schedules for each in places):
            yield (run := self._make(how, spot, at.line))
            if run.last or enough():
                return
