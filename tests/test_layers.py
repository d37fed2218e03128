"""The house: which module may import which, and what is public."""

from __future__ import annotations

import ast
import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import graders
from graders.sandbox import runtime
from tests.support import ROOT

PACKAGE = ROOT / "graders"
SUITES = PACKAGE / "suites"
# From the lowest to the highest.
FOLDERS = (
    "graders.sandbox.child",
    "graders.sandbox",
    "graders.sandbox.isolation",
    "graders.authoring",
    "graders.concurrency",
    "graders",  # the suite author's API
    "graders.suites",
    "graders.grading",
    "graders.contract",
    "graders.report",
    "graders.classroom",
    "graders.nbgrader",
    "graders.plugin",
    "graders.cli",
)


def _name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES = {_name(path): path for path in sorted(PACKAGE.rglob("*.py"))}
MODULES = {name: path for name, path in FILES.items() if SUITES not in path.parents}
CHILD = [name for name in MODULES if f"{name}.".startswith("graders.sandbox.child.")]
HIDDEN = {name: path for name, path in FILES.items() if SUITES in path.parents}


def _imports(path: Path) -> Iterator[tuple[str, str]]:
    """Yield every (module, name) that a file imports, in functions too; name is "" for a plain import."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: import by the full name, so that a reader sees the folder"
            yield from ((node.module or "", alias.name) for alias in node.names)


def _imported_modules(path: Path) -> set[str]:
    """Return the modules of the grader's that a file imports."""
    found = set()
    for module, name in _imports(path):
        full = f"{module}.{name}"
        if full in FILES:
            found.add(full)
        elif module in FILES:
            found.add(module)
        else:
            assert module.partition(".")[0] != "graders", f"{path} imports {full}, which is no module"
    return found


def _folder(module: str) -> str:
    """Return the folder of `FOLDERS` that a module is in, the innermost one."""
    return max((each for each in FOLDERS if f"{module}.".startswith(f"{each}.")), key=len)


@pytest.mark.parametrize("name", FILES)
def test_imports_go_down_only(name: str) -> None:
    """A module imports from its own folder and from those below it in `FOLDERS`, nothing from above."""
    floor = FOLDERS.index(_folder(name))
    upwards = {other for other in _imported_modules(FILES[name]) if FOLDERS.index(_folder(other)) > floor}

    assert upwards == set()


def test_every_folder_has_its_place_among_the_layers() -> None:
    """A new folder is added to `FOLDERS`, so that somebody decides what may import it."""
    packages = {name for name, path in FILES.items() if path.name == "__init__.py" and name.count(".") == 1}

    assert packages | {"graders"} <= set(FOLDERS)
    assert {name for name in FILES if name.count(".") == 1} == packages


def test_no_two_modules_import_each_other() -> None:
    """Within a folder too, imports make no circle."""
    graph = {name: _imported_modules(path) for name, path in MODULES.items()}
    done: set[str] = set()

    def visit(name: str, way: tuple[str, ...]) -> None:
        assert name not in way, " -> ".join([*way[way.index(name) :], name])
        if name not in done:
            for other in sorted(graph.get(name, ())):
                visit(other, (*way, name))
            done.add(name)

    for name in graph:
        visit(name, ())
    assert done >= set(graph)


@pytest.mark.parametrize("name", CHILD)
def test_what_runs_beside_the_submission_needs_the_standard_library_only(name: str) -> None:
    """A module of `child/` imports its neighbours and the standard library: a sandbox has nothing else."""
    others = {module.partition(".")[0] for module, _ in _imports(MODULES[name])} - {"graders"}

    assert _imported_modules(MODULES[name]) <= set(CHILD)
    assert others <= sys.stdlib_module_names


def test_what_runs_beside_the_submission_is_shipped_whole_and_alone() -> None:
    """The folder that a sandbox gets holds `child/`, the way to it, and nothing else of the grader's."""
    shipped = {
        ".".join(Path(name).with_suffix("").parts).removesuffix(".__init__")
        for name in runtime.files()
        if "__pycache__" not in name
    }

    assert {"graders.sandbox.child.worker", "graders.sandbox.child.zygote"} <= set(CHILD)
    assert shipped == {"graders", "graders.sandbox", *CHILD}


def test_the_wire_imports_nothing_of_the_graders() -> None:
    """The lowest module of all can be read alone."""
    assert _imported_modules(MODULES["graders.sandbox.child.wire"]) == set()


@pytest.mark.parametrize("hidden", HIDDEN)
def test_a_suite_uses_the_public_api_only(hidden: str) -> None:
    """A suite, its inputs and its oracle import public names and each other; nothing of the machinery."""
    own = ".".join(hidden.split(".")[:3])  # graders.suites.SLUG
    for module, name in _imports(HIDDEN[hidden]):
        if module.partition(".")[0] != "graders" or f"{module}.".startswith(f"{own}."):
            continue
        assert module in ("graders", "graders.concurrency"), f"{hidden} imports {module}"
        public = importlib.import_module(module).__all__
        assert name in public, f"{hidden} imports {name!r} from {module}; there are {', '.join(public)}"


def test_nothing_imports_a_suite_by_name() -> None:
    """The catalogue finds suites by their slug: no code that a submission reaches knows one."""
    found = {
        name
        for name, path in MODULES.items()
        if any(module.startswith("graders.suites.") for module in _imported_modules(path))
    }

    assert found == set()


@pytest.mark.parametrize("package", [name for name, path in MODULES.items() if path.stem == "__init__"])
def test_a_package_says_what_is_public(package: str) -> None:
    """What a package's __init__ imports from its modules is what its __all__ lists; ruff sorts it."""
    listed = getattr(importlib.import_module(package), "__all__", [])
    imported = {name for module, name in _imports(MODULES[package]) if module.startswith("graders") and name}

    assert len(listed) == len(set(listed))
    assert set(listed) == imported


def test_the_authors_api_is_what_the_design_shows() -> None:
    """A suite is written with these names."""
    assert {"Submission", "criterion", "raises"} <= set(graders.__all__)
    assert all(hasattr(graders, name) for name in graders.__all__)


def test_every_package_can_be_found() -> None:
    """A folder with modules in it has an __init__.py, or an installed project would lack it."""
    folders = {path.parent for path in FILES.values()}

    assert {folder for folder in folders if not (folder / "__init__.py").exists()} == set()


@pytest.mark.parametrize("name", [name for name, path in HIDDEN.items() if path.name != "suite.py"])
def test_no_oracle_judges_by_a_plain_assert(name: str) -> None:
    """Only a suite's asserts have their values and texts recorded: an oracle's would say nothing on a score card."""
    plain = [
        node.lineno for node in ast.walk(ast.parse(HIDDEN[name].read_text("utf-8"))) if isinstance(node, ast.Assert)
    ]

    assert plain == [], f"{name}: raise Unmet or Violation in place of assert in these lines"
