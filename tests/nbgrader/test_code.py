"""The code cells of a notebook as one file."""

from __future__ import annotations

import pytest

from graders.nbgrader.code import Piece, Program, assemble


def program(*texts: str, own: int | None = None) -> Program:
    """Return the program of added cells, but for the cell of the assignment's at place `own`."""
    return assemble(Piece(number, text, own=number == own) for number, text in enumerate(texts, 1))


def run(made: Program) -> dict[str, object]:
    """Run a program as a module would be."""
    names: dict[str, object] = {"__name__": "kata"}
    exec(compile(made.text, "kata", "exec", dont_inherit=True), names)
    return names


def test_cells_run_in_their_order() -> None:
    """A helper before the answer, and a later cell that replaces something."""
    made = program("import math\nhelp_ = 2", "def f():\n    return help_ * math.floor(1.5)", "help_ = 3", own=2)

    assert run(made)["f"]() == 3  # type: ignore[operator]
    assert made.notes == ()


def test_what_fails_in_an_added_cell_ends_that_cell_only(capsys: pytest.CaptureFixture[str]) -> None:
    """As in a notebook; what it printed and why it failed can be seen."""
    names = run(program("x = 1", "x = 2\n1 / 0\nx = 3", "y = x", own=1))

    assert names["y"] == 2
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_what_fails_in_the_answer_fails() -> None:
    """It is the submission, as a file would be."""
    with pytest.raises(ZeroDivisionError):
        run(program("1 / 0", own=1))


def test_strings_over_lines_stay_as_they_are() -> None:
    """Also where their cell is moved to the right."""
    text = 's = """a\nb\n    c"""\nf = f"""{1}\n{2}\n"""\nd = {\n"k": \'\'\'x\ny\'\'\',\n}'
    text += '\nb = b"""1\n2"""\nj = "a" \\\n"b"'
    names, plain = run(program(text)), dict[str, object]()
    exec(text, plain)

    assert {key: names[key] for key in "sfdbj"} == {key: plain[key] for key in "sfdbj"}


@pytest.mark.parametrize(
    "line",
    ["%matplotlib inline", "!ls -l", "files = !ls", "t = %timeit -o 1", "x?", "x??", "?x", "  %time f()", "a, b = !ls"],
)
def test_lines_of_ipythons_are_left_out_and_said(line: str) -> None:
    """Where the line stood, nothing happens."""
    made = program(f"x = 1\nif x:\n    pass\n{line}\ny = 2" if line[0] != " " else f"x = 1\nif x:\n{line}\ny = 2")

    assert run(made)["y"] == 2
    assert made.notes == (f"Cell 1: {line.strip()!r} is left out.",)


def test_percent_signs_of_pythons_stay() -> None:
    """In a string, and as an operator at the start of a line."""
    made = program('s = """\n%magic\n!ls\nhelp?\n"""\nn = (7\n% 4)')
    names = run(made)

    assert (names["s"], names["n"], made.notes) == ("\n%magic\n!ls\nhelp?\n", 3, ())


def test_a_cell_of_another_language_is_left_out_and_said() -> None:
    """But for the magics whose cell is Python all the same."""
    made = program("%%bash\nrm -r x", "%%time\nx = 1", "  %%html\n<b>")

    assert run(made)["x"] == 1
    assert [note.partition(":")[0] for note in made.notes] == ["Cell 1", "Cell 2", "Cell 3"]


@pytest.mark.parametrize("text", ["def (:", "return 3", "await x", "x = (", "for", "yield 1", "\0", "break"])
def test_an_added_cell_that_is_no_python_is_left_out_and_said(text: str) -> None:
    """It would fail in a notebook too, and cost nothing else."""
    made = program(text, "x = 1")

    assert run(made)["x"] == 1
    assert len(made.notes) == 1
    assert "Cell 1 is left out" in made.notes[0]


def test_an_answer_that_is_no_python_stays_so() -> None:
    """The grader says what is wrong with it."""
    made = program("x = 1", "def (:", own=2)

    with pytest.raises(SyntaxError):
        run(made)


def test_imports_from_the_future_come_first() -> None:
    """Each cell may have its own in a notebook; in a file they stand first."""
    made = program("x = 1", "from __future__ import annotations\ndef f(a: Unknown): ...", own=2)

    assert run(made)["x"] == 1


def test_empty_cells_leave_nothing() -> None:
    """Nor does a notebook without code."""
    assert program("", "  \n").text == ""


@pytest.mark.parametrize(
    "text",
    [
        "%x\n" * 200_000,
        "(" * 100_000,
        "-" * 100_000 + "1",
        "x" + ".a" * 300_000,
        "x = " + "1," * 500_000,
        "not " * 200_000 + "1",
        "if x: pass\n" + "elif x: pass\n" * 60_000,
        " " * 1_000_000 + "!",
        "=" * 1_000_000,
        "a? " * 300_000,
    ],
    ids=lambda text: repr(text[:12]),
)
def test_hostile_text_costs_no_more_than_a_bound(text: str) -> None:
    """It is parsed in the grader's own process: neither depth nor length may end it."""
    # A quadratic cost would be hours: the project's own time limit on a test would end it.
    assert run(program(text, "x = 1", own=2))["x"] == 1
