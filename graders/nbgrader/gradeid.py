"""The names of a kata's cells in the gradebook: ``kata-SLUG-PART``.

By these names the gradebook, never a student's notebook, tells which kata an assignment is and what each of its grade
cells is worth. A slug and a criterion's id are Python names, so the dashes separate them.
"""

from __future__ import annotations

import re

# These parts contain a Python keyword and a dash, so they can't be a criterion's id.
STATEMENT, ANSWER, EXAMPLES = "is-statement", "is-answer", "is-examples"
_NAME = re.compile(r"kata-(\w+)-([\w-]+)")


def make(slug: str, part: str) -> str:
    """Return the name of a kata's cell. part: a criterion's id, or one of the constants above."""
    return f"kata-{slug}-{part}"


def split(name: str) -> tuple[str, str] | None:
    """Return (slug, part) of a kata's cell, None for a cell of another assignment."""
    found = _NAME.fullmatch(name)
    return (found[1], found[2]) if found else None
