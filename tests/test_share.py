"""How much of the machine's time went to one submission: the time on the wall, less the share that others took."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from graders.grading.examiner import BUSY
from graders.sandbox import channel, procfs, share
from graders.sandbox.share import Share, idle_seconds
from tests.exams import TWO, Examine
from tests.support import linux_only

SLOW_TO_EXAMINE = TWO.replace("    assert", "    import time; time.sleep(0.1)\n    assert")
USED_UP = "this submission has used its 0.3 s of computing and waiting"
RIGHT = "def inc(n):\n    return n + 1\n"
Pass = Callable[[float, float, float, float], None]


@pytest.fixture(name="counted")
def _counted(monkeypatch: pytest.MonkeyPatch) -> tuple[Share, Pass]:
    """A share of two cores, and what lets time pass: on the wall, idle on all cores, and computed by both sides."""
    now = dict.fromkeys(("wall", "idle", "examiner", "submission"), 0.0)
    monkeypatch.setattr(share, "ALL", {0, 1})
    monkeypatch.setattr(time, "monotonic", lambda: now["wall"])
    monkeypatch.setattr(time, "process_time", lambda: now["examiner"])
    monkeypatch.setattr(share, "idle_seconds", lambda cores: now["idle"])

    def passes(*seconds: float) -> None:
        for name, more in zip(now, seconds, strict=True):
            now[name] += more

    return Share(lambda: now["submission"]), passes


@pytest.mark.parametrize(
    ("what", "seconds", "expected"),
    [
        ("both cores are idle", (10, 20, 0, 0), 10),
        ("the submission computes on one", (10, 10, 0, 10), 10),
        ("the submission computes on both", (10, 0, 0, 20), 10),
        ("the examiner looks while the submission sleeps", (10, 10, 10, 0), 10),
        ("others have one core", (10, 10, 0, 0), 5),
        ("others have both cores, but for a tenth", (10, 0, 1, 1), 1),
        ("others have all", (10, 0, 0, 0), 0),
        ("a clock counts too much", (10, 20, 1, 1), 10),
    ],
    ids=lambda value: value.replace(" ", "_") if isinstance(value, str) else "",
)
def test_what_nobody_else_took_counts(
    counted: tuple[Share, Pass], what: str, seconds: tuple[float, float, float, float], expected: float
) -> None:
    """The same on any machine for who computes, and never more than the time on the wall."""
    of, passes = counted

    with of:
        passes(*seconds)

        assert of.seconds == pytest.approx(expected), what


def test_only_what_passes_while_it_is_examined_counts(counted: tuple[Share, Pass]) -> None:
    """A learner may look at a failure for an hour before the next criterion."""
    of, passes = counted
    for _ in range(2):
        with of:
            passes(1, 2, 0, 0)
        passes(3_600, 7_200, 0, 0)

    assert of.seconds == pytest.approx(2)


def test_nothing_counts_where_there_is_no_other_process(counted: tuple[Share, Pass]) -> None:
    """At level none a learner may stop at a breakpoint."""
    of, passes = Share(None), counted[1]
    with of:
        passes(3_600, 7_200, 0, 0)

    assert of.seconds == 0


def test_idle_is_a_core_that_waits_for_a_disk_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the cores that are named, as proc_stat(5) has it: user, nice, system, idle, iowait, and more."""
    cores = b"cpu0 1 1 1 100 50 1\ncpu1 2 2 2 200 0 2\ncpu2 2 2 2 600 40 2\n"
    text = b"cpu  9 9 9 900 90 9\n" + cores + b"intr 1 2\ncpu0 1 1 1 1 1\n"
    monkeypatch.setattr(procfs, "read", lambda path, most: text)
    monkeypatch.setattr(share, "_TICKS", 100)

    assert idle_seconds({0, 1}) == pytest.approx(3.5)


def test_nobody_is_idle_where_nothing_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    """Then what both sides computed counts."""

    def read(path: str, most: int) -> bytes:
        raise FileNotFoundError(path)

    monkeypatch.setattr(procfs, "read", read)

    assert idle_seconds({0, 1}) == 0


@linux_only
@pytest.mark.parametrize(("beside", "outcome", "said"), [(True, "failed", USED_UP), (False, "not_graded", BUSY)])
def test_who_has_used_up_his_share_fails_unless_the_reference_does_too(
    exam: Examine, monkeypatch: pytest.MonkeyPatch, beside: bool, outcome: str, said: str
) -> None:
    """It took the examiner's time, and hardly any of its own: in this criterion and in each one after it."""
    monkeypatch.setattr(share, "idle_seconds", lambda cores: len(cores) * time.monotonic())  # whoever else is here
    run = exam(SLOW_TO_EXAMINE, RIGHT, "process", submission_seconds=0.3)
    run.examiner.beside = lambda criterion: beside

    found = run.outcomes()

    assert [(each.outcome, each.message) for each in found] == [(outcome, said)] * 2


@linux_only
def test_what_others_take_of_the_machine_costs_nobody_a_point(exam: Examine, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same submission and limit, where no core is ever idle."""
    monkeypatch.setattr(share, "idle_seconds", lambda cores: 0.0)
    run = exam(SLOW_TO_EXAMINE, RIGHT, "process", submission_seconds=0.3)

    assert [each.outcome for each in run.outcomes()] == ["passed"] * 2


@linux_only
@pytest.mark.parametrize(("beside", "outcome"), [(True, "failed"), (False, "not_graded")])
def test_a_load_that_ends_in_doubt_is_held_against_a_control_run(
    exam: Examine, monkeypatch: pytest.MonkeyPatch, beside: bool, outcome: str
) -> None:
    """The machine may be why a file was not imported in time."""
    monkeypatch.setattr(channel, "_BUSY", 0.0)  # whatever was spent, the machine counts as busy
    run = exam(TWO, "while True: pass\n", "process", call_seconds=0.3)
    run.examiner.beside = lambda criterion: beside

    assert [each.outcome for each in run.outcomes()] == [outcome] * 2
