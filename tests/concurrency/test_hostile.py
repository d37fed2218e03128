"""What attacks the verdicts on concurrency earns nothing for it."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from graders.catalogue import Kata
from graders.examiner import Examiner
from graders.sandbox import levels
from graders.sandbox.errors import GraderFault
from graders.sandbox.host import Host
from graders.sandbox.limits import Source
from tests.support import ROOT, linux_only

pytestmark = linux_only

FOLDER = ROOT / "tests" / "hostile" / "concurrency"
FORM = re.compile(r"\S[^\n]+\n\nKata: (\w+)\nMust fail: ([\w, ]+)")


@dataclass(frozen=True)
class Attack:
    """One file of the folder, and the criteria that it must not pass."""

    path: Path
    slug: str
    must_fail: tuple[str, ...]


def _attack(path: Path) -> Attack:
    form = FORM.fullmatch((ast.get_docstring(ast.parse(path.read_bytes())) or "").strip())
    assert form is not None, f"{path.name}: the docstring is not in the form that {FOLDER.name}/__init__.py describes"
    return Attack(path, form[1], tuple(form[2].split(", ")))


ATTACKS = [_attack(path) for path in sorted(FOLDER.glob("[a-z]*.py"))]


@pytest.mark.parametrize("level", ["process", "sandbox"])
@pytest.mark.parametrize("attack", ATTACKS, ids=[attack.path.stem for attack in ATTACKS])
def test_an_attack_fails_what_it_attacks(attack: Attack, level: str) -> None:
    """It fails by name, and never so that the grader gives up on it."""
    try:
        isolation = levels.choose(level)
    except GraderFault as unavailable:
        pytest.skip(str(unavailable))
    host = Host(isolation, Source(attack.slug, attack.path.read_bytes()))
    try:
        examiner = Examiner(host, 7, shrink=False)
        criteria = [each for each in Kata(attack.slug).suite().criteria if each.id in attack.must_fail]
        assert len(criteria) == len(attack.must_fail)
        for criterion in criteria:
            outcome = examiner.examine(criterion)
            assert (criterion.id, outcome.outcome) == (criterion.id, "failed"), outcome.message
    finally:
        host.close()
