"""The class that the tests look at: made, graded and given feedback once, with nbgrader's own commands."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.nbgrader import forged
from tests.nbgrader.course import REFERENCE, SEED, SLUG, WRONG, Course, answer, code, solution
from tests.support import ROOT


@pytest.fixture(name="course", scope="session")
def _course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A course with the kata generated, and no submission."""
    made = Course(tmp_path_factory.mktemp("nbgrader") / "course")
    made.start()
    return made


@pytest.fixture(name="codes", scope="session")
def _codes(course: Course) -> dict[str, str]:
    """The code of each student whose notebook holds code, by student."""
    release = next(cell["source"] for cell in course.release["cells"] if "is-answer" in str(cell["metadata"]))
    accepted = sorted(path.stem for path in (ROOT / "solutions" / SLUG / "accepted").glob("*.py"))[:3]
    codes = {
        "right": REFERENCE,
        "wrong": WRONG,
        "empty": "".join(release),
        "killer": f"import os\nos.kill(os.getpid(), 9)\n{REFERENCE}",
        "exits": f"{REFERENCE}\nraise SystemExit(0)",
        "hangs": f"while True:\n    pass\n{REFERENCE}",
        "syntax": f"{REFERENCE}\ndef (:",
        **{f"accepted-{name}": solution(f"accepted/{name}") for name in accepted},
    }
    return codes | {f"forged-{change.__name__}": WRONG for change in forged.FORGERIES}


@pytest.fixture(name="graded", scope="session")
def _graded(course: Course, codes: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A copy of the course, after autograde, generate_feedback and export of the whole class."""
    course = Course(shutil.copytree(course.root, tmp_path_factory.mktemp("graded") / "course"))
    release = course.release
    changes = {f"forged-{change.__name__}": change for change in forged.FORGERIES}
    for student, text in codes.items():
        course.submit(student, answer(release, text, changes.get(student, lambda notebook: None)))
    damaged(course)
    course.grade()
    return course


def damaged(course: Course) -> None:
    """Hand in what is no notebook."""
    release = course.release
    course.submit("bad-json", "{")
    course.submit("bad-nothing", "")
    course.submit("bad-binary", bytes(range(256)))
    course.submit("bad-list", "[]")
    course.submit("bad-cells", json.dumps({"cells": {"0": 1}}))
    course.submit("bad-version", json.dumps({"nbformat": 3, "worksheets": [{"cells": release["cells"]}]}))
    course.submit("bad-depth", "[" * 200_000)
    course.submit("bad-many", json.dumps({"cells": [code("")] * 5_000}))
    course.submit("bad-text", json.dumps({"cells": [code("#" * 100)] * 900 + [code("#" * (1 << 20))]}))
    with course.submitted("bad-large").open("wb") as file:
        file.write(b'{"cells": [], "padding": "')
        for _ in range(50):
            file.write(b"x" * (1 << 20))
        file.write(b'"}')
    course.submitted("bad-link").symlink_to(course.submitted("right"))
    os.mkfifo(course.submitted("bad-pipe"))


@pytest.fixture(name="by_pytest", scope="session")
def _by_pytest(codes: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, int]]:
    """What ``pytest --kata`` gives for the same code: points by criterion, by student."""
    folder: Path = tmp_path_factory.mktemp("by_pytest")
    for student, text in codes.items():
        path = folder / "class" / student / f"{SLUG}.py"
        path.parent.mkdir(parents=True)
        path.write_text(text, "utf-8")
    scores = folder / "scores.json"
    subprocess.run(
        [sys.executable, "-m", "pytest", "-q", f"--kata={SLUG}", f"--submissions={folder / 'class'}",
         f"--kata-seed={SEED}", f"--scores={scores}"],
        cwd=ROOT, check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    found = json.loads(scores.read_text("utf-8"))["results"]
    return {each["submission"]: {c["id"]: c["points"] for c in each["criteria"]} for each in found}
