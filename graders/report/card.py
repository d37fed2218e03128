"""LAYER 3. The score card of one submission, as lines of text.

Every meaning is in words; a style only repeats it. Nothing from a submission leaves here unescaped.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from graders.report.escape import lines, visible
from graders.scoring import Failure, Outcome, Result

Style = Literal["", "good", "bad", "doubt", "strong"]
Line = tuple[str, Style]

FEEDBACK = ("full", "counterexample", "criterion", "score")
_INDENT = " " * 10
_WORD: dict[str, tuple[str, Style]] = {
    "passed": ("passed", "good"),
    "failed": ("FAILED", "bad"),
    "not_graded": ("NOT GRADED", "doubt"),
}
_MOST_PRINTED = 12  # lines
_MOST_OBSERVED = 400  # characters


@dataclass(frozen=True)
class Look:
    """How to show a card.

    width: columns; feedback: one of FEEDBACK; foot: what is true of the run; rungs: how many hints of each criterion
    were asked for, by its id.
    """

    width: int
    feedback: str
    foot: str
    rungs: dict[str, int]


def card(result: Result, look: Look) -> Iterator[Line]:
    """Yield the card's lines."""
    title = f" {result.kata} - {result.title}"
    where = visible(result.submission)
    gap = max(2, look.width - len(title) - len(where) - 1)
    yield title + " " * gap + where, "strong"
    if result.examples is not None and result.examples.tried:
        yield from _examples(result)
    defined: set[str] = set()
    for outcome in result.outcomes if look.feedback != "score" else ():
        yield from _row(outcome, look, defined)
    possible = sum(outcome.max_points for outcome in result.outcomes)
    ran = "" if result.whole else f" ({len(result.outcomes)} of the criteria ran, no score)"
    total = result.total if result.whole else possible
    if result.status == "not_graded":
        yield " no score: a part was NOT GRADED, which is not the submission's fault", "doubt"
        yield f" {look.foot}", "doubt"
        yield from _wrapped(result.message, look, "")
    else:
        yield f" {result.points}/{total}{ran}  {look.foot}", "good" if result.full else "bad"


def for_student(result: Result, feedback: str) -> Result:
    """Return a result without what a feedback level keeps from a student.

    What their code printed and the text of their exceptions can carry hidden inputs, so below ``full`` they go.
    """
    if feedback == "full":
        return result
    outcomes = []
    for outcome in result.outcomes:
        failure = outcome.failure
        if failure is not None:
            shown = feedback == "counterexample"
            failure = replace(failure, printed="") if shown else None
        message = outcome.message if feedback == "counterexample" else ""
        outcome = replace(outcome, failure=failure, message=message)
        if feedback != "counterexample":
            # A submission chooses both, by what it was asked: only verdicts are left.
            outcome = replace(outcome, not_started=False, speedup=None)
        outcomes.append(outcome)
    return replace(result, outcomes=tuple(outcomes), message="" if result.outcomes else result.message)


def _examples(result: Result) -> Iterator[Line]:
    examples = result.examples
    assert examples is not None
    good = examples.tried - len(examples.failed)
    yield f"   {good} of {examples.tried} public examples pass (no points)", ""
    started = not all(outcome.not_started for outcome in result.outcomes)
    for source, expected, got in examples.failed[:1] if started else ():
        yield from _source(source)
        yield from ((_INDENT + line, "") for line in lines(got.rstrip("\n")[:_MOST_OBSERVED]))
        wanted = visible(expected.strip()) or "no output"
        yield f"{_INDENT}expected {wanted}", "strong"


def _row(outcome: Outcome, look: Look, defined: set[str]) -> Iterator[Line]:
    word, style = _WORD[outcome.outcome]
    if outcome.not_started:
        word = "not started"
    points = f"{outcome.points}/{outcome.max_points}"
    yield f"{points:>8}  {word:<11}  {outcome.title}", style
    if outcome.speedup and outcome.outcome == "passed":
        yield from _wrapped(outcome.speedup, look, "")
    if outcome.outcome == "passed" or outcome.not_started:
        return
    if outcome.outcome == "not_graded":
        yield from _wrapped(outcome.message, look, "")
        return
    if look.feedback != "criterion":
        yield from _failure(outcome, look, defined)
    yield from _wrapped(f"Why: {outcome.because}", look, "strong")
    if look.feedback in ("full", "counterexample"):
        yield from _hints(outcome, look)


def _failure(outcome: Outcome, look: Look, defined: set[str]) -> Iterator[Line]:
    failure = outcome.failure or Failure()
    if not failure.steps:
        yield from _wrapped(outcome.message, look, "")
    if failure.dropped:
        yield f"{_INDENT}({failure.dropped} earlier steps are not shown)", ""
    for index, (source, observed) in enumerate(failure.steps):
        if source in defined:
            yield f"{_INDENT}>>> # as above: {visible(source.splitlines()[0])}", ""
        else:
            yield from _source(source)
        if source.startswith(("def ", "class ")) and "\n" in source:
            defined.add(source)
        last = index == len(failure.steps) - 1
        if last:
            yield from _observed(observed, failure, look)
        elif observed:
            yield from _wrapped(_short(observed), look, "")
    yield from ((f"{_INDENT}| {visible(line)}", "") for line in failure.timeline)
    if failure.note:
        yield from _wrapped(failure.note, look, "")
    for line in failure.lines:
        yield f"{_INDENT}Your code, line {line.number}, in {visible(line.function)}:", ""
        yield f"{_INDENT}    {visible(line.text)}", ""
    if failure.printed.strip():
        yield f"{_INDENT}Your code printed:", ""
        shown = lines(failure.printed.rstrip("\n"))
        for line_ in shown[:_MOST_PRINTED]:
            yield f"{_INDENT}  | {line_[: look.width - 16]}", ""
        if len(shown) > _MOST_PRINTED:
            yield f"{_INDENT}  ... and {len(shown) - _MOST_PRINTED:,} lines more", ""


def _source(source: str) -> Iterator[Line]:
    for number, line in enumerate(lines(source.rstrip("\n"))):
        yield f"{_INDENT}{'...' if number else '>>>'} {line}", ""
    if "\n" in source.rstrip("\n") and source.rstrip("\n").splitlines()[-1].startswith((" ", "\t")):
        yield f"{_INDENT}...", ""


def _observed(observed: str, failure: Failure, look: Look) -> Iterator[Line]:
    seen = _short(observed)
    wanted = f"expected {_short(failure.expected)}" if failure.expected else ""
    column = max(28, len(seen) + 3)
    if seen and wanted and len(_INDENT) + column + len(wanted) <= look.width:
        yield f"{_INDENT}{seen:<{column}}{wanted}", "strong"
    elif failure.differences:
        if not wanted:
            yield from _wrapped(seen, look, "strong")
        yield from _side_by_side(failure.differences, look)
    else:
        for text in filter(None, (seen, wanted)):
            yield from _wrapped(text, look, "strong")


def _side_by_side(differences: tuple[tuple[str, str, str], ...], look: Look) -> Iterator[Line]:
    """Show two values of many parts by the places at which they differ."""
    rows = [("differs at", "observed", "expected"), *(tuple(_short(text) for text in row) for row in differences)]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    if len(_INDENT) + sum(widths) + 4 <= look.width:
        for place, seen, wanted in rows:
            yield f"{_INDENT}{place:<{widths[0]}}  {seen:<{widths[1]}}  {wanted}", "strong"
        return
    for place, seen, wanted in rows[1:]:
        yield from _wrapped(f"at {place}: {seen}", look, "strong")
        yield from _wrapped(f"expected {wanted}", look, "strong")


def _short(text: str) -> str:
    seen = visible(text)
    return seen if len(seen) <= _MOST_OBSERVED else seen[: _MOST_OBSERVED - 3] + "..."


def _hints(outcome: Outcome, look: Look) -> Iterator[Line]:
    asked = min(look.rungs.get(outcome.id, 0), len(outcome.hints))
    for number, hint in enumerate(outcome.hints[:asked], 1):
        yield from _wrapped(f"Hint {number} of {len(outcome.hints)}: {hint}", look, "")


def _wrapped(text: str, look: Look, style: Style) -> Iterator[Line]:
    for line in lines(text):
        for part in textwrap.wrap(line, max(30, look.width - len(_INDENT)), break_on_hyphens=False):
            yield _INDENT + part, style
