"""One run, one seed: what the user's own process settled holds in every worker of pytest-xdist."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path
from typing import Any

import pytest

from graders.authoring import catalogue
from graders.classroom.submissions import ClassFolder, Entries, Submission
from graders.grading.hand_in import Target
from graders.plugin.options import Options
from tests.support import Project, box

HASHED = box(init='raise ValueError(hash("a"))')
STUDENTS = ("ann", "ben", "cleo", "dev")
# Writes what each process of a run holds for the run's options.
SPY = """
import os
from pathlib import Path

def pytest_sessionstart(session):
    from graders.plugin.state import STATE  # of the project that grades: where it is imported from is settled by now

    folder = Path(os.environ["SEEN"])
    worker = os.environ.get("PYTEST_XDIST_WORKER", "own")
    (folder / worker).write_text(repr(session.config.stash[STATE].options))
"""


def a_class(project: Project, *options: str) -> dict[str, Any]:
    """Grade four students by two workers, and return the scores. Each submission tells the hash of a str."""
    folder, scores = project.temp.parent / "class", project.temp.parent / "scores.json"
    for name in STUDENTS:
        (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / name / "box.py").write_text(HASHED)
    settled = ("--isolation=process", "--feedback=counterexample", "-p", "no:cacheprovider", f"--scores={scores}")
    done = project.start("--kata=box", f"--submissions={folder}", "-n", "2", *settled, *options)
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(scores.read_text("utf-8"))
    assert isinstance(found, dict)
    return found


def hashes(scores: dict[str, Any]) -> set[str]:
    """Return the numbers that the submissions told."""
    told = [re.findall(r"ValueError: (-?\d+)", json.dumps(result["criteria"])) for result in scores["results"]]
    assert [len(numbers) > 0 for numbers in told] == [True] * len(scores["results"])
    return {number for numbers in told for number in numbers}


def test_two_workers_give_a_class_one_seed_though_none_was_named(outside: Project) -> None:
    """And the one that is recorded repeats the run: the same values, the same verdicts, the same texts."""
    first = a_class(outside)
    again = a_class(outside, f"--kata-seed={first['seed']}")

    assert [result["submission"] for result in first["results"]] == list(STUDENTS)
    assert len(hashes(first)) == 1
    assert hashes(again) == hashes(first)
    assert len({json.dumps([c["counterexample"] for c in result["criteria"]]) for result in first["results"]}) == 1


def test_two_workers_give_one_file_one_seed_though_none_was_named(outside: Project) -> None:
    """And the one that is printed repeats the run, also in one process."""
    path = outside.submit(HASHED)
    parallel = outside.grade("-n", "2", submission=path, seed=None)
    alone = outside.grade(submission=path, seed=parallel.seed)

    assert parallel.scores is not None
    assert parallel.scores["seed"] == parallel.seed
    assert alone.scores is not None
    assert len(hashes(parallel.scores)) == 1
    assert hashes(alone.scores) == hashes(parallel.scores)


@pytest.mark.parametrize("of", ["file", "class"])
def test_every_option_is_the_same_in_each_process(outside: Project, tmp_path: Path, of: str) -> None:
    """Whatever was given, drawn or chosen: seed, level, folder of examples, feedback, files, hints."""
    seen = tmp_path / "seen"
    seen.mkdir()
    (tmp_path / "spy.py").write_text(SPY)
    there = dataclasses.replace(outside, environment={"PYTHONPATH": str(tmp_path), "SEEN": str(seen)})
    if of == "class":
        a_class(there, "-p", "spy")
    else:
        there.grade(
            "-n", "2", "-p", "spy", "--hint", submission="../solutions/box/reference.py", folder="katas", seed=None
        )
    found = {path.name: path.read_text() for path in seen.iterdir()}

    assert set(found) == {"own", "gw0", "gw1"}
    assert len(set(found.values())) == 1
    assert all(f"{field.name}=" in found["gw0"] for field in dataclasses.fields(Options))
    assert "seed=None" not in found["gw0"]


def test_options_travel_whole_and_unchanged(tmp_path: Path) -> None:
    """Names that are not valid text too: a file's name is bytes."""
    kata = catalogue.Kata("box", tmp_path)
    odd = Path(b"/tmp/b\xffx.py".decode("utf-8", "surrogateescape"))
    options = Options(
        targets=(Target(kata, odd, "b\\xffx.py"),),
        folder=ClassFolder((Submission("ann", kata, tmp_path, (b"\xff", b"box.py")),), Entries(submitted=1)),
        seed=(1 << 64) - 1,
        isolation="process",
        database=odd,
        feedback="score",
        scores=odd,
        hint=True,
    )

    assert Options.unpacked(options.packed()) == options
