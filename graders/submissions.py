"""LAYER 3. The submissions of a class, found in a folder whose every name and file is hostile.

Two layouts: one folder per student that holds SLUG.py, or files named by student (``alice.py``; with several katas
``alice_SLUG.py``). Nothing else in the folder is opened, no link is followed, and only ordinary files are read.
"""

from __future__ import annotations

import itertools
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from graders.catalogue import Kata
from graders.run import MAX_BYTES, BadInput
from graders.scoring import Status

_IGNORED = ("__pycache__", "__MACOSX")


@dataclass(frozen=True)
class Submission:
    """What one student handed in for one kata.

    student: the name, as text that any encoder takes; parts: the path within the class's folder, as bytes.
    """

    student: str
    kata: Kata
    root: Path
    parts: tuple[bytes, ...]

    def read(self) -> tuple[bytes | None, Status, str]:
        """Return (content, status, message) as `read_within` does."""
        return read_within(self.root, self.parts)


def read_within(root: Path, parts: tuple[bytes, ...], most: int = MAX_BYTES) -> tuple[bytes | None, Status, str]:
    """Return (content, status, message) of a file of at most so many bytes; content is None if nothing can be run.

    Whatever stands in the file's place that is no ordinary file is the student's doing: not submitted. What the
    grader may not read is the grader's: not graded.
    """
    name = os.fsdecode(parts[-1]).encode("utf-8", "backslashreplace").decode()
    folder = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for part in parts[:-1]:
            deeper = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=folder)
            os.close(folder)
            folder = deeper
        kind = os.stat(parts[-1], dir_fd=folder, follow_symlinks=False).st_mode
        if not stat.S_ISREG(kind):
            return None, "not_submitted", f"{name} is {_kind(kind)}, not an ordinary file"
        # Between the look and the opening it may have been replaced: hence the flags, and a second look.
        file = os.open(parts[-1], os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    except FileNotFoundError:
        return None, "not_submitted", f"there is no {name}"
    except (NotADirectoryError, OSError) as error:
        if isinstance(error, NotADirectoryError) or error.errno == 40:  # ELOOP: a link, with O_NOFOLLOW
            return (
                None,
                "not_submitted",
                "a link or file stands where the student's folder should be",
            )
        return None, "not_graded", f"{name} can't be read: {error.strerror}"
    finally:
        os.close(folder)
    try:
        if not stat.S_ISREG(os.fstat(file).st_mode):
            return None, "not_submitted", f"{name} is not an ordinary file"
        content = b""
        while len(content) <= most and (more := os.read(file, most + 1 - len(content))):
            content += more
    except OSError as error:
        return None, "not_graded", f"{name} can't be read: {error.strerror}"
    finally:
        os.close(file)
    if len(content) > most:
        return None, "graded", f"{name} is larger than {most:,} bytes"
    return content, "graded", ""


def _kind(mode: int) -> str:
    kinds = {
        stat.S_ISLNK: "a link", stat.S_ISDIR: "a folder", stat.S_ISFIFO: "a pipe",
        stat.S_ISSOCK: "a socket", stat.S_ISCHR: "a device", stat.S_ISBLK: "a device",
    }  # fmt: skip
    return next((words for test, words in kinds.items() if test(mode)), "something else")


def discover(root: Path, katas: list[Kata]) -> list[Submission]:
    """Return the submissions of every student for every kata, sorted by student.

    Raises:
        BadInput: the folder is missing, can't be read, or holds no student.
    """
    if not root.is_dir():
        raise BadInput(f"--submissions={root} is no folder; name one that holds a folder or file per student")
    try:
        entries = sorted(os.scandir(os.fsencode(root)), key=lambda entry: entry.name)
    except OSError as error:
        raise BadInput(f"--submissions={root} can't be read: {error.strerror}") from error
    folders = [e.name for e in entries if not _is_python(e) and _is_folder(e) and not _ignored(e.name)]
    files = [e.name for e in entries if _is_python(e) and not _ignored(e.name)]
    found: list[Submission] = []
    taken: set[tuple[str, str]] = set()

    def add(kata: Kata, parts: tuple[bytes, ...], *labels: str) -> None:
        # Two names may come to one (alice.py beside alice/): all are graded, and told apart.
        further = (f"{labels[0]} ({number})" for number in itertools.count(2))
        label = next(each for each in itertools.chain(labels, further) if (each, kata.slug) not in taken)
        taken.add((label, kata.slug))
        found.append(Submission(label, kata, root, parts))

    for name in folders:
        for kata in katas:
            add(kata, (name, f"{kata.slug}.py".encode()), _text(name), f"{_text(name)}/")
    for name in files:
        for kata in katas:
            student = _student(name, kata, alone=len(katas) == 1)
            if student is not None:
                add(kata, (name,), student, _text(name))
    if not found:
        raise BadInput(f"--submissions={root} holds no student's folder and no file named by student")
    return sorted(found, key=lambda submission: (submission.student, submission.kata.slug))


def _is_python(entry: os.DirEntry[bytes]) -> bool:
    return entry.name.endswith(b".py") and not entry.is_dir(follow_symlinks=False)


def _is_folder(entry: os.DirEntry[bytes]) -> bool:
    return entry.is_dir(follow_symlinks=False) or entry.is_symlink()


def _ignored(name: bytes) -> bool:
    """Whether a name is one that systems and tools leave (.git, .DS_Store, __MACOSX); "..a" may be a student's."""
    return (name.startswith(b".") and not name.startswith(b"..")) or os.fsdecode(name) in _IGNORED


def _student(name: bytes, kata: Kata, *, alone: bool) -> str | None:
    """Return whose file for this kata `name` is, None if it is another kata's or nobody's."""
    stem = _text(name[: -len(b".py")])
    for separator in "_-. ":
        if stem.endswith(separator + kata.slug) and len(stem) > len(kata.slug) + 1:
            return stem[: -len(kata.slug) - 1]
    return stem if alone else None


def _text(name: bytes) -> str:
    return os.fsdecode(name).encode("utf-8", "backslashreplace").decode()
