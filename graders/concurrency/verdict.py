"""LAYER 2. How a failure of concurrency is named."""

from __future__ import annotations

from typing import Any, Literal

from graders.differences import Difference
from graders.sandbox.errors import SubmissionFault
from graders.sandbox.transcript import show

Reason = Literal[
    "serial",  # one call at a time
    "under-utilised",  # fewer calls at a time than there could be
    "limit-exceeded",  # more calls at a time than there may be
    "processes-for-io",  # other processes wait for I/O, where threads do
    "threads-for-cpu",  # threads compute, where only processes can at the same time
    "loop-blocked",  # a blocking call on an event loop, which then serves nobody
    "wrong-order",  # the right results in the wrong places
    "wrong-calls",  # too many calls, too few, or results that no call gave
    "deadlock",  # everybody waits and nobody is left to wake them
]


class Violation(SubmissionFault):
    """A submission's concurrency is not what its contract asks for.

    Args:
        reason: the name of the mistake.
        sentence: what was seen, in plain words.
        timeline: who was in flight when, as lines of text.
        differences: where the results are not what they should be.
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
        self.timeline = timeline
        self.differences = differences


def nobody_asked(name: str, args: tuple[Any, ...]) -> str:
    """Return what to say of a call that stands for no item: with what the instrument `name` was called."""
    return f"{name}({show(args[0]) if len(args) == 1 else '*' + show(args)}) is no call that was asked for"
