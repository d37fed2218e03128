"""The catalogue of katas: exactly the files in ``katas/``. A slug connects three folders."""

from __future__ import annotations

import ast
import difflib
import functools
from dataclasses import dataclass
from pathlib import Path

from graders.authoring import solutions
from graders.authoring.criterion import Suite
from graders.authoring.expectation import load_suite
from graders.authoring.head import Head
from graders.authoring.notes import Notes
from graders.authoring.statement import Statement

ROOT = Path(__file__).resolve().parents[2]
NO_CLONE = "run pytest in a clone of graded-katas, where the folder katas/ is."


class UnknownKata(LookupError):
    """No kata has that name; the message suggests the nearest."""


class BrokenSuite(Exception):
    """A hidden suite can't be loaded: a failure of the grader, which costs no points."""


@dataclass(frozen=True)
class Kata:
    """One kata, by its slug, and the paths of its parts.

    root: the project's folder; a test may use another.
    """

    slug: str
    root: Path = ROOT

    @property
    def stub(self) -> Path:
        """The statement and stub, which a learner edits."""
        return self.root / "katas" / f"{self.slug}.py"

    @property
    def suite_file(self) -> Path:
        """The hidden suite's file."""
        return self.root / "graders" / "suites" / self.slug / "suite.py"

    @property
    def reference(self) -> Path:
        """The file of the solution that is known to be right."""
        return self.root / "solutions" / self.slug / "reference.py"

    @property
    def notes_file(self) -> Path:
        """The file of the notes for an interviewer."""
        return self.reference.with_name("notes.md")

    def solutions(self, kind: str) -> list[Path]:
        """Return the solutions of one kind, "accepted" or "rejected", sorted by name; only the latter may be edits."""
        suffixes = (".py", solutions.SUFFIX) if kind == "rejected" else (".py",)
        return sorted(path for path in (self.reference.parent / kind).glob("*.*") if path.suffix in suffixes)

    def solution(self, name: str) -> Path:
        """Return the file of a solution by its name, such as "reference" or "rejected/constant_hash".

        Raises:
            LookupError: there is no solution of that name.
        """
        for path in (self.reference, *self.solutions("accepted"), *self.solutions("rejected")):
            if path.relative_to(self.reference.parent).with_suffix("").as_posix() == name:
                return path
        raise LookupError(f"solutions/{self.slug} has no {name}")

    def names(self) -> frozenset[str]:
        """Return the names of all functions and classes of the reference; none if it is broken."""
        defined = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
        try:
            body = ast.parse(self.reference.read_bytes()).body
        except (OSError, ValueError, SyntaxError):
            return frozenset()
        return frozenset(each.name for each in body if isinstance(each, defined))

    def statement(self) -> str:
        """Return the stub's docstring, "" if its learner has broken the file."""
        try:
            return ast.get_docstring(ast.parse(self.stub.read_bytes()), clean=False) or ""
        except (OSError, ValueError, SyntaxError, RecursionError, MemoryError):
            return ""

    def title(self) -> str:
        """Return the first line of the statement, "" if its learner has broken the file."""
        return self.statement().strip().partition("\n")[0].strip()

    def head(self) -> Head:
        """Return the fields of the statement's head.

        Raises:
            BadHead: a field is missing or malformed.
        """
        return Head.of(self.statement(), self.stub.relative_to(self.root).as_posix())

    def layers(self) -> Statement:
        """Return the statement's layers.

        Raises:
            BadStatement: one is missing or too long.
        """
        return Statement.of(self.statement(), self.stub.relative_to(self.root).as_posix())

    def notes(self) -> Notes:
        """Return the notes for an interviewer.

        Raises:
            FileNotFoundError: there are no notes.
            BadNotes: a part of them is missing.
        """
        name = self.notes_file.relative_to(self.root).as_posix()
        return Notes.of(self.notes_file.read_text("utf-8"), name, [path.name for path in self.solutions("accepted")])

    def suite(self) -> Suite:
        """Load the hidden suite, once per process.

        Raises:
            BrokenSuite: it can't be loaded.
        """
        return _suite(self)


@functools.cache
def _suite(kata: Kata) -> Suite:
    try:
        return Suite.of(load_suite(kata.suite_file, f"graders.suites.{kata.slug}.suite"))
    except SyntaxError as error:
        # The error's text would show a line of the suite.
        raise BrokenSuite(f"SyntaxError in line {error.lineno} of {kata.slug}/{kata.suite_file.name}") from error
    except ImportError as error:
        raise BrokenSuite(str(error)) from error  # an oracle's message names the package to install
    except SystemExit:
        raise BrokenSuite("it ends the process when it is imported") from None
    except Exception as error:
        raise BrokenSuite(f"{type(error).__name__}: {error}") from error


def slugs(root: Path = ROOT) -> list[str]:
    """Return the slugs of all statements, sorted, with or without a suite."""
    return sorted(path.stem for path in (root / "katas").glob("*.py") if not path.stem.startswith("_"))


def strays(root: Path = ROOT) -> list[Path]:
    """Return the files in `katas/` that are not katas because they have no suite, such as a copy of one."""
    return [kata.stub for slug in slugs(root) if not (kata := Kata(slug, root)).suite_file.is_file()]


def find(names: str, root: Path = ROOT) -> list[Kata]:
    """Return the katas in `names`: slugs separated by commas, or "all". A dash may replace an underscore.

    Raises:
        UnknownKata: a name is not a slug.
    """
    others = {path.stem: path for path in strays(root)}
    known = [slug for slug in slugs(root) if slug not in others]
    found: list[str] = []
    for name in names.split(","):
        slug = name.strip().replace("-", "_")
        if slug == "all":
            found += known
        elif slug in known:
            found.append(slug)
        else:
            near = difflib.get_close_matches(slug, known, n=1, cutoff=0.4)
            if slug in others:
                raise UnknownKata(
                    f"{stray(others[slug], root)} To grade it: "
                    f"--kata={near[0] if near else 'SLUG'} --submission=katas/{slug}.py"
                )
            if not known:
                raise UnknownKata(f"There is no kata {name.strip()!r}, and no other in {root}: {NO_CLONE}")
            advice = f"Did you mean {near[0]!r}?" if near else f"There are: {', '.join(known)}."
            raise UnknownKata(f"There is no kata {name.strip()!r}. {advice}")
    return [Kata(slug, root) for slug in dict.fromkeys(found)]


def stray(path: Path, root: Path) -> str:
    """Return a sentence that says why a file in `katas/` is not a kata."""
    suite = Kata(path.stem, root).suite_file.relative_to(root).as_posix()
    return f"{path.relative_to(root).as_posix()} is not a kata: there is no {suite}."
