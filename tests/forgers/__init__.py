"""What a cheat appends to a submission who knows the suite of its kata, a file for each, and what that earns.

A forger answers by heart. It does not do what the kata asks, in the class or elsewhere: that would be a solution.
"""

from __future__ import annotations

from pathlib import Path

from graders.authoring import solutions
from graders.authoring.catalogue import Kata
from graders.grading.examiner import Examiner
from graders.grading.run import Run
from graders.sandbox.isolation import levels
from graders.sandbox.host import Host
from graders.sandbox.limits import Source


def forged(kata: Kata, path: Path) -> bytes:
    """Return a solution with the kata's forger appended."""
    return solutions.read(path) + b"\n\n" + (Path(__file__).parent / f"{kata.slug}.py").read_bytes()


def points(kata: Kata, content: bytes, run: Run) -> dict[str, int]:
    """Return the points that a submission gets for each criterion, graded as in a class.

    Raises:
        AssertionError: a criterion was not graded.
    """
    host = Host(levels.choose(run.isolation), Source(kata.slug, content, run.hash_seed, run.seed))
    found = {}
    try:
        examiner = Examiner(host, run.seed, control=lambda _: True, shrink=False, drawn=run.drawn, keys=run.keys(kata))
        for criterion in kata.suite().criteria:
            outcome = examiner.examine(criterion)
            assert outcome.outcome in ("passed", "failed"), f"{criterion.id}: {outcome.message}"
            found[criterion.id] = criterion.points if outcome.outcome == "passed" else 0
    finally:
        host.close()
    return found
