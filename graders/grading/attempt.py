"""One criterion's attempt at a submission: its load, the transcript, the failures found."""

from __future__ import annotations

import contextlib
import functools
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hypothesis.errors import HypothesisException, UnsatisfiedAssumption

from graders.authoring.expectation import Unmet
from graders.concurrency.verdict import Violation
from graders.grading.answer_key import Deviated, Key, Keyed
from graders.grading.counterexample import Shown, shown
from graders.grading.load_failure import lines_of
from graders.grading.outcome import Failure, Interruption
from graders.sandbox.errors import (
    Forged,
    GraderFault,
    Hung,
    Missing,
    Outgrown,
    Remote,
    SubmissionFault,
    UsedUp,
    WorkerDied,
    remote_of,
)
from graders.sandbox.limits import used_up
from graders.sandbox.loader import Loader, PrintingChannel
from graders.sandbox.proxy import Submission, representation, typed
from graders.sandbox.transcript import Transcript

_MOST_RESTARTS = 60  # workers that one criterion may use, for shrinking a crash
_CROWD = 16  # tasks, of the about 64 that a submission may have: one example takes up to 44
_MADE_UP = -1  # the number of the secret for suites' draws; instruments have numbers from 0
_MOST_SHOWN = 1 << 16  # characters of one failure's calls and their results
_LITTLE = 1_000  # characters of a flood that are worth showing


class Stop(BaseException):
    """Leaves Hypothesis at once: further inputs are of no use. Not an Exception, so that Hypothesis lets it pass."""

    def __init__(self, cause: Exception) -> None:
        super().__init__(str(cause))
        self.cause = cause


@dataclass(frozen=True)
class Found:
    """One failing example, in the state in which it failed.

    again: the test with its inputs; as_in: the source of the step that the expectation comes from, if any; later:
    whether other examples ran before it; attended: whether an instrument took part.
    """

    error: Exception
    failure: Failure
    size: int
    again: Callable[..., Any] | None = None
    as_in: str = ""
    later: bool = False
    attended: bool = False


class Attempt:
    """One criterion's attempt at a submission: its load, the transcript of the example, the failures found.

    key: the reference's answers, which the first load is compared with; None to run the checks.
    left: the seconds that the submission has left, for this criterion and all that follow.
    """

    def __init__(self, loader: Loader, key: Key | None = None, left: float = math.inf) -> None:
        self.loader = loader
        self._left = left
        # Whether the submission gave exactly the answers of the key, so that nothing is left to check.
        self.by_key = False
        self._key = key
        self.transcript = Transcript()
        self._secret = loader.source.secret(_MADE_UP)
        self.found: list[Found] = []
        self._channel: PrintingChannel | None = None
        self._ready = False  # the channel is a fresh load that has had no request
        self._submission: Submission | None = None
        self._restarts = 0
        self._cleared = 0  # restarts, of these, for which no process had died
        self._asked = False  # whether this load has run an example
        self._printed_before = 0
        self._spent = self._held = 0.0

    def load(self) -> PrintingChannel:
        """Return a fresh load: the last one if it has had no request.

        Raises:
            SubmissionFault: it can't be loaded.
            GraderFault: the grader's own side failed.
        """
        if self._channel is None or not self._ready:
            self._restarts += 1
            if self._restarts - self._cleared > _MOST_RESTARTS:
                raise Stop(WorkerDied(f"its process died {_MOST_RESTARTS} times"))
            self._spent, self._held, self._channel = self.spent(), self.held(), None
            if self._spent + self._held > self._left:
                raise Stop(UsedUp(used_up(self.loader.limits)))
            if self.loader.share.seconds > self.loader.limits.submission_seconds:
                raise Stop(UsedUp(used_up(self.loader.limits), doubt=True))
            if self._spent > self.loader.limits.criterion_seconds:
                raise Stop(Hung(f"more than {self.loader.limits.criterion_seconds:g} s in one criterion"))
            self._channel = self.loader.fresh()
            self._channel.allow(self._left - self._spent - self._held)
            self._asked, self._ready = False, True
        return self._channel

    def submission(self) -> Submission:
        """Return the proxy, for a fresh load if the last one is gone."""
        if self._submission is None:
            channel = self.load()
            self._ready = False
            if self._key is None:
                self._submission = Submission(channel, self.transcript, self._secret)
            else:
                self._submission = self._ask(Keyed(channel, self._key), channel)
        return self._submission

    def _clear(self) -> None:
        """Give up a load in which earlier examples left so much running that a later one may lack room.

        Leaving threads running is a mistake of its own: it must cost nothing in other criteria. Nor must a call that a
        tolerated mistake ended early: in that load no later call is answered.
        """
        channel = self._channel
        if self._submission is None or channel is None:
            return
        if (self._asked and channel.answering()) or channel.running() > _CROWD:
            self._submission = None
            self._cleared += 1

    def _ask(self, keyed: Keyed, channel: PrintingChannel) -> Submission:
        """Send the key's requests, and return the proxy for the rest."""
        self._key = None
        before = channel.printed_bytes()
        self.by_key = keyed.same()
        if not self.by_key and channel.printed_bytes() > before:
            # What it printed can't be divided by example: the checks start again with a fresh load.
            raise Deviated
        return Submission(keyed, self.transcript, self._secret)

    def interrupted(self, title: str) -> Interruption:
        """Return where the submission is, in the criterion of this title."""
        return interrupted(self.loader, self.transcript, title)

    def printed(self) -> str:
        """Return what the submission printed since its last load, bounded."""
        return "" if self._channel is None else self._channel.printed()

    def spent(self) -> float:
        """Return the seconds that the submission itself used, in all its loads for this criterion."""
        return self._spent + (0.0 if self._channel is None else self._channel.own_seconds())

    def held(self) -> float:
        """Return the seconds that the submission slept while the examiner held its calls, in all its loads."""
        return self._held + (0.0 if self._channel is None else self._channel.held_seconds())

    def example(self, test: Callable[..., Any]) -> Callable[..., None]:
        """Wrap a test's body so that each call is one example, recorded if it fails."""

        @functools.wraps(test)
        def run(*args: Any, **kwargs: Any) -> None:
            self.transcript.begin()
            try:
                self._clear()
                submission = self.submission()
            except (GraderFault, SubmissionFault) as error:
                raise Stop(error) from None
            assert self._channel is not None
            self._printed_before = self._channel.printed_bytes()
            again = None
            if "submission" in kwargs:
                again = functools.partial(test, *args, **kwargs)
                kwargs["submission"] = submission
            later, self._asked = self._asked, True
            try:
                test(*args, **kwargs)
            except UnsatisfiedAssumption:
                raise
            except Exception as error:
                if isinstance(error, HypothesisException):
                    raise
                self.record(error, again, later=later)
                if isinstance(error, (WorkerDied, Hung, Forged, Violation)):
                    self._submission = None
                if isinstance(error, (GraderFault, Hung, Forged, Missing, Outgrown, Violation)) or unstarted(error):
                    raise Stop(error) from None
                raise

        return run

    def record(self, error: Exception, again: Callable[..., Any] | None = None, *, later: bool = False) -> None:
        """Keep what a card can show of a failing example."""
        found = self._shown(error)
        remote = remote_in(error)
        if isinstance(error, Missing) and self._restarts > 1:
            error.sure = False  # the requests to an earlier load may have caused it
        printed = "" if self._channel is None else self._channel.printed(self._printed_before)
        most = self.loader.limits.printed_bytes
        if self._channel is not None and self._channel.printed_bytes() >= most and not isinstance(error, GraderFault):
            # Its own print then raises an OSError, which would puzzle its author.
            error = WorkerDied(f"it printed more than {most:,} bytes")
            printed = printed[:_LITTLE]
        steps = _last_of(found.steps)
        stack = error.stack if isinstance(error, SubmissionFault) else getattr(error, "kata_stack", ())
        failure = Failure(
            steps,
            found.expected,
            lines_of(self.loader.source, remote, stack),
            printed,
            self.transcript.dropped + found.left_out + len(found.steps) - len(steps),
            error.timeline if isinstance(error, SubmissionFault) else getattr(error, "kata_timeline", ()),
            found.differences,
            words=found.words,
            found=found.found,
        )
        size, attended = sum(len(source) for source, _ in steps), any(each.tool for each in self.transcript.steps)
        self.found.append(Found(error, failure, size, again, found.as_in, later, attended))
        if len(self.found) > 2:
            # The last one counts if Hypothesis finishes, the smallest if it does not.
            last = self.found.pop()
            self.found = [min(self.found, key=lambda found: found.size), last]

    def _shown(self, error: Exception) -> Shown:
        """Return what to show of the example that has just failed."""
        submission = self._submission
        defined = () if submission is None else typed(submission)
        found = shown(error, self.transcript, defined)
        last = found.last
        gone = isinstance(error, WorkerDied | Hung | Forged | GraderFault)
        if gone or submission is None or last is None or not last.assigned or last.value is None:
            return found
        last.observed = representation(submission, last.value)
        return shown(error, self.transcript, defined)


def _last_of(steps: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """Return the last steps, as many as a reader can use and a class has room for."""
    left = _MOST_SHOWN
    for index in reversed(range(len(steps))):
        left -= sum(map(len, steps[index]))
        if left < 0:
            return steps[min(index + 1, len(steps) - 1) :]
    return steps


def unstarted(error: BaseException) -> bool:
    """Whether a failure only means that the learner has not written that part."""
    remote = remote_in(error)
    return remote is not None and remote.type == "NotImplementedError"


def remote_in(error: BaseException) -> Remote | None:
    """Return the exception that the submission raised, also if another one was expected."""
    return remote_of(error.instead or error if isinstance(error, Unmet) else error)


def interrupted(loader: Loader, transcript: Transcript, title: str) -> Interruption:
    """Return where a submission is and the call in flight; anything may be half done at that moment."""
    call = transcript.steps[-1].source if transcript.steps and transcript.steps[-1].observed is None else ""
    with contextlib.suppress(GraderFault, OSError):
        return Interruption(title, call, lines_of(loader.source, None, loader.stack()))
    return Interruption(title, call)
