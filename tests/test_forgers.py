"""What a cheat earns who knows the suite and answers for the submission: no more than docs/security.md says."""

from __future__ import annotations

import re

import pytest

from graders.authoring import solutions
from graders.authoring.catalogue import Kata
from graders.grading.run import Run
from tests.forgers import forged, points
from tests.support import ROOT

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


def test_the_table_of_what_is_left_has_every_criterion_and_its_points() -> None:
    """A kata's criteria by name, or those with something left and the sum of all others."""
    text = (ROOT / "docs" / "security.md").read_text("utf-8")
    slug, told = "", dict[str, dict[str, int]]()
    for name, criterion, worth in re.findall(r"^\| (\w*) ?\| `?([\w ]+?)`? \| (\d+) \| \d+ \|", text, re.MULTILINE):
        slug = name or slug
        told.setdefault(slug, {})[criterion] = int(worth)

    assert set(told) == {path.stem for path in (ROOT / "katas").glob("*.py")}
    for slug, criteria in told.items():
        others = criteria.pop("all others", 0)
        suite = {each.id: each.points for each in Kata(slug).suite().criteria}
        assert {name: suite.pop(name, None) for name in criteria} == criteria
        assert sum(suite.values()) == others


@pytest.mark.parametrize(("slug", "name"), [(slug, name) for slug, names in WRONG.items() for name in names])
def test_answers_by_heart_earn_no_more_than_is_said(slug: str, name: str) -> None:
    """With its kata's forger appended, a wrong solution gets no other criterion than without, but one of 5 points."""
    kata, run = Kata(slug), Run("process", 7)
    path = kata.solution(f"rejected/{name}")

    alone, together = points(kata, solutions.read(path), run), points(kata, forged(kata, path), run)

    assert {criterion for criterion, earned in together.items() if earned > alone[criterion]} == LEFT.get(slug, set())
