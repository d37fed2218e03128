"""LAYER 1. The transcript: what was asked of a submission in one example, as Python source, and what came back.

It is what a failure shows, so it must be true (each line is what was really asked), short, safe to print, and such that
a learner can paste it into a prompt behind ``from KATA import *``.
"""

from __future__ import annotations

import ast
import functools
import keyword
import math
import re
from dataclasses import dataclass, field
from typing import Any

_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]{6,16}\b")
MAX_STEPS = 400  # of one example; a longer one shows its last steps
MAX_TEXT = 1_000  # characters of one value


@dataclass(slots=True)
class Step:
    """One request: its source, and what was observed (None: nothing to show, as for an assignment)."""

    source: str
    observed: str | None = None
    value: Any = field(default=None, repr=False)
    raised: bool = False


class Name(str):
    """A name in a transcript: shown as it is where a value would be shown by its repr."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def show(value: Any) -> str:
    """Return a value's repr, bounded and without a way to fail (huge ints have no decimal form by default)."""
    if value is True or value is False:
        return "True" if value else "False"
    try:
        text = str(repr(value))  # a name is a subclass, which nothing but this process takes for text
    except ValueError:
        if type(value) is int:
            return f"0x{value:x}"[:MAX_TEXT] + "..."
        return f"<a {type(value).__name__} that holds a huge int>"
    except RecursionError:
        return f"<a {type(value).__name__} nested too deeply to show>"
    # Where an object lies in memory is another place each time; nothing else of a value is left out.
    if " at 0x" in text:
        text = _ADDRESS.sub(" at 0x...", text)
    if len(text) > MAX_TEXT:
        return f"{text[: MAX_TEXT - 20]}... ({len(text):,} characters)"
    return text


def literal(value: Any) -> str:
    """Return a value as source that makes it: `show`, but for floats whose repr is a name, and texts of plain lines."""
    if type(value) is str and _is_plain_lines(value):
        return f'"""\\\n{value}"""'
    text = show(value)
    if "inf" not in text and "nan" not in text:
        return text
    kind = type(value)
    if kind is float and not math.isfinite(value):
        return f"float({text!r})"
    if kind is list:
        return f"[{', '.join(map(literal, value))}]"
    if kind is tuple:
        return f"({', '.join(map(literal, value))}{',' * (len(value) == 1)})"
    if kind is dict:
        return "{" + ", ".join(f"{literal(key)}: {literal(member)}" for key, member in value.items()) + "}"
    if kind is set and value:
        return "{" + ", ".join(map(literal, value)) + "}"
    return text


def _is_plain_lines(text: str) -> bool:
    """Whether a text can stand between triple quotes as it is, with nothing in it that a reader would not see."""
    return (
        "\n" in text[:-1]
        and len(text) <= MAX_TEXT
        and not text.endswith('"')
        and text.isascii()
        and not any(mark in text for mark in ("\\", '"""'))
        and all(line.isprintable() and line == line.rstrip() for line in text.split("\n"))
    )


class Transcript:
    """Records the requests of one example, and names the objects that come back."""

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self.dropped = 0
        # What a check measured, for the score card; the last of all examples counts.
        self.speedup: str | None = None
        self._taken: set[str] = set()

    def begin(self) -> None:
        """Forget the last example."""
        self.steps = []
        self.dropped = 0
        self._taken = set()

    def add(self, source: str) -> Step:
        """Record a request; the caller fills in what was observed."""
        step = Step(source)
        self.steps.append(step)
        if len(self.steps) > MAX_STEPS:
            self.dropped += 1
            del self.steps[0]
        return step

    def name(self, class_name: str) -> Name:
        """Return a fresh name for an object: its class's initial, else the letters behind it, else with a number."""
        initial = next((c for c in class_name.lower() if c.isascii() and c.isalpha()), "x")
        letters = "abcdefghijklmnopqrstuvwxyz"
        start = letters.index(initial)
        for letter in letters[start:] + letters[:start]:
            # l, i and o read like digits.
            if letter not in self._taken and (letter == initial or letter not in "lio"):
                return self._take(letter)
        number = 2
        while f"{initial}{number}" in self._taken:
            number += 1
        return self._take(f"{initial}{number}")

    def _take(self, name: str) -> Name:
        self._taken.add(name)
        return Name(name)


@functools.cache
def statements(text: str) -> tuple[str, ...]:
    """Return the source of each statement in a text, comments between them left out."""
    lines = text.splitlines()
    found = []
    for node in ast.parse(text).body:
        first = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", []))])
        found.append("\n".join(lines[first - 1 : node.end_lineno]))
    return tuple(found)


def call(function: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
    """Return the source of a call."""
    parts = [literal(arg) for arg in args]
    parts += [f"{key}={literal(value)}" for key, value in kwargs.items() if not keyword.iskeyword(key)]
    return f"{function}({', '.join(parts)})"
