"""What bad files get: a clear row, the other criteria graded, the card complete, exit code 1, and no process left.

No such slug, no such file, a directory: `test_usage`.
"""

from __future__ import annotations

import ctypes
import functools
from dataclasses import dataclass, field

import pytest

from graders.sandbox.limits import Limits
from tests.support import BOX_TITLES, Graded, Project, Row, box

KEEPS, EQUAL, HASHES, SHOWS, DOUBLES = BOX_TITLES
POINTS = dict(zip(BOX_TITLES, (30, 20, 20, 20, 10), strict=True))
HANG = "while True:\n    pass"


@dataclass(frozen=True)
class Marker:
    """Grades bad files of the small kata."""

    project: Project
    said: list[str] = field(default_factory=list)  # before the criteria, of the last card

    def __call__(self, text: str | bytes, *bad: str, not_run: tuple[str, ...] = ()) -> list[Row]:
        """Grade, see that just the criteria `bad` fail and `not_run` are not run; return the rows of the former."""
        graded = self.project.grade(submission=self.project.submit(text))
        rows = graded.rows
        lost = sum(POINTS[title] for title in (*bad, *not_run))

        assert list(rows) == list(BOX_TITLES), graded.out
        words = {title: row.word for title, row in rows.items()}
        assert words == {
            title: "FAILED" if title in bad else "not run" if title in not_run else "passed" for title in BOX_TITLES
        }, graded.out
        assert f" {100 - lost}/100  seed 7" in graded.out
        assert (graded.result["score"], graded.result["status"]) == (100 - lost, "graded")
        assert graded.code == 1
        assert "Traceback" not in graded.out + graded.err
        assert "INTERNALERROR" not in graded.out
        assert list(self.project.left()) == []
        for title in bad:
            assert rows[title].below, f"{title} has to say what happened"
        for title in not_run:
            assert not any(rows[title].below), f"{title} has nothing to say"
        self.said[:] = graded.card[1 : next(n for n, line in enumerate(graded.card) if KEEPS in line)]
        return [rows[title] for title in bad]

    def not_run(self, text: str | bytes, *titles: str) -> str:
        """Grade, see that these criteria, else all, are not run; return what is said before them, as one line."""
        self(text, not_run=titles or BOX_TITLES)
        return " ".join(line.strip() for line in self.said)


@pytest.fixture(name="mark")
def _mark(small: Project, monkeypatch: pytest.MonkeyPatch) -> Marker:
    """Mark bad files, with a deadline that makes a hang cost less."""
    monkeypatch.setattr("graders.sandbox.host.Limits", functools.partial(Limits, call_seconds=1.0))
    return Marker(small)


def test_the_deadline_of_a_call_is_the_one_that_users_have(outside: Project) -> None:
    """The tests below shorten it; with nothing changed, a hang ends as well."""
    graded: Graded = outside.grade("-k", "doubles", submission=outside.submit(box(double=HANG)))

    assert f"no answer within {Limits().call_seconds:g} s: an endless loop or wait?" in graded.rows[DOUBLES].text
    assert (graded.code, list(outside.left())) == (1, [])


# Not to be read.


def test_a_file_that_is_not_utf_8(mark: Marker) -> None:
    """Python itself would not import it; the row says which byte, in which line."""
    text = box(top="# caf\xe9").encode("latin-1")
    number = text[: text.index(b"\xe9")].count(b"\n") + 1

    said = mark.not_run(text)

    assert "The file can't be loaded" in said
    assert "Save it as UTF-8." in said
    assert f"box.py, line {number}: # caf" in said


def test_a_file_that_declares_its_encoding_is_fine(small: Project) -> None:
    """As Python does."""
    text = "# -*- coding: latin-1 -*-\n" + box(top="NAME = 'caf\xe9'\nassert len(NAME) == 4")
    graded = small.grade(submission=small.submit(text.encode("latin-1")))

    assert (graded.code, graded.result["score"]) == (0, 100)


@pytest.mark.parametrize(
    "text", [b"\xef\xbb\xbf" + box().encode(), box().replace("\n", "\r\n").encode()], ids=["byte order mark", "CRLF"]
)
def test_a_file_from_another_system_is_fine(small: Project, text: bytes) -> None:
    """What editors on Windows write is Python."""
    graded = small.grade(submission=small.submit(text))

    assert (graded.code, graded.result["score"]) == (0, 100)


def test_null_bytes(mark: Marker) -> None:
    """As from a disk that was full."""
    said = mark.not_run(box().encode() + b"\0\0\0\n")

    assert f"it holds null bytes, the first in line {box().count(chr(10)) + 1} (SyntaxError" in said


def test_a_syntax_error(mark: Marker) -> None:
    """With the line's number and the line itself; the file's name stands above."""
    text = box(bottom="def broken(:\n    pass")
    number = text.splitlines().index("def broken(:") + 1

    said = mark.not_run(text)

    assert f"SyntaxError: invalid syntax {mark.project.submit(text)}, line {number}: def broken(: ^" in said
    (at,) = [n for n, line in enumerate(mark.said) if line.endswith("def broken(:")]
    assert mark.said[at].index(":") == mark.said[at + 1].index("^")


@pytest.mark.parametrize("text", ['{"cells": []}', '{\n "cells": [{"execution_count": null}]}'])
def test_a_notebook_under_another_name(mark: Marker, text: str) -> None:
    """With or without what Python can't read."""
    assert "It is a notebook. Save its code as a Python file" in mark.not_run(text)


def test_an_empty_file(mark: Marker) -> None:
    """It is said as it is, not name by name."""
    said = mark.not_run(b" \n")

    assert said.count("The file is empty, so what needs it was not run.") == 1


# At import.


def test_an_exception_at_import(mark: Marker) -> None:
    """With the learner's own traceback, outermost line first."""
    text = box(bottom="def helper():\n    return 1 // 0\n\nhelper()")
    lines = text.splitlines()
    outer, inner = lines.index("helper()") + 1, lines.index("    return 1 // 0") + 1

    said = mark.not_run(text)

    assert "ZeroDivisionError: integer division or modulo by zero" in said
    assert f"Your code, line {outer}, in <module>: helper()" in said
    assert f"Your code, line {inner}, in helper: return 1 // 0" in said


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("import sys\nsys.exit(0)", "SystemExit: 0"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("import os\nos._exit(0)", "its process ended by itself, with exit code 0"),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)", "its process was ended by signal SIGSEGV"),
        ("import ctypes\nctypes.string_at(0)", "its process was ended by signal SIGSEGV"),
        (HANG, "it is still running after 1 s: an endless loop or wait? Still in your code, line "),
        ("import threading\nthreading.Event().wait()", ", in <module>: threading.Event().wait()"),
        ("import time\ntime.sleep(60)", ", in <module>: time.sleep(60)"),
        ("input()", "EOFError: EOF when reading a line"),
        ("input()", "input() has nobody to ask here."),
        ("breakpoint()", "A debugger has no terminal here."),
        ("import no_such_module", "'no_such_module' is not in the standard library, and nothing else can be imported"),
        ("import pytest", "'pytest' is not in the standard library"),
        ("import colections", "Did you mean 'collections'?"),
        ("import concurrent.futurs", "Did you mean concurrent.futures?"),
        ("from collections import OrderDict", "ImportError: cannot import name 'OrderDict' from 'collections'"),
        ("from typing import Selff", "Did you mean 'Self'?"),
        ("exit()", "exit() is of Python's interactive prompt: a file does without it."),
        ("from . import helper", "A kata is one file, in no package"),
        ("prin(1)", "NameError: name 'prin' is not defined. Did you mean: 'print'?"),
        (
            "def down(n):\n    return down(n + 1)\ndown(0)",
            "in down: return down(n + 1) ... and the same line again and again",
        ),
        ("x = 'a' * (1 << 40)", "MemoryError"),
        ("print('spam')\n1 / 0", "Your code printed: | spam"),
        (
            "try:\n    int('x')\nexcept ValueError:\n    raise KeyError('y') from None",
            "First ValueError: invalid literal",
        ),
    ],
)
def test_an_import_that_does_not_end_as_it_should(mark: Marker, line: str, said: str) -> None:
    """It is said once how it ended, with the line and the next step where there are such."""
    found = mark.not_run(box(bottom=line))

    assert said in found
    assert found.count("The file can't be loaded") == 1


def test_endless_printing_at_import(mark: Marker) -> None:
    """Ends at the limit of what is kept."""
    said = mark.not_run(box(bottom="while True:\n    print('spam' * 1000)"))

    assert "it printed more than 4,194,304 bytes" in said


# In a call.


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("import sys\nsys.exit(0)", "SystemExit: 0"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("import os\nos._exit(0)", "its process ended by itself, with exit code 0"),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)", "its process was ended by signal SIGSEGV"),
        ("import os\nos.kill(os.getpid(), 9)", "its process closed the connection or was killed"),
        (HANG, "Still in your code, line 2"),
        ("import threading\nthreading.Event().wait()", "in double: threading.Event().wait()"),
        ("import time\ntime.sleep(60)", "in double: time.sleep(60)"),
        ("breakpoint()", "A debugger has no terminal here. Debug your own file with --isolation=none"),
        ("input()", "input() has nobody to ask here."),
        ("return double(number)", "in double: return double(number) ... and the same line again and again"),
        ("raise Exception(number)", "Exception: 21"),
        ("raise ExceptionGroup('many', [ValueError(1)])", "ExceptionGroup: many (1 sub-exception)"),
    ],
)
def test_a_call_that_does_not_return(mark: Marker, body: str, said: str) -> None:
    """Its row says what the call was and how it ended."""
    (row,) = mark(box(double=body), DOUBLES)

    assert ">>> double(21)" in row.text
    assert said in row.text
    assert "imported" not in row.text


def test_files_are_written_where_tempfile_says(small: Project) -> None:
    """At level process the folder for them is the submission's own; the machine's /tmp is closed (docs/security.md)."""
    own, machines = (
        f"{body}\nreturn number * 2"
        for body in ("import tempfile\ntempfile.TemporaryFile()", "open('/tmp/kata-of-a-test.db', 'w').close()")
    )
    kept, refused = (
        small.grade("-k", "doubles", submission=small.submit(box(double=body))) for body in (own, machines)
    )

    assert kept.rows[DOUBLES].word == "passed"
    if ctypes.CDLL(None).syscall(444, None, ctypes.c_size_t(0), ctypes.c_uint32(1)) > 0:  # the kernel has Landlock
        assert "[Errno 13] Permission denied: '/tmp/kata-of-a-test.db'" in refused.rows[DOUBLES].text


@pytest.mark.parametrize(
    ("name", "said"),
    [("numpy", "'numpy' is not in the standard library"), ("itertols", "Did you mean 'itertools'?")],
)
def test_an_import_in_a_call_gets_the_advice_of_one_at_the_top(mark: Marker, name: str, said: str) -> None:
    """No rule of the kata is the reason, so none is told as one."""
    (row,) = mark(box(double=f"import {name}"), DOUBLES)

    assert f"ModuleNotFoundError: No module named '{name}'" in row.text
    assert said in row.text
    assert "Why: " not in row.text


def test_endless_printing_in_a_call(mark: Marker) -> None:
    """Ends at the limit, and the card shows a few lines of it."""
    (row,) = mark(box(double="while True:\n    print('spam' * 1000)"), DOUBLES)

    assert "File too large" in row.text or "printed more than" in row.text
    assert len(row.below) < 30


def test_processes_and_threads_that_are_left_behind(mark: Marker) -> None:
    """They cost no points here, and nothing of them is left."""
    leave = (
        "import os, threading, time\nthreading.Thread(target=time.sleep, args=(60,), daemon=True).start()\n"
        "if not os.fork():\n    os.setsid()\n    if not os.fork():\n        time.sleep(60)\n"
        "    os._exit(0)\nos.wait()\n"
    )
    mark(box(double=f"{leave}return number * 3"), DOUBLES)


# Names and values.


def test_a_missing_class(mark: Marker) -> None:
    """It is said once; the criteria that don't need it are graded."""
    said = mark.not_run(box(bottom="del Box"), KEEPS, EQUAL, HASHES, SHOWS)

    assert said.count("There is no 'Box' in the file, so what needs it was not run.") == 1


@pytest.mark.parametrize("name", ["Bos", "box", "BoxClass", "_Box"])
def test_a_misspelt_class_is_named(mark: Marker, name: str) -> None:
    """Where there is a name that is nearly the right one."""
    said = mark.not_run(box().replace("class Box", f"class {name}"), KEEPS, EQUAL, HASHES, SHOWS)

    near = name in ("Bos", "box")
    assert (f", line 10: class {name}: {'^' * len(name)} Did you mean 'Box' where it says {name!r}?" in said) is near


def test_a_function_that_is_indented_too_far(mark: Marker) -> None:
    """It is a method then, and the line is shown."""
    text = box().replace("def double", "    def double").replace("    return number", "        return number")
    said = mark.not_run(text, DOUBLES)

    assert "There is no 'double' in the file" in said
    assert "It is defined inside something else: move it to the left margin." in said
    assert f"line {text[: text.index('def double')].count(chr(10)) + 1}: def double(number):" in said


def test_a_class_that_is_something_else(mark: Marker) -> None:
    """A number in its place can't be called."""
    rows = mark(box(bottom="Box = 5"), KEEPS, EQUAL, HASHES, SHOWS)

    assert len(rows) == 4


def test_a_wrong_signature(mark: Marker) -> None:
    """Python's own words say what does not fit."""
    text = box(init="self.value = 3").replace("def __init__(self, value):", "def __init__(self):")

    for row in mark(text, KEEPS, EQUAL, HASHES, SHOWS):
        assert "TypeError: Box.__init__() takes 1 positional argument but 2 were given" in row.text


def test_an_int_that_lies_about_equality(mark: Marker) -> None:
    """What is no plain int is not compared at all."""
    liar = (
        "class Liar(int):\n    def __eq__(self, other): return True\n    def __ne__(self, other): return False\n"
        "    __hash__ = int.__hash__"
    )
    (row,) = mark(box(top=liar, double="return Liar(7)"), DOUBLES)

    assert "an object of class Liar came back" in row.text
    assert "imported" not in row.text


@pytest.mark.parametrize(
    ("method", "title"),
    [("eq", EQUAL), ("hash_", HASHES), ("repr_", SHOWS)],
)
@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("raise RuntimeError('not today')", "RuntimeError: not today"),
        (HANG, "Still in your code, line"),
    ],
    ids=["raises", "hangs"],
)
def test_special_methods_that_raise_or_hang(mark: Marker, method: str, title: str, body: str, said: str) -> None:
    """Only where the suite asks for them: the grader itself compares, hashes and prints nothing of a submission's."""
    (row,) = mark(box(**{method: body}), title)

    assert said in row.text


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("'x' * (1 << 30)", "MemoryError"),
        ("bytearray(1 << 30)", "MemoryError"),
        ("[0] * (1 << 27)", "MemoryError"),
        ("'x' * (1 << 25)", "a value came back that can't be used"),
        ("1 << (1 << 24)", "a value came back that can't be used"),
        ("[[0] * 1000] * 1000", "a value came back that can't be used"),
    ],
)
def test_a_value_of_a_gibibyte(mark: Marker, value: str, said: str) -> None:
    """Neither the learner's machine nor the grader's memory is filled with it."""
    (row,) = mark(box(double=f"return {value}"), DOUBLES)

    assert said in row.text
    assert "imported" not in row.text


@pytest.mark.parametrize("value", ["None", "'42'", "[number * 2]", "float(number * 2 + 1)", "object()", "double"])
def test_a_value_of_another_kind(mark: Marker, value: str) -> None:
    """The row shows what came."""
    (row,) = mark(box(double=f"return {value}"), DOUBLES)

    assert "double(21)" in row.text
    assert "expected 42" in row.text or "expected, such as 42" in row.text
