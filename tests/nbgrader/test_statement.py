"""A kata's stub and reference as the parts of a notebook."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from graders.authoring import catalogue
from graders.authoring.catalogue import Kata
from graders.nbgrader import gradeid, statement
from graders.nbgrader.config import BadConfig, configure, extend
from graders.nbgrader.statement import Unfit, parts, with_solution

STUB = '''"""A box: what is in it?

:topic: boxes
:level: 1

Some prose
of two lines.

- a list
  that hangs

Examples:
    >>> f(1)
    2
    >>> if True:
    ...     print("a")
    a

Rules:
1. A rule.

Sources:
- PEP 8
"""

LIMIT = 3


def f(x):
    """Return x + 1."""
    # TODO: add
    raise NotImplementedError


def g(x):
    return x
'''
HEAD_OF_IT = """\
# A box: what is in it?

- topic: boxes
- level: 1

Some prose
of two lines.

~~~text
- a list
"""


def kata(
    folder: Path, stub: str = STUB, reference: str = '"""Reference."""\n\n\ndef f(x):\n    return x + 1\n'
) -> Kata:
    """Return a kata of these files."""
    made = Kata("box", folder)
    for path, text in ((made.stub, stub), (made.reference, reference)):
        path.parent.mkdir(parents=True)
        path.write_text(text, "utf-8")
    return made


def test_a_stub_is_taken_apart(tmp_path: Path) -> None:
    """Prose is Markdown and the head a list; what has a layout of its own keeps it; examples come alone."""
    found = parts(kata(tmp_path))

    assert found.title == "A box: what is in it?"
    assert found.statement.startswith(HEAD_OF_IT)
    assert "~~~\n\n## Rules\n\n1. A rule.\n\n## Sources\n\n- PEP 8" in found.statement
    assert found.examples == '>>> f(1)\n2\n>>> if True:\n...     print("a")\na'
    assert found.code.startswith("LIMIT = 3")


def test_the_reference_takes_the_place_of_the_last_todo(tmp_path: Path) -> None:
    """What nbgrader leaves of it is the stub; whole, it is the reference."""
    made = kata(tmp_path)
    text = with_solution(made, parts(made).code)
    before, _, rest = text.partition(f"    {statement.BEGIN}\n")
    region, _, after = rest.partition(f"    {statement.END}\n")

    assert before.endswith('"""Return x + 1."""\n')
    assert after.endswith("def g(x):\n    return x")
    assert "Reference." not in region
    names: dict[str, object] = {}
    exec(text, names)
    assert names["f"](1) == 2  # type: ignore[operator]


@pytest.mark.parametrize(
    ("stub", "reference", "said"),
    [
        ("def f(x):\n    return x\n", "def f(x): ...\n", "nothing to complete"),
        (STUB, "# ### BEGIN SOLUTION\n", "marks"),
        (STUB, "from __future__ import annotations\n", "no Python"),
    ],
)
def test_what_fits_no_notebook_is_refused(tmp_path: Path, stub: str, reference: str, said: str) -> None:
    """With the file's name."""
    made = kata(tmp_path, stub, reference)

    with pytest.raises(Unfit, match=said):
        with_solution(made, parts(made).code)


@pytest.mark.parametrize("slug", catalogue.slugs())
def test_every_kata_fits(slug: str) -> None:
    """Its examples are found, and the reference stands in its stub."""
    made = Kata(slug)

    assert ">>> " in parts(made).examples
    assert statement.BEGIN in with_solution(made, parts(made).code)


def test_names_of_cells_can_be_read_back() -> None:
    """And others are nobody's."""
    for part in ("a_criterion", gradeid.ANSWER, gradeid.STATEMENT, gradeid.EXAMPLES):
        assert gradeid.split(gradeid.make("thread_pool", part)) == ("thread_pool", part)
    assert [gradeid.split(name) for name in ("", "kata", "kata-x", "cell-a-b", "kata--x", "kata-x-y z")] == [None] * 6


class Options(dict[str, Any]):
    """As much of a configuration as ours needs."""

    def __getattr__(self, name: str) -> Any:
        return self[name]

    def __setattr__(self, name: str, value: Any) -> None:
        self[name] = value


def test_our_steps_take_the_places_of_nbgraders() -> None:
    """Of its own list, and of one that the course has set; a second time changes nothing."""
    c = Options(Autograde=Options())
    configure(c)
    once = list(c.Autograde.autograde_preprocessors)
    configure(c)

    assert c.Autograde.autograde_preprocessors == once
    assert once[0] == "graders.nbgrader.steps.GradeKata"
    assert "graders.nbgrader.steps.SaveKataGrades" in once
    assert not any(step.endswith((".Execute", ".SaveAutoGrades")) for step in once)


def test_a_course_that_lacks_a_step_is_told() -> None:
    """Else katas would not be graded, or their grades not saved."""
    c = Options(Autograde=Options(autograde_preprocessors=["nbgrader.preprocessors.Execute"]))

    with pytest.raises(BadConfig, match="SaveAutoGrades"):
        configure(c)


def test_a_configuration_is_extended_and_never_overwritten(tmp_path: Path) -> None:
    """What stood there stands first; a second time nothing is written."""
    path = tmp_path / "nbgrader_config.py"
    path.write_text("c = get_config()\nc.mine = 1\n", "utf-8")
    assert extend(tmp_path) == f"extended {path}"
    text = path.read_text("utf-8")
    assert extend(tmp_path) == f"{path} is ready for katas"

    assert text.startswith("c = get_config()\nc.mine = 1\n")
    assert path.read_text("utf-8") == text
    c = Options(Autograde=Options(), GradeKata=Options())
    exec(text, {"get_config": lambda: c})
    assert c["mine"] == 1
    assert isinstance(c.GradeKata.seed, int)
