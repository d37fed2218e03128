"""What surrounds a run: variables, folders, plugins, settings. It ends with its card and the right exit code."""

from __future__ import annotations

import dataclasses
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import tomllib
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from graders.plugin.doctor import diagnosis
from graders.sandbox import runtime, scratch
from graders.sandbox.errors import NoRoom
from graders.sandbox.isolation import bubblewrap
from graders.sandbox.isolation.process import ProcessIsolation
from graders.sandbox.limits import Limits, Source
from tests.support import ROOT, WRONG, Project, box, linux_only

REFERENCE = "solutions/box/reference.py"
MOUNTS = os.geteuid() == 0 and subprocess.run(["unshare", "-m", "true"], check=False).returncode == 0
with_mounts = pytest.mark.skipif(not MOUNTS, reason="needs root's right to mount")
# Warns of what must not matter at each stage of a run.
WARNS = """
import warnings

def pytest_configure(config):
    warnings.warn("configure", DeprecationWarning)
    config.issue_config_time_warning(UserWarning("configure"), 2)

def pytest_collection_finish(session):
    warnings.warn("collection")

def pytest_runtest_setup(item):
    warnings.warn("setup")

def pytest_sessionfinish(session):
    warnings.warn("finish")

def pytest_terminal_summary(terminalreporter):
    warnings.warn("summary")
"""


@pytest.fixture(name="public")
def _public() -> Iterator[Path]:
    """A folder that an unprivileged user can enter, as root's folder for temporary files has to be."""
    folder = Path(tempfile.mkdtemp(prefix="kata-test-"))
    folder.chmod(0o755)
    yield folder
    folder.rmdir()


def mounted(project: Project, mounts: str, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Grade the reference in a mount namespace of its own, after these commands."""
    arguments = ("--kata=box", f"--submission={REFERENCE}", "-q", *options)
    command, inherited = project.command(*arguments)
    return subprocess.run(
        ["unshare", "-m", "sh", "-c", f'{mounts}\nexec "$@"', "sh", *command],
        cwd=project.root,
        env={**inherited, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_projects_own_tests_are_strict() -> None:
    """A warning is an error in them, and here is one."""
    with pytest.raises(UserWarning, match="strict"):
        warnings.warn("strict", stacklevel=1)


def test_the_projects_own_tests_end_a_hang(request: pytest.FixtureRequest) -> None:
    """In minutes."""
    assert request.config.option.timeout == 300


def test_nothing_in_the_projects_settings_rules_a_grading_run() -> None:
    """They say where the tests are, and what holds for a mark that no criterion has."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["pytest"]["ini_options"]

    assert set(settings) == {"testpaths", "xfail_strict"}


@pytest.mark.parametrize("options", [("-p", "no:warnings"), ("-n", "2", "-W", "error")])
def test_no_warning_ends_a_grading_run(outside: Project, tmp_path: Path, options: tuple[str, ...]) -> None:
    """Of no plugin, no library and no version of Python, at no stage, whatever was made of warnings for tests."""
    (tmp_path / "warns.py").write_text(WARNS)
    there = dataclasses.replace(outside, environment={"PYTHONPATH": str(tmp_path), "PYTHONWARNINGS": "error"})
    graded = there.grade("-p", "warns", *options, submission=outside.submit(WRONG))

    assert (graded.code, graded.result["score"]) == (1, 70), graded.out + graded.err
    assert graded.card[-1].startswith(" 70/100 ")
    assert "Traceback" not in graded.out + graded.err


def test_warnings_are_shown_to_those_who_ask(small: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not beside the card, but with -rw."""
    (tmp_path / "warns.py").write_text(WARNS)
    monkeypatch.syspath_prepend(tmp_path)
    plain, asked = (small.grade("-p", "warns", *options, submission=REFERENCE) for options in ((), ("-rw",)))

    assert "UserWarning: setup" in asked.out
    assert "UserWarning: setup" not in plain.out


@pytest.mark.parametrize(
    "variables",
    [
        {"PYTHONOPTIMIZE": "2", "PYTHONDONTWRITEBYTECODE": "1"},
        {"HOME": "/nonexistent", "TMPDIR": "/nonexistent", "LC_ALL": "C", "PYTHONUTF8": "0"},
        {"PYTEST_ADDOPTS": "-W error --strict-markers --strict-config -p xdist", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
    ],
    ids=lambda variables: " ".join(variables),
)
def test_no_variable_changes_a_verdict(outside: Project, variables: dict[str, str]) -> None:
    """Each of these once ended a run, or could."""
    there = dataclasses.replace(outside, environment=variables)
    graded = there.grade(submission=outside.submit(WRONG))

    assert (graded.code, graded.result["score"]) == (1, 70), graded.out + graded.err
    assert graded.err == ""


def test_the_doctor_answers_without_assertions(outside: Project) -> None:
    """PYTHONOPTIMIZE has pytest warn, and a warning was an error."""
    done = dataclasses.replace(outside, environment={"PYTHONOPTIMIZE": "1"}).start("--kata-doctor")

    assert done.returncode == 0, done.stdout + done.stderr
    assert "kata box: can be graded" in done.stdout


def test_a_path_with_blanks_and_other_letters_is_as_good(small: Project, tmp_path: Path) -> None:
    """Of the project and of the submission."""
    there = small.copy(tmp_path / "mes katas été")
    graded = there.grade("-k", "doubles", submission=there.submit(box(), "l'été (1).py"))

    assert graded.rows["Doubling doubles"].word == "passed"


@linux_only
def test_a_read_only_clone_gets_its_card(own: Project) -> None:
    """Nothing can be kept for the next run there, and a hint says so."""
    options = ("--hint", "--isolation=process")
    if MOUNTS:
        where = shlex.quote(str(own.root))
        done = mounted(own, f"mount --bind {where} {where} && mount -o remount,bind,ro {where}", *options)
    elif os.geteuid() == 0:
        pytest.skip("root writes everywhere, and may not mount here")
    else:
        folders = [own.root, *(path for path in own.root.rglob("*") if path.is_dir())]
        for folder in folders:
            folder.chmod(0o555)
        done = own.start("--kata=box", f"--submission={REFERENCE}", "-q", *options)
        for folder in folders:
            folder.chmod(0o755)

    assert done.returncode == 0, done.stdout + done.stderr
    assert " 100/100  seed " in done.stdout
    assert "without a cache that can be written" in done.stdout
    assert "Warning" not in done.stdout + done.stderr


@with_mounts
def test_root_avoids_a_folder_that_nothing_can_be_started_from(outside: Project, public: Path) -> None:
    """TMPDIR on a file system mounted noexec: bubblewrap is copied elsewhere, and the sandbox works."""
    mounts = f"mount -t tmpfs -o noexec,mode=1777 tmpfs {shlex.quote(str(public))}"
    done = mounted(outside, mounts, "--isolation=sandbox", TMPDIR=str(public))

    assert done.returncode == 0, done.stdout + done.stderr
    assert "100/100" in done.stdout


def test_a_program_that_cannot_be_started_is_blamed_on_its_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder is named, and what to choose instead: nothing about containers, which would not help."""
    monkeypatch.setattr(runtime, "is_noexec", lambda path: True)
    copied = runtime.folder() / "bwrap"
    copied.touch()
    of_root = bubblewrap.advice(str(copied), "")
    of_a_user = bubblewrap.advice(sys.executable, "")
    copied.unlink()

    assert of_root.startswith(f"{runtime.folder().parent} is mounted noexec")
    assert "TMPDIR" in of_root
    assert of_a_user.startswith(f"{Path(sys.executable).parent} is mounted noexec")
    assert "virtual environment" in of_a_user
    assert "container" not in of_root + of_a_user


def test_a_program_that_is_missing_is_named_with_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of bubblewrap itself, and of what root starts it by."""
    assert bubblewrap.advice("/nonexistent/bwrap", "") == '/nonexistent/bwrap is missing: pip install -e "." brings it'

    monkeypatch.setattr(bubblewrap, "_hidden_prefix", lambda: "/somewhere")
    monkeypatch.setattr(bubblewrap, "_UNSHARE", "/nonexistent/unshare")
    assert bubblewrap.advice(sys.executable, "") == "/nonexistent/unshare is missing: install util-linux."


@with_mounts
def test_a_full_disk_is_a_usage_error_that_names_the_folder(outside: Project, public: Path) -> None:
    """Before anything is graded."""
    mounts = f"mount -t tmpfs -o size=16k,mode=1777 tmpfs {shlex.quote(str(public))}"
    done = mounted(outside, mounts, TMPDIR=str(public))

    assert done.returncode == 4, done.stdout + done.stderr
    assert f"temporary files can't be written in {public}: No space left on device." in done.stderr
    assert "TMPDIR" in done.stderr


def test_what_cannot_be_written_is_said_by_folder_at_every_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a sandbox, of a process, and by the doctor; a copy of several files tells its last reason."""
    full = OSError(28, "No space left on device")

    def refuse(*_: object, **__: object) -> None:
        raise full

    def refuse_all() -> str:
        raise FileNotFoundError(2, "No usable temporary directory found")

    monkeypatch.setattr(tempfile, "mkdtemp", refuse)
    with pytest.raises(NoRoom, match="No space left on device"):
        ProcessIsolation().start(Source("probe", b""), Limits())
    monkeypatch.setattr(runtime, "folder", runtime.folder.__wrapped__)
    assert any(line.startswith("temporary files: NO: ") for line in diagnosis())
    with pytest.raises(NoRoom, match=r"in /somewhere: read-only\."), scratch.writing("/somewhere"):
        raise shutil.Error([("from", "to", "read-only")])
    monkeypatch.setattr(tempfile, "gettempdir", refuse_all)
    with pytest.raises(NoRoom, match="can't be written anywhere"), scratch.writing():
        raise full


@pytest.mark.parametrize("missing", ["rich", "hypothesis", "xdist"])
def test_a_pytest_of_another_environment_is_told_in_one_line_which_to_use(
    outside: Project, tmp_path: Path, missing: str
) -> None:
    """In place of a traceback that ends in an import: with what it lacks, and where the right one is."""
    (tmp_path / "lacking.py").write_text(f"import sys\nsys.modules[{missing!r}] = None\n")
    variables = {"PYTHONPATH": str(tmp_path), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = dataclasses.replace(outside, environment=variables).start("-p", "lacking", "--kata=box")

    assert done.returncode == 4
    (line,) = done.stderr.splitlines()[:1]
    assert line.startswith(f"ERROR: this pytest is of {sys.prefix}, without {missing}: ")
    assert line.endswith(".venv/bin/pytest")
    assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.parametrize("option", ["--kata=hashing", "--kata", "--kata-doctor"])
def test_outside_of_a_clone_one_line_says_where_to_run(tmp_path: Path, option: str) -> None:
    """An installed project is asked from any folder; other runs of pytest there are none of its business."""
    command = [sys.executable, "-m", "pytest"]
    asked = subprocess.run([*command, option], cwd=tmp_path, capture_output=True, encoding="utf-8", check=False)
    other = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8", check=False)

    assert asked.returncode == pytest.ExitCode.USAGE_ERROR
    assert [line for line in asked.stderr.splitlines() if line] == [
        f"ERROR: {option}: katas are graded in a clone of graded-katas, where conftest.py and the folder katas/ are. "
        "Change to that folder and run pytest there."
    ]
    assert other.returncode == pytest.ExitCode.NO_TESTS_COLLECTED
