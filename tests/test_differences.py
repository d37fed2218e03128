"""Where two plain values differ, as the score card shows it."""

from __future__ import annotations

from typing import Any

import pytest

from graders.authoring.differences import MOST, differences
from tests.support import Loads

LONG = "a text that is too long to be shown whole"


@pytest.mark.parametrize(
    ("observed", "expected", "found"),
    [
        ([1, 2, 3], [1, 5, 3], [("[1]", "2", "5")]),
        ([1], [1, 2], [("[1]", "nothing", "2")]),
        ([1, 2], [1], [("[1]", "2", "nothing")]),
        ({"b": 1, "x": 0}, {"a": 1, "b": 1}, [("['a']", "nothing", "1"), ("['x']", "0", "nothing")]),
        ([{"name": LONG, "codes": (0, 2)}], [{"name": LONG, "codes": (0,)}], [("[0]['codes']", "(0, 2)", "(0,)")]),
        ([[LONG, 1]], [[LONG, 2]], [("[0][1]", "1", "2")]),
        ([[LONG, 1]], [(LONG, 1)], [("[0]", repr([LONG, 1]), repr((LONG, 1)))]),
    ],
)
def test_each_place_is_given_with_what_is_there(
    observed: Any, expected: Any, found: list[tuple[str, str, str]]
) -> None:
    """As subscripts; a short value is shown whole, and what only one side has is set against nothing."""
    assert list(differences(observed, expected)) == found


@pytest.mark.parametrize(("observed", "expected"), [(1, 2), ("ab", "ac"), ([1], (1,)), (None, [1]), ([1], [1])])
def test_what_has_no_parts_in_common_has_no_places(observed: object, expected: object) -> None:
    """Then the card shows both values as they are."""
    assert differences(observed, expected) == ()


def test_places_are_bounded() -> None:
    """In number and in depth: the observed value is the submission's."""
    deep: Any = LONG
    other: Any = LONG + "."
    for _ in range(50):
        deep, other = [deep], [other]

    assert len(differences([0] * 1000, [1] * 1000)) == MOST
    ((place, _, _),) = differences(deep, other)
    assert place.count("[0]") < 10


def test_an_object_of_the_submissions_differs_from_any_value(loads: Loads) -> None:
    """It is not asked, so that none can hide a place; and it raises nothing in the middle of a failure."""
    submission = loads.load(
        "class One:\n    def __eq__(self, other): return True\ndef give(): return [1, [One(), 1]]\n"
    )

    found = differences(submission.give(), [2, [1, 1]])

    assert [place for place, _, _ in found] == ["[0]", "[1]"]
