"""Replay: inputs that are drawn once for a class are those of every submission of it."""

from __future__ import annotations

import pytest

from graders.grading.hypothesis_adapter import Drawn
from tests.exams import COUNTER, INC, MACHINE, RIGHT, WIDE, Examine


def test_a_replay_gives_the_inputs_of_the_seed(exam: Examine) -> None:
    """Inputs that are drawn once for a class are those that Hypothesis would draw for each."""
    alone = exam(WIDE, RIGHT, seed=1).inputs()
    drawn = Drawn()
    run = exam(WIDE, RIGHT, seed=1, drawn=drawn)

    assert run.inputs() == alone
    assert run.inputs() == alone


@pytest.mark.parametrize("shrink", [True, False])
def test_a_replay_gives_the_same_verdicts(exam: Examine, shrink: bool) -> None:
    """Passed, failed and shrunk alike."""
    for suite, wrong in (
        (INC, "def inc(n):\n    return n + 1 if n < 12 else 0\n"),
        (MACHINE, COUNTER.replace("= 0\n", "= 1\n")),
    ):
        plain = exam(suite, wrong, shrink=shrink).outcome()
        replayed = exam(suite, wrong, shrink=shrink, drawn=Drawn()).outcome()

        assert (plain.outcome, replayed.outcome) == ("failed", "failed")
        if shrink:
            assert replayed.failure == plain.failure


def test_a_replay_hides_what_an_example_did_to_its_arguments(exam: Examine) -> None:
    """A list that one submission's check changed is whole for the next."""
    suite = "@of_ten()\n@given(items=st.lists(st.integers(), min_size=1))\n@example(items=[1, 2])\n"
    suite += "def empties(submission, items):\n    seen.append(list(items))\n    items.clear()\n"
    run = exam(suite, RIGHT, drawn=Drawn())
    first = run.inputs()

    assert [] not in first
    assert run.inputs() == first
