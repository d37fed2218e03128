"""Asks the same facts once more, in a way that a submission can't recognize.

Requests are answered in the submission's own process, where an author who knows the suite can answer for the class:
"refused", "equal", or the very object in place of its copy. So a criterion whose right answers are the same for every
submission asks its facts once more at its end: as statements of one function, whose order and names are drawn at that
moment. Python itself computes its result from the class; no other code of the submission can answer instead.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from random import Random
from string import Template
from typing import Any

from graders.authoring.expectation import holds
from graders.sandbox.proxy import Submission

# Statements, and the values that they note, in order. `$note(value)` notes a value; any other `$name` gets a new name.
Fact = tuple[str, Sequence[Any]]
# The same, if the values are known only after the call. `$tool` is an instrument.
Attended = tuple[str, Callable[[], Sequence[Any]]]


def anew(submission: Submission, draw: Random, facts: Iterable[Fact]) -> tuple[Any, list[Any]]:
    """Ask facts in a drawn order as one function; return its result and the expected one.

    A card shows no right fact, and of wrong ones only the first, alone. Assert that the two are equal::

        found, expected = anew(submission, draw, facts)
        assert found == expected

    draw: from `Submission.drawn`; the facts' own values may be drawn from it as well.
    """
    every = list(facts)
    name, source, noted = program(draw, [(each, _always(values)) for each, values in every], tool=False)
    expected = noted()
    if holds(submission, lambda: _ask(submission, name, source) == expected):
        return expected, expected
    for fact, values in every:
        body = [Template(fact).substitute({own: own for own in _own(fact)}, note="notes.append")]
        alone = _function("noted", "notes", body)
        if not holds(submission, lambda alone=alone, values=values: _ask(submission, "noted", alone) == [*values]):  # type: ignore[misc]
            return _ask(submission, "noted", alone), [*values]
    return _ask(submission, name, source), expected


def program(draw: Random, facts: Iterable[Attended], *, tool: bool = True) -> tuple[str, str, Callable[[], list[Any]]]:
    """Return a function that notes facts in a drawn order: its name, its source, and a getter of the expected notes.

    tool: whether it takes an instrument::

        name, source, noted = program(draw, facts)
        submission.define(source)
        with submission.attended(run.attend):
            found = getattr(submission, name)(run.tool)
        assert found == noted()
    """
    order = list(facts)
    draw.shuffle(order)
    names = _names(draw)
    name, notes = next(names), next(names)
    known = {"note": next(names), "tool": next(names)}
    body = [f"{known['note']} = {notes}.append"]
    for source, _ in order:
        body.append(Template(source).substitute({own: next(names) for own in _own(source)} | known))
    source = _function(name, notes, body, known["tool"] if tool else "")
    return name, source, lambda: [value for _, noted in order for value in noted()]


def _always(values: Sequence[Any]) -> Callable[[], Sequence[Any]]:
    return lambda: values


def _own(source: str) -> list[str]:
    return [name for name in Template(source).get_identifiers() if name not in ("note", "tool")]


def _function(name: str, notes: str, body: list[str], parameters: str = "") -> str:
    """Return the source of a function that returns its notes."""
    lines = textwrap.indent("\n".join([f"{notes} = []", *body, f"return {notes}"]), "    ")
    return f"def {name}({parameters}):\n{lines}"


def _ask(submission: Submission, function: str, source: str) -> Any:
    submission.do(source)
    return getattr(submission, function)()


def _names(draw: Random) -> Iterator[str]:
    """Yield short names, all different."""
    numbers = draw.sample(range(10, 100_000), 2_000)
    return (f"{draw.choice('abcdefghijkmnpqrstuvwxyz')}{number}" for number in numbers)
