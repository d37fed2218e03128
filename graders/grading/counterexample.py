"""What a card shows of a failing example: its calls, ready to paste, and the text beside them.

A check compares a value with an expected one. The value came from one of the calls, not always the last: the expected
value is shown there. If no call returned the value, because the check computed it, both are shown together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from graders.authoring.differences import Difference
from graders.authoring.expectation import Unmet, exactly, is_one_for_all, source_of
from graders.concurrency.verdict import Violation
from graders.grading.identifiers import bound, used
from graders.sandbox.connection import Reference
from graders.sandbox.errors import NotPlainData, SubmissionFault, remote_of
from graders.sandbox.transcript import Step, Transcript, show, statements


@dataclass(frozen=True)
class Shown:
    """A failing example.

    steps: up to the one that the failure is about, which is the last, each with what a prompt shows; words: the
    grader's own; expected: the expected value, "" if unknown; found: the compared value, if it is not the result of the
    step; as_in: the source of an earlier step that the expectation comes from; last: the last step; left_out: how many
    calls of earlier runs of the check, which passed, are not shown.
    """

    steps: tuple[tuple[str, str], ...]
    words: str = ""
    expected: str = ""
    found: str = ""
    differences: tuple[Difference, ...] = ()
    as_in: str = ""
    last: Step | None = None
    left_out: int = 0


def shown(error: Exception, transcript: Transcript, defined: Sequence[str] = ()) -> Shown:
    """Return what to show for an example that failed with `error`.

    defined: the suite's own definitions, in order; those that a shown call needs are shown as well.
    """
    steps = transcript.steps
    at = len(steps) - 1
    words = expected = found = as_in = ""
    differences: tuple[Difference, ...] = ()
    if isinstance(error, Unmet):
        view = error.view(transcript)
        at = view.at
        expected, found, differences, as_in = view.expected, view.found, view.differences, view.as_in
        if error.left is None and error.operator == "raises":
            words = "" if steps and steps[at].observed else "no exception"
        elif error.left is None and not found and error.operator != "gives":
            words = "None"
    elif isinstance(error, NotPlainData):
        at, words, expected = _blamed(error, steps)
    elif isinstance(error, SubmissionFault):
        words = str(error)
        differences = error.differences if isinstance(error, Violation) else ()
    elif remote_of(error) is not None:
        at = next((i for i in reversed(range(len(steps))) if steps[i].value is error), at)
        expected = "no exception"
        if hasattr(error, "kata_gives"):
            (wanted,) = error.kata_gives
            expected, as_in = source_of(wanted, steps[:at])
    shown_steps, left_out = steps[: at + 1], 0
    if isinstance(error, Violation) and error.tool is not None:
        shown_steps, left_out = _of_one_run(shown_steps, error.tool)
    tools = [step.tool for step in steps if step.tool is not None]

    def told(text: str) -> str:
        for tool in tools:
            text = tool.told(text)
        return text

    pairs = [(source, told(observed)) for source, observed in _pasted(shown_steps, defined)]
    return Shown(
        tuple(pairs),
        told(words),
        told(expected),
        told(found),
        tuple((place, told(seen), told(wanted)) for place, seen, wanted in differences),
        as_in,
        steps[at] if steps else None,
        left_out,
    )


def _of_one_run(steps: Sequence[Step], tool: Any) -> tuple[list[Step], int]:
    """Return the steps without the calls of earlier runs, which passed, and the number of those calls."""
    others = [step for step in steps if step.uses and tool not in step.uses]
    kept = [step for step in steps if step not in others and step.tool in (None, tool)]
    return kept, len(others)


def _blamed(error: NotPlainData, steps: Sequence[Step]) -> tuple[int, str, str]:
    """Return (step, words, expected) for an object in place of plain data: the step that returned it is to blame."""
    last = len(steps) - 1
    value, other = error.value, error.other
    if not isinstance(value, Reference):
        return last, str(error), ""
    if not isinstance(other, exactly) and not is_one_for_all(other):
        theirs = [index for index, step in enumerate(steps) if step.value is other]
        if theirs:
            return theirs[-1], f"{kind_of(other)} came back", f"an object of class {value._kind}"
    own = [index for index, step in enumerate(steps) if step.value is value]
    wanted = other.value if isinstance(other, exactly) else other
    expected = "" if wanted is error else show(wanted)
    return (own[-1] if own else last), f"{kind_of(value)} came back", expected or "true or false"


def kind_of(value: Any) -> str:
    """Return the kind of a value in words: "a tuple", "an int", "a generator", "an object of class Point"."""
    if isinstance(value, Reference):
        name = value._kind
        plain = name.isidentifier() and name.islower()
        return f"{_article(name)} {name}" if plain else f"an object of class {name}"
    name = type(value).__name__
    return "None" if value is None else f"{_article(name)} {name}"


def _article(noun: str) -> str:
    return "an" if noun[:1] in "aeiou" else "a"


def _pasted(steps: Sequence[Step], defined: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield (source, observed), with the definitions that the sources need and no step has shown."""
    known: set[str] = set()
    texts = [statement for text in defined for statement in statements(text.strip("\n"))]

    def missing(source: str) -> Iterator[str]:
        """Yield the definitions that a source needs."""
        for name in sorted(used(source) - known):
            text = next((text for text in reversed(texts) if name in bound(text)), None)
            if text is not None and name not in known:
                known.update(bound(text))
                yield from missing(text)
                yield text

    last = len(steps) - 1
    for index, step in enumerate(steps):
        sources = [step.source] if step.tool is None else step.tool.definition
        for source in sources:
            if index == last and step.assigned and "  # the same object" not in source:
                # No later step uses the name: let the prompt show the value.
                source = source.removeprefix(f"{step.assigned} = ")
            yield from ((text, "") for text in missing(source))
            known |= bound(source)
            yield source, step.observed or ""
