"""The console command ``kata``."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from graders.cli import main

HEAVY = ("click", "nbformat", "nbconvert", "nbgrader", "traitlets", "graders.nbgrader", "graders.cli")


def kata(*arguments: str | Path) -> Result:
    """Run the command."""
    return CliRunner().invoke(main, [str(each) for each in arguments])


def test_a_start_of_pytest_imports_nothing_of_it() -> None:
    """Neither the command nor what it needs costs who grades with pytest."""
    code = (
        "import sys, pytest; pytest.main(['-q', '--kata=hashing', '--collect-only']);"
        f"print([name for name in sys.modules if name.startswith({HEAVY!r})])"
    )
    # Autoloading is off: what other plugins of this environment import is not ours.
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True, text=True, check=True, env={"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PATH": ""},
        cwd=Path(__file__).parent.parent,
    )  # fmt: skip

    assert done.stdout.splitlines()[-1] == "[]"


def test_help_needs_nothing_but_click() -> None:
    """Each command says what it does."""
    assert kata("nbgrader", "--help").exit_code == 0
    for command in ("init", "add", "import"):
        assert "COURSE" in kata("nbgrader", command, "--help").output


def test_init_says_what_it_did(tmp_path: Path) -> None:
    """Once it writes, then it leaves it."""
    course = tmp_path / "course"
    first, second = kata("nbgrader", "init", course), kata("nbgrader", "init", course)

    assert first.output == f"wrote {course / 'nbgrader_config.py'}\n"
    assert "is ready for katas" in second.output


def test_add_needs_init_first(tmp_path: Path) -> None:
    """It says so."""
    done = kata("nbgrader", "add", tmp_path, "--kata=hashing")

    assert done.exit_code == 1
    assert f"kata nbgrader init {tmp_path}" in done.output


@pytest.mark.parametrize("command", [("add", "--kata=hashing"), ("import", __file__)])
def test_without_nbgrader_a_command_says_how_to_install_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, str]
) -> None:
    """No traceback."""
    kata("nbgrader", "init", tmp_path)
    monkeypatch.setitem(sys.modules, "nbformat", None)
    for name in ("assignment", "imports", "rebuilt"):
        monkeypatch.delitem(sys.modules, f"graders.nbgrader.{name}", raising=False)
    done = kata("nbgrader", command[0], tmp_path, command[1])

    assert done.exit_code == 1
    assert 'pip install -e ".[nbgrader]"' in done.output
