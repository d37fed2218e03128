"""One criterion and one submission: how a failing example is found, kept and shown small."""

from __future__ import annotations

import pytest

from graders.grading.examiner import LATER
from graders.grading.outcome import Line
from graders.sandbox.errors import Hung, LoadFailed, WorkerDied
from tests.exams import COUNTER, CRASH, DRAWN, DRAWN_TWO, INC, MACHINE, TWO, Examine
from tests.support import linux_only


def test_a_flaky_submission_fails_and_is_told_so(exam: Examine) -> None:
    """What fails once and not again with the same inputs is no pass."""
    outcome = exam(
        INC, "calls = []\ndef inc(n):\n    calls.append(n)\n    return n + 1 if len(calls) != 30 else 0\n"
    ).outcome()

    assert outcome.outcome == "failed"
    assert "the same calls gave something else the second time" in outcome.message
    assert outcome.failure is not None
    assert outcome.failure.steps[0][1] == "0"
    assert outcome.failure.note == "The same calls gave something else the second time."


GROWS = "calls = []\ndef inc(n):\n    calls.append(n)\n    return n + 1 if len(calls) < 30 else 0\n"


@pytest.mark.parametrize(("shrink", "said"), [(True, True), (False, False)])
def test_what_fails_behind_other_calls_only_is_told_so(exam: Examine, shrink: bool, said: bool) -> None:
    """Who pastes the calls that are shown sees them pass. A class is not asked again: nobody sees its calls."""
    outcome = exam(INC, GROWS, shrink=shrink).outcome()

    assert outcome.outcome == "failed"
    assert outcome.failure is not None
    assert outcome.failure.note.startswith("Alone, in a fresh process, the same calls pass") == said
    assert ("something that earlier calls left behind makes them fail" in outcome.message) == said


def test_the_second_askings_are_over_once_they_took_as_long_as_a_call_may(exam: Examine) -> None:
    """They are for a note only, and no limit holds for all of them."""
    slow = "import time\n" + GROWS.replace("    return", "    if len(calls) == 1:\n        time.sleep(0.6)\n    return")
    three = INC + INC.replace("def inc", "def second") + INC.replace("def inc", "def third")
    outcomes = exam(three, slow, "process", call_seconds=1).outcomes()

    assert [bool(outcome.failure and outcome.failure.note) for outcome in outcomes] == [True, False, False]


def test_what_fails_alone_too_has_no_note(exam: Examine) -> None:
    """Nor has what ends its process, which is not asked twice."""
    for text, level in (("def inc(n):\n    return n + 1 if n < 9 else 0\n", "none"), (CRASH, "process")):
        outcome = exam(INC, text, level).outcome()

        assert outcome.failure is not None
        assert outcome.failure.note == ""


def test_a_crash_is_shrunk_to_the_smallest_that_crashes(exam: Examine) -> None:
    """A dead process is a failing example like any other: the smallest is shown, with how it died."""
    outcome = exam(INC, CRASH, "process").outcome()

    assert outcome.outcome == "failed"
    assert outcome.failure is not None
    assert outcome.failure.steps == (("inc(12)", ""),)
    assert outcome.failure.words == "its process ended by itself, with exit code 3"
    assert outcome.message == "its process ended by itself, with exit code 3"


def test_a_crash_in_one_criterion_costs_no_other(exam: Examine) -> None:
    """The next criterion starts with a fresh load."""
    verdicts = [outcome.outcome for outcome in exam(TWO, CRASH, "process").outcomes()]

    assert verdicts == ["failed", "passed"]


def test_a_process_that_always_dies_ends_the_examination(exam: Examine) -> None:
    """However many inputs there are to shrink, the number of loads is bounded."""
    run = exam(INC, "import os\ndef inc(n):\n    os._exit(3)\n", "process")
    outcome = run.outcome()

    assert outcome.outcome == "failed"
    assert "exit code 3" in outcome.message
    assert run.loader.loads <= 61


def test_a_hang_stops_the_criterion_at_once(exam: Examine) -> None:
    """Shrinking a hang would cost a deadline for every try: the first is shown, and the next criterion is graded."""
    run = exam(
        DRAWN_TWO, "def inc(n):\n    while n > 1:\n        pass\n    return n + 1\n", "process", call_seconds=0.5
    )
    first, second = run.outcomes()

    assert first.outcome == "failed"
    assert "no answer within 0.5 s" in first.message
    assert first.because.startswith("A call has to end. This one still runs at the line above")
    assert first.failure is not None
    assert first.failure.words == first.message
    assert second.outcome == "passed"
    assert run.loader.loads == 2


def test_a_forged_answer_stops_the_criterion_at_once(exam: Examine) -> None:
    """There is nothing to shrink in a lie."""
    text = (
        "import os, socket, stat\ndef inc(n):\n    for fd in range(3, 99):\n        try:\n"
        "            if stat.S_ISSOCK(os.fstat(fd).st_mode):\n                os.write(fd, b'passed' * 9)\n"
        "        except OSError:\n            pass\n    return n + 1\n"
    )
    run = exam(DRAWN, text, "process")
    outcome = run.outcome()

    assert outcome.outcome == "failed"
    assert "no answer to what was asked" in outcome.message
    assert run.loader.loads == 1


def test_a_missing_name_stops_the_criterion_at_once(exam: Examine) -> None:
    """No input brings a class into being."""
    run = exam(DRAWN, "def other():\n    pass\n")
    outcome = run.outcome()

    assert (outcome.outcome, outcome.message) == ("failed", "not run: there is no 'inc' in the file")
    assert len(run.suite.seen) == 1


def test_a_file_that_cannot_be_imported_is_loaded_once(exam: Examine) -> None:
    """Every criterion says why, and none tries again: an import that hangs costs one deadline."""
    run = exam(TWO, "import json\nraise RuntimeError('not today')\n", "process")
    first, second = run.outcomes()

    assert first.message == second.message == "not run: the file can't be loaded: RuntimeError: not today, line 2"
    assert first.not_run is not None
    assert first.not_run == second.not_run
    assert first.not_run.lines == (Line(2, "<module>", "raise RuntimeError('not today')"),)
    assert run.loader.loads == 1


def test_a_file_that_loads_only_once_fails_by_its_own_doing(exam: Examine) -> None:
    """A second load that raises is the submission's fault, not the grader's, and does not hide what the call did."""
    for failure in (LoadFailed("RuntimeError: again"), WorkerDied("it died"), Hung("it hung")):
        first, second = exam(TWO, CRASH, "process", fail_at=2, failure=failure).outcomes()

        assert (first.outcome, second.outcome) == ("failed", "passed")
        assert first.failure is not None
        assert first.failure.steps[-1][0].startswith("inc(")
        assert first.failure.words == "its process ended by itself, with exit code 3"


def test_a_file_that_loads_at_first_and_not_later_is_told_so_and_no_principle(exam: Examine) -> None:
    """No rule of the kata is the reason that a later criterion fails."""
    failure = LoadFailed("RuntimeError: again")
    first, second = exam(TWO, "def inc(n):\n    return n + 1\n", fail_at=2, failure=failure).outcomes()

    assert (first.outcome, second.outcome) == ("passed", "failed")
    assert second.message == "can't be loaded any more: RuntimeError: again"
    assert (second.because, second.hints) == (LATER, ())


@pytest.mark.parametrize("at", [1, 2])
def test_the_graders_own_failure_is_not_graded(exam: Examine, at: int) -> None:
    """A zygote that died is nobody's fault, and only the criterion that met it has no verdict."""
    run = exam(TWO, "def inc(n):\n    return n + 1\n", fail_at=at)
    outcomes = run.outcomes()

    assert [o.outcome == "not_graded" for o in outcomes] == [at == 1, at == 2]
    assert outcomes[at - 1].message == "the grader failed: the zygote failed"


def test_the_graders_failure_while_a_crash_is_shrunk_is_not_graded(exam: Examine) -> None:
    """In the middle of an examination too."""
    outcome = exam(INC, CRASH, "process", fail_at=3).outcome()

    assert (outcome.outcome, outcome.message) == ("not_graded", "the grader failed: the zygote failed")


WATCHED = """
from graders.concurrency import watching
@of_ten(examples=100)
@given(n=numbers)
def counts(submission, n):
    with watching(submission):
        assert submission.inc(n) == n + 1
"""
LEAVES = """
import threading
def inc(n):
    for _ in range({left}):
        threading.Thread(target=threading.Event().wait, daemon=True).start()
    return n + 1 if threading.active_count() < 45 else 0
"""


@linux_only
@pytest.mark.parametrize(("left", "least"), [(0, 1), (7, 20), (20, 90)])
def test_what_earlier_examples_left_takes_no_room_from_later_ones(exam: Examine, left: int, least: int) -> None:
    """A process may have some sixty threads. To leave some is another criterion's, however often it happens."""
    run = exam(WATCHED, LEAVES.format(left=left), "process")
    outcome = run.outcome()

    assert (outcome.outcome, outcome.message) == ("passed", "")
    assert least <= run.loader.loads <= max(1, least * 2)


def test_a_state_machine_survives_a_crash(exam: Examine) -> None:
    """A history that ends the process is shrunk too."""
    crash = COUNTER.replace("self.ups += 1", "self.ups += 1 if by < 3 else __import__('os')._exit(3)")
    outcome = exam(MACHINE, crash, "process").outcome()

    assert outcome.outcome == "failed"
    assert outcome.failure is not None
    assert outcome.failure.steps == (
        ("c = Counter()", ""),
        ("c.up(3)", ""),
    )
    assert outcome.failure.words == "its process ended by itself, with exit code 3"


def test_what_was_printed_in_the_failing_example_is_kept(exam: Examine) -> None:
    """Of the failing example alone: what a hundred others printed would bury it."""
    text = "def inc(n):\n    print('called with', n)\n    return n + 1 if n < 12 else 0\n"
    outcome = exam(INC, text, "process").outcome()

    assert outcome.failure is not None
    assert outcome.failure.printed == "called with 12\n"


@pytest.mark.parametrize("level", ["process", "none"])
def test_criteria_share_no_state(exam: Examine, level: str) -> None:
    """What a submission remembers of one criterion is gone in the next."""
    suite = "".join(
        f"@of_ten()\ndef {name}(submission):\n    assert submission.count() == 1\n" for name in ("a", "b", "c")
    )
    text = "n = 0\ndef count():\n    global n\n    n += 1\n    return n\n"

    assert [outcome.outcome for outcome in exam(suite, text, level).outcomes()] == ["passed"] * 3


def test_a_debugger_gets_the_submissions_own_exception(exam: Examine) -> None:
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


def test_the_learners_lines_are_counted_as_python_counts_them(exam: Examine) -> None:
    """A form feed or another separator within a line is no new line, and Windows' line ends are one each."""
    text = "\x0c\r\nNOTE = 'a\u2028b\x0bc'\r\n\r\ndef inc(n):\r\n    return 1 // 0\r\n"
    outcome = exam(INC, text, "process").outcome()

    assert outcome.failure is not None
    assert outcome.failure.lines == (Line(5, "inc", "return 1 // 0"),)


HOARD = """
@of_ten()
def hoards(submission):
    for _ in range(400):
        submission.much()
"""
MUCH = "def much():\n    return [str(number) for number in range(40_000)]\n"


@linux_only
@pytest.mark.parametrize(
    ("control", "outcome", "said"),
    [
        (True, "failed", "its answers took more than 16 MiB of the grader's memory"),
        (False, "not_graded", "the check of 'hoards' is broken: it takes as much of the grader's memory"),
        (None, "failed", "its answers took more than 16 MiB of the grader's memory"),
    ],
    ids=["the reference does not", "the reference does too", "there is no reference"],
)
def test_the_graders_own_memory_is_bounded(exam: Examine, control: bool | None, outcome: str, said: str) -> None:
    """Who makes it grow fails, unless a right solution does too: then the check is to blame."""
    found = exam(HOARD, MUCH, "process", control=control, examiner_bytes=16 << 20, criterion_seconds=600.0).outcome()

    assert (found.outcome, found.points) == (outcome, 0)
    assert said in found.message


LONG = """
@of_ten()
def talks(submission):
    for _ in range(300):
        submission.much()
    assert submission.much() == 1
"""


def test_a_failure_keeps_its_last_calls_as_far_as_anybody_reads(exam: Examine) -> None:
    """A class has room for each of its failures; the calls that are left out are counted."""
    found = exam(LONG, "def much():\n    return 'ab' * 600\n", shrink=False).outcome()

    assert found.failure is not None
    assert len(found.failure.steps) + found.failure.dropped == 301
    assert sum(len(source) + len(observed) for source, observed in found.failure.steps) < 1 << 16
