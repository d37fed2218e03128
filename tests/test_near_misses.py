"""Nothing in a class's folder vanishes: an entry is a submission, a near miss with its student, or ignored by name."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import pytest

from graders.authoring.catalogue import Kata
from graders.classroom import names
from graders.classroom.submissions import MOST_ENTRIES, Submission, discover
from graders.grading.hand_in import BadInput
from tests.support import Project, box

HASHING, POOL = Kata("hashing"), Kata("thread_pool")
GOOD = b"class Point: ...\n"


def hand_in(root: Path, *paths: str) -> None:
    """Write files, each holding its own path, with the folders that they need; a path that ends in / is a folder."""
    for path in paths:
        place = root / path
        (place if path.endswith("/") else place.parent).mkdir(parents=True, exist_ok=True)
        if not path.endswith("/"):
            place.write_bytes(path.encode())


def rows(root: Path, *katas: Kata, take: bool = False) -> dict[tuple[str, str], Submission]:
    """Return the submissions by (student, slug)."""
    found = discover(root, list(katas or (HASHING,)), take=take).submissions
    assert len({(each.student, each.kata.slug) for each in found}) == len(found)
    return {(each.student, each.kata.slug): each for each in found}


NEAR = [
    "hw1/hashing.py", "katas/hashing.py", "Hashing.py", "hashing (1).py", "hashing.py.txt", "hashing_final.py",
    "hashing.PY", "HASHING-2.py", "hashing2.py", "my hashing.py", "hashing - Copy.py", "hashing.pyw", "main.py",
    "hashing.py/hashing.py", "src/solution/Hashing_v3.py", "ha\u0301shing.py",
]  # fmt: skip
NOT_PYTHON = ["hashing.ipynb", "hashing.zip", "Hashing.docx", "hashing.py.bak", "hashing.py~", "work.ipynb"]


@pytest.mark.parametrize("name", [*NEAR, *NOT_PYTHON])
def test_a_near_miss_in_a_students_folder_is_named(name: str, tmp_path: Path) -> None:
    """By default it is not graded, and the row says what is there."""
    hand_in(tmp_path, f"alice/{name}")

    (submission,) = rows(tmp_path).values()
    content, status, message, _ = submission.read()

    assert (content, status) == (None, "not_submitted")
    assert message.endswith(f"; near misses: {names.shown([name])}")
    assert submission.near == (name,)


@pytest.mark.parametrize("name", NEAR)
def test_the_only_near_miss_is_graded_when_it_is_to_be_taken(name: str, tmp_path: Path) -> None:
    """Whatever else lies beside it, unless that could be meant too."""
    hand_in(tmp_path, f"alice/{name}", "alice/README.md", "alice/test_hashing.py", "alice/__pycache__/hashing.py")

    (submission,) = rows(tmp_path, take=True).values()

    assert submission.read()[:2] == (f"alice/{name}".encode(), "graded")
    assert submission.taken == name


@pytest.mark.parametrize("name", NOT_PYTHON)
def test_what_is_not_python_is_never_taken(name: str, tmp_path: Path) -> None:
    """A notebook or an archive is named, and it is said why it is not graded."""
    hand_in(tmp_path, f"alice/{name}")

    (submission,) = rows(tmp_path, take=True).values()

    assert submission.read()[:2] == (None, "not_submitted")
    assert submission.read().message.endswith("(none can be graded as it is)")


def test_of_two_near_misses_none_is_guessed(tmp_path: Path) -> None:
    """Both are named."""
    hand_in(tmp_path, "alice/Hashing.py", "alice/hw1/hashing.py")

    (submission,) = rows(tmp_path, take=True).values()

    assert submission.read()[:3] == (
        None,
        "not_submitted",
        "there is no hashing.py; near misses: 'Hashing.py', 'hw1/hashing.py' (more than one could be meant)",
    )


def test_a_file_that_names_the_kata_goes_before_one_that_does_not(tmp_path: Path) -> None:
    """Only where none names it, any Python file may be meant."""
    hand_in(tmp_path, "alice/main.py", "alice/hashing_final.py", "bob/main.py", "bob/helper.py", "carol/main.py")

    found = rows(tmp_path, take=True)

    assert {student: each.taken for (student, _), each in found.items()} == {
        "alice": "hashing_final.py",
        "bob": "",
        "carol": "main.py",
    }


def test_python_beside_what_cannot_be_graded_is_named_and_not_taken(tmp_path: Path) -> None:
    """It may be the work or a part of it: somebody has to look."""
    hand_in(tmp_path, "alice/hashing.ipynb", "alice/solution.py", "bob/hashing.py.swp", "bob/hash.py", "bob/test_it.py")

    found = rows(tmp_path, take=True)

    assert {student: (each.near, each.taken) for (student, _), each in found.items()} == {
        "alice": (("hashing.ipynb", "solution.py"), ""),
        "bob": (("hashing.py.swp", "hash.py"), ""),
    }


def test_the_file_itself_goes_before_all(tmp_path: Path) -> None:
    """What lies beside it is named, whether or not near misses are to be taken."""
    hand_in(tmp_path, "alice/hashing.py", "alice/hashing (1).py", "alice/old/hashing.py", "alice/notes.py")

    for take in (False, True):
        (submission,) = rows(tmp_path, take=take).values()
        assert submission.read()[0] == b"alice/hashing.py"
        assert (submission.near, submission.taken) == (("hashing (1).py", "old/hashing.py"), "")


def test_other_files_are_named_where_nothing_else_is(tmp_path: Path) -> None:
    """A student who handed in something else sees that it arrived; an empty folder is told apart."""
    hand_in(tmp_path, "alice/report.pdf", "alice/data/x.csv", "bob/")

    found = rows(tmp_path)

    assert found["alice", "hashing"].read().message == "there is no hashing.py; there is 'data/x.csv', 'report.pdf'"
    assert found["bob", "hashing"].read().message == "there is no hashing.py"


def test_files_named_by_student_for_two_katas(tmp_path: Path) -> None:
    """Everybody has a row, those whose file is named otherwise too."""
    hand_in(
        tmp_path, "ann_hashing.py", "ben_hashing-1.py", "cleo_Hashing.py", "dev_hashing (1).py", "eva.py",
        "fay_hashing.ipynb", "gus_Thread Pool.py", "hal.ipynb", "ida_hashing.zip", "README.md", "x.zip", ".DS_Store",
    )  # fmt: skip

    found = discover(tmp_path, [HASHING, POOL])
    taken = rows(tmp_path, HASHING, POOL, take=True)

    assert {(each.student, each.kata.slug): each.near for each in found.submissions} == {
        ("ann", "hashing"): (),
        ("ben", "hashing"): ("ben_hashing-1.py",),
        ("cleo", "hashing"): ("cleo_Hashing.py",),
        ("dev", "hashing"): ("dev_hashing (1).py",),
        ("eva", "hashing"): ("eva.py",),
        ("eva", "thread_pool"): ("eva.py",),
        ("fay", "hashing"): ("fay_hashing.ipynb",),
        ("gus", "thread_pool"): ("gus_Thread Pool.py",),
        ("hal", "hashing"): ("hal.ipynb",),
        ("hal", "thread_pool"): ("hal.ipynb",),
        ("ida", "hashing"): ("ida_hashing.zip",),
    }
    assert [each.student for each in found.submissions if each.read().content is not None] == ["ann"]
    assert (found.entries.ignored, found.entries.systems) == (("README.md", "x.zip"), (".DS_Store",))
    assert {student for (student, _), each in taken.items() if each.read().content is not None} == {
        "ann", "ben", "cleo", "dev", "gus",
    }  # fmt: skip


def test_files_named_by_student_for_one_kata(tmp_path: Path) -> None:
    """A plain name is a student's; one that names the kata in another way is a near miss of its student's."""
    hand_in(tmp_path, "ann.py", "ben_hashing-1.py", "ben_hashing.py", "cleo.PY", "dev_hashing (1).py", "hashing.py")

    found = rows(tmp_path)

    assert {student: (each.read().status, each.near) for (student, _), each in found.items()} == {
        "ann": ("graded", ()),
        "ben": ("graded", ("ben_hashing-1.py",)),
        "cleo": ("not_submitted", ("cleo.PY",)),
        "dev": ("not_submitted", ("dev_hashing (1).py",)),
        "hashing": ("graded", ()),
    }
    assert found["dev", "hashing"].read().message == ("there is no dev_hashing.py; near misses: 'dev_hashing (1).py'")


def test_a_name_for_two_katas_is_taken_for_neither(tmp_path: Path) -> None:
    """It is named in both rows."""
    hand_in(tmp_path, "alice/hashing_and_thread_pool.py", "bob_hashing and thread_pool (1).py")

    found = rows(tmp_path, HASHING, POOL, take=True)

    assert [student for student, _ in found] == ["alice", "alice", "bob", "bob_hashing and"]
    assert all(each.near and each.read().content is None for each in found.values())


@pytest.mark.parametrize("take", [False, True])
def test_work_for_another_kata_is_no_try_at_this_one(take: bool, tmp_path: Path) -> None:
    """Graded as this kata, it would get 0 for nothing: it is named instead."""
    hand_in(tmp_path, "ann/thread_pool.py", "ben/hashing.py", "ben/thread_pool.py", "cleo_thread_pool.py", "dev.py")

    found = discover(tmp_path, [HASHING], take=take)

    assert {each.student: each.read().message for each in found.submissions} == {
        "ann": "there is no hashing.py; there is 'thread_pool.py'",
        "ben": "",
        "dev": "",
    }
    assert found.entries.ignored == ("cleo_thread_pool.py",)


def test_the_account_sums_up(tmp_path: Path) -> None:
    """The counts make up all entries, whatever they are."""
    hand_in(
        tmp_path, "ann/hashing.py", "ben/Hashing.py", "cleo/", "dev.py", "eva_hashing-1.py", "a.csv", "b.txt",
        ".git/x", "__MACOSX/._ann",
    )  # fmt: skip

    named, taken = (discover(tmp_path, [HASHING], take=take).entries for take in (False, True))

    assert list(named.lines()) == [
        "9 entries in the folder: 2 with a submission, 2 with near misses only, 1 without either, "
        "2 ignored: 'a.csv', 'b.txt', 2 of the system's: '.git', '__MACOSX'"
    ]
    assert (taken.submitted, taken.near) == (4, 0)


def test_a_folder_without_any_student_says_what_it_holds(tmp_path: Path) -> None:
    """It is more likely the wrong folder than a class."""
    hand_in(tmp_path, "grades.csv", "class.zip")

    with pytest.raises(BadInput, match=re.escape("no file named by student; it holds 'class.zip', 'grades.csv'")):
        discover(tmp_path, [HASHING])


def test_a_folder_of_very_many_files_is_looked_at_in_part(tmp_path: Path) -> None:
    """The file itself is graded all the same; a near miss is not taken, since another may be out of sight."""
    hand_in(tmp_path, "alice/hashing.py", "bob/Hashing.py")
    for number in range(MOST_ENTRIES + 1):
        for student in ("alice", "bob"):
            (tmp_path / student / f"{number}.txt").touch()

    found = rows(tmp_path, take=True)

    assert found["alice", "hashing"].read()[0] == b"alice/hashing.py"
    assert found["bob", "hashing"].read().content is None
    assert "more that was not looked at" in found["bob", "hashing"].read().message


def test_a_deep_tree_is_looked_at_in_part(tmp_path: Path) -> None:
    """So that no tree of folders keeps the grader busy."""
    hand_in(tmp_path, f"alice/{'a/' * 3}hashing.py", f"bob/{'a/' * 4}hashing.py")

    found = rows(tmp_path, take=True)

    assert found["alice", "hashing"].taken == "a/a/a/hashing.py"
    assert found["bob", "hashing"].taken == ""
    assert "more that was not looked at" in found["bob", "hashing"].read().message


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names themselves")
def test_hostile_names_are_named_in_one_short_line(tmp_path: Path) -> None:
    """Control characters, directions of text, halves of characters, length: nothing reaches a terminal as it is."""
    hostile = ["hashing\n.py", "hashing\u202e.py", "hashing\x1b[2J.py", "hashing " + "x" * 200 + ".py"]
    hand_in(tmp_path, *(f"alice/{name}" for name in hostile))
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/alice/hashing\xff.py")).touch()

    (submission,) = rows(tmp_path).values()
    message = submission.read().message

    assert message.isprintable()
    assert len(message) < 400
    assert len(submission.near) == 5
    "".join(submission.near).encode("utf-8")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such files")
def test_links_and_pipes_are_named_and_never_taken(tmp_path: Path) -> None:
    """Not even where they have the name of a near miss, and folders that are links are not looked into."""
    outside = tmp_path / "outside"
    hand_in(outside, "hashing.py")
    root = tmp_path / "class"
    hand_in(root, "alice/", "bob/", "carol/")
    (root / "alice" / "Hashing.py").symlink_to(outside / "hashing.py")
    os.mkfifo(root / "bob" / "hashing_1.py")
    (root / "carol" / "sub").symlink_to(outside)
    (root / "dave_hashing-1.py").symlink_to(outside / "hashing.py")

    found = rows(root, take=True)

    assert {student: (each.taken, each.near) for (student, _), each in found.items()} == {
        "alice": ("", ("Hashing.py",)),
        "bob": ("", ("hashing_1.py",)),
        "carol": ("", ()),
        "dave": ("", ("dave_hashing-1.py",)),
    }
    assert "there is 'sub'" in found["carol", "hashing"].read().message


def test_a_folder_within_that_is_closed_is_said(tmp_path: Path) -> None:
    """What can't be listed may hold the file: nothing else is taken in its place."""
    if os.geteuid() == 0:
        pytest.skip("root may read everything")
    hand_in(tmp_path, "alice/Hashing.py", "alice/closed/x")
    (tmp_path / "alice" / "closed").chmod(0)

    (submission,) = rows(tmp_path, take=True).values()
    (tmp_path / "alice" / "closed").chmod(0o700)

    assert (submission.taken, submission.untaken) == ("", "not everything was looked at")


def test_the_table_names_them_and_takes_them_when_asked_to(small: Project, tmp_path: Path) -> None:
    """With the account as its last lines, and the names in the scores too."""
    root = tmp_path / "class"
    for path in ("ann/box.py", "ann/box (1).py", "ben/Box.py", "cleo/notes.txt"):
        hand_in(root, path)
        (root / path).write_text(box())

    named = small.grade(f"--submissions={root}")
    taken = small.grade(f"--submissions={root}", "--near-misses=take")

    assert named.code == 0, named.out
    assert " ann      100/100  graded: also there: 'box (1).py'" in named.lines
    assert " ben            -  not submitted: there is no box.py; near misses: 'Box.py'" in named.lines
    assert " cleo           -  not submitted: there is no box.py; there is 'notes.txt'" in named.lines
    assert " --near-misses=take grades a near miss where a student has one only" in named.lines
    assert any(line.startswith(" 3 entries in the folder: 1 with a submission, 1 with") for line in named.lines)
    assert " ben      100/100  graded: 'Box.py', a near miss" in taken.lines
    assert not any("--near-misses=take" in line for line in taken.lines)
    assert taken.scores is not None
    assert [each["near_misses"] for each in taken.scores["results"]] == [["box (1).py"], ["Box.py"], []]
