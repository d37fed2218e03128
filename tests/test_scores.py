"""The scores as JSON: the schema, what is read, and which of two results counts."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest

from graders.authoring.catalogue import Kata
from graders.grading import provenance
from graders.grading.outcome import Failure, LoadFailure, Outcome, Result, result
from graders.report import scores
from graders.report.scores import BadScores
from tests.support import ROOT

HEADER = scores.Header(7, "process", "2026-11-22T10:00:00Z", 1.23456, ("x.zip",))
PASSED = Outcome("one", "One", 60, "passed", seconds=0.1234567, speedup="3.9x")
FAILED = Outcome(
    "two", "Two", 40, "failed", "f(1) gave 2, expected 3", failure=Failure((("f(1)", "2"),), "3", printed="out\n")
)
DOUBT = Outcome("two", "Two", 40, "not_graded", "the grader failed: x")


def test_the_document_has_the_schema() -> None:
    """Keys, types and values are the design's."""
    graded = result("alice", "hashing", "T", [PASSED, FAILED], criteria=2)
    found = scores.document(HEADER, [scores.entry(graded)])
    (one,) = found["results"]
    passed, failed = one["criteria"]

    assert {name: value for name, value in found.items() if name != "results"} == {
        "schema": "kata-scores/2",
        "seed": 7,
        "isolation": "process",
        "started": "2026-11-22T10:00:00Z",
        "seconds": 1.235,
        "ignored": ["x.zip"],
    }
    assert (one["submission"], one["kata"], one["status"]) == ("alice", "hashing", "graded")
    assert (one["score"], one["max_score"]) == (60, 100)
    assert {**passed, "printed": ""} == {
        "id": "one",
        "title": "One",
        "points": 60,
        "max_points": 60,
        "outcome": "passed",
        "message": "",
        "counterexample": None,
        "printed": "",
        "seconds": 0.123,
        "speedup": "3.9x",
    }
    assert (failed["points"], failed["outcome"]) == (0, "failed")
    assert (failed["message"], failed["counterexample"]) == ("f(1) gave 2, expected 3", "f(1)")
    assert (failed["printed"], failed["speedup"]) == ("out\n", None)


@pytest.mark.parametrize(
    ("made", "status", "message"),
    [
        (result("a", "k", "t", [PASSED, DOUBT], criteria=2), "not_graded", "the grader failed: x"),
        (result("a", "k", "t", [PASSED], criteria=2), "not_graded", "only a part of the criteria was run"),
        (Result("a", "k", "t", "not_submitted", message="there is no k.py"), "not_submitted", "there is no k.py"),
    ],
    ids=["doubt", "part", "nothing"],
)
def test_what_was_not_graded_has_a_null_score(made: Result, status: str, message: str) -> None:
    """A null is no zero: whoever imports the file sees that something is missing, and why."""
    found = scores.entry(made)

    assert (found["score"], found["status"], found["message"]) == (None, status, message)
    assert found["max_score"] == 100


def test_every_field_is_described_and_no_other() -> None:
    """docs/scores.md has a row for each, by the name it has in the file."""
    text = (ROOT / "docs" / "scores.md").read_text("utf-8")
    rows = [line for line in text.splitlines() if re.match(r"\| `\w+`", line)]
    described = {name for row in rows for name in re.findall(r"`(\w+)`", row.split("|")[1])}
    one = scores.entry(result("alice", "hashing", "T", [PASSED, FAILED], criteria=2))
    kata = Kata("hashing")
    origin = {"file": provenance.file("a", b"", 0.0), **provenance.of_suite(kata), "seed": 7, "graded_at": ""}
    lacking = scores.entry(result("a", "k", "t", [replace(FAILED, not_run=LoadFailure("m"))], criteria=1))
    fields = {*scores.document(HEADER, []), *one, *one["criteria"][0], *origin, *origin["file"], "feedback"}

    assert described == {*fields, *origin["versions"], *lacking["load_failures"][0]}


def a_result(status: str, score: int | None, sha: str | None = "a" * 64, criteria: int = 2, **more: Any) -> Any:
    """Return a result as a file has it; sha: None if it is not known which file it is of."""
    file = None if sha is None else {"path": "x", "sha256": sha, "size": 1, "modified": None}
    made = {"submission": "ann", "kata": "box", "status": status, "score": score, "max_score": 100, "message": ""}
    return {**made, "criteria": [{"id": str(each)} for each in range(criteria)], "file": file, **more}


OTHER = "b" * 64
GRADE = a_result("graded", 90)


@pytest.mark.parametrize(
    ("old", "new", "reached", "stays"),
    [
        (None, a_result("not_graded", None), False, False),
        (GRADE, a_result("graded", 10), True, False),
        (GRADE, a_result("graded", 10, OTHER), True, False),
        (GRADE, a_result("not_graded", None), True, True),
        (GRADE, a_result("not_graded", None, criteria=0), True, True),
        (GRADE, a_result("not_graded", None, suite="another"), True, True),
        (GRADE, a_result("not_graded", None, None), True, True),
        (a_result("graded", 90, None), a_result("not_graded", None), True, True),
        (GRADE, a_result("not_graded", None, OTHER), True, False),
        (GRADE, a_result("not_graded", None, OTHER, criteria=1), True, True),
        (GRADE, a_result("not_submitted", None, None, criteria=0), True, True),
        (GRADE, a_result("not_graded", None, None, criteria=0), False, True),
        (a_result("not_submitted", None), a_result("not_graded", None), False, True),
        (a_result("not_submitted", None), a_result("not_graded", None), True, False),
        (a_result("not_graded", None), a_result("not_submitted", None), True, False),
        (a_result("not_graded", None, criteria=1), a_result("not_graded", None, criteria=1), True, False),
    ],
)  # fmt: skip
def test_a_grade_is_lost_to_a_grade_only(old: Any, new: Any, reached: bool, stays: bool) -> None:
    """Or to the grader's failure over another file; what a run left out keeps what it had."""
    assert scores.stays(old, new, reached=reached) == stays


def test_the_first_schema_is_read_and_what_held_for_its_run_is_kept_with_each_result() -> None:
    """Its results get the fields of the second; what is not known of them is null."""
    old = {
        "schema": "kata-scores/1", "seed": 7, "isolation": "sandbox", "started": "2026-11-22T10:00:00Z", "seconds": 1.0,
        "results": [{"submission": "ann", "kata": "box", "status": "graded", "score": 5, "criteria": [], "more": 1}],
    }  # fmt: skip
    found = scores.parsed(json.dumps(old), "x.json")

    assert found["schema"] == "kata-scores/2"
    assert found["results"] == [
        {
            **old["results"][0],  # type: ignore[index]
            "file": None, "suite": None, "versions": None, "seed": 7, "isolation": "sandbox",
            "graded_at": "2026-11-22T10:00:00Z",
        }
    ]  # fmt: skip


RESULT = json.dumps(GRADE)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "can't be read as JSON"),
        ("[" * 100_000, "can't be read as JSON"),
        ('{"schema": "kata-scores/2", "results": [], "seed": NaN}', "NaN is no number"),
        ("[]", "does not hold scores"),
        ('"text"', "does not hold scores"),
        ('{"name": "package.json"}', "does not hold scores"),
        ('{"schema": "kata-scores/3", "results": []}', "another version"),
        ('{"schema": "kata-scores/2"}', "no list of results"),
        ('{"schema": "kata-scores/1", "results": {}}', "no list of results"),
        ('{"schema": "kata-scores/2", "results": [5]}', "result 1, is int"),
        (f'{{"schema": "kata-scores/2", "results": [{RESULT}, {RESULT}]}}', "two results of 'ann' for box"),
        *(
            (json.dumps({"schema": "kata-scores/2", "results": [{**GRADE, **changed}]}), said)
            for changed, said in list[tuple[dict[str, Any], str]](
                [
                    ({"submission": 5}, "no 'submission'"),
                    ({"kata": None}, "no 'kata'"),
                    ({"criteria": {}}, "no 'criteria'"),
                    ({"criteria": [5]}, "status or criteria"),
                    ({"status": "fine"}, "status or criteria"),
                    ({"score": "90"}, "score '90'"),
                    ({"score": True}, "score True"),
                    ({"score": None}, "score None"),
                    ({"status": "not_graded"}, "score 90"),
                ]
            )
        ),
    ],
)
def test_what_is_not_scores_is_refused_by_name(text: str, said: str) -> None:
    """With what is wrong."""
    with pytest.raises(BadScores, match=rf"^x\.json.*{said}"):
        scores.parsed(text, "x.json")
