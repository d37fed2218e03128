"""CONTRIBUTING's "add a kata", done: a sixth kata in a copy of this project, three folders and nothing else."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from graders.authoring.catalogue import Kata, UnknownKata, find
from graders.contract import checks
from graders.contract.finding import Finding
from tests.support import BOX_SUITE, HEAD, LAYERS, ROOT, Project, box, notes, stub

MISTAKE = '"""Mistake: the hash is the identity.\n\nMust fail: hashes\nMay fail: -\n"""\n'
PARTS = ("katas", "solutions", "graders", "tests")


@pytest.fixture(name="copy")
def _copy(tmp_path: Path) -> Project:
    """A copy of what of this project grades and tests katas."""
    root = tmp_path / "copy"
    for part in PARTS:
        shutil.copytree(ROOT / part, root / part, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("conftest.py", "pyproject.toml"):
        shutil.copy(ROOT / name, root / name)
    return Project(root, tmp_path / "temp")


def complaints(kata: Kata) -> Iterator[str]:
    """Yield what `kata check SLUG` tells the author, in its order; here without each accepted and rejected solution."""
    for what, check in checks.steps(kata, checks.as_class()):
        if "/accepted/" in what or "/rejected/" in what:
            continue
        try:
            check()
        except Finding as found:
            yield str(found).partition("\n")[0]


def write(root: Path, name: str, text: str) -> str:
    """Write a file of the new kata's and return its name."""
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return name


def test_a_sixth_kata_is_three_folders_and_nothing_else(copy: Project) -> None:
    """At each step the next one is named; then it is graded like the others, and no other file has changed."""
    root, kata = copy.root, Kata("sixth", copy.root)
    before = {path for path in root.rglob("*") if path.is_file()}
    with pytest.raises(UnknownKata, match="There is no kata 'sixth'"):
        find("sixth", root)

    def step(name: str, text: str, expected: str) -> None:
        written = write(root, name, text)
        told = next(complaints(kata), "")
        assert told.startswith(expected), f"after {written}: {told}"

    step("katas/sixth.py", stub().replace(HEAD, ""), "katas/sixth.py: :topic: is missing: below the title write")
    step("katas/sixth.py", stub().replace(LAYERS, ""), "katas/sixth.py has the lines []: part the statement by ")
    step("katas/sixth.py", stub(), "solutions/sixth/reference.py is missing: write the solution that is right")
    step("solutions/sixth/reference.py", box(), "solutions/sixth/accepted holds 0 solutions: write 6 more")
    for number in range(6):
        write(root, f"solutions/sixth/accepted/route_{number}.py", f"{box()}# route {number}\n")
    assert next(complaints(kata)).startswith("solutions/sixth/rejected holds 0 solutions: write 14 more")
    for number in range(13):
        write(root, f"solutions/sixth/rejected/mistake_{number}.py", MISTAKE + body("return id(self)", number))
    assert next(complaints(kata)).startswith("solutions/sixth/rejected holds 13 solutions: write 1 more")
    step(
        "solutions/sixth/rejected/mistake_13.py",
        MISTAKE + body("return id(self)", 13),
        "graders/suites/sixth/suite.py is missing: write the hidden suite, with @criterion on each check",
    )
    step("graders/suites/sixth/suite.py", BOX_SUITE, "solutions/sixth/notes.md is missing: write the idea")
    routes = [f"route_{number}.py" for number in range(6)]
    step("solutions/sixth/notes.md", notes(*routes), "solutions/sixth/mutants.toml is missing: measure the suite with")
    digest = hashlib.sha256(kata.reference.read_bytes()).hexdigest()
    step("solutions/sixth/mutants.toml", f'reference = "{digest}"\nmutants = 9\nkilled = 9\n', "")

    tested = copy.start("tests/test_catalogue.py", "-k", "sixth", "-q", "-p", "no:cacheprovider")
    assert tested.returncode == 0, tested.stdout + tested.stderr
    new = {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()} - {
        path.relative_to(root).as_posix() for path in before
    }
    assert {name for name in new if "__pycache__" not in name and not name.startswith(".")} == {
        "katas/sixth.py",
        "graders/suites/sixth/suite.py",
        "solutions/sixth/reference.py",
        "solutions/sixth/notes.md",
        "solutions/sixth/mutants.toml",
        *(f"solutions/sixth/accepted/route_{number}.py" for number in range(6)),
        *(f"solutions/sixth/rejected/mistake_{number}.py" for number in range(14)),
    }
    untouched = copy.grade(kata="sixth")
    right = copy.grade(kata="sixth", submission="solutions/sixth/reference.py")
    assert (untouched.result["score"], right.result["score"], right.code) == (0, 100, 0)


def body(hash_: str, number: int) -> str:
    """Return a wrong solution without the docstring of `box`."""
    return box(hash_=hash_).partition('"""\n')[2] + f"# mistake {number}\n"
