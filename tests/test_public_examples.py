"""The public examples: the statement's doctests, run in the worker, worth no points."""

from __future__ import annotations

import pytest

from graders.grading.outcome import Examples
from graders.grading.public_examples import run_examples
from tests.support import Loads, box, stub

each_level = pytest.mark.parametrize("level", ["process", "none"])


def doc(text: str) -> str:
    """Return a statement with these examples."""
    return f"Kata.\n\n{text}\n"


STATEMENT = doc(">>> Box(1) == Box(1)\nTrue\n>>> double(4)\n8\n")
F = "def f():\n    return 1\n"


@each_level
def test_examples_that_show_what_they_say_pass(loads: Loads, level: str) -> None:
    """Values, several statements that build on each other, blocks, printing, and exceptions by their type."""
    text = """
    >>> n = 5
    >>> n + f()
    6
    >>> print("a", n)
    a 5
    >>> for i in range(2):
    ...     i
    0
    1
    >>> None
    >>> f(1, 2)
    Traceback (most recent call last):
    TypeError: whatever it says
    >>> "x" * 5     # doctest: +ELLIPSIS
    'x...'
    """

    assert run_examples(loads.open(F, level), doc(text)) == Examples(7)


@each_level
@pytest.mark.parametrize("name", ["CronError", "cron.CronError", "kata.Outer.CronError"])
def test_an_exception_of_the_katas_own_passes_as_python_prints_it(loads: Loads, level: str, name: str) -> None:
    """A traceback's last line names the module and the class; the module is another one in a worker."""
    text = f">>> f()\nTraceback (most recent call last):\n{name}: bad\n"
    own = "class Outer:\n    class CronError(ValueError): pass\ndef f():\n    raise Outer.CronError('bad')\n"

    assert run_examples(loads.open(own, level), doc(text)) == Examples(1)


@each_level
def test_an_example_that_shows_something_else_fails(loads: Loads, level: str) -> None:
    """With its source, what was expected and what came; the ones behind it are still run."""
    raises = "Traceback (most recent call last):\nValueError: no\n"
    text = f">>> f()\n2\n>>> 1 // 0\n7\n>>> f()\n{raises}>>> f(1)\n{raises}>>> 5\n5\n"
    found = run_examples(loads.open(F, level), doc(text))

    assert found.tried == 5
    assert found.failed == (
        ("f()\n", "2\n", "1\n"),
        ("1 // 0\n", "7\n", "ZeroDivisionError: integer division or modulo by zero\n"),
        ("f()\n", "ValueError: no\n", "1\n"),
        ("f(1)\n", "ValueError: no\n", "TypeError: f() takes 0 positional arguments but 1 was given\n"),
    )


@each_level
def test_the_katas_stub_and_solution_differ_in_their_examples(loads: Loads, level: str) -> None:
    """The stub passes none that calls it, the solution all."""
    assert run_examples(loads.open(box(), level), STATEMENT) == Examples(2)
    assert len(run_examples(loads.open(stub(), level), STATEMENT).failed) == 2


@each_level
@pytest.mark.parametrize("text", ["", "No example.", ">>>broken", "    >>> 1\n  misaligned"])
def test_a_docstring_without_examples_has_none(loads: Loads, level: str, text: str) -> None:
    """A learner may have deleted or broken them; no criterion suffers."""
    assert run_examples(loads.open(F, level), doc(text)) == Examples()


@each_level
def test_a_file_that_does_not_load_has_no_examples(loads: Loads, level: str) -> None:
    """Each criterion says why."""
    assert run_examples(loads.open("raise RuntimeError\n", level), doc(">>> 1\n1\n")) == Examples()


@each_level
def test_an_example_that_raises_anything_is_a_failed_example(loads: Loads, level: str) -> None:
    """A SystemExit is no way out of the grader."""
    found = run_examples(loads.open(F, level), doc(">>> raise SystemExit(3)\n>>> 5\n5\n"))

    assert (found.tried, len(found.failed)) == (2, 1)
    assert "SystemExit" in found.failed[0][2]


@each_level
def test_an_exception_without_a_text_is_its_type_alone(loads: Loads, level: str) -> None:
    """As Python prints it."""
    found = run_examples(loads.open("def f(): raise KeyError\n", level), doc(">>> f()\n1\n"))

    assert found.failed == (("f()\n", "1\n", "KeyError\n"),)


@each_level
def test_no_place_in_memory_is_shown(loads: Loads, level: str) -> None:
    """It is another one in each run, and two runs with one seed show the same."""
    found = run_examples(loads.open("class A: pass\n", level), doc(">>> A()\n1\n"))

    assert found.failed[0][2] == "<kata.A object at 0x...>\n"


@each_level
def test_what_an_example_shows_is_bounded(loads: Loads, level: str) -> None:
    """Printing a megabyte is no way to fill the report."""
    found = run_examples(loads.open(F, level), doc(">>> print('x' * 10**6 + chr(0xd800))\n1\n>>> chr(0xd800)\n1\n"))

    assert len(found.failed[0][2]) <= 10_000
    assert found.failed[1][2].isascii(), "half a character could not be written to a report"


def test_an_example_that_ends_or_hangs_its_process_ends_the_examples(loads: Loads) -> None:
    """What is left of them can't be run; the criteria start with a fresh load."""
    for line, message in (("__import__('os')._exit(3)", "exit code 3"), ("while True: pass", "no answer")):
        host = loads.open(F, call_seconds=0.5)
        found = run_examples(host, doc(f">>> 1\n1\n>>> {line}\n>>> 2\n2\n"))

        assert found.tried - len(found.failed) == 1, "what was not run does not pass"
        assert found.failed[0][0].strip() == line
        assert message in found.failed[0][2]
