"""What attacks the verdicts on concurrency earns nothing for it."""

from __future__ import annotations

import ast
import re
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from graders.authoring.catalogue import Kata
from graders.grading.examiner import Examiner
from graders.sandbox import share
from graders.sandbox.channel import WorkerChannel
from graders.sandbox.errors import GraderFault
from graders.sandbox.host import Host
from graders.sandbox.isolation import levels
from graders.sandbox.limits import Limits, Source
from tests.support import ROOT, linux_only

pytestmark = linux_only

FOLDER = ROOT / "tests" / "hostile" / "concurrency"
FORM = re.compile(r"\S[^\n]+\n\nKata: (\w+)\nMust fail: ([\w, ]+)\nMark: (\S[^\n]*)")


@dataclass(frozen=True)
class Attack:
    """One file of the folder, the criteria that it must not pass, and what shows that it took place."""

    path: Path
    slug: str
    must_fail: tuple[str, ...]
    mark: str


def _attack(path: Path) -> Attack:
    form = FORM.fullmatch((ast.get_docstring(ast.parse(path.read_bytes())) or "").strip())
    assert form is not None, f"{path.name}: the docstring is not in the form that {FOLDER.name}/__init__.py describes"
    return Attack(path, form[1], tuple(form[2].split(", ")), form[3])


ATTACKS = [_attack(path) for path in sorted(FOLDER.glob("[a-z]*.py"))]


def test_who_naps_while_its_calls_are_held_uses_up_what_it_has() -> None:
    """What it sleeps by timers of its own, it does not sleep for the examiner: the next criterion fails at once."""
    attack = FOLDER / "naps_while_calls_are_held.py"
    host = Host(levels.choose("process"), Source("thread_pool", attack.read_bytes()), Limits(submission_seconds=2.0))
    try:
        examiner = Examiner(host, 7, shrink=False)
        first, second = (examiner.examine(each) for each in Kata("thread_pool").suite().criteria[:2])
    finally:
        host.close()

    said = "this submission has used its 2 s of computing and waiting"
    assert [(each.outcome, each.message) for each in (first, second)] == [("failed", said)] * 2


def test_who_uses_up_what_it_has_while_calls_are_made_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """The call ends then, and no deadlock is made of it."""
    monkeypatch.setattr(share, "idle_seconds", lambda cores: len(cores) * time.monotonic())  # whoever else is here
    text = b"import time\ndef fetch_all(urls, fetch, *, max_workers=10):\n    fetch(urls[0])\n    time.sleep(3)\n"
    host = Host(levels.choose("process"), Source("thread_pool", text), Limits(submission_seconds=1.0))
    try:
        order = next(each for each in Kata("thread_pool").suite().criteria if each.id == "order_holds")
        outcome = Examiner(host, 7, shrink=False).examine(order)
    finally:
        host.close()

    assert (outcome.outcome, outcome.message) == ("failed", "this submission has used its 1 s of computing and waiting")


@pytest.mark.parametrize("level", ["process", "sandbox"])
@pytest.mark.parametrize("attack", ATTACKS, ids=[attack.path.stem for attack in ATTACKS])
def test_an_attack_fails_what_it_attacks(attack: Attack, level: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It fails by name, never so that the grader gives up on it, and not because it did not take place."""
    try:
        isolation = levels.choose(level)
    except GraderFault as unavailable:
        pytest.skip(str(unavailable))
    host = Host(isolation, Source(attack.slug, attack.path.read_bytes()))
    seen: list[str] = []

    def close(channel: WorkerChannel, close: Callable[[WorkerChannel], None] = WorkerChannel.close) -> None:
        with suppress(OSError):  # it is closed already
            seen.append(channel.printed())
        close(channel)

    monkeypatch.setattr(WorkerChannel, "close", close)
    try:
        examiner = Examiner(host, 7, shrink=False)
        criteria = [each for each in Kata(attack.slug).suite().criteria if each.id in attack.must_fail]
        assert len(criteria) == len(attack.must_fail)
        for criterion in criteria:
            outcome = examiner.examine(criterion)
            assert (criterion.id, outcome.outcome) == (criterion.id, "failed"), outcome.message
            seen.append(outcome.message)
    finally:
        host.close()
    assert any(attack.mark in each for each in seen), seen
