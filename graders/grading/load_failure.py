"""Why a file can't be loaded, or lacks a name: a message for its author, in the grader's words.

The message rests on what the examiner itself can see (the bytes of the file, the names of the standard library), and
for the rest only on the types and messages of the exceptions that Python raised in the worker.
"""

from __future__ import annotations

import codecs
import difflib
import importlib.util
import pkgutil
import re
import sys
from collections.abc import Iterable, Set
from dataclasses import replace

from graders.grading.outcome import Line, LoadFailure
from graders.sandbox.errors import Frames, Hung, LoadFailed, Missing, Remote, SubmissionFault
from graders.sandbox.limits import Source

_MOST = 500  # characters of a message
_NEAR = 0.75  # difflib's ratio: "numpy" is not near "numbers", "colections" is near "collections"
_SHOWN = 160  # characters of a line
_UTF_16_32 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
# A notebook that a browser saved under another name, or a learner renamed.
_NOTEBOOK = re.compile(rb'\s*\{\s*"(cells|metadata|nbformat)"\s*:')
_PROMPTS = re.compile(r"name '(exit|quit|help)' is not defined")
_SCRIPT = 'What is only for a run of the file as a script goes below: if __name__ == "__main__":'
ASKS = (
    "input() has nobody to ask here. To try your own file by hand, run it with python, or grade it with "
    "--isolation=none -s."
)
EXPORT = "It is a notebook. Save its code as a Python file: jupyter nbconvert --to script."
STOPS = "A debugger has no terminal here. Debug your own file with --isolation=none, and leave with q; --pdb stops too."


def file_failure(source: Source, file: str, error: SubmissionFault) -> LoadFailure:
    """Return why a submission's first load failed."""
    remote = error.remote if isinstance(error, LoadFailed) else None
    frames: Frames = ()
    if isinstance(error, Hung):
        frames = error.stack[0] if error.stack else ()
        message, advice = str(error).replace("no answer within", "it is still running after"), _SCRIPT
    elif remote is None:
        message, advice = str(error), ""
    else:
        frames = remote.frames
        message, advice = _explained(source, remote)
    found = LoadFailure(message[:_MOST], "", file, advice[:_MOST], printed=error.printed)
    text = source.indented_lines()
    if remote is not None and _is_no_text(source):
        return found
    if remote is not None and _of_syntax(remote) and frames and 0 < frames[-1][0] <= len(text):
        number, (start, end) = frames[-1][0], remote.span
        return _pointed(found, number, text[number - 1], start, end)
    return replace(found, lines=lines_of(source, remote, error.stack if isinstance(error, Hung) else ()))


def missing(source: Source, file: str, error: Missing, asked: Set[str] = frozenset()) -> LoadFailure:
    """Return why a criterion that needs a missing name was not run. asked: right names, so not misspelt ones."""
    found = LoadFailure(f"there is no {error.name!r} in the file", error.name, file, sure=error.sure)
    if not source.content.strip():
        return replace(found, message="the file is empty")
    if _NOTEBOOK.match(source.content):
        return replace(found, advice=EXPORT)
    inside = re.search(rb"^[ \t]+(?:async +def|def|class) +%b\b" % error.name.encode(), source.content, re.MULTILINE)
    if inside is not None:
        line = source.content.count(b"\n", 0, inside.start()) + 1
        found = replace(found, advice="It is defined inside something else: move it to the left margin.")
        return _pointed(found, line, source.indented_lines()[line - 1], 0, 0)
    near = _near(error.name, set(error.names or ()) - asked, 0.6)
    if near is None:
        return found
    found = replace(found, advice=f"Did you mean {error.name!r} where it says {near!r}?")
    name = re.escape(near)
    binding = re.compile(rf"(?:(?:async +)?def +|class +|(?={name} *[=:]))({name})\b")
    for number, text in enumerate(source.indented_lines(), 1):
        if there := binding.match(text):
            return _pointed(found, number, text, there.start(1) + 1, there.end(1) + 1)
    return found


def lines_of(source: Source, remote: Remote | None, stack: tuple[Frames, ...] = ()) -> tuple[Line, ...]:
    """Return the learner's own lines that a remote traceback or a stack names, from the grader's copy of the file.

    After the lines of the exception comes the line that raised the first exception of its chain; after the lines of the
    thread that had to answer come those of the other threads.
    """
    text = source.lines()
    found: list[Line] = []

    def add(frames: Frames, lead: str = "Your code") -> None:
        for number, function in frames:
            if 0 < number <= len(text):
                found.append(Line(number, function, text[number - 1], lead))

    if remote is not None:
        add(remote.frames)
        first = remote.first
        if first is not None and first.frames[-1:] != remote.frames[-1:]:
            add(first.frames[-1:], f"First {first.type}: {first.message}".strip(": ")[:200])
    for number, frames in enumerate(stack):
        if number == 0:
            add(frames, "Still in your code")
        elif frames[-1:] not in [each[-1:] for each in stack[:number]]:
            add(frames[-1:], "Another thread")
    return tuple(found)


def help_with(remote: Remote | None) -> str:
    """Return advice on an exception that has nothing to do with the rules of the kata, "" if there is none."""
    if remote is None:
        return ""
    if remote.type == "BdbQuit":
        return STOPS
    if remote.type in ("ModuleNotFoundError", "ImportError"):
        return _about_import(remote.message)[:_MOST]
    if remote.type == "NameError" and (named := _PROMPTS.match(remote.message)):
        return f"{named[1]}() is of Python's interactive prompt: a file does without it."
    asked = remote.type == "EOFError" and remote.message == "EOF when reading a line"
    captured = remote.type == "OSError" and "reading from stdin while output is captured" in remote.message
    return ASKS if asked or captured else ""


def _of_syntax(remote: Remote) -> bool:
    return remote.type in ("SyntaxError", "IndentationError", "TabError")


def _is_no_text(source: Source) -> bool:
    return source.content.startswith(_UTF_16_32) or b"\0" in source.content


def _explained(source: Source, remote: Remote) -> tuple[str, str]:
    """Return (message, advice) for an exception at the load."""
    said = f"{remote.type}: {remote.message}" if remote.message else remote.type
    if _of_syntax(remote):
        if source.content.startswith(_UTF_16_32):
            return f"it is UTF-16 or UTF-32, which Python does not read ({said})", "Save it as UTF-8."
        if b"\0" in source.content:
            line = source.content.count(b"\n", 0, source.content.index(b"\0")) + 1
            return f"it holds null bytes, the first in line {line} ({said})", "Save it anew, as plain text in UTF-8."
        undecodable = "(unicode error) 'utf-8'" in remote.message
        return said, "Save it as UTF-8." if undecodable else ""
    if helped := help_with(remote):
        return said, helped
    if _NOTEBOOK.match(source.content):
        return said, EXPORT
    return said, _SCRIPT if remote.type == "SystemExit" else ""


def _about_import(message: str) -> str:
    """Return advice on an import, from Python's own message."""
    if "relative import" in message:
        return "A kata is one file, in no package: it can't import what is beside it."
    lacking = re.match(r"cannot import name '(\w{1,200})' from '([\w.]{1,200})'", message)
    if lacking is not None and "Did you mean" not in message:  # since 3.12 Python itself says it
        near = _near(lacking[1], _names_in(lacking[2]))
        return f"Did you mean {near!r}?" if near else ""
    named = re.match(r"No module named '([\w.]{1,200})'", message)
    if named is None:
        return ""
    name = named[1]
    top, _, inner = name.partition(".")
    if top in sys.stdlib_module_names:
        near = _near(inner, _submodules(top)) if inner else None
        if near is not None:
            return f"Did you mean {top}.{near}?"
        return f"There is no {inner!r} in {top!r}." if inner else f"{top!r} is not available on this machine."
    near = _near(top, [each for each in sys.stdlib_module_names if not each.startswith("_")])
    outside = f"{top!r} is not in the standard library, and nothing else can be imported here."
    return outside if near is None or _installed(top) else f"{outside} Did you mean {near!r}?"


def _names_in(module: str) -> list[str]:
    """Return the public names of a module of the standard library, if it is imported already; none is imported here."""
    known = sys.modules.get(module) if module.partition(".")[0] in sys.stdlib_module_names else None
    return [name for name in dir(known) if not name.startswith("_")] if known is not None else []


def _submodules(package: str) -> list[str]:
    spec = importlib.util.find_spec(package)
    places = spec.submodule_search_locations if spec is not None else None
    return [] if places is None else [module.name for module in pkgutil.iter_modules(places)]


def _installed(top: str) -> bool:
    """Whether a package outside the standard library has exactly this name. Nothing is imported."""
    try:
        return importlib.util.find_spec(top) is not None
    except (ImportError, ValueError):
        return False


def _near(name: str, known: Iterable[str], ratio: float = _NEAR) -> str | None:
    """Return the nearest known name, ignoring case and underscores."""
    plain: dict[str, str] = {}
    for each in sorted(known):
        plain.setdefault(_plain(each), each)
    found = difflib.get_close_matches(_plain(name), plain, n=1, cutoff=ratio)
    return plain[found[0]] if found else None


def _plain(name: str) -> str:
    return name.replace("_", "").lower()


def _pointed(failure: LoadFailure, number: int, line: str, start: int, end: int) -> LoadFailure:
    """Return a failure with a line of the file and the columns to underline in it, from 1; 0 for none."""
    begin = len(line) - len(line.lstrip())
    if start > _SHOWN // 2 + begin:
        begin = start - _SHOWN // 2
    text = line[begin : begin + _SHOWN].rstrip()
    column = max(0, start - 1 - begin)
    width = max(1, min(end - start, len(text) - column)) if 0 < start < end else 0
    return replace(failure, line=number, text=text, column=min(column, len(text)), width=width)
