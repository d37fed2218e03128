"""The answer key: in a class, who answers as the reference passes; for all others the checks decide, as ever."""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path

import pytest

from graders.authoring.catalogue import Kata
from graders.grading import answer_key
from graders.grading.examiner import Examiner
from graders.grading.hypothesis_adapter import Drawn
from graders.grading.outcome import Outcome
from graders.grading.run import Run
from graders.sandbox.host import Host
from graders.sandbox.isolation import levels
from graders.sandbox.limits import Limits, Source
from tests.exams import COUNTER, INC, MACHINE, RIGHT, Counting, kata
from tests.support import linux_only

RAISES = """
@of_ten()
@given(number=numbers)
@example(number=3)
def refuses(submission, number):
    seen.append(number)
    with raises(ValueError):
        submission.half(2 * number + 1)
    assert submission.half(2 * number) == number
"""
HALF = "def half(n):\n    if n % 2:\n        raise ValueError('odd')\n    return n // 2\n"


def grade(run: Run, made: Kata, text: str) -> list[Outcome]:
    """Grade one submission of a class."""
    return [timeless(each) for each in run.grade(made, text.encode(), shrink=False)]


def alone(made: Kata, text: str) -> list[Outcome]:
    """Grade one submission by the checks, with the same inputs."""
    host = Host(levels.choose("process"), Source(made.slug, text.encode()))
    try:
        examiner = Examiner(host, 7, control=lambda _: True, shrink=False, drawn=Drawn())
        return [timeless(examiner.examine(each)) for each in made.suite().criteria]
    finally:
        host.close()


def timeless(outcome: Outcome) -> Outcome:
    """Return an outcome without its seconds."""
    return dataclasses.replace(outcome, seconds=0.0)


def seen(made: Kata) -> list[int]:
    """Return what the checks of a suite have met since it was asked last."""
    made.suite()
    found: list[int] = vars(sys.modules["graders.suites.thing.suite"])["seen"]
    met = found.copy()
    found.clear()
    return met


@pytest.fixture(name="run")
def _run() -> Run:
    return Run("process", 7)


def test_who_answers_as_the_reference_passes_without_the_checks(run: Run, tmp_path: Path) -> None:
    """They ran once, for the reference: an equal answer needs no second look."""
    made = kata(tmp_path, INC, RIGHT)
    run.keys(made)
    assert seen(made) != []

    (outcome,) = grade(run, made, "def inc(n):\n    return 1 + n\n")

    assert (outcome.outcome, outcome.points, seen(made)) == ("passed", 10, [])


@pytest.mark.parametrize(
    ("suite", "reference", "submission"),
    [
        (INC, RIGHT, "def inc(n):\n    return n + 1 if n < 12 else 0\n"),
        (INC, RIGHT, "def inc(n):\n    return True\n"),
        (INC, RIGHT, "def inc(n):\n    return 1 / (n - 3)\n"),
        (INC, RIGHT, "def inc(n):\n    raise NotImplementedError\n"),
        (INC, RIGHT, "import os\ndef inc(n):\n    return n + 1 if n < 9 else os._exit(3)\n"),
        (INC, RIGHT, "def other(n):\n    return n + 1\n"),
        (INC, RIGHT, "def inc(n:\n"),
        (INC, RIGHT, "def inc(n):\n    print('called with', n)\n    return n + 1 if n < 12 else 0\n"),
        (RAISES, HALF, HALF.replace("'odd'", "f'{n} is odd'")),
        (RAISES, HALF, HALF.replace("ValueError", "TypeError")),
        (RAISES, HALF, HALF.replace("n // 2", "n / 2")),
        (RAISES, HALF, HALF.replace("n // 2", "n // 2 if n != 6 else 7")),
        (MACHINE, COUNTER, COUNTER.replace("value(self)", "value(self, *more)")),
        (MACHINE, COUNTER, COUNTER.replace("= 0\n", "= 1\n")),
        (MACHINE, COUNTER, COUNTER.replace("self.ups += 1", "return 5 if by == 4 else None")),
        (MACHINE, COUNTER, COUNTER.replace("self.ups += 1", "return self if by == 4 else None")),
        (MACHINE, COUNTER, COUNTER.replace("self.ups += 1", "return 7 // (4 - by) * None")),
        (MACHINE, COUNTER, "import os\n" + COUNTER.replace("self.ups += 1", "os._exit(3) if by == 4 else None")),
        (MACHINE, COUNTER, COUNTER.replace("self.ups += 1", "print('up by', by)")),
        (MACHINE, COUNTER, COUNTER.replace("self.n = 0", "self.n = self.n // 9")),
        (MACHINE, COUNTER, COUNTER + "    def __len__(self): return self.n\n    def __add__(self, other): return 1\n"),
        (MACHINE, COUNTER, COUNTER.replace("Counter", "Meter") + "kept = Meter()\ndef Counter(): return kept\n"),
    ],
)
def test_an_outcome_by_the_key_is_that_of_the_checks_alone(
    run: Run, tmp_path: Path, suite: str, reference: str, submission: str
) -> None:
    """Passed or failed, the message, the transcript, what was printed: all is the same."""
    made = kata(tmp_path, suite, reference)

    assert run.keys(made) != {}
    assert grade(run, made, submission) == alone(made, submission)


def test_other_answers_that_are_right_pass(run: Run, tmp_path: Path) -> None:
    """A message of one's own is no mistake: the checks have the last word."""
    made = kata(tmp_path, RAISES, HALF)
    run.keys(made)
    seen(made)

    (outcome,) = grade(run, made, HALF.replace("'odd'", "f'{n} is odd'"))

    assert outcome.outcome == "passed"
    assert len(seen(made)) > 1


def test_calls_whose_answers_tell_nothing_travel_with_the_next_request(run: Run, tmp_path: Path) -> None:
    """A new counter, and what gives None; what tells something ends a trip, and so does a bound."""
    (key,) = run.keys(kata(tmp_path, MACHINE, COUNTER)).values()

    assert [exchange for trip in key.trips for exchange in trip.exchanges] == [*key.exchanges]
    assert max(len(trip.exchanges) for trip in key.trips) > 2
    assert len(key.trips) < len(key.exchanges) * 2 / 3


def test_a_hang_in_a_trip_is_shown_where_it_is(tmp_path: Path) -> None:
    """It can't be told which of several calls hangs: the checks ask anew, and show what they show alone."""
    made = kata(tmp_path, MACHINE, COUNTER)
    run = Run("process", 7)
    text = COUNTER.replace("self.ups += 1", "time.sleep(60 * (self.n > 8))")
    found = []
    for keys in (run.keys(made), {}):
        host = Host(levels.choose("process"), Source("thing", f"import time{text}".encode()), Limits(call_seconds=0.5))
        try:
            examiner = Examiner(host, 7, control=lambda _: True, shrink=False, drawn=run.drawn, keys=keys)
            found += [timeless(examiner.examine(each)) for each in made.suite().criteria]
        finally:
            host.close()

    by_key, alone_ = found
    assert by_key == alone_
    assert by_key.message.endswith("no answer within 0.5 s: an endless loop or wait?")


PEEKS = """
import os, socket, stat
def inc(n):
    for number in map(int, os.listdir("/proc/self/fd")):
        try:
            if stat.S_ISSOCK(os.fstat(number).st_mode):
                with socket.socket(fileno=os.dup(number)) as other:
                    if other.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT):
                        return -1
        except (OSError, BlockingIOError):
            pass
    return n + 1
"""


@linux_only
def test_nothing_is_asked_before_its_turn(run: Run, tmp_path: Path) -> None:
    """A submission that looks ahead finds no next question, which might tell the answer to this one."""
    made = kata(tmp_path, INC, RIGHT)

    (outcome,) = grade(run, made, PEEKS)

    assert (outcome.outcome, outcome.message) == ("passed", "")


def test_a_check_that_asks_by_its_mood_decides_itself(run: Run, tmp_path: Path) -> None:
    """The key is what was asked before; where that is not what is asked now, it is put away."""
    moody = INC.replace("submission.inc(number) == number + 1", "submission.inc(len(seen)) == len(seen) + 1")
    made = kata(tmp_path, moody, RIGHT)
    run.keys(made)
    last = len(seen(made))
    made.suite()
    vars(sys.modules["graders.suites.thing.suite"])["seen"].extend(range(last))

    (outcome,) = grade(run, made, f"def inc(n):\n    return n + 1 if n != 3 and n <= {last} else 5\n")

    assert outcome.message == f"inc({last + 2}) gave 5, expected {last + 3}"


def test_what_was_asked_by_a_key_in_vain_costs_its_time(tmp_path: Path) -> None:
    """Both tries count, or else a submission could have twice the seconds of its limit."""
    moody = INC.replace("submission.inc(number) == number + 1", "submission.inc(len(seen)) == len(seen) + 1")
    made = kata(tmp_path, moody + moody.replace("def inc", "def second"), RIGHT)
    run = Run("process", 7)
    run.keys(made)  # asked before, when the checks had seen nothing
    slow = "import time\nfirst = True\ndef inc(n):\n    global first\n    if first:\n        first = time.sleep(0.6)\n"
    text = slow + "    return n + 1 if n != 3 else 4.0\n"
    host = Host(levels.choose("process"), Source("thing", text.encode()), Limits(submission_seconds=1.5))
    try:
        examiner = Examiner(host, 7, shrink=False, drawn=run.drawn, keys=run.keys(made))
        inc, second = (examiner.examine(each) for each in made.suite().criteria)
    finally:
        host.close()

    assert inc.outcome == "passed"
    assert second.message == "this submission has used its 1.5 s of computing and waiting"


ASKS_WHERE = """
@of_ten()
def somewhere(submission):
    if submission.kind() == 2:
        submission.place()
    assert submission.kind() in (1, 2)
"""


def test_instruments_have_no_key(run: Run, tmp_path: Path) -> None:
    """What they see is another each time; a submission that alone needs them gets them."""
    made = kata(tmp_path / "one", ASKS_WHERE, "def kind():\n    return 2\n")
    assert run.keys(made) == {}
    (outcome,) = grade(run, made, "def kind():\n    return 2\n")
    assert outcome.outcome == "passed"

    other = Run("process", 7)
    made = kata(tmp_path / "other", ASKS_WHERE, "def kind():\n    return 1\n")
    assert set(other.keys(made)) == {"somewhere"}
    (outcome,) = grade(other, made, "def kind():\n    return 2\n")
    assert outcome.outcome == "passed"


def test_an_attended_call_puts_the_key_away() -> None:
    """A call that needs an instrument is asked of a fresh load, by the checks."""

    class Nobody:
        names: frozenset[str] | None = None

        def request(self, payload: bytes) -> bytes:
            return b""

        together = request

        def error(self) -> None:
            return None

    with pytest.raises(answer_key.Deviated):
        answer_key.Keyed(Nobody(), answer_key.Key(())).attended(b"", lambda place: None)


@pytest.mark.parametrize("reference", ["def inc(n):\n    return 0\n", "", "def inc(n:\n"])
def test_a_reference_that_fails_gives_no_key(run: Run, tmp_path: Path, reference: str) -> None:
    """The checks grade the class then."""
    made = kata(tmp_path, INC, reference)

    assert run.keys(made) == {}
    assert [each.outcome for each in grade(run, made, RIGHT)] == ["passed"]


def test_a_kata_without_a_reference_has_no_key(run: Run, tmp_path: Path) -> None:
    """An installation may come without the solutions."""
    made = kata(tmp_path, INC, RIGHT)
    made.reference.unlink()

    assert run.keys(made) == {}
    assert [each.outcome for each in grade(run, made, RIGHT)] == ["passed"]


def test_a_key_that_would_be_too_large_is_not_kept(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The examiner's memory is bounded."""
    monkeypatch.setattr(answer_key, "_MOST", 1_000)

    assert run.keys(kata(tmp_path, INC, RIGHT)) == {}


def test_a_submission_that_hangs_is_waited_for_once(tmp_path: Path) -> None:
    """Where the answer stays away the checks know already: they don't ask again."""
    made = kata(tmp_path, INC, RIGHT)
    run = Run("process", 7)
    host = Host(levels.choose("process"), Source("thing", HANGS.encode()), Limits(call_seconds=0.5))
    loader = Counting(host)
    try:
        examiner = Examiner(loader, 7, shrink=False, drawn=run.drawn, keys=run.keys(made))
        (criterion,) = made.suite().criteria
        outcome = examiner.examine(criterion)
    finally:
        host.close()

    assert outcome.message == "no answer within 0.5 s: an endless loop or wait?"
    assert outcome.failure is not None
    assert [step for step, _ in outcome.failure.steps] == ["inc(3)"]
    assert loader.loads == 1


HANGS = "import time\ndef inc(n):\n    time.sleep(60)\n"
