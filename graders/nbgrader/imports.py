"""Writes the scores of a class's run into a course's gradebook, through nbgrader's own interface."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.apps.nbgraderapp import NbGraderApp
from nbgrader.coursedir import CourseDirectory

from graders.classroom import scorefile
from graders.nbgrader import gradebook, gradeid, rebuilt
from graders.nbgrader.submitted import Cell
from graders.report import scores
from graders.report.escape import visible

# A student's name is a folder's name, a part of formgrader's URLs, and a cell of an exported table. So it can't be
# anything with another meaning there (a path, a glob pattern, an option, a formula).
# nbgrader's export puts no quotes around a cell with a comma.
_NEVER = frozenset('/\\*?[]#%<>",')
_NOT_FIRST = ("-", ".", "~", "=", "+", " ")
_LONGEST = 120  # characters; a folder's name has 255 bytes at most
ELSEWHERE = "Graded outside of this course: the code is not here."


class BadScores(ValueError):
    """The scores can't be imported; the message says what to do. Nothing was written."""


@dataclass(frozen=True)
class _Place:
    """The destination of a kata's scores: the names of its assignment and notebook, and the maximum points by cell."""

    assignment: str
    notebook: str
    points: dict[str, float]


def imported(course: Path, file: Path) -> Iterator[str]:
    """Write scores into a course's gradebook and yield a line for each student whose grades changed or were kept.

    A second import of the same scores changes nothing. A result without a score leaves the grades of an earlier import,
    and manual grades always stay.

    Raises:
        BadScores: the file is not a scores file, or the course lacks an assignment; nothing was written.
    """
    results = _results(file)
    directory = _directory(course)
    with Gradebook(directory.db_url, directory.course_id) as book:
        places = {slug: _place(book, slug, course) for slug in dict.fromkeys(each["kata"] for each in results)}
        plans = [(each, places[each["kata"]], _points(each, places[each["kata"]], file)) for each in results]
        changed = 0
        for each, place, points in plans:
            student = each["submission"]
            label = visible(student)
            if not _can_be_a_student(student):
                yield f"{label}: left out, the name can't be a student's in nbgrader"
            elif each["status"] == "not_submitted":
                yield f"{label}: nothing was handed in"
            elif each["status"] != "graded":
                yield f"{label}: not graded, so nothing changes: {visible(str(each.get('message')))}"
            elif _folder(directory, directory.submitted_directory, student, place).exists():
                yield f"{label}: left out, has a submission in the course: nbgrader autograde {place.assignment}"
            elif _save(book, student, place, points) | _show(book, directory, each, place, points):
                changed += 1
                yield f"{label}: {'a person has to grade it' if None in points.values() else each.get('score')}"
        yield f"{changed} of {len(plans)} changed"


def _results(path: Path) -> list[dict[str, Any]]:
    try:
        found: list[dict[str, Any]] = scorefile.read(path)["results"]
    except scores.BadScores as error:
        raise BadScores(str(error)) from None
    return found


def _can_be_a_student(name: str) -> bool:
    fits = 0 < len(name) <= _LONGEST and name.isprintable() and len(os.fsencode(name)) <= 255
    return fits and not _NEVER & set(name) and not name.startswith(_NOT_FIRST) and not name.endswith(" ")


def _directory(course: Path) -> CourseDirectory:
    """Return the course as nbgrader's own commands find it from its folder."""
    if not (course / "nbgrader_config.py").is_file():
        raise BadScores(f"{course} is no course: it has no nbgrader_config.py. First: kata nbgrader init {course}")
    with contextlib.chdir(course):
        app = NbGraderApp()
        app.load_config_file(suppress_errors=False)
        found = CourseDirectory(parent=app)
        found.root = found.root  # the current folder, unless it is configured
    return found


def _place(book: Gradebook, slug: str, course: Path) -> _Place:
    found = [
        (assignment.name, notebook)
        for assignment in book.assignments
        for notebook in assignment.notebooks
        if slug in gradebook.slugs(notebook)
    ]
    if len(found) != 1:
        names = ", ".join(name for name, _ in found) or "none"
        raise BadScores(
            f"The gradebook of {course} needs one assignment of the kata {slug!r} and has {len(found)} ({names}). "
            f"To make one: kata nbgrader add {course} --kata={slug}, then: nbgrader generate_assignment {slug}"
        )
    name, notebook = found[0]
    cells = [*notebook.grade_cells, *notebook.task_cells]
    return _Place(name, notebook.name, {cell.name: float(cell.max_score) for cell in cells})


def _points(result: dict[str, Any], place: _Place, path: Path) -> dict[str, float | None]:
    """Return the points by grade cell, None where manual grading is needed."""
    outcomes = {str(each.get("id")): each.get("outcome") for each in result["criteria"] if isinstance(each, dict)}
    known = {gradeid.make(result["kata"], name) for name in outcomes}
    own = {gradeid.make(result["kata"], gradeid.EXAMPLES): 0.0}
    if result["status"] == "graded" and (lacking := known - set(place.points)):
        raise BadScores(
            f"{path} has criteria that the assignment {place.assignment!r} lacks: {sorted(lacking)}. "
            f"It was generated from another version of the kata {result['kata']!r}."
        )
    points: dict[str, float | None] = {}
    for name, most in place.points.items():
        part = (gradeid.split(name) or ("", ""))[1]
        outcome = outcomes.get(part) if result["status"] == "graded" else None
        worth = {"passed": most, "failed": 0.0}
        points[name] = own[name] if name in own else worth.get(outcome) if isinstance(outcome, str) else None
    return points


def _folder(directory: CourseDirectory, step: str, student: str, place: _Place) -> Path:
    return Path(directory.format_path(step, student, place.assignment))


def _save(book: Gradebook, student: str, place: _Place, points: dict[str, float | None]) -> bool:
    """Save the grades of one student and return whether any changed."""
    try:
        book.find_submission(place.assignment, student)
        changed = False
    except MissingEntry:
        book.update_or_create_student(student)
        book.add_submission(place.assignment, student)
        changed = True
    for grade in book.find_submission_notebook(place.notebook, place.assignment, student).grades:
        auto = points[grade.cell.name]
        if grade.auto_score != auto:
            # Like nbgrader's own step, ask for a second look at a cell that was graded by hand.
            grade.auto_score, grade.needs_manual_grade = auto, auto is None or grade.manual_score is not None
            changed = True
    book.db.commit()
    return changed


def _show(
    book: Gradebook, directory: CourseDirectory, result: dict[str, Any], place: _Place, points: dict[str, float | None]
) -> bool:
    """Write the notebook for formgrader and generate_feedback, and return whether it changed."""
    record = book.find_notebook(place.notebook, place.assignment)
    notebook = rebuilt.notebook(
        Cell(each.kind, each.text if each.locked else "", each) for each in gradebook.given(record)
    )
    del notebook.metadata[rebuilt.NOTES]
    for cell in notebook.cells:
        name = cell.metadata.nbgrader.grade_id
        if cell.metadata.nbgrader.solution:
            cell.source = f"# {ELSEWHERE}" if cell.cell_type == "code" else ELSEWHERE
        elif cell.metadata.nbgrader.grade and cell.cell_type == "code":
            worth = points.get(name)
            cell.outputs = rebuilt.grade(worth) if worth is not None else rebuilt.no_grade(str(result.get("message")))
    feedback = result.get("feedback")
    if isinstance(feedback, str):
        notebook.cells.insert(2, rebuilt.feedback(feedback, ()))
    text = nbformat.writes(notebook) + "\n"
    path = _folder(directory, directory.autograded_directory, result["submission"], place) / f"{place.notebook}.ipynb"
    if path.exists() and path.read_text("utf-8") == text:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.write_text(text, "utf-8")
    return True
