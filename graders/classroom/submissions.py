"""Finds the submissions of a class in a folder whose names and files are all hostile.

There are two layouts: one folder per student that holds SLUG.py, or files named by student (``alice.py``; with several
katas ``alice_SLUG.py``). Folders are only listed, only a file to grade is opened, and no link is followed.

Every entry of the folder is accounted for. A file with nearly the required name is a near miss: it is reported with its
student, and graded if near misses are to be taken and it is the only one.
"""

from __future__ import annotations

import contextlib
import errno
import itertools
import os
import stat
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

from graders.authoring.catalogue import Kata, slugs
from graders.classroom import names
from graders.grading.hand_in import MAX_BYTES, BadInput
from graders.grading.outcome import Status

MOST_ENTRIES = 2_000  # examined in one student's folder
DEEPEST = 3  # levels of folders below a student's
_KEPT = 50  # names in one result
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
_NO_FOLDER = (errno.ELOOP, errno.ENOTDIR)  # the errors of opening a link or a file as a folder


class Content(NamedTuple):
    """A file as it was read. content: None if there is nothing to run; modified: seconds since the epoch."""

    content: bytes | None
    status: Status
    message: str
    modified: float | None = None


@dataclass(frozen=True)
class Submission:
    """The work of one student for one kata.

    student: the name, as text that any encoder accepts; parts: the path in the class's folder, as bytes, () for none.
    near: the near misses; other: further names, if neither the required file nor a near miss is there.
    taken: the near miss that is graded instead, "" for none; untaken: why none was, if one could have been.
    there: whether the required file is; unseen: whether there are entries that were not examined.
    """

    student: str
    kata: Kata
    root: Path
    parts: tuple[bytes, ...]
    near: tuple[str, ...] = ()
    other: tuple[str, ...] = ()
    taken: str = ""
    untaken: str = ""
    there: bool = True
    unseen: bool = False

    @property
    def path(self) -> str:
        """The path in the class's folder, as text; "" for none."""
        return "/".join(map(names.text, self.parts))

    def read(self) -> Content:
        """Return the result of `read_within`; if the file is missing, the message names what is there."""
        if not self.parts:
            lacking = f"there is no {self.student}_{self.kata.slug}.py"
            return Content(None, "not_submitted", lacking + self._instead())
        found = read_within(self.root, self.parts)
        more = self._instead() if found.status == "not_submitted" else ""
        return found._replace(message=found.message + more)

    def _instead(self) -> str:
        more = ", and more that was not looked at" if self.unseen else ""
        if self.near:
            why = f" ({self.untaken})" if self.untaken else ""
            return f"; near misses: {names.shown(list(self.near))}{more}{why}"
        return f"; there is {names.shown(list(self.other))}{more}" if self.other else more


@dataclass(frozen=True)
class Entries:
    """The account of all entries of a class's folder.

    submitted: how many hold the required file, or one taken for it; near: only near misses; empty: neither.
    ignored: names that belong to no student; systems: names that systems and tools create.
    """

    submitted: int = 0
    near: int = 0
    empty: int = 0
    ignored: tuple[str, ...] = ()
    systems: tuple[str, ...] = ()

    def lines(self) -> Iterator[str]:
        """Yield the account; its counts add up to all entries."""
        total = self.submitted + self.near + self.empty + len(self.ignored) + len(self.systems)
        counts = [
            f"{self.submitted} with a submission", f"{self.near} with near misses only", f"{self.empty} without either",
            f"{len(self.ignored)} ignored" + (f": {names.shown(list(self.ignored), 20)}" if self.ignored else ""),
        ]  # fmt: skip
        if self.systems:
            counts.append(f"{len(self.systems)} of the system's: {names.shown(list(self.systems))}")
        yield f"{total} {'entry' if total == 1 else 'entries'} in the folder: {', '.join(counts)}"


@dataclass(frozen=True)
class ClassFolder:
    """A class as it was found. submissions: one per student and kata, sorted by student."""

    submissions: tuple[Submission, ...]
    entries: Entries


def read_within(root: Path, parts: tuple[bytes, ...], most: int = MAX_BYTES) -> Content:
    """Return the content of a file of at most `most` bytes.

    If something other than a regular file is in its place, that is the student's doing: not submitted. If the grader
    may not read it, that is the grader's: not graded.
    """
    name = names.text(parts[-1])
    try:
        with _opened(root, parts[:-1]) as folder:
            kind = os.stat(parts[-1], dir_fd=folder, follow_symlinks=False).st_mode
            if not stat.S_ISREG(kind):
                return Content(None, "not_submitted", f"{name} is {_kind(kind)}, not an ordinary file")
            # It may have been replaced between the check and the opening: hence the flags, and a second check.
            file = os.open(parts[-1], os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    except FileNotFoundError:
        return Content(None, "not_submitted", f"there is no {name}")
    except OSError as error:
        if error.errno in _NO_FOLDER:
            return Content(None, "not_submitted", "a link or file stands where the student's folder should be")
        return Content(None, "not_graded", f"{name} can't be read: {error.strerror}")
    try:
        found = os.fstat(file)
        if not stat.S_ISREG(found.st_mode):
            return Content(None, "not_submitted", f"{name} is not an ordinary file")
        content = b""
        while len(content) <= most and (more := os.read(file, most + 1 - len(content))):
            content += more
    except OSError as error:
        return Content(None, "not_graded", f"{name} can't be read: {error.strerror}")
    finally:
        os.close(file)
    if len(content) > most:
        return Content(None, "graded", f"{name} is larger than {most:,} bytes", found.st_mtime)
    return Content(content, "graded", "", found.st_mtime)


def _kind(mode: int) -> str:
    kinds = {
        stat.S_ISLNK: "a link", stat.S_ISDIR: "a folder", stat.S_ISFIFO: "a pipe",
        stat.S_ISSOCK: "a socket", stat.S_ISCHR: "a device", stat.S_ISBLK: "a device",
    }  # fmt: skip
    return next((words for test, words in kinds.items() if test(mode)), "something else")


@contextlib.contextmanager
def _opened(root: Path, parts: tuple[bytes, ...]) -> Iterator[int]:
    """Yield a descriptor of a folder within `root` whose path contains no link."""
    folder = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for part in parts:
            deeper = os.open(part, _FOLDER, dir_fd=folder)
            os.close(folder)
            folder = deeper
        yield folder
    finally:
        os.close(folder)


@dataclass
class _Inside:
    """The contents of a student's folder, without systems' files: paths within it, and whether each can be graded."""

    files: dict[tuple[bytes, ...], bool] = field(default_factory=dict)
    unseen: bool = False


def _inside(root: Path, student: bytes) -> _Inside:
    """List a student's folder and its subfolders, the nearest first, up to the bounds."""
    found, seen = _Inside(), 0
    waiting = deque[tuple[bytes, ...]]([(student,)])
    while waiting:
        folder = waiting.popleft()
        try:
            with _opened(root, folder) as opened, os.scandir(opened) as entries:
                for entry in itertools.islice(entries, MOST_ENTRIES + 1 - seen):
                    if (seen := seen + 1) > MOST_ENTRIES:
                        found.unseen = True
                        return found
                    name = os.fsencode(entry.name)
                    if names.of_the_system(name):
                        continue
                    if not entry.is_dir(follow_symlinks=False):
                        found.files[*folder[1:], name] = entry.is_file(follow_symlinks=False)
                    elif len(folder) <= DEEPEST:
                        waiting.append((*folder, name))
                    else:
                        found.unseen = True
        except OSError as error:
            found.unseen |= error.errno not in _NO_FOLDER
    return found


@dataclass(frozen=True)
class _Near:
    """A near miss. parts: its path in the class's folder; whole: whether it can be graded as it is."""

    parts: tuple[bytes, ...]
    shown: str
    whole: bool


class _Finder:
    """Sorts the entries of a class's folder."""

    def __init__(self, root: Path, katas: list[Kata], *, take: bool) -> None:
        self.root = root
        self.katas = katas
        self.alone = len(katas) == 1
        self.other_slugs = set(slugs(katas[0].root)) - {kata.slug for kata in katas}
        self.take = take
        self.found: dict[tuple[str, str], Submission] = {}
        self.near: dict[tuple[str, Kata], list[_Near]] = {}
        self.counts = Counter[str]()
        self.ignored: list[str] = []

    def add(self, submission: Submission, *labels: str) -> None:
        """Keep a submission under the first of these names that is free."""
        # Two entries may give one name (alice.py beside alice/): all are graded, under different names.
        further = (f"{labels[0]} ({number})" for number in itertools.count(2))
        slug = submission.kata.slug
        label = next(each for each in itertools.chain(labels, further) if (each, slug) not in self.found)
        self.found[label, slug] = replace(submission, student=label)

    def folder(self, name: bytes) -> None:
        """Add a student's folder."""
        inside = _inside(self.root, name)
        submitted = near = False
        for kata in self.katas:
            exact = f"{kata.slug}.py".encode()
            others = {parts: whole for parts, whole in inside.files.items() if parts != (exact,)}
            there = _is_file(self.root, (name, exact))
            misses = list(self._misses(name, others, kata, there=there))
            submission = Submission("", kata, self.root, (name, exact), there=there, unseen=inside.unseen and not there)
            if there:
                submission = replace(submission, near=_kept(misses))
            else:
                submission = self._instead(submission, misses)
                rest = () if misses else tuple(sorted(map(_joined, others)))[:_KEPT]
                submission = replace(submission, other=rest)
            submitted |= there or bool(submission.taken)
            near |= bool(misses)
            self.add(submission, names.text(name), f"{names.text(name)}/")
        self.counts["submitted" if submitted else "near" if near else "empty"] += 1

    def _misses(
        self, student: bytes, others: dict[tuple[bytes, ...], bool], kata: Kata, *, there: bool
    ) -> Iterator[_Near]:
        """Yield the near misses in a student's folder: files that name the kata; if none can be graded, all Python too.

        One of the latter is taken only if no file names the kata.
        """
        of_kata = {parts: self._named(parts) for parts in others}
        mine = [parts for parts, katas in of_kata.items() if kata in katas and not names.for_tests(_joined(parts[-1:]))]
        graded = there
        for parts in sorted(mine):
            whole = others[parts] and names.may_be_python(names.text(parts[-1])) and len(of_kata[parts]) == 1
            graded |= whole
            yield _Near((student, *parts), _joined(parts), whole)
        if not graded:
            for parts in sorted(parts for parts, katas in of_kata.items() if not katas):
                file = names.text(parts[-1])
                if not self._of_another(file) and names.is_work(file) and not names.for_tests(file):
                    whole = others[parts] and names.may_be_python(file) and self.alone and not mine
                    yield _Near((student, *parts), _joined(parts), whole)

    def _named(self, parts: tuple[bytes, ...]) -> list[Kata]:
        file = names.text(parts[-1])
        return [kata for kata in self.katas if names.before_the_kata(file, kata.slug) is not None]

    def _of_another(self, file: str) -> bool:
        """Whether a file is named for a kata that is not graded in this run, and so not a try at one that is."""
        return any(names.before_the_kata(file, slug) is not None for slug in self.other_slugs)

    def _instead(self, submission: Submission, misses: list[_Near]) -> Submission:
        """Return a submission without its file, with its near misses, one of which may take the file's place."""
        submission = replace(submission, near=_kept(misses))
        whole = [miss for miss in misses if miss.whole]
        if not self.take or not misses:
            return submission
        if len(whole) != 1:
            why = "more than one could be meant" if whole else "none can be graded as it is"
            return replace(submission, untaken=why)
        if submission.unseen:
            return replace(submission, untaken="not everything was looked at")
        return replace(submission, parts=whole[0].parts, taken=whole[0].shown)

    def file(self, entry: os.DirEntry[bytes]) -> None:
        """Add an entry that is not a folder: a file named by student, a near miss of one, or an unrelated file."""
        file = names.text(entry.name)
        owners = {kata: owner for kata in self.katas if (owner := names.owner(file, kata.slug)) is not None}
        before = {kata: text for kata in self.katas if (text := names.before_the_kata(file, kata.slug))}
        another = not owners and not before and self._of_another(file)
        if not owners and not before and not another and self.alone and file.endswith(".py"):
            owners = {self.katas[0]: file[: -len(".py")]}
        for kata, owner in owners.items():
            self.add(Submission("", kata, self.root, (entry.name,)), owner, file)
        if owners:
            self.counts["submitted"] += 1
            return
        if not before and not another and names.is_work(file):
            before = dict.fromkeys(self._named((entry.name,)) or self.katas, names.stem(file))
        if not before:
            self.ignored.append(file)
        whole = entry.is_file(follow_symlinks=False) and names.may_be_python(file) and len(before) == 1
        for kata, student in before.items():
            self.near.setdefault((student, kata), []).append(_Near((entry.name,), file, whole))

    def misses(self) -> None:
        """Assign near misses among the files to their students, even if those have handed in another file."""
        taken = set[bytes]()
        for (student, kata), misses in self.near.items():
            known = self.found.get((student, kata.slug))
            if known is not None:
                self.found[student, kata.slug] = replace(known, near=(*known.near, *_kept(misses))[:_KEPT])
            else:
                submission = self._instead(Submission(student, kata, self.root, (), there=False), misses)
                self.found[student, kata.slug] = submission
                taken |= {*submission.parts}
        files = {miss.parts[0] for misses in self.near.values() for miss in misses}
        self.counts += Counter(submitted=len(taken), near=len(files - taken))


def _is_file(root: Path, parts: tuple[bytes, ...]) -> bool:
    with contextlib.suppress(OSError), _opened(root, parts[:-1]) as folder:
        return stat.S_ISREG(os.stat(parts[-1], dir_fd=folder, follow_symlinks=False).st_mode)
    return False


def _kept(misses: list[_Near]) -> tuple[str, ...]:
    return tuple(miss.shown for miss in misses[:_KEPT])


def _joined(parts: tuple[bytes, ...]) -> str:
    return "/".join(map(names.text, parts))


def discover(root: Path, katas: list[Kata], *, take: bool = False) -> ClassFolder:
    """Return the submissions of every student for every kata, and the account of all entries.

    take: whether to grade a student's only near miss if the required file is missing.

    Raises:
        BadInput: the folder is missing, can't be read, or holds no student.
    """
    if not root.is_dir():
        raise BadInput(f"--submissions={root} is no folder; name one that holds a folder or file per student")
    try:
        entries = sorted(os.scandir(os.fsencode(root)), key=lambda entry: entry.name)
    except OSError as error:
        raise BadInput(f"--submissions={root} can't be read: {error.strerror}") from error
    systems = tuple(names.text(entry.name) for entry in entries if names.of_the_system(entry.name))
    own = [entry for entry in entries if not names.of_the_system(entry.name)]
    folders = [entry for entry in own if _is_folder(entry)]
    finder = _Finder(root, katas, take=take)
    for entry in folders:
        finder.folder(entry.name)
    for entry in own:
        if not _is_folder(entry):
            finder.file(entry)
    finder.misses()
    if not finder.found:
        there = [*finder.ignored, *systems]
        holds = f"; it holds {names.shown(there)}" if there else ""
        raise BadInput(f"--submissions={root} holds no student's folder and no file named by student{holds}")
    found = sorted(finder.found.values(), key=lambda each: (each.student, each.kata.slug))
    submitted, near, empty = (finder.counts[kind] for kind in ("submitted", "near", "empty"))
    return ClassFolder(tuple(found), Entries(submitted, near, empty, tuple(finder.ignored), systems))


def _is_folder(entry: os.DirEntry[bytes]) -> bool:
    """Whether an entry counts as a student's folder: a link does too, though it is not followed."""
    is_link = entry.is_symlink() and not entry.name.endswith(b".py")
    return is_link or entry.is_dir(follow_symlinks=False)
