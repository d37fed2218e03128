"""`kata new` writes the first files of a kata, which pass the first steps of the contract."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from graders.authoring import catalogue
from graders.authoring.catalogue import Kata
from graders.authoring.scaffold import scaffold
from graders.cli import main
from tests import contract
from tests.contract import as_class

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
    contract.check_head(kata)
    contract.check_layers(kata)
    contract.check_suite(kata)
    contract.check_imports(kata)
    contract.check_signatures(kata)
    contract.check_examples(kata)
    contract.check_stub(kata, run)
    contract.check_accepted(kata, kata.reference, run)
    contract.check_notes(kata)
    with pytest.raises(AssertionError, match="solutions/my_kata/accepted holds 0 solutions: write 6 more"):
        contract.check_parts(kata)


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
