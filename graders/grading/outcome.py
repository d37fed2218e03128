"""Outcomes, points and score cards: pure data, no pytest, no input or output.

An outcome is passed, failed or not graded. Doubt earns no points and costs none silently: one criterion that was not
graded leaves its submission without a score.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Literal

Verdict = Literal["passed", "failed", "not_graded"]
_MOST_PRINTED = 1 << 16  # characters

Status = Literal["graded", "not_submitted", "not_graded"]


@dataclass(frozen=True)
class Line:
    """A line of the learner's own file in a traceback. lead: its introduction."""

    number: int
    function: str
    text: str
    lead: str = "Your code"


@dataclass(frozen=True)
class LoadFailure:
    """The reason why criteria were not run: the file can't be loaded, or lacks a name that they need.

    All of it may come from the submission: escape it on the way out.

    message: one line in the grader's words; name: the missing one, "" if the file can't be loaded at all;
    file: the user's name for it; advice: the next step, "" if unknown;
    line: the number of the line that Python points at, 0 if none; text: that line, or the part of it around `column`;
    column, width: the part of `text` to underline, from 0, width 0 for none; lines: the learner's own lines in the
    traceback, or in the stack where it hung, outermost first; printed: the file's output by then;
    sure: it was decided before the submission met a hidden input, so its author may read it at every feedback level.
    """

    message: str
    name: str = ""
    file: str = ""
    advice: str = ""
    line: int = 0
    text: str = ""
    column: int = 0
    width: int = 0
    lines: tuple[Line, ...] = ()
    printed: str = ""
    sure: bool = True

    def summary(self) -> str:
        """Return it in one line."""
        at = self.line or (self.lines[-1].number if self.lines else 0)
        return f"{self.message}, line {at}" if at else self.message

    @classmethod
    def unpack(cls, data: dict[str, Any]) -> LoadFailure:
        """Return it from what ``dataclasses.asdict`` made of it."""
        return cls(**{**data, "lines": tuple(Line(**line) for line in data["lines"])})


@dataclass(frozen=True)
class Failure:
    """What a failing criterion can show. All of it may come from the submission: escape it on the way out.

    steps: the calls as (source, what a prompt shows, or ""), of which the last one failed; words: the grader's words
    about it; found: the compared value, if that call did not return it; expected: the expected value ("" if unknown);
    lines: the learner's own lines where their code raised; printed: the output of their code in that example;
    timeline: which call was in flight when; differences: (place, observed, expected) for two values with many parts;
    note: what else there is to know about these calls ("" if nothing).
    """

    steps: tuple[tuple[str, str], ...] = ()
    expected: str = ""
    lines: tuple[Line, ...] = ()
    printed: str = ""
    dropped: int = 0
    timeline: tuple[str, ...] = ()
    differences: tuple[tuple[str, str, str], ...] = ()
    note: str = ""
    words: str = ""
    found: str = ""

    def counterexample(self) -> str:
        """Return the calls alone, as Python to paste."""
        return "\n".join(source for source, _ in self.steps)


@dataclass(frozen=True)
class Interruption:
    """Where the user interrupted an examination. title: the criterion's; call: the one in flight, or ""."""

    title: str
    call: str = ""
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """How one criterion went. seconds: wall-clock time, for information only.

    not_run: why no request was sent, so that the criterion failed; None if one was. because: the principle of the check
    that failed; principle: the criterion's own, which reveals no more than the verdict, "" if it is the same.
    """

    id: str
    title: str
    max_points: int
    outcome: Verdict
    message: str = ""
    because: str = ""
    hints: tuple[str, ...] = ()
    not_started: bool = False
    failure: Failure | None = None
    seconds: float = 0.0
    speedup: str | None = None
    not_run: LoadFailure | None = None
    principle: str = ""

    @property
    def points(self) -> int:
        """The criterion's points if it passed, else 0."""
        return self.max_points if self.outcome == "passed" else 0

    @property
    def printed(self) -> str:
        """The output of the submission's code in the failing example."""
        return "" if self.failure is None else self.failure.printed

    def with_printed(self, text: str) -> Outcome:
        """Return it with output that the grader's own process captured."""
        return replace(self, failure=replace(self.failure or Failure(), printed=text[-_MOST_PRINTED:]))

    def of(self, title: str, points: int) -> Outcome:
        """Return it with its criterion's title and points."""
        return replace(self, title=title, max_points=points)

    @classmethod
    def lost(cls, name: str, reason: str) -> Outcome:
        """Return the outcome of a criterion whose process was lost."""
        return cls(name, name, 0, "not_graded", reason[:_MOST_PRINTED])

    @classmethod
    def unpack(cls, data: dict[str, Any]) -> Outcome:
        """Return an outcome from what ``dataclasses.asdict`` made of it."""
        data = dict(data)
        data["hints"] = tuple(data["hints"])
        failure = data["failure"]
        if failure is not None:
            failure = dict(failure)
            failure["steps"] = tuple((source, observed) for source, observed in failure["steps"])
            failure["timeline"] = tuple(failure["timeline"])
            failure["differences"] = tuple((place, seen, wanted) for place, seen, wanted in failure["differences"])
            failure["lines"] = tuple(Line(**line) for line in failure["lines"])
            data["failure"] = Failure(**failure)
        if data["not_run"] is not None:
            data["not_run"] = LoadFailure.unpack(data["not_run"])
        return cls(**data)


@dataclass(frozen=True)
class Examples:
    """How the statement's public examples went; they are worth no points. failed: (source, expected, got)."""

    tried: int = 0
    failed: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True)
class Result:
    """The score card of one submission for one kata.

    whole: whether every criterion of the suite was run; a run of only some has no score.
    """

    submission: str
    kata: str
    title: str
    status: Status
    outcomes: tuple[Outcome, ...] = ()
    message: str = ""
    examples: Examples | None = None
    whole: bool = True
    total: int = 100
    extra: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def unpack(cls, data: dict[str, Any]) -> Result:
        """Return a result from what ``dataclasses.asdict`` made of it."""
        outcomes = tuple(Outcome.unpack(each) for each in data["outcomes"])
        return cls(**{**data, "outcomes": outcomes, "examples": None})

    @property
    def points(self) -> int:
        """The points of the criteria that passed."""
        return sum(outcome.points for outcome in self.outcomes)

    @property
    def score(self) -> int | None:
        """The points, or None where the grader can't vouch for them."""
        return self.points if self.status == "graded" and self.whole else None

    @property
    def load_failures(self) -> tuple[LoadFailure, ...]:
        """Why criteria were not run, each reason once."""
        every = [outcome.not_run for outcome in self.outcomes if outcome.not_run is not None]
        # Two processes that load one file may fail at different lines.
        whole = [failure for failure in every if not failure.name]
        return tuple(whole[:1] or {failure.message: failure for failure in every}.values())

    @property
    def full(self) -> bool:
        """Whether every criterion that was tried passed."""
        return self.status == "graded" and all(outcome.outcome == "passed" for outcome in self.outcomes)


def result(
    submission: str,
    kata: str,
    title: str,
    outcomes: list[Outcome],
    *,
    criteria: int,
    examples: Examples | None = None,
) -> Result:
    """Return the score card for `outcomes`, out of a suite of so many `criteria`."""
    doubtful = [outcome for outcome in outcomes if outcome.outcome == "not_graded"]
    found = Result(
        submission,
        kata,
        title,
        "not_graded" if doubtful else "graded",
        tuple(outcomes),
        doubtful[0].message if doubtful else "",
        examples,
        whole=len(outcomes) == criteria,
    )
    return found if doubtful else replace(found, message="; ".join(each.summary() for each in found.load_failures))


__all__ = [
    "Examples",
    "Failure",
    "Interruption",
    "Line",
    "LoadFailure",
    "Outcome",
    "Result",
    "Status",
    "Verdict",
    "result",
]
