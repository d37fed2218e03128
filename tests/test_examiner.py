"""The examiner: whose doing a failure is, how small it is shown, and that a run can be repeated."""

from __future__ import annotations

import types
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from hypothesis.database import DirectoryBasedExampleDatabase, ExampleDatabase

from graders.catalogue import Kata
from graders.criterion import Criterion, Suite
from graders.examiner import NOT_STARTED, Examiner
from graders.expectation import load_suite
from graders.replay import Drawn
from graders.run import Run, Target
from graders.sandbox.errors import GraderFault, Hung, LoadFailed, WorkerDied
from graders.sandbox.limits import Limits, Source
from graders.scoring import Line, Outcome
from graders.session import Loader, PrintingChannel
from tests.support import BOX_SUITE, LINUX, Loads, Project, box

HEAD = '''"""Hidden suite: A thing."""
from hypothesis import assume, example, given, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from graders import criterion, raises

seen = []
numbers = st.integers(0, 1000)

def of_ten(points=10, **more):
    return criterion("Title", points=points, because="why", hints=("hint",), **more)
'''


class Counting(Loader):
    """A loader that counts the loads it gives, and fails where it is told to."""

    def __init__(self, loader: Loader, fail_at: int = 0, failure: Exception | None = None) -> None:
        self.loader = loader
        self.loads = 0
        self.fail_at = fail_at
        self.failure = failure or GraderFault("the zygote failed")

    @property
    def source(self) -> Source:  # type: ignore[override]
        """The submission."""
        return self.loader.source

    @property
    def limits(self) -> Limits:  # type: ignore[override]
        """Its limits."""
        return self.loader.limits

    @property
    def doc(self) -> str:  # type: ignore[override]
        """Its docstring."""
        return self.loader.doc

    def fresh(self) -> PrintingChannel:
        """Return a load, or fail as a dead zygote does."""
        self.loads += 1
        if self.loads == self.fail_at:
            raise self.failure
        return self.loader.fresh()


@dataclass
class Exam:
    """A suite, the loads of a submission, and what the suite saw."""

    suite: types.ModuleType
    loader: Counting
    examiner: Examiner

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """The suite's criteria."""
        return Suite.of(self.suite).criteria

    def outcomes(self) -> list[Outcome]:
        """Examine all criteria."""
        return [self.examiner.examine(criterion) for criterion in self.criteria]

    def outcome(self) -> Outcome:
        """Examine the only criterion."""
        (found,) = self.outcomes()
        return found

    def inputs(self) -> list[Any]:
        """Examine, and return what the suite noted."""
        self.suite.seen.clear()
        self.outcomes()
        return list(self.suite.seen)


@pytest.fixture(name="exam")
def _exam(tmp_path: Path, loads: Loads) -> Callable[..., Exam]:
    """Prepare an examination of a submission by a suite, both given as text."""
    count = 0

    def prepare(
        suite: str,
        submission: str,
        level: str = "none",
        *,
        seed: int = 7,
        control: bool | None = None,
        shrink: bool = True,
        database: ExampleDatabase | None = None,
        drawn: Drawn | None = None,
        fail_at: int = 0,
        failure: Exception | None = None,
        **limits: Any,
    ) -> Exam:
        nonlocal count
        count += 1
        path = tmp_path / f"suite{count}.py"
        path.write_text(HEAD + suite)
        loader = Counting(loads.open(submission, level, **limits), fail_at, failure)
        answer = None if control is None else (lambda _: control)
        examiner = Examiner(loader, seed, database=database, control=answer, shrink=shrink, drawn=drawn)
        return Exam(load_suite(path, f"suite_of_exam_{count}"), loader, examiner)

    return prepare


INC = """
@of_ten()
@given(number=numbers)
@example(number=3)
def inc(submission, number):
    seen.append(number)
    assert submission.inc(number) == number + 1
"""


def test_a_right_submission_passes(exam: Callable[..., Exam]) -> None:
    """All its examples are tried, in one load."""
    run = exam(INC, "def inc(n):\n    return n + 1\n")
    outcome = run.outcome()

    assert (outcome.outcome, outcome.points, outcome.max_points) == ("passed", 10, 10)
    assert (outcome.message, outcome.failure) == ("", None)
    assert len(run.suite.seen) > 100
    assert run.loader.loads == 1


def test_an_assertion_that_does_not_hold_fails(exam: Callable[..., Exam]) -> None:
    """The outcome holds the smallest example, what was observed, what was expected, and the author's words."""
    outcome = exam(INC, "def inc(n):\n    return n + 1 if n < 12 else 'many'\n").outcome()

    assert (outcome.outcome, outcome.points, outcome.not_started) == ("failed", 0, False)
    assert outcome.failure is not None
    assert outcome.failure.steps == (("inc(12)", "'many'"),)
    assert outcome.failure.expected == "13"
    assert outcome.failure.counterexample() == "inc(12)"
    assert outcome.message == "inc(12) gave 'many', expected 13"
    assert (outcome.because, outcome.hints) == ("why", ("hint",))


def test_without_shrinking_the_example_is_shown_as_it_was_found(exam: Callable[..., Exam]) -> None:
    """A class's run saves the time; the verdict is the same."""
    submission = "def inc(n):\n    return n + 1 if n != 3 and n < 100 else 0\n"

    assert exam(INC, submission, shrink=False).outcome().outcome == "failed"


def test_an_exception_that_the_submission_raised_fails(exam: Callable[..., Exam]) -> None:
    """It is named, with the learner's own lines."""
    outcome = exam(
        INC, "def helper(n):\n    return (0, 0, 0, 0, 0)[n]\n\ndef inc(n):\n    helper(n)\n    return n + 1\n"
    ).outcome()

    assert outcome.outcome == "failed"
    assert outcome.message == "inc(5) raised IndexError: tuple index out of range"
    assert outcome.failure is not None
    assert outcome.failure.expected == "no exception"
    assert outcome.failure.lines == (Line(5, "inc", "helper(n)"), Line(2, "helper", "return (0, 0, 0, 0, 0)[n]"))


RAISES = """
@of_ten()
def refuses(submission):
    with raises(ValueError):
        submission.inc("x")
"""


def test_the_wrong_exception_fails_with_its_lines(exam: Callable[..., Exam]) -> None:
    """An exception where another one was expected shows where it came from."""
    outcome = exam(RAISES, "def inc(n):\n    return n + 1\n").outcome()

    assert outcome.outcome == "failed"
    assert outcome.failure is not None
    assert outcome.failure.steps[0][0] == "inc('x')"
    assert outcome.failure.steps[0][1].startswith("TypeError: ")
    assert outcome.failure.expected == "ValueError"
    assert outcome.failure.lines == (Line(2, "inc", "return n + 1"),)


@pytest.mark.parametrize("suite", [INC, RAISES], ids=["called", "expected to raise"])
def test_what_raises_not_implemented_is_not_started(exam: Callable[..., Exam], suite: str) -> None:
    """A stub gets no counterexample, and is not asked again."""
    run = exam(suite, "def inc(n):\n    raise NotImplementedError\n")
    outcome = run.outcome()

    assert (outcome.outcome, outcome.message, outcome.not_started) == ("failed", NOT_STARTED, True)
    assert outcome.failure is None
    assert len(run.suite.seen) <= 1


def test_a_module_that_raises_not_implemented_is_not_started(exam: Callable[..., Exam]) -> None:
    """At import too."""
    outcome = exam(INC, "raise NotImplementedError\n").outcome()

    assert (outcome.outcome, outcome.not_started) == ("failed", True)


BROKEN = """
@of_ten()
@given(number=numbers)
def broken(submission, number):
    submission.inc(number)
    raise ZeroDivisionError("a mistake of the author's")
"""


@pytest.mark.parametrize("control", [None, False])
def test_a_broken_check_is_not_graded(exam: Callable[..., Exam], control: bool | None) -> None:
    """A check that fails for the reference too costs nobody a point, and says what is broken."""
    outcome = exam(BROKEN, "def inc(n):\n    return n + 1\n", control=control).outcome()

    assert (outcome.outcome, outcome.points) == ("not_graded", 0)
    assert outcome.message == "the check of 'broken' is broken: ZeroDivisionError: a mistake of the author's"
    assert outcome.failure is None


COMPUTES = """
@of_ten()
@given(number=numbers)
def computes(submission, number):
    answer = submission.inc(number)
    assert [0] * answer + [answer - 1] == [0] * (number + 1) + [number]
"""


@pytest.mark.parametrize("value", ["'x'", "None", "{}", "1 << 70"])
def test_a_value_that_the_check_cannot_compute_with_fails(exam: Callable[..., Exam], value: str) -> None:
    """The suite's code raised, by the submission's doing: the reference passes, so its value is the cause."""
    submission = f"def inc(n):\n    return {value} if n > 4 else n + 1\n"
    outcome = exam(COMPUTES, submission, control=True).outcome()
    doubtful = exam(COMPUTES, submission, control=False).outcome()

    assert (outcome.outcome, outcome.message) == ("failed", "a value came back that the check can't compute with")
    assert outcome.failure is not None
    assert outcome.failure.steps[-1][0] == "inc(5)"
    assert doubtful.outcome == "not_graded"


def test_a_control_run_is_asked_only_in_doubt(exam: Callable[..., Exam]) -> None:
    """It costs a whole run of the reference."""
    run = exam(INC, "def inc(n):\n    return 0\n")
    asked: list[Criterion] = []

    def control(criterion: Criterion) -> bool:
        asked.append(criterion)
        return True

    run.examiner.control = control

    assert run.outcome().outcome == "failed"
    assert asked == []


def kata(root: Path, suite: str, reference: str) -> Kata:
    """Make a kata in a folder."""
    found = Kata("thing", root)
    for path, text in ((found.suite_file, HEAD + suite), (found.reference, reference), (found.stub, "")):
        path.parent.mkdir(parents=True)
        path.write_text(text)
    return found


@pytest.mark.parametrize(
    ("reference", "verdict"),
    [("def inc(n):\n    return n + 1\n", "failed"), ("def inc(n):\n    return None\n", "not_graded")],
    ids=["right", "broken"],
)
def test_the_control_run_is_the_references(tmp_path: Path, reference: str, verdict: str) -> None:
    """A run examines the reference with the same inputs before it blames the submission."""
    made = kata(tmp_path, COMPUTES, reference)
    bad = tmp_path / "bad.py"
    bad.write_text("def inc(n):\n    return 'x'\n")
    target = Target(made, bad, "bad")
    run = Run([target], "process", 7)
    try:
        (criterion,) = made.suite().criteria
        assert run.examiner(target).examine(criterion).outcome == verdict
    finally:
        run.close()


def test_a_flaky_submission_fails_and_is_told_so(exam: Callable[..., Exam]) -> None:
    """What fails once and not again with the same inputs is no pass."""
    outcome = exam(
        INC, "calls = []\ndef inc(n):\n    calls.append(n)\n    return n + 1 if len(calls) != 30 else 0\n"
    ).outcome()

    assert outcome.outcome == "failed"
    assert "the same calls gave something else the second time" in outcome.message
    assert outcome.failure is not None
    assert outcome.failure.steps[0][1] == "0"


CRASH = "import os\ndef inc(n):\n    if n >= 12:\n        os._exit(3)\n    return n + 1\n"
TWO = (
    INC
    + """
@of_ten()
def other(submission):
    assert submission.inc(1) == 2
"""
)


def test_a_crash_is_shrunk_to_the_smallest_that_crashes(exam: Callable[..., Exam]) -> None:
    """A dead process is a failing example like any other: the smallest is shown, with how it died."""
    outcome = exam(INC, CRASH, "process").outcome()

    assert outcome.outcome == "failed"
    assert outcome.failure is not None
    assert outcome.failure.steps == (("inc(12)", "its process ended by itself, with exit code 3"),)
    assert outcome.message == "its process ended by itself, with exit code 3"


def test_a_crash_in_one_criterion_costs_no_other(exam: Callable[..., Exam]) -> None:
    """The next criterion starts with a fresh load."""
    verdicts = [outcome.outcome for outcome in exam(TWO, CRASH, "process").outcomes()]

    assert verdicts == ["failed", "passed"]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("class Liar(int): pass\ndef inc(n):\n    return Liar(n + 1) if n != 1 else 2\n", "class Liar came back where"),
        ("def inc(n):\n    return 'x' * (1 << 21) if n != 1 else 2\n", "a value came back that can't be used"),
        ("def inc(n):\n    return (lambda: 5) if n != 1 else 2\n", "class function came back where"),
    ],
    ids=["subclass", "large", "function"],
)
@pytest.mark.parametrize("level", ["process", "none"])
def test_a_value_that_is_no_plain_data_costs_one_criterion(
    exam: Callable[..., Exam], level: str, body: str, message: str
) -> None:
    """The row says which value, not that the file can't be imported; the next criterion is graded."""
    first, second = exam(TWO, body, level).outcomes()

    assert first.outcome == "failed"
    assert message in first.message
    assert "imported" not in first.message
    assert first.failure is not None
    assert first.failure.steps[-1][0].endswith("inc(3)")
    assert second.outcome == "passed"


def test_a_process_that_always_dies_ends_the_examination(exam: Callable[..., Exam]) -> None:
    """However many inputs there are to shrink, the number of loads is bounded."""
    run = exam(INC, "import os\ndef inc(n):\n    os._exit(3)\n", "process")
    outcome = run.outcome()

    assert outcome.outcome == "failed"
    assert "exit code 3" in outcome.message
    assert run.loader.loads <= 61


def test_a_hang_stops_the_criterion_at_once(exam: Callable[..., Exam]) -> None:
    """Shrinking a hang would cost a deadline for every try: the first is shown, and the next criterion is graded."""
    run = exam(TWO, "def inc(n):\n    while n > 1:\n        pass\n    return n + 1\n", "process", call_seconds=0.5)
    first, second = run.outcomes()

    assert first.outcome == "failed"
    assert "no answer within 0.5 s" in first.message
    assert first.failure is not None
    assert first.failure.steps == (("inc(3)", first.message),)
    assert second.outcome == "passed"
    assert run.loader.loads == 2


def test_a_forged_answer_stops_the_criterion_at_once(exam: Callable[..., Exam]) -> None:
    """There is nothing to shrink in a lie."""
    text = (
        "import os, socket, stat\ndef inc(n):\n    for fd in range(3, 99):\n        try:\n"
        "            if stat.S_ISSOCK(os.fstat(fd).st_mode):\n                os.write(fd, b'passed' * 9)\n"
        "        except OSError:\n            pass\n    return n + 1\n"
    )
    run = exam(INC, text, "process")
    outcome = run.outcome()

    assert outcome.outcome == "failed"
    assert "no answer to what was asked" in outcome.message
    assert run.loader.loads == 1


def test_a_missing_name_stops_the_criterion_at_once(exam: Callable[..., Exam]) -> None:
    """No input brings a class into being."""
    run = exam(INC, "def other():\n    pass\n")
    outcome = run.outcome()

    assert (outcome.outcome, outcome.message) == ("failed", "there is no 'inc' in the file")
    assert len(run.suite.seen) == 1


def test_a_file_that_cannot_be_imported_is_loaded_once(exam: Callable[..., Exam]) -> None:
    """Every criterion says why, and none tries again: an import that hangs costs one deadline."""
    run = exam(TWO, "import json\nraise RuntimeError('not today')\n", "process")
    first, second = run.outcomes()

    assert first.message == second.message == "can't be imported: RuntimeError: not today"
    assert first.failure is not None
    assert first.failure.lines == (Line(2, "<module>", "raise RuntimeError('not today')"),)
    assert run.loader.loads == 1


def test_a_file_that_loads_only_once_fails_by_its_own_doing(exam: Callable[..., Exam]) -> None:
    """A second load that raises is the submission's fault, not the grader's, and does not hide what the call did."""
    for failure in (LoadFailed("RuntimeError: again"), WorkerDied("it died"), Hung("it hung")):
        first, second = exam(TWO, CRASH, "process", fail_at=2, failure=failure).outcomes()

        assert (first.outcome, second.outcome) == ("failed", "passed")
        assert first.failure is not None
        assert first.failure.steps[-1][0].startswith("inc(")
        assert first.failure.steps[-1][1] == "its process ended by itself, with exit code 3"


@pytest.mark.parametrize("at", [1, 2])
def test_the_graders_own_failure_is_not_graded(exam: Callable[..., Exam], at: int) -> None:
    """A zygote that died is nobody's fault, and only the criterion that met it has no verdict."""
    run = exam(TWO, "def inc(n):\n    return n + 1\n", fail_at=at)
    outcomes = run.outcomes()

    assert [o.outcome == "not_graded" for o in outcomes] == [at == 1, at == 2]
    assert outcomes[at - 1].message == "the grader failed: the zygote failed"


def test_the_graders_failure_while_a_crash_is_shrunk_is_not_graded(exam: Callable[..., Exam]) -> None:
    """In the middle of an examination too."""
    outcome = exam(INC, CRASH, "process", fail_at=3).outcome()

    assert (outcome.outcome, outcome.message) == ("not_graded", "the grader failed: the zygote failed")


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


def test_all_checks_of_a_criterion_are_needed(exam: Callable[..., Exam]) -> None:
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


MACHINE = """
class Counter(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.counter = self.submission.Counter()
        self.expected = 0

    @rule(by=st.integers(0, 5))
    def up(self, by):
        self.counter.up(by)
        self.expected += by

    @rule()
    def reset(self):
        self.counter.reset()
        self.expected = 0

    @rule()
    def value(self):
        assert self.counter.value() == self.expected

counts = of_ten(examples=60, steps=8)(Counter)
"""
COUNTER = """
class Counter:
    def __init__(self): self.n = self.ups = 0
    def up(self, by): self.n += by; self.ups += 1
    def reset(self): self.n = 0
    def value(self): return self.n
"""


def test_a_state_machine_passes_and_fails_as_a_history(exam: Callable[..., Exam]) -> None:
    """The shortest history that fails is shown, call by call, on a fresh object."""
    assert exam(MACHINE, COUNTER).outcome().outcome == "passed"

    outcome = exam(MACHINE, COUNTER.replace("return self.n", "return self.n if self.ups < 2 else 99")).outcome()

    assert (outcome.id, outcome.outcome) == ("Counter", "failed")
    assert outcome.failure is not None
    assert [source for source, _ in outcome.failure.steps] == ["c = Counter()", "c.up(0)", "c.up(0)", "c.value()"]
    assert (outcome.failure.steps[-1][1], outcome.failure.expected) == ("99", "0")


def test_a_state_machine_survives_a_crash(exam: Callable[..., Exam]) -> None:
    """A history that ends the process is shrunk too."""
    crash = COUNTER.replace("self.ups += 1", "self.ups += 1 if by < 3 else __import__('os')._exit(3)")
    outcome = exam(MACHINE, crash, "process").outcome()

    assert outcome.outcome == "failed"
    assert outcome.failure is not None
    assert outcome.failure.steps == (
        ("c = Counter()", ""),
        ("c.up(3)", "its process ended by itself, with exit code 3"),
    )


def test_an_assumption_that_does_not_hold_is_no_failure(exam: Callable[..., Exam]) -> None:
    """Inputs that a check puts aside count for nothing, nor does Hypothesis's health."""
    suite = "@of_ten()\n@given(number=numbers)\ndef odd(submission, number):\n    assume(number % 2)\n"
    suite += "    assert submission.inc(number) == number + 1\n"

    assert exam(suite, "def inc(n):\n    return n + 1\n").outcome().outcome == "passed"
    assert exam(suite, "def inc(n):\n    return 0\n").outcome().outcome == "failed"


def test_what_was_printed_in_the_failing_example_is_kept(exam: Callable[..., Exam]) -> None:
    """Of the failing example alone: what a hundred others printed would bury it."""
    text = "def inc(n):\n    print('called with', n)\n    return n + 1 if n < 12 else 0\n"
    outcome = exam(INC, text, "process").outcome()

    assert outcome.failure is not None
    assert outcome.failure.printed == "called with 12\n"


@pytest.mark.parametrize("level", ["process", "none"])
def test_criteria_share_no_state(exam: Callable[..., Exam], level: str) -> None:
    """What a submission remembers of one criterion is gone in the next."""
    suite = "".join(
        f"@of_ten()\ndef {name}(submission):\n    assert submission.count() == 1\n" for name in ("a", "b", "c")
    )
    text = "n = 0\ndef count():\n    global n\n    n += 1\n    return n\n"

    assert [outcome.outcome for outcome in exam(suite, text, level).outcomes()] == ["passed"] * 3


RIGHT = "def inc(n):\n    return n + 1\n"
WIDE = """
@of_ten()
@given(number=st.integers())
def wide(submission, number):
    seen.append(number)
    submission.inc(number)
"""


def test_a_seed_repeats_the_inputs(exam: Callable[..., Exam]) -> None:
    """The same seed gives every submission the same inputs, another seed others."""
    one = exam(WIDE, RIGHT, seed=1).inputs()

    assert one == exam(WIDE, "def inc(n):\n    return -n\n", seed=1).inputs()
    assert one != exam(WIDE, RIGHT, seed=2).inputs()
    assert len(set(one)) > 50


def test_a_replay_gives_the_inputs_of_the_seed(exam: Callable[..., Exam]) -> None:
    """Inputs that are drawn once for a class are those that Hypothesis would draw for each."""
    alone = exam(WIDE, RIGHT, seed=1).inputs()
    drawn = Drawn()
    run = exam(WIDE, RIGHT, seed=1, drawn=drawn)

    assert run.inputs() == alone
    assert run.inputs() == alone


@pytest.mark.parametrize("shrink", [True, False])
def test_a_replay_gives_the_same_verdicts(exam: Callable[..., Exam], shrink: bool) -> None:
    """Passed, failed and shrunk alike."""
    for suite, wrong in (
        (INC, "def inc(n):\n    return n + 1 if n < 12 else 0\n"),
        (MACHINE, COUNTER.replace("= 0\n", "= 1\n")),
    ):
        plain = exam(suite, wrong, shrink=shrink).outcome()
        replayed = exam(suite, wrong, shrink=shrink, drawn=Drawn()).outcome()

        assert (plain.outcome, replayed.outcome) == ("failed", "failed")
        if shrink:
            assert replayed.failure == plain.failure


def test_a_replay_hides_what_an_example_did_to_its_arguments(exam: Callable[..., Exam]) -> None:
    """A list that one submission's check changed is whole for the next."""
    suite = "@of_ten()\n@given(items=st.lists(st.integers(), min_size=1))\n@example(items=[1, 2])\n"
    suite += "def empties(submission, items):\n    seen.append(list(items))\n    items.clear()\n"
    run = exam(suite, RIGHT, drawn=Drawn())
    first = run.inputs()

    assert [] not in first
    assert run.inputs() == first


def test_the_failing_example_is_tried_first_next_time(exam: Callable[..., Exam], tmp_path: Path) -> None:
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


def test_a_run_keeps_the_examples_of_each_file_apart(tmp_path: Path) -> None:
    """What made one file fail must not change which inputs another gets."""
    suite = WIDE.replace("submission.inc(number)", "assert submission.inc(number) == number + 1")
    made = kata(tmp_path / "kata", suite, RIGHT)
    targets = []
    for name in ("one", "two"):
        path = tmp_path / f"{name}.py"
        path.write_text("def inc(n):\n    return n + 1 if n < 1000 else 0\n")
        targets.append(Target(made, path, name))
    (criterion,) = made.suite().criteria
    seen = vars(__import__("sys").modules["graders.suites.thing"])["seen"]
    firsts = []
    for target, seed in ((targets[0], 1), (targets[1], 99), (targets[0], 99)):
        seen.clear()
        run = Run([target], "none", seed, tmp_path / "database")
        run.examiner(target).examine(criterion)
        run.close()
        firsts.append(seen[0])

    assert firsts[1] != 1000
    assert firsts[2] == 1000


def test_an_examination_leaves_hypothesis_as_it_was(exam: Callable[..., Exam]) -> None:
    """The settings of a run are not the process's: the project's own tests run in it too."""
    before = hypothesis.settings.get_current_profile_name()
    exam(INC, RIGHT).outcome()

    assert hypothesis.settings.get_current_profile_name() == before
    assert hypothesis.settings().max_examples == 100


def test_a_debugger_gets_the_submissions_own_exception(exam: Callable[..., Exam]) -> None:
    """In one process, the frame where it was raised is at hand; in another there is none."""
    wrong = "def inc(n):\n    secret = 5\n    return 1 // 0\n"
    run = exam(INC, wrong, "none")
    run.outcome()
    behind = run.examiner.behind
    assert isinstance(behind, ZeroDivisionError)
    trace = behind.__traceback__
    assert trace is not None
    while trace.tb_next is not None:
        trace = trace.tb_next
    assert trace.tb_frame.f_locals["secret"] == 5

    run = exam(INC, wrong, "process")
    run.outcome()
    assert run.examiner.behind is None


@pytest.mark.skipif(not LINUX, reason="the clock of waiting for a core is read from /proc")
def test_the_levels_give_the_same_outcomes(small: Project) -> None:
    """For right and wrong submissions: the same verdicts, messages and counterexamples in a process of its own."""
    suite = Suite.of(load_suite(small.root / "graders" / "suites" / "box.py", "suite_of_boxes"))
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
                examiner = Examiner(loads.open(text, level), 7)
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
