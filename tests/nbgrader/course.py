"""A course of nbgrader's in a folder, its real commands, and notebooks as students hand them in."""

from __future__ import annotations

import copy
import csv
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graders.authoring import solutions
from graders.authoring.catalogue import Kata
from tests.support import ROOT

SLUG = "hashing"
SEED = 7
BIN = Path(sys.executable).parent
Notebook = dict[str, Any]


def solution(name: str) -> str:
    """Return the text of a solution of the kata's."""
    return solutions.read(Kata(SLUG).solution(name)).decode()


REFERENCE = solution("reference")
WRONG = solution("rejected/article_point")


@dataclass(frozen=True)
class Course:
    """The folder of a course."""

    root: Path

    def run(self, *command: str) -> str:
        """Run a command of this environment in the course's folder and return what it printed."""
        # nbgrader starts alembic, which it looks for on PATH. The home folder is the course's, too.
        path = f"{BIN}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(
            [*command],
            cwd=self.root if self.root.exists() else self.root.parent,
            env={**os.environ, "PATH": path, "HOME": str(self.root.parent)},
            stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=1_000,
        )  # fmt: skip
        assert done.returncode == 0, f"{command} ended with {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout + done.stderr

    def start(self) -> None:
        """Make the course and generate its assignment, by the walk-through as it is written."""
        install, generate, _ = walk_through()
        kept = [line for line in install.splitlines() if line.startswith("kata ")]
        self.run("bash", "-ec", "\n".join(kept))
        config = self.root / "nbgrader_config.py"
        text = config.read_text("utf-8")
        config.write_text(text + f"\nc.GradeKata.seed = {SEED}\n", "utf-8")
        (self.root / "validate.log").write_text(self.run("bash", "-ec", generate), "utf-8")

    def grade(self) -> None:
        """Grade the class, give feedback and export, by the walk-through as it is written."""
        _, _, grade = walk_through()
        self.run("bash", "-ec", grade)

    @property
    def source(self) -> Notebook:
        """The instructor's notebook."""
        return load(self.root / "source" / SLUG / f"{SLUG}.ipynb")

    @property
    def release(self) -> Notebook:
        """The notebook as it is given out."""
        return load(self.root / "release" / SLUG / f"{SLUG}.ipynb")

    def submitted(self, student: str) -> Path:
        """Return the place of a student's notebook, its folder made."""
        path = self.root / "submitted" / student / SLUG / f"{SLUG}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def submit(self, student: str, notebook: Notebook | str | bytes) -> None:
        """Hand in a notebook, or what stands in the place of one."""
        if isinstance(notebook, dict):
            notebook = json.dumps(notebook)
        self.submitted(student).write_bytes(notebook if isinstance(notebook, bytes) else notebook.encode())

    def autograded(self, student: str) -> Notebook:
        """Return a student's notebook after autograding."""
        return load(self.root / "autograded" / student / SLUG / f"{SLUG}.ipynb")

    def feedback(self, student: str) -> str:
        """Return the page that a student gets."""
        return (self.root / "feedback" / student / SLUG / f"{SLUG}.html").read_text("utf-8")

    def grades(self, student: str) -> dict[str, tuple[float | None, bool, float]]:
        """Return (automatic score, whether a person has to grade it, most points) by the criterion's id."""
        from nbgrader.api import Gradebook

        with Gradebook(f"sqlite:///{self.root}/gradebook.db") as book:
            found = book.find_submission_notebook(SLUG, SLUG, student)
            prefix = f"kata-{SLUG}-"
            return {
                each.cell.name.removeprefix(prefix): (each.auto_score, each.needs_manual_grade, each.max_score)
                for each in found.grades
            }

    def export(self, assignment: str = SLUG) -> dict[str, float]:
        """Export as nbgrader does and return the scores by student."""
        self.run("nbgrader", "export")
        return self.exported(assignment)

    def exported(self, assignment: str = SLUG) -> dict[str, float]:
        """Return the scores of the last export, by student who has handed in something."""
        with (self.root / "grades.csv").open(encoding="utf-8", newline="") as file:
            rows = [row for row in csv.DictReader(file) if row["assignment"] == assignment]
        return {row["student_id"]: float(row["score"]) for row in rows}


def walk_through() -> list[str]:
    """Return the blocks of commands that docs/nbgrader.md begins with: to install, to generate, to grade."""
    blocks: list[str] = re.findall(
        r"^```\n(.*?)^```", (ROOT / "docs" / "nbgrader.md").read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    return blocks[:3]


def load(path: Path) -> Notebook:
    """Return a notebook's JSON."""
    found: Notebook = json.loads(path.read_text("utf-8"))
    return found


def text(cell: Notebook) -> str:
    """Return a cell's text."""
    return "".join(cell["source"])


def name(cell: Notebook) -> str:
    """Return the last part of a cell's name: a criterion's id or such."""
    return str(cell["metadata"].get("nbgrader", {}).get("grade_id", "")).removeprefix(f"kata-{SLUG}-")


def code(source: str, **more: Any) -> Notebook:
    """Return a code cell of the student's own."""
    return {"cell_type": "code", "metadata": {}, "source": source, "outputs": [], "execution_count": None, **more}


def markdown(source: str) -> Notebook:
    """Return a text cell of the student's own."""
    return {"cell_type": "markdown", "metadata": {}, "source": source}


def graded(notebook: Notebook) -> list[Notebook]:
    """Return the grade cells that are worth points."""
    return [cell for cell in notebook["cells"] if cell["metadata"].get("nbgrader", {}).get("points")]


def answer(
    release: Notebook, source: str | None, change: Callable[[Notebook], None] = lambda notebook: None
) -> Notebook:
    """Return the release with an answer in its cell, and changed in some way after that."""
    notebook = copy.deepcopy(release)
    for cell in notebook["cells"]:
        if name(cell) == "is-answer" and source is not None:
            cell["source"] = source
    change(notebook)
    return notebook
