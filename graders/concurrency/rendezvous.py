"""Computing at the same time: as many processes as allowed must hold work at one moment.

Calls are held until the submission is still; then those in flight must come from different processes, none of them the
caller. No clock is used, so the check works on one core as well. The time saved is measured separately, for
information, where the machine can show it.
"""

from __future__ import annotations

import time

from graders.concurrency import ends, tasks
from graders.concurrency.leftovers import started
from graders.concurrency.measure import Control
from graders.concurrency.plan import Plan
from graders.concurrency.pump import SHORTEST, pump
from graders.concurrency.standin import StandIn
from graders.concurrency.stillness import Still
from graders.concurrency.verdict import Reason, Violation, about_its_run, nobody_asked
from graders.sandbox.exchange import Call, Place, Tool

_ROWS = 12


class Rendezvous:
    """A run of a submission with an instrument that computes.

    Args:
        items: the submission's input, one call for each, all different.
        workers: how many processes may meet, and must while there are so many items.
        measure: whether the processes compute once they have met, to take the time.
        name: of the instrument.
    """

    patience = SHORTEST

    def __init__(self, items: tuple[str, ...], workers: int, *, measure: bool = False, name: str = "fn") -> None:
        self.items = items
        self.workers = workers
        self._stand_in = StandIn(name, Plan(items, (1,) * len(items), workers))
        self.tool = Tool(name, self._stand_in.source())
        self.method = ""
        self.results: dict[str, str] = {}
        # When too few processes met: how many the submission had and how many held a call; 0 if unknown.
        self.started = self.asked = 0
        # Whether each process that holds no call waits at a lock; a process that waits for an item reads.
        self.locked = False
        self._place: Place | None = None
        self._held: list[Call] = []
        self._begun: list[str] = []
        self._met = False
        self._looks = 0
        self._control = Control(workers) if measure else None
        self._working: list[Call] = []
        self._started = self._took = 0.0

    @about_its_run
    def attend(self, place: Place) -> None:
        """Serve the calls: what `Submission.attended` takes."""
        try:
            pump(place, self)
        finally:
            if self._control is not None:
                self._control.close()

    def begin(self, place: Place, method: str) -> None:
        """A request is under way."""
        self._place = place
        self._token = place.tokens()
        self.method = "rendezvous" if method == "virtual time" else method

    def arrived(self, call: Call) -> None:
        """Hold a call, or let one that has computed return."""
        if call in self._working:
            self._working.remove(call)
            self._took = time.perf_counter() - self._started
            self._return(call)
            return
        item = call.args[0] if len(call.args) == 1 and call.number == self.tool.number else None
        if type(item) is not str or item not in self.items:
            raise self._violation("wrong-calls", nobody_asked(self.tool.name, call.args))
        if item in self._begun:
            raise self._violation("wrong-calls", f"{self.tool.name}({item!r}) was called again")
        self._begun.append(item)
        self._held.append(call)
        if len(self._held) + len(self._working) > self.workers:
            raise self._violation(
                "limit-exceeded", f"{len(self._held)} calls are in flight where at most {self.workers} may be"
            )
        if (self._met or self.workers == 1) and self._place is not None and call.pid == self._place.worker:
            # Earlier, with more than one, it shows when they meet.
            raise self._violation("caller-works", self._by_the_caller(call))

    def holding(self) -> bool:
        """Whether any call is in flight."""
        return bool(self._held)

    def full(self) -> bool:
        """Whether as many processes hold work as possible."""
        return self._met or len(self._held) >= self._possible()

    def judged(self) -> bool:
        """Whether it counts if fewer do: only until they have met."""
        return not self._met

    def _possible(self) -> int:
        return min(self.workers, len(self.items) - len(self._begun) + len(self._held))

    def still(self, state: Still) -> bool:
        """Check which processes have met, and let all go on."""
        if self._working:
            return False
        if not self._held:
            if state.how == "asleep":
                raise self._violation("deadlock", "everybody waits, no call is in flight, and nothing can wake them")
            return False
        if not self._met:
            if not self._check(state):
                return False
            self._met = True
            if self._control is not None and self._control.rounds:
                self._working, self._held = self._held, []
                self._started = time.perf_counter()
                for call in self._working:
                    call.works(self._control.rounds)
                return True
        held, self._held = self._held, []
        for call in held:
            self._return(call)
        return True

    def _return(self, call: Call) -> None:
        item = call.args[0]
        self.results[item] = f"{item} {self._token(item)[:6]}"
        self.tool.replies[self.results[item]] = self._stand_in.result(item, 0)
        call.returns(self.results[item])

    def _check(self, state: Still) -> bool:
        """Return whether they have met; False if that is not known yet."""
        held, possible = len(self._held), self._possible()
        pids = {call.pid for call in self._held}
        assert self._place is not None
        by_the_caller = next((call for call in self._held if call.pid == self._place.worker), None)
        if held == 1 < possible:
            if by_the_caller is not None:
                raise self._violation("caller-works", self._by_the_caller(by_the_caller))
            raise self._violation("serial", f"1 call is in flight where {possible} could be{self._why(state, pids)}")
        if len(pids) < held:
            raise self._violation(
                "threads-for-cpu", f"{held} calls are in flight, in {len(pids)} process: threads share one interpreter"
            )
        if by_the_caller is not None:
            raise self._violation("caller-works", self._by_the_caller(by_the_caller))
        if held < possible:
            why = self._why(state, pids)
            raise self._violation("under-utilised", f"{held} calls are in flight where {possible} could be{why}")
        if ends.attended(self._place, state, held):
            return True
        self._looks += 1
        if state.how == "busy" and self._looks < ends.LOOKS:
            return False
        raise self._violation("wrong-calls", f"{held} calls are in flight, but fewer threads wait for them")

    def _by_the_caller(self, call: Call) -> str:
        return f"{self.tool.name}({call.args[0]!r}) was called by the caller itself, in place of another process"

    def _why(self, state: Still, pids: set[int]) -> str:
        """Return what the kernel tells of the processes that don't take part, as the end of a sentence."""
        if not state.tree or self._place is None:
            return ""
        idle = started(self._place, state.tree) - pids
        self.started, self.asked = len(idle) + len(pids), len(pids)
        self.locked = bool(idle) and idle <= tasks.locked(state.waits)
        if self.started > self.asked:
            has = "has" if self.asked == 1 else "have"
            name = self.tool.name
            return f": {self.started} processes have been started, and only {self.asked} of them {has} called {name}"
        return (
            f": {self.asked} processes have been started" if self.asked > 1 else ": no second process has been started"
        )

    def _violation(self, reason: Reason, sentence: str) -> Violation:
        return Violation(reason, sentence, self.timeline())

    def timeline(self) -> tuple[str, ...]:
        """Return which process holds which item, as lines of text."""
        names: dict[int, str] = {}
        held = sorted(self._held, key=lambda call: self.items.index(call.args[0]))
        for call in held:
            main = self._place is not None and call.pid == self._place.worker
            names.setdefault(call.pid, "the caller" if main else f"process {len(names) + 1}")
        width = max(map(len, names.values()), default=0)
        lines = [f"{names[call.pid]:{width}}  {self.tool.name}({call.args[0]!r})  in flight" for call in held]
        left = len(self.items) - len(self._begun)
        return (*lines[:_ROWS], f"{len(self.results)} calls are over, {left} had not begun")

    @about_its_run
    def check_calls(self) -> None:
        """Check that there was one call for each item and that all of them are over.

        Raises:
            Violation: "wrong-calls".
        """
        if len(self.results) != len(self.items):
            raise self._violation(
                "wrong-calls", f"it returned when {len(self.results)} of {len(self.items)} calls were over"
            )

    def speedup(self) -> str:
        """Return what is known of the speed, for the score card: in plain words, and a line of figures."""
        text = f"{len(self.items)} items kept {self.workers} processes busy at the same time\n"
        text += f"{self.workers} of {self.workers} processes at the same time ({self.method}, {len(self.items)} items)"
        return text if self._control is None else f"{text}; {self._control.report(self._took)}"
