"""The score card of one submission, as lines of text.

Words carry all the meaning; a style only repeats it. Everything from a submission is escaped here.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from rich.cells import cell_len

from graders.grading.identifiers import bound
from graders.grading.outcome import Failure, Interruption, LoadFailure, Outcome, Result
from graders.grading.outcome import Line as Traced
from graders.report.escape import lines, visible

Style = Literal["", "good", "bad", "doubt", "strong"]
Line = tuple[str, Style]

FEEDBACK = ("full", "counterexample", "criterion", "score")
_INDENT = " " * 10
_WORD: dict[str, tuple[str, Style]] = {
    "passed": ("passed", "good"),
    "failed": ("FAILED", "bad"),
    "not_graded": ("NOT GRADED", "doubt"),
}
_NARROW = 80  # columns of text outside of a card
_MOST_PRINTED = 12  # lines
_MOST_EXAMPLES = 5
_MANY = 3  # repetitions of lines that count as a recursion
_DEFINES = ("def ", "class ", "import ", "from ", "@")
_MOST_OBSERVED = 400  # characters


@dataclass(frozen=True)
class Look:
    """How to show a card.

    width: columns; feedback: one of FEEDBACK; foot: facts about the run; rungs: the number of hints to show, by the
    criterion's id; verbose: whether to show the measurements of passed criteria too.
    """

    width: int
    feedback: str
    foot: str
    rungs: dict[str, int]
    verbose: bool = False


def card(result: Result, look: Look) -> Iterator[Line]:
    """Yield the card's lines."""
    title = f" {result.kata} - {result.title}"
    where = visible(result.submission)
    gap = max(2, look.width - len(title) - len(where) - 1)
    yield title + " " * gap + where, "strong"
    for failure in result.load_failures:
        yield from _load_failure(failure, look)
    if result.examples is not None and result.examples.tried:
        yield from _examples(result)
    defined: dict[str, str] = {}
    for outcome in result.outcomes if look.feedback != "score" else ():
        yield from _row(outcome, look, defined)
    possible = sum(outcome.max_points for outcome in result.outcomes)
    ran = "" if result.whole else f" ({len(result.outcomes)} of the criteria ran, no score)"
    total = result.total if result.whole else possible
    if result.status == "not_graded":
        yield " no score: a part was NOT GRADED, which is not the submission's fault", "doubt"
        yield f" {look.foot}", "doubt"
        yield from _wrapped(result.message, look, "")
    elif not result.outcomes:
        yield f" no score: only the public examples ran  {look.foot}", ""
    else:
        yield f" {result.points}/{total}{ran}  {look.foot}", "good" if result.full else "bad"


def row(outcome: Outcome, look: Look) -> Iterator[Line]:
    """Yield the lines of one criterion, as in a card of its own."""
    return _row(outcome, look, {})


def for_student(result: Result, feedback: str) -> Result:
    """Return a result without the parts that a feedback level keeps from a student.

    The output of their code and the text of their exceptions can carry hidden inputs, so below ``full`` both go.
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
        if feedback != "counterexample" and outcome.not_run is not None and not outcome.not_run.sure:
            outcome = replace(outcome, not_run=None)
        if feedback != "counterexample":
            # A submission can choose both by its inputs: only verdicts remain, and why no request was sent.
            general = outcome.principle or outcome.because  # a submission can choose which check fails, too
            outcome = replace(outcome, not_started=False, speedup=None, because=general)
        outcomes.append(outcome)
    return replace(result, outcomes=tuple(outcomes), message="" if result.outcomes else result.message)


def _examples(result: Result) -> Iterator[Line]:
    examples = result.examples
    assert examples is not None
    good = examples.tried - len(examples.failed)
    yield f"   {good} of {examples.tried} public examples pass (no points)", ""
    # The card has named a missing name already: the examples need not repeat it.
    untouched = result.outcomes and all(outcome.not_started for outcome in result.outcomes)
    started = not result.load_failures and not untouched
    failed = examples.failed if started else ()
    for source, expected, got in failed[:_MOST_EXAMPLES]:
        yield from _source(source)
        yield from ((_INDENT + line, "") for line in lines(got.rstrip("\n")[:_MOST_OBSERVED]))
        wanted = visible(expected.strip()) or "no output"
        yield f"{_INDENT}expected {wanted}", "strong"
    if len(failed) > _MOST_EXAMPLES:
        yield f"{_INDENT}... and {len(failed) - _MOST_EXAMPLES} more that fail", ""


def _row(outcome: Outcome, look: Look, defined: dict[str, str]) -> Iterator[Line]:
    word, style = _WORD[outcome.outcome]
    if outcome.not_started:
        word = "not started"
    if outcome.not_run is not None:
        word = "not run"
    points = f"{outcome.points}/{outcome.max_points}"
    yield f"{points:>8}  {word:<11}  {outcome.title}", style
    if outcome.speedup and outcome.outcome == "passed":
        plain, _, measured = outcome.speedup.partition("\n")
        yield from _wrapped(plain, look, "")
        yield from _wrapped(measured if look.verbose else "", look, "")
    if outcome.outcome == "passed" or outcome.not_started or outcome.not_run is not None:
        return
    if outcome.outcome == "not_graded":
        yield from _wrapped(outcome.message, look, "")
        return
    if look.feedback != "criterion":
        yield from _failure(outcome, look, defined)
    if outcome.because:
        yield from _wrapped(f"Why: {outcome.because}", look, "strong")
    if look.feedback in ("full", "counterexample"):
        yield from _hints(outcome, look)


def _failure(outcome: Outcome, look: Look, defined: dict[str, str]) -> Iterator[Line]:
    failure = outcome.failure or Failure()
    if not failure.steps:
        yield from _wrapped(outcome.message, look, "")
    if failure.dropped:
        steps = "earlier call, which passed, is" if failure.dropped == 1 else "earlier calls, which passed, are"
        yield f"{_INDENT}({failure.dropped} {steps} not shown)", ""
    for source, observed in failure.steps[:-1]:
        if not _known(source, defined):
            yield from _source(source)
        if observed:
            yield from _wrapped(_short(observed), look, "")
    for source, observed in failure.steps[-1:]:
        yield from _source(source)
        own = failure.words or (f"found {failure.found}" if failure.found else "")
        if own and observed:
            yield from _wrapped(_short(observed), look, "")
        yield from _observed(own or observed, failure, look)
    yield from ((f"{_INDENT}| {visible(line)}", "") for line in failure.timeline)
    if failure.note:
        yield from _wrapped(failure.note, look, "")
    yield from _own_lines(failure.lines, look.width)
    yield from _printed(failure.printed, look)


def _known(source: str, defined: dict[str, str]) -> bool:
    """Whether a definition is the last one of its name on the card already; if not, record it."""
    names = bound(source)
    if not source.startswith(_DEFINES) or not names:
        defined.update(dict.fromkeys(names, ""))
        return False
    known = all(defined.get(name) == source for name in names)
    defined.update(dict.fromkeys(names, source))
    return known


def _own_lines(found: tuple[Traced, ...], width: int) -> Iterator[Line]:
    """Show the learner's own lines; if they repeat, as in a recursion, show one round."""
    at = 0
    while at < len(found):
        length, times = _round(found, at)
        for line in found[at : at + length]:
            head = f"{visible(line.lead)}, line {line.number}, in {visible(line.function)}:"
            yield from ((_INDENT + part, "") for part in textwrap.wrap(head, max(30, width - len(_INDENT))))
            yield f"{_INDENT}    {visible(line.text)}", ""
        if times > 1:
            same = "line" if length == 1 else f"{length} lines"
            yield f"{_INDENT}... and the same {same} again and again", ""
        at += length * times


def _round(found: tuple[Traced, ...], at: int) -> tuple[int, int]:
    """Return (length, times) of the lines that repeat from an index on, (1, 1) if none repeat three times."""
    for length in range(1, 1 + (len(found) - at) // _MANY):
        once = found[at : at + length]
        times = 1
        while found[at + times * length : at + (times + 1) * length] == once:
            times += 1
        if times >= _MANY:
            return length, times
    return 1, 1


def _printed(printed: str, look: Look) -> Iterator[Line]:
    """Show the beginning and the end, where a traceback has its exception."""
    if not printed.strip():
        return
    yield f"{_INDENT}Your code printed:", ""
    shown = lines(printed.rstrip("\n"))
    first, last = shown, shown[:0]
    if len(shown) > _MOST_PRINTED:
        first, last = shown[: _MOST_PRINTED // 2], shown[-(_MOST_PRINTED // 2) :]
    yield from ((f"{_INDENT}  | {line[: look.width - 16]}", "") for line in first)
    if last:
        yield f"{_INDENT}  ... {len(shown) - _MOST_PRINTED:,} lines between ...", ""
        yield from ((f"{_INDENT}  | {line[: look.width - 16]}", "") for line in last)


def _load_failure(failure: LoadFailure, look: Look) -> Iterator[Line]:
    """Show once why criteria were not run."""
    if failure.name:
        said = failure.message[0].upper() + failure.message[1:]
        yield f"   {visible(said)}, so what needs it was not run.", "bad"
    else:
        yield "   The file can't be loaded, so nothing was graded:", "bad"
        yield from _wrapped(failure.message, look, "bad")
    if failure.line:
        yield f"{_INDENT}{visible(failure.file)}, line {failure.line}:", ""
        yield f"{_INDENT}    {lines(failure.text)[0]}", "strong"
        if failure.width:
            # Count columns of the terminal: a wide character takes two, an escape its own length.
            before, marked = failure.text[: failure.column], failure.text[failure.column :][: failure.width]
            blank, marks = (cell_len(lines(text)[0]) for text in (before, marked))
            yield f"{_INDENT}    {' ' * blank}{'^' * max(1, marks)}", "strong"
    yield from _own_lines(failure.lines, look.width)
    if failure.advice:
        yield from _wrapped(failure.advice, look, "strong")
    yield from _printed(failure.printed, look)


def interruption(where: Interruption) -> Iterator[Line]:
    """Show where a run was interrupted."""
    yield "", ""
    yield f" interrupted in: {where.title}", "doubt"
    if where.call:
        yield from _source(where.call)
    yield from _own_lines(where.lines, _NARROW)


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
    """Show the places at which two values of many parts differ."""
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
