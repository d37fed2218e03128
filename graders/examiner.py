"""LAYER 3. The examiner: runs the criteria of a suite against one submission and says how each went.

Whose doing a failure is decides the verdict. An assertion that did not hold, an exception that the submission's code
raised, a process that died, hung or lied: failed. The grader's own trouble: not graded. An exception in the suite's
code can be either, since a submission chooses the values that the suite computes with: a control run decides. If the
reference passes the criterion with the same inputs, the submission's values are the cause.
"""

from __future__ import annotations

import contextlib
import functools
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import hypothesis
from hypothesis import HealthCheck, Phase, Verbosity
from hypothesis.database import ExampleDatabase
from hypothesis.errors import Flaky, HypothesisException, UnsatisfiedAssumption
from hypothesis.stateful import RuleBasedStateMachine, get_state_machine_test

from graders.criterion import Check, Criterion
from graders.expectation import Unmet
from graders.replay import Drawn
from graders.sandbox.errors import (
    Forged,
    GraderFault,
    Hung,
    LoadFailed,
    Missing,
    NotPlainData,
    Remote,
    SubmissionFault,
    WorkerDied,
    remote_of,
)
from graders.sandbox.limits import Limits, Source
from graders.sandbox.proxy import Channel, Submission
from graders.sandbox.transcript import Transcript
from graders.scoring import Failure, Line, Outcome, Verdict

_MOST_RESTARTS = 60  # workers that one criterion may use up, for shrinking a crash
_LITTLE = 1_000  # characters of a flood that are worth showing
NOT_STARTED = "not started: it still raises NotImplementedError"


class PrintingChannel(Channel, Protocol):
    """A channel that also keeps what the submission printed."""

    def printed_bytes(self) -> int:
        """Return how much has been printed."""
        ...

    def own_seconds(self) -> float:
        """Return the submission's own seconds so far."""
        ...

    def printed(self, start: int = 0) -> str:
        """Return what was printed from byte `start` on, bounded."""
        ...


class Loader(Protocol):
    """Gives fresh loads of one submission."""

    source: Source
    limits: Limits
    doc: str

    def fresh(self) -> PrintingChannel:
        """Return a new load, and end the last one."""
        ...


class _Stop(BaseException):
    """Leaves Hypothesis at once: there is no use in further inputs. No Exception, so that it passes through."""

    def __init__(self, cause: Exception) -> None:
        super().__init__(str(cause))
        self.cause = cause


@dataclass(frozen=True)
class _Found:
    """One failing example, as it was when it failed."""

    error: Exception
    failure: Failure
    size: int


class Session:
    """One criterion's dealings with a submission: its load, the transcript of the example, the failures found."""

    def __init__(self, loader: Loader) -> None:
        self.loader = loader
        self.transcript = Transcript()
        self.found: list[_Found] = []
        self.speedup: str | None = None
        self._channel: PrintingChannel | None = None
        self._submission: Submission | None = None
        self._restarts = 0
        self._printed_before = 0
        self._spent = 0.0

    def submission(self) -> Submission:
        """Return the proxy, of a fresh load if the last one is gone."""
        if self._submission is None:
            self._restarts += 1
            if self._restarts > _MOST_RESTARTS:
                raise _Stop(WorkerDied(f"its process died {_MOST_RESTARTS} times"))
            self._spent, self._channel = self.spent(), None
            if self._spent > self.loader.limits.criterion_seconds:
                raise _Stop(Hung(f"more than {self.loader.limits.criterion_seconds:g} s in one criterion"))
            self._channel = self.loader.fresh()
            self._submission = Submission(self._channel, self.transcript)
        return self._submission

    def spent(self) -> float:
        """Return the submission's own seconds, of all its loads in this criterion."""
        return self._spent + (0.0 if self._channel is None else self._channel.own_seconds())

    def example(self, test: Callable[..., Any]) -> Callable[..., None]:
        """Wrap a test's body so that each call is one example, recorded if it fails."""

        @functools.wraps(test)
        def run(*args: Any, **kwargs: Any) -> None:
            self.transcript.begin()
            submission = self.submission()
            assert self._channel is not None
            self._printed_before = self._channel.printed_bytes()
            if "submission" in kwargs:
                kwargs["submission"] = submission
            try:
                test(*args, **kwargs)
            except UnsatisfiedAssumption:
                raise
            except Exception as error:
                if isinstance(error, HypothesisException):
                    raise
                self.record(error)
                if isinstance(error, (WorkerDied, Hung, Forged)):
                    self._submission = None
                if isinstance(error, (GraderFault, Hung, Forged, Missing)) or _unstarted(error):
                    raise _Stop(error) from None
                raise

        return run

    def record(self, error: Exception) -> None:
        """Keep what can be shown of a failing example."""
        steps = [(step.source, step.observed or "") for step in self.transcript.steps]
        if steps and isinstance(error, SubmissionFault) and self.transcript.steps[-1].observed is None:
            steps[-1] = (steps[-1][0], str(error))
        if steps and isinstance(error, Unmet) and error.operator == "raises" and error.left is None:
            steps[-1] = (steps[-1][0], steps[-1][1] or "no exception")
        expected = ""
        if isinstance(error, Unmet):
            expected = error.expected(self.transcript)
        elif remote_of(error) is not None:
            expected = "no exception"
        remote = remote_of(error.left if isinstance(error, Unmet) and error.operator == "raises" else error)
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
        )
        self.found.append(_Found(error, failure, sum(len(source) for source, _ in steps)))
        if len(self.found) > 2:
            # The last one counts when Hypothesis comes to its end, the smallest when it does not.
            last = self.found.pop()
            self.found = [min(self.found, key=lambda found: found.size), last]


def _unstarted(error: BaseException) -> bool:
    remote = remote_of(error.left if isinstance(error, Unmet) and error.operator == "raises" else error)
    return remote is not None and remote.type == "NotImplementedError"


def lines_of(source: Source, remote: Remote | None) -> tuple[Line, ...]:
    """Return the learner's own lines that a remote traceback names, read from the file as the grader read it."""
    if remote is None:
        return ()
    text = source.content.decode("utf-8", "replace").splitlines()
    return tuple(
        Line(number, function, text[number - 1].strip()[:200])
        for number, function in remote.frames
        if 0 < number <= len(text)
    )


class Examiner:
    """Examines one submission.

    Args:
        loader: the submission.
        seed: of the run; one seed gives the same inputs to every submission.
        database: failing examples of the learner's last run, tried first; None for a class.
        control: tells whether the reference passes a criterion; None if this is the reference's own run.
        shrink: whether to look for the smallest failing input.
        drawn: the inputs of this seed, drawn once for a class; None to let Hypothesis draw them.
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
    ) -> None:
        self.loader = loader
        self.seed = seed
        self.database = database
        self.control = control
        self.shrink = shrink
        self.drawn = drawn
        # The exception behind the last failure, where it lives in this process: what a debugger wants to see.
        self.behind: BaseException | None = None
        self._unloadable: SubmissionFault | None = None
        self._spent = 0.0

    def examine(self, criterion: Criterion) -> Outcome:
        """Run a criterion's checks, in order, until one fails."""
        start = time.perf_counter()
        session = Session(self.loader)
        self.behind = None
        verdict: Verdict = "passed"
        message, failure, not_started = "", None, False
        try:
            if self._unloadable is not None:
                raise self._unloadable
            if self._spent > self.loader.limits.submission_seconds:
                raise _Stop(Hung(f"the criteria before used up the {self.loader.limits.submission_seconds:g} s of all"))
            session.submission()
            for check in criterion.checks:
                self._run(check, session)
        except LoadFailed as error:
            self._unloadable = error
            verdict, message = "failed", f"can't be imported: {error}"
            failure = Failure(lines=lines_of(self.loader.source, error.remote))
            not_started = error.remote is not None and error.remote.type == "NotImplementedError"
        except GraderFault as error:
            verdict, message = "not_graded", f"the grader failed: {error}"
        except SubmissionFault as error:
            self._unloadable = error
            verdict, message = "failed", f"can't be imported: {error}"
        except (_Stop, Exception) as error:
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
            session.speedup,
        )

    def _judge(
        self, criterion: Criterion, session: Session, error: BaseException
    ) -> tuple[Verdict, str, Failure | None]:
        """Say whose doing a failure is."""
        cause = error.cause if isinstance(error, _Stop) else error
        if isinstance(cause, GraderFault):
            return "not_graded", f"the grader failed: {cause}", None
        if not session.found and isinstance(cause, SubmissionFault):
            return "failed", str(cause), None
        if not session.found:
            return "not_graded", f"the check of {criterion.id!r} is broken: {_brief(cause)}", None
        found = session.found[-1]
        flaky = isinstance(error, Flaky)
        if flaky or isinstance(error, _Stop):
            # Hypothesis did not get to show its smallest: take ours.
            ours = [each for each in session.found if not isinstance(each.error, Hung)] or session.found
            found = min(ours, key=lambda each: each.size)
        if isinstance(found.error, GraderFault):
            return "not_graded", f"the grader failed: {found.error}", None
        self.behind = getattr(found.error, "kata_behind", None)
        if _unstarted(found.error):
            return "failed", NOT_STARTED, None
        theirs = isinstance(found.error, (AssertionError, SubmissionFault)) or remote_of(found.error) is not None
        if not theirs and not (self.control is not None and self.control(criterion)):
            return (
                "not_graded",
                f"the check of {criterion.id!r} is broken: {_brief(found.error)}",
                None,
            )
        message = _message(found)
        if flaky:
            message += " (the same calls gave something else the second time)"
        return "failed", message, found.failure

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
        # Hypothesis reads settings when a test is decorated and refuses a second @settings; a run needs its own.
        test._hypothesis_internal_use_settings = self._profile(check)
        try:
            hypothesis.seed(self.seed)(test)(**arguments)
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


def _message(found: _Found) -> str:
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
