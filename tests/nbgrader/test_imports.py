"""Scores of a run over a class, in a course's gradebook."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from graders.authoring.catalogue import BrokenSuite, Kata
from graders.authoring.criterion import Suite
from graders.cli import main
from tests.nbgrader.course import REFERENCE, SLUG, WRONG, Course, answer, text
from tests.support import ROOT

pytest.importorskip("nbgrader", reason='needs nbgrader, in an environment of its own: pip install -e ".[nbgrader]"')
pytestmark = [pytest.mark.filterwarnings("ignore"), pytest.mark.timeout(1_200)]


@pytest.fixture(name="own")
def _own(course: Course, tmp_path: Path) -> Course:
    """A course of the test's own."""
    return Course(shutil.copytree(course.root, tmp_path / "course"))


@pytest.fixture(name="document", scope="session")
def _document(tmp_path_factory: pytest.TempPathFactory, course: Course) -> dict[str, Any]:
    """The scores of a class as ``pytest --submissions --scores`` writes them."""
    folder: Path = tmp_path_factory.mktemp("elsewhere")
    for student, code in (("alice", REFERENCE), ("bob", WRONG), ("carol", None), ("=danger()", WRONG)):
        place = folder / "class" / student
        place.mkdir(parents=True)
        if code is not None:
            (place / f"{SLUG}.py").write_text(code, "utf-8")
    scores = folder / "scores.json"
    subprocess.run(
        [sys.executable, "-m", "pytest", "-q", f"--kata={SLUG}", f"--submissions={folder / 'class'}",
         f"--scores={scores}"],
        cwd=ROOT, check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(scores.read_text("utf-8"))
    return found


def imported(course: Course, document: Any) -> list[str]:
    """Import scores and return the lines that were said."""
    from graders.nbgrader.imports import imported

    path = course.root.parent / "scores.json"
    path.write_text(document if isinstance(document, str) else json.dumps(document), "utf-8")
    return list(imported(course.root, path))


def test_scores_come_into_the_gradebook_and_twice_changes_nothing(own: Course, document: dict[str, Any]) -> None:
    """By the command, on the files of a real run."""
    (own.root / "scores.json").write_text(json.dumps(document), "utf-8")
    first = own.run("kata", "nbgrader", "import", ".", "scores.json").splitlines()
    database = (own.root / "gradebook.db").read_bytes()
    again = own.run("kata", "nbgrader", "import", ".", "scores.json").splitlines()

    assert [line for line in first if not line.startswith((" ", "/"))] == [
        "=danger(): left out, the name can't be a student's in nbgrader",
        "alice: 100",
        "bob: 80",
        "carol: nothing was handed in",
        "2 of 4 changed",
    ]
    assert again[-1] == "0 of 4 changed"
    assert (own.root / "gradebook.db").read_bytes() == database
    assert own.export() == {"alice": 100, "bob": 80}


def test_formgrader_shows_them_and_feedback_can_be_given(own: Course, document: dict[str, Any]) -> None:
    """They are listed as autograded, with a notebook to look at."""
    from nbgrader.apps.api import NbGraderAPI
    from nbgrader.coursedir import CourseDirectory

    imported(own, document)
    api = NbGraderAPI(CourseDirectory(root=str(own.root)))
    shown = {each["student"]: each for each in api.get_submissions(SLUG)}

    assert {student: (each["score"], each["autograded"]) for student, each in shown.items()} == {
        "alice": (100, True),
        "bob": (80, True),
    }
    assert {each["student"] for each in api.get_notebook_submissions(SLUG, SLUG)} == {"alice", "bob"}
    own.run("nbgrader", "generate_feedback", SLUG, "--student", "bob")
    assert "80/100" in own.feedback("bob")
    assert "Points never change" in own.feedback("bob")


def test_what_was_not_graded_changes_nothing(own: Course, document: dict[str, Any]) -> None:
    """Neither the points of an earlier import, nor, for who has none, the gradebook; and it is said."""
    later = json.loads(json.dumps(document))
    for each in later["results"]:
        each |= {"status": "not_graded", "score": None, "message": "the run was interrupted before its turn"}
    first = imported(own, later)
    nobody = own.export()
    imported(own, document)
    before = own.grades("alice"), own.autograded("alice")
    again = imported(own, later)

    line = "alice: not graded, so nothing changes: the run was interrupted before its turn"
    assert line in first
    assert line in again
    assert (first[-1], again[-1]) == ("0 of 4 changed", "0 of 4 changed")
    assert nobody == {}
    assert (own.grades("alice"), own.autograded("alice")) == before
    assert own.export() == {"alice": 100, "bob": 80}


def test_scores_of_the_first_schema_are_read(own: Course, document: dict[str, Any]) -> None:
    """They have all that a gradebook takes."""
    imported(own, {**document, "schema": "kata-scores/1"})

    assert own.export() == {"alice": 100, "bob": 80}


def test_what_a_killed_run_had_kept_is_imported_too(own: Course, document: dict[str, Any]) -> None:
    """From its journal, which stays for the next run."""
    alice, bob = document["results"][1:3]
    head = json.dumps({"schema": "kata-scores/2", "seed": 7})
    journal = own.root.parent / "scores.json.journal"
    journal.write_text(f"{head}\n{json.dumps(bob)}\n" + '{"submission": "torn', "utf-8")
    said = imported(own, {**document, "results": [alice]})

    assert [line for line in said if ": " in line] == ["alice: 100", "bob: 80"]
    assert journal.exists()


@pytest.mark.parametrize("name", ["O'Brien Máire", "Müller Anna (Gruppe 2)", "李小龍", "@ann", "a&b;c!", "x" * 120])
def test_a_persons_name_is_a_students(own: Course, document: dict[str, Any], name: str) -> None:
    """Only what breaks a path or an address can't be one."""
    alice = next(each for each in document["results"] if each["submission"] == "alice")

    assert imported(own, {**document, "results": [{**alice, "submission": name}]}) == [f"{name}: 100", "1 of 1 changed"]
    assert sum(score or 0 for score, _, _ in own.grades(name).values()) == 100


def test_feedback_can_be_given_to_a_name_with_an_apostrophe_and_an_accent(
    own: Course, document: dict[str, Any]
) -> None:
    """By nbgrader's own command."""
    alice = next(each for each in document["results"] if each["submission"] == "alice")
    imported(own, {**document, "results": [{**alice, "submission": "O'Brien Máire"}]})

    own.run("nbgrader", "generate_feedback", SLUG, "--student=O'Brien Máire")

    assert own.export() == {"O'Brien Máire": 100}
    assert "100/100" in own.feedback("O'Brien Máire")


def test_a_grade_given_by_hand_stays(own: Course, document: dict[str, Any]) -> None:
    """The import writes the automatic score only."""
    from nbgrader.api import Gradebook

    imported(own, document)
    with Gradebook(f"sqlite:///{own.root}/gradebook.db") as book:
        for grade in book.find_submission_notebook(SLUG, SLUG, "bob").grades:
            grade.manual_score, grade.needs_manual_grade = 2, False
        book.db.commit()

    assert imported(own, document)[-1] == "0 of 4 changed"
    assert own.export()["bob"] == 2 * len(own.grades("bob"))


def test_a_submission_in_the_course_is_left_to_autograde(own: Course, document: dict[str, Any]) -> None:
    """Two sources of one grade would take turns."""
    own.submit("alice", answer(own.release, WRONG))
    said = imported(own, document)

    assert f"alice: left out, has a submission in the course: nbgrader autograde {SLUG}" in said
    assert not (own.root / "autograded" / "alice").exists()


@pytest.mark.parametrize(
    "name",
    [
        "../alice",
        "",
        ".",
        "..",
        "a/b",
        "a\\b",
        "a\0",
        "*",
        "-x",
        "~",
        "x\n",
        "\u202eecila",
        "a" * 200,
        "日" * 90,
        "a,b",
        "a?b",
        "a#b",
        "50%",
        "[x]",
        "<b>",
        'a"b',
        "=cmd()",
        "+1",
        " a",
        "a ",
        ".hidden",
    ],
)
def test_a_name_that_is_no_students_is_left_out(own: Course, document: dict[str, Any], name: str) -> None:
    """It would be a path, a pattern or an option."""
    changed = json.loads(json.dumps(document))
    changed["results"] = [{**changed["results"][1], "submission": name}]

    (said, count) = imported(own, changed)
    assert "can't be a student's" in said
    assert said.isprintable()
    assert count == "0 of 1 changed"
    assert not (own.root / "autograded").exists()


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ("{", "can't be read as JSON"),
        ("[" * 100_000, "can't be read as JSON"),
        ("[]", "schema"),
        ('{"schema": "kata-scores/9", "results": []}', "schema"),
        ('{"schema": "kata-scores/1"}', "results"),
        ('{"schema": "kata-scores/1", "results": [{"submission": 5}]}', "results"),
        (
            '{"schema": "kata-scores/1", "results": [{"submission": "a", "kata": "gone", "status": "graded",'
            ' "score": 1, "criteria": []}]}',
            "kata nbgrader add",
        ),
        (
            '{"schema": "kata-scores/1", "results": [{"submission": "a", "kata": "hashing", "status": "graded",'
            ' "score": 1, "criteria": [{"id": "new_one", "outcome": "passed"}]}]}',
            "another version",
        ),
    ],
)
def test_what_are_no_scores_of_this_course_is_refused_whole(own: Course, document: str, said: str) -> None:
    """With what to do; nothing is written."""
    from graders.nbgrader.imports import BadScores

    before = (own.root / "gradebook.db").read_bytes()
    with pytest.raises(BadScores, match=said):
        imported(own, document)
    assert (own.root / "gradebook.db").read_bytes() == before


def test_a_folder_that_is_no_course_is_refused(tmp_path: Path, document: dict[str, Any]) -> None:
    """No gradebook is made in it."""
    from graders.nbgrader.imports import BadScores

    with pytest.raises(BadScores, match="kata nbgrader init"):
        imported(Course(tmp_path), document)
    assert not (tmp_path / "gradebook.db").exists()


def test_the_code_is_not_there(own: Course, document: dict[str, Any]) -> None:
    """The notebook says so, and holds no solution."""
    imported(own, document)
    cells = [text(cell) for cell in own.autograded("bob")["cells"]]

    assert "# Graded outside of this course: the code is not here." in cells


def test_add_writes_all_katas_or_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One whose suite can't be loaded, for lack of an extra, is named before anything is written."""
    suite = Kata.suite

    def lacking(kata: Kata) -> Suite:
        if kata.slug == "supervisor_config":
            raise BrokenSuite('pip install -e ".[oracles]"')
        return suite(kata)

    monkeypatch.setattr(Kata, "suite", lacking)
    run = CliRunner()
    run.invoke(main, ["nbgrader", "init", str(tmp_path)])

    done = run.invoke(main, ["nbgrader", "add", str(tmp_path), "--kata=hashing,supervisor_config"])

    assert (done.exit_code, done.output) == (1, 'Error: pip install -e ".[oracles]"\n')
    assert not (tmp_path / "source").exists()
