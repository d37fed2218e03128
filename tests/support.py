"""What the tests share: a run of the grader as a user starts it, and a small kata that costs little to grade."""

from __future__ import annotations

import dataclasses
import functools
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from graders.authoring import catalogue
from graders.sandbox import runtime
from graders.sandbox.host import Host
from graders.sandbox.isolation import levels
from graders.sandbox.isolation.none import InProcessHost
from graders.sandbox.limits import Limits, Source
from graders.sandbox.proxy import Submission
from graders.sandbox.transcript import Transcript

ROOT = Path(__file__).resolve().parent.parent
LINUX = sys.platform == "linux"
linux_only = pytest.mark.skipif(not LINUX, reason="needs /proc and Linux's resource limits")

_ROW = re.compile(r"^ *(\d+)/(\d+)  (passed|FAILED|NOT GRADED|not started|not run) +(\S.*)$")
_FOOT = re.compile(r"^ (?:\d+/\d+|no score)\b.*seed (\d+), isolation (\w+), [\d.]+ s$")
# What would make a run start inside a test differ from a user's own.
_INHERITED = ("PYTEST", "NO_COLOR", "FORCE_COLOR", "PY_COLORS", "COLUMNS", "LINES", "TERM")


@dataclass(frozen=True)
class Row:
    """A row of a score card, with the lines below it."""

    points: int
    most: int
    word: str
    below: tuple[str, ...]

    @property
    def text(self) -> str:
        """The lines below as one, so that where they were wrapped does not matter."""
        return " ".join(line.strip() for line in self.below)


@dataclass(frozen=True)
class Graded:
    """A finished run of the grader."""

    code: int
    out: str
    err: str
    scores: dict[str, Any] | None

    @property
    def lines(self) -> list[str]:
        """What it printed, by lines."""
        return self.out.splitlines()

    @property
    def rows(self) -> dict[str, Row]:
        """The rows of its score card, by title."""
        found: dict[str, Row] = {}
        title, start, below = "", None, list[str]()
        for line in [*self.lines, " 0/0"]:
            row = _ROW.match(line)
            if (row or re.match(r" \S", line)) and start is not None:
                found[title] = Row(int(start[1]), int(start[2]), start[3], tuple(below))
                start, below = None, []
            if row:
                start, title = row, row[4]
            elif start is not None:
                below.append(line)
        return found

    @property
    def card(self) -> list[str]:
        """The lines of its score card, without what pytest prints around it."""
        start = next(n for n, line in enumerate(self.lines) if re.match(r" \w+ - ", line))
        end = next(n for n, line in enumerate(self.lines) if n > start and _FOOT.match(line))
        return self.lines[start : end + 1]

    @property
    def seed(self) -> int:
        """The seed that the card's last line names."""
        return next(int(foot[1]) for line in self.lines if (foot := _FOOT.match(line)))

    @property
    def result(self) -> dict[str, Any]:
        """The only result in its scores."""
        assert self.scores is not None, self.out + self.err
        (result,) = self.scores["results"]
        return dict(result)

    @property
    def criteria(self) -> dict[str, dict[str, Any]]:
        """The criteria of the only result in its scores, by id."""
        return {each["id"]: each for each in self.result["criteria"]}


@dataclass(frozen=True)
class Project:
    """A project's folder to run the grader in. temp: the folder for temporary files of the runs."""

    root: Path
    temp: Path
    environment: dict[str, str] = field(default_factory=dict)

    def command(self, *arguments: str, python: tuple[str, ...] = ()) -> tuple[list[str], dict[str, str]]:
        """Return the command line and the environment of a run of pytest with these arguments and no others."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(_INHERITED)}
        self.temp.mkdir(parents=True, exist_ok=True)
        # Hypothesis builds its tables once for all runs; what it learns of a submission is kept elsewhere.
        tables = str(ROOT / ".hypothesis")
        ours = {"TMPDIR": str(self.temp), "HYPOTHESIS_STORAGE_DIRECTORY": tables}
        return [sys.executable, *python, "-m", "pytest", *arguments], {**kept, **ours, **self.environment}

    def start(
        self, *arguments: str, python: tuple[str, ...] = (), folder: str = "."
    ) -> subprocess.CompletedProcess[str]:
        """Run pytest in a folder of the project's, with nothing on the command line but `arguments`."""
        command, environment = self.command(*arguments, python=python)
        return subprocess.run(
            command,
            cwd=self.root / folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="strict",
            check=False,
            timeout=240,
        )

    def grade(
        self,
        *options: str,
        kata: str = "box",
        submission: Path | str | None = None,
        isolation: str = "process",
        seed: int | None = 7,
        cache: bool = False,
        python: tuple[str, ...] = (),
        folder: str = ".",
    ) -> Graded:
        """Grade as a user does. A given seed also keeps the run from remembering failing examples."""
        scores = self.temp / "written" / "scores.json"
        scores.parent.mkdir(parents=True, exist_ok=True)
        scores.unlink(missing_ok=True)
        arguments = [f"--kata={kata}", f"--isolation={isolation}", f"--scores={scores}"]
        arguments += [] if submission is None else [f"--submission={submission}"]
        arguments += [] if seed is None else [f"--kata-seed={seed}"]
        arguments += [] if cache else ["-p", "no:cacheprovider"]
        done = self.start(*arguments, *options, python=python, folder=folder)
        found = json.loads(scores.read_text("utf-8")) if scores.exists() else None
        shutil.rmtree(scores.parent)
        return Graded(done.returncode, done.stdout, done.stderr, found)

    def copy(self, root: Path) -> Project:
        """Return a copy that may be changed."""
        # What other tests' runs have left there is no part of it.
        shutil.copytree(self.root, root, ignore=shutil.ignore_patterns(".pytest_cache", ".hypothesis"))
        return dataclasses.replace(self, root=root)

    def submit(self, text: str | bytes, name: str = "box.py") -> Path:
        """Write a submission's file and return its path."""
        path = self.temp.parent / "submitted" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def edit(self, text: str) -> None:
        """Write the learner's own file."""
        (self.root / "katas" / "box.py").write_text(text, "utf-8")

    def left(self) -> Iterator[str]:
        """Yield what the runs left: temporary files, and processes that were started from one."""
        for path in sorted(self.temp.rglob("*")):
            # Workers of pytest-xdist keep pytest's own folder for the temporary files of tests.
            if not path.relative_to(self.temp).parts[0].startswith("pytest-of-"):
                yield str(path)
        yield from processes(self.temp)


def processes(folder: Path) -> Iterator[str]:
    """Yield the command lines of processes that name a folder: a zygote's does, and those of all its forks."""
    for entry in Path("/proc").glob("[0-9]*") if LINUX else ():
        try:
            command = (entry / "cmdline").read_bytes()
        except OSError:  # it ended meanwhile, or is another user's
            continue
        if os.fsencode(folder) in command:
            yield command.replace(b"\0", b" ").decode("utf-8", "replace")


@dataclass(frozen=True)
class InsideProject(Project):
    """A project whose runs happen in this process: pytest and Hypothesis are imported already, and are at hand."""

    pytester: pytest.Pytester | None = None

    def start(
        self, *arguments: str, python: tuple[str, ...] = (), folder: str = "."
    ) -> subprocess.CompletedProcess[str]:
        """Run pytest's main function, with the katas of this project's folder."""
        assert self.pytester is not None
        assert python == ()
        known = functools.partial(catalogue.find, root=self.root)
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(self.root / folder)
            patch.setattr(catalogue, "find", known)
            done = self.pytester.runpytest_inprocess(*arguments)
        return subprocess.CompletedProcess(arguments, int(done.ret), done.stdout.str(), done.stderr.str())

    def left(self) -> Iterator[str]:
        """Yield the processes that were started by this one for its runs and are still there."""
        yield from processes(runtime.folder())


class Loads:
    """Opens submissions at one isolation level or another, and closes them at the end of a test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.opened: list[Host | InProcessHost] = []
        # Of the last load.
        self.transcript = Transcript()

    def open(self, text: str | bytes, level: str = "process", **limits: Any) -> Host | InProcessHost:
        """Return a submission's host, with limits that end a hang soon."""
        content = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
        source = Source("kata", content)
        host: Host | InProcessHost
        if level == "none":
            path = self.folder / f"kata{len(self.opened)}.py"
            path.write_bytes(content)
            host = InProcessHost(source, path)
        else:
            host = Host(levels.choose(level), source, Limits(**limits))
        self.opened.append(host)
        return host

    def load(self, text: str | bytes, level: str = "process", **limits: Any) -> Submission:
        """Return the proxy of a fresh load."""
        self.transcript = Transcript()
        return Submission(self.open(text, level, **limits).fresh(), self.transcript)

    def close(self) -> None:
        """End all of them."""
        for host in self.opened:
            host.close()


def reload(host: Host | InProcessHost) -> Submission:
    """Return the proxy of a new load, after which the last one is gone."""
    return Submission(host.fresh(), Transcript())


BOX_SUITE = '''\
"""Hidden suite: A box with a number."""

from hypothesis import example, given
from hypothesis import strategies as st

from graders import Submission, criterion

numbers = st.integers(-1000, 1000)


@criterion(
    "It keeps its value",
    points=30,
    because="A box gives back what was put in.",
    hints=("What goes in?", "What comes out?", "Is it the same?"),
)
@given(number=numbers)
@example(number=3)
def keeps(submission: Submission, number: int) -> None:
    box = submission.Box(number)
    assert box.value == number


@criterion(
    "Equal boxes are equal",
    points=20,
    because="Boxes are equal by value.",
    hints=("What makes two boxes the same?", "Compare what is in them."),
    examples=20,
)
@given(number=numbers)
@example(number=5)
def equal(submission: Submission, number: int) -> None:
    box, other = submission.Box(number), submission.Box(number)
    assert (box == other) is True


@criterion("Equal boxes hash equal", points=20, because="A set finds them.", hints=("Where does it look?",), examples=9)
@given(number=numbers)
@example(number=5)
def hashes(submission: Submission, number: int) -> None:
    box, other = submission.Box(number), submission.Box(number)
    assert hash(box) == hash(other)


@criterion("It shows its value", points=20, because="A repr can be pasted.", hints=("What can be pasted?",), examples=9)
@given(number=numbers)
@example(number=5)
def shows(submission: Submission, number: int) -> None:
    box = submission.Box(number)
    assert submission.repr(box) == f"Box({number})"


@criterion("Doubling doubles", points=10, because="Twice a number is the number and itself.", hints=("How often?",))
@given(number=numbers)
@example(number=21)
def doubles(submission: Submission, number: int) -> None:
    assert submission.double(number) == number + number
'''
HEAD = ":topic: boxes\n:level: 1\n:minutes: 5\n"
LAYERS = "Rules:\n1. A box keeps its value.\n\nOut of scope:\n- subclasses\n\nSources:\n- PEP 8\n"
NOTES = """\
# A box
## The idea
It keeps a value.
## The usual answer
A list of one, which can't be hashed.
## Alternatives
{alternatives}
## Follow-up questions
### What is hashed?
- The value.
### Why not a list?
- A list can change.
### What compares first?
- The left one.
## Sources
- PEP 8
"""
BOX_TITLES = (
    "It keeps its value",
    "Equal boxes are equal",
    "Equal boxes hash equal",
    "It shows its value",
    "Doubling doubles",
)


def indented(text: str, by: int) -> str:
    """Return every line of `text` behind so many blanks."""
    return "\n".join(" " * by + line for line in text.splitlines())


def box(
    *,
    top: str = "",
    init: str = "self.value = value",
    eq: str = "return self.value == other.value",
    hash_: str = "return hash(self.value)",
    repr_: str = 'return f"Box({self.value})"',
    double: str = "return number * 2",
    bottom: str = "",
) -> str:
    """Return a submission for the kata `box`: right, but for the bodies that are given."""
    examples = '"""A box.\n\n>>> Box(1) == Box(1)\nTrue\n>>> double(4)\n8\n"""'
    methods = (
        ("def __init__(self, value):", init),
        ("def __eq__(self, other):", eq),
        ("def __hash__(self):", hash_),
        ("def __repr__(self):", repr_),
    )
    body = "\n".join(f"    {head}\n{indented(text, 8)}" for head, text in methods)
    return f"{examples}\n{top}\n\nclass Box:\n{body}\n\ndef double(number):\n{indented(double, 4)}\n\n{bottom}\n"


# Right but for two criteria: the hash, and doubling.
WRONG = box(
    top="boxes = []",
    init="self.value = value\nboxes.append(self)\nself.odd = len(boxes) % 2",
    hash_="return self.odd",
    double="return number * 3",
)


def without_time(lines: list[str]) -> list[str]:
    """Return lines without the seconds that a run took."""
    return [re.sub(r"\d+\.\d+ ?s", "N s", line) for line in lines]


def stub() -> str:
    """Return the kata's untouched stub."""
    todo = "raise NotImplementedError"
    made = box(init=todo, eq=todo, hash_=todo, repr_=todo, double=todo)
    made = made.replace("A box.\n", f"A box.\n\n{HEAD}", 1)
    return made.replace('8\n"""', f'8\n\n{LAYERS}"""', 1)


def notes(*accepted: str) -> str:
    """Return the notes of a kata with these accepted files."""
    return NOTES.format(alternatives="\n".join(f"- `{name}`: it is one more route." for name in accepted))


def make_project(root: Path, temp: Path) -> Project:
    """Make a project's folder with the kata `box` alone and return it."""
    shutil.copytree(ROOT / "graders", root / "graders", ignore=shutil.ignore_patterns("__pycache__", "suites"))
    for name in ("conftest.py", "pyproject.toml"):
        shutil.copy(ROOT / name, root / name)
    files = {
        "tests/test_nothing.py": "def test_nothing() -> None:\n    pass\n",
        "graders/suites/__init__.py": "",
        "graders/suites/box/suite.py": BOX_SUITE,
        "katas/box.py": stub(),
        "solutions/box/reference.py": box(),
    }
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return Project(root, temp)
