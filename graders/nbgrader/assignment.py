"""The notebook of an assignment in the instructor's ``source/``: the same bytes each time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from graders.authoring.catalogue import Kata
from graders.nbgrader import gradeid
from graders.nbgrader.statement import parts, with_solution

_HERE = (
    "Where the statement speaks of a file, this notebook is meant. Write into the cell that holds `# YOUR CODE HERE`; "
    "you may add cells, for imports and helpers too. *Validate* runs the examples below. What the hidden tests find "
    "comes with the feedback."
)
_EXAMPLES = '''\
# The examples of the statement. This cell is worth no points: it is for you, and for Validate.
import doctest

EXAMPLES = r"""
{examples}
""".replace("\\n|", "\\n")

_found = doctest.DocTestParser().get_doctest(EXAMPLES, globals(), "examples", None, 0)
_flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
_done = doctest.DocTestRunner(optionflags=_flags).run(_found, clear_globs=False)
assert not _done.failed, f"{{_done.failed}} of {{_done.attempted}} examples fail"
print(f"all {{_done.attempted}} examples pass")
'''
_NO_EXAMPLES = "# The statement has no examples to run. This cell is worth no points."
_CRITERION = """\
# {title}: {points} points
# Graded by hidden tests, outside of this notebook. There is nothing to run here."""


def source(kata: Kata) -> str:
    """Return the source notebook of a kata, as JSON.

    Raises:
        BrokenSuite: the hidden suite can't be loaded.
        Unfit: the stub and the reference don't fit into one cell.
    """
    stub, slug = parts(kata), kata.slug
    examples = _examples(stub.examples) if stub.examples else _NO_EXAMPLES
    cells = [
        _cell(slug, gradeid.STATEMENT, f"{stub.statement}\n\n---\n{_HERE}", kind="markdown", locked=True),
        _cell(slug, gradeid.ANSWER, with_solution(kata, stub.code), solution=True),
        _cell(slug, gradeid.EXAMPLES, examples.rstrip("\n"), points=0),
    ]
    for each in kata.suite().criteria:
        text = _CRITERION.format(title=each.title, points=each.points)
        cells.append(_cell(slug, each.id, text, points=each.points))
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook = new_notebook(
        cells=cells, metadata={"kernelspec": kernel, "language_info": {"name": "python"}}, nbformat_minor=5
    )
    nbformat.validate(notebook)
    return f"{nbformat.writes(notebook)}\n"


def place(kata: Kata, course: Path) -> str:
    """Write a kata's notebook into a course, never over an existing one, and return what was done.

    Raises:
        FileExistsError: another notebook is in its place.
    """
    path = course / "source" / kata.slug / f"{kata.slug}.ipynb"
    text = source(kata)
    if path.exists():
        if path.read_text("utf-8") == text:
            return f"{path} is up to date"
        raise FileExistsError(f"{path} is there and differs from the kata: move it away to write it anew")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return f"wrote {path}"


def _examples(text: str) -> str:
    """Return the code of the cell that runs the examples."""
    # The bars protect prompts: IPython removes them at the start of a line, even in a string.
    code = _EXAMPLES.format(examples="\n".join(f"| {line}".rstrip() for line in text.split("\n")))
    return code.replace('"""', "'''") if '"""' in text else code


def _cell(
    slug: str,
    part: str,
    text: str,
    *,
    kind: str = "code",
    points: int | None = None,
    solution: bool = False,
    locked: bool = False,
) -> Any:
    """Return a cell with nbgrader's metadata. points: a grade cell's, None for any other cell."""
    name = gradeid.make(slug, part)
    grade = points is not None
    metadata: dict[str, Any] = {
        "nbgrader": {
            "grade": grade,
            "grade_id": name,
            "locked": locked or grade,
            "schema_version": 3,
            "solution": solution,
            "task": False,
            **({"points": points} if grade else {}),
        }
    }
    if not solution:
        metadata |= {"deletable": False, "editable": False}
    make = new_code_cell if kind == "code" else new_markdown_cell
    # nbformat draws random ids by default, and accepts ids of at most 64 characters.
    return make(text, metadata=metadata, id=name[-64:])
