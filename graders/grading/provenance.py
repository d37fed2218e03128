"""Where a grade comes from: the very file, the suite and the code that gave it, for an appeal weeks later."""

from __future__ import annotations

import ast
import contextlib
import functools
import hashlib
import platform
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from graders.authoring.catalogue import ROOT, Kata

_PACKAGE = ROOT / "graders"
_HIDDEN = ("graders.suites.", "graders.oracles.")  # the packages whose modules are parts of a suite


def moment(seconds: float | None = None) -> str:
    """Return a time as UTC in ISO 8601, to the second; of now unless seconds since the epoch are given."""
    time = datetime.now(UTC) if seconds is None else datetime.fromtimestamp(seconds, UTC)
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


def file(path: str, content: bytes | None, modified: float | None) -> dict[str, Any]:
    """Return what is kept of a file that was graded; content: None if it was too large to be read."""
    with contextlib.suppress(OverflowError, ValueError, OSError):  # a time of a file's may be any
        return {
            "path": path,
            "sha256": None if content is None else hashlib.sha256(content).hexdigest(),
            "size": None if content is None else len(content),
            "modified": None if modified is None else moment(modified),
        }
    return file(path, content, None)


def of_suite(kata: Kata) -> dict[str, Any]:
    """Return the hash of all that decides a kata's grades, and the versions of what ran it."""
    decisive = _decisive(kata)
    return {"suite": decisive.digest, "versions": {**_versions(), **decisive.libraries}}


@dataclass
class _Decisive:
    digest: str
    libraries: dict[str, str] = field(default_factory=dict)


@functools.cache
def _decisive(kata: Kata) -> _Decisive:
    """Hash the suite, the modules of suites and oracles that it imports, the reference, and the grader's version."""
    found = hashlib.sha256(_release().encode())
    libraries = set[str]()
    waiting, seen = [kata.suite_file], set[Path]()
    while waiting:
        path = waiting.pop()
        if path not in seen:
            seen.add(path)
            waiting += _parts(path, libraries)
    if kata.reference.is_file():
        seen.add(kata.reference)
    for path in sorted(seen, key=lambda each: (each.name, each)):
        content = path.read_bytes() if path.is_file() else b""
        found.update(f"\n{path.name} {len(content)}\n".encode() + content)
    versions = {}
    for name in sorted(libraries):
        with contextlib.suppress(metadata.PackageNotFoundError):
            versions[name] = metadata.version(name)
    return _Decisive(found.hexdigest(), versions)


def _parts(path: Path, libraries: set[str]) -> Iterator[Path]:
    """Yield the hidden modules that a file imports, and add the libraries that it imports to `libraries`."""
    with contextlib.suppress(OSError, SyntaxError, ValueError):
        for node in ast.walk(ast.parse(path.read_bytes())):
            names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module, *(f"{node.module}.{each.name}" for each in node.names)]
            for name in names:
                place = _PACKAGE.joinpath(*name.split(".")[1:]).with_suffix(".py")
                if name.startswith(_HIDDEN) and place.is_file():
                    yield place
                top = name.partition(".")[0]
                if top not in sys.stdlib_module_names and top not in ("graders", "hypothesis"):
                    libraries.add(top)


@functools.cache
def _versions() -> dict[str, str]:
    code = hashlib.sha256()
    for path in sorted(_PACKAGE.rglob("*.py")):
        code.update(path.relative_to(_PACKAGE).as_posix().encode() + b"\n" + path.read_bytes())
    # A clone is changed without a new release: the code's own hash follows, in the form of PEP 440's local versions.
    return {
        "grader": f"{_release()}+{code.hexdigest()[:12]}",
        "python": platform.python_version(),
        "hypothesis": metadata.version("hypothesis"),
    }


def _release() -> str:
    try:
        return metadata.version("graded-katas")
    except metadata.PackageNotFoundError:
        return "0"
