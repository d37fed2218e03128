"""Fixtures that the tests share."""

from __future__ import annotations

import os
import signal
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path

import hypothesis
import pytest

from graders.plugin.options import grades
from tests.exams import Examine, examine
from tests.support import ROOT, InsideProject, Loads, Project, make_project

pytest_plugins = ["pytester"]

HANGS = 300  # seconds; a guard against a hang in the project's own tests, on which no verdict rests

# A shell has what it runs in the background ignore Ctrl-C, and so would the runs that the tests start and interrupt.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(tryfirst=True)  # before pytest-timeout reads its option
def pytest_configure(config: pytest.Config) -> None:
    """Be strict with the tests. pyproject.toml can't say so: what stands there would hold for grading as well."""
    if grades(config):
        return
    # An unknown mark or ini value warns, so it is an error too, and no mistake that passes unseen.
    config.addinivalue_line("filterwarnings", "error")
    # Ctrl-C within a hook is an interrupt, not the warning that pluggy makes of it.
    config.addinivalue_line("filterwarnings", "ignore::pluggy.PluggyTeardownRaisedWarning")
    if config.pluginmanager.has_plugin("timeout") and config.option.timeout is None:
        config.option.timeout = HANGS
    # Where Python keeps no bytecode, each of the hundreds of runs that the tests start would compile the whole project.
    if os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):
        folder = tempfile.TemporaryDirectory(prefix="kata-bytecode-")
        config.add_cleanup(folder.cleanup)
        os.environ["PYTHONPYCACHEPREFIX"] = folder.name  # the workers of pytest-xdist inherit it


@pytest.hookimpl(wrapper=True, optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> Generator[None, int, int]:
    """Give `-n auto` half as many workers again as there are cores: many tests wait for what they have started."""
    found = yield
    return found if grades(config) or "PYTEST_XDIST_AUTO_NUM_WORKERS" in os.environ else found + found // 2


@pytest.fixture(autouse=True)
def _own_settings() -> Iterator[None]:
    """Hypothesis's settings as this run began with them, whatever a test's examiner loaded."""
    kept = hypothesis.settings.get_current_profile_name()
    yield
    hypothesis.settings.load_profile(kept)


@pytest.fixture(name="loads")
def _loads(tmp_path: Path) -> Iterator[Loads]:
    """Loads of small submissions, gone when the test ends."""
    made = Loads(tmp_path)
    yield made
    made.close()


@pytest.fixture(name="exam")
def _exam(tmp_path: Path, loads: Loads) -> Examine:
    """Examinations of small submissions by small suites."""
    return examine(tmp_path, loads)


@pytest.fixture(name="temp")
def _temp(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for temporary files: named shortly, as sockets in it need a short path, not after the test."""
    return tmp_path_factory.mktemp("t") / "temp"


@pytest.fixture(name="project")
def _project(temp: Path) -> Project:
    """This very project, its runs' temporary files in a folder of the test's own."""
    return Project(ROOT, temp)


@pytest.fixture(name="template", scope="session")
def _template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with one small kata, for `small` to use and for nobody to change."""
    folder = tmp_path_factory.mktemp("template")
    return make_project(folder / "project", folder / "temp").root


@pytest.fixture(name="small")
def _small(template: Path, temp: Path, pytester: pytest.Pytester) -> InsideProject:
    """A project with one small kata, graded in this process; `copy` it to change it."""
    return InsideProject(template, temp, pytester=pytester)


@pytest.fixture(name="own")
def _own(small: InsideProject, tmp_path: Path) -> Project:
    """The same, but of the test's own."""
    return small.copy(tmp_path / "own")


@pytest.fixture(name="outside")
def _outside(template: Path, temp: Path) -> Project:
    """The same, graded by a command of its own: for what a process does, and what it leaves."""
    return Project(template, temp)
