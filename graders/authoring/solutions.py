"""The text of a solution: a whole file, or one mistake as an edit of a right solution.

An edit is a file ``solutions/SLUG/rejected/NAME.edit``: the text of a docstring, the base, and runs of lines::

    Mistake: x and y are added, so that (1, 2) and (2, 1) collide.
    Must fail: hash_spreads
    May fail: -
    Base: reference.py

    -        return hash((self.x, self.y))
    +        return hash(self.x + self.y)

A run begins with the lines that it removes (``-``), which occur exactly once in the base, followed by those that it
inserts (``+``). Nothing else gives its position, so a changed base is an error rather than another mistake.
"""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

SUFFIX = ".edit"
_BASE = re.compile(r"Base: *(\S.*)")
_RIGHT = re.compile(r"reference\.py|accepted/\w+\.py")


class BadEdit(ValueError):
    """An edit can't be applied; the message begins with its file and line."""


@dataclass
class _Run:
    """Consecutive lines of an edit. line: the number of the first, from 1."""

    line: int
    old: list[str] = field(default_factory=list)
    new: list[str] = field(default_factory=list)


def read(path: Path) -> bytes:
    """Return the source of a solution. For an edit, its docstring is the mistake.

    Raises:
        BadEdit: the solution is an edit that can't be applied.
        OSError: the file can't be read.
    """
    return _applied(path).encode() if path.suffix == SUFFIX else path.read_bytes()


def _applied(path: Path) -> str:
    """Return the base of an edit with its runs of lines applied."""
    folder = path.parent.parent

    def bad(line: int, why: str) -> BadEdit:
        return BadEdit(f"solutions/{folder.name}/{path.parent.name}/{path.name}:{line}: {why}")

    lines = path.read_text("utf-8").split("\n")
    start = next((number for number, line in enumerate(lines) if line[:1] in ("-", "+")), len(lines))
    found = [(number, match[1].strip()) for number, line in enumerate(lines[:start], 1) if (match := _BASE.match(line))]
    if len(found) != 1:
        raise bad(1, f"its head has {len(found)} lines such as 'Base: reference.py'; give it one")
    ((number, name),) = found
    base = folder / name
    if not _RIGHT.fullmatch(name) or not base.is_file():
        raise bad(number, f"there is no {name}; take reference.py or a file in accepted/ for its base")
    try:
        body = _without_docstring(base.read_text("utf-8"))
    except SyntaxError as error:
        raise bad(number, f"{name} has a syntax error in line {error.lineno}; mend it") from None
    runs = _runs(lines, start, bad)
    if not runs:
        raise bad(len(lines), "it changes nothing; take a line of the base away with -, and put others there with +")
    places: list[tuple[int, _Run]] = []
    for run in runs:
        size = len(run.old)
        at = [place for place in range(len(body)) if body[place : place + size] == run.old]
        if not at:
            raise bad(run.line, f"{name} has no such lines beneath each other; if it has changed, write them anew")
        if len(at) > 1:
            raise bad(run.line, f"{name} has these lines {len(at)} times; add a line above or below that tells which")
        places.append((at[0], run))
    places.sort(key=lambda each: each[0])
    for (before, first), (after, second) in itertools.pairwise(places):
        if before + len(first.old) > after:
            raise bad(second.line, f"line {first.line} takes away one of these lines too; make them one run")
    for place, run in reversed(places):
        body[place : place + len(run.old)] = run.new
    said = "\n".join(line for line in lines[:start] if not _BASE.match(line)).strip()
    docstring = said.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    return "\n".join([f'"""{docstring}', '"""', *body])


def _runs(lines: list[str], start: int, bad: Callable[[int, str], BadEdit]) -> list[_Run]:
    """Return the runs of lines from `start` on. An empty line ends a run, and so does a - below a +."""
    runs: list[_Run] = []
    last = ""
    for number, line in enumerate(lines[start:], start + 1):
        sign, text = line[:1], line[1:]
        if sign not in ("", "-", "+"):
            raise bad(number, f"it begins with {sign!r}; begin each line with - or +, and part runs by an empty line")
        if sign == "-" and last != "-":
            runs.append(_Run(number))
        if sign == "+" and not last:
            raise bad(number, "it has no place; take the line beside it away with -, and put both there with +")
        if sign:
            (runs[-1].old if sign == "-" else runs[-1].new).append(text)
        last = sign
    return runs


def _without_docstring(text: str) -> list[str]:
    """Return the lines of a module without its docstring."""
    body, lines = ast.parse(text).body, text.split("\n")
    first = body[0] if body else None
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        return lines[first.end_lineno :]
    return ["", *lines]
