"""`kata new` writes the first files of a kata, which pass the first steps of the contract."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from graders.authoring import catalogue
from graders.authoring.catalogue import Kata
from graders.authoring.scaffold import scaffold
from graders.cli import main
from graders.contract import checks
from graders.contract.checks import as_class
from graders.contract.finding import Finding

FILES = [
    "katas/my_kata.py",
    "solutions/my_kata/reference.py",
    "solutions/my_kata/notes.md",
    "graders/suites/my_kata/__init__.py",
    "graders/suites/my_kata/suite.py",
]


@pytest.fixture(name="root")
def _root(tmp_path: Path) -> Path:
    """The folder of a project without katas."""
    (tmp_path / "katas").mkdir()
    return tmp_path


def test_a_new_kata_keeps_the_contract_but_for_what_it_lacks(root: Path) -> None:
    """Its statement, suite, signatures, examples, stub and reference are in order; solutions are missing."""
    kata, run = Kata("my_kata", root), as_class()

    assert scaffold(kata) == FILES
    assert sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()) == sorted(FILES)
    checks.check_head(kata)
    checks.check_layers(kata)
    checks.check_suite(kata)
    checks.check_imports(kata)
    checks.check_signatures(kata)
    checks.check_examples(kata)
    checks.check_stub(kata, run)
    checks.check_accepted(kata, kata.reference, run)
    checks.check_notes(kata)
    with pytest.raises(Finding, match="solutions/my_kata/accepted holds 0 solutions: write 6 more"):
        checks.check_parts(kata)


@pytest.mark.parametrize("slug", ["thread-pool", "Pool", "1st", "a.b", "../pool", ""])
def test_what_is_not_a_slug_is_refused(root: Path, slug: str) -> None:
    """And nothing is written."""
    with pytest.raises(ValueError, match="is not a slug: take a module's name in lower case, such as thread_pool"):
        scaffold(Kata(slug, root))
    assert [path for path in root.rglob("*") if path.is_file()] == []


def test_what_is_there_is_not_overwritten(root: Path) -> None:
    """One file of that slug is enough."""
    kata = Kata("my_kata", root)
    kata.notes_file.parent.mkdir(parents=True)
    kata.notes_file.write_text("mine")

    with pytest.raises(FileExistsError, match=r"solutions/my_kata/notes\.md is there already: choose another slug"):
        scaffold(kata)
    assert [path for path in root.rglob("*") if path.is_file()] == [kata.notes_file]


def test_outside_of_a_clone_nothing_is_written(tmp_path: Path) -> None:
    """There is no place for it."""
    with pytest.raises(ValueError, match="has no folder katas/: run this in a clone of graded-katas"):
        scaffold(Kata("my_kata", tmp_path))


def test_the_command_says_what_it_wrote_and_what_comes_next(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Or why it wrote nothing."""
    monkeypatch.setattr(catalogue, "ROOT", root)

    done = CliRunner().invoke(main, ["new", "my_kata"])
    again = CliRunner().invoke(main, ["new", "my_kata"])

    assert done.output.splitlines()[:-1] == [f"wrote {name}" for name in FILES]
    assert done.output.splitlines()[-1] == "Fill them in; what comes next says: kata check my_kata"
    assert (again.exit_code, again.output) == (1, "Error: katas/my_kata.py is there already: choose another slug\n")


def test_check_says_what_is_done_and_what_comes_next(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It stops at the first step that is not done; without a slug it checks every kata."""
    monkeypatch.setattr(catalogue, "ROOT", root)
    assert CliRunner().invoke(main, ["new", "my_kata"]).exit_code == 0

    one, every = (CliRunner().invoke(main, ["check", *slug]) for slug in (["my_kata"], []))

    assert one.exit_code == 1
    assert one.output.splitlines() == [
        "ok    katas/my_kata.py: topic, level and minutes",
        "ok    katas/my_kata.py: layers",
        "next  solutions/my_kata/accepted holds 0 solutions: write 6 more, each by another route",
        "my_kata: 2 steps are done",
    ]
    assert every.output == one.output


def test_check_names_a_kata_that_is_not_there(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And how to begin it."""
    monkeypatch.setattr(catalogue, "ROOT", root)

    done = CliRunner().invoke(main, ["check", "other"])

    assert (done.exit_code, done.output) == (1, "Error: there is no katas/other.py: begin with `kata new other`\n")


def test_check_passes_a_kata_that_lacks_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each step is named once; the last line says that none is left."""
    few = [("one thing", lambda: None), ("another", lambda: None)]
    monkeypatch.setattr(checks, "steps", lambda kata, run: iter(few))

    done = CliRunner().invoke(main, ["check", "hashing"])

    assert (done.exit_code, done.output) == (
        0,
        "ok    one thing\nok    another\nhashing: 2 steps are done, and none is left\n",
    )


def test_outside_of_a_clone_there_is_nothing_to_check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """To find no katas is not a success."""
    monkeypatch.setattr(catalogue, "ROOT", tmp_path)

    done = CliRunner().invoke(main, ["check"])

    said = f"Error: {tmp_path} has no katas: run this in a clone of graded-katas\n"
    assert (done.exit_code, done.output) == (1, said)


def test_new_says_why_it_could_not_write(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file is where a folder is needed; then nothing is written."""
    monkeypatch.setattr(catalogue, "ROOT", root)
    (root / "solutions").write_text("")

    done = CliRunner().invoke(main, ["new", "my_kata"])

    assert done.exit_code == 1
    assert done.output.startswith("Error: ")
    assert str(root / "solutions") in done.output
    assert not (root / "katas" / "my_kata.py").exists()
