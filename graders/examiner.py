"""LAYER 3. The examiner: runs the criteria of a suite against one submission and says how each went.

Whose doing a failure is decides the verdict. An assertion that did not hold, an exception that the submission's code
raised, a process that died, hung or lied: failed. The grader's own trouble: not graded. An exception in the suite's
code can be either, since a submission chooses the values that the suite computes with: a control run decides. If the
reference passes the criterion with the same inputs, the submission's values are the cause.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import hypothesis
from hypothesis import HealthCheck, Phase, Verbosity
from hypothesis.database import ExampleDatabase
from hypothesis.errors import Flaky, UnsatisfiedAssumption
from hypothesis.stateful import RuleBasedStateMachine, get_state_machine_test

from graders.criterion import Check, Criterion
from graders.key import Deviated, Key
from graders.loader import Loader
from graders.replay import Drawn
from graders.sandbox.errors import (
    Forged,
    GraderFault,
    Hung,
    LoadFailed,
    NotPlainData,
    SubmissionFault,
    WorkerDied,
    remote_of,
)
from graders.scoring import Failure, Outcome, Verdict
from graders.session import Found, Session, Stop, lines_of, unstarted

TWICE = "The same calls gave something else the second time."
ALONE = "Alone, in a fresh process, the same calls pass: something that earlier calls left behind makes them fail."
NOT_STARTED = "not started: it still raises NotImplementedError"


class _Unloadable(Exception):
    """The submission can't be imported: so it is for every criterion."""

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
        shrink: whether to look for the smallest failing input.
        drawn: the inputs of this seed, drawn once for a class; None to let Hypothesis draw them.
        keys: what the reference answers to those inputs, by criterion; a criterion without one is run by its checks.
    """

    def __init__(
        self,
        loader: Loader,
        seed: int,
        *,
        database: ExampleDatabase | None = None,
        control: Callable[[Criterion], bool] | None = None,
        shrink: bool = True,
        drawn: Drawn | None = None,
        keys: Mapping[str, Key] | None = None,
    ) -> None:
        self.loader = loader
        self.seed = seed
        self.database = database
        self.control = control
        self.shrink = shrink
        self.drawn = drawn
        self.keys = keys or {}
        # The exception behind the last failure, where it lives in this process: what a debugger wants to see.
        self.behind: BaseException | None = None
        self._unloadable: SubmissionFault | None = None
        self._spent = 0.0
        self._replayed = 0.0

    def examine(self, criterion: Criterion) -> Outcome:
        """Run a criterion's checks, in order, until one fails."""
        start = time.perf_counter()
        session = Session(self.loader, self.keys.get(criterion.id))
        try:
            return self._examine(criterion, session, start)
        except Deviated:
            self._spent += session.spent()
            return self._examine(criterion, Session(self.loader), start)

    def _examine(self, criterion: Criterion, session: Session, start: float) -> Outcome:
        self.behind = None
        verdict: Verdict = "passed"
        message, failure, not_started = "", None, False
        try:
            if self._spent > self.loader.limits.submission_seconds:
                raise Stop(Hung(f"the criteria before used up the {self.loader.limits.submission_seconds:g} s of all"))
            self._load(session)
            for check in () if session.by_key else criterion.checks:
                self._run(check, session)
        except _Unloadable as error:
            verdict, message = "failed", f"can't be imported: {error.cause}"
            remote = error.cause.remote if isinstance(error.cause, LoadFailed) else None
            failure = Failure(lines=lines_of(self.loader.source, remote))
            not_started = remote is not None and remote.type == "NotImplementedError"
        except (Stop, Exception) as error:
            verdict, message, failure = self._judge(criterion, session, error)
            not_started = message == NOT_STARTED
        self._spent += session.spent()
        return Outcome(
            criterion.id,
            criterion.title,
            criterion.points,
            verdict,
            message,
            criterion.because,
            criterion.hints,
            not_started,
            failure,
            time.perf_counter() - start,
            session.transcript.speedup,
        )

    def _load(self, session: Session) -> None:
        """Load the submission, unless it has been seen that it can't be."""
        if self._unloadable is None:
            try:
                session.submission()
            except SubmissionFault as error:
                self._unloadable = error
        if self._unloadable is not None:
            raise _Unloadable(self._unloadable)

    def _judge(
        self, criterion: Criterion, session: Session, error: BaseException
    ) -> tuple[Verdict, str, Failure | None]:
        """Say whose doing a failure is."""
        cause = error.cause if isinstance(error, Stop) else error
        if isinstance(cause, GraderFault):
            return "not_graded", f"the grader failed: {cause}", None
        if not session.found and isinstance(cause, SubmissionFault):
            return "failed", str(cause), None
        if not session.found:
            return "not_graded", f"the check of {criterion.id!r} is broken: {_brief(cause)}", None
        found = session.found[-1]
        flaky = isinstance(error, Flaky)
        if flaky or isinstance(error, Stop):
            # Hypothesis did not get to show its smallest: take ours.
            ours = [each for each in session.found if not isinstance(each.error, Hung)] or session.found
            found = min(ours, key=lambda each: each.size)
        if isinstance(found.error, GraderFault):
            return "not_graded", f"the grader failed: {found.error}", None
        self.behind = getattr(found.error, "kata_behind", None)
        if unstarted(found.error):
            return "failed", NOT_STARTED, None
        theirs = isinstance(found.error, (AssertionError, SubmissionFault)) or remote_of(found.error) is not None
        if not theirs and not (self.control is not None and self.control(criterion)):
            return (
                "not_graded",
                f"the check of {criterion.id!r} is broken: {_brief(found.error)}",
                None,
            )
        note = TWICE if flaky else ALONE if self.shrink and self._passes_alone(found) else ""
        message = _message(found) + (f" ({note[0].lower()}{note[1:-1]})" if note else "")
        return "failed", message, replace(found.failure, note=note)

    def _passes_alone(self, found: Found) -> bool:
        """Whether an example that failed behind others passes by itself: then its calls don't show the mistake."""
        if found.again is None or isinstance(found.error, WorkerDied | Hung | Forged):
            return False
        if self._replayed > self.loader.limits.call_seconds:
            return False
        # Not counted as the submission's own seconds: what only a note is made of must cost no later criterion.
        session = Session(self.loader)
        try:
            session.example(found.again)(submission=None)
        except (Stop, Exception):
            return False
        finally:
            self._replayed += session.spent()
        return True

    def _run(self, check: Check, session: Session) -> None:
        examples = None if self.drawn is None else self.drawn.examples(check, self._draw)
        if examples is None:
            self._run_hypothesis(check, session)
            return
        body = session.example(check.test.hypothesis.inner_test)  # type: ignore[attr-defined]
        try:
            for example in examples:
                with contextlib.suppress(UnsatisfiedAssumption):
                    body(**example)
        except Exception:
            if self.shrink:
                self._run_hypothesis(check, session)
            raise

    def _draw(self, check: Check, remember: Callable[..., None]) -> None:
        """Run a check's Hypothesis with another body in place of the test's."""
        self._hypothesis(check, check.test, remember, {"submission": None})

    def _run_hypothesis(self, check: Check, session: Session) -> None:
        test = check.test
        if isinstance(test, type) and issubclass(test, RuleBasedStateMachine):
            machine = type(test.__name__, (test,), {"submission": property(lambda self: session.submission())})
            test = get_state_machine_test(machine, settings=self._profile(check))
            self._hypothesis(check, test, session.example(test.hypothesis.inner_test), {})  # type: ignore[attr-defined]
        elif hasattr(test, "hypothesis"):
            self._hypothesis(check, test, session.example(test.hypothesis.inner_test), {"submission": None})
        else:
            session.example(test)(submission=None)

    def _hypothesis(self, check: Check, test: Any, body: Callable[..., None], arguments: dict[str, None]) -> None:
        """Run a Hypothesis test with this run's seed and settings, and `body` in place of the test's own."""
        inner = test.hypothesis.inner_test
        test.hypothesis.inner_test = body
        hypothesis.seed(self.seed)(test)
        # Hypothesis reads settings when a test is decorated and refuses a second @settings; a run needs its own. Behind
        # the seed, which takes the database away.
        test._hypothesis_internal_use_settings = self._profile(check)
        try:
            test(**arguments)
        finally:
            test.hypothesis.inner_test = inner

    def _profile(self, check: Check) -> hypothesis.settings:
        return hypothesis.settings(
            max_examples=check.examples,
            stateful_step_count=check.steps,
            database=self.database,
            deadline=None,
            derandomize=False,
            phases=[phase for phase in Phase if phase is not Phase.explain and (self.shrink or phase != Phase.shrink)],
            print_blob=False,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
            verbosity=Verbosity.quiet,
        )


def _message(found: Found) -> str:
    """Return one line that says what happened."""
    error, steps = found.error, found.failure.steps
    if isinstance(error, SubmissionFault):
        return str(error)
    last = steps[-1] if steps else ("", "")
    if remote_of(error) is not None:
        return f"{last[0]} raised {last[1]}"
    if isinstance(error, NotPlainData | AssertionError) and last[1]:
        return f"{last[0]} gave {last[1]}, expected {found.failure.expected}"
    if found.failure.expected:
        return f"{last[0]}: expected {found.failure.expected}"
    return "a value came back that the check can't compute with"


def _brief(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"[:300]
