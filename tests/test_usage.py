"""Bad options: each is a usage error that names the thing, shows the value and says the next step."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

from graders.grading.hand_in import MAX_BYTES
from graders.plugin import options
from tests.support import ROOT, Project, box


@pytest.fixture(name="refuse")
def _refuse(pytester: pytest.Pytester) -> Callable[..., str]:
    """Run with bad options, expect a usage error and return what it says."""

    def run(*arguments: str) -> str:
        done = pytester.runpytest_inprocess("-p", "graders.plugin.hooks", "-p", "no:cacheprovider", *arguments)
        assert done.ret == 4, done.stdout.str()
        assert "Traceback" not in done.stderr.str() + done.stdout.str()
        return " ".join(done.stderr.str().split())

    return run


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("hashin", "There is no kata 'hashin'. Did you mean 'hashing'?"),
        ("Hashing", "There is no kata 'Hashing'. Did you mean 'hashing'?"),
        ("hashing,hashnig", "There is no kata 'hashnig'. Did you mean 'hashing'?"),
        ("xyzzy", "There is no kata 'xyzzy'. There are: "),
        ("../katas/hashing", "There is no kata '../katas/hashing'. Did you mean 'hashing'?"),
        ("", "There is no kata ''. There are: "),
    ],
)
def test_an_unknown_slug_is_named_and_the_nearest_suggested(refuse: Callable[..., str], name: str, advice: str) -> None:
    """The message holds what was typed and what could have been meant."""
    assert advice in refuse(f"--kata={name}")


def test_all_katas_are_named_when_none_is_near(refuse: Callable[..., str]) -> None:
    """A user who remembers nothing gets the list."""
    found = refuse("--kata=xyzzy")

    assert all(path.stem in found for path in (ROOT / "katas").glob("*.py"))


@pytest.mark.parametrize("option", ["--submission=x.py", "--scores=x.json", "--submissions=folder"])
def test_an_option_that_needs_a_kata_says_so(refuse: Callable[..., str], option: str) -> None:
    """Without --kata, pytest runs the project's own tests; the option would be ignored."""
    name = option.partition("=")[0]

    assert f"{name} goes with --kata=SLUG: which kata is it for?" in refuse(option)


def test_a_submission_that_is_missing_is_named(refuse: Callable[..., str], pytester: pytest.Pytester) -> None:
    """With its whole path, and the option to use."""
    path = pytester.path / "nowhere" / "point.py"

    assert f"There is no file {path}; name one with --submission=FILE" in refuse(
        "--kata=hashing", f"--submission={path}"
    )


def test_a_submission_that_is_a_folder_is_named(refuse: Callable[..., str], pytester: pytest.Pytester) -> None:
    """With a file that could have been meant."""
    found = refuse("--kata=hashing", f"--submission={pytester.path}")

    assert f"{pytester.path} is a folder; name a file, such as {pytester.path}" in found


def test_a_submission_that_is_no_ordinary_file_is_refused(
    refuse: Callable[..., str], pytester: pytest.Pytester
) -> None:
    """A pipe would keep the grader waiting for ever."""
    path = pytester.path / "pipe.py"
    os.mkfifo(path)

    assert f"{path} is not a regular file; name one with --submission=FILE" in refuse(
        "--kata=hashing", f"--submission={path}"
    )


def test_a_submission_that_is_too_large_is_refused(refuse: Callable[..., str], pytester: pytest.Pytester) -> None:
    """With its size and the limit; it is not read."""
    path = pytester.path / "large.py"
    with path.open("wb") as file:
        file.truncate(1 << 33)

    found = refuse("--kata=hashing", f"--submission={path}")

    assert f"{path} has {1 << 33:,} bytes; a submission may have {MAX_BYTES:,}" in found


def test_one_submission_is_for_one_kata(refuse: Callable[..., str], pytester: pytest.Pytester) -> None:
    """A file can't be graded for all katas."""
    path = pytester.path / "point.py"
    path.write_text("")

    if len(list((ROOT / "katas").glob("*.py"))) > 1:
        assert "is one file; name one kata, not 'all'" in refuse("--kata=all", f"--submission={path}")
    assert "give one of them" in refuse("--kata=hashing", f"--submission={path}", "--submissions=x")


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("--kata-seed=-1", "--kata-seed=-1: a seed is a number from 0 to 2**64 - 1"),
        (f"--kata-seed={1 << 64}", f"--kata-seed={1 << 64}: a seed is a number from 0"),
        ("--kata-seed=soon", "--kata-seed: invalid int value: 'soon'"),
        ("--isolation=jail", "--isolation: invalid choice: 'jail'"),
        ("--feedback=all", "--feedback: invalid choice: 'all'"),
    ],
)
def test_a_bad_value_is_shown_with_the_good_ones(refuse: Callable[..., str], option: str, said: str) -> None:
    """What was given, and what can be."""
    found = refuse("--kata=hashing", option)

    assert said in found
    if "choice" in said:
        assert all(
            name in found for name in (("process", "none", "auto") if "isolation" in said else ("full", "score"))
        )


def test_scores_need_a_folder_to_be_written_in(refuse: Callable[..., str], pytester: pytest.Pytester) -> None:
    """Said before an hour of grading, not after it."""
    for path in (pytester.path / "nowhere" / "scores.json", pytester.path):
        found = refuse("--kata=hashing", f"--scores={path}")
        assert f"--scores={path}" in found
        assert "folder" in found


@pytest.mark.parametrize("level", ["auto", "process"])
def test_a_debugger_needs_level_none_and_is_told_so(refuse: Callable[..., str], level: str) -> None:
    """It can't look into another process."""
    assert options.PDB_NEEDS_NONE in refuse("--kata=hashing", "--pdb", f"--isolation={level}")


def test_a_debugger_at_level_none_stops_in_the_learners_own_code(outside: Project) -> None:
    """At the line that raised, with the names of that frame."""
    path = outside.submit(box(double="secret = number\nreturn secret.nothing"))
    graded = outside.grade("--pdb", "-k", "doubles", submission=path, isolation="none")

    assert "nothing" in graded.out
    assert f"> {path}(" in graded.out
    assert "-> return secret.nothing" in graded.out
