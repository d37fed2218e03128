"""The grader's own failure: not graded, a null score, and never the learner's fault."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import BOX_SUITE, ROOT, WRONG, Project, box

SECRET = "SECRET_OF_THE_SUITE = 42"


@pytest.mark.parametrize(
    "broken",
    [
        f"{SECRET}\nimport no_such_module\n",
        f"{SECRET}\nthis is no python {SECRET}\n",
        f"{SECRET}\nraise SystemExit({SECRET!r})\n",
        f"{SECRET}\n",
    ],
    ids=["import", "syntax", "exit", "empty"],
)
def test_a_suite_that_cannot_be_loaded_is_not_graded(own: Project, broken: str) -> None:
    """A null score, exit code 1, the grader named as the culprit, and not a line of the suite."""
    (own.root / "graders" / "suites" / "box" / "suite.py").write_text(broken)
    own.edit(box())
    graded = own.grade()

    assert graded.code == 1, graded.out + graded.err
    assert (graded.result["status"], graded.result["score"]) == ("not_graded", None)
    assert "the hidden suite can't be loaded" in graded.result["message"]
    assert "NOT GRADED" in graded.out
    assert "not the submission's fault" in graded.out
    assert "FAILED" not in graded.out
    assert SECRET not in graded.out + graded.err + json.dumps(graded.scores)
    assert "Traceback" not in graded.out + graded.err


def test_a_check_that_is_broken_costs_its_own_criterion(own: Project) -> None:
    """The others have their verdicts; the whole has no score, for right and wrong submissions alike."""
    suite = own.root / "graders" / "suites" / "box" / "suite.py"
    suite.write_text(BOX_SUITE.replace("    assert hash(box)", f"    {SECRET}\n    [].pop()\n    assert hash(box)"))
    for text, last in ((box(), "passed"), (WRONG, "FAILED")):
        own.edit(text)
        graded = own.grade()

        assert [row.word for row in graded.rows.values()] == ["passed", "passed", "NOT GRADED", "passed", last]
        assert "the check of 'hashes' is broken" in graded.rows["Equal boxes hash equal"].text
        assert (graded.result["score"], graded.result["status"], graded.code) == (None, "not_graded", 1)
        assert graded.criteria["hashes"]["outcome"] == "not_graded"
        assert SECRET not in graded.out + graded.err


# The third worker of a zygote ends it.
ZYGOTE = """

def _dying(fork=os.fork, count=[]):
    count.append(1)
    if len(count) == 3:
        sys.stderr.write("out of order")
        sys.stderr.flush()
        os._exit(9)
    return fork()

os.fork = _dying
"""


def test_a_dead_zygote_is_not_graded(outside: Project, tmp_path: Path) -> None:
    """The criterion that met it has no verdict, says why, and the others are graded by a new one."""
    own = outside.copy(tmp_path / "own")
    zygote = own.root / "graders" / "sandbox" / "child" / "zygote.py"
    zygote.write_text(zygote.read_text() + ZYGOTE)
    own.edit(WRONG)
    graded = own.grade()

    words = [row.word for row in graded.rows.values()]
    assert words[1] == "NOT GRADED", graded.out
    assert words[0] == words[3] == "passed"
    assert "the grader failed" in graded.rows["Equal boxes are equal"].text
    assert "out of order" in graded.rows["Equal boxes are equal"].text
    assert (graded.result["score"], graded.result["status"], graded.code) == (None, "not_graded", 1)
    assert graded.criteria["equal"]["points"] == 0
    assert list(own.left()) == []


def test_a_machine_without_a_working_interpreter_is_not_graded(outside: Project, tmp_path: Path) -> None:
    """When no process can be started at all, every criterion says so."""
    own = outside.copy(tmp_path / "own")
    runtime = own.root / "graders" / "sandbox" / "runtime.py"
    runtime.write_text(runtime.read_text() + '\n\ndef interpreter() -> str:\n    return "/no/such/python"\n')
    own.edit(box())
    graded = own.grade()

    assert {row.word for row in graded.rows.values()} == {"NOT GRADED"}
    assert "/no/such/python" in graded.out
    assert (graded.result["score"], graded.code) == (None, 1)


FAULTS = ("GraderFault", "IsolationUnavailable", "NoRoom")


def _places(node: ast.AST, names: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield the functions that say "not graded" of something, or raise a failure of the grader's own."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.ClassDef):
            yield from _places(child, (*names, child.name))
            continue
        raised = child.exc.func if isinstance(child, ast.Raise) and isinstance(child.exc, ast.Call) else None
        says = isinstance(child, ast.Constant) and child.value == "not_graded" and not isinstance(node, ast.Compare)
        if names and (says or (isinstance(raised, ast.Name) and raised.id in FAULTS)):
            yield ".".join(names)
        yield from _places(child, names)


def test_each_place_that_can_say_it_is_listed_with_its_reason() -> None:
    """A submission must not bring it about: what could, and why it can't, is written down where somebody looks."""
    listed = (ROOT / "docs" / "decisions" / "0015-what-can-say-not-graded.md").read_text("utf-8")
    places = {
        (path.relative_to(ROOT / "graders").as_posix(), place)
        for path in sorted((ROOT / "graders").rglob("*.py"))
        for place in _places(ast.parse(path.read_bytes()))
    }
    # How many were graded is counted by that word, too.
    places.remove(("plugin/class_reporter.py", "ClassReporter.pytest_terminal_summary"))

    assert [(file, place) for file, place in sorted(places) if f"{file}: " not in listed or place not in listed] == []
