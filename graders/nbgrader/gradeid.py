"""The names by which a gradebook knows the cells of a kata: ``kata-SLUG-PART``.

The gradebook, and no notebook of a student's, says by these names which kata an assignment is and what each of its
grade cells is worth. A slug and a criterion's id are Python names, so the dashes part them.
"""

from __future__ import annotations

import re

# Parts that are no criterion's id, which a Python keyword can't be.
STATEMENT, ANSWER, EXAMPLES = "is-statement", "is-answer", "is-examples"
_NAME = re.compile(r"kata-(\w+)-([\w-]+)")


def make(slug: str, part: str) -> str:
    """Return the name of a kata's cell; part: a criterion's id, or one of the constants here."""
    return f"kata-{slug}-{part}"


def split(name: str) -> tuple[str, str] | None:
    """Return (slug, part) of a kata's cell, None for a cell of another assignment's."""
    found = _NAME.fullmatch(name)
    return (found[1], found[2]) if found else None
