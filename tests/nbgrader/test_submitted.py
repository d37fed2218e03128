"""What is read of a submitted notebook."""

from __future__ import annotations

import json
from typing import Any

import pytest

from graders.nbgrader import submitted
from graders.nbgrader.submitted import Given, Unreadable, read

GIVEN = [
    Given("statement", "markdown", "Do it.", locked=True),
    Given("answer", "code", "TODO", solution=True),
    Given("grade", "code", "# 5 points", locked=True, points=5.0),
]


def cell(name: str | None, source: Any = "x", kind: Any = "code", **more: Any) -> dict[str, Any]:
    """Return a cell as a file has it."""
    metadata = {} if name is None else {"nbgrader": {"grade_id": name, "points": 5}}
    return {"cell_type": kind, "metadata": metadata, "source": source, **more}


WHOLE = [cell("statement", "Do it.", "markdown"), cell("answer", "done"), cell("grade", "# 5 points")]


def texts(*cells: Any) -> list[tuple[str, str, str]]:
    """Return (name or "", kind, text) of what is read."""
    found = read(json.dumps({"cells": cells}).encode(), GIVEN).cells
    return [(each.given.name if each.given else "", each.kind, each.text) for each in found]


def notes(*cells: Any) -> str:
    """Return what is said."""
    return " ".join(read(json.dumps({"cells": cells}).encode(), GIVEN).notes)


def test_a_notebook_as_it_was_given_out_has_nothing_to_say() -> None:
    """The answer is the student's, all else as it was."""
    assert texts(*WHOLE) == [
        ("statement", "markdown", "Do it."),
        ("answer", "code", "done"),
        ("grade", "code", "# 5 points"),
    ]
    assert notes(*WHOLE) == ""


def test_added_cells_stay_where_they_are() -> None:
    """In the student's order."""
    assert texts(WHOLE[0], cell(None, ["a\n", "b"]), *WHOLE[1:])[1] == ("", "code", "a\nb")


def test_locked_cells_are_those_of_the_gradebook() -> None:
    """Text and kind."""
    assert texts(cell("grade", "5.0", "markdown"), *WHOLE[:2])[0] == ("grade", "code", "# 5 points")
    assert "grade had been changed" in notes(cell("grade", "5.0", "markdown"), *WHOLE[:2])


def test_what_is_missing_is_put_back() -> None:
    """An answer that is missing is empty, not the reference."""
    assert texts() == [("statement", "markdown", "Do it."), ("answer", "code", ""), ("grade", "code", "# 5 points")]
    assert "statement, answer, grade were deleted" in notes()


def test_of_copies_the_last_counts_and_the_others_are_added_cells() -> None:
    """As nbgrader has it."""
    assert texts(*WHOLE, cell("answer", "again"))[1] == ("", "code", "done")
    assert texts(*WHOLE, cell("answer", "again"))[-1] == ("answer", "code", "again")


@pytest.mark.parametrize("value", [None, 5, [], ["a", 5], {"a": 1}, True])
def test_text_that_is_none_is_empty(value: object) -> None:
    """Whatever stands in its place."""
    assert texts(*WHOLE, cell(None, value))[-1] == ("", "code", "")


@pytest.mark.parametrize("kind", [None, 5, ["code"], "heading"])
def test_a_kind_that_is_none_is_raw(kind: object) -> None:
    """No code, so it does not count."""
    assert texts(*WHOLE, cell(None, "x", kind))[-1] == ("", "raw", "x")


@pytest.mark.parametrize("metadata", [None, 5, [], {"nbgrader": []}, {"nbgrader": {"grade_id": []}}])
def test_metadata_of_another_form_name_no_cell(metadata: object) -> None:
    """The cell is an added one."""
    assert texts(*WHOLE, {"cell_type": "code", "source": "x", "metadata": metadata})[-1] == ("", "code", "x")


def test_surrogates_and_other_line_ends_become_what_a_file_takes() -> None:
    """Else nobody could write the notebook again."""
    assert texts(*WHOLE, cell(None, "a\ud800\r\nb\rc"))[-1][2] == "a?\nb\nc"


@pytest.mark.parametrize("points", [6, "5", None, [], float("nan"), 1e300])
def test_points_of_its_own_are_said(points: object) -> None:
    """They do not count: `Given` has the points."""
    claim = cell("grade", "# 5 points")
    claim["metadata"]["nbgrader"]["points"] = points

    assert "claimed points" in notes(*WHOLE[:2], claim)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (bytes(range(256)), "not JSON"),
        (b"[" * 500_000, "not JSON"),
        (b'{"a":' * 500_000, "not JSON"),
        (b"1" * 100_000, "not JSON"),
        (b"[]", "no list of cells"),
        (b'{"cells": {}}', "no list of cells"),
        (b'{"cells": [5]}', "no list of cells"),
        (b'{"cells": [' + b"{}," * submitted.MAX_CELLS + b"{}]}", "1,001 cells"),
        (b'{"cells": [{"source": "' + b"x" * (submitted.MAX_TEXT + 1) + b'"}]}', "characters"),
        (b" " * (submitted.MAX_NOTEBOOK + 1), "larger than"),
    ],
    ids=lambda value: str(value[:12]),
)
def test_what_is_no_notebook_is_refused_with_a_reason(content: bytes, said: str) -> None:
    """Which the student reads."""
    with pytest.raises(Unreadable, match=said):
        read(content, GIVEN)
