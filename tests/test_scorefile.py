"""The scores file: whole or as it was; what a killed run had kept is taken up; two runs never write to one."""

from __future__ import annotations

import fcntl
import json
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from graders.classroom import scorefile
from graders.classroom.scorefile import ScoreFile
from graders.report import scores
from graders.report.scores import BadScores

HEADER = scores.Header(7, "process", "2026-11-22T10:00:00Z", 1.2)


def graded(student: str, score: int | None = 90, **more: Any) -> Any:
    """Return a result as it is written."""
    status = "not_graded" if score is None else "graded"
    made = {"submission": student, "kata": "box", "status": status, "score": score, "max_score": 100, "message": "m"}
    return {**made, "criteria": [{"id": "one"}], **dict.fromkeys(scores.PROVENANCE), **more}


def finish(path: Path, *results: Any) -> None:
    """Write a file as a run does that comes to its end."""
    file = ScoreFile(path, HEADER)
    for each in results:
        file.append(each)
    file.write(HEADER, [(each, True) for each in results])


def found(path: Path) -> dict[str, int | None]:
    """Return the scores in a file by student."""
    return {each["submission"]: each["score"] for each in json.loads(path.read_text("utf-8"))["results"]}


@pytest.fixture(name="path")
def _path(tmp_path: Path) -> Path:
    """Where the scores go: in a folder of their own."""
    (tmp_path / "mine").mkdir()
    return tmp_path / "mine" / "scores.json"


def kill(file: ScoreFile) -> None:
    """Let go of a file as a process does that is killed."""
    os.close(file._journal)
    file._journal = -1


def test_a_second_run_adds_to_the_first(path: Path) -> None:
    """Results are merged by student and kata, and nothing is left beside the file."""
    finish(path, graded("ann", 10), graded("ben", 20), graded("ann", 5, kata="jar"))
    finish(path, graded("ben", 30), graded("cleo", 40))

    results = json.loads(path.read_text())["results"]
    assert [(each["submission"], each["kata"], each["score"]) for each in results] == [
        ("ann", "box", 10),
        ("ann", "jar", 5),
        ("ben", "box", 30),
        ("cleo", "box", 40),
    ]
    assert list(path.parent.iterdir()) == [path]


def test_what_was_left_out_or_not_graded_keeps_its_grade(path: Path) -> None:
    """The rule is that of `stays`; a new student is there all the same."""
    finish(path, graded("ann"), graded("ben"))
    file = ScoreFile(path, HEADER)
    file.write(HEADER, [(graded("ann", None), True), (graded("ben", None), False), (graded("cleo", None), False)])

    assert found(path) == {"ann": 90, "ben": 90, "cleo": None}


def test_what_is_unknown_to_us_stays(path: Path) -> None:
    """Fields that somebody added, to the file and to results."""
    finish(path, graded("ann", note="late"))
    document = json.loads(path.read_text())
    path.write_text(json.dumps({**document, "course": "CS 1"}))
    finish(path, graded("ben"))

    document = json.loads(path.read_text())
    assert document["course"] == "CS 1"
    assert document["results"][0]["note"] == "late"


def test_a_killed_run_loses_nothing_that_it_had_kept(path: Path) -> None:
    """The next run takes it up, and so does an import that reads the file meanwhile."""
    finish(path, graded("ann", 10), graded("ben", 20))
    file = ScoreFile(path, HEADER)
    file.append(graded("ben", 30))
    file.append(graded("cleo", 40))
    kill(file)
    before = found(path)
    read = {each["submission"]: each["score"] for each in scorefile.read(path)["results"]}

    again = ScoreFile(path, HEADER)
    again.append(graded("dave", 50))
    kill(again)
    last = ScoreFile(path, HEADER)
    taken = last.taken_up
    last.write(HEADER, [])

    assert before == {"ann": 10, "ben": 20}
    assert read == {"ann": 10, "ben": 30, "cleo": 40}
    assert (again.taken_up, taken) == (2, 3)
    assert found(path) == {"ann": 10, "ben": 30, "cleo": 40, "dave": 50}
    assert list(path.parent.iterdir()) == [path]


def test_every_way_a_last_line_can_be_torn_costs_that_line_alone(path: Path) -> None:
    """Wherever a kill or a power cut ends the journal; and the next run goes on in it."""
    journal = path.with_name("scores.json.journal")
    file = ScoreFile(path, HEADER)
    file.append(graded("ann", 10))
    whole = journal.read_bytes()
    file.append(graded("ben", 20))
    data = journal.read_bytes()
    kill(file)

    for end in [*range(0, len(data) + 1, 7), len(whole), len(data) - 1, len(data)]:
        journal.write_bytes(data[:end])
        again = ScoreFile(path, HEADER)
        again.append(graded("cleo", 30))
        kill(again)
        taken = {each["submission"] for each in scorefile.read(path)["results"]}
        expected = {"ann"} if end >= len(whole) - 1 else set()
        assert taken == {"cleo"} | expected | ({"ben"} if end >= len(data) - 1 else set()), end


@pytest.mark.parametrize(
    ("journal", "said"),
    [
        (b"notes of mine\n", "is not the journal of a run"),
        (b"{}\n", "is not the journal of a run"),
        (b'{"schema": "kata-scores/2"}\n{"torn\n{"submission": "a"}\n', "line 2, can't be read"),
        (b'{"schema": "kata-scores/2"}\n{"submission": "a"}\n', "line 2, has no 'kata'"),
    ],
)
def test_a_journal_that_is_somebody_elses_is_refused_and_stays(path: Path, journal: bytes, said: str) -> None:
    """It is named, and neither it nor the scores are touched."""
    finish(path, graded("ann"))
    before = path.read_bytes()
    place = path.with_name("scores.json.journal")
    place.write_bytes(journal)

    with pytest.raises(BadScores, match=said):
        ScoreFile(path, HEADER)
    assert (place.read_bytes(), path.read_bytes()) == (journal, before)


@pytest.mark.parametrize(
    "content",
    [b"{", b"\xff\xfe", b'{"schema": "kata-scores/3", "results": []}', b'{"name": "package"}', b"col1,col2\n"],
)
def test_a_file_that_holds_something_else_is_refused_and_stays(path: Path, content: bytes) -> None:
    """It is named, and nothing is left beside it."""
    path.write_bytes(content)

    with pytest.raises(BadScores, match=r"scores\.json"):
        ScoreFile(path, HEADER)
    assert path.read_bytes() == content
    assert list(path.parent.iterdir()) == [path]


def test_two_runs_on_one_file_are_refused(path: Path) -> None:
    """The second is told to wait; by another name of the file too; and when the first has ended it may."""
    first = ScoreFile(path, HEADER)
    link = path.with_name("link.json")
    link.symlink_to(path)

    for name in (path, link):
        with pytest.raises(BadScores, match="another run is writing"):
            ScoreFile(name, HEADER)
    first.append(graded("ann"))
    first.write(HEADER, [(graded("ann"), True)])
    second = ScoreFile(path, HEADER)
    second.close()

    assert found(path) == {"ann": 90}
    assert sorted(each.name for each in path.parent.iterdir()) == ["link.json", "scores.json"]


def test_a_journal_that_goes_while_it_is_opened_is_made_anew(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that ends in that moment has removed the one that was opened."""
    lock, removed = fcntl.flock, list[bool]()

    def late(descriptor: int, how: int) -> None:
        if not removed:
            removed.append(True)
            path.with_name("scores.json.journal").unlink()
        lock(descriptor, how)

    monkeypatch.setattr(fcntl, "flock", late)
    file = ScoreFile(path, HEADER)

    assert file.has_journal()
    file.close()
    assert not file.has_journal()


def test_a_disk_without_locks_is_said(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two runs could not be told apart there."""

    def none(descriptor: int, how: int) -> None:
        raise OSError(37, "No locks available")

    monkeypatch.setattr(fcntl, "flock", none)
    with pytest.raises(BadScores, match="can't be locked: No locks available"):
        ScoreFile(path, HEADER)


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo, lambda path: path.symlink_to("/dev/null")])
def test_what_stands_in_the_journals_place_is_not_written_to(path: Path, make: Any) -> None:
    """No folder, pipe or link."""
    make(path.with_name("scores.json.journal"))

    with pytest.raises(BadScores, match="can't be written"):
        ScoreFile(path, HEADER)


def test_a_folder_that_is_not_ours_to_write_in_is_said_before_anything_is_graded(path: Path) -> None:
    """An instructor hears it at once, not after the class."""
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    path.parent.chmod(0o500)
    try:
        with pytest.raises(BadScores, match="Permission denied"):
            ScoreFile(path, HEADER)
    finally:
        path.parent.chmod(0o700)


@pytest.fixture(name="full")
def _full(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """What makes the disk full."""

    def no_space(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    def fill() -> None:
        for name in ("fsync", "pwrite"):
            monkeypatch.setattr(os, name, no_space)

    return fill


def test_a_full_disk_leaves_the_file_and_the_journal_as_they_were(path: Path, full: Callable[[], None]) -> None:
    """Nothing that was there is lost, and no litter stays."""
    finish(path, graded("ann"))
    file = ScoreFile(path, HEADER)
    before = path.read_bytes()
    full()

    with pytest.raises(OSError, match="No space"):
        file.append(graded("ben"))
    with pytest.raises(OSError, match="No space"):
        file.write(HEADER, [(graded("ben"), True)])
    file.close()

    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_a_line_that_was_half_written_is_taken_back(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that later ones, when there is room again, are not lost after it."""
    write, full = os.pwrite, list[bool]()

    def little(descriptor: int, data: bytes, where: int) -> int:
        if full.pop() if full else False:
            raise OSError(28, "No space left on device")
        return write(descriptor, data[:20], where)

    monkeypatch.setattr(os, "pwrite", little)
    file = ScoreFile(path, HEADER)
    file.append(graded("ann"))
    full += [True, False, False]
    with pytest.raises(OSError, match="No space"):
        file.append(graded("ben"))
    file.append(graded("cleo"))
    kill(file)

    assert [each["submission"] for each in scorefile.read(path)["results"]] == ["ann", "cleo"]


def test_a_run_that_keeps_nothing_leaves_no_journal(path: Path) -> None:
    """One that was only listed, or ended before its first result."""
    ScoreFile(path, HEADER).close()

    assert list(path.parent.iterdir()) == []


def test_the_file_is_written_with_whatever_characters_there_are(path: Path) -> None:
    """It ends with a newline, and half a character does not cost it, nor the journal."""
    odd = graded("Zoë \N{SLIGHTLY SMILING FACE}", message="m\udc80", criteria=[{"printed": "\ud800"}])
    file = ScoreFile(path, HEADER)
    file.append(odd)
    kill(file)
    finish(path, odd)

    text = path.read_text("utf-8")
    assert text.endswith("}\n")
    assert found(path) == {"Zoë \N{SLIGHTLY SMILING FACE}": 90}


def test_a_pipe_is_written_to_and_stays_one(tmp_path: Path) -> None:
    """What is not a file is not replaced by one, and has no journal: /dev/stdout, /dev/null, a pipe of the shell's."""
    path = tmp_path / "pipe"
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        finish(path, graded("ann"))
        assert json.loads(os.read(reader, 1 << 16))["results"][0]["submission"] == "ann"
    finally:
        os.close(reader)
    assert stat.S_ISFIFO(path.stat().st_mode)
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_stays_a_link(path: Path) -> None:
    """The file that it leads to is replaced, where that is."""
    link = path.with_name("link")
    link.symlink_to(path)
    finish(link, graded("ann"))

    assert link.is_symlink()
    assert found(path) == {"ann": 90}


def test_a_reader_never_sees_half_a_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Until the last moment the path holds the old scores; then, in one step, all of the new ones."""
    finish(path, graded("ann", 10))
    old = path.read_text()
    seen: list[str] = []
    replace = Path.replace

    def look(self: Path, target: Path) -> Path:
        seen.extend([path.read_text(), self.read_text()[-2:]])
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", look)
    finish(path, graded("ann", 20))

    assert seen == [old, "}\n"]
    assert found(path) == {"ann": 20}


def test_what_a_run_left_that_was_killed_while_it_wrote_is_swept(path: Path) -> None:
    """By the next one that writes."""
    path.with_name(".scores.json.new").write_text("{")
    finish(path, graded("ann"))

    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("mask", [0o022, 0o077])
def test_the_file_and_the_journal_have_the_usual_rights(path: Path, mask: int) -> None:
    """Those of any new file; or those of the file that is there, which may be private."""
    old = path.with_name("old.json")
    before = os.umask(mask)
    try:
        finish(path)
        finish(old)
        old.chmod(0o640)
        file = ScoreFile(old, HEADER)
        journal = stat.S_IMODE(old.with_name("old.json.journal").stat().st_mode)
        file.write(HEADER, [])
    finally:
        os.umask(before)

    assert stat.S_IMODE(path.stat().st_mode) == 0o666 & ~mask
    assert (stat.S_IMODE(old.stat().st_mode), journal) == (0o640, 0o640)
