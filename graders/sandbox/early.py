"""The names of the standard library that a suite uses at a prompt, found in its text before it runs.

They are resolved before a submission is loaded (`graders.sandbox.child.worker.resolve`), so that they keep their
meaning, even if the submission has reused or patched them.
"""

from __future__ import annotations

import ast
import functools
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from graders.sandbox.limits import Source

_GRADERS = Path(__file__).resolve().parent.parent
# A statement in a text that is typed at a prompt; names that are drawn later begin with $ (`graders.anew`).
_IMPORT = re.compile(r"(?:^|[;\n])[ \t]*((?:from [\w.]+ )?import [\w., $]+)")


def asked(source: Source) -> tuple[tuple[str, str], ...]:
    """Return pairs (module, name) that are to be resolved early for a submission; name "" for a whole module.

    They are what the kata's suite and the files beside it import at a prompt, and the one class that answers name
    besides the builtins.
    """
    return _asked(source.slug) + ((("asyncio", "CancelledError"),) if b"asyncio" in source.content else ())


@functools.cache
def _asked(slug: str) -> tuple[tuple[str, str], ...]:
    found: set[tuple[str, str]] = set()
    for path in sorted((_GRADERS / "suites" / slug).rglob("*.py")):
        try:
            tree = ast.parse(path.read_bytes())
        except SyntaxError:  # a broken suite grades no submission
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.update(_imported(node.value))
    return tuple(sorted(found))


def _imported(text: str) -> Iterator[tuple[str, str]]:
    """Yield what the import statements in a text import of the standard library."""
    for match in _IMPORT.finditer(text):
        try:
            statement = ast.parse(match[1].strip().replace("$", "")).body[0]
        except SyntaxError:
            continue  # prose
        if isinstance(statement, ast.ImportFrom):
            pairs = [(statement.module or "", alias.name) for alias in statement.names]
        elif isinstance(statement, ast.Import):
            pairs = [(alias.name, "") for alias in statement.names]
        yield from (pair for pair in pairs if pair[0].partition(".")[0] in sys.stdlib_module_names)
