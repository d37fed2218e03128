"""The course's ``nbgrader_config.py``: puts our steps in place of nbgrader's, without importing them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from graders.grading.seed import new_seed

FILE = "nbgrader_config.py"
_MARK = "from graders.nbgrader.config import configure"
_NEW = """\
# The course's configuration of nbgrader.
c = get_config()
c.CourseDirectory.course_id = {name!r}
"""
_BLOCK = """
# Katas are graded in a sandbox, without a kernel; every other assignment as before.
{mark}

c = get_config()
configure(c)
c.GradeKata.seed = {seed}  # the same inputs for every student: keep this file from them
c.GradeKata.feedback = "criterion"  # or "full", "counterexample", "score"
"""
_PACKAGE = "nbgrader.preprocessors"
_OURS = {"Execute": "graders.nbgrader.steps.GradeKata", "SaveAutoGrades": "graders.nbgrader.steps.SaveKataGrades"}
# The steps of nbgrader 0.9, in its order.
_STEPS = (
    f"{_PACKAGE}.Execute",
    f"{_PACKAGE}.IgnorePattern",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    f"{_PACKAGE}.LimitOutput",
    f"{_PACKAGE}.SaveAutoGrades",
    f"{_PACKAGE}.AssignLatePenalties",
    f"{_PACKAGE}.CheckCellMetadata",
)


class BadConfig(ValueError):
    """The course's configuration leaves no place for our steps; the message says what to do."""


def configure(c: Any) -> None:
    """Replace nbgrader's steps with ours, in a configuration that may have set some of them already.

    Args:
        c: the result of ``get_config()`` in a configuration file.

    Raises:
        BadConfig: the configured steps of autograding lack one that ours replaces.
    """
    autograde = c.Autograde
    steps = list(autograde.autograde_preprocessors) if "autograde_preprocessors" in autograde else list(_STEPS)
    for name, ours in _OURS.items():
        places = [number for number, step in enumerate(steps) if _name(step) in (name, ours.rpartition(".")[2])]
        if len(places) != 1:
            raise BadConfig(
                f"c.Autograde.autograde_preprocessors has {len(places)} steps {name}; katas need exactly one, "
                f"to put {ours} in its place. It is {steps!r}"
            )
        steps[places[0]] = ours
    autograde.autograde_preprocessors = steps
    autograde.exporter_class = "graders.nbgrader.steps.KataReader"


def _name(step: Any) -> str:
    return step.rpartition(".")[2] if isinstance(step, str) else getattr(step, "__name__", "")


def extend(course: Path) -> str:
    """Write a course's configuration, or add the lines that katas need, and return what was done."""
    path = course / FILE
    if not path.exists():
        course.mkdir(parents=True, exist_ok=True)
        text, done = _NEW.format(name=course.resolve().name), f"wrote {path}"
    else:
        text, done = path.read_text("utf-8"), f"extended {path}"
        if _MARK in text:
            return f"{path} is ready for katas"
    path.write_text(text.rstrip("\n") + "\n" + _BLOCK.format(mark=_MARK, seed=new_seed()), "utf-8")
    return done


def ready(course: Path) -> bool:
    """Whether a course's configuration has our steps."""
    path = course / FILE
    return path.is_file() and _MARK in path.read_text("utf-8")
