"""The names of failures of concurrency."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any, Concatenate, Literal, ParamSpec, Protocol, TypeVar

from graders.authoring.differences import Difference
from graders.sandbox.errors import SubmissionFault
from graders.sandbox.exchange import Tool
from graders.sandbox.transcript import show

_P = ParamSpec("_P")
_R = TypeVar("_R")


class _HasTool(Protocol):
    tool: Tool


_Run = TypeVar("_Run", bound=_HasTool)

Reason = Literal[
    "serial",  # one call at a time
    "under-utilised",  # fewer calls at a time than there could be
    "limit-exceeded",  # more calls at a time than allowed
    "processes-for-io",  # other processes wait for I/O, for which threads suffice
    "caller-works",  # the caller makes calls that are for other processes
    "threads-for-cpu",  # threads compute, though only processes can do so at the same time
    "loop-blocked",  # a blocking call on an event loop, which then serves no other task
    "wrong-order",  # the right results in the wrong places
    "wrong-calls",  # too many calls, too few, or results that no call gave
    "deadlock",  # every task waits and none is left to wake them
    "race",  # any of these, but only if threads meet at the wrong moment
]


# The advice for each reason where a criterion is about something else: the principle, then hints.
_ADVICE: Mapping[Reason, tuple[str, ...]] = {
    "serial": (
        "While one call waits, others can wait as well: only calls that are under way together save time.",
        "How many calls are under way right after the first one has started?",
        "Start all calls that may run before you ask for the first result.",
    ),
    "under-utilised": (
        "A free place among the workers is lost time, as long as there is work.",
        "Which worker is free while calls are left, and what keeps it from taking one?",
    ),
    "limit-exceeded": (
        "The limit is a promise to the other end, and one call too many breaks it.",
        "What is limited: the calls that are under way, or something else that grows with them?",
    ),
    "processes-for-io": (
        "A call that waits needs no processor of its own: a thread is enough, and costs far less than a process.",
        "What does the call do most of the time, compute or wait?",
    ),
    "caller-works": (
        "The caller computes nothing itself: a call that crashes, or takes all memory, must not take it along.",
        "Which line calls the function in the caller's own process?",
        "Is there a short way that skips the workers: for few items, for one, or for those that are left over?",
    ),
    "threads-for-cpu": (
        "The threads of one interpreter take turns at computing; only processes compute at the same time.",
        "What can only one thread of a process hold at a time?",
    ),
    "loop-blocked": (
        "A blocking call on the event loop stops the whole loop: nothing else starts until it returns.",
        "On which thread does the blocking call run?",
    ),
    "wrong-order": (
        "Calls end in any order; the results belong in the order of the items.",
        "In which order do the calls end, and in which do you collect their results?",
    ),
    "wrong-calls": (
        "Each item is worth one call, and each call gives one result: none is made twice, none is lost.",
        "Count the calls for each item, and follow what each of them gives.",
    ),
    "deadlock": (
        "A wait ends only if something is sure to end it; where each waits for another, nothing goes on.",
        "What has to happen for this wait to end, and which thread or process is left to do it?",
    ),
    "race": (
        "Between a look at what threads share and the step that follows from it, another thread may change it.",
        "What can another thread do between the two operations?",
        "Look and act in one step, or let no other thread in between.",
    ),
}


# The advice for a generator, or anything else, that is returned in place of a list: the principle, then hints.
NO_LIST = (
    "What comes back is a list of all results. A generator has made no call yet, and its caller can't count it.",
    "What is the type of what your function returns?",
    "A yield anywhere in a function makes it a generator function: its body runs once somebody goes through it.",
)


def advice(*but: Reason) -> dict[str, tuple[str, ...]]:
    """Return the principle and the hints for each reason except those that a criterion is about.

    For `criterion(..., reasons=advice("serial", "under-utilised"))`; add texts of your own with ``|``.
    """
    return {reason: texts for reason, texts in _ADVICE.items() if reason not in but}


class Violation(SubmissionFault):
    """A submission's concurrency is not what its contract asks for.

    Args:
        reason: the name of the mistake.
        sentence: what was observed, in plain words.
        timeline: what was in flight at which time, as lines of text.
        differences: between the results and those expected.
    """

    def __init__(
        self,
        reason: Reason,
        sentence: str,
        timeline: tuple[str, ...] = (),
        differences: tuple[Difference, ...] = (),
    ) -> None:
        super().__init__(f"{reason}: {sentence}")
        self.reason = reason
        # The instrument of its run, None if it is about several runs.
        self.tool: Tool | None = None
        self.stuck = reason == "deadlock"
        self.timeline = timeline
        self.differences = differences


def about_its_run(method: Callable[Concatenate[_Run, _P], _R]) -> Callable[Concatenate[_Run, _P], _R]:
    """Mark the violations that a method of a run raises as about this run alone."""

    @functools.wraps(method)
    def marked(self: _Run, *args: _P.args, **kwargs: _P.kwargs) -> _R:
        try:
            return method(self, *args, **kwargs)
        except Violation as found:
            found.tool = self.tool
            raise

    return marked  # type: ignore[return-value]


def nobody_asked(name: str, args: tuple[Any, ...]) -> str:
    """Return the sentence for a call that belongs to no item: with what the instrument `name` was called."""
    return f"{name}({show(args[0]) if len(args) == 1 else '*' + show(args)}) is no call that was asked for"
