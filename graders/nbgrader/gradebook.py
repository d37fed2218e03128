"""A kata's notebook in a course's gradebook: the cells as they were given out, and the grades."""

from __future__ import annotations

from typing import Any

from graders.authoring import catalogue
from graders.authoring.catalogue import Kata
from graders.nbgrader import gradeid
from graders.nbgrader.submitted import Given

_FIRST = (gradeid.STATEMENT, gradeid.ANSWER, gradeid.EXAMPLES)


class NoKata(LookupError):
    """The cells of a notebook name no kata that can be graded; the message says why."""


def slugs(notebook: Any) -> set[str]:
    """Return the slugs of the katas that grade a notebook of the gradebook; none for other assignments."""
    names = (gradeid.split(cell.name) for cell in notebook.grade_cells)
    return {name[0] for name in names if name is not None}


def kata_of(notebook: Any) -> Kata:
    """Return the kata of a notebook of the gradebook.

    Raises:
        NoKata: there is more than one kata, or the project has none of that name.
    """
    found = slugs(notebook)
    if len(found) != 1:
        raise NoKata(f"the notebook {notebook.name!r} has grade cells of {len(found)} katas; put each into its own")
    try:
        (kata,) = catalogue.find(found.pop())
    except catalogue.UnknownKata as error:
        raise NoKata(str(error)) from None
    return kata


def given(notebook: Any) -> list[Given]:
    """Return the cells of a notebook of the gradebook as they were given out, in the order of a kata's notebook."""
    points = {cell.name: float(cell.max_score) for cell in notebook.grade_cells}
    solutions = {cell.name for cell in notebook.solution_cells}
    tasks = {cell.name: float(cell.max_score) for cell in notebook.task_cells}
    found = [
        Given(
            cell.name,
            cell.cell_type,
            cell.source or "",
            cell.checksum,
            cell.locked,
            cell.name in solutions,
            cell.name in tasks,
            {**points, **tasks}.get(cell.name),
        )
        for cell in notebook.source_cells
    ]
    # The gradebook keeps no order. The fixed parts come first, then the criteria in the suite's order.
    try:
        order = [*_FIRST, *(each.id for each in kata_of(notebook).suite().criteria)]
    except (NoKata, catalogue.BrokenSuite):
        order = [*_FIRST]

    def place(cell: Given) -> int:
        part = (gradeid.split(cell.name) or ("", ""))[1]
        return order.index(part) if part in order else len(order)

    return sorted(found, key=place)


def withdraw(submission: Any) -> None:
    """Withdraw the grades of a submitted notebook: until it is graded again, it needs manual grading."""
    for grade in submission.grades:
        grade.auto_score = None
        grade.needs_manual_grade = True
