"""What an interviewer asks after a solution is read from a kata's notes, and what is missing is said."""

from __future__ import annotations

import pytest

from graders.authoring.notes import BadNotes, Notes, Question

NOTES = """\
# A box

## The idea
It keeps a value.

## The usual answer
A list of one.

It breaks when it is hashed.

## Alternatives
- `plain.py`: whenever a class
  is enough.
- `frozen.py`: for a dataclass.

## Follow-up questions

### What is hashed?
- The value.
- And its type.

### Why not a list?
- A list can change.

### Who compares?
- The left one first.

## Sources
- The Python manual, object.__hash__
"""
ACCEPTED = ("frozen.py", "plain.py")


def test_notes_are_read_by_their_headings() -> None:
    """A bullet is one line, wherever it was broken; paragraphs stay as they are."""
    found = Notes.of(NOTES, "notes.md", ACCEPTED)

    assert found.title == "A box"
    assert found.idea == "It keeps a value."
    assert found.usual_answer == "A list of one.\n\nIt breaks when it is hashed."
    assert found.alternatives == ("`plain.py`: whenever a class is enough.", "`frozen.py`: for a dataclass.")
    assert found.questions[0] == Question("What is hashed?", ("The value.", "And its type."))
    assert [question.text for question in found.questions[1:]] == ["Why not a list?", "Who compares?"]
    assert found.sources == ("The Python manual, object.__hash__",)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("# A box\n", "A box\n", "notes.md begins with 'A box': begin with '# TITLE', and then '## The idea'"),
        ("## Sources\n", "## Links\n", r"'Links'\]: write \['The idea', .*'Sources'\], in this order"),
        ("## Alternatives\n", "", r"has the headings \['The idea', 'The usual answer', 'Follow-up questions', "),
        ("It keeps a value.\n", "", "there is nothing below '## The idea': write it"),
        ("`frozen.py`", "frozen", "no bullet below '## Alternatives' names `frozen.py`: say when it is right"),
        ("### Why not a list?\n", "", "has 2 '### Question\\?': ask 3 or more"),
        ("- A list can change.\n", "", "below '### Why not a list\\?' write the points of a good answer"),
        ("- The Python manual", "The Python manual", "no bullet below '## Sources': name one"),
    ],
)
def test_what_is_missing_is_said(old: str, new: str, said: str) -> None:
    """With the next step."""
    assert NOTES.count(old) == 1

    with pytest.raises(BadNotes, match=said):
        Notes.of(NOTES.replace(old, new), "notes.md", ACCEPTED)
