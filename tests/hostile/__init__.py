"""Submissions that attack the grader, one file each, and the class runs that grade them.

An attack's docstring says what it tries, its kind, and its honest twin: the same code without the attack, which it must
not outscore. "none" means that without the attack nothing is left, so that it earns nothing. Its mark is a text that
shows that the attack took place: what the file prints when its decisive call has succeeded, or what a verdict then says.
"""

from __future__ import annotations

import ast
import contextlib
import fcntl
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import weakref
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import pytest

from graders.authoring import solutions
from graders.authoring.catalogue import Kata

ROOT = Path(__file__).resolve().parents[2]
SOLUTIONS = ROOT / "solutions" / "hashing"
KINDS = ("forging", "leaking", "exhausting", "escaping", "lingering")
FORM = re.compile(r"(\S[^\n]+)\n\nKind: (\w+)\nHonest twin: (\S+)\nMark: (\S[^\n]*)")
# What would make a run start inside a test differ from a user's own.
_INHERITED = ("PYTEST", "NO_COLOR", "FORCE_COLOR", "PY_COLORS", "COLUMNS", "LINES", "TERM")

# Runs a command so that whatever it leaves behind becomes this process's child, and tells what that is.
_KEEPER = """
import ctypes, json, os, select, signal, subprocess, sys

report, *command = sys.argv[1:]
ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER: orphans come here
child = subprocess.Popen(command)
with open(report + ".pid", "w") as file:
    file.write(str(child.pid))
code = child.wait()
left = []
while True:
    with open(f"/proc/self/task/{os.getpid()}/children") as file:
        pids = [int(pid) for pid in file.read().split()]
    if not pids:
        break
    pidfd = os.pidfd_open(pids[0])
    # What was killed may take a moment to be gone; what lives on is left behind.
    if not select.select([pidfd], [], [], 10)[0]:
        with open(f"/proc/{pids[0]}/cmdline") as file:
            left.append(file.read().replace(chr(0), " "))
        os.kill(pids[0], signal.SIGKILL)
    os.waitpid(pids[0], 0)
    os.close(pidfd)
with open(report, "w") as file:
    json.dump({"code": code, "left": left}, file)
"""


@dataclass(frozen=True)
class Attack:
    """One file of this folder.

    twin: its honest twin, None if nothing is left without the attack; mark: what shows that it took place.
    """

    path: Path
    tries: str
    kind: str
    twin: Path | None
    mark: str

    @property
    def name(self) -> str:
        """Its file's name without the suffix."""
        return self.path.stem


def attacks() -> list[Attack]:
    """Return all attacks, by name."""
    found = []
    for path in sorted(Path(__file__).parent.glob("[a-z]*.py")):
        form = FORM.fullmatch((ast.get_docstring(ast.parse(path.read_bytes())) or "").strip())
        if form is None:
            raise ValueError(f"{path.name}: the docstring is not in the form that {__name__} describes")
        twin = None if form[3] == "none" else Kata("hashing").solution(form[3])
        found.append(Attack(path, form[1], form[2], twin, form[4]))
    return found


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], Any]) -> Any:
    """Return what `make` made, as JSON data; one process of a parallel run of tests makes it for all."""
    folder = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    made = folder / f"{name}.json"
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            own = folder / name
            own.mkdir()
            made.write_text(json.dumps(make(own)))
    return json.loads(made.read_text())


@dataclass
class Class:
    """A class of submissions, in a folder with room for everything that its runs write.

    slug: of the kata; root: the project that grades; environment: added to what its runs inherit; temp: the folder of the runs' temporary
    files, empty when all of them cleaned up.
    """

    folder: Path
    root: Path = ROOT
    environment: dict[str, str] = field(default_factory=dict)
    slug: str = "hashing"
    temp: Path = field(init=False)

    def __post_init__(self) -> None:
        self.submissions.mkdir(parents=True, exist_ok=True)
        # Pytest's own folder is closed to others, and root's runs become another user.
        self.temp = Path(tempfile.mkdtemp(prefix="kata-test-"))
        self.temp.chmod(0o711)
        weakref.finalize(self, shutil.rmtree, self.temp, ignore_errors=True)

    @property
    def submissions(self) -> Path:
        """The folder that --submissions names."""
        return self.folder / "submissions"

    @property
    def scores(self) -> Path:
        """The scores file."""
        return self.folder / "scores.json"

    def add(self, student: str, content: Path | str | bytes) -> None:
        """Hand in a submission."""
        if isinstance(content, Path):
            content = solutions.read(content)
        folder = self.submissions / student
        folder.mkdir()
        (folder / f"{self.slug}.py").write_bytes(content.encode() if isinstance(content, str) else content)

    def start(self, *options: str, isolation: str | None = "sandbox", seed: int | None = 7) -> Running:
        """Start a run of this class, as a user does."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(_INHERITED)}
        arguments = [f"--kata={self.slug}", f"--submissions={self.submissions}", f"--scores={self.scores}"]
        arguments += [] if isolation is None else [f"--isolation={isolation}"]
        arguments += [] if seed is None else [f"--kata-seed={seed}"]
        report = self.folder / "report.json"
        for old in (report, report.with_name("report.json.pid"), self.scores):
            old.unlink(missing_ok=True)
        command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments, *options]
        errors = (self.folder / "errors.txt").open("w+b")
        process = subprocess.Popen(
            [sys.executable, "-c", _KEEPER, str(report), *command],
            cwd=self.root,
            env={
                **kept,
                "TMPDIR": str(self.temp),
                # Hypothesis builds its tables once for all runs.
                "HYPOTHESIS_STORAGE_DIRECTORY": str(ROOT / ".hypothesis"),
                **self.environment,
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            start_new_session=True,
        )
        return Running(self, process, report, errors)

    def grade(self, *options: str, isolation: str | None = "sandbox", seed: int | None = 7) -> Finished:
        """Run to the end."""
        return self.start(*options, isolation=isolation, seed=seed).finish()


@dataclass
class Running:
    """A run that was started."""

    of: Class
    process: subprocess.Popen[bytes]
    report: Path
    errors: IO[bytes]
    out: bytes = b""

    def until(self, text: bytes) -> bytes:
        """Read what the run prints up to a line that holds `text`, and return the line."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.out += line
            if text in line:
                return line
        raise AssertionError(f"the run ended without printing {text!r}: {self.out!r}")

    @property
    def pid(self) -> int:
        """The process that was started as pytest, as soon as it is."""
        told = self.report.with_name("report.json.pid")
        while not (told.exists() and told.read_text()):
            assert self.process.poll() is None, "it ended before it was started"
        return int(told.read_text())

    def below(self, root: int | None = None) -> dict[int, bytes]:
        """Return the command lines of all processes that pytest, or another one below it, begot, by their ids."""
        found: dict[int, bytes] = {}
        root = self.pid if root is None else root
        waiting = [root]
        while waiting:
            pid = waiting.pop()
            # Each of them may end, with its folder, while this reads.
            with contextlib.suppress(OSError):
                found[pid] = Path(f"/proc/{pid}/cmdline").read_bytes()
                for thread in os.listdir(f"/proc/{pid}/task"):
                    with contextlib.suppress(OSError):
                        waiting += map(int, Path(f"/proc/{pid}/task/{thread}/children").read_text().split())
        found.pop(root, None)
        return found

    def workers(self) -> list[int]:
        """Return the processes of pytest-xdist's workers."""
        return [pid for pid, command in self.below().items() if b"exec(eval(sys.stdin.readline()))" in command]

    def until_a_submission_runs(self) -> None:
        """Return when a sandbox holds a worker beside its zygote."""
        while not self._grades(self.pid):
            assert self.process.poll() is None, "the run ended without a sandbox"

    def until_a_worker_grades(self) -> int:
        """Return a worker of pytest-xdist's as soon as one has a submission in hand."""
        while True:
            for pid in self.workers():
                if self._grades(pid):
                    return pid
            assert self.process.poll() is None, "the run ended before a worker graded anything"

    def _grades(self, pid: int) -> bool:
        return sum(command.startswith(b"/python/bin/python3") for command in self.below(pid).values()) >= 2

    def finish(self, number: signal.Signals | None = None) -> Finished:
        """Send pytest a signal, if one is named, and wait for the end."""
        if number is not None:
            os.kill(self.pid, number)
        assert self.process.stdout is not None
        with self.process.stdout:
            self.out += self.process.stdout.read()
        self.process.wait()
        with self.errors:
            self.errors.seek(0)
            said = self.errors.read()
        told = json.loads(self.report.read_text())
        # Pytest itself keeps a folder for its users.
        kept = [path.relative_to(self.of.temp) for path in self.of.temp.rglob("*")]
        files = sorted(str(path) for path in kept if not path.parts[0].startswith("pytest-of-"))
        scores = json.loads(self.of.scores.read_text("utf-8")) if self.of.scores.exists() else None
        return Finished(told["code"], self.out, said, scores, told["left"], files)


@dataclass(frozen=True)
class Finished:
    """A run that ended. left: processes that outlived it; files: temporary files that did."""

    code: int
    out: bytes
    err: bytes
    scores: dict[str, Any] | None
    left: list[str]
    files: list[str]

    @property
    def text(self) -> str:
        """Everything it printed."""
        return (self.out + self.err).decode("utf-8", "strict")

    @property
    def results(self) -> dict[str, dict[str, Any]]:
        """The results by student."""
        assert self.scores is not None, self.text
        return {result["submission"]: result for result in self.scores["results"]}

    @property
    def timeless(self) -> dict[str, Any]:
        """The scores without times."""

        def strip(value: Any) -> Any:
            if isinstance(value, dict):
                kept = {k: strip(v) for k, v in value.items() if k not in ("seconds", "started", "graded_at")}
                if "feedback" in kept:
                    kept["feedback"] = re.sub(r"[\d.]+ s\b", "", kept["feedback"])
                return kept
            return [strip(each) for each in value] if isinstance(value, list) else value

        assert self.scores is not None, self.text
        return dict(strip(self.scores))


def copied_project(root: Path) -> Path:
    """Copy what grades `hashing`, for a test that changes it."""
    ignored = shutil.ignore_patterns("__pycache__", ".*")
    shutil.copytree(ROOT / "graders", root / "graders", ignore=ignored)
    shutil.copytree(SOLUTIONS, root / "solutions" / "hashing", ignore=ignored)
    (root / "katas").mkdir()
    shutil.copy(ROOT / "katas" / "hashing.py", root / "katas")
    (root / "tests").mkdir()
    for name in ("conftest.py", "pyproject.toml"):
        shutil.copy(ROOT / name, root)
    return root


def lines_of_suite(slug: str = "hashing") -> Iterator[str]:
    """Yield the lines of a hidden suite that no text may show: its tests, strategies and assertions."""
    for line in (ROOT / "graders" / "suites" / slug / "suite.py").read_text().splitlines():
        text = line.strip()
        if (
            len(text) > 15
            and not text.startswith("def __")
            and text.startswith(
                ("assert ", "@given", "@example", "def ", "with raises", "Oracle:", "import ", "from hypothesis")
            )
        ):
            yield text
