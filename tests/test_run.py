"""A run: the control by the reference, and what it keeps for the next one."""

from __future__ import annotations

from pathlib import Path

import pytest

from graders.grading.hand_in import Target
from graders.grading.run import Run
from tests.exams import COMPUTES, RIGHT, WIDE, kata


@pytest.mark.parametrize(
    ("reference", "verdict"),
    [("def inc(n):\n    return n + 1\n", "failed"), ("def inc(n):\n    return None\n", "not_graded")],
    ids=["right", "broken"],
)
def test_the_control_run_is_the_references(tmp_path: Path, reference: str, verdict: str) -> None:
    """A run examines the reference with the same inputs before it blames the submission."""
    made = kata(tmp_path, COMPUTES, reference)
    bad = tmp_path / "bad.py"
    bad.write_text("def inc(n):\n    return 'x'\n")
    target = Target(made, bad, "bad")
    run = Run("process", 7)
    try:
        (criterion,) = made.suite().criteria
        assert run.examiner(target).examine(criterion).outcome == verdict
    finally:
        run.close()


def test_a_run_keeps_the_examples_of_each_file_apart(tmp_path: Path) -> None:
    """What made one file fail must not change which inputs another gets."""
    suite = WIDE.replace("submission.inc(number)", "assert submission.inc(number) == number + 1")
    made = kata(tmp_path / "kata", suite, RIGHT)
    targets = []
    for name in ("one", "two"):
        path = tmp_path / f"{name}.py"
        path.write_text("def inc(n):\n    return n + 1 if n < 1000 else 0\n")
        targets.append(Target(made, path, name))
    (criterion,) = made.suite().criteria
    seen = vars(__import__("sys").modules["graders.suites.thing.suite"])["seen"]
    firsts = []
    for target, seed in ((targets[0], 1), (targets[1], 99), (targets[0], 99)):
        seen.clear()
        run = Run("none", seed, tmp_path / "database")
        run.examiner(target).examine(criterion)
        run.close()
        firsts.append(seen[0])

    assert firsts[1] != 1000
    assert firsts[2] == 1000
