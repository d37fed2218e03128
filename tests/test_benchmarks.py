"""The benchmarks compare the grader with a floor, which must be able to run what the suites ask."""

from __future__ import annotations

import subprocess
import sys

import pytest

from graders.authoring.catalogue import Kata, slugs
from tests.support import ROOT

FLOOR = """
import dataclasses, sys
sys.path[:0] = ["benchmarks", "."]
from direct import Direct, run
from graders.authoring.catalogue import Kata
kata = Kata(sys.argv[1])
for criterion in kata.suite().criteria:
    for check in criterion.checks:
        run(dataclasses.replace(check, examples=2, steps=2), Direct(getattr(kata, sys.argv[2])), 7)
"""
PLAIN = [slug for slug in slugs() if "graders.concurrency" not in Kata(slug).suite_file.read_text("utf-8")]


@pytest.mark.parametrize("slug", PLAIN)
def test_the_floor_runs_every_suite_that_needs_no_instrument(slug: str) -> None:
    """The reference passes there as it does in a worker, and a stub does not."""
    found = {
        name: subprocess.run(
            [sys.executable, "-c", FLOOR, slug, name], cwd=ROOT, capture_output=True, text=True, check=False
        )
        for name in ("reference", "stub")
    }

    assert (found["reference"].returncode, found["reference"].stderr) == (0, "")
    assert "NotImplementedError" in found["stub"].stderr
