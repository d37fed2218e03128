"""A mistake as an edit of a right solution: what it makes, where it is read, and what its author is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from graders.authoring import solutions
from graders.authoring.catalogue import Kata
from graders.contract import checks
from graders.contract.finding import Finding
from graders.grading.hand_in import BadInput, read_submission
from tests.support import Project, box

HEAD = "Mistake: the hash is the identity.\nMust fail: hashes\nMay fail: -\nBase: reference.py\n"
EDIT = HEAD + "\n-        return hash(self.value)\n+        return id(self)\n"


@pytest.fixture(name="kata")
def _kata(own: Project) -> Kata:
    """A kata with one mistake, as an edit of its reference."""
    kata = Kata("box", own.root)
    path = kata.reference.parent / "rejected" / "one.edit"
    path.parent.mkdir()
    path.write_text(EDIT)
    return kata


def rewritten(kata: Kata, text: str) -> Path:
    """Return the edit with another text."""
    path = kata.solution("rejected/one")
    path.write_text(text)
    return path


def test_an_edit_is_its_base_with_other_lines_and_the_mistake_for_a_docstring(kata: Kata) -> None:
    """So whoever reads the source of a solution need not know which of the two it is."""
    made = solutions.read(kata.solution("rejected/one")).decode()
    right = box(hash_="return id(self)").partition('"""\n')[2]

    assert made == f'"""{HEAD.partition("Base")[0]}"""\n{right}'
    assert checks.named(kata, kata.solution("rejected/one")) == ({"hashes"}, set())


def test_a_mistake_is_described_in_any_characters(kata: Kata) -> None:
    """Backslashes and quotes too, at the end as well."""
    path = rewritten(kata, EDIT.replace("the identity.", '"\\d" and """, \u00e4 and "'))
    names: dict[str, object] = {}
    exec(solutions.read(path), names)

    assert str(names["__doc__"]).partition("\n")[0] == 'Mistake: the hash is "\\d" and """, \u00e4 and "'


def test_an_edit_may_change_several_places_in_any_order(kata: Kata) -> None:
    """A run ends at an empty line, or where lines are taken away again; it may add nothing, and add empty lines."""
    kata.reference.write_text("first = 1\nsecond = 2\n\n\nthird = 3\nfourth = 4\n")
    text = HEAD + "-fourth = 4\n+fourth = 5\n+\n+fifth = 5\n-first = 1\n\n-\n-\n-third = 3\n+third = 0\n"

    made = solutions.read(rewritten(kata, text)).decode()

    assert made.partition('"""\n')[2] == "\nsecond = 2\nthird = 0\nfourth = 5\n\nfifth = 5\n"


OLD, NEW = "-        return hash(self.value)\n", "+        return id(self)\n"


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("Base: reference.py\n", "", 1, "its head has 0 lines such as 'Base: reference.py'; give it one"),
        ("Base: reference.py", "Base: a\nBase: b", 1, "its head has 2 lines such as 'Base: reference.py'; give it one"),
        ("reference.py", "accepted/plain.py", 4, "there is no accepted/plain.py; take reference.py or a file in"),
        ("reference.py", "rejected/one.edit", 4, "there is no rejected/one.edit; take reference.py or a file in"),
        ("reference.py", "../box/reference.py", 4, "there is no ../box/reference.py; take reference.py or a file in"),
        (OLD + NEW, "", 6, "it changes nothing; take a line"),
        ("hash(self.value)", "hash(value)", 6, "reference.py has no such lines beneath each other; if it has changed"),
        (NEW, OLD, 6, "reference.py has no such lines beneath each other"),
        (OLD, "", 6, "it has no place; take the line beside it away with -"),
        ("+        return", " +       return", 7, "it begins with ' '; begin each line with - or +"),
        (NEW, f"\n-    def __hash__(self):\n{OLD}", 6, "line 8 takes away one of these lines too; make them one run"),
    ],
)
def test_an_author_is_told_what_is_wrong_with_an_edit(kata: Kata, old: str, new: str, line: int, message: str) -> None:
    """With the file and the line, by the contract and on the command line."""
    assert old in EDIT
    path = rewritten(kata, EDIT.replace(old, new, 1))
    with pytest.raises(solutions.BadEdit) as caught:
        solutions.read(path)

    assert str(caught.value).startswith(f"solutions/box/rejected/one.edit:{line}: {message}")
    with pytest.raises(Finding, match=r"one\.edit:"):
        checks.check_rejected(kata, path, checks.as_class())
    with pytest.raises(BadInput, match=r"one\.edit:"):
        read_submission(path, kata.root)


@pytest.mark.parametrize(
    ("base", "line", "message"),
    [
        ("value = 1\n", 6, "reference.py has no such lines beneath each other; if it has changed, write them anew"),
        (box() * 2, 6, "reference.py has these lines 2 times; add a line above or below that tells which"),
        ("def f(:\n", 4, "reference.py has a syntax error in line 1; mend it"),
    ],
)
def test_a_base_that_has_changed_is_an_error(kata: Kata, base: str, line: int, message: str) -> None:
    """And never a mistake of another kind."""
    kata.reference.write_text(base)

    with pytest.raises(solutions.BadEdit) as caught:
        solutions.read(kata.solution("rejected/one"))
    assert str(caught.value) == f"solutions/box/rejected/one.edit:{line}: {message}"


def test_an_edit_is_graded_like_any_file(kata: Kata, own: Project) -> None:
    """By its path."""
    graded = own.grade(submission="solutions/box/rejected/one.edit")

    assert [name for name, each in graded.criteria.items() if each["outcome"] == "failed"] == ["hashes"]
    assert kata.solution("rejected/one").is_file()


def test_a_learners_file_that_is_named_like_an_edit_is_graded_as_it_is(kata: Kata, own: Project) -> None:
    """Only files among the solutions are edits: of others, no file beside them is read."""
    for place in (own.root / "mine.edit", own.root / "solutions" / "mine.edit", own.root / "box" / "a" / "b.edit"):
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(EDIT)

        assert read_submission(place, kata.root) == EDIT.encode()
    link = kata.reference.parent / "rejected" / "linked.edit"
    link.symlink_to(own.root / "mine.edit")
    assert read_submission(link, kata.root) == EDIT.encode()


def test_a_solution_is_found_by_its_name(kata: Kata) -> None:
    """Whether it is an edit or a whole file; two files of one name are one too many, and an accepted one is whole."""
    (kata.reference.parent / "rejected" / "two.py").write_text(box())

    (kata.reference.parent / "accepted").mkdir()
    (kata.reference.parent / "accepted" / "three.edit").write_text(EDIT)
    assert [path.name for path in kata.solutions("accepted")] == []
    assert [path.name for path in kata.solutions("rejected")] == ["one.edit", "two.py"]
    assert kata.solution("rejected/two").read_text() == box()
    (kata.reference.parent / "rejected" / "one.py").write_text(box())
    assert next(checks.strays(kata.root)).startswith("solutions/box/rejected/one.edit has the name of a whole file")
    with pytest.raises(LookupError, match="solutions/box has no rejected/three"):
        kata.solution("rejected/three")
