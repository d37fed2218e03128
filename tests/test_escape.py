"""What comes from a submission is harmless on its way to a terminal."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from graders.report.escape import lines, visible


@given(text=st.text(st.characters(codec=None)))
@example(text="\x1b[31mred\x1b[0m\r\n\b\x07")
@example(text="\u202e\u2066\u200b\ufeff\ud800")
def test_visible_text_has_no_power_over_a_terminal(text: str) -> None:
    """What is left can be printed, encoded, and stands on one line."""
    shown = visible(text)

    assert shown.isprintable()
    assert shown.splitlines() in ([shown], [])
    shown.encode("utf-8")


@given(text=st.text(st.characters(exclude_categories=["C", "Z"])) | st.text("abc é漢🙂"))
def test_printable_text_stays_as_it_is(text: str) -> None:
    """Letters of any script are what a learner wrote."""
    assert visible(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [("a\nb", "a\\nb"), ("\x1b[2J", "\\x1b[2J"), ("\u202eabc", "\\u202eabc"), ("tab\t", "tab\\t"), ("\x00", "\\x00")],
)
def test_what_is_hidden_is_written_out(text: str, shown: str) -> None:
    """An escape shows what was there instead of dropping it."""
    assert visible(text) == shown


def test_lines_are_told_apart_by_newlines_alone() -> None:
    """A carriage return or another separator can't draw over the line before; tabs keep their width."""
    assert lines("a\n\tb\rc\x0bd\n") == ["a", "    b\\rc\\x0bd", ""]
