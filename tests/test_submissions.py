"""The submissions of a class: found where every name and file is hostile, read without following or running any."""

from __future__ import annotations

import json
import os
import socket
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from graders.authoring.catalogue import Kata
from graders.classroom.submissions import Submission, discover
from graders.grading.hand_in import MAX_BYTES, BadInput
from tests.hostile import SOLUTIONS, Class

HASHING = Kata("hashing")
OTHER = Kata("connection_pool")
LINUX = sys.platform == "linux"
GOOD = b"class Point: ...\n"


def found(root: Path, *katas: Kata) -> dict[str, Submission]:
    """Return the submissions by student, each of which must be told apart from the others."""
    submissions = discover(root, list(katas or (HASHING,))).submissions
    assert len({(each.student, each.kata) for each in submissions}) == len(submissions)
    return {each.student: each for each in submissions}


def hand_in(root: Path, name: str | bytes, content: bytes = GOOD, file: str = "hashing.py") -> Path:
    """Hand in a file in a folder named after a student."""
    folder = Path(os.fsdecode(os.path.join(os.fsencode(root), os.fsencode(name))))
    folder.mkdir()
    (folder / file).write_bytes(content)
    return folder


def test_a_folder_per_student(tmp_path: Path) -> None:
    """The first layout: a folder is named by student and holds SLUG.py."""
    hand_in(tmp_path, "bob", b"b = 1")
    hand_in(tmp_path, "alice", b"a = 1")

    assert [each.student for each in discover(tmp_path, [HASHING]).submissions] == ["alice", "bob"]
    assert found(tmp_path)["bob"].read()[:3] == (b"b = 1", "graded", "")


def test_a_file_per_student(tmp_path: Path) -> None:
    """The second layout: files are named by student."""
    (tmp_path / "alice.py").write_bytes(b"a = 1")
    (tmp_path / "bob_hashing.py").write_bytes(b"b = 1")

    assert {name: each.read()[0] for name, each in found(tmp_path).items()} == {"alice": b"a = 1", "bob": b"b = 1"}


def test_files_for_several_katas_name_the_kata(tmp_path: Path) -> None:
    """With more than one kata a file's name says which it is for."""
    for name in ("alice_hashing.py", "alice_connection_pool.py"):
        (tmp_path / name).write_bytes(name.encode())

    submissions = discover(tmp_path, [HASHING, OTHER]).submissions

    assert {(each.student, each.kata.slug, each.read()[0]) for each in submissions} == {
        ("alice", "connection_pool", b"alice_connection_pool.py"),
        ("alice", "hashing", b"alice_hashing.py"),
    }


def test_a_folder_without_the_file_is_not_submitted(tmp_path: Path) -> None:
    """Who handed in nothing is in the table all the same."""
    (tmp_path / "alice").mkdir()
    hand_in(tmp_path, "bob", file="other.py")

    assert {name: each.read()[:3] for name, each in found(tmp_path).items()} == {
        "alice": (None, "not_submitted", "there is no hashing.py"),
        "bob": (None, "not_submitted", "there is no hashing.py; near misses: 'other.py'"),
    }


HOSTILE_NAMES: list[str | bytes] = [
    "Ann Lee",
    " leading and trailing ",
    "-n",
    "--isolation=none",
    "--",
    "%s%n%d",
    "100%",
    "{0.__class__}",
    "$(reboot)",
    "`reboot`",
    "a;b|c&d",
    "'\"\\",
    "[bold red]x[reset]",
    "=cmd()",
    "..a",
    "...",
    "~root",
    "*",
    "?",
    "a::b",
    "line\nbreak",
    "tab\there",
    "carriage\rreturn",
    "escape\x1b[2J\x1b]0;owned\x07",
    "back\x08space",
    "delete\x7f",
    "c1\x9b31m",
    "аlice",  # noqa: RUF001 - a Cyrillic letter
    "alice",
    "ali\u200bce",
    "e\u0301",
    "\u00e9",
    "right\u202eleft",
    "\u2066isolated",
    "ﬁ",
    "日本語",
    "🐍",
    "nul",
    "con.py.txt",
    "x" * 255,
    "ü" * 127,
    b"\xff\xfe",
    b"caf\xe9",
    b"\xed\xa0\x80",
    "\\udcff",
]


@pytest.mark.skipif(not LINUX, reason="other systems refuse such names themselves")
def test_hostile_names_are_students_like_any(tmp_path: Path) -> None:
    """Each is found, read, told apart from the others, and text that any file and terminal takes."""
    for number, name in enumerate(HOSTILE_NAMES):
        hand_in(tmp_path, name, b"# %d" % number)

    submissions = found(tmp_path)

    assert sorted(each.read()[0] or b"" for each in submissions.values()) == sorted(
        b"# %d" % number for number in range(len(HOSTILE_NAMES))
    )
    json.dumps(list(submissions), ensure_ascii=False).encode("utf-8")


def test_names_that_begin_with_a_dot_are_nobodys(tmp_path: Path) -> None:
    """What systems and tools leave is no student."""
    for name in (".git", "__pycache__", "__MACOSX"):
        hand_in(tmp_path, name)
    (tmp_path / ".DS_Store").touch()
    (tmp_path / "._alice.py").touch()
    hand_in(tmp_path, "alice")

    assert list(found(tmp_path)) == ["alice"]


@pytest.mark.parametrize(
    "names",
    [
        ("alice.py", "alice_hashing.py"),
        ("alice_hashing.py", "alice-hashing.py", "alice.hashing.py", "alice hashing.py"),
        ("alice/", "alice.py", "alice_hashing.py"),
        ("alice.py/", "alice/", "alice_hashing.py"),
        (b"\xff/", "\\udcff/"),
        ("\\udcff\\udcff/", b"\\udcff\xff/", b"\xff\\udcff/", b"\xff\xff/", "b'\\xff\\\\udcff'/"),
        ("alice.py/", "alice.py.py"),
    ],
    ids=str,
)
@pytest.mark.skipif(not LINUX, reason="other systems refuse such names themselves")
def test_two_that_could_be_one_are_told_apart(names: tuple[str | bytes, ...], tmp_path: Path) -> None:
    """Nobody's result takes the place of another's: every file is graded, under a name of its own."""
    for number, name in enumerate(names):
        path = os.path.join(os.fsencode(tmp_path), os.fsencode(name))
        if path.endswith(b"/"):
            os.mkdir(path)
            path += b"hashing.py"
        Path(os.fsdecode(path)).write_bytes(b"# %d" % number)

    submissions = discover(tmp_path, [HASHING]).submissions

    assert sorted(each.read()[0] or b"" for each in submissions) == [b"# %d" % number for number in range(len(names))]
    assert len({each.student for each in submissions}) == len(names)


def _symlink(path: Path, outside: Path) -> None:
    path.symlink_to(outside / "hashing.py")


def _dangling(path: Path, outside: Path) -> None:
    path.symlink_to(outside / "missing")


def _loop(path: Path, outside: Path) -> None:
    path.symlink_to(path.name)


def _folder(path: Path, outside: Path) -> None:
    path.mkdir()
    (path / "hashing.py").write_bytes(GOOD)


def _fifo(path: Path, outside: Path) -> None:
    os.mkfifo(path)


def _socket(path: Path, outside: Path) -> None:
    # The path of a socket's name is short, so it is bound by a relative one.
    code = "import os, socket, sys; os.chdir(sys.argv[1]); socket.socket(socket.AF_UNIX).bind(sys.argv[2])"
    subprocess.run([sys.executable, "-c", code, str(path.parent), path.name], check=True)


def _device(path: Path, outside: Path) -> None:
    try:
        os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(1, 5))  # /dev/zero
    except PermissionError:
        pytest.skip("only root can make a device, and not everywhere")


INSTEAD: list[Callable[[Path, Path], None]] = [_symlink, _dangling, _loop, _folder, _fifo, _socket, _device]


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="there are no such files here")
@pytest.mark.parametrize("layout", ["folder", "file"])
@pytest.mark.parametrize("make", INSTEAD, ids=[make.__name__.strip("_") for make in INSTEAD])
def test_what_is_no_ordinary_file_is_not_opened(
    make: Callable[[Path, Path], None], layout: str, tmp_path: Path
) -> None:
    """A link is not followed, a pipe not waited for, a device not read: nothing was submitted."""
    if (make, layout) == (_folder, "file"):
        pytest.skip("a folder called alice.py is a student's folder, by the first layout")
    outside, root = tmp_path / "outside", tmp_path / "class"
    outside.mkdir()
    (outside / "hashing.py").write_bytes(b"SECRET = 1")
    root.mkdir()
    if layout == "folder":
        (root / "alice").mkdir()
    hand_in(root, "zoe")
    make(root / ("alice/hashing.py" if layout == "folder" else "alice.py"), outside)

    read = {each.student: each.read() for each in discover(root, [HASHING]).submissions}

    assert {student: each[:2] for student, each in read.items()} == {
        "alice": (None, "not_submitted"),
        "zoe": (GOOD, "graded"),
    }


@pytest.mark.parametrize("target", ["outside", "zoe", "."])
def test_a_folder_that_is_a_link_is_not_followed(target: str, tmp_path: Path) -> None:
    """Neither out of the class's folder nor to a neighbour's work."""
    root = tmp_path / "class"
    root.mkdir()
    hand_in(tmp_path, "outside", b"SECRET = 1")
    hand_in(root, "zoe")
    (root / "alice").symlink_to(tmp_path / "outside" if target == "outside" else target)

    content, status, message, _ = found(root)["alice"].read()

    assert (content, status) == (None, "not_submitted")
    assert "link" in message


def test_a_file_that_is_replaced_by_a_link_after_it_was_found_is_not_followed(tmp_path: Path) -> None:
    """What was found is looked at again when it is read."""
    folder = hand_in(tmp_path, "alice")
    submission = found(tmp_path)["alice"]
    (folder / "hashing.py").unlink()
    (folder / "hashing.py").symlink_to("/etc/passwd")

    assert submission.read()[:2] == (None, "not_submitted")


def test_a_folder_that_vanishes_is_not_submitted(tmp_path: Path) -> None:
    """Nor is it an error of the grader's."""
    folder = hand_in(tmp_path, "alice")
    submission = found(tmp_path)["alice"]
    (folder / "hashing.py").unlink()
    folder.rmdir()

    assert submission.read()[:2] == (None, "not_submitted")


@pytest.mark.parametrize(("more", "kept"), [(0, True), (1, False)])
def test_a_file_may_have_a_mebibyte(more: int, kept: bool, tmp_path: Path) -> None:
    """One byte more is refused, with the bound, and graded as nothing."""
    hand_in(tmp_path, "alice", b"#" * (MAX_BYTES + more))

    content, status, message, _ = found(tmp_path)["alice"].read()

    assert (content is not None, status) == (kept, "graded")
    assert ("1,048,576" in message) is not kept


def test_a_sparse_file_costs_nothing(tmp_path: Path) -> None:
    """A file that says it has a terabyte is refused without reading it."""
    folder = hand_in(tmp_path, "alice")
    with (folder / "hashing.py").open("wb") as file:
        file.truncate(1 << 40)

    assert found(tmp_path)["alice"].read()[0] is None


def test_a_file_that_the_grader_may_not_read_is_not_graded(tmp_path: Path) -> None:
    """That is no failure of the student's, so it has no score."""
    if os.geteuid() == 0:
        pytest.skip("root may read everything")
    folder = hand_in(tmp_path, "alice")
    (folder / "hashing.py").chmod(0)
    hand_in(tmp_path, "bob").chmod(0)
    read = {name: each.read() for name, each in found(tmp_path).items()}
    (tmp_path / "bob").chmod(0o700)

    assert {name: each.status for name, each in read.items()} == {"alice": "not_graded", "bob": "not_graded"}
    assert "can't be read" in read["alice"][2]


@pytest.mark.parametrize("name", ["missing", "file.txt"])
def test_a_class_that_is_no_folder_is_refused(name: str, tmp_path: Path) -> None:
    """The message names it and says what to name instead."""
    (tmp_path / "file.txt").touch()

    with pytest.raises(BadInput, match=name):
        discover(tmp_path / name, [HASHING])


def test_a_class_without_a_student_is_refused(tmp_path: Path) -> None:
    """An empty folder is more likely a mistake than a class."""
    (tmp_path / ".git").mkdir()

    with pytest.raises(BadInput, match="no student"):
        discover(tmp_path, [HASHING])


def test_a_file_that_is_no_python_is_no_student(tmp_path: Path) -> None:
    """A list of grades or a read-me beside the folders is not somebody who handed in nothing."""
    hand_in(tmp_path, "alice")
    for name in ("README.txt", "grades.csv", "Makefile"):
        (tmp_path / name).touch()

    assert list(found(tmp_path)) == ["alice"]


MARKER = """
import pathlib
pathlib.Path({marker!r}).write_text("it ran")
raise SystemExit("it ran")
"""


@pytest.mark.skipif(not LINUX, reason="the sandbox needs Linux")
def test_nothing_beside_the_file_ever_runs(tmp_path: Path) -> None:
    """Files that a grader, pytest or Python would import by their names are neither imported nor collected."""
    marker = tmp_path / "marker"
    everybody = Class(tmp_path)
    evil = MARKER.format(marker=str(marker))
    beside = (
        "conftest.py", "json.py", "sitecustomize.py", "usercustomize.py", "dataclasses.py", "copy.py", "__init__.py",
        "test_hashing.py", "hashing_test.py", "pytest.py", "hypothesis.py", "graders.py", "__main__.py", "setup.py",
    )  # fmt: skip
    for student in ("alice", "bob"):
        everybody.add(student, SOLUTIONS / "reference.py")
        for name in beside:
            (everybody.submissions / student / name).write_text(evil)
        for name in ("pytest.ini", "tox.ini", "setup.cfg"):
            (everybody.submissions / student / name).write_text("[pytest]\naddopts = --unknown\n")
        (everybody.submissions / student / "evil.pth").write_text(f"import os; open({str(marker)!r}, 'w')\n")
    # At the top only names that are no student's: by the second layout other files are submissions.
    for name in ("pytest.ini", "tox.ini"):
        (everybody.submissions / name).write_text("[pytest]\naddopts = --unknown\n")

    done = everybody.grade("-n", "2")

    assert not marker.exists()
    assert {name: done.results[name]["score"] for name in ("alice", "bob")} == {"alice": 100, "bob": 100}


@pytest.mark.skipif(not LINUX, reason="the sandbox needs Linux")
def test_a_conftest_at_the_top_is_a_submission_and_runs_in_the_sandbox_only(tmp_path: Path) -> None:
    """By the second layout every Python file is a student's, whatever it is called."""
    marker = tmp_path / "marker"
    everybody = Class(tmp_path)
    for name in ("conftest.py", "sitecustomize.py", "json.py"):
        (everybody.submissions / name).write_text(MARKER.format(marker=str(marker)))
    (everybody.submissions / "alice.py").write_bytes((SOLUTIONS / "reference.py").read_bytes())

    done = everybody.grade()

    assert not marker.exists()
    assert {name: result["score"] for name, result in done.results.items()} == {
        "alice": 100,
        "conftest": 0,
        "json": 0,
        "sitecustomize": 0,
    }


@pytest.mark.skipif(not LINUX, reason="the sandbox needs Linux")
def test_hostile_names_reach_scores_and_table_and_no_terminal(tmp_path: Path) -> None:
    """A run over them has a result for each, and prints none of their control characters."""
    everybody = Class(tmp_path)
    for name in HOSTILE_NAMES:
        hand_in(everybody.submissions, name, b"raise ValueError")
    hand_in(everybody.submissions, "zoe", (SOLUTIONS / "reference.py").read_bytes())

    done = everybody.grade("-n", "2")

    assert done.scores is not None, done.text
    assert len(done.scores["results"]) == len(HOSTILE_NAMES) + 1
    assert (done.code, done.results["zoe"]["score"]) == (0, 100)
    assert {c for c in done.text if not c.isprintable()} == {"\n"}
