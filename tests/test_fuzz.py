"""The examiner's view of a submission, made up: a short run of the fuzzer with seeds that stay the same."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.support import ROOT, linux_only

pytestmark = linux_only


@pytest.mark.parametrize("seed", [1, 2])
def test_nothing_that_a_submission_shows_makes_the_examiner_grow_wait_or_break(seed: int) -> None:
    """`benchmarks/fuzz_examiner.py` runs for minutes, and says what went wrong."""
    command = [sys.executable, "benchmarks/fuzz_examiner.py", "--rounds", "80", "--seed", str(seed)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 things went wrong" in done.stdout
