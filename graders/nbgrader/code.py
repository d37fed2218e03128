"""The code cells of a notebook as one Python file, for the grader.

As in a notebook, which runs cell by cell, an error in a cell that the student added skips only the rest of that cell.
IPython's own lines (``%magic``, ``!shell``, ``help?``) are not Python and are left out, and so is an added cell that is
not Python; the notes say so.

The text is hostile: `confined` runs this file as a program of its own, with limits.
"""

from __future__ import annotations

import ast
import json
import re
import sys
import warnings
from collections.abc import Iterable
from dataclasses import dataclass

# Cell magics whose cells still contain Python.
_HARMLESS = ("time", "timeit", "capture", "prun")
_CELL_MAGIC = re.compile(r"\s*%%(\w*)")
_LINE = re.compile(r"(?P<indent>[ \t]*)(?:[%!?]|[\w.*, ]+=\s*[%!]|.*[^\s?]\s*\?\??\s*$)")
_LONGEST = 500  # characters of a line that may be IPython's
_MOST_PARSED = 1 << 20  # characters, in all parses of one notebook together


@dataclass(frozen=True)
class Piece:
    """A code cell. number: its position among all cells, from 1; own: whether it is the assignment's, not added."""

    number: int
    text: str
    own: bool


@dataclass(frozen=True)
class Program:
    """The file, and notes on what was left out and why."""

    text: str
    notes: tuple[str, ...]


class _Parser:
    """Parses with a limit on the work of all parses together: the text is hostile."""

    def __init__(self) -> None:
        self.left = _MOST_PARSED

    def tree(self, text: str) -> ast.Module | None:
        """Return the text as a tree, None if it is not Python; then `line` is the line of the error, 0 if unknown."""
        self.line, self.why = 0, "it is no Python"
        self.left -= len(text)
        if self.left < 0:
            self.why = "it has too much in it that is no Python"
            return None
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                tree = ast.parse(text)
                # Find errors that only the compiler reports, such as a return outside of a function.
                compile(tree, "cell", "exec", dont_inherit=True)
        except SyntaxError as error:
            self.line, self.why = error.lineno or 0, f"SyntaxError in line {error.lineno}"
            return None
        except (ValueError, RecursionError, MemoryError):
            return None
        return tree


def assemble(pieces: Iterable[Piece]) -> Program:
    """Return the code of all cells, in their order, as one file."""
    parser, notes, futures, out = _Parser(), list[str](), list[str](), list[str]()
    for piece in pieces:
        text, tree, left_out = _python(piece.text, parser)
        notes += [f"Cell {piece.number}: {each}" for each in left_out]
        if not text.strip():
            continue
        if tree is None and not piece.own:
            notes.append(f"Cell {piece.number} is left out: {parser.why}.")
            continue
        if tree is not None:
            text, found = _without_futures(text, tree)
            futures += found
        out.append(f"# Cell {piece.number}")
        out.append(text if piece.own or tree is None else _guarded(text, tree))
    names = ", ".join(dict.fromkeys(futures))
    head = [f"from __future__ import {names}"] if names else []
    return Program("\n".join([*head, *out, ""]), tuple(notes))


def _python(text: str, parser: _Parser) -> tuple[str, ast.Module | None, list[str]]:
    """Return a cell's text with a ``pass`` in place of each line of IPython's.

    Return its tree as well, None if it still is not Python, and what was left out.
    """
    notes = []
    magic = _CELL_MAGIC.match(text)
    if magic is not None:
        first, _, rest = text.lstrip().partition("\n")
        if magic[1] not in _HARMLESS:
            return "", None, [f"left out, for it begins with {first.strip()[:60]!r}."]
        text = f"#\n{rest}"
        notes.append(f"{first.strip()[:60]!r} is left out.")
    lines = text.split("\n")
    while (tree := parser.tree(text)) is None and 0 < parser.line <= len(lines):
        line = lines[parser.line - 1]
        found = _LINE.match(line) if len(line) <= _LONGEST else None
        if found is None:
            break
        notes.append(f"{line.strip()[:60]!r} is left out.")
        lines[parser.line - 1] = f"{found['indent']}pass"
        text = "\n".join(lines)
    return text, tree, notes


def _without_futures(text: str, tree: ast.Module) -> tuple[str, list[str]]:
    """Return the text without its imports from __future__, which must be first in a file, and their names."""
    lines, names = text.split("\n"), []
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module == "__future__" and node.end_lineno is not None:
            names += [alias.name for alias in node.names]
            lines[node.lineno - 1 : node.end_lineno] = ["pass"] * (node.end_lineno - node.lineno + 1)
    return "\n".join(lines), names


def _guarded(text: str, tree: ast.Module) -> str:
    """Return a cell that ends at its first error, as in a notebook."""
    within = set[int]()
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str | bytes)):
            # A line that begins within a string: an indent would become part of the string.
            within.update(range(node.lineno + 1, (node.end_lineno or node.lineno) + 1))
    lines = [line if number in within else f"    {line}" for number, line in enumerate(text.split("\n"), 1)]
    body = "\n".join(lines)
    return f"try:\n{body}\n    pass\nexcept Exception:\n    __import__('traceback').print_exc()"


def main() -> None:
    """Read pieces as JSON on standard input, and write the program as JSON on standard output."""
    program = assemble(Piece(number, text, own) for number, text, own in json.load(sys.stdin))
    json.dump([program.text, program.notes], sys.stdout)


if __name__ == "__main__":
    main()
