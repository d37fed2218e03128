"""docs/architecture.md names files, classes and functions: each is where it says, and no folder is left out."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tests.support import ROOT
from tests.test_layers import FOLDERS

PACKAGE = ROOT / "graders"
PAGE = (ROOT / "docs" / "architecture.md").read_text("utf-8")
WAY, _, REST = PAGE.partition("## The folders")
TABLE, _, QUESTIONS = REST.partition("## Which file to open")


def _defined(path: Path) -> set[str]:
    """Return the functions and classes of a module, and the methods as Class.method."""
    found = set()
    for node in ast.parse(path.read_bytes()).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        if isinstance(node, ast.ClassDef):
            found |= {f"{node.name}.{each.name}" for each in node.body if isinstance(each, ast.FunctionDef)}
    return found


def test_every_file_of_the_page_exists() -> None:
    """Paths are relative to graders/, or to the project where they begin with tests/."""
    paths = set(re.findall(r"(?<![\w/])((?:[a-z]+/)*[a-z_]+\.py)\b", PAGE)) - {"answer.py"}
    missing = {path for path in paths if not (PACKAGE / path).is_file() and not (ROOT / path).is_file()}

    assert len(paths) > 30
    assert missing == set()


def test_every_name_of_the_way_is_in_its_file() -> None:
    """A step says the file and, after it, the class, method or function: `Name, Name` for several."""
    steps = re.findall(r"([a-z_/]+\.py) ((?:[A-Za-z_.]+, )*[A-Za-z_.]+)(?=  |\)|,)", WAY)
    wrong = [
        (file, name) for file, names in steps for name in names.split(", ") if name not in _defined(PACKAGE / file)
    ]

    assert len(steps) > 20
    assert wrong == []


def test_the_boundary_is_drawn_around_the_child() -> None:
    """The untrusted files are those between the two lines, and no other."""
    before, between, after = WAY.split("=====\n")

    assert "sandbox/child/" not in before + after
    assert set(re.findall(r"[a-z_/]+\.py", between)) == {
        f"sandbox/child/{name}.py" for name in ("zygote", "worker", "wire")
    } | {"answer.py"}


def test_every_folder_has_a_row_in_the_order_of_the_layers() -> None:
    """From the top down: the page and the test of the layers say the same."""
    rows = re.findall(r"^\| (`.*?`) \|", TABLE, re.MULTILINE)
    named = [name for row in rows for name in re.findall(r"`([^`]+)`", row)]
    folders = ["graders" if name == "__init__.py" else f"graders.{name.strip('/').replace('/', '.')}" for name in named]

    assert sorted(folders) == sorted(FOLDERS)
    floors = [FOLDERS.index(name) for name in folders]
    assert [FOLDERS[floor] for floor in sorted(floors, reverse=True)] == list(reversed(FOLDERS))
    assert floors[0] == len(FOLDERS) - 1
    assert floors[-1] == 0


def test_each_question_has_one_file() -> None:
    """At least twenty questions, each with one file to open."""
    rows = re.findall(r"^\| (.+?) \| (.+?) \|$", QUESTIONS, re.MULTILINE)[1:]
    answers = [re.fullmatch(r"`([a-z_/]+\.py)`", answer) for question, answer in rows if "-" not in question[:3]]

    assert len(answers) >= 20
    assert None not in answers
    assert len({found[1] for found in answers if found}) == len(answers)
