"""A second run with the same scores file: nothing that the first one found is lost, and each result says its origin."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from graders.authoring.catalogue import BrokenSuite, Kata
from graders.authoring.criterion import Suite
from graders.classroom.scorefile import ScoreFile
from graders.report.scores import Header
from tests.support import WRONG, Graded, InsideProject, Project, box


@pytest.fixture(name="scores")
def _scores(tmp_path: Path) -> Path:
    """A scores file that runs share."""
    (tmp_path / "mine").mkdir()
    return tmp_path / "mine" / "scores.json"


@pytest.fixture(name="students")
def _students(tmp_path: Path) -> Path:
    """A class of three: two right, one wrong."""
    root = tmp_path / "class"
    for student, text in (("ann", box()), ("ben", WRONG), ("zed", box())):
        (root / student).mkdir(parents=True)
        (root / student / "box.py").write_text(text)
    return root


def grade(project: Project, students: Path, scores: Path, *options: str) -> Graded:
    """Grade the class into the shared file."""
    return project.grade(f"--submissions={students}", f"--scores={scores}", *options)


def results(scores: Path) -> dict[str, dict[str, Any]]:
    """Return the results in the file by student."""
    return {each["submission"]: each for each in json.loads(scores.read_text("utf-8"))["results"]}


def test_whoever_is_left_out_keeps_what_they_had(small: Project, students: Path, scores: Path) -> None:
    """-k chooses one student; the others are in the file, and in the table with what they keep."""
    grade(small, students, scores)
    first = results(scores)
    (students / "zed" / "box.py").write_text(WRONG)

    done = grade(small, students, scores, "-k", "zed")

    after = results(scores)
    assert done.code == 0, done.out
    assert {name: each["score"] for name, each in after.items()} == {"ann": 100, "ben": 70, "zed": 70}
    assert (after["ann"], after["ben"]) == (first["ann"], first["ben"])
    assert " ann      100/100  graded, kept: left out by -k 'zed', which chooses students here" in done.out
    assert " 1 graded, 0 not submitted, 0 not graded, 2 kept; seed 7" in done.out


def test_a_grade_is_not_replaced_by_a_failure_of_the_graders(
    small: Project, students: Path, scores: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A suite that breaks between two runs costs nobody a grade, and the second run says that it failed."""

    def broken(kata: Kata) -> Suite:
        raise BrokenSuite("ZeroDivisionError")

    grade(small, students, scores)
    monkeypatch.setattr(Kata, "suite", broken)

    done = grade(small, students, scores)

    assert done.code == 1
    assert {name: each["score"] for name, each in results(scores).items()} == {"ann": 100, "ben": 70, "zed": 100}
    assert " ben       70/100  graded, kept: the hidden suite can't be loaded: ZeroDivisionError" in done.out


def test_a_file_that_is_gone_costs_no_grade(small: Project, students: Path, scores: Path) -> None:
    """Nor does a student who is not in the folder any more."""
    grade(small, students, scores)
    (students / "ann" / "box.py").unlink()
    (students / "ben" / "box.py").unlink()
    (students / "ben").rmdir()

    done = grade(small, students, scores)

    assert {name: each["score"] for name, each in results(scores).items()} == {"ann": 100, "ben": 70, "zed": 100}
    assert " ann      100/100  graded, kept: there is no box.py" in done.lines
    assert " scores.json: keeps 1 results of others as they were" in done.lines


def test_one_file_is_merged_too(own: InsideProject, scores: Path) -> None:
    """A part of the criteria takes no grade away, and is said; a whole run replaces it."""
    own.edit(box())
    own.grade(f"--scores={scores}")
    own.edit(WRONG)
    part = own.grade("-k", "doubles", f"--scores={scores}")
    kept = results(scores)
    own.grade(f"--scores={scores}")

    assert kept["katas/box.py"]["score"] == 100
    assert " the scores keep what they had: graded, 100/100" in part.lines
    assert results(scores)["katas/box.py"]["score"] == 70


def test_a_result_says_where_it_comes_from(small: Project, students: Path, scores: Path) -> None:
    """The very file, what decided, what ran it, with which seed and level, and when: of one file and of a class."""
    path = students / "ben" / "box.py"
    os.utime(path, (1e9, 1e9))
    grade(small, students, scores)
    small.grade(f"--scores={scores}", submission=path)

    found = results(scores)
    for name in ("ben", str(path)):
        result = found[name]
        assert result["file"] == {
            "path": str(path),
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            "size": path.stat().st_size,
            "modified": "2001-09-09T01:46:40Z",
        }
        assert re.fullmatch(r"[0-9a-f]{64}", result["suite"])
        assert re.fullmatch(r"\d+\.\d+.*\+[0-9a-f]{12}", result["versions"].pop("grader"))
        assert result["versions"] == {"python": platform.python_version(), "hypothesis": hypothesis.__version__}
        assert (result["seed"], result["isolation"]) == (7, "process")
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", result["graded_at"])
    assert len({each["suite"] for each in found.values()}) == 1


def test_seed_and_level_are_those_of_the_run_that_graded(small: Project, students: Path, scores: Path) -> None:
    """The header is the last run's."""
    grade(small, students, scores)
    small.grade(f"--submissions={students}", f"--scores={scores}", "-k", "zed", seed=8)

    assert {name: each["seed"] for name, each in results(scores).items()} == {"ann": 7, "ben": 7, "zed": 8}
    assert json.loads(scores.read_text())["seed"] == 8


def test_a_file_that_changes_while_it_is_graded_has_no_grade(own: Project, scores: Path) -> None:
    """Outcomes of two texts make no grade of either."""
    path = own.submit(box())
    # With pytest-xdist each worker reads the file; here the second load finds another one.
    (own.root / "conftest.py").write_text(
        (own.root / "conftest.py").read_text()
        + """
import graders.plugin.items, graders.grading.provenance

evidence = graders.grading.run.Run.evidence
def changing(run, target, seen=[]):
    seen.append(target)
    found = evidence(run, target)
    return found if len(seen) < 3 else {**found, "file": {**found["file"], "sha256": "another"}}
graders.grading.run.Run.evidence = changing
"""
    )
    done = own.grade(f"--scores={scores}", submission=path)

    assert results(scores)[str(path)]["status"] == "not_graded"
    assert "the file changed while it was graded: run it again" in done.out


@pytest.mark.parametrize("text", ["{", '{"schema": "kata-scores/9", "results": []}', '{"a": 1}'])
def test_a_scores_file_that_is_none_is_refused_before_anything_is_graded(
    small: Project, scores: Path, text: str
) -> None:
    """As a bad option, by its name; it stays as it is."""
    scores.write_text(text)

    done = small.grade(f"--scores={scores}", submission=small.submit(box()))

    assert (done.code, scores.read_text()) == (4, text)
    assert f"--scores: {scores} " in done.out + done.err
    assert list(scores.parent.iterdir()) == [scores]


def test_a_second_run_on_one_file_is_refused(small: Project, scores: Path) -> None:
    """While the first one goes on."""
    first = ScoreFile(scores, Header(1, "process", ""))
    done = small.grade(f"--scores={scores}", submission=small.submit(box()))
    first.close()

    assert done.code == 4
    assert f"--scores: another run is writing to {scores}: wait" in done.out + done.err


def test_listing_leaves_the_scores_alone(small: Project, scores: Path) -> None:
    """Whatever they are."""
    scores.write_text("notes")
    done = small.grade("--collect-only", "-q", f"--scores={scores}", submission=small.submit(box()))

    assert (done.code, scores.read_text()) == (0, "notes")
    assert list(scores.parent.iterdir()) == [scores]


def test_scores_of_the_first_schema_are_merged_into(small: Project, students: Path, scores: Path) -> None:
    """They become scores of the second, and lose nothing."""
    old = {"submission": "yan", "kata": "box", "status": "graded", "score": 55, "max_score": 100, "criteria": []}
    scores.write_text(json.dumps({"schema": "kata-scores/1", "seed": 3, "isolation": "sandbox", "results": [old]}))

    grade(small, students, scores)

    found = results(scores)
    assert {name: each["score"] for name, each in found.items()} == {"ann": 100, "ben": 70, "yan": 55, "zed": 100}
    assert (found["yan"]["seed"], found["yan"]["isolation"], found["yan"]["file"]) == (3, "sandbox", None)
    assert json.loads(scores.read_text())["schema"] == "kata-scores/2"


def test_a_full_disk_costs_no_result_that_was_there_and_none_is_unsaid(
    small: Project, students: Path, scores: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The table is printed, what can't be kept is said, and the exit code is not 0."""
    grade(small, students, scores)
    before = scores.read_bytes()

    def no_space(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "pwrite", no_space)
        patch.setattr(os, "fsync", no_space)
        done = grade(small, students, scores)

    assert done.code == 4
    assert scores.read_bytes() == before
    assert " ben       70/100  graded" in done.lines
    assert f" --scores={scores}: results can't be kept at once: No space left on device. They are written" in done.out
    assert f" --scores={scores} can't be written: No space left on device." in done.lines
    assert list(scores.parent.iterdir()) == [scores]


def test_a_disk_that_is_full_at_the_end_leaves_the_journal(
    small: Project, students: Path, scores: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next run takes it up."""

    def no_space(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", no_space)
        done = grade(small, students, scores)
    again = grade(small, students, scores, "-k", "nobody")

    assert f"The results are in {scores}.journal, and the next run with the same --scores takes them up." in done.out
    assert {name: each["score"] for name, each in results(scores).items()} == {"ann": 100, "ben": 70, "zed": 100}
    assert " scores.json: took up 3 results of a run that was ended before it could write" in again.lines
    assert list(scores.parent.iterdir()) == [scores]
