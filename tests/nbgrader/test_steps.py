"""Our steps of autograding when things go wrong: what is not graded is left to a person, and nothing earns points."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from graders.classroom.submissions import Content
from tests.nbgrader.course import REFERENCE, SEED, SLUG, WRONG, Course, answer, code, name, text

pytest.importorskip("nbgrader", reason='needs nbgrader, in an environment of its own: pip install -e ".[nbgrader]"')
# nbgrader 0.9 and SQLAlchemy 2 warn of each other.
pytestmark = [pytest.mark.filterwarnings("ignore"), pytest.mark.timeout(1_200)]


@pytest.fixture(name="own")
def _own(course: Course, tmp_path: Path) -> Course:
    """A course of the test's own."""
    return Course(shutil.copytree(course.root, tmp_path / "course"))


def autograde(course: Course, student: str, **options: Any) -> None:
    """Run the converter behind ``nbgrader autograde --force`` in this process, where a test can break things."""
    from nbgrader.converters import Autograde
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config import Config

    from graders.nbgrader.config import configure

    config = Config()
    configure(config)
    config.GradeKata.seed = SEED
    config.GradeKata.update(options)
    directory = CourseDirectory(root=str(course.root), assignment_id=SLUG, student_id=student, config=config)
    converter = Autograde(coursedir=directory, config=config)
    converter.force = True
    converter.start()


def by_hand(course: Course, student: str) -> set[str]:
    """Return the criteria that a person has to grade, each of them without a score."""
    grades = course.grades(student)
    assert all((score is None) == hand for score, hand, _ in grades.values())
    return {criterion for criterion, (_, hand, _) in grades.items() if hand}


def criteria(course: Course) -> set[str]:
    """Return the ids of the criteria."""
    return {name(cell) for cell in course.release["cells"] if cell["metadata"]["nbgrader"].get("points")}


def total(course: Course, student: str) -> float:
    """Return the sum of the automatic scores."""
    return sum(score or 0 for score, _, _ in course.grades(student).values())


def broken(*_: Any, **__: Any) -> Any:
    """Fail as no code of ours should."""
    raise RuntimeError("a mistake of the grader's")


def test_without_a_sandbox_a_person_has_to_grade(own: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not graded is no zero and no full score; the page says why."""
    own.submit("alice", answer(own.release, REFERENCE))
    monkeypatch.setattr("graders.sandbox.isolation.bubblewrap.unavailable", lambda: "no user namespaces")
    autograde(own, "alice")

    assert by_hand(own, "alice") == criteria(own)
    whole = json.dumps(own.autograded("alice"))
    assert "NOT GRADED" in whole
    assert "no user namespaces" in whole


def test_the_weaker_isolation_has_to_be_asked_for(own: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """By its name, in the course's configuration."""
    own.submit("alice", answer(own.release, REFERENCE))
    monkeypatch.setattr("graders.sandbox.isolation.bubblewrap.unavailable", lambda: "no user namespaces")
    autograde(own, "alice", isolation="process")

    assert (total(own, "alice"), by_hand(own, "alice")) == (100, set())


@pytest.mark.parametrize("place", ["confined.assemble", "_write", "run"])
def test_a_mistake_of_ours_earns_no_points_and_costs_none(
    own: Course, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    """Wherever our step breaks; the points of an earlier submission do not stay either."""
    own.submit("alice", answer(own.release, REFERENCE))
    autograde(own, "alice")
    assert total(own, "alice") == 100
    own.submit("alice", answer(own.release, WRONG))
    monkeypatch.setattr(f"graders.nbgrader.steps.{place}", broken)
    if place == "_write":
        from nbgrader.converters.base import NbGraderException

        with pytest.raises(NbGraderException):
            autograde(own, "alice")
    else:
        autograde(own, "alice")

    assert by_hand(own, "alice") >= criteria(own)


@pytest.mark.parametrize(
    "step", ["graders.nbgrader.steps.read", "nbgrader.preprocessors.SaveAutoGrades.preprocess_cell"]
)
def test_a_run_that_ends_half_way_leaves_no_grade(own: Course, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    """Ctrl-C before the grader or after it: what was there is withdrawn first, and saved last."""
    own.submit("alice", answer(own.release, REFERENCE))
    autograde(own, "alice")

    def interrupt(*_: Any, **__: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(step, interrupt)
    with pytest.raises(KeyboardInterrupt):
        autograde(own, "alice")

    assert by_hand(own, "alice") >= criteria(own)


def test_outputs_that_a_later_step_takes_away_are_no_full_points(own: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nbgrader would give them: no output means full points to it."""
    from nbgrader.preprocessors import LimitOutput

    def clear(self: Any, nb: Any, resources: Any) -> Any:
        for cell in nb.cells:
            if cell.cell_type == "code":
                cell.outputs = []
        return nb, resources

    own.submit("alice", answer(own.release, WRONG))
    monkeypatch.setattr(LimitOutput, "preprocess", clear)
    autograde(own, "alice")

    assert by_hand(own, "alice") == {"points_never_change", "repr_and_copies"}
    assert total(own, "alice") == 80


def test_without_our_grader_no_cell_is_full_points(own: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """A configuration that lost one of our two steps."""
    own.submit("alice", answer(own.release, WRONG))
    monkeypatch.setattr(
        "graders.nbgrader.steps.GradeKata.preprocess", lambda self, nb, resources, km=None: (nb, resources)
    )
    autograde(own, "alice")

    assert by_hand(own, "alice") >= criteria(own)


def test_a_criterion_that_the_suite_no_longer_has_is_for_a_person(own: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """The assignment was generated from an older suite; the other criteria are graded."""
    from graders.authoring.catalogue import Kata
    from graders.authoring.criterion import Suite

    whole = Kata(SLUG).suite()
    monkeypatch.setattr(Kata, "suite", lambda self: Suite(whole.title, whole.criteria[1:]))
    own.submit("alice", answer(own.release, REFERENCE))
    autograde(own, "alice")

    assert by_hand(own, "alice") == {whole.criteria[0].id}
    assert total(own, "alice") == 100 - whole.criteria[0].points


def test_a_kata_that_is_gone_is_for_a_person(own: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page names it."""
    monkeypatch.setattr("graders.authoring.catalogue.slugs", lambda root: ["other"])
    own.submit("alice", answer(own.release, REFERENCE))
    autograde(own, "alice")

    assert by_hand(own, "alice") == criteria(own)
    assert "There is no kata 'hashing'" in json.dumps(own.autograded("alice"))


def test_a_file_that_the_grader_may_not_read_is_for_a_person(own: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """That is the machine's fault, not the student's."""
    said = Content(None, "not_graded", "hashing.ipynb can't be read: Permission denied")
    monkeypatch.setattr("graders.nbgrader.steps.read_within", lambda *_: said)
    own.submit("alice", answer(own.release, REFERENCE))
    autograde(own, "alice")

    assert by_hand(own, "alice") == criteria(own)
    assert "Permission denied" in json.dumps(own.autograded("alice"))


def test_an_instructor_may_change_the_points_and_add_cells(own: Course) -> None:
    """A criterion is worth what the gradebook says; a test of theirs, which would need a kernel, is for a person."""
    path = own.root / "source" / SLUG / f"{SLUG}.ipynb"
    source = own.source
    for cell in source["cells"]:
        if cell["metadata"]["nbgrader"].get("points"):
            cell["metadata"]["nbgrader"]["points"] /= 10
    meta = {"grade": True, "grade_id": "mine", "locked": True, "points": 5, "schema_version": 3, "solution": False}
    source["cells"].append(code("assert Point(1, 2)", id="mine", metadata={"nbgrader": {**meta, "task": False}}))
    path.write_text(json.dumps(source), "utf-8")
    own.run("nbgrader", "generate_assignment", SLUG, "--force")
    own.submit("alice", answer(own.release, REFERENCE))
    autograde(own, "alice")

    assert by_hand(own, "alice") == {"mine"}
    assert total(own, "alice") == pytest.approx(10)


def test_what_a_person_has_graded_stays(own: Course) -> None:
    """And is looked at again, as with nbgrader's own step."""
    from nbgrader.api import Gradebook

    own.submit("alice", answer(own.release, WRONG))
    autograde(own, "alice")
    with Gradebook(f"sqlite:///{own.root}/gradebook.db") as book:
        for grade in book.find_submission_notebook(SLUG, SLUG, "alice").grades:
            grade.manual_score = 1.5
        book.db.commit()
    autograde(own, "alice")
    with Gradebook(f"sqlite:///{own.root}/gradebook.db") as book:
        grades = book.find_submission_notebook(SLUG, SLUG, "alice").grades
        assert {(grade.manual_score, grade.needs_manual_grade) for grade in grades} == {(1.5, True)}


def test_code_is_taken_from_the_cells_around_the_answer(own: Course) -> None:
    """Helpers around it count, what fails in an added cell does not, and what is left out is said."""

    def change(notebook: dict[str, Any]) -> None:
        place = next(number for number, cell in enumerate(notebook["cells"]) if name(cell) == "is-answer")
        notebook["cells"][place:place] = [code("%matplotlib inline\nBASE = object\n!ls"), code("1 / 0\nBASE = None")]
        notebook["cells"].append(code("Point(1, 2) == undefined"))
        notebook["cells"].append(code("Point.__hash__ = lambda self: hash((self.x, self.y))"))

    solved = "class Point(BASE):" + REFERENCE.partition("class Point:")[2].replace("hash((self._x, self._y))", "0")
    own.submit("alice", answer(own.release, solved, change))
    autograde(own, "alice")

    assert total(own, "alice") == 100
    assert "'%matplotlib inline' is left out" in json.dumps(own.autograded("alice"))


@pytest.mark.parametrize("level", ["full", "counterexample", "criterion", "score"])
def test_feedback_is_at_the_level_of_the_course(own: Course, level: str) -> None:
    """The same text that a run over a class gives."""
    own.submit("alice", answer(own.release, WRONG))
    autograde(own, "alice", feedback=level)
    said = next(text(cell) for cell in own.autograded("alice")["cells"] if cell["id"] == "feedback")

    assert ("Why: " in said) == (level != "score")
    assert (">>> " in said) == (level in ("full", "counterexample"))
    assert "80/100" in said


def test_a_notebook_of_another_name_is_said_in_one_line(own: Course) -> None:
    """What a browser makes of a second download: it is named, the class goes on, and no grade changes."""
    own.submit("right", answer(own.release, REFERENCE))
    place = own.submitted("ann")
    place.with_name("hashing (1).ipynb").write_text(json.dumps(answer(own.release, REFERENCE)), "utf-8")

    said = own.run("nbgrader", "autograde", SLUG)

    (line,) = [line for line in said.splitlines() if "hashing (1).ipynb" in line]
    assert line.endswith(
        f"submitted/ann/{SLUG}: not graded: there is no hashing.ipynb, but 'hashing (1).ipynb'. "
        "Rename it, and autograde again."
    )
    assert "Traceback" not in said
    assert total(own, "right") == 100


def test_where_no_notebook_has_its_name_the_command_fails(own: Course) -> None:
    """Without a traceback of nbgrader's."""
    own.submitted("ann").with_name("Hashing.ipynb").write_text("{}", "utf-8")

    with pytest.raises(AssertionError, match=r"but 'Hashing\.ipynb'") as failed:
        own.run("nbgrader", "autograde", SLUG)

    assert "Traceback" not in str(failed.value)


def test_no_kernel_is_started_for_a_kata(own: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nbgrader's step is not reached."""
    monkeypatch.setattr("nbgrader.preprocessors.Execute.preprocess", broken)
    own.submit("alice", answer(own.release, REFERENCE))
    autograde(own, "alice")

    assert total(own, "alice") == 100


def test_other_assignments_are_graded_as_before(own: Course) -> None:
    """In a kernel, by the tests in their cells, beside the katas."""
    meta = {"grade": False, "locked": False, "schema_version": 3, "solution": True, "task": False, "grade_id": "f"}
    test = {**meta, "grade": True, "locked": True, "solution": False, "points": 3, "grade_id": "t"}
    kernel = {"name": "python3", "language": "python", "display_name": "Python 3"}
    cells = [
        code("### BEGIN SOLUTION\nx = 1\n### END SOLUTION", id="f", metadata={"nbgrader": meta}),
        code("assert x == 1", id="t", metadata={"nbgrader": test}),
    ]
    notebook = {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    path = own.root / "source" / "plain" / "plain.ipynb"
    path.parent.mkdir()
    path.write_text(json.dumps(notebook), "utf-8")
    own.run("nbgrader", "generate_assignment", "plain")
    for student, line in (("alice", "x = 1"), ("bob", "x = 2")):
        cells[0]["source"] = line
        place = own.root / "submitted" / student / "plain" / "plain.ipynb"
        place.parent.mkdir(parents=True)
        place.write_text(json.dumps(notebook), "utf-8")
    own.run("nbgrader", "autograde", "plain")

    assert own.export("plain") == {"alice": 3, "bob": 0}


def test_nothing_of_nbgrader_is_imported_by_the_configuration() -> None:
    """It is read at every command of nbgrader's, and by every notebook server."""
    source = (
        "import sys, graders.nbgrader.config; print([m for m in sys.modules if m[:5] in ('nbgra', 'nbcon', 'hypot')])"
    )
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
