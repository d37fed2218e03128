"""Outcomes and points: doubt earns nothing, and a score is whole or not at all."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graders.grading.outcome import Examples, Failure, Line, Outcome, Result, Verdict, result

VERDICTS: tuple[Verdict, ...] = ("passed", "failed", "not_graded")
outcomes = st.lists(
    st.builds(Outcome, st.text(max_size=3), st.just("T"), st.integers(1, 50), st.sampled_from(VERDICTS)), max_size=6
)


@given(found=outcomes)
def test_points_are_those_of_what_passed(found: list[Outcome]) -> None:
    """All or nothing for each criterion, and nothing for doubt."""
    made = result("s", "k", "t", found, criteria=len(found))

    assert made.points == sum(each.max_points for each in found if each.outcome == "passed")


@given(found=outcomes, missing=st.integers(0, 2))
def test_a_score_is_given_when_every_criterion_has_a_verdict(found: list[Outcome], missing: int) -> None:
    """One that was not graded, or not run, leaves no score; full marks need all of them."""
    made = result("s", "k", "t", found, criteria=len(found) + missing)
    doubt = any(each.outcome == "not_graded" for each in found)

    assert (made.status == "not_graded") is doubt
    assert (made.score is None) is (doubt or missing > 0)
    if made.score is not None:
        assert made.score == made.points
    assert made.full is all(each.outcome == "passed" for each in found)


def test_a_result_says_why_it_has_no_score() -> None:
    """The message is the first criterion's that was not graded."""
    found = [
        Outcome("a", "A", 50, "failed", "wrong"),
        Outcome("b", "B", 25, "not_graded", "the grader failed: x"),
        Outcome("c", "C", 25, "not_graded", "the grader failed: y"),
    ]

    assert result("s", "k", "t", found, criteria=3).message == "the grader failed: x"


@pytest.mark.parametrize(
    "failure",
    [
        None,
        Failure((("f()", "1"), ("g()", "")), "2", (Line(3, "f", "x"),), "out", 4),
        Failure((("f()", "[1]"),), "[2]", timeline=("a", "b"), differences=(("[0]", "1", "2"),)),
    ],
)
def test_an_outcome_survives_the_way_between_processes(failure: Failure | None) -> None:
    """A worker of pytest-xdist sends it as JSON-like data, in which tuples become lists."""
    outcome = Outcome("i", "t", 5, "failed", "m", "why", ("h1", "h2"), failure=failure, seconds=0.5)

    assert Outcome.unpack(json.loads(json.dumps(asdict(outcome)))) == outcome


def test_a_result_survives_the_way_between_processes() -> None:
    """With its outcomes; a class has no public examples."""
    made = result("s", "k", "t", [Outcome("i", "t", 5, "passed", hints=("h",))], criteria=1, examples=Examples(3))
    back = Result.unpack(json.loads(json.dumps(asdict(made))))

    assert back.outcomes == made.outcomes
    assert (back.score, back.status, back.submission) == (made.score, made.status, made.submission)


def test_a_counterexample_is_the_calls_alone() -> None:
    """What a learner pastes into a prompt."""
    assert Failure((("p = P()", ""), ("p.x", "1"))).counterexample() == "p = P()\np.x"


def test_a_lost_criterion_is_not_graded() -> None:
    """Its process ended without a report: nobody's fault, and no points."""
    lost = Outcome.lost("name", "worker crashed")

    assert (lost.outcome, lost.points, lost.message) == ("not_graded", 0, "worker crashed")
    assert lost.of("Title", 20) == Outcome("name", "Title", 20, "not_graded", "worker crashed")
