"""LAYER 1. The worker's own code as a folder that holds nothing else of the grader's.

The folder is what a sandbox binds and a worker imports from. Compiled once, so that no worker compiles it again; it
holds no hidden suite, no solution, and no comment.
"""

from __future__ import annotations

import atexit
import functools
import os
import py_compile
import shutil
import sys
import tempfile
from pathlib import Path

_SHIPPED = ("instrument", "landlock", "wire", "worker", "zygote")


@functools.cache
def folder() -> Path:
    """Return the folder, made at the first call and removed when this process ends."""
    made = Path(tempfile.mkdtemp(prefix="kata-runtime-", dir=_public_folder()))
    owner = os.getpid()
    atexit.register(lambda: shutil.rmtree(made, ignore_errors=True) if os.getpid() == owner else None)
    here = Path(__file__).parent
    package = made / "graders" / "sandbox"
    package.mkdir(parents=True)
    for marker in (package.parent / "__init__.py", package / "__init__.py"):
        marker.write_text("")
    for name in _SHIPPED:
        py_compile.compile(
            str(here / f"{name}.py"),
            str(package / f"{name}.pyc"),
            f"<{name}>",
            doraise=True,
            optimize=2,
        )
    for path in [made, *made.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o444)
    return made


def _public_folder() -> str | None:
    """Return a folder for temporary files that an unprivileged user can reach, if root's own is not one."""
    if os.name != "posix" or os.geteuid() != 0:
        return None
    for folder in (tempfile.gettempdir(), "/tmp", "/var/tmp"):
        path = Path(folder).resolve()
        if path.is_dir() and all(each.stat().st_mode & 0o001 for each in (path, *path.parents)):
            return folder
    return None


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
    """Return the arguments that run the zygote from the folder as it stands at `root`; its descriptor comes behind."""
    start = f"import sys; sys.path.insert(0, {root!r}); from graders.sandbox import zygote; zygote.main()"
    # -I but for PYTHONHASHSEED: the environment holds what the grader puts there and nothing else.
    return ["-P", "-s", "-S", "-B", "-X", "utf8", "-c", start]


def interpreter() -> str:
    """Return the path of the base interpreter, outside any virtual environment."""
    return os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable)
