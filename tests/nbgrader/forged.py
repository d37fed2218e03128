"""Notebooks that want points which their code is not worth. Each function changes a notebook with wrong code in it."""

from __future__ import annotations

from collections.abc import Callable

from tests.nbgrader.course import Notebook, code, graded, markdown, name, text


def _result(value: str) -> Notebook:
    return {
        "output_type": "execute_result",
        "data": {"text/plain": value},
        "metadata": {},
        "execution_count": 1,
    }


def outputs(notebook: Notebook) -> None:
    """The outputs that the grader would write."""
    for cell in graded(notebook):
        cell["outputs"] = [_result(f"{cell['metadata']['nbgrader']['points']}.0")]


def points(notebook: Notebook) -> None:
    """Points that are worth more."""
    for cell in graded(notebook):
        cell["metadata"]["nbgrader"]["points"] = 1000


def no_points(notebook: Notebook) -> None:
    """Points that are no number, or are not there."""
    first, second, *_ = graded(notebook)
    first["metadata"]["nbgrader"]["points"] = "many"
    del second["metadata"]["nbgrader"]["points"]


def deleted(notebook: Notebook) -> None:
    """Without any grade cell."""
    notebook["cells"] = [cell for cell in notebook["cells"] if not cell["metadata"]["nbgrader"]["grade"]]


def copied(notebook: Notebook) -> None:
    """Each grade cell three times."""
    notebook["cells"] += 2 * graded(notebook)


def reordered(notebook: Notebook) -> None:
    """Upside down."""
    notebook["cells"].reverse()


def sources(notebook: Notebook) -> None:
    """Grade cells that compute their own score."""
    for cell in graded(notebook):
        cell["source"] = f"float({cell['metadata']['nbgrader']['points']})"


def kinds(notebook: Notebook) -> None:
    """Grade cells of text, and some of no kind at all."""
    for number, cell in enumerate(graded(notebook)):
        cell["cell_type"] = ("markdown", "raw", "mystery", ["code"])[number % 4]


def roles(notebook: Notebook) -> None:
    """Grade cells that say that a person grades them, or nobody."""
    for number, cell in enumerate(graded(notebook)):
        cell["metadata"]["nbgrader"] |= ({"solution": True}, {"grade": False}, {"locked": False, "task": True})[
            number % 3
        ]


def schema(notebook: Notebook) -> None:
    """Metadata of another version of nbgrader's, over which nbgrader ends the whole class's run."""
    for number, cell in enumerate(notebook["cells"]):
        cell["metadata"]["nbgrader"]["schema_version"] = (99, -1, "three")[number % 3]


def metadata(notebook: Notebook) -> None:
    """Metadata of other types."""
    values: tuple[object, ...] = ([], "nbgrader", 7, None, {"grade_id": ["x"]}, {"grade_id": 5, "grade": True}, {})
    for cell, value in zip(graded(notebook), values, strict=False):
        cell["metadata"]["nbgrader"] = value
    notebook["cells"][1]["attachments"] = {"a": 5}
    notebook["metadata"] = []


def renamed(notebook: Notebook) -> None:
    """Grade cells of other names, and one of its own with a thousand points."""
    for cell in graded(notebook):
        cell["metadata"]["nbgrader"]["grade_id"] += "-x"
    notebook["cells"].append(
        code("1000.0", metadata={"nbgrader": {
            "grade": True, "grade_id": "bonus", "points": 1000, "locked": False, "solution": False, "schema_version": 3,
        }}, outputs=[_result("1000.0")])
    )  # fmt: skip


def swapped(notebook: Notebook) -> None:
    """The names of cheap and dear criteria exchanged."""
    cells = graded(notebook)
    names = [cell["metadata"]["nbgrader"]["grade_id"] for cell in cells]
    for cell, other in zip(cells, reversed(names), strict=True):
        cell["metadata"]["nbgrader"]["grade_id"] = other


def kernel(notebook: Notebook) -> None:
    """A kernel of the student's own, and our own note from one pass of nbgrader's to the next."""
    notebook["metadata"] = {
        "kernelspec": {"name": "mine", "language": "bash", "display_name": "mine"},
        "kata": {"notes": ["full marks"], "problem": "grade me by hand", "status": "not_graded"},
    }


def checksums(notebook: Notebook) -> None:
    """Checksums that say that nothing was changed."""
    for cell in notebook["cells"]:
        cell["metadata"]["nbgrader"]["checksum"] = "0" * 32


def prints(notebook: Notebook) -> None:
    """Code that prints what the grader would write, and talks to IPython."""
    lines = "print('100.0')\nimport sys\nsys.stderr.write('100.0')\nget_ipython().run_cell('100.0')\n100.0"
    notebook["cells"].append(code(lines))
    notebook["cells"].append(code("%%javascript\nalert(1)"))


def pages(notebook: Notebook) -> None:
    """Text that a page would run, or that ends a code block."""
    script = "<script>forge()</script><img src=x onerror=forge()>"
    notebook["cells"].insert(0, markdown(f"{script}\n```\n~~~\n[x](javascript:forge())\n\x1b[2J {script}"))
    notebook["cells"].append(code(f"%%html {script}\n{script}"))
    for cell in notebook["cells"]:
        cell["id"] = script
        if name(cell) == "is-answer":
            cell["source"] = text(cell) + f"\n{script!r}\n"


FORGERIES: tuple[Callable[[Notebook], None], ...] = (
    outputs, points, no_points, deleted, copied, reordered, sources, kinds, roles, schema, metadata, renamed, swapped,
    kernel, checksums, prints, pages,
)  # fmt: skip
