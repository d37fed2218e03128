"""A path in katas/ and a node id grade, as pytest's users and editors ask; a file that is not a kata sinks none."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from tests.support import BOX_TITLES, WRONG, Project, box, stub

LEVEL = ("--isolation=process", "-p", "no:cacheprovider")


def ids(text: str) -> list[str]:
    """Return the node ids that a run printed."""
    return re.findall(r"^(\S+::\S+)", text, re.MULTILINE)


@pytest.mark.parametrize(("path", "folder"), [("katas/box.py", "."), ("box.py", "katas"), ("katas", ".")])
def test_a_path_is_a_kata(small: Project, path: str, folder: str) -> None:
    """From wherever it is named, and their folder is all of them."""
    done = small.start(path, *LEVEL, folder=folder)

    assert done.returncode == 1
    assert [title for title in BOX_TITLES if title in done.stdout] == list(BOX_TITLES)


def test_every_id_that_is_shown_can_be_given_back(own: Project) -> None:
    """Those of --collect-only and of -v are the same, and each is one item."""
    own.edit(WRONG)
    listed = ids(own.start("katas/box.py", "--collect-only", "-q", *LEVEL).stdout)
    shown = ids(own.start("katas/box.py", "-v", *LEVEL).stdout)
    again = own.start(listed[1], listed[-1], "-v", *LEVEL)

    assert listed == shown == [f"katas/box.py::{name}" for name in "examples keeps equal hashes shows doubles".split()]
    assert ids(again.stdout) == ["katas/box.py::keeps", "katas/box.py::doubles"]
    assert "2 of the criteria ran" in again.stdout


def test_an_id_chooses_beside_other_options_too(small: Project) -> None:
    """With --kata, and of another file: by its own name or by the kata's."""
    path = "solutions/box/reference.py"
    for chosen in (f"{path}::doubles", "katas/box.py::doubles"):
        graded = small.grade(chosen, submission=path)
        assert list(graded.rows) == ["Doubling doubles"]


def test_ids_of_a_file_elsewhere_are_the_katas_own(small: Project, tmp_path: Path) -> None:
    """An id with a path outside of the project would have pytest look there for the project."""
    path = tmp_path / "handed in.py"
    path.write_text(WRONG)
    options = ("--kata=box", f"--submission={path}", "-v", *LEVEL)
    shown = ids(small.start(*options).stdout)
    again = small.start(*options, shown[-1])

    assert shown[-1] == "katas/box.py::doubles"
    assert ids(again.stdout) == shown[-1:]
    assert f"{path}" in again.stdout  # on the card


def test_an_id_of_a_class_is_a_student(small: Project, tmp_path: Path) -> None:
    """As -v shows it."""
    for name in ("ann", "ben"):
        (tmp_path / "class" / name).mkdir(parents=True)
        (tmp_path / "class" / name / "box.py").write_text(box())
    options = ("--kata=box", f"--submissions={tmp_path / 'class'}", *LEVEL)
    done = small.start(*options, "class::ben::box", "--collect-only", "-q")
    graded = small.start(*options, "class::ben::box")

    assert ids(done.stdout) == ["class::ben::box"]
    rows = [line.split(maxsplit=2) for line in graded.stdout.splitlines()]
    assert ["ann", "-", "not graded: its id is not among those that were asked for"] in rows
    assert ["ben", "100/100", "graded"] in rows
    assert "ids begin with class::" in small.start(*options, "katas/other.py::x").stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("katas/box.py::shwos",), "katas/box.py::shwos: box has no criterion 'shwos'. Did you mean 'shows'?"),
        (("katas/box.py::xyz",), "There are: examples, keeps, equal, hashes, shows, doubles."),
        (("katas/bax.py",), "There is no kata 'bax'. Did you mean 'box'?"),
        (("katas/box.py", "tests/test_nothing.py"), "tests/test_nothing.py is not graded in this run, which grades"),
        (("--kata",), "There are:\n boxes\n  box  level 1    5 min  A box.\nFor example: --kata=box"),
    ],
)
def test_what_is_not_there_is_a_usage_error(small: Project, arguments: tuple[str, ...], said: str) -> None:
    """With what could have been meant."""
    done = small.start(*arguments, *LEVEL)

    assert done.returncode == 4
    assert said in done.stderr


def test_the_list_of_katas_outlives_a_broken_head(own: Project) -> None:
    """The file is the learner's to edit; the list says what to mend."""
    own.edit(stub().replace(":level: 1", ":level: easy"))

    done = own.start("--kata", *LEVEL)

    assert done.returncode == 4
    assert " katas/box.py: :level: is 'easy': below the title write a whole number" in done.stderr
    assert "  box  level ?    ? min  A box.\n" in done.stderr


def test_k_matches_titles_and_says_what_there_is_when_nothing_does(small: Project) -> None:
    """A title is what a card shows; its words are as good as the id."""
    path = small.submit(box())
    by_title, nothing = (small.grade("-k", keyword, submission=path) for keyword in ("value", "mutab"))

    assert list(by_title.rows) == ["It keeps its value", "It shows its value"]
    assert nothing.code == 5
    assert "no criterion matches -k 'mutab'. There are:" in nothing.out
    assert "::keeps  It keeps its value" in nothing.out
    assert "0/0" not in nothing.out


def test_a_suite_that_cannot_be_loaded_sinks_no_other(own: Project) -> None:
    """Nor does a file that is not a kata: the others are graded, one line says what it is not."""
    (own.root / "katas" / "box_old.py").write_text(box())
    (own.root / "katas" / "zoo.py").write_text('"""A zoo."""\n')
    (own.root / "graders" / "suites" / "zoo").mkdir()
    (own.root / "graders" / "suites" / "zoo" / "suite.py").write_text("raise ImportError('pip install zoo')\n")
    own.edit(box())
    graded = own.grade(kata="all")

    assert graded.code == 1
    assert graded.scores is not None
    assert [(each["kata"], each["score"]) for each in graded.scores["results"]] == [("box", 100), ("zoo", None)]
    assert "the hidden suite can't be loaded: pip install zoo" in graded.out
    assert "katas/box_old.py is not a kata: there is no graders/suites/box_old/suite.py." in graded.lines
    assert "Interrupted" not in graded.out


def test_junitxml_has_the_card_and_the_points(small: Project, tmp_path: Path) -> None:
    """The rows of the criterion as the failure's text, what it is worth as properties."""
    path = tmp_path / "junit.xml"
    small.grade(f"--junitxml={path}", submission=small.submit(WRONG))
    cases = {case.get("name"): case for case in ElementTree.parse(path).iter("testcase")}
    points = {
        name: {each.get("name"): each.get("value") for each in case.iter("property")} for name, case in cases.items()
    }

    failure = cases["doubles"].find("failure")
    assert failure is not None
    assert ">>> double(21)" in (failure.text or "")
    assert "Why: Twice a number" in (failure.text or "")
    assert points["doubles"] == {"points": "0", "max_points": "10"}
    assert points["keeps"] == {"points": "30", "max_points": "30"}


def test_junitxml_has_the_score_of_each_student(small: Project, tmp_path: Path) -> None:
    """A student's case passes when there is a result: the score and the card that they may read are properties."""
    path, folder = tmp_path / "junit.xml", tmp_path / "class" / "ann"
    folder.mkdir(parents=True)
    (folder / "box.py").write_text(WRONG)
    small.start("--kata=box", f"--submissions={folder.parent}", f"--junitxml={path}", *LEVEL)
    (case,) = ElementTree.parse(path).iter("testcase")
    properties = {each.get("name"): each.get("value") or "" for each in case.iter("property")}
    card = properties.pop("card").splitlines()

    assert "   30/30  passed       It keeps its value" in card
    assert "          Why: Twice a number is the number and itself." in card
    assert not any(">>>" in line for line in card)  # it holds no more than the run's feedback level allows
    assert properties == {
        "status": "graded",
        "score": "70",
        "max_score": "100",
        "points.keeps": "30",
        "points.equal": "20",
        "points.hashes": "0",
        "points.shows": "20",
        "points.doubles": "0",
    }
