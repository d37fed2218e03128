"""The oracles: out of a submission's reach, and without them nothing is graded by guess."""

from __future__ import annotations

import pytest

from graders.authoring.catalogue import Kata
from tests.support import Loads, Project

ORACLES = {
    "connection_pool": ("sqlalchemy", "SQLAlchemy is missing"),
    "supervisor_config": ("supervisor", "supervisor is missing"),
}
LOOK = """
import importlib

def found(names):
    there = []
    for name in names:
        try:
            importlib.import_module(name)
        except ImportError:
            continue
        there.append(name)
    return there
"""


@pytest.mark.parametrize("level", ["process", "auto"])
def test_a_submission_cannot_import_an_oracle(loads: Loads, level: str) -> None:
    """Neither the package nor what the grader makes of it, nor a suite: `from supervisor import options` scores 0."""
    names = ["supervisor", "supervisor.options", "sqlalchemy", "sqlalchemy.pool", "pkg_resources", "hypothesis"]
    names += [
        "graders.suites.supervisor_config.oracle",
        "graders.suites.connection_pool.oracle",
        "graders.suites",
    ]
    submission = loads.load(LOOK, level)

    assert submission.found(["json", *names]) == ["json"]


@pytest.mark.parametrize("slug", ORACLES)
def test_without_its_oracle_a_kata_is_refused_with_the_command_to_install_it(project: Project, slug: str) -> None:
    """No point is given and none is lost; the exit code is not 0."""
    package, message = ORACLES[slug]
    temp = project.temp.parent / "without"
    (temp / package).mkdir(parents=True)
    (temp / package / "__init__.py").write_text(f"raise ImportError('no {package}')")
    without = Project(project.root, project.temp, {"PYTHONPATH": str(temp)})
    graded = without.grade(kata=slug, submission=Kata(slug).reference)

    # The card wraps its lines.
    assert f'{message}: pip install -e ".[oracles]"' in " ".join(graded.out.split())
    assert "NOT GRADED" in graded.out
    assert (graded.result["status"], graded.result["score"], graded.code) == ("not_graded", None, 1)
