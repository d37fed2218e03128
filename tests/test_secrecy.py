"""What is shown of a failure, and what never is: the hidden suite."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import BOX_SUITE, ROOT, WRONG, Project, box


def telling(source: str) -> Iterator[str]:
    """Yield the lines of a suite that would tell its secrets: its code, but not the words that a card shows."""
    shown = {
        part
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        for part in node.value.splitlines()
    }
    for line in source.splitlines():
        code = line.strip()
        if len(code) > 10 and code not in shown and not code.startswith(("title", "because", "hints", '"')):
            yield code


LOUD = ("-v", "-rA", "--tb=long", "-l", "--full-trace", "-s", "--durations=3")


@pytest.mark.parametrize("feedback", ["score", "criterion", "counterexample", "full"])
@pytest.mark.parametrize("isolation", ["process", "none"])
def test_the_suites_source_is_never_shown(small: Project, tmp_path: Path, isolation: str, feedback: str) -> None:
    """Whatever fails, however loud pytest is: not on the screen, not in the JUnit XML, not in the scores."""
    path = small.submit(
        box(
            init="if value == 9:\n    raise ValueError('why')\nself.value = value",
            eq="return 5",
            hash_="return object()",
            repr_="raise RuntimeError('no')",
            double="return [number]",
        )
    )
    xml = tmp_path / "junit.xml"
    graded = small.grade(
        *LOUD, f"--junitxml={xml}", f"--feedback={feedback}", "--hint", submission=path, isolation=isolation
    )
    everything = "\n".join([graded.out, graded.err, xml.read_text(), json.dumps(graded.scores)])
    lines = list(telling(BOX_SUITE))

    assert [each["outcome"] for each in graded.criteria.values()] == ["passed"] + ["failed"] * 4
    assert "assert (box == other) is True" in lines
    assert [line for line in lines if line in everything] == []
    assert not re.search(r"graders/suites|Falsifying|reproduce_failure|hypothesis.errors|git apply|\.patch", everything)
    assert not (small.root / ".hypothesis" / "patches").exists()


def test_the_real_suites_source_is_never_shown(project: Project, tmp_path: Path) -> None:
    """Nor an oracle's: a whole real kata that fails at nearly everything."""
    suite = (ROOT / "graders" / "suites" / "hashing" / "suite.py").read_text()
    xml = tmp_path / "junit.xml"
    graded = project.grade(
        *LOUD, f"--junitxml={xml}", kata="hashing", submission="solutions/hashing/rejected/plain_dataclass.edit"
    )
    everything = "\n".join([graded.out, graded.err, xml.read_text(), json.dumps(graded.scores)])

    assert graded.code == 1
    # What the suite runs at the learner's prompt is part of the transcript.
    secret = [
        line for line in telling(suite) if re.search(r"assert|@given|@example|st\.|strategies|def \w+\(sub", line)
    ]
    assert len(secret) > 30
    assert [line for line in secret if line in everything] == []


def test_feedback_decides_how_much_a_failure_tells(small: Project) -> None:
    """From the score alone to the whole story."""
    path = small.submit(WRONG)
    found = {
        feedback: small.grade(f"--feedback={feedback}", "-k", "doubles", submission=path)
        for feedback in ("score", "criterion", "counterexample", "full")
    }
    told = {
        feedback: [part for part in ("FAILED", "Why: Twice a number", ">>> double(21)", "63") if part in graded.out]
        for feedback, graded in found.items()
    }

    assert {len(graded.result["criteria"]) for graded in found.values()} == {1}
    assert told == {
        "score": [],
        "criterion": ["FAILED", "Why: Twice a number"],
        "counterexample": ["FAILED", "Why: Twice a number", ">>> double(21)", "63"],
        "full": ["FAILED", "Why: Twice a number", ">>> double(21)", "63"],
    }


def test_by_default_one_file_gets_its_counterexamples(small: Project) -> None:
    """A learner at home is not an examinee."""
    graded = small.grade("-k", "doubles", submission=small.submit(WRONG))

    row = graded.rows["Doubling doubles"]

    assert row.below[0] == "          >>> double(21)"
    assert row.text.split()[2:] == "63 expected 42 Why: Twice a number is the number and itself.".split()


def test_what_the_submission_printed_is_shown_below_its_failure(small: Project) -> None:
    """At each level, the output of the failing example and nothing of the others."""
    path = small.submit(box(double="print('doubling', number)\nreturn number * 3"))
    for isolation in ("process", "none"):
        graded = small.grade("-k", "doubles", submission=path, isolation=isolation)

        assert "Your code printed: | doubling 21" in graded.rows["Doubling doubles"].text
        assert graded.out.count("doubling 21") == 1


def test_the_learners_own_lines_are_shown_where_their_code_raised(small: Project) -> None:
    """File lines with their numbers, at each level."""
    text = box(top="def helper(number):\n    return 1 // (number - 21)", double="helper(number)\nreturn number * 2")
    number = text.splitlines().index("    return 1 // (number - 21)") + 1
    for isolation in ("process", "none"):
        row = small.grade("-k", "doubles", submission=small.submit(text), isolation=isolation).rows["Doubling doubles"]

        assert f"Your code, line {number}, in helper: return 1 // (number - 21)" in row.text
        assert "ZeroDivisionError" in row.text


def test_the_public_examples_come_first_and_are_worth_no_points(own: Project) -> None:
    """The first that fails is shown as a prompt would show it; the score knows nothing of it."""
    own.edit(box().replace(">>> double(4)\n8", ">>> double(4)\n9"))
    graded = own.grade()

    assert graded.card[1:5] == [
        "   1 of 2 public examples pass (no points)",
        "          >>> double(4)",
        "          8",
        "          expected 9",
    ]
    assert (graded.result["score"], graded.code) == (100, 0)
