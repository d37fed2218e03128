"""The examiner: runs the criteria of a suite against one submission and returns how each went.

The cause of a failure decides the verdict. A false assertion, an exception that the submission's code raised, a process
that died, hung or lied: failed. A fault of the grader: not graded. An exception in the suite's code can be either,
since the suite computes with the submission's values: a control run decides. If the reference passes the criterion with
the same inputs, the submission's values are the cause.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Protocol

from hypothesis.database import ExampleDatabase
from hypothesis.errors import (
    Flaky,
    HypothesisException,
    Unsatisfiable,
    UnsatisfiedAssumption,
)

from graders.authoring.criterion import Criterion
from graders.concurrency.verdict import Violation
from graders.grading.answer_key import Deviated, Key
from graders.grading.attempt import Attempt, Found, Stop, remote_in, unstarted
from graders.grading.fewest import Fewest
from graders.grading.hypothesis_adapter import Drawn, HypothesisAdapter
from graders.grading.load_failure import file_failure, help_with, lines_of, missing
from graders.grading.outcome import Failure, Outcome, Verdict
from graders.sandbox.errors import (
    Forged,
    GraderFault,
    Hung,
    Left,
    LoadFailed,
    Missing,
    NotPlainData,
    Outgrown,
    SubmissionFault,
    UsedUp,
    WorkerDied,
    remote_of,
)
from graders.sandbox.limits import used_up
from graders.sandbox.loader import Loader

TWICE = "The same calls gave something else the second time."
ALONE = "Alone, in a fresh process, the same calls pass: something that earlier calls left behind makes them fail."
BUSY = "the machine was too busy to tell: beside it the reference did not pass in time either; grade it again"
OUTGROWN = "it takes as much of the grader's memory with the reference"
SOMETIMES = "Not every time: in a fresh process the same calls passed {} times of {}. A race?"
LATER = "The file could be loaded before, and now it can't: what its top level does is not the same each time."
NOTHING_CHECKED = "with none of its inputs a check got as far as it does with a right solution"
NOT_COMPUTED = "a value came back that the check can't compute with"
NOT_STARTED = "not started: it still raises NotImplementedError"


_TRIES = 3
_FEW = 3  # steps; with fewer there is nothing to leave out


class Opened(Loader, Protocol):
    """A loader that has to be closed."""

    def close(self) -> None:
        """End its processes."""
        ...


class _Unloadable(Exception):
    """The submission can't be loaded, for any criterion."""

    def __init__(self, cause: SubmissionFault) -> None:
        super().__init__(str(cause))
        self.cause = cause


class Examiner:
    """Examines one submission.

    Args:
        loader: the submission.
        seed: of the run; one seed gives the same inputs to every submission.
        database: failing examples of the learner's last run, tried first; None for a class.
        control: tells whether the reference passes a criterion; None if this is the reference's own run.
        beside: the same, but tried at this moment: whether a right solution now gets enough of the machine.
        shrink: whether to look for the smallest failing input.
        drawn: the inputs of this seed, drawn once for a class; None to let Hypothesis draw them.
        keys: the reference's answers to those inputs, by criterion; a criterion without them is run by its checks.
        file: the user's name for the submission's file.
        reference: opens a right solution, to find the calls that a failure needs; None if there is none.
        asked: the names that a right solution defines.
    """

    def __init__(
        self,
        loader: Loader,
        seed: int,
        *,
        database: ExampleDatabase | None = None,
        control: Callable[[Criterion], bool] | None = None,
        beside: Callable[[Criterion], bool] | None = None,
        shrink: bool = True,
        drawn: Drawn | None = None,
        keys: Mapping[str, Key] | None = None,
        file: str = "",
        reference: Callable[[], Opened] | None = None,
        asked: frozenset[str] = frozenset(),
    ) -> None:
        self.asked = asked
        self.loader = loader
        self.file = file or f"{loader.source.slug}.py"
        self.seed = seed
        self.control = control
        self.beside = beside
        self.shrink = shrink
        self._hypothesis = HypothesisAdapter(seed, database=database, shrink=shrink, drawn=drawn)
        self.keys = keys or {}
        # What the submission printed in the last criterion, if it passed.
        self.printed = ""
        self.reference = reference
        # The exception that caused the last failure, if it was raised in this process: for a debugger.
        self.behind: BaseException | None = None
        # The failure that the last outcome shows.
        self.shown: Exception | None = None
        self._unloadable: SubmissionFault | None = None
        self._spent = 0.0
        self._replayed = 0.0

    def examine(self, criterion: Criterion) -> Outcome:
        """Run a criterion's checks, in order, until one fails.

        Raises:
            KeyboardInterrupt: the user interrupted; its kata_where is an `Interruption`.
        """
        start = time.perf_counter()
        attempt = Attempt(self.loader, self.keys.get(criterion.id), self._left())
        try:
            with self.loader.share:
                try:
                    outcome = self._examine(criterion, attempt, start)
                except Deviated:
                    self._spent += attempt.spent() + attempt.held()
                    attempt = Attempt(self.loader, left=self._left())
                    outcome = self._examine(criterion, attempt, start)
                if self._woke_up(attempt):
                    attempt = Attempt(self.loader, left=self._left())
                    outcome = self._examine(criterion, attempt, start)
                return outcome
        except Left as left:
            left.cause.kata_where = attempt.interrupted(criterion.title)  # type: ignore[attr-defined]
            raise left.cause from None
        except KeyboardInterrupt as interrupt:
            interrupt.kata_where = attempt.interrupted(criterion.title)  # type: ignore[attr-defined]
            raise

    def _examine(self, criterion: Criterion, attempt: Attempt, start: float) -> Outcome:
        self.behind = self.shown = None
        verdict: Verdict = "passed"
        message, failure, not_started, not_run = "", None, False, None
        because, hints = criterion.because, criterion.hints
        check = criterion.checks[0]
        try:
            if self._left() <= 0:
                raise Stop(UsedUp(used_up(self.loader.limits)))
            self._load(attempt)
            attempt.submission()
            for check in () if attempt.by_key else criterion.checks:
                self._hypothesis.run(check, attempt)
        except _Unloadable as error:
            verdict = "failed"
            if self._too_busy(criterion, error.cause):
                verdict, message = "not_graded", BUSY
            elif error.cause.unasked:
                not_run = file_failure(self.loader.source, self.file, error.cause)
                message = f"not run: the file can't be loaded: {not_run.summary()}"
            else:
                message = f"can't be loaded any more: {error.cause}"
                remote = error.cause.remote if isinstance(error.cause, LoadFailed) else None
                failure = Failure(lines=lines_of(self.loader.source, remote))
                because, hints = LATER, ()
        except (Stop, Exception) as error:
            verdict, message, failure = self._judge(criterion, attempt, error)
            not_started = message == NOT_STARTED
            if isinstance(self.shown, Missing):
                not_run, failure = missing(self.loader.source, self.file, self.shown, self.asked), None
                message = f"not run: {not_run.message}"
            elif self.shown is not None and not not_started:
                because, hints = criterion.advice(check, self.shown)
        if failure is not None and self.shown is not None and help_with(remote_in(self.shown)):
            because, hints = "", ()  # the reason is not a rule of the kata
        self._spent += attempt.spent() + attempt.held()
        self.printed = attempt.printed() if verdict == "passed" else ""
        return Outcome(
            criterion.id,
            criterion.title,
            criterion.points,
            verdict,
            message,
            because,
            hints,
            not_started,
            failure,
            time.perf_counter() - start,
            attempt.transcript.speedup,
            not_run,
            criterion.because,
        )

    def _left(self) -> float:
        """Return the seconds that the submission has left."""
        return self.loader.limits.submission_seconds - self._spent

    def _load(self, attempt: Attempt) -> None:
        """Load the submission, unless an earlier load has failed."""
        if self._unloadable is None:
            try:
                attempt.load()
            except UsedUp as error:
                raise Stop(error) from None
            except SubmissionFault as error:
                self._unloadable = error
        if self._unloadable is not None:
            raise _Unloadable(self._unloadable)

    def _judge(
        self, criterion: Criterion, attempt: Attempt, error: BaseException
    ) -> tuple[Verdict, str, Failure | None]:
        """Return (verdict, message, failure), by the cause of the failure."""
        cause = error.cause if isinstance(error, Stop) else error
        if isinstance(cause, GraderFault):
            return "not_graded", f"the grader failed: {cause}", None
        if self._too_busy(criterion, cause):
            return "not_graded", BUSY, None
        if isinstance(cause, Outgrown) and self.control is not None and not self._control(criterion):
            return "not_graded", f"the check of {criterion.id!r} is broken: {OUTGROWN}", None
        if not attempt.found and isinstance(cause, SubmissionFault):
            return "failed", str(cause), None
        if isinstance(cause, HypothesisException) and not attempt.found and self._control(criterion):
            # The reference passes with the same inputs. So either the submission's values never meet an assumption, or
            # they differ each time and decide which request comes next.
            return (
                "failed",
                NOTHING_CHECKED if isinstance(cause, Unsatisfiable | UnsatisfiedAssumption) else TWICE,
                None,
            )
        if not attempt.found and self._control(criterion):
            return "failed", NOT_COMPUTED, None
        if not attempt.found:
            return "not_graded", f"the check of {criterion.id!r} is broken: {_brief(cause)}", None
        found = attempt.found[-1]
        flaky = isinstance(error, Flaky)
        if flaky or isinstance(error, Stop):
            # Hypothesis did not reach its smallest example: take ours.
            ours = [each for each in attempt.found if not isinstance(each.error, Hung)] or attempt.found
            found = min(ours, key=lambda each: each.size)
        if isinstance(found.error, GraderFault):
            return "not_graded", f"the grader failed: {found.error}", None
        self.shown = found.error
        self.behind = getattr(found.error, "kata_behind", None)
        if unstarted(found.error):
            return "failed", NOT_STARTED, None
        theirs = isinstance(found.error, (AssertionError, SubmissionFault)) or remote_of(found.error) is not None
        if not theirs and not self._control(criterion):
            return (
                "not_graded",
                f"the check of {criterion.id!r} is broken: {_brief(found.error)}",
                None,
            )
        helped = help_with(remote_in(found.error))
        note = TWICE if flaky else self._alone(found) if self.shrink and not helped else ""
        message = _message(found) + (f" ({note[0].lower()}{note[1:-1]})" if note else "")
        steps = found.failure.steps if note or helped or not self.shrink else self._fewest(found)
        note = helped or note
        return "failed", message, replace(found.failure, note=note, steps=steps)

    def _control(self, criterion: Criterion) -> bool:
        """Whether the reference passes. The submission is stopped first, so that it can't disturb it."""
        if self.control is None:
            return False
        self.loader.rest()
        return self.control(criterion)

    def _too_busy(self, criterion: Criterion, cause: BaseException) -> bool:
        """Whether a slow machine may be the cause of a limit: the reference, tried now, does not pass either."""
        if not isinstance(cause, Hung) or not cause.doubt or self.beside is None:
            return False
        self.loader.rest()
        return not self.beside(criterion)

    def _fewest(self, found: Found) -> tuple[tuple[str, str], ...]:
        """Return the steps of a failure without those that it does not need."""
        steps = found.failure.steps
        # With instruments, or without an answer, the calls typed at a prompt prove nothing.
        uncertain = isinstance(found.error, WorkerDied | Hung | Forged | Violation) or found.attended
        if self.reference is None or uncertain or len(steps) < _FEW or found.failure.dropped:
            return steps
        try:
            reference = self.reference()
            try:
                kept = Fewest(steps, self.loader, reference, found.as_in).find()
            finally:
                reference.close()
        except GraderFault:
            return steps  # all of them are true, if not the fewest
        return tuple(steps[index] for index in kept)

    def _alone(self, found: Found) -> str:
        """Return the note for an example that failed but passes in a process of its own, sometimes or always.

        In that case its calls alone don't show the mistake.
        """
        if isinstance(found.error, WorkerDied | Hung | Forged | Missing) or found.again is None:
            return ""
        if isinstance(found.error, Violation) and found.error.reason == "race":
            return ""  # many runs have already shown when it fails
        passed: list[bool] = []
        while len(passed) < _TRIES and all(passed[:1]) and self._replayed <= self.loader.limits.call_seconds:
            passed.append(self._passes_alone(found.again))
        if not any(passed):
            return ""
        return ALONE if found.later and all(passed) else SOMETIMES.format(sum(passed), len(passed))

    def _woke_up(self, attempt: Attempt) -> bool:
        """Whether threads that waited for ever do not wait when the same example is run in a fresh process.

        An interpreter itself can lose a wake-up (bug 25847 of glibc before 2.41), which must cost no points.
        """
        stuck = attempt.found[-1] if isinstance(self.shown, Violation) and self.shown.stuck else None
        return stuck is not None and stuck.again is not None and self._passes_alone(stuck.again)

    def _passes_alone(self, again: Callable[..., Any]) -> bool:
        """Whether an example that failed passes by itself in a fresh process."""
        # Not counted in the submission's own seconds: a second run must not cost a later criterion.
        attempt = Attempt(self.loader)
        try:
            # At level none it prints in this process, and its output has been shown already.
            with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):
                attempt.example(again)(submission=None)
        except (Stop, Exception):
            return False
        finally:
            self._replayed += attempt.spent()
        return True


def _message(found: Found) -> str:
    """Return what happened, in one line."""
    error, failure = found.error, found.failure
    source, observed = failure.steps[-1] if failure.steps else ("", "")
    if isinstance(error, SubmissionFault) and not (isinstance(error, NotPlainData) and failure.expected):
        return str(error)
    expected = f", expected {failure.expected}" if failure.expected else ""
    if remote_of(error) is not None:
        return f"{source} raised {observed}" + (expected if hasattr(error, "kata_gives") else "")
    if failure.found:
        return f"{source}: found {failure.found}{expected}"
    if isinstance(error, NotPlainData):
        return f"{source}: {failure.words}{expected}"
    if isinstance(error, AssertionError) and (observed or failure.words):
        return f"{source} gave {observed or failure.words}{expected}"
    if failure.expected:
        return f"{source}: expected {failure.expected}"
    return NOT_COMPUTED


def _brief(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"[:300]
