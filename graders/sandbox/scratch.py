"""Folders for temporary files, each held by the process that made it; those of killed processes are swept.

The owner holds a lock on its folder (flock(2)), which the kernel lets go of however the process ends. So a folder of
ours that can be locked has no owner: that is true in another pid namespace, and after a process id was given anew.
"""

from __future__ import annotations

import contextlib
import fcntl
import functools
import itertools
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

from graders.sandbox.errors import NoRoom

PREFIX = "katas-"
_OPEN = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW


class Scratch:
    """A folder that is gone when it is removed, or at the latest when the next grader of this user's starts.

    name: what it is for, a part of its own name; parent: where to make it, None for the usual place.
    """

    def __init__(self, name: str = "", parent: str | None = None) -> None:
        self._owner = os.getpid()
        parent = parent or tempfile.gettempdir()
        _swept(parent, self._owner)
        while True:
            self.path = Path(tempfile.mkdtemp(prefix=PREFIX + name, dir=parent))
            with contextlib.suppress(FileNotFoundError):
                self._lock = os.open(self.path, _OPEN)
                if _hold(self._lock) and os.path.samestat(os.fstat(self._lock), os.stat(self.path)):
                    return
                # Another grader, at its start, took it for one without an owner.
                os.close(self._lock)

    def remove(self) -> None:
        """Remove the folder and all in it; the copy of this object in a forked process removes nothing."""
        if self._lock >= 0 and os.getpid() == self._owner:
            remove(self.path)
            os.close(self._lock)
            self._lock = -1


@contextlib.contextmanager
def writing(folder: str | Path | None = None) -> Iterator[None]:
    """Tell a failure to write temporary files from all others.

    folder: where they are written, None for the usual place.

    Raises:
        NoRoom: the operating system refused something within.
    """
    try:
        yield
    except OSError as error:
        # shutil.copytree() has a list of what it could not copy, and why.
        why = error.args[0][0][-1] if isinstance(error, shutil.Error) else error.strerror
        try:
            where = f"in {folder or tempfile.gettempdir()}: {why}"
        except FileNotFoundError as nowhere:
            where = f"anywhere: {nowhere.strerror}"
        raise NoRoom(
            f"temporary files can't be written {where}. "
            "Make room there, or choose another folder by the environment variable TMPDIR."
        ) from error


def _hold(folder: int) -> bool:
    """Lock an open folder until it is closed; return False if another process holds it."""
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True  # a file system without locks: nobody can sweep there either
    return True


@functools.cache
def _swept(parent: str, owner: int) -> None:
    """Sweep once per process and place."""
    sweep(parent)


def sweep(parent: str) -> None:
    """Remove the folders in `parent` that graders of this user left when they were killed."""
    with contextlib.suppress(OSError), os.scandir(parent) as entries:
        found = [entry.name for entry in entries if entry.name.startswith(PREFIX)]
        for name in found:
            with contextlib.suppress(OSError):
                path = os.path.join(parent, name)
                folder = os.open(path, _OPEN)
                try:
                    if os.fstat(folder).st_uid == os.geteuid():
                        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
                        remove(Path(path))
                finally:
                    os.close(folder)


def remove(root: Path) -> None:
    """Remove a folder and all in it, whatever a submission made of it; no link is followed.

    Folders may be closed, and deeper than any path or recursion goes: those within folders are first moved to the top.
    What another user's right keeps is left.
    """
    with contextlib.suppress(OSError):
        top = os.open(root, _OPEN)
        try:
            os.chmod(top, stat.S_IRWXU)
            numbers = itertools.count()
            while names := os.listdir(top):
                done = [_taken_apart(top, name, numbers) for name in names]
                if not any(done):
                    break
        finally:
            os.close(top)
        os.rmdir(root)


def _taken_apart(top: int, name: str, numbers: itertools.count[int]) -> bool:
    """Remove what `name` is in a folder, or move what it holds into that folder; return whether that came to pass."""
    with contextlib.suppress(OSError):
        if not stat.S_ISDIR(os.stat(name, dir_fd=top, follow_symlinks=False).st_mode):
            os.unlink(name, dir_fd=top)
            return True
        with contextlib.suppress(OSError):
            os.rmdir(name, dir_fd=top)
            return True
        os.chmod(name, stat.S_IRWXU, dir_fd=top)
        folder = os.open(name, _OPEN, dir_fd=top)
        try:
            for each in os.listdir(folder):
                if stat.S_ISDIR(os.stat(each, dir_fd=folder, follow_symlinks=False).st_mode):
                    with contextlib.suppress(OSError):
                        os.chmod(each, stat.S_IRWXU, dir_fd=folder)  # to move a folder is to write to it
                    os.rename(each, f"{PREFIX}{next(numbers)}", src_dir_fd=folder, dst_dir_fd=top)
                else:
                    os.unlink(each, dir_fd=folder)
        finally:
            os.close(folder)
        os.rmdir(name, dir_fd=top)
        return True
    return False
