"""The layers of a statement: the opening, which a learner needs to begin, the rules, what is out of scope, the sources.

A statement is the docstring of a stub. The layers come in this order, each except the first below its heading::

    Title: a few words.

    :topic: ...

    The question, the usual answer and where it breaks, the task, a few examples.

    Rules:
    1. ...

    Out of scope:
    - ...

    Sources:
    - ...
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass

from graders.authoring.head import LINE

HEADINGS = ("Rules:", "Out of scope:", "Sources:")
MOST_LINES = 15


class BadStatement(ValueError):
    """A layer is missing or too long; the message names the file, the layer and the next step."""


@dataclass(frozen=True)
class Statement:
    """A statement's title and layers, as plain text without the headings. opening: at most `MOST_LINES` lines."""

    title: str
    opening: str
    rules: str
    out_of_scope: str
    sources: str

    @staticmethod
    def of(text: str, name: str) -> Statement:
        """Read a statement. name: its file's name in messages.

        Raises:
            BadStatement: a layer is missing, empty or out of order, or the opening is too long.
        """
        title, *lines = inspect.cleandoc(text).split("\n")
        found = [line for line in lines if line in HEADINGS]
        if tuple(found) != HEADINGS:
            raise BadStatement(f"{name} has the lines {found}: part the statement by {list(HEADINGS)}, in this order")
        begin, end = ([lines.index(heading) for heading in HEADINGS], [*map(lines.index, HEADINGS[1:]), len(lines)])
        opening = "\n".join(_below_the_head(lines[: begin[0]])).strip("\n")
        rules, scope, sources = (
            "\n".join(lines[first + 1 : last]).strip("\n") for first, last in zip(begin, end, strict=True)
        )
        for heading, layer in zip(("the first paragraph", *HEADINGS), (opening, rules, scope, sources), strict=True):
            if not layer:
                raise BadStatement(f"{name}: there is nothing in {heading!r}: write it")
        if (count := opening.count("\n") + 1) > MOST_LINES:
            raise BadStatement(
                f"{name}: {count} lines come before {HEADINGS[0]!r}: say what a learner needs to begin in {MOST_LINES}"
            )
        return Statement(title, opening, rules, scope, sources)


def _below_the_head(lines: list[str]) -> list[str]:
    """Return the lines without the fields that come first."""
    rest = list(lines)
    while rest and (not rest[0].strip() or LINE.fullmatch(rest[0])):
        rest.pop(0)
    return rest
