"""The scores file: its schema, and that it is there whole or as it was."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from graders.report import scores
from graders.scoring import Failure, Outcome, Result, result

HEADER = scores.Header(7, "process", "2026-11-22T10:00:00Z", 1.23456)
PASSED = Outcome("one", "One", 60, "passed", seconds=0.1234567, speedup="3.9x")
FAILED = Outcome(
    "two", "Two", 40, "failed", "f(1) gave 2, expected 3", failure=Failure((("f(1)", "2"),), "3", printed="out\n")
)
DOUBT = Outcome("two", "Two", 40, "not_graded", "the grader failed: x")


def test_the_document_has_the_schema() -> None:
    """Keys, types and values are the design's."""
    graded = result("alice", "hashing", "T", [PASSED, FAILED], criteria=2)
    found = scores.document(HEADER, [graded])
    (one,) = found["results"]
    passed, failed = one["criteria"]

    assert {name: value for name, value in found.items() if name != "results"} == {
        "schema": "kata-scores/1",
        "seed": 7,
        "isolation": "process",
        "started": "2026-11-22T10:00:00Z",
        "seconds": 1.235,
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
    (found,) = scores.document(HEADER, [made])["results"]

    assert (found["score"], found["status"], found["message"]) == (None, status, message)
    assert found["max_score"] == 100


def test_a_file_is_written_and_replaced(tmp_path: Path) -> None:
    """It holds the document, a newline at its end, and whatever characters there were."""
    path = tmp_path / "scores.json"
    path.write_text("old")
    scores.write(
        path,
        HEADER,
        [result("Zoë \ud83d\ude42".encode("utf-16", "surrogatepass").decode("utf-16"), "k", "t", [], criteria=0)],
    )

    text = path.read_text("utf-8")
    assert text.endswith("}\n")
    assert json.loads(text)["results"][0]["submission"] == "Zoë \N{SLIGHTLY SMILING FACE}"
    assert list(tmp_path.iterdir()) == [path]


def test_a_lone_surrogate_does_not_cost_the_file(tmp_path: Path) -> None:
    """What a submission printed may hold characters that no file can take."""
    path = tmp_path / "scores.json"
    odd = Outcome(
        "two", "Two", 40, "failed", "m\udc80", failure=Failure((("f('\ud800')", "\udfff"),), printed="\ud800")
    )
    scores.write(path, HEADER, [result("a", "k", "t", [PASSED, odd], criteria=2)])

    assert json.loads(path.read_text("utf-8"))["results"][0]["score"] == 60


def test_a_pipe_is_written_to_and_stays_one(tmp_path: Path) -> None:
    """What is no file is not replaced by one: /dev/stdout, /dev/null, a pipe of the shell's."""
    path = tmp_path / "pipe"
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        scores.write(path, HEADER, [])
        assert json.loads(os.read(reader, 1 << 16))["results"] == []
    finally:
        os.close(reader)
    assert stat.S_ISFIFO(path.stat().st_mode)


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    """The file behind it is replaced, where that stands."""
    (tmp_path / "link").symlink_to(tmp_path / "scores.json")
    scores.write(tmp_path / "link", HEADER, [])

    assert (tmp_path / "link").is_symlink()
    assert json.loads((tmp_path / "scores.json").read_text())["results"] == []


def test_a_write_that_fails_leaves_the_old_file_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk costs no scores that were there, and leaves no litter."""
    path = tmp_path / "scores.json"
    path.write_text("old")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        scores.write(path, HEADER, [])
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_reader_never_sees_half_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Until the last moment the path holds the old scores; then, in one step, all of the new ones."""
    path = tmp_path / "scores.json"
    path.write_text("old")
    seen: list[str] = []
    replace = Path.replace

    def look(self: Path, target: Path) -> Path:
        seen.extend([path.read_text(), self.read_text()[-2:]])
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", look)
    scores.write(path, HEADER, [])

    assert seen == ["old", "}\n"]
    assert json.loads(path.read_text())["results"] == []


@pytest.mark.parametrize("mask", [0o022, 0o077])
def test_the_file_has_the_usual_rights(tmp_path: Path, mask: int) -> None:
    """Those of any new file; or those of the file that it replaces."""
    new, old = tmp_path / "new.json", tmp_path / "old.json"
    old.write_text("old")
    old.chmod(0o640)
    before = os.umask(mask)
    try:
        scores.write(new, HEADER, [])
        scores.write(old, HEADER, [])
    finally:
        os.umask(before)

    assert stat.S_IMODE(new.stat().st_mode) == 0o666 & ~mask
    assert stat.S_IMODE(old.stat().st_mode) == 0o640
