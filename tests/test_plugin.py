"""The plugin as a user meets it: cards, scores, seeds, and how it looks."""

from __future__ import annotations

import dataclasses
import json
import os
import pty
import re
import select
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import BOX_TITLES, WRONG, Project, box, linux_only, stub, without_time


def test_an_untouched_stub_gets_a_complete_card_with_0_of_100(project: Project) -> None:
    """Every criterion is there, not started, without counterexamples; the exit code is 1."""
    graded = project.grade(kata="hashing", submission=None)

    assert graded.code == 1
    assert len(graded.rows) == 8
    assert {row.word for row in graded.rows.values()} == {"not started"}
    assert {row.below for row in graded.rows.values()} == {()}
    assert graded.card[1] == "   0 of 7 public examples pass (no points)"
    assert graded.card[-1].startswith(" 0/100  seed ")
    assert ">>>" not in graded.out
    assert list(project.left()) == []


def test_the_reference_gets_100_of_100(project: Project) -> None:
    """Every criterion passes, all points are there, and the exit code is 0."""
    graded = project.grade(kata="hashing", submission="solutions/hashing/reference.py")

    assert graded.code == 0, graded.out + graded.err
    assert {row.word for row in graded.rows.values()} == {"passed"}
    assert sum(row.points for row in graded.rows.values()) == 100
    assert graded.card[0].endswith("solutions/hashing/reference.py")
    assert graded.card[-1].startswith(" 100/100  seed 7, isolation process")
    assert graded.result["score"] == 100
    assert list(project.left()) == []


def test_pytest_without_kata_runs_the_projects_own_tests(outside: Project) -> None:
    """The plugin keeps out of the way."""
    done = outside.start("-q", "-p", "no:cacheprovider")

    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 passed" in done.stdout
    assert "seed" not in done.stdout


def test_several_katas_and_all_of_them_can_be_graded_at_once(own: Project) -> None:
    """Slugs with commas between, dashes for underscores, each once; a card for each."""
    for source, target in (
        ("katas/box.py", "katas/second_box.py"),
        ("graders/suites/box/suite.py", "graders/suites/second_box/suite.py"),
    ):
        (own.root / target).parent.mkdir(exist_ok=True)
        (own.root / target).write_text((own.root / source).read_text())
    own.edit(box())
    graded = own.grade(kata="second-box,box,box")

    assert [line.split()[0] for line in graded.lines if " - A box with a number" in line] == ["second_box", "box"]
    assert graded.code == 1
    assert graded.scores is not None
    assert [(each["kata"], each["score"]) for each in graded.scores["results"]] == [("box", 100), ("second_box", 0)]
    assert own.grade("--collect-only", "-q", kata="all").out.count("::doubles") == 2


def test_a_submission_is_named_from_where_the_user_stands(small: Project) -> None:
    """A relative path is relative to the folder of the command, and shown from the project's."""
    graded = small.grade("-k", "doubles", submission="../solutions/box/reference.py", folder="katas")

    assert graded.rows["Doubling doubles"].word == "passed"
    assert graded.card[0].endswith(" solutions/box/reference.py")


def test_the_examiner_never_imports_the_submission(small: Project) -> None:
    """Not at collection, not for its docstring: in a process of its own, the file runs nowhere else."""
    path = small.submit(box(top="import os, sys\nassert 'pytest' not in sys.modules, 'the examiner imported me'"))

    assert small.grade("-k", "doubles", submission=path).code == 0
    assert small.grade("-k", "doubles", submission=path, isolation="none").code == 1


def test_python_o_grades_alike(outside: Project) -> None:
    """The suites' assertions hold without Python's own."""
    ignored = "ignore::pytest.PytestConfigWarning"  # pytest warns that its own assertions are off
    graded = outside.grade("-W", ignored, submission=outside.submit(WRONG), python=("-O",))

    assert graded.result["score"] == 70


def test_scores_are_to_the_schema(small: Project) -> None:
    """Every key of the design's, with values that agree with the card."""
    graded = small.grade(submission=small.submit(WRONG))
    assert graded.scores is not None
    result, criteria = graded.result, graded.criteria

    assert (graded.scores["schema"], graded.scores["seed"]) == ("kata-scores/2", 7)
    assert graded.scores["isolation"] == "process"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", graded.scores["started"])
    assert graded.scores["seconds"] > 0
    assert (result["kata"], result["status"], result["score"], result["max_score"]) == ("box", "graded", 70, 100)
    assert result["submission"].endswith("submitted/box.py")
    assert list(criteria) == ["keeps", "equal", "hashes", "shows", "doubles"]
    assert [each["title"] for each in criteria.values()] == list(BOX_TITLES)
    assert [each["points"] for each in criteria.values()] == [30, 20, 0, 20, 0]
    assert [each["max_points"] for each in criteria.values()] == [30, 20, 20, 20, 10]
    assert [each["outcome"] for each in criteria.values()] == ["passed", "passed", "failed", "passed", "failed"]
    assert criteria["keeps"]["message"] == ""
    assert criteria["doubles"]["message"] == "double(21) gave 63, expected 42"
    assert criteria["doubles"]["counterexample"] == "double(21)"
    assert criteria["keeps"]["counterexample"] is None
    assert all(type(each["seconds"]) is float and each["speedup"] is None for each in criteria.values())


def test_scores_are_written_and_leave_nothing_else(small: Project, tmp_path: Path) -> None:
    """In one step, without a temporary file left in the user's folder; an empty file is as good as none."""
    path = tmp_path / "mine" / "scores.json"
    path.parent.mkdir()
    path.write_text("\n")
    small.grade("-k", "doubles", f"--scores={path}", submission=small.submit(box()))

    assert json.loads(path.read_text())["schema"] == "kata-scores/2"
    assert list(path.parent.iterdir()) == [path]


def test_scores_that_cannot_be_written_are_said_to_be_missing(small: Project, tmp_path: Path) -> None:
    """The card is there, and the exit code is no success."""
    target = tmp_path / "mine" / "scores.json"
    target.parent.mkdir()
    path = small.submit(box(bottom=f"import shutil\nshutil.rmtree({str(target.parent)!r}, ignore_errors=True)"))
    options = ("--kata=box", "--isolation=none", "-p", "no:cacheprovider", f"--submission={path}")
    done = small.start(*options, f"--scores={target}")

    assert done.returncode not in (0, 1)
    assert f" --scores={target} can't be written: No such file or directory." in done.stdout.splitlines()
    assert " 100/100  seed " in done.stdout


def test_a_seed_that_was_printed_repeats_the_run(small: Project) -> None:
    """The card of the second run is that of the first, but for the seconds."""
    path = small.submit(box(double="return number + number if number % 7 else 0"))
    first = small.grade(submission=path, seed=None)
    other = small.grade(submission=path, seed=None)
    again = small.grade(submission=path, seed=first.seed)

    assert first.seed != other.seed
    assert again.seed == first.seed
    assert without_time(again.card) == without_time(first.card)


@pytest.mark.parametrize("seed", [0, (1 << 64) - 1])
def test_a_seed_may_be_any_number_of_64_bits(small: Project, seed: int) -> None:
    """From the first to the last."""
    assert small.grade("-k", "doubles", submission="solutions/box/reference.py", seed=seed).seed == seed


def test_the_failing_example_of_the_last_run_is_kept_for_the_next(own: Project) -> None:
    """In the project's folder, and only by runs that draw their own seed: a given one repeats inputs exactly."""
    kept = own.root / ".hypothesis" / "katas"
    path = own.submit(box(double="return number * 2 if abs(number) < 50 else 0"))
    own.grade("-k", "doubles", submission=path, seed=7)
    assert not kept.exists()

    own.grade("-k", "doubles", submission=path, seed=None)

    assert [file for file in kept.rglob("*") if file.is_file()] != []


ESCAPE = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


def on_terminal(project: Project, *arguments: str) -> str:
    """Run on a terminal of 80 columns and return all that it shows."""
    command, environment = project.command(*arguments)
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        command, cwd=project.root, env={**environment, "TERM": "xterm-256color", "COLUMNS": "80"},
        stdin=theirs, stdout=theirs, stderr=theirs,
    ) as process:  # fmt: skip
        os.close(theirs)
        shown = b""
        try:
            while select.select([ours], [], [], 120)[0] and (more := os.read(ours, 1 << 16)):
                shown += more
        except OSError:  # the other end of a pseudo-terminal is closed
            pass
        finally:
            os.close(ours)
        process.wait()
    return shown.decode().replace("\r\n", "\n")


@linux_only
def test_no_color_is_respected_on_a_terminal(outside: Project) -> None:
    """The same words with and without colour: nothing is said by colour alone."""
    path = outside.submit(WRONG)
    arguments = ["--kata=box", "--isolation=process", "--kata-seed=7", "-p", "no:cacheprovider", "-q"]
    arguments.append(f"--submission={path}")
    coloured = on_terminal(outside, *arguments)
    plain = on_terminal(Project(outside.root, outside.temp, {"NO_COLOR": "1"}), *arguments)

    def card(text: str) -> list[str]:
        return without_time([line for line in ESCAPE.sub("", text).splitlines() if line.startswith(" ")])

    assert ESCAPE.search(coloured)
    assert not ESCAPE.search(plain)
    assert card(plain) == card(coloured)
    assert len(card(plain)) > 10


def test_a_pipe_gets_no_colour_and_80_columns(small: Project) -> None:
    """Words alone, no symbol that a screen reader can't read, no line that a terminal cuts."""
    graded = small.grade(submission=small.submit(WRONG))

    assert "\x1b" not in graded.out
    assert graded.out.isascii()
    assert all(len(line) <= 80 for line in graded.lines if "submitted/" not in line)


def test_a_file_with_a_hostile_name_is_shown_harmlessly(small: Project) -> None:
    """A name is text of somebody else's, too."""
    path = small.submit(box(), "b\x1b[2Jo\nx.py")
    graded = small.grade("-k", "doubles", submission=path)

    assert graded.rows["Doubling doubles"].word == "passed"
    assert "\x1b" not in graded.out
    assert "b\\x1b[2Jo\\nx.py" in graded.out


def test_a_run_that_is_interrupted_says_what_it_has(outside: Project) -> None:
    """Ctrl-C ends the processes and writes what is known."""
    path = outside.submit(box(double="print('here')\nwhile True: pass"))
    scores = outside.temp / "scores.json"
    options = ("--kata=box", "--isolation=process", "-v", "-p", "no:cacheprovider")
    command, environment = outside.command(*options, f"--submission={path}", f"--scores={scores}")
    with subprocess.Popen(
        command, cwd=outside.root, env={**environment, "PYTHONUNBUFFERED": "1"}, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if "::shows" in line and "PASSED" in line:
                process.send_signal(2)
                break
        rest = process.stdout.read()
    found = json.loads(scores.read_text())["results"][0]

    assert process.returncode == 2, rest
    assert found["score"] is None
    assert [each["outcome"] for each in found["criteria"]][:4] == ["passed"] * 4
    scores.unlink()
    assert list(outside.left()) == []


INTERRUPTS = """
import pytest

@pytest.hookimpl(tryfirst=True)
def pytest_runtest_makereport(item, call):
    if call.when == "setup" and item.name == "doubles":
        raise KeyboardInterrupt
"""


def test_an_interrupt_within_pytests_own_hooks_is_one_all_the_same(outside: Project, tmp_path: Path) -> None:
    """Ctrl-C can come at any moment; pluggy warns of it in an old-style wrapper, and a warning is an error here."""
    (tmp_path / "interrupts.py").write_text(INTERRUPTS)
    there = dataclasses.replace(outside, environment={"PYTHONPATH": str(tmp_path)})
    graded = there.grade("-p", "interrupts", submission="solutions/box/reference.py")

    assert (graded.code, graded.result["score"]) == (2, None), graded.out + graded.err
    assert [each["outcome"] for each in graded.result["criteria"]][:4] == ["passed"] * 4


def test_the_stub_of_the_small_kata_is_one(small: Project) -> None:
    """What these tests rest on: the small kata's stub scores 0 and its reference 100."""
    assert small.grade().result["score"] == 0
    assert small.grade(submission="solutions/box/reference.py").result["score"] == 100
    assert sys.version_info >= (3, 11)
    assert stub() != box()
