"""The score card as text: every meaning in words, everything escaped, 80 columns."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from graders.grading.outcome import Examples, Failure, Line, Outcome, Result, result
from graders.report.card import Look, card, for_student

FOOT = "seed 1234567890, isolation process, 12.3 s"
LONG = "because of a principle that takes more words than one line of a terminal has room for, and then some more of it"


def failed(**more: Any) -> Outcome:
    """Return a failed outcome."""
    failure = Failure((("p = Point(-1, 0)", ""), ("p == q", "True")), "False")
    return Outcome(
        "exact", "Equality is exact", 10, "failed", "m", LONG, ("First?", "Second."), failure=failure, **more
    )


def shown(
    *outcomes: Outcome, feedback: str = "counterexample", rungs: int = 0, width: int = 80, **more: Any
) -> list[str]:
    """Return the lines of a card."""
    made = result("katas/k.py", "k", "A kata", list(outcomes), criteria=len(outcomes), **more)
    look = Look(width, feedback, FOOT, {outcome.id: rungs for outcome in outcomes})
    return [line for line, _ in card(made, look)]


def test_a_card_has_a_head_a_row_for_each_criterion_and_a_foot() -> None:
    """Kata, title and file; points, verdict and title; the sum, and what is true of the run."""
    passed = Outcome("one", "One", 90, "passed", seconds=1.0)
    lines = shown(passed, failed())

    assert lines[0].split() == ["k", "-", "A", "kata", "katas/k.py"]
    assert len(lines[0]) <= 80
    assert "   90/90  passed       One" in lines
    assert "    0/10  FAILED       Equality is exact" in lines
    assert lines[-1] == f" 90/100  {FOOT}"


def test_a_failure_shows_its_transcript_what_was_expected_and_why() -> None:
    """The lines can be pasted; the last one says what was seen and what should have been."""
    lines = shown(failed())
    start = lines.index("          >>> p = Point(-1, 0)")

    assert lines[start + 1] == "          >>> p == q"
    assert re.fullmatch(r" {10}True +expected False", lines[start + 2])
    assert lines[start + 3].startswith("          Why: because of a principle")
    assert " ".join(line.strip() for line in lines[start + 3 : -1]) == f"Why: {LONG}"


def test_a_failure_shows_the_learners_own_lines_and_what_was_printed() -> None:
    """Where their code raised, innermost last; and a bounded part of their output."""
    failure = Failure(
        (("f(1)", "ValueError: no"),),
        "no exception",
        (Line(3, "f", "return g(n)"), Line(7, "g", "raise ValueError('no')")),
        "".join(f"line {n}\n" for n in range(100)),
    )
    lines = shown(Outcome("i", "T", 5, "failed", "m", "why", failure=failure))

    assert "          Your code, line 3, in f:" in lines
    assert "              raise ValueError('no')" in lines
    assert lines.index("          Your code, line 3, in f:") < lines.index("          Your code, line 7, in g:")
    assert "          Your code printed:" in lines
    assert "            | line 0" in lines
    assert "            ... 88 lines between ..." in lines
    assert "            | line 99" in lines
    assert sum("| line" in line for line in lines) == 12


def test_hints_are_shown_as_far_as_they_were_asked_for() -> None:
    """None, the first, both; never more than there are."""
    hints = [[line for line in shown(failed(), rungs=rungs) if "Hint" in line] for rungs in range(4)]

    assert hints[0] == []
    assert hints[1] == ["          Hint 1 of 2: First?"]
    assert hints[2] == hints[3] == ["          Hint 1 of 2: First?", "          Hint 2 of 2: Second."]


def test_a_criterion_that_was_not_started_makes_no_noise() -> None:
    """A row, and nothing below it."""
    outcome = failed(not_started=True)

    assert shown(outcome, rungs=2)[1:] == ["    0/10  not started  Equality is exact", f" 0/100  {FOOT}"]


def test_a_criterion_that_was_not_graded_is_nobodys_fault() -> None:
    """In words, with the reason and without a score."""
    lines = shown(Outcome("i", "T", 5, "not_graded", "the grader failed: no room"))
    text = " ".join(line.strip() for line in lines)

    assert "     0/5  NOT GRADED   T" in lines
    assert "the grader failed: no room" in text
    assert "not the submission's fault" in text
    assert "no score" in text
    assert "0/100" not in text


def test_a_card_of_some_criteria_has_no_score() -> None:
    """A run that was narrowed down by -k says so."""
    made = result("f", "k", "t", [Outcome("i", "T", 5, "passed")], criteria=3)
    last = list(card(made, Look(80, "counterexample", FOOT, {})))[-1][0]

    assert "5/5 (1 of the criteria ran, no score)" in last


@pytest.mark.parametrize(
    ("feedback", "parts"),
    [
        ("score", set()),
        ("criterion", {"Why"}),
        ("counterexample", {"Why", ">>>", "Hint"}),
        ("full", {"Why", ">>>", "Hint"}),
    ],
)
def test_a_feedback_level_says_so_much_and_no_more(feedback: str, parts: set[str]) -> None:
    """Each level adds to the one before; the score alone has no rows at all."""
    text = "\n".join(shown(failed(), feedback=feedback, rungs=1))

    assert {part for part in ("Why", ">>>", "Hint") if part in text} == parts
    assert ("FAILED       Equality is exact" in text) is (feedback != "score")
    assert f" 0/100  {FOOT}" in text


@pytest.mark.parametrize("feedback", ["score", "criterion", "counterexample", "full"])
def test_what_a_student_reads_holds_no_more_than_the_level_allows(feedback: str) -> None:
    """Output and exception texts can carry hidden inputs back: below "full" they stay with the instructor."""
    failure = Failure((("f('INPUT')", "'SEEN'"),), "'WANTED'", (Line(1, "f", "SOURCE"),), "PRINTED\n")
    outcome = Outcome("i", "T", 5, "failed", "f('INPUT') gave MESSAGE", "why", ("h",), failure=failure)
    made = for_student(result("s", "k", "t", [outcome], criteria=1), feedback)
    text = "\n".join(line for line, _ in card(made, Look(80, feedback, "", {})))
    allowed = {"full": {"INPUT", "PRINTED"}, "counterexample": {"INPUT"}}.get(feedback, set())

    assert {word for word in ("INPUT", "MESSAGE", "PRINTED") if word in text} == allowed


@pytest.mark.parametrize("feedback", ["score", "criterion"])
def test_what_a_submission_chooses_beside_its_verdicts_is_left_out(feedback: str) -> None:
    """Whether it raised NotImplementedError and how fast it was could each tell a bit of what it was asked."""
    hidden = Outcome("i", "T", 5, "failed", "m", "why", ("h",), True, None, 0.0, "3.5 x of 3.5 x")
    plain = Outcome("i", "T", 5, "failed", "", "why", ("h",), False, None, 0.0, None)

    assert for_student(result("s", "k", "t", [hidden], criteria=1), feedback).outcomes == (plain,)


def test_public_examples_are_counted_and_those_that_fail_are_shown() -> None:
    """They come first and are worth no points."""
    lines = shown(failed(), examples=Examples(7, (("f(1)\n", "2\n", "3\n"), ("f(2)\n", "4\n", "5\n"))))

    assert lines[1:8] == [
        "   5 of 7 public examples pass (no points)",
        "          >>> f(1)",
        "          3",
        "          expected 2",
        "          >>> f(2)",
        "          5",
        "          expected 4",
    ]


def test_of_many_public_examples_that_fail_five_are_shown() -> None:
    """And the others are counted."""
    lines = shown(failed(), examples=Examples(7, tuple((f"f({n})\n", "2\n", "3\n") for n in range(7))))

    assert [line.strip() for line in lines if ">>> f" in line] == [f">>> f({n})" for n in range(5)]
    assert "          ... and 2 more that fail" in lines


def test_a_recursion_without_end_is_shown_by_one_round() -> None:
    """Sixteen equal frames say no more than one."""
    one, two, three = Line(3, "f", "return g(n)"), Line(7, "g", "return h(n)"), Line(9, "h", "return g(n)")
    for rounds, same in (((two,) * 8, "the same line"), ((two, three) * 8, "the same 2 lines")):
        failure = Failure((("f(1)", "RecursionError: too deep"),), "1", (one, *rounds, one))
        lines = shown(Outcome("i", "T", 5, "failed", "m", "why", failure=failure))

        assert [line.strip() for line in lines if "Your code, line" in line] == [
            f"Your code, line {each.number}, in {each.function}:" for each in (one, *dict.fromkeys(rounds), one)
        ]
        assert f"          ... and {same} again and again" in lines


def test_a_value_that_no_call_gave_is_shown_beside_what_was_expected() -> None:
    """What the last call gave stands alone: it is something else."""
    failure = Failure((("reading()", "['/a']"),), "3", found="2")
    lines = [line.strip() for line in shown(Outcome("i", "T", 5, "failed", "m", "why", failure=failure))]
    start = lines.index(">>> reading()") + 1

    assert lines[start] == "['/a']"
    assert lines[start + 1].split() == ["found", "2", "expected", "3"]


def test_what_was_measured_is_shown_when_asked_for() -> None:
    """A learner reads what it means; -v shows the figures as well."""
    made = result("f", "k", "t", [Outcome("i", "T", 5, "passed", speedup="4 busy\n3.5 x of 3.5 x")], criteria=1)
    plain, all_of_it = (
        [line.strip() for line, _ in card(made, Look(80, "counterexample", FOOT, {}, verbose))]
        for verbose in (False, True)
    )

    assert plain[2:-1] == ["4 busy"]
    assert all_of_it[2:-1] == ["4 busy", "3.5 x of 3.5 x"]


def test_public_examples_of_an_untouched_stub_are_only_counted() -> None:
    """A counterexample would say nothing that the stub does not."""
    lines = shown(failed(not_started=True), examples=Examples(7, (("f(1)\n", "2\n", "NotImplementedError\n"),)))

    assert lines[1] == "   0 of 7 public examples pass (no points)".replace("0", "6")
    assert not any(">>>" in line for line in lines)


def test_statements_of_several_lines_can_be_pasted() -> None:
    """As at a prompt: three dots, and an empty line of them behind a block."""
    failure = Failure((("class Sub(Point):\n    pass", ""), ("x = 1\ny = 2", ""), ("Sub()", "1")), "2")
    lines = [line.strip() for line in shown(Outcome("i", "T", 5, "failed", "m", "why", failure=failure))]
    start = lines.index(">>> class Sub(Point):")

    assert lines[start : start + 3] == [">>> class Sub(Point):", "...     pass", "..."]


def test_earlier_steps_that_were_dropped_are_counted() -> None:
    """A transcript that begins in the middle says so."""
    failure = Failure((("f()", "1"),), "2", dropped=17)

    assert "          (17 earlier calls, which passed, are not shown)" in shown(
        Outcome("i", "T", 5, "failed", failure=failure)
    )


@pytest.mark.parametrize(
    ("differences", "lines"),
    [
        (
            (("[0]['name']", "'w_2'", "'w_10'"), ("[1]", "nothing", "5")),
            ["differs at   observed  expected", "[0]['name']  'w_2'     'w_10'", "[1]          nothing   5"],
        ),
        ((("[0]", "1" * 40, "2" * 40),), ["at [0]: " + "1" * 40, "expected " + "2" * 40]),
        ((), [str([1] * 22), "expected [2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2,", "2, 2]"]),
    ],
)
def test_long_values_are_set_side_by_side_where_they_differ(
    differences: tuple[tuple[str, str, str], ...], lines: list[str]
) -> None:
    """Two long values are hard to compare; where they have no common parts, they are shown as they are."""
    failure = Failure((("f()", str([1] * 22)),), str([2] * 22), differences=differences)
    shown_ = [line.strip() for line in shown(Outcome("i", "T", 5, "failed", "m", "why", failure=failure))]
    start = shown_.index(">>> f()") + 1

    assert shown_[start : start + len(lines)] == lines


def test_short_values_stand_in_one_line_though_their_places_are_known() -> None:
    """Nothing is easier to compare."""
    failure = Failure((("f()", "[1, 2]"),), "[1, 3]", differences=(("[1]", "2", "3"),))
    lines = shown(Outcome("i", "T", 5, "failed", "m", "why", failure=failure))

    assert f"{'          [1, 2]':<38}expected [1, 3]" in lines
    assert not any("differs" in line for line in lines)


def test_what_went_wrong_is_said_before_the_places_where_it_shows() -> None:
    """Of a schedule nothing else is expected. A note on the calls stands behind them."""
    failure = Failure(
        (("f()", ""),), "", words="wrong-order: why", differences=(("[1]", "2", "3"),), note="Alone they pass."
    )
    lines = [line.strip() for line in shown(Outcome("i", "T", 5, "failed", "m", "why", failure=failure))]
    start = lines.index(">>> f()") + 1

    assert lines[start : start + 4] == [
        "wrong-order: why",
        "differs at  observed  expected",
        "[1]         2         3",
        "Alone they pass.",
    ]


def test_a_helper_is_shown_whole_once() -> None:
    """A card can be pasted from its top; ten times the same lines hide what differs."""
    helper = "def reading(text):\n    return parse(text)"
    failures = [
        Failure(((helper, ""), ("reading('a')", "1")), "2"),
        Failure(((helper, ""), ("reading('b')", "3")), "4"),
    ]
    lines = [line.strip() for line in shown(*(Outcome("i", "T", 5, "failed", "m", "w", failure=f) for f in failures))]

    assert [line for line in lines if line.startswith((">>>", "..."))] == [
        ">>> def reading(text):",
        "...     return parse(text)",
        "...",
        ">>> reading('a')",
        ">>> reading('b')",
    ]


HOSTILE = "\x1b[2J\x1b]0;owned\x07\r\n100/100 passed \u202e\ud800" + "x" * 5000


@pytest.mark.parametrize("hostile", [HOSTILE, "\x1b[2J\n\ud800", "\x07"], ids=["long", "short", "bell"])
def test_nothing_of_a_submissions_reaches_a_terminal_unescaped(hostile: str) -> None:
    """Not from values, messages, sources, output, function names, file names or public examples."""
    failure = Failure(((hostile, hostile), (hostile, hostile)), hostile, (Line(1, hostile, hostile),), hostile)
    places = replace(failure, differences=((hostile, hostile, hostile),))
    outcome = Outcome("i", "T", 5, "failed", hostile, "why", ("h",), failure=failure)
    plain = Outcome("j", "T", 5, "failed", hostile, "why", failure=Failure(lines=(Line(1, hostile, hostile),)))
    doubt = Outcome("k", "T", 5, "not_graded", hostile)
    speed = Outcome("l", "T", 5, "passed", speedup=hostile)
    apart = Outcome("m", "T", 5, "failed", hostile, "why", failure=places)
    examples = Examples(1, ((hostile, hostile, hostile),))
    made = result(hostile, "k", "t", [outcome, plain, doubt, speed, apart], criteria=5, examples=examples)

    for line, _ in card(made, Look(80, "full", FOOT, {})):
        assert line.isprintable()
        line.encode()


def test_a_forged_row_is_no_row() -> None:
    """Text of the submission's never stands where the grader's own words do."""
    forged = "x\n  100/100  passed       Everything\n 100/100  seed 7"
    failure = Failure((("f()", forged),), forged, (Line(1, "f", forged),), forged)
    lines = shown(
        Outcome("i", "T", 5, "failed", forged, "why", failure=failure), examples=Examples(1, (("f()", "1", forged),))
    )

    assert [line for line in lines if re.match(r" {0,9}\d+/\d+ ", line)] == ["     0/5  FAILED       T", lines[-1]]


@pytest.mark.parametrize(
    "outcome",
    [
        failed(),
        Outcome("i", "T", 5, "not_graded", f"the grader failed: {LONG} {LONG}"),
        Outcome("i", "T", 5, "failed", LONG, LONG, (LONG,), failure=Failure((("f(1)", LONG),), "no exception")),
        Outcome("i", "T", 5, "failed", LONG, LONG, failure=Failure((("f(1)", "1"),), LONG)),
        Outcome("i", "T", 5, "failed", LONG, LONG, failure=Failure(printed=LONG * 3)),
    ],
    ids=["failed", "not graded", "observed", "expected", "printed"],
)
def test_a_card_fits_into_80_columns(outcome: Outcome) -> None:
    """But for code, which has to stay on one line to be pasted, no line is cut by a terminal of 80 columns."""
    made = result("solutions/" + "x" * 20 + ".py", "kata", "Title", [outcome], criteria=1)

    for line, _ in card(made, Look(80, "full", FOOT, {outcome.id: 1})):
        assert len(line) <= 80, line


def test_a_style_only_repeats_what_the_words_say() -> None:
    """Whatever has a colour can be told apart without it."""
    outcomes = [
        Outcome("a", "T", 5, "passed"),
        failed(),
        failed(not_started=True),
        Outcome("b", "T", 5, "not_graded", "why"),
    ]
    styles: dict[str, set[str]] = {}
    for outcome in outcomes:
        made = Result("f", "k", "t", "graded", (outcome,))
        row, style = list(card(made, Look(80, "criterion", FOOT, {})))[1]
        styles.setdefault(row.split("T")[0] if "not started" in row else row.split()[1], set()).add(style)

    assert {"passed", "FAILED", "NOT"} <= set(styles)
    assert all(len(found) == 1 for found in styles.values())


@pytest.mark.parametrize(("feedback", "said"), [("counterexample", "of the check"), ("criterion", "of the criterion")])
def test_which_check_failed_is_told_from_counterexample_on(feedback: str, said: str) -> None:
    """A submission chooses it, by what it was asked: below that only the criterion's own principle is left."""
    failed = Outcome("id", "Title", 10, "failed", because="of the check", principle="of the criterion")
    made = for_student(result("s", "k", "t", [failed], criteria=1), feedback)

    assert f"Why: {said}" in "\n".join(line for line, _ in card(made, Look(80, feedback, "", {})))
