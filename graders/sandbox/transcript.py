"""The transcript: the requests to a submission in one example, as Python source, and their results.

A failure shows it, so it must be true (each line was really asked), short, safe to print, and such that a learner can
paste it into a prompt after ``from KATA import *``.
"""

from __future__ import annotations

import ast
import functools
import keyword
import math
import re
import symtable
from dataclasses import dataclass, field
from typing import Any

# A text that repeats itself is written as a product: otherwise it would be cut and could not be pasted.
_REPEATED = re.compile(r"(.{1,60}?)\1{49,}", re.DOTALL)
_SEARCHED = 4_000  # characters: a run that begins after the first MAX_TEXT could not be pasted anyway
_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]{6,16}\b")
MAX_STEPS = 400  # of an example; a longer one shows its last steps
_AT_ONCE = ("listcomp", "setcomp", "dictcomp", "genexpr")
MAX_TEXT = 1_000  # characters of a value


@dataclass(slots=True, eq=False)  # comparing values could ask the submission
class Step:
    """One request: its source, and what was observed (None: nothing to show, as for an assignment).

    value: the result or the exception; assigned: the name that it was given, before the source; tool: an instrument
    whose stand-in is defined here, in place of a source; uses: the instruments that it passes.
    """

    source: str
    observed: str | None = None
    value: Any = field(default=None, repr=False)
    raised: bool = False
    assigned: str = ""
    tool: Any = field(default=None, repr=False)
    uses: list[Any] = field(default_factory=list, repr=False)


class Name(str):
    """A name in a transcript: shown as it is where a value would be shown by its repr."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def show(value: Any) -> str:
    """Return a value's repr, bounded; never fails (huge ints have no decimal form by default)."""
    if value is True or value is False:
        return "True" if value else "False"
    try:
        text = str(repr(value))  # a name is a subclass of str, which only this process treats as text
    except ValueError:
        if type(value) is int:
            return f"0x{value:x}"[:MAX_TEXT] + "..."
        return f"<a {type(value).__name__} that holds a huge int>"
    except RecursionError:
        return f"<a {type(value).__name__} nested too deeply to show>"
    text = masked(text)
    if len(text) > MAX_TEXT:
        return f"{text[: MAX_TEXT - 20]}... ({len(text):,} characters)"
    return text


def masked(text: str) -> str:
    """Return a repr without addresses, which differ each time."""
    return _ADDRESS.sub(" at 0x...", text) if " at 0x" in text else text


def literal(value: Any) -> str:
    """Return a value as source that makes it.

    This is `show`, except for floats whose repr is a name, texts of plain lines, and long regular values.
    """
    kind = type(value)
    if kind is str and _is_plain_lines(value):
        return f'"""\\\n{value}"""'
    if type(value) is str and len(value) > MAX_TEXT and (run := _REPEATED.search(value, 0, _SEARCHED)):
        unit, end = run[1], run.end()
        while value.startswith(unit, end):
            end += len(unit)
        before, after = (show(part) if part else "" for part in (value[: run.start()], value[end:]))
        return " + ".join(filter(None, (before, f"{unit!r} * {(end - run.start()) // len(unit)}", after)))
    text = show(value)
    if text.endswith(("...", " characters)")) or text.startswith("<a "):
        return _regular(value) or text
    if "inf" not in text and "nan" not in text:
        return text
    if kind is float and not math.isfinite(value):
        return f"float({text!r})"
    if kind in (list, tuple, set, frozenset) and value:
        inside = ", ".join(map(literal, value))
        if kind is tuple:
            return f"({inside}{',' * (len(value) == 1)})"
        return f"[{inside}]" if kind is list else f"{{{inside}}}" if kind is set else f"frozenset({{{inside}}})"
    if kind is dict:
        return "{" + ", ".join(f"{literal(key)}: {literal(member)}" for key, member in value.items()) + "}"
    return text


def _regular(value: Any) -> str:
    """Return a short source of a long value: a power of two, one member many times, a range; else ""."""
    kind = type(value)
    if kind is int and value.bit_count() == 1:
        return f"{'-' * (value < 0)}(1 << {value.bit_length() - 1})"
    if kind not in (str, bytes, list, tuple) or not value:
        return ""
    if len(value) > 1 and value == value[:1] * len(value):
        return f"{literal(value[:1])} * {len(value)}"
    if kind in (str, bytes):
        return ""
    plain = len(value) > 1 and all(type(each) is int and each.bit_length() < 64 for each in value)
    # The length first: the numbers may be a submission's, and a range between them larger than any memory.
    if plain and value[-1] - value[0] == len(value) - 1 and list(value) == list(range(value[0], value[-1] + 1)):
        return f"{kind.__name__}(range({value[0]}, {value[-1] + 1}))"
    inside = ", ".join(map(literal, value))
    if len(inside) > MAX_TEXT:
        return ""
    return f"[{inside}]" if kind is list else f"({inside}{',' * (len(value) == 1)})"


def _is_plain_lines(text: str) -> bool:
    """Whether a text can be written unchanged between triple quotes, with nothing in it that a reader would not see."""
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
        # What a check measured, for the score card; the last example's counts.
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

    def bring(self, tool: Any, step: Step) -> None:
        """Define an instrument's stand-in before the step that passes it."""
        step.uses.append(tool)
        if tool.definition and step in self.steps and not any(each.tool is tool for each in self.steps):
            self.steps.insert(self.steps.index(step), Step("", tool=tool))

    def name(self, class_name: str) -> Name:
        """Return a fresh name for an object: its class's initial, else a later letter, else one with a number."""
        initial = next((c for c in class_name.lower() if c.isascii() and c.isalpha()), "x")
        letters = "abcdefghijklmnopqrstuvwxyz"
        start = letters.index(initial)
        for letter in letters[start:] + letters[:start]:
            # l, i and o look like digits.
            if letter not in self._taken and (letter == initial or letter not in "lio"):
                return self._take(letter)
        number = 2
        while f"{initial}{number}" in self._taken:
            number += 1
        return self._take(f"{initial}{number}")

    def shows(self, expression: str) -> bool:
        """Whether an expression begins with a name that a line of this example gives: no earlier one, nor one aside."""
        name = expression.partition("[")[0]
        return any(step.assigned == name for step in self.steps)

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
        found.append(_without_gaps(lines[first - 1 : node.end_lineno]))
    return tuple(found)


def _without_gaps(lines: list[str]) -> str:
    """Return the lines of a statement without empty ones, at which a prompt would end it."""
    text = "\n".join(lines)
    return text if '"""' in text or "'''" in text else "\n".join(line for line in lines if line.strip())


@functools.cache
def needed(text: str) -> frozenset[str]:
    """Return the names that statements look up when they run at a prompt, and don't bind themselves."""
    table = symtable.symtable(text, "<check>", "exec")
    bound = {each.get_name() for each in table.get_symbols() if each.is_assigned() or each.is_imported()}
    found, waiting = set[str](), [table]
    while waiting:
        table = waiting.pop()
        found |= {each.get_name() for each in table.get_symbols() if each.is_referenced() and each.is_global()}
        # Names in a function are looked up when it is called; a comprehension is a function that is called at once.
        waiting += [each for each in table.get_children() if each.get_name() in _AT_ONCE or each.get_type() == "class"]
    return frozenset(found - bound)


def call(function: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
    """Return the source of a call."""
    parts = [literal(arg) for arg in args]
    # A keyword that is not an identifier can be passed all the same.
    odd = {key: value for key, value in kwargs.items() if keyword.iskeyword(key) or not key.isidentifier()}
    parts += [f"{key}={literal(value)}" for key, value in kwargs.items() if key not in odd]
    parts += [f"**{literal(odd)}"] if odd else []
    return f"{function}({', '.join(parts)})"
