"""What is said of a file that can't be loaded: once, in the grader's words, at every level of feedback."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from graders.grading.load_failure import file_failure, missing
from graders.sandbox.errors import LoadFailed, Missing, Remote
from graders.sandbox.limits import Source
from tests.support import BOX_TITLES, InsideProject, Loads, Project, box

BROKEN = {
    "syntax": (box(bottom="def broken(self x): pass"), "SyntaxError: invalid syntax"),
    "module": (box(bottom="import numpy"), "'numpy' is not in the standard library"),
    "name": (box().replace("class Box", "class Bax"), "Did you mean 'Box' where it says 'Bax'?"),
    "exit": (box(bottom="raise SystemExit(3)"), "SystemExit: 3"),
    "markup": (box(bottom="raise ValueError('\\x1b[2J<b>|\\n 100/100  passed')"), "ValueError: \\x1b[2J<b>|"),
    "large": (box() + "#" * (1 << 20), "box.py is larger than 1,048,576 bytes"),
}


def graded(project: InsideProject, feedback: str) -> tuple[str, dict[str, Any]]:
    """Grade a class of all of these; return what was printed, and the results by student."""
    folder, scores = project.temp / "class", project.temp / "scores.json"
    for name, (text, _) in BROKEN.items():
        (folder / name).mkdir(parents=True)
        (folder / name / "box.py").write_text(text)
    done = project.start(
        "--kata=box", f"--submissions={folder}", "--isolation=process", f"--feedback={feedback}", f"--scores={scores}"
    )
    return done.stdout, {each["submission"]: each for each in json.loads(scores.read_text())["results"]}


@pytest.mark.parametrize("feedback", ["full", "counterexample", "criterion", "score"])
def test_a_class_is_told_at_every_level(small: InsideProject, feedback: str) -> None:
    """In the feedback, in the scores and in the table; the criteria say no more than that they were not run."""
    out, results = graded(small, feedback)

    assert results.keys() == BROKEN.keys()
    for name, (_, said) in BROKEN.items():
        result = results[name]
        text = " ".join(result["feedback"].split())
        assert text.count(said) == 1, result["feedback"]
        assert "\x1b" not in result["feedback"]
        first = result["load_failures"][0]
        (row,) = [line for line in out.splitlines() if line.startswith(f" {name} ") and "graded: " in line]
        assert row.partition("graded: ")[2].startswith(first["message"].split("\n")[0][:60].replace("\x1b", "\\x1b"))
        unrun = [each for each in result["criteria"] if each["message"].startswith("not run: ")]
        assert [each["outcome"] for each in unrun] == ["failed"] * (4 if name == "name" else 5)
        assert (result["status"], result["score"]) == ("graded", 10 if name == "name" else 0)
        if feedback != "score":
            assert result["feedback"].count("  not run      ") == len(unrun)
            assert "Why" not in result["feedback"]


def test_a_name_that_goes_missing_later_is_not_told_below_counterexample(small: InsideProject) -> None:
    """By then hidden inputs have met the file: which criterion lacks a name could tell of them."""
    text = box(bottom="def double(number):\n    return number\n__builtins__ = None")
    folder, scores = small.temp / "class", small.temp / "scores.json"
    folder.mkdir(parents=True)
    # Its names go when a first box is made.
    hide = box(init="self.value = value\nimport gc\n[o.names.clear() for o in gc.get_objects() if hasattr(o, 'names')]")
    (folder / "amy.py").write_text(hide + text[:0])
    small.start("--kata=box", f"--submissions={folder}", "--isolation=process", f"--scores={scores}")
    (result,) = json.loads(scores.read_text())["results"]

    assert "There is no" not in result["feedback"]
    assert "not run" not in result["feedback"]


def test_the_scores_of_one_file_hold_it_and_xdist_brings_it(outside: Project) -> None:
    """Two processes load the file; it is said once all the same."""
    done = outside.grade("-n", "2", submission=outside.submit(box(bottom="1 / 0")))
    (failure,) = done.result["load_failures"]

    assert done.out.count("ZeroDivisionError: division by zero") == 1
    assert (failure["message"], failure["name"]) == ("ZeroDivisionError: division by zero", "")
    assert failure["lines"][0]["text"] == "1 / 0"
    assert done.result["message"].startswith("ZeroDivisionError: division by zero, line ")
    assert {row.word for row in done.rows.values()} == {"not run"}
    assert list(done.rows) == list(BOX_TITLES)
    assert done.code == 1


def test_the_untouched_stub_is_not_started(small: Project) -> None:
    """It can be loaded, and has every name."""
    done = small.grade()

    assert {row.word for row in done.rows.values()} == {"not started"}
    assert done.result["load_failures"] == []


def syntax(line: str, start: int, end: int, kind: str = "SyntaxError") -> Any:
    """Return what is said of a syntax error at these columns of a file's only line."""
    remote = Remote.told(kind, "invalid syntax", ((1, "<module>", start, end),))
    return file_failure(Source("kata", line.encode()), "kata.py", LoadFailed("SyntaxError", remote))


def test_a_caret_points_at_what_python_points_at() -> None:
    """Whatever the indentation and the length of the line; what a worker tells beyond the line is cut."""
    indented = syntax("    x = = 1", 9, 10)
    long = syntax("x = [" + "1, " * 500 + "= 2]", 1506, 1507)
    beyond = syntax("x = 1", 900, 100_000)

    assert (indented.text, indented.column, indented.width) == ("x = = 1", 4, 1)
    assert (len(long.text) <= 160, long.text[long.column]) == (True, "=")
    assert (beyond.column <= len(beyond.text), beyond.width <= 1) == (True, True)
    assert syntax("x = 1", 0, 0, "TabError").width == 0
    assert file_failure(Source("kata", b"x"), "", LoadFailed("", Remote("SyntaxError", "m", ((7, "f"),)))).line == 0


@pytest.mark.parametrize(
    ("message", "advice"),
    [
        ("No module named 'numpy'", "'numpy' is not in the standard library, and nothing else can be imported here."),
        ("No module named 'Colections'", "Did you mean 'collections'?"),
        ("No module named 'dataclass'", "Did you mean 'dataclasses'?"),
        ("No module named 'hypothesis'", "nothing else can be imported here."),
        ("No module named 'xml.dom2'; 'xml' is fine", "Did you mean xml.dom?"),
        ("No module named 'math.zzz'; 'math' is not a package", "There is no 'zzz' in 'math'."),
        ("No module named 'tkinter'", "'tkinter' is not available on this machine."),
        ("attempted relative import with no known parent package", "A kata is one file, in no package"),
        ("anything else", ""),
        ("No module named '" + "x" * 100_000, ""),
    ],
)
def test_an_import_that_fails_gets_the_advice_that_fits(message: str, advice: str) -> None:
    """A package from outside is told from a misspelt module, by Python's own message."""
    remote = Remote("ModuleNotFoundError", message)
    found = file_failure(Source("kata", b""), "kata.py", LoadFailed("", remote))

    assert advice in found.advice
    assert (found.advice == "") is (advice == "")
    assert len(found.message) <= 500


def test_a_name_that_is_asked_for_too_is_not_taken_for_a_misspelt_one() -> None:
    """`fetch` may be missing where `fetch_all` is right."""
    error = Missing("fetch", names=frozenset({"fetch_all", "fetsch"}))
    only = Missing("fetch", names=frozenset({"fetch_all"}))
    source, asked = Source("kata", b"x = 1"), {"fetch", "fetch_all"}

    assert missing(source, "kata.py", error, asked).advice == "Did you mean 'fetch' where it says 'fetsch'?"
    assert missing(source, "kata.py", only, asked).advice == ""


@pytest.mark.parametrize(
    ("names", "near"),
    [
        ({"FetchAll", "fetch"}, "FetchAll"),
        ({"fetchall"}, "fetchall"),
        ({"fetch_al", "other"}, "fetch_al"),
        ({"solve"}, None),
        (None, None),
    ],
)
def test_a_missing_name_is_compared_with_those_that_are_there(names: set[str] | None, near: str | None) -> None:
    """Without regard to case and underscores."""
    error = Missing("fetch_all", None if names is None else frozenset(names))
    found = missing(Source("kata", b"x = 1"), "kata.py", error)

    assert found.advice == (f"Did you mean 'fetch_all' where it says {near!r}?" if near else "")


@pytest.mark.parametrize("level", ["process", "none"])
def test_the_exception_that_came_first_is_told(loads: Loads, level: str) -> None:
    """By `from`, by being raised while another was handled, and also where `from None` hides it."""
    for end in ("from error", "", "from None"):
        text = f"try:\n    int('x')\nexcept ValueError as error:\n    raise KeyError('k') {end}\n"
        with pytest.raises(LoadFailed) as caught:
            loads.open(text, level).fresh()
        remote = caught.value.remote
        assert remote is not None
        assert remote.first is not None
        assert (remote.type, remote.frames) == ("KeyError", ((4, "<module>"),))
        assert (remote.first.type, remote.first.frames) == ("ValueError", ((2, "<module>"),))


def test_a_chain_of_exceptions_without_end_is_followed_for_a_while(loads: Loads) -> None:
    """A submission may tie one into a ring."""
    text = "a, b = ValueError('a'), ValueError('b')\na.__context__, b.__context__ = b, a\nraise a\n"

    with pytest.raises(LoadFailed, match="ValueError: a"):
        loads.open(text).fresh()


@pytest.mark.parametrize("level", ["process", "none"])
def test_the_first_load_is_the_answer_from_then_on(loads: Loads, level: str, tmp_path: Path) -> None:
    """Whatever a second one would do."""
    mark = tmp_path / "mark"
    text = f"import os\nif not os.path.exists({str(mark)!r}):\n    1 / 0\n"
    host = loads.open(text, level)

    for _ in range(2):
        with pytest.raises(LoadFailed, match="ZeroDivisionError") as caught:
            host.fresh()
        assert caught.value.unasked
        mark.touch()
