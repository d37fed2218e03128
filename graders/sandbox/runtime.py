"""The folder `child` for a sandbox: the worker's code, and nothing else of the grader's.

A sandbox binds the folder and a worker imports from it. It is compiled once, so that no worker compiles it again; it
holds no hidden suite, no solution, and no comment.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import os
import py_compile
import sys
import tempfile
from pathlib import Path

from graders.sandbox.scratch import Scratch, sweep, writing

_CHILD = Path(__file__).parent / "child"


@functools.cache
def folder() -> Path:
    """Return the folder, made at the first call and removed when this process ends.

    Raises:
        NoRoom: it can't be written.
    """
    parent = _public_folder()
    with writing(parent):
        scratch = Scratch("runtime-", parent)
        atexit.register(scratch.remove)
        _fill(scratch.path)
    return scratch.path


def _fill(made: Path) -> None:
    package = made / "graders" / "sandbox" / "child"
    package.mkdir(parents=True)
    for marker in (package.parent.parent / "__init__.py", package.parent / "__init__.py"):
        marker.write_text("")
    for source in sorted(_CHILD.glob("*.py")):
        py_compile.compile(
            str(source),
            str(package / f"{source.stem}.pyc"),
            f"<{source.stem}>",
            doraise=True,
            optimize=2,
        )
    for path in [made, *made.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o444)


def sweep_leftovers() -> None:
    """Remove what killed graders of this user left in the place of this process's folders."""
    with contextlib.suppress(OSError):  # there may be no folder for temporary files
        sweep(_public_folder() or tempfile.gettempdir())


def _public_folder() -> str | None:
    """Return root's folder for temporary files: one that an unprivileged user can enter and start programs from.

    None means Python's choice: for an ordinary user, and where there is no such folder.
    """
    if os.name != "posix" or os.geteuid() != 0:
        return None
    public = [each for each in (tempfile.gettempdir(), "/tmp", "/var/tmp") if _is_public(Path(each).resolve())]
    return next((each for each in public if not is_noexec(each)), next(iter(public), None))


def _is_public(path: Path) -> bool:
    entered = path.is_dir() and all(each.stat().st_mode & 0o001 for each in (path, *path.parents))
    return entered and os.access(path, os.W_OK)


def is_noexec(path: str | Path) -> bool:
    """Return whether no program can be started from a file system, by the options of its mount."""
    return bool(os.statvfs(path).f_flag & getattr(os, "ST_NOEXEC", 0))


@functools.cache
def files() -> dict[str, bytes]:
    """Return the folder's code as {path within it: content}."""
    root = folder()
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in sorted((root / "graders").rglob("*"))
        if path.is_file()
    }


def entry(root: str) -> list[str]:
    """Return the arguments that run the zygote from the folder at `root`; its descriptor is the next one."""
    start = f"import sys; sys.path.insert(0, {root!r}); from graders.sandbox.child import zygote; zygote.main()"
    # -I except for PYTHONHASHSEED: the environment holds only what the grader puts there.
    return ["-P", "-s", "-S", "-B", "-X", "utf8", "-c", start]


def interpreter() -> str:
    """Return the path of the base interpreter, outside any virtual environment."""
    return os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable)
