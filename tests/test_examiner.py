"""The examiner: whose doing a failure is, and that a run can be repeated."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from hypothesis.database import DirectoryBasedExampleDatabase

from graders.authoring.criterion import Criterion, Suite
from graders.authoring.expectation import load_suite
from graders.grading import attempt
from graders.grading.examiner import NOT_STARTED, Examiner
from graders.grading.outcome import Line
from graders.sandbox import channel, tree
from graders.sandbox.host import Host
from tests.exams import COMPUTES, COUNTER, DRAWN, INC, MACHINE, RIGHT, TWO, WIDE, Examine
from tests.support import BOX_SUITE, LINUX, Loads, Project, box, linux_only


def test_a_right_submission_passes(exam: Examine) -> None:
    """All its examples are tried, in one load."""
    run = exam(INC, "def inc(n):\n    return n + 1\n")
    outcome = run.outcome()

    assert (outcome.outcome, outcome.points, outcome.max_points) == ("passed", 10, 10)
    assert (outcome.message, outcome.failure) == ("", None)
    assert len(run.suite.seen) > 100
    assert run.loader.loads == 1


def test_an_assertion_that_does_not_hold_fails(exam: Examine) -> None:
    """The outcome holds the smallest example, what was observed, what was expected, and the author's words."""
    outcome = exam(INC, "def inc(n):\n    return n + 1 if n < 12 else 'many'\n").outcome()

    assert (outcome.outcome, outcome.points, outcome.not_started) == ("failed", 0, False)
    assert outcome.failure is not None
    assert outcome.failure.steps == (("inc(12)", "'many'"),)
    assert outcome.failure.expected == "13"
    assert outcome.failure.counterexample() == "inc(12)"
    assert outcome.message == "inc(12) gave 'many', expected 13"
    assert (outcome.because, outcome.hints) == ("why", ("hint",))


def test_without_shrinking_the_example_is_shown_as_it_was_found(exam: Examine) -> None:
    """A class's run saves the time; the verdict is the same."""
    submission = "def inc(n):\n    return n + 1 if n != 3 and n < 100 else 0\n"

    assert exam(INC, submission, shrink=False).outcome().outcome == "failed"


def test_a_failure_shows_where_two_long_values_differ(exam: Examine) -> None:
    """And what a call should have given that raised instead, with the learner's own lines."""
    suite = """
@of_ten()
def inc(submission):
    with gives([1, 2, 3]):
        observed = submission.inc(1)
    assert observed == [1, 2, 3]
"""
    differs = exam(suite, "def inc(n):\n    return [n, n, 3]\n").outcome()
    raises = exam(suite, "def inc(n):\n    raise KeyError(n)\n").outcome()
    stub = exam(suite, "def inc(n):\n    raise NotImplementedError\n").outcome()

    assert differs.failure is not None
    assert differs.failure.differences == (("[1]", "1", "2"),)
    assert raises.failure is not None
    assert (raises.failure.expected, raises.failure.lines) == ("[1, 2, 3]", (Line(2, "inc", "raise KeyError(n)"),))
    assert raises.message == "inc(1) gave KeyError: 1, expected [1, 2, 3]"
    assert stub.message == NOT_STARTED


def test_an_exception_that_the_submission_raised_fails(exam: Examine) -> None:
    """It is named, with the learner's own lines."""
    outcome = exam(
        INC, "def helper(n):\n    return (0, 0, 0, 0, 0)[n]\n\ndef inc(n):\n    helper(n)\n    return n + 1\n"
    ).outcome()

    assert outcome.outcome == "failed"
    assert outcome.message == "inc(5) raised IndexError: tuple index out of range, expected 6"
    assert outcome.failure is not None
    assert outcome.failure.expected == "6"
    assert outcome.failure.lines == (Line(5, "inc", "helper(n)"), Line(2, "helper", "return (0, 0, 0, 0, 0)[n]"))


def test_a_none_in_place_of_a_value_is_shown(exam: Examine) -> None:
    """A prompt prints nothing for it; who forgot to return has to see it."""
    suite = "@of_ten()\ndef inc(submission):\n    found = submission.inc(1)\n    assert found == 2\n"
    outcome = exam(suite, "def inc(n):\n    n + 1\n").outcome()

    assert outcome.message == "inc(1) gave None, expected 2"
    assert outcome.failure is not None
    assert (outcome.failure.steps[-1], outcome.failure.words) == (("inc(1)", ""), "None")


REASONS = """
@of_ten()
def inc(submission):
    assert submission.inc(1) == 2

@inc.also(because="another rule", hints=("another hint",))
def inc_zero(submission):
    assert submission.inc(0) == 1
    with because("an inner rule", "an inner hint"):
        with raises(TypeError):
            submission.inc("x")
"""


@pytest.mark.parametrize(
    ("body", "advice"),
    [
        ("return 0", ("why", ("hint",))),
        ("return n + bool(n)", ("another rule", ("another hint",))),
        ("return int(n) + 1", ("an inner rule", ("an inner hint",))),
    ],
)
def test_the_principle_is_that_of_the_check_that_failed(
    exam: Examine, body: str, advice: tuple[str, tuple[str, ...]]
) -> None:
    """A criterion's checks can fail for different reasons; each tells its own, and so do the lines in `because`."""
    outcome = exam(REASONS, f"def inc(n):\n    {body}\n").outcome()

    assert outcome.outcome == "failed"
    assert (outcome.because, outcome.hints) == advice
    assert outcome.principle == "why"


def test_examples_of_are_tried_first_and_in_their_order(exam: Examine) -> None:
    """Values of one argument, or the arguments of whole examples."""
    suite = """
@of_ten()
@given(n=numbers)
@examples_of({"n": 3}, n=[9, 8])
def inc(submission, n):
    seen.append(n)
"""
    assert exam(suite, "").inputs()[:3] == [3, 9, 8]


RAISES = """
@of_ten()
def refuses(submission):
    with raises(ValueError):
        submission.inc("x")
"""


def test_the_wrong_exception_fails_with_its_lines(exam: Examine) -> None:
    """An exception where another one was expected shows where it came from."""
    outcome = exam(RAISES, "def inc(n):\n    return n + 1\n").outcome()

    assert outcome.outcome == "failed"
    assert outcome.failure is not None
    assert outcome.failure.steps[0][0] == "inc('x')"
    assert outcome.failure.steps[0][1].startswith("TypeError: ")
    assert outcome.failure.expected == "ValueError"
    assert outcome.failure.lines == (Line(2, "inc", "return n + 1"),)


@pytest.mark.parametrize("suite", [DRAWN, RAISES], ids=["called", "expected to raise"])
def test_what_raises_not_implemented_is_not_started(exam: Examine, suite: str) -> None:
    """A stub gets no counterexample, and is not asked again."""
    run = exam(suite, "def inc(n):\n    raise NotImplementedError\n")
    outcome = run.outcome()

    assert (outcome.outcome, outcome.message, outcome.not_started) == ("failed", NOT_STARTED, True)
    assert outcome.failure is None
    assert len(run.suite.seen) <= 1


def test_a_module_that_raises_not_implemented_is_not_run(exam: Examine) -> None:
    """A file that calls its own stub when it is loaded has to be told the line."""
    outcome = exam(INC, "def inc(n):\n    raise NotImplementedError\n\nprint(inc(1))\n").outcome()

    assert (outcome.outcome, outcome.not_started) == ("failed", False)
    assert outcome.not_run is not None
    assert [line.number for line in outcome.not_run.lines] == [4, 2]


BROKEN = """
@of_ten()
@given(number=numbers)
def broken(submission, number):
    submission.inc(number)
    raise ZeroDivisionError("a mistake of the author's")
"""


@pytest.mark.parametrize("control", [None, False])
def test_a_broken_check_is_not_graded(exam: Examine, control: bool | None) -> None:
    """A check that fails for the reference too costs nobody a point, and says what is broken."""
    outcome = exam(BROKEN, "def inc(n):\n    return n + 1\n", control=control).outcome()

    assert (outcome.outcome, outcome.points) == ("not_graded", 0)
    assert outcome.message == "the check of 'broken' is broken: ZeroDivisionError: a mistake of the author's"
    assert outcome.failure is None


@pytest.mark.parametrize("value", ["'x'", "None", "{}", "1 << 70"])
def test_a_value_that_the_check_cannot_compute_with_fails(exam: Examine, value: str) -> None:
    """The suite's code raised, by the submission's doing: the reference passes, so its value is the cause."""
    submission = f"def inc(n):\n    return {value} if n > 4 else n + 1\n"
    outcome = exam(COMPUTES, submission, control=True).outcome()
    doubtful = exam(COMPUTES, submission, control=False).outcome()

    assert (outcome.outcome, outcome.message) == ("failed", "a value came back that the check can't compute with")
    assert outcome.failure is not None
    assert outcome.failure.steps[-1][0] == "inc(5)"
    assert doubtful.outcome == "not_graded"


@pytest.mark.parametrize("suite", [INC, MACHINE])
def test_nothing_of_a_submission_is_kept_once_it_was_examined(exam: Examine, suite: str) -> None:
    """A class of thousands must not stay in memory, whatever Hypothesis keeps."""
    run = exam(suite, COUNTER + "def inc(n):\n    return n + 1\n")
    loader = weakref.ref(run.loader)
    assert run.outcome().outcome == "passed"

    del run
    gc.collect()

    assert loader() is None


@pytest.mark.parametrize(("control", "outcome"), [(True, "failed"), (False, "not_graded")])
def test_a_failure_that_cannot_be_shown_is_held_against_a_control_run(
    exam: Examine, monkeypatch: pytest.MonkeyPatch, control: bool, outcome: str
) -> None:
    """A submission chooses the values that are shown: it must not bring about that it is not graded."""

    def shown(*_: object) -> None:
        raise AttributeError("'bool' object has no attribute '__name__'")

    monkeypatch.setattr(attempt, "shown", shown)

    assert exam(INC, "def inc(n):\n    return 0\n", control=control).outcome().outcome == outcome


def test_a_control_run_is_asked_only_in_doubt(exam: Examine) -> None:
    """It costs a whole run of the reference."""
    run = exam(INC, "def inc(n):\n    return 0\n")
    asked: list[Criterion] = []

    def control(criterion: Criterion) -> bool:
        asked.append(criterion)
        return True

    run.examiner.control = control

    assert run.outcome().outcome == "failed"
    assert asked == []


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            "class Liar(int): pass\ndef inc(n):\n    return Liar(n + 1) if n != 1 else 2\n",
            "Liar came back, expected 4",
        ),
        ("def inc(n):\n    return 'x' * (1 << 21) if n != 1 else 2\n", "a value came back that can't be used"),
        ("def inc(n):\n    return (lambda: 5) if n != 1 else 2\n", "inc(3): a function came back, expected 4"),
    ],
    ids=["subclass", "large", "function"],
)
@pytest.mark.parametrize("level", ["process", "none"])
def test_a_value_that_is_no_plain_data_costs_one_criterion(exam: Examine, level: str, body: str, message: str) -> None:
    """The row says which value, not that the file can't be imported; the next criterion is graded."""
    first, second = exam(TWO, body, level).outcomes()

    assert first.outcome == "failed"
    assert message in first.message
    assert "imported" not in first.message
    assert first.failure is not None
    assert first.failure.steps[-1][0].endswith("inc(3)")
    assert second.outcome == "passed"


ALSO = (
    INC
    + """
@inc.also(examples=5)
@given(number=numbers)
def more(submission, number):
    seen.append("more")
    assert submission.more(number) == number

@inc.also()
def last(submission):
    seen.append("last")
    assert submission.last() is None
"""
)


def test_all_checks_of_a_criterion_are_needed(exam: Examine) -> None:
    """They run in order until one fails; each has its own number of examples."""
    right = "def inc(n):\n    return n + 1\ndef more(n):\n    return n\ndef last():\n    pass\n"
    run = exam(ALSO, right)
    assert run.outcome().outcome == "passed"
    assert run.suite.seen.count("more") == 5
    assert run.suite.seen[-1] == "last"

    run = exam(ALSO, right.replace("return n\n", "return -1\n"))
    outcome = run.outcome()
    assert (outcome.id, outcome.outcome) == ("inc", "failed")
    assert outcome.failure is not None
    assert outcome.failure.steps == (("more(0)", "-1"),)
    assert "last" not in run.suite.seen


def test_a_state_machine_passes_and_fails_as_a_history(exam: Examine) -> None:
    """The shortest history that fails is shown, call by call, on a fresh object."""
    assert exam(MACHINE, COUNTER).outcome().outcome == "passed"

    outcome = exam(MACHINE, COUNTER.replace("return self.n", "return self.n if self.ups < 2 else 99")).outcome()

    assert (outcome.id, outcome.outcome) == ("Counter", "failed")
    assert outcome.failure is not None
    assert [source for source, _ in outcome.failure.steps] == ["c = Counter()", "c.up(0)", "c.up(0)", "c.value()"]
    assert (outcome.failure.steps[-1][1], outcome.failure.expected) == ("99", "0")


STEERED = """
@of_ten()
@given(data=st.data())
def steered(submission, data):
    data.draw(st.integers(0, 9) if submission.inc(1) % 2 else st.booleans())
"""


def test_answers_that_change_what_is_asked_next_each_time_are_the_submissions_failure(exam: Examine) -> None:
    """Hypothesis gives up where inputs hang on answers that are others each time; the reference's are not."""
    submission = "import itertools\nnumbers = itertools.count()\ndef inc(n):\n    return next(numbers)\n"
    outcome = exam(STEERED, submission, control=True).outcome()
    doubtful = exam(STEERED, submission, control=False).outcome()

    assert (outcome.outcome, outcome.message) == ("failed", "The same calls gave something else the second time.")
    assert doubtful.outcome == "not_graded"


def test_an_assumption_that_does_not_hold_is_no_failure(exam: Examine) -> None:
    """Inputs that a check puts aside count for nothing, nor does Hypothesis's health."""
    suite = "@of_ten()\n@given(number=numbers)\ndef odd(submission, number):\n    assume(number % 2)\n"
    suite += "    assert submission.inc(number) == number + 1\n"

    assert exam(suite, "def inc(n):\n    return n + 1\n").outcome().outcome == "passed"
    assert exam(suite, "def inc(n):\n    return 0\n").outcome().outcome == "failed"


def test_a_seed_repeats_the_inputs(exam: Examine) -> None:
    """The same seed gives every submission the same inputs, another seed others."""
    one = exam(WIDE, RIGHT, seed=1).inputs()

    assert one == exam(WIDE, "def inc(n):\n    return -n\n", seed=1).inputs()
    assert one != exam(WIDE, RIGHT, seed=2).inputs()
    assert len(set(one)) > 50


def test_the_failing_example_is_tried_first_next_time(exam: Examine, tmp_path: Path) -> None:
    """A learner who repairs a bug sees at once whether it is gone, whatever the new seed draws."""
    suite = WIDE.replace("submission.inc(number)", "assert submission.inc(number) == number + 1")
    wrong = "def inc(n):\n    return n + 1 if n < 1000 else 0\n"
    database = DirectoryBasedExampleDatabase(tmp_path / "examples")
    first = exam(suite, wrong, seed=1, database=database).outcome()
    again = exam(suite, wrong, seed=99, database=database).inputs()

    assert first.failure is not None
    assert first.failure.steps[0][0] == "inc(1000)"
    assert again[0] == 1000
    assert exam(suite, wrong, seed=99).inputs()[0] != 1000


def test_an_examination_leaves_hypothesis_as_it_was(exam: Examine) -> None:
    """The settings of a run are not the process's: the project's own tests run in it too."""
    before = hypothesis.settings.get_current_profile_name()
    exam(INC, RIGHT).outcome()

    assert hypothesis.settings.get_current_profile_name() == before
    assert hypothesis.settings().max_examples == 100


@pytest.mark.skipif(not LINUX, reason="the clock of waiting for a core is read from /proc")
def test_the_levels_give_the_same_outcomes(small: Project) -> None:
    """For right and wrong submissions: the same verdicts, messages and counterexamples in a process of its own."""
    suite = Suite.of(load_suite(small.root / "graders" / "suites" / "box" / "suite.py", "suite_of_boxes"))
    texts = {
        "right": box(),
        "value": box(init="self.value = value + (value > 9)"),
        "raises": box(hash_="raise RuntimeError('no')"),
        "exits": box(repr_="raise SystemExit(3)"),
        "lies": box(eq="return Liar()", top="class Liar(int):\n    def __eq__(self, other): return True"),
        "missing": box(bottom="del double"),
        "recursion": box(double="return double(number)"),
        "stub": box(double="raise NotImplementedError"),
    }
    loads = Loads(small.temp)
    small.temp.mkdir()
    found: dict[str, list[list[Any]]] = {}
    try:
        for level in ("process", "none"):
            for name, text in texts.items():
                examiner = Examiner(loads.open(text, level), 7, shrink=False)
                outcomes = [examiner.examine(criterion) for criterion in suite.criteria]
                shown = [
                    (
                        o.outcome,
                        o.message,
                        o.not_started,
                        o.failure and (o.failure.steps, o.failure.expected, o.failure.lines),
                    )
                    for o in outcomes
                ]
                found.setdefault(name, []).append(shown)
    finally:
        loads.close()

    assert BOX_SUITE.count("@criterion") == len(suite.criteria)
    for name, (process, none) in found.items():
        assert process == none, name
    assert [verdict for verdict, *_ in found["right"][0]] == ["passed"] * 5
    assert all("failed" in {verdict for verdict, *_ in shown[0]} for name, shown in found.items() if name != "right")


@pytest.mark.parametrize(
    ("beside", "outcome", "said"),
    [(True, "failed", "no answer within 0.3 s"), (False, "not_graded", "the machine was too busy to tell")],
    ids=["the reference passes beside it", "the reference does not either"],
)
def test_a_limit_met_on_a_busy_machine_is_held_against_a_control_run(
    exam: Examine, monkeypatch: pytest.MonkeyPatch, beside: bool, outcome: str, said: str
) -> None:
    """Doubt is said aloud: it neither earns points nor costs them."""
    monkeypatch.setattr(channel, "_BUSY", 0.0)  # whatever was spent, the machine counts as busy
    run = exam(INC, "def inc(n):\n    while True: pass\n", "process", call_seconds=0.3)
    asked: list[str] = []

    def passes(criterion: Criterion) -> bool:
        asked.append(criterion.id)
        return beside

    run.examiner.beside = passes

    found = run.outcome()

    assert (found.outcome, found.points, asked) == (outcome, 0, ["inc"])
    assert said in found.message


@linux_only
@pytest.mark.parametrize(
    ("suite", "then"),
    [(INC, "while True: pass"), (COMPUTES, "return 'x'")],
    ids=["after a limit", "after an exception of the suite's own"],
)
def test_nothing_of_the_submission_runs_beside_the_control_run(
    exam: Examine, monkeypatch: pytest.MonkeyPatch, suite: str, then: str
) -> None:
    """Or it could keep the cores busy until the reference does not pass in time either."""
    monkeypatch.setattr(channel, "_BUSY", 0.0)
    spins = f"import os\ndef inc(n):\n    if not os.fork():\n        while True: pass\n    {then}\n"
    run = exam(suite, spins, "process", call_seconds=0.3)
    host = run.loader.loader
    assert isinstance(host, Host)
    found: list[list[int]] = []

    def passes(criterion: Criterion) -> bool:
        found.append(list(tree.descendants(host.root())))
        return True

    run.examiner.beside = run.examiner.control = passes

    assert run.outcome().outcome == "failed"
    assert found == [[host.root()]]


def test_a_limit_met_on_an_idle_machine_needs_no_control_run(exam: Examine, monkeypatch: pytest.MonkeyPatch) -> None:
    """An endless loop costs its limit, and not the reference's run as well."""
    monkeypatch.setattr(channel, "_BUSY", 1e9)
    run = exam(INC, "def inc(n):\n    while True: pass\n", "process", call_seconds=0.3)
    run.examiner.beside = lambda criterion: pytest.fail("it was asked")

    assert run.outcome().outcome == "failed"
