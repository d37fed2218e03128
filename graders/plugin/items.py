"""The pytest nodes: the criteria of one file, or the submissions of a class."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from graders.authoring.catalogue import BrokenSuite
from graders.authoring.criterion import Criterion
from graders.classroom import names
from graders.classroom.submissions import Submission
from graders.grading import provenance
from graders.grading.hand_in import Target
from graders.grading.outcome import Examples, Failure, Interruption, Outcome, Result
from graders.grading.run import Run
from graders.plugin.options import EXAMPLES
from graders.plugin.state import STATE
from graders.report import card
from graders.report.escape import visible
from graders.sandbox.errors import GraderFault

NONE_SECONDS = 60  # for a criterion at level none, where only pytest-timeout can end a hang
OUTCOME = pytest.StashKey["Outcome | Examples | Result"]()
EVIDENCE = pytest.StashKey[dict[str, Any]]()  # where an outcome comes from, see `Run.evidence`


class KataNode(pytest.File):
    """Collects the criteria of one kata, for one file. The file itself is never imported here."""

    def __init__(self, *, target: Target, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.target = target

    def collect(self) -> Iterator[pytest.Item]:
        """Yield the public examples, then the criteria in the suite's order; for a broken suite, one failing item."""
        try:
            criteria = self.target.kata.suite().criteria
        except BrokenSuite as error:
            yield BrokenItem.from_parent(self, name="suite", message=str(error))
            return
        yield ExamplesItem.from_parent(self, name=EXAMPLES)
        for criterion in criteria:
            yield CriterionItem.from_parent(self, name=criterion.id, criterion=criterion)


def _own_limits(item: pytest.Item, seconds: int) -> None:
    """Replace a timeout that is meant for tests. seconds: 0 for none, if the examiner has limits of its own."""
    if item.config.pluginmanager.has_plugin("timeout"):
        item.add_marker(pytest.mark.timeout(seconds))


class _KataItem(pytest.Item):
    parent: KataNode

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        _own_limits(self, NONE_SECONDS if self.config.stash[STATE].options.isolation == "none" else 0)

    @property
    def target(self) -> Target:
        """The file and kata that this item belongs to."""
        return self.parent.target

    def reportinfo(self) -> tuple[Path, None, str]:
        """Return the learner's file instead of the suite's, and the criterion: -v shows a node id."""
        return Path(visible(str(self.target.path))), None, self.name

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> str:
        """Return the failure's message and its rows of the card, without a traceback through the grader."""
        if not excinfo.errisinstance(NotPassed):
            return f"the grader failed: {excinfo.exconly()}"
        kept = self.stash.get(OUTCOME, None)
        look = card.Look(80, self.config.stash[STATE].options.feedback, "", {})
        rows = [line for line, _ in card.row(kept, look)] if isinstance(kept, Outcome) else []
        return "\n".join([visible(str(excinfo.value)), *rows])


class NotPassed(Exception):
    """A criterion failed or was not graded; the outcome is in the report."""


class BrokenItem(_KataItem):
    """Replaces the criteria of a suite that can't be loaded: it is not graded, while all other katas are."""

    def __init__(self, *, message: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.message = message

    def runtest(self) -> None:
        """Fail, without the suite's source."""
        raise NotPassed(f"not graded: the hidden suite can't be loaded: {self.message}")


class ExamplesItem(_KataItem):
    """Runs the public examples. They are worth no points: a failing one fails no run (pytest says "xfailed")."""

    def runtest(self) -> None:
        """Run them and keep the result."""
        try:
            found = _run_examples(self.config.stash[STATE].run, self.target)
        except GraderFault:
            found = Examples()  # every criterion says why
        self.stash[OUTCOME] = found
        if found.failed:
            pytest.xfail(f"{found.tried - len(found.failed)} of {found.tried} public examples pass (no points)")


def _run_examples(run: Run, target: Target) -> Examples:
    from graders.grading.public_examples import (
        run_examples,
    )  # doctest is slow to import, and a class needs no examples

    return run_examples(run.loader(target), target.kata.statement())


class CriterionItem(_KataItem):
    """Runs one criterion."""

    def __init__(self, *, criterion: Criterion, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.criterion = criterion
        self.extra_keyword_matches.add(criterion.title)

    def runtest(self) -> None:
        """Examine, and fail the item if the criterion is not passed."""
        run = self.config.stash[STATE].run
        try:
            outcome = run.examiner(self.target).examine(self.criterion)
        except pytest.fail.Exception as ended:  # pytest-timeout, at level none
            outcome = _timed_out(self.criterion, ended)
        if self.config.option.capture == "no" and outcome.outcome == "passed":
            outcome = outcome.with_printed(run.examiner(self.target).printed)
        self.stash[OUTCOME] = outcome
        self.stash[EVIDENCE] = run.evidence(self.target)
        self.user_properties += [("points", outcome.points), ("max_points", outcome.max_points)]
        if outcome.outcome != "passed":
            error = NotPassed(outcome.message)
            behind = run.examiner(self.target).behind
            raise error if behind is None else error.with_traceback(behind.__traceback__)


def _timed_out(criterion: Criterion, ended: BaseException) -> Outcome:
    """Return the outcome of a criterion that pytest-timeout ended, with the line that was running."""
    c, said = criterion, str(ended).splitlines()[0]
    where: Interruption = getattr(ended, "kata_where", Interruption(c.title))
    failure = Failure(((where.call, said),) if where.call else (), lines=where.lines)
    return Outcome(c.id, c.title, c.points, "failed", said, c.because, c.hints, failure=failure)


class ClassNode(pytest.Collector):
    """Collects the submissions of a class. It opens none of their files."""

    def __init__(self, *, submissions: tuple[Submission, ...], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.submissions = submissions

    def collect(self) -> Iterator[pytest.Item]:
        """Yield an item per student and kata."""
        for submission in self.submissions:
            yield SubmissionItem.from_parent(self, name=node_name(submission), submission=submission)


def node_name(submission: Submission) -> str:
    """Return the name of a submission in node ids, STUDENT::SLUG."""
    # Backslashes are doubled, so that no two names look alike once control characters are escaped.
    name = visible(submission.student.replace("\\", "\\\\")).replace("::", ": :")
    return f"{name}::{submission.kata.slug}"


class SubmissionItem(pytest.Item):
    """Grades one submission for all criteria. It passes if there is a result, whatever the score."""

    def __init__(self, *, submission: Submission, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.submission = submission
        _own_limits(self, 0)

    def runtest(self) -> None:
        """Grade, keep the result, and fail if there is none."""
        graded = grade(self.config.stash[STATE].run, self.submission, shrink=self.config.stash[STATE].options.shrink)
        self.stash[OUTCOME] = graded
        self.user_properties += [("status", graded.status), ("max_score", graded.total)]
        self.user_properties += [("score", graded.score)] if graded.score is not None else []
        self.user_properties += [(f"points.{each.id}", each.points) for each in graded.outcomes]
        if graded.status == "not_graded":
            raise NotPassed(f"not graded: {graded.message}")

    def reportinfo(self) -> tuple[Path, None, str]:
        """Return the class's folder."""
        return self.submission.root, None, self.nodeid

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> str:
        """Return the failure's message, without a traceback through the grader."""
        return visible(str(excinfo.value) if excinfo.errisinstance(NotPassed) else excinfo.exconly())


def carried(report: pytest.TestReport) -> tuple[str, dict[str, Any]]:
    """Return the grade that a report carries as (the name of its class, its fields), or ("", {})."""
    found: tuple[str, dict[str, Any]] = getattr(report, "kata", ("", {}))
    return found


def grade(run: Run, submission: Submission, *, shrink: bool) -> Result:
    """Return the score card of one submission of a class."""
    kata, found = submission.kata, submission.read()
    if found.content is None and found.status != "graded":
        return run.ungraded(kata, submission.student, found.status, found.message)
    result = run.result(kata, submission.student, found.content, message=found.message, shrink=shrink)
    path = f"{names.text(os.fsencode(submission.root))}/{submission.path}"
    return replace(result, extra=run.origin(kata, provenance.file(path, found.content, found.modified)))
