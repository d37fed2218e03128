"""A notebook rebuilt from a submission: the text is the student's, everything else the gradebook's."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from graders.nbgrader.submitted import Cell, Given
from graders.report.escape import visible

NOTES = "kata"  # the key of the metadata that one pass of nbgrader leaves for the next


def notebook(cells: Iterable[Cell], *, notes: Iterable[str] = (), problem: str = "", status: str = "graded") -> Any:
    """Return a notebook of version 4.5; its metadata carry `notes`, `problem` and `status` to the next pass."""
    made = [_cell(each, number) for number, each in enumerate(cells)]
    metadata = {NOTES: {"notes": list(notes), "problem": problem, "status": status}}
    return new_notebook(cells=made, metadata=metadata, nbformat_minor=5)


def _cell(cell: Cell, number: int) -> Any:
    identity = f"cell-{number}"
    metadata = {} if cell.given is None else {"nbgrader": _metadata(cell.given)}
    if cell.kind == "code":
        return new_code_cell(cell.text, metadata=metadata, id=identity)
    # Markdown can hold HTML, which nbgrader's pages would run: show a student's as it was typed.
    locked = cell.given is not None and cell.given.locked
    return new_markdown_cell(cell.text if locked else typed(cell.text), metadata=metadata, id=identity)


def _metadata(given: Given) -> dict[str, Any]:
    found: dict[str, Any] = {
        "cell_type": given.kind,
        "grade": given.points is not None and not given.task,
        "grade_id": given.name,
        "locked": given.locked,
        "schema_version": 3,
        "solution": given.solution,
        "task": given.task,
    }
    if given.checksum is not None:
        found["checksum"] = given.checksum
    if given.points is not None:
        found["points"] = given.points
    return found


def typed(text: str) -> str:
    """Return text as a Markdown code block that nothing in the text can close."""
    lines = text.split("\n")
    return "\n".join(f"    {visible(line.replace(chr(9), '    '))}" for line in lines)


def grade(points: float) -> list[Any]:
    """Return the outputs of a graded cell: one number, in the only form that nbgrader reads."""
    return [new_output("execute_result", {"text/plain": str(float(points))}, execution_count=None)]


def no_grade(why: str) -> list[Any]:
    """Return the outputs of a cell that could not be graded; nbgrader by itself would give it no points."""
    message = visible(why)[:1_000]
    return [new_output("error", ename="NotGraded", evalue=message, traceback=[f"NOT GRADED: {message}"])]


def feedback(card: str, notes: Iterable[str]) -> Any:
    """Return the student's feedback cell: the repairs of their notebook, and the score card."""
    about = "\n".join(notes)
    said = ["**About your notebook**", "", typed(about), ""] if about else []
    return new_markdown_cell("\n".join(["### Feedback", "", *said, "**Score card**", "", typed(card)]), id="feedback")
