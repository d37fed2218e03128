"""LAYER 3. One criterion's dealings with a submission: its load, the transcript, what was found to fail."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hypothesis.errors import HypothesisException, UnsatisfiedAssumption

from graders.concurrency.verdict import Violation
from graders.differences import Difference
from graders.expectation import Unmet
from graders.key import Deviated, Key, Keyed
from graders.loader import Loader, PrintingChannel
from graders.sandbox.errors import (
    Forged,
    GraderFault,
    Hung,
    Missing,
    NotPlainData,
    Remote,
    SubmissionFault,
    WorkerDied,
    remote_of,
)
from graders.sandbox.limits import Source
from graders.sandbox.proxy import Submission
from graders.sandbox.transcript import Transcript
from graders.scoring import Failure, Line

_MOST_RESTARTS = 60  # workers that one criterion may use up, for shrinking a crash
_LITTLE = 1_000  # characters of a flood that are worth showing


class Stop(BaseException):
    """Leaves Hypothesis at once: there is no use in further inputs. No Exception, so that it passes through."""

    def __init__(self, cause: Exception) -> None:
        super().__init__(str(cause))
        self.cause = cause


@dataclass(frozen=True)
class Found:
    """One failing example, as it was when it failed. again: the test with its inputs, if others went before."""

    error: Exception
    failure: Failure
    size: int
    again: Callable[..., Any] | None = None


class Session:
    """One criterion's dealings with a submission: its load, the transcript of the example, the failures found.

    key: what the reference answers, asked of the first load; None to have the checks ask.
    """

    def __init__(self, loader: Loader, key: Key | None = None) -> None:
        self.loader = loader
        # Whether the submission gave the very answers of the key, so that there is nothing left to check.
        self.by_key = False
        self._key = key
        self.transcript = Transcript()
        self.found: list[Found] = []
        self._channel: PrintingChannel | None = None
        self._submission: Submission | None = None
        self._restarts = 0
        self._asked = False  # any example, of this load
        self._printed_before = 0
        self._spent = 0.0

    def submission(self) -> Submission:
        """Return the proxy, of a fresh load if the last one is gone."""
        if self._submission is None:
            self._restarts += 1
            if self._restarts > _MOST_RESTARTS:
                raise Stop(WorkerDied(f"its process died {_MOST_RESTARTS} times"))
            self._spent, self._channel = self.spent(), None
            if self._spent > self.loader.limits.criterion_seconds:
                raise Stop(Hung(f"more than {self.loader.limits.criterion_seconds:g} s in one criterion"))
            self._channel = self.loader.fresh()
            self._asked = False
            if self._key is None:
                self._submission = Submission(self._channel, self.transcript)
            else:
                self._submission = self._ask(Keyed(self._channel, self._key), self._channel)
        return self._submission

    def _ask(self, keyed: Keyed, channel: PrintingChannel) -> Submission:
        """Ask by the key, and return the proxy for what is left to ask."""
        self._key = None
        before = channel.printed_bytes()
        self.by_key = keyed.same()
        if not self.by_key and channel.printed_bytes() > before:
            # What it printed can't be told by examples: the checks ask all of it anew, of a fresh load.
            raise Deviated
        return Submission(keyed, self.transcript)

    def spent(self) -> float:
        """Return the submission's own seconds, of all its loads in this criterion."""
        return self._spent + (0.0 if self._channel is None else self._channel.own_seconds())

    def example(self, test: Callable[..., Any]) -> Callable[..., None]:
        """Wrap a test's body so that each call is one example, recorded if it fails."""

        @functools.wraps(test)
        def run(*args: Any, **kwargs: Any) -> None:
            self.transcript.begin()
            try:
                submission = self.submission()
            except (GraderFault, SubmissionFault) as error:
                raise Stop(error) from None
            assert self._channel is not None
            self._printed_before = self._channel.printed_bytes()
            again = None
            if "submission" in kwargs:
                again = functools.partial(test, *args, **kwargs) if self._asked else None
                kwargs["submission"] = submission
            self._asked = True
            try:
                test(*args, **kwargs)
            except UnsatisfiedAssumption:
                raise
            except Exception as error:
                if isinstance(error, HypothesisException):
                    raise
                self.record(error, again)
                if isinstance(error, (WorkerDied, Hung, Forged, Violation)):
                    self._submission = None
                if isinstance(error, (GraderFault, Hung, Forged, Missing, Violation)) or unstarted(error):
                    raise Stop(error) from None
                raise

        return run

    def record(self, error: Exception, again: Callable[..., Any] | None = None) -> None:
        """Keep what can be shown of a failing example."""
        steps = [(step.source, step.observed or "") for step in self.transcript.steps]
        said = isinstance(error, Violation | NotPlainData)
        if steps and isinstance(error, SubmissionFault) and (said or self.transcript.steps[-1].observed is None):
            steps[-1] = (steps[-1][0], str(error))
        if steps and isinstance(error, Unmet) and error.left is None:
            # A prompt shows neither, but here it is what was wrong.
            steps[-1] = (steps[-1][0], steps[-1][1] or ("no exception" if error.operator == "raises" else "None"))
        expected = ""
        differences: tuple[Difference, ...] = ()
        if isinstance(error, Unmet):
            expected, differences = error.expected(self.transcript), error.differences(self.transcript)
        elif isinstance(error, Violation):
            differences = error.differences
        elif remote_of(error) is not None:
            expected = "no exception"
        remote = _remote(error)
        printed = "" if self._channel is None else self._channel.printed(self._printed_before)
        most = self.loader.limits.printed_bytes
        if self._channel is not None and self._channel.printed_bytes() >= most and not isinstance(error, GraderFault):
            # Its own print then raises an OSError, which would be a riddle.
            error = WorkerDied(f"it printed more than {most:,} bytes")
            printed = printed[:_LITTLE]
        failure = Failure(
            tuple(steps),
            expected,
            lines_of(self.loader.source, remote),
            printed,
            self.transcript.dropped,
            error.timeline if isinstance(error, Violation) else (),
            differences,
        )
        self.found.append(Found(error, failure, sum(len(source) for source, _ in steps), again))
        if len(self.found) > 2:
            # The last one counts when Hypothesis comes to its end, the smallest when it does not.
            last = self.found.pop()
            self.found = [min(self.found, key=lambda found: found.size), last]


def unstarted(error: BaseException) -> bool:
    """Whether a failure only says that the learner has not written that part."""
    remote = _remote(error)
    return remote is not None and remote.type == "NotImplementedError"


def _remote(error: BaseException) -> Remote | None:
    """Return what the submission raised, also where something else was expected."""
    return remote_of(error.instead or error if isinstance(error, Unmet) else error)


def lines_of(source: Source, remote: Remote | None) -> tuple[Line, ...]:
    """Return the learner's own lines that a remote traceback names, read from the file as the grader read it."""
    if remote is None:
        return ()
    # Not splitlines(): Python ends a line at these three only.
    text = re.split("\r\n|\r|\n", source.content.decode("utf-8", "replace"))
    return tuple(
        Line(number, function, text[number - 1].strip()[:200])
        for number, function in remote.frames
        if 0 < number <= len(text)
    )
