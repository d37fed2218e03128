"""Values as source: what a submission puts into a value makes the examiner neither grow nor wait."""

from __future__ import annotations

from graders.sandbox.transcript import literal, show


def test_numbers_that_span_more_than_any_memory_are_cut_short() -> None:
    """Only a list that has as many members as a range is written as one."""
    far = (*range(-400, 0), 1 << 62)

    assert literal(far) == show(far)
    assert literal(list(range(-400, 400))) == "list(range(-400, 400))"


def test_a_run_is_searched_where_it_could_be_pasted() -> None:
    """However long the text is: what stands before a run that begins later would be cut."""
    run = "ab" * 200_000
    assert literal(f"to{run}c") == "'to' + 'ab' * 200000 + 'c'"

    late = "".join(chr(0x4E00 + number) for number in range(5_000)) + run
    assert literal(late) == show(late)
