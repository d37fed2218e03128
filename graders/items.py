"""LAYER 4. The pytest nodes: criteria of one file, or submissions of a class."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from graders.criterion import Criterion
from graders.report.escape import visible
from graders.run import Run, Target
from graders.sandbox.errors import GraderFault
from graders.scoring import Examples, Outcome, Result
from graders.state import STATE
from graders.submissions import Submission

EXAMPLES = "examples"
NONE_SECONDS = 60  # for a criterion at level none, where nothing but pytest-timeout can end a hang
OUTCOME = pytest.StashKey["Outcome | Examples | Result"]()


class KataNode(pytest.Collector):
    """Collects the criteria of one kata, for one file. The file itself is never imported here."""

    def __init__(self, *, target: Target, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.target = target

    def collect(self) -> Iterator[pytest.Item]:
        """Yield the public examples, then the criteria in the suite's order."""
        yield ExamplesItem.from_parent(self, name=EXAMPLES)
        for criterion in self.target.kata.suite().criteria:
            yield CriterionItem.from_parent(self, name=criterion.id, criterion=criterion)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> str:
        """Say that the suite is broken, without its source."""
        return f"the hidden suite of {self.target.kata.slug!r} is broken: {excinfo.exconly()}"


def _own_limits(item: pytest.Item, seconds: int) -> None:
    """Replace a timeout that is meant for tests; 0 for none, where the examiner has limits of its own."""
    if item.config.pluginmanager.has_plugin("timeout"):
        item.add_marker(pytest.mark.timeout(seconds))


class _KataItem(pytest.Item):
    parent: KataNode

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        _own_limits(self, NONE_SECONDS if self.config.stash[STATE].run.isolation == "none" else 0)

    @property
    def target(self) -> Target:
        """The file and kata that this item belongs to."""
        return self.parent.target

    def reportinfo(self) -> tuple[Path, None, str]:
        """Return the learner's file, not the suite's."""
        return Path(visible(str(self.target.path))), None, self.nodeid

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> str:
        """Return what the failure says, without a traceback through the grader."""
        if excinfo.errisinstance(NotPassed):
            return visible(str(excinfo.value))
        return f"the grader failed: {excinfo.exconly()}"


class NotPassed(Exception):
    """A criterion failed or was not graded; the outcome is in the report."""


class ExamplesItem(_KataItem):
    """Runs the public examples. It never fails: they are worth no points."""

    def runtest(self) -> None:
        """Run them and keep the result."""
        try:
            self.stash[OUTCOME] = _run_examples(self.config.stash[STATE].run, self.target)
        except GraderFault:
            self.stash[OUTCOME] = Examples()  # every criterion will say so


def _run_examples(run: Run, target: Target) -> Examples:
    from graders.examples import (
        run_examples,
    )  # doctest is slow to import, and a class needs no examples

    return run_examples(run.loader(target), target.kata.statement())


class CriterionItem(_KataItem):
    """Runs one criterion."""

    def __init__(self, *, criterion: Criterion, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.criterion = criterion

    def runtest(self) -> None:
        """Examine, and fail the item if the criterion is not passed."""
        run = self.config.stash[STATE].run
        try:
            outcome = run.examiner(self.target).examine(self.criterion)
        except pytest.fail.Exception as ended:  # pytest-timeout, at level none
            c = self.criterion
            outcome = Outcome(c.id, c.title, c.points, "failed", str(ended.msg).splitlines()[0], c.because, c.hints)
        self.stash[OUTCOME] = outcome
        if outcome.outcome != "passed":
            error = NotPassed(outcome.message)
            behind = run.examiner(self.target).behind
            raise error if behind is None else error.with_traceback(behind.__traceback__)


class ClassNode(pytest.Collector):
    """Collects the submissions of a class. None of their files is opened here."""

    def __init__(self, *, submissions: list[Submission], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.submissions = submissions

    def collect(self) -> Iterator[pytest.Item]:
        """Yield an item per student and kata."""
        for submission in self.submissions:
            # Backslashes are doubled, so that no two names look alike once control characters are escaped.
            name = visible(submission.student.replace("\\", "\\\\")).replace("::", ": :")
            yield SubmissionItem.from_parent(self, name=f"{name}::{submission.kata.slug}", submission=submission)


class SubmissionItem(pytest.Item):
    """Grades one submission by all criteria. It passes if there is a result, whatever the score."""

    def __init__(self, *, submission: Submission, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.submission = submission
        _own_limits(self, 0)

    def runtest(self) -> None:
        """Grade, keep the result, and fail if there is none."""
        graded = grade(self.config.stash[STATE].run, self.submission, shrink=self.config.stash[STATE].shrink)
        self.stash[OUTCOME] = graded
        if graded.status == "not_graded":
            raise NotPassed(f"not graded: {graded.message}")

    def reportinfo(self) -> tuple[Path, None, str]:
        """Return the class's folder."""
        return self.submission.root, None, self.nodeid

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> str:
        """Return what the failure says, without a traceback through the grader."""
        return visible(str(excinfo.value) if excinfo.errisinstance(NotPassed) else excinfo.exconly())


def carried(report: pytest.TestReport) -> tuple[str, dict[str, Any]]:
    """Return what a report carries of a grade: (the name of its class, its fields), or ("", {})."""
    found: tuple[str, dict[str, Any]] = getattr(report, "kata", ("", {}))
    return found


def grade(run: Run, submission: Submission, *, shrink: bool) -> Result:
    """Return the score card of one submission of a class."""
    content, status, message = submission.read()
    if content is None and status != "graded":
        kata = submission.kata
        return run.ungraded(kata, submission.student, status, message)
    return run.result(submission.kata, submission.student, content, message=message, shrink=shrink)
