"""Our steps of ``nbgrader autograde``: a bounded reader, the grader in place of the kernel, a strict saver of grades.

For notebooks that are not katas, each step does the same as nbgrader's own.

nbgrader gives full points to a grade cell without an output, or with one that is not a number. So nothing here rests on
outputs alone: `SaveKataGrades` takes a cell's points only if `GradeKata` vouches for them in the same pass, and leaves
every other cell to manual grading.
"""

from __future__ import annotations

import functools
import os
import re
from pathlib import Path
from typing import Any

from hypothesis.configuration import set_hypothesis_home_dir
from nbconvert.exporters import NotebookExporter
from nbgrader import utils
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters.base import NbGraderException
from nbgrader.preprocessors import Execute, SaveAutoGrades
from traitlets import Enum, Integer

from graders.authoring.catalogue import ROOT
from graders.classroom.names import shown
from graders.classroom.submissions import read_within
from graders.grading.hand_in import MAX_BYTES
from graders.grading.outcome import Result
from graders.grading.run import Run
from graders.grading.seed import new_seed
from graders.nbgrader import confined, gradebook, gradeid, rebuilt
from graders.nbgrader.code import Piece
from graders.nbgrader.submitted import MAX_NOTEBOOK, Unreadable, read
from graders.report import card
from graders.report.escape import visible

VERDICTS = "kata"  # the key in nbconvert's resources: points by grade cell, None if it could not be graded
CHANGED = "the assignment has no criterion {!r} in common with the hidden suite: was it generated from an older one?"
OF_ANOTHER = "this cell is graded by running it in a kernel, which the notebook of a kata never gets"


@functools.cache
def run(isolation: str, seed: int | None) -> Run:
    """Return the run, which all notebooks of this process share."""
    if os.access(ROOT, os.W_OK):
        # Otherwise Hypothesis would build its tables again in every course.
        set_hypothesis_home_dir(ROOT / ".hypothesis")
    return Run(isolation, new_seed() if seed is None else seed)


def _notebook(resources: dict[str, Any], book: Gradebook) -> Any | None:
    """Return the gradebook's record of the current notebook if it is a kata's, else None."""
    names = resources["nbgrader"]
    try:
        found = book.find_notebook(names["notebook"], names["assignment"])
    except MissingEntry:
        return None
    return found if gradebook.slugs(found) else None


class KataReader(NotebookExporter):
    """Reads a submitted notebook within bounds, and passes a well-formed one to nbgrader instead."""

    def __init__(self, *arguments: Any, **kw: Any) -> None:
        """Remove the kata submissions that lack the notebook: nbgrader would show a traceback for each."""
        super().__init__(*arguments, **kw)
        waiting: dict[str, list[str]] = getattr(self.parent, "assignments", {})
        lacking = {folder: why for folder, found in waiting.items() if (why := self._lacks(folder, found))}
        for folder in sorted(lacking):
            self.log.error("%s", lacking[folder])
            del waiting[folder]
        if lacking and not waiting:
            raise NbGraderException("Nothing is left to grade")

    def _lacks(self, folder: str, found: list[str]) -> str:
        """Return a message about a kata's submission whose notebook has another name, "" if there is none."""
        course = self.parent.coursedir
        pattern = course.format_path(course.submitted_directory, "(?P<student>.*)", "(?P<assignment>.*)", escape=True)
        match = re.match(pattern, folder)
        with Gradebook(course.db_url, course.course_id) as book:
            try:
                wanted = book.find_assignment(match["assignment"]).notebooks if match else []
            except MissingEntry:
                return ""
            if not any(map(gradebook.slugs, wanted)) or {each.name for each in wanted} & {Path(f).stem for f in found}:
                return ""
            there, name = shown(sorted(map(os.path.basename, found))), f"{wanted[0].name}.ipynb"
            return visible(f"{folder}: not graded: there is no {name}, but {there}. Rename it, and autograde again.")

    def from_filename(self, filename: str, resources: Any = None, **kw: Any) -> Any:
        """Read a notebook that nbgrader is about to sanitize, or one that it has sanitized."""
        course, names = self.parent.coursedir, resources["nbgrader"]
        folder = course.format_path(course.submitted_directory, names["student"], names["assignment"])
        if Path(filename).parent != Path(folder):
            return super().from_filename(filename, resources=resources, **kw)
        with Gradebook(course.db_url, course.course_id) as book:
            record = _notebook(resources, book)
            if record is None:
                return super().from_filename(filename, resources=resources, **kw)
            # If this process ends from here on, no grade of an earlier submission remains.
            gradebook.withdraw(book.find_submission_notebook(names["notebook"], names["assignment"], names["student"]))
            book.db.commit()
            made = self._read(Path(filename), names["student"], gradebook.given(record))
        resources["metadata"] = {"name": names["notebook"], "path": folder}
        return self.from_notebook_node(made, resources=resources, **kw)

    def _read(self, path: Path, student: str, given: list[Any]) -> Any:
        # Links don't count, even in the path of a student's folders: they could lead to another student's work.
        depth = 3 if path.parent.parent.name == student else 2
        parts = tuple(os.fsencode(part) for part in path.parts[-depth:])
        content, status, message, _ = read_within(Path(*path.parts[:-depth]), parts, MAX_NOTEBOOK)
        try:
            if content is None:
                raise Unreadable(f"The notebook can't be graded: {message}.")
            found = read(content, given)
            return rebuilt.notebook(found.cells, notes=found.notes)
        except Unreadable as error:
            self.log.warning("%s: %s", path, error)
            kept = "not_graded" if status == "not_graded" else "graded"
            return rebuilt.notebook(read(b'{"cells": []}', given).cells, problem=str(error), status=kept)


class GradeKata(Execute):
    """Grades a kata's notebook in the sandbox, without a kernel, and any other notebook as nbgrader does."""

    feedback = Enum(card.FEEDBACK, "criterion", help="How much a failure tells the student.").tag(config=True)
    isolation = Enum(("sandbox", "process"), "sandbox", help="How the submission is confined.").tag(config=True)
    seed = Integer(None, allow_none=True, help="What all inputs are drawn from: keep it from students.").tag(
        config=True
    )

    def preprocess(self, nb: Any, resources: Any = None, km: Any = None) -> Any:
        """Write a number into each grade cell of a kata, and the feedback into a cell before the first of them."""
        with Gradebook(resources["nbgrader"]["db_url"]) as book:
            record = _notebook(resources, book)
            if record is None:
                return super().preprocess(nb, resources, km)
            points = {cell.name: float(cell.max_score) for cell in record.grade_cells}
            resources[VERDICTS] = dict.fromkeys(points)
            for cell in filter(utils.is_grade, nb.cells):
                if cell.cell_type == "code":
                    cell.outputs = rebuilt.no_grade("the grader was interrupted")
            try:
                result, notes = self._grade(nb, record, resources["nbgrader"]["student"])
            except Exception as error:  # no error here may cost or earn a point
                self.log.exception("The notebook of %s could not be graded", resources["nbgrader"]["student"])
                kind = type(error).__name__
                result, notes = Result("", "", "", "not_graded", message=f"the grader failed: {kind}: {error}"), ()
        resources[VERDICTS] |= _write(nb, result, points)
        nb.cells.insert(_before_grades(nb), _feedback(result, notes, self.feedback))
        nb.metadata.pop(rebuilt.NOTES, None)
        return nb, resources

    def _grade(self, nb: Any, record: Any, student: str) -> tuple[Result, tuple[str, ...]]:
        found = nb.metadata.get(rebuilt.NOTES, {})
        notes, problem = tuple(found.get("notes", ())), found.get("problem", "")
        session = run(self.isolation, self.seed)
        try:
            kata = gradebook.kata_of(record)
        except gradebook.NoKata as error:
            return Result(student, record.name, record.name, "not_graded", message=str(error)), notes
        if problem and found.get("status") == "not_graded":
            return session.ungraded(kata, student, "not_graded", problem), (problem,)
        if problem:
            return session.result(kata, student, None, message=problem, shrink=False), (problem,)
        pieces = (
            Piece(number, cell.source, own=utils.is_solution(cell))
            for number, cell in enumerate(nb.cells, 1)
            if cell.cell_type == "code" and not utils.is_locked(cell)
        )
        try:
            program = confined.assemble(pieces)
        except Unreadable as error:
            return session.result(kata, student, None, message=str(error), shrink=False), (*notes, str(error))
        content = program.text.encode("utf-8", "replace")
        shrink = self.feedback in ("full", "counterexample")
        notes += program.notes
        if len(content) > MAX_BYTES:
            problem = f"The code of the notebook is larger than {MAX_BYTES:,} bytes."
            return session.result(kata, student, None, message=problem, shrink=False), (*notes, problem)
        return session.result(kata, student, content, shrink=shrink), notes


def _write(nb: Any, result: Result, points: dict[str, float]) -> dict[str, float | None]:
    """Write the outputs of all grade cells and return the points that are vouched for, by name."""
    verdicts: dict[str, float | None] = dict.fromkeys(points)
    outcomes = {outcome.id: outcome for outcome in result.outcomes}
    for cell in nb.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        if not utils.is_grade(cell) or cell.cell_type != "code" or utils.is_solution(cell):
            continue
        slug, part = gradeid.split(name) or ("", "")
        outcome = outcomes.get(part)
        if not slug:
            cell.outputs = rebuilt.no_grade(OF_ANOTHER)
        elif part == gradeid.EXAMPLES:
            cell.outputs, verdicts[name] = rebuilt.grade(0), 0.0
        elif outcome is None:
            cell.outputs = rebuilt.no_grade(result.message or CHANGED.format(part))
        elif outcome.outcome == "not_graded":
            cell.outputs = rebuilt.no_grade(outcome.message)
        else:
            verdicts[name] = worth = points[name] if outcome.outcome == "passed" else 0.0
            cell.outputs = rebuilt.grade(worth)
    return verdicts


def _before_grades(nb: Any) -> int:
    return next((number for number, cell in enumerate(nb.cells) if utils.is_grade(cell)), len(nb.cells))


def _feedback(result: Result, notes: tuple[str, ...], level: str) -> Any:
    """Return the student's feedback cell."""
    lines = [line for line, _ in card.card(card.for_student(result, level), card.Look(80, level, "", {}))]
    return rebuilt.feedback("\n".join(lines), notes)


class SaveKataGrades(SaveAutoGrades):
    """Saves the grades of a kata that are vouched for, and leaves the others to manual grading."""

    def preprocess_cell(self, cell: Any, resources: Any, cell_index: int) -> Any:
        """Save one cell's grade."""
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        ours = VERDICTS in resources or gradeid.split(name) is not None
        if ours and utils.is_grade(cell) and cell.cell_type == "code" and not utils.is_solution(cell):
            verdict = resources.get(VERDICTS, {}).get(name)
            if verdict is None or utils.determine_grade(cell)[0] != verdict:
                # nbgrader leaves a grade cell that is not code to manual grading.
                super().preprocess_cell(type(cell)({**cell, "cell_type": "markdown"}), resources, cell_index)
                return cell, resources
        return super().preprocess_cell(cell, resources, cell_index)
