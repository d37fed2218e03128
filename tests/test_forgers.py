"""What a cheat earns who knows the suite and answers for the submission: no more than docs/security.md says."""

from __future__ import annotations

import pytest

from graders.authoring import solutions
from graders.authoring.catalogue import Kata
from graders.grading.run import Run
from tests.forgers import forged, points

# Of each kata, wrong solutions whose points answers by heart would earn.
WRONG = {
    "hashing": ("final_annotation_only", "hash_of_strings", "false_for_none"),
    "thread_pool": ("awaits_what_is_returned", "notes_on_failures"),
    "process_pool": ("exceptions_by_their_name", "no_bools"),
    "supervisor_config": ("value_error_leaks",),
    "connection_pool": ("service_can_be_changed",),
}
# What docs/security.md leaves to it in these.
LEFT = {"supervisor_config": {"bad_input_is_one_error"}, "connection_pool": {"validation"}}


@pytest.mark.parametrize(("slug", "name"), [(slug, name) for slug, names in WRONG.items() for name in names])
def test_answers_by_heart_earn_no_more_than_is_said(slug: str, name: str) -> None:
    """With its kata's forger appended, a wrong solution gets no other criterion than without, but one of 5 points."""
    kata, run = Kata(slug), Run("process", 7)
    path = kata.solution(f"rejected/{name}")

    alone, together = points(kata, solutions.read(path), run), points(kata, forged(kata, path), run)

    assert {criterion for criterion, earned in together.items() if earned > alone[criterion]} == LEFT.get(slug, set())
