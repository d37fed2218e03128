"""Escapes text from a submission before it reaches a terminal."""

from __future__ import annotations


def visible(text: str) -> str:
    """Return one line of text with each unprintable character written as an escape.

    ``str.isprintable`` decides. Control characters, ANSI sequences, newlines, and the invisible marks that change the
    direction of text are unprintable.
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def lines(text: str) -> list[str]:
    """Return text as visible lines."""
    return [visible(line.replace("\t", "    ")) for line in text.split("\n")]
