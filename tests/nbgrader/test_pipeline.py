"""A kata from source to export with the real commands of nbgrader."""

from __future__ import annotations

import html
import re

import pytest

from tests.nbgrader.course import REFERENCE, SLUG, Course, name, text
from tests.support import ROOT

pytest.importorskip("nbgrader", reason='needs nbgrader, in an environment of its own: pip install -e ".[nbgrader]"')
# A whole class and eight commands of nbgrader's, on a machine that may be busy.
pytestmark = pytest.mark.timeout(1_200)

BAD = (
    "bad-json", "bad-nothing", "bad-binary", "bad-list", "bad-cells", "bad-version", "bad-depth", "bad-many",
    "bad-text", "bad-large", "bad-link", "bad-pipe",
)  # fmt: skip


def secret_lines() -> set[str]:
    """Return the lines of the suite and of the reference that tell something, and that the stub does not show."""
    stub = (ROOT / "katas" / f"{SLUG}.py").read_text("utf-8")
    suite = (ROOT / "graders" / "suites" / SLUG / "suite.py").read_text("utf-8")
    lines = {line.strip() for line in (suite + "\n" + REFERENCE).splitlines()}
    return {line for line in lines if len(line) > 20 and line not in stub and not line.startswith("@criterion")}


def scores(course: Course, student: str) -> dict[str, float | None]:
    """Return the automatic scores by criterion."""
    return {
        criterion: score for criterion, (score, _, _) in course.grades(student).items() if criterion != "is-examples"
    }


def test_every_score_is_that_of_pytest(graded: Course, by_pytest: dict[str, dict[str, int]]) -> None:
    """By criterion: right, wrong, empty, forged, one that kills its process, one that hangs."""
    assert {student: scores(graded, student) for student in by_pytest} == by_pytest
    assert sum(by_pytest["right"].values()) == 100
    assert 0 < sum(by_pytest["wrong"].values()) < 100
    assert {sum(by_pytest[student].values()) for student in ("empty", "killer", "hangs", "syntax")} == {0}


def test_the_export_says_the_same(graded: Course, by_pytest: dict[str, dict[str, int]]) -> None:
    """Nbgrader's own CSV."""
    exported = graded.exported()

    assert {student: exported[student] for student in by_pytest} == {
        student: sum(points.values()) for student, points in by_pytest.items()
    }
    assert {exported[student] for student in BAD} == {0.0}


def test_nobody_has_to_be_graded_by_hand_where_the_grader_did_its_work(graded: Course) -> None:
    """Also what is no notebook has its score: none."""
    students = sorted(path.name for path in (graded.root / "submitted").iterdir())

    assert [student for student in students if any(hand for _, hand, _ in graded.grades(student).values())] == []


@pytest.mark.parametrize("student", BAD)
def test_what_is_no_notebook_gets_no_points_and_says_why(graded: Course, student: str) -> None:
    """A score of 0 in every criterion, and a page that tells the student what is wrong."""
    assert set(scores(graded, student).values()) == {0.0}
    page = html.unescape(graded.feedback(student))
    said = re.search(r"About your notebook.*?<code>(.*?)</code>", page, re.DOTALL)
    assert said is not None
    expected = {"bad-large": "larger than", "bad-link": "a link", "bad-pipe": "a pipe", "bad-many": "5,000 cells"}
    assert expected.get(student, "") in said[1]
    assert "notebook" in said[1]


@pytest.mark.parametrize(
    ("student", "said"),
    [
        ("forged-outputs", "came with outputs"),
        ("forged-points", "claimed points"),
        ("forged-deleted", "were deleted"),
        ("forged-copied", "more than once"),
        ("forged-reordered", "another order"),
        ("forged-sources", "had been changed"),
        ("forged-renamed", "count as added cells"),
        ("forged-kinds", "had been changed"),
        ("forged-prints", "left out"),
    ],
)
def test_what_was_put_right_is_said(graded: Course, student: str, said: str) -> None:
    """In the feedback, which instructor and student read."""
    assert said in graded.feedback(student)


def test_a_page_of_feedback_runs_nothing_of_a_students(graded: Course) -> None:
    """Text, code, names of cells and values come out as text."""
    page = graded.feedback("forged-pages")

    assert "forge()" in page
    assert "<script>forge" not in page
    assert "<img src=x" not in page
    assert 'href="javascript:' not in page
    assert "\x1b" not in page


def test_the_release_is_the_stub_and_holds_nothing_that_is_hidden(course: Course) -> None:
    """No line of the suite or of the reference; statement, stub, examples, and a cell for each criterion."""
    release = course.release
    whole = "\n".join(text(cell) for cell in release["cells"])
    stub = (ROOT / "katas" / f"{SLUG}.py").read_text("utf-8").rpartition('"""\n\n\n')[2]

    assert [line for line in secret_lines() if line in whole] == []
    assert len(secret_lines()) > 50
    code = next(text(cell) for cell in release["cells"] if name(cell) == "is-answer")
    assert [line for line in code.splitlines() if line not in stub.splitlines()] == [
        "        # YOUR CODE HERE",
        "        raise NotImplementedError()",
    ]
    compile(code, "release", "exec")


def test_no_feedback_and_no_gradebook_holds_what_is_hidden(graded: Course) -> None:
    """Nor an autograded notebook: but for a student's own lines, which may be like those of the reference."""
    shown = secret_lines() - {line.strip() for line in REFERENCE.splitlines()}
    texts = {
        str(path): path.read_text("utf-8", "replace")
        for folder in ("feedback", "autograded", "release")
        for path in (graded.root / folder).rglob("*")
        if path.is_file()
    }
    texts["gradebook"] = (graded.root / "gradebook.db").read_bytes().decode("utf-8", "replace")

    found = [(path, line) for path, whole in texts.items() for line in shown if line in html.unescape(whole)]
    assert found == []
    assert len(texts) > 50


def test_the_instructors_notebook_solves_the_kata(course: Course) -> None:
    """It has the reference between nbgrader's marks, and passes its own examples when nbgrader validates it."""
    assert "Success" in (course.root / "validate.log").read_text("utf-8")


def test_validate_runs_the_examples_for_a_student(course: Course) -> None:
    """The release, not started, fails them, and only them."""
    said = course.run("nbgrader", "validate", f"release/{SLUG}/{SLUG}.ipynb")

    assert "VALIDATION FAILED ON 1 CELL" in said


def test_a_second_autograde_changes_nothing(graded: Course) -> None:
    """With the seed of the course the inputs are the same."""
    before = graded.grades("wrong")
    graded.run("nbgrader", "autograde", SLUG, "--student", "wrong", "--force")

    assert graded.grades("wrong") == before
