"""What autograding a class with nbgrader costs, per submission: our step against its own with the same properties.

    python benchmarks/nbgrader_class.py [SIZE]

Needs nbgrader: pip install -e ".[nbgrader]", in an environment of its own. Two courses are graded in turn by nbgrader's
converter in this process, so that the start of the command counts for neither: in one the properties stand in hidden
cells, which a kernel runs for each student; in the other they are in the sandbox's examiner. The class is a quarter
each of the reference and three rejected solutions. CPU is that of this process, of all kernels and all sandboxes.
A ratio, never a gate.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import tempfile
import warnings
from pathlib import Path
from typing import Any

from class_run import MIX, ROOT, SEED, cpu, files
from nbgrader.converters import Autograde, GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from graders.authoring import solutions
from graders.authoring.catalogue import Kata
from graders.nbgrader import assignment, gradeid
from graders.nbgrader.config import configure

HIDDEN = """\
### BEGIN HIDDEN TESTS
import sys
sys.path[:0] = [{root!r}, {root!r} + "/benchmarks"]
from direct import Direct, run
from graders.authoring.catalogue import Kata
(_criterion,) = [each for each in Kata({slug!r}).suite().criteria if each.id == {part!r}]
for _check in _criterion.checks:
    run(_check, Direct.of(globals()), {seed})
### END HIDDEN TESTS"""

SLUG = "hashing"


def convert(converter: Any, course: Path, student: str, config: Config) -> None:
    """Run one of nbgrader's converters over a course."""
    directory = CourseDirectory(root=str(course), assignment_id=SLUG, student_id=student, config=config)
    made = converter(coursedir=directory, config=config)
    made.force = True
    made.log.setLevel(logging.CRITICAL)
    made.start()


def start(course: Path, config: Config, *, hidden: bool, size: int) -> None:
    """Make a course whose class has handed in."""
    notebook = json.loads(assignment.source(Kata(SLUG)))
    for cell in notebook["cells"]:
        _, part = gradeid.split(cell["metadata"]["nbgrader"]["grade_id"]) or ("", "")
        if hidden:
            # Another name: to our steps, too, it is an assignment like any other.
            cell["metadata"]["nbgrader"]["grade_id"] = part
            if part not in (gradeid.STATEMENT, gradeid.ANSWER, gradeid.EXAMPLES):
                cell["source"] = HIDDEN.format(root=str(ROOT), slug=SLUG, part=part, seed=SEED)
    source = course / "source" / SLUG / f"{SLUG}.ipynb"
    source.parent.mkdir(parents=True)
    source.write_text(json.dumps(notebook), "utf-8")
    convert(GenerateAssignment, course, ".", config)
    release = json.loads((course / "release" / SLUG / f"{SLUG}.ipynb").read_text("utf-8"))
    for number in range(size):
        release["cells"][1]["source"] = solutions.read(files(Kata(SLUG))[number % MIX]).decode()
        place = course / "submitted" / f"student{number:03}" / SLUG / f"{SLUG}.ipynb"
        place.parent.mkdir(parents=True)
        place.write_text(json.dumps(release), "utf-8")


def scores(course: Path) -> list[float]:
    """Return the scores of the class."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{course}/gradebook.db") as book:
        return [float(book.find_submission(SLUG, each.id).score) for each in sorted(book.students, key=lambda s: s.id)]


def measure(course: Path, config: Config, size: int) -> float:
    """Return the CPU seconds per submission, once everything is loaded."""
    convert(Autograde, course, "student000", config)
    before = cpu()
    convert(Autograde, course, "*", config)
    return (cpu() - before) / size


def main() -> None:
    """Measure both."""
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    warnings.simplefilter("ignore")
    # Kernels and we share Hypothesis's tables: building them anew for each student would cost nbgrader a second more.
    os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = str(ROOT / ".hypothesis")
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    ours, theirs = Config(), Config()
    configure(ours)
    ours.GradeKata.seed = SEED
    with tempfile.TemporaryDirectory() as folder:
        spent, found = {}, {}
        for name, config in (("nbgrader", theirs), ("ours", ours)):
            course = Path(folder, name)
            start(course, config, hidden=name == "nbgrader", size=size)
            spent[name] = measure(course, config, size)
            found[name] = scores(course)
    print(f"class of {size}, CPU seconds per submission beyond the command's start")
    print(f"  nbgrader, hidden cells in a kernel  {spent['nbgrader']:.2f}   scores {sorted(set(found['nbgrader']))}")
    print(f"  ours, in the sandbox                {spent['ours']:.2f}   scores {sorted(set(found['ours']))}")
    print(f"  ratio {spent['ours'] / spent['nbgrader']:.2f}   (at most 0.5)")


if __name__ == "__main__":
    main()
