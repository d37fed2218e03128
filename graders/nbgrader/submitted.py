"""Reads a submitted notebook, every byte of which is hostile, and makes it fit for grading.

From the student's file it takes only the order, the kind and the text of the cells, and nbgrader's name of a cell. All
else (points, locks, checksums, outputs, other metadata, attachments, ids) comes from the gradebook or is dropped.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

MAX_NOTEBOOK = 8 << 20  # bytes of the file, with all its outputs
MAX_TEXT = 1 << 20  # characters in all cells together
MAX_CELLS = 1_000
_KINDS = ("code", "markdown", "raw")


class Unreadable(ValueError):
    """A file is not a notebook that can be graded, which is the student's doing; the message tells them why."""


@dataclass(frozen=True)
class Given:
    """A cell as it was given out, from the gradebook. points: a grade cell's, None for any other cell."""

    name: str
    kind: str
    text: str
    checksum: str | None = None
    locked: bool = False
    solution: bool = False
    task: bool = False
    points: float | None = None


@dataclass(frozen=True)
class Cell:
    """A student's cell. given: the cell of the assignment that it is, None for an added one."""

    kind: str
    text: str
    given: Given | None = None


@dataclass(frozen=True)
class Submitted:
    """A notebook made fit for grading. notes: the repairs, for the student and the instructor."""

    cells: tuple[Cell, ...] = ()
    notes: tuple[str, ...] = field(default=())


def read(content: bytes, given: list[Given]) -> Submitted:
    """Return the submitted notebook with every cell of the assignment exactly once.

    Raises:
        Unreadable: the file is not a notebook, or too large.
    """
    raw = _cells(content)
    by_name = {each.name: each for each in given}
    claimed = [_name(each) for each in raw]
    # Like nbgrader, take the last of several cells with one name.
    last = {name: number for number, name in enumerate(claimed) if name in by_name}
    cells, changed, outputs, points = [], list[str](), list[str](), list[str]()
    for number, each in enumerate(raw):
        kind, text, name = _kind(each), _text(each), claimed[number]
        if name is None or last.get(name) != number:
            cells.append(Cell(kind, text))
            continue
        cell = by_name[name]
        if (cell.locked and text.strip() != cell.text.strip()) or kind != cell.kind:
            changed.append(name)
        if cell.points is not None:
            outputs += [name] if each.get("outputs") else []
            points += [name] if _points(each) != cell.points else []
        cells.append(Cell(cell.kind, cell.text if cell.locked else text, cell))
    missing = [each for each in given if each.name not in last]
    cells += [Cell(each.kind, each.text if each.locked else "", each) for each in missing]
    order = [each.given.name for each in cells if each.given is not None]
    moved = not missing and order != [each.name for each in given]
    twice = [name for name, times in Counter(claimed).items() if name in by_name and times > 1]
    unknown = sum(name is not None and name not in by_name for name in claimed)
    notes = (
        _note(missing, "was deleted and is put back", "were deleted and are put back"),
        _note(twice, "was there more than once: the last one counts", "were there more than once: the last ones count"),
        _note(
            changed, "had been changed and is as it was given out", "had been changed and are as they were given out"
        ),
        _note(
            points, "claimed points of its own, which do not count", "claimed points of their own: they do not count"
        ),
        _note(outputs, "came with an output, which does not count", "came with outputs, which do not count"),
        "Cells of the assignment stand in another order than it was given out in." if moved else "",
        f"{unknown} cells claim to be of the assignment and are not: they count as added cells." if unknown else "",
    )
    return Submitted(tuple(cells), tuple(filter(None, notes)))


def _note(names: list[str] | list[Given], one: str, many: str) -> str:
    if not names:
        return ""
    texts = [each if isinstance(each, str) else each.name for each in names]
    return f"The {'cell' if len(texts) == 1 else 'cells'} {', '.join(texts)} {one if len(texts) == 1 else many}."


def _cells(content: bytes) -> list[dict[str, Any]]:
    """Return the cells in the order of the file, each a dict, bounded in number and text."""
    if len(content) > MAX_NOTEBOOK:
        raise Unreadable(f"The notebook is larger than {MAX_NOTEBOOK:,} bytes. Clear its outputs and submit it again.")
    try:
        found = json.loads(content)
    except (ValueError, RecursionError, MemoryError) as error:
        why = f": {error}" if isinstance(error, json.JSONDecodeError) else ""
        raise Unreadable(f"The file is no notebook, or a damaged one: it is not JSON{why}.") from None
    cells = found.get("cells") if isinstance(found, dict) else None
    if not isinstance(cells, list) or not all(isinstance(each, dict) for each in cells):
        raise Unreadable("The file is no notebook of version 4: it has no list of cells.")
    if len(cells) > MAX_CELLS:
        raise Unreadable(f"The notebook has {len(cells):,} cells; {MAX_CELLS:,} at most are graded.")
    if sum(len(_text(each)) for each in cells) > MAX_TEXT:
        raise Unreadable(f"The cells of the notebook hold more than {MAX_TEXT:,} characters.")
    return cells


def _kind(cell: dict[str, Any]) -> str:
    kind = cell.get("cell_type")
    return kind if isinstance(kind, str) and kind in _KINDS else "raw"


def _text(cell: dict[str, Any]) -> str:
    """Return a cell's text; a lone surrogate, which JSON can hold but a file can't, becomes a question mark."""
    text = cell.get("source")
    if isinstance(text, list) and all(isinstance(line, str) for line in text):
        text = "".join(text)
    if not isinstance(text, str):
        return ""
    return text.encode("utf-8", "replace").decode().replace("\r\n", "\n").replace("\r", "\n")


def _of_nbgrader(cell: dict[str, Any]) -> dict[str, Any]:
    metadata = cell.get("metadata")
    found = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    return found if isinstance(found, dict) else {}


def _name(cell: dict[str, Any]) -> str | None:
    name = _of_nbgrader(cell).get("grade_id")
    return name if isinstance(name, str) else None


def _points(cell: dict[str, Any]) -> float | None:
    points = _of_nbgrader(cell).get("points")
    return float(points) if isinstance(points, int | float) and abs(points) < 1e9 else None
