"""What the name of a file tells: its kata, perhaps its student, and whether it can be Python.

A name is a student's data: it is only compared and shown. No rule here depends on words of a natural language ("copy",
"final"): a file is named for a kata if the kata's name is a word of the file's name.
"""

from __future__ import annotations

import functools
import os
import re

from graders.report.escape import visible

_CODE = re.compile(r"\.pyw?(\.txt)?\s*", re.IGNORECASE)
_SUFFIX = re.compile(r"(\.pyw?(\.txt)?|\.\w{1,10})\s*$", re.IGNORECASE)
_NOTEBOOK = re.compile(r"\.ipynb\s*$", re.IGNORECASE)
_FOR_TESTS = re.compile(r"test_.*|.*_test|conftest|__\w+__|setup|sitecustomize|usercustomize", re.IGNORECASE)
_SYSTEMS = ("__pycache__", "__MACOSX", "node_modules", "Thumbs.db", "desktop.ini")
_SEPARATORS = "_-. "
_LONGEST = 60  # characters of a name in a message


def text(name: bytes) -> str:
    """Return a name as text that any encoder accepts."""
    return os.fsdecode(name).encode("utf-8", "backslashreplace").decode()


def of_the_system(name: bytes) -> bool:
    """Whether systems and tools create such names (.git, .DS_Store, __MACOSX); "..a" may be a student's."""
    return (name.startswith(b".") and not name.startswith(b"..")) or os.fsdecode(name) in _SYSTEMS


def stem(file: str) -> str:
    """Return a name without its last suffix; ``.py.txt`` counts as one."""
    return _SUFFIX.sub("", file) or file


def may_be_python(file: str) -> bool:
    """Whether a file of this name can be graded: its suffix is Python's or ``.py.txt``, in any case of letters."""
    found = _SUFFIX.search(file)
    return found is not None and _CODE.fullmatch(found[0]) is not None


def is_work(file: str) -> bool:
    """Whether a file of this name holds a student's code, perhaps in a notebook."""
    return may_be_python(file) or _NOTEBOOK.search(file) is not None


def for_tests(file: str) -> bool:
    """Whether a file of this name belongs to a solution without being one."""
    return _FOR_TESTS.fullmatch(stem(file)) is not None


@functools.cache
def _word(slug: str) -> re.Pattern[str]:
    # The case of letters may differ, and so may the separators of words; a digit may follow, a letter may not.
    word = r"[\W_]{0,3}".join(map(re.escape, slug.split("_")))
    return re.compile(rf"(?<![^\W_]){word}(?![^\W\d_])", re.IGNORECASE)


def before_the_kata(file: str, slug: str) -> str | None:
    """Return the part of a name before the kata's, perhaps a student; None if it doesn't name the kata."""
    found = list(_word(slug).finditer(stem(file)))
    if not found:
        return None
    before = file[: found[-1].start()]
    return before[:-1] if before[-1:] in tuple(_SEPARATORS) else before


def owner(file: str, slug: str) -> str | None:
    """Return the student of a file with the required name, STUDENT_SLUG.py, else None."""
    if not file.endswith(".py"):
        return None
    name = file[: -len(".py")]
    for separator in _SEPARATORS:
        if name.endswith(separator + slug) and len(name) > len(slug) + 1:
            return name[: -len(slug) - 1]
    return None


def shown(names: list[str], most: int = 8) -> str:
    """Return names for a line of a message, quoted and escaped."""
    cut = [each if len(each) <= _LONGEST else f"{each[: _LONGEST - 3]}..." for each in names[:most]]
    more = f" and {len(names) - most:,} more" if len(names) > most else ""
    return ", ".join(f"'{visible(each)}'" for each in cut) + more
