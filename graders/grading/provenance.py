"""Where a grade comes from: the exact file, suite and code, for an appeal weeks later."""

from __future__ import annotations

import ast
import contextlib
import functools
import hashlib
import platform
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from graders.authoring.catalogue import ROOT, Kata

_PACKAGE = ROOT / "graders"


def moment(seconds: float | None = None) -> str:
    """Return a time as UTC in ISO 8601, to the second: now, unless seconds since the epoch are given."""
    time = datetime.now(UTC) if seconds is None else datetime.fromtimestamp(seconds, UTC)
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


def file(path: str, content: bytes | None, modified: float | None) -> dict[str, Any]:
    """Return what is recorded of a graded file. content: None if it was too large to be read."""
    with contextlib.suppress(OverflowError, ValueError, OSError):  # a file's time may be any number
        return {
            "path": path,
            "sha256": None if content is None else hashlib.sha256(content).hexdigest(),
            "size": None if content is None else len(content),
            "modified": None if modified is None else moment(modified),
        }
    return file(path, content, None)


def of_suite(kata: Kata) -> dict[str, Any]:
    """Return the hash of everything that decides a kata's grades, and the versions of the software that ran it."""
    decisive = _decisive(kata)
    return {"suite": decisive.digest, "versions": {**_versions(), **decisive.libraries}}


@dataclass
class _Decisive:
    digest: str
    libraries: dict[str, str] = field(default_factory=dict)


@functools.cache
def _decisive(kata: Kata) -> _Decisive:
    """Hash the suite with the files beside it, the reference, and the grader's version."""
    found = hashlib.sha256(_release().encode())
    libraries = set[str]()
    seen = {kata.suite_file, *kata.suite_file.parent.rglob("*.py")}
    for path in seen:
        libraries |= _imported(path)
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


def _imported(path: Path) -> set[str]:
    """Return the libraries that a file imports; none of a file that is broken."""
    found = set[str]()
    with contextlib.suppress(OSError, SyntaxError, ValueError):
        for node in ast.walk(ast.parse(path.read_bytes())):
            names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module]
            found |= {name.partition(".")[0] for name in names}
    return found - sys.stdlib_module_names - {"graders", "hypothesis"}


@functools.cache
def _versions() -> dict[str, str]:
    code = hashlib.sha256()
    for path in sorted(_PACKAGE.rglob("*.py")):
        code.update(path.relative_to(_PACKAGE).as_posix().encode() + b"\n" + path.read_bytes())
    # A clone can change without a release: so the hash of the code follows, as a local version of PEP 440.
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
