"""A statement is read in layers, and a layer that is missing is named."""

from __future__ import annotations

import pytest

from graders.authoring.statement import MOST_LINES, BadStatement, Statement

STATEMENT = """A box: what is in it?

    :topic: boxes
    :level: 1

    Most people say: a list.

    Examples:
        >>> Box(1)
        Box(1)

    Rules:
    1. It keeps its value.

    2. Its repr can be pasted.

    Out of scope:
    - subclasses

    Sources:
    - PEP 1
    """


def test_a_statement_has_four_layers() -> None:
    """Without the fields of its head and the headings."""
    found = Statement.of(STATEMENT, "katas/box.py")

    assert found.title == "A box: what is in it?"
    assert found.opening == "Most people say: a list.\n\nExamples:\n    >>> Box(1)\n    Box(1)"
    assert found.rules == "1. It keeps its value.\n\n2. Its repr can be pasted."
    assert (found.out_of_scope, found.sources) == ("- subclasses", "- PEP 1")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("    Sources:\n", "", r"katas/box.py has the lines \['Rules:', 'Out of scope:'\]: part the statement by "),
        ("    - PEP 1\n", "", "there is nothing in 'Sources:': write it"),
        (
            "Most people say: a list.\n",
            "Most people say:\n" + "    a list\n" * MOST_LINES,
            "katas/box.py: 20 lines come before 'Rules:': say what a learner needs to begin in 15",
        ),
    ],
)
def test_what_is_wrong_with_a_layer_is_said(old: str, new: str, said: str) -> None:
    """With the next step."""
    assert STATEMENT.count(old) == 1

    with pytest.raises(BadStatement, match=said):
        Statement.of(STATEMENT.replace(old, new), "katas/box.py")
