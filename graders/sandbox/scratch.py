"""Folders for temporary files, each held by the process that made it; those of killed processes are swept.

The owner holds a lock on its folder (flock(2)), which the kernel releases however the process ends. So a grader's
folder that can be locked has no owner, even in another pid namespace or after a process id was reused.
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
# Bytes of the path of a folder with sockets in ours: theirs has at most 107 (unix(7)).
_LONGEST = 60
_SHORT = ("/tmp", "/var/tmp")


class Scratch:
    """A folder that lasts until it is removed, at the latest by the next grader that this user starts.

    name: its purpose, a part of its name; parent: where to make it, None for the usual place.
    """

    def __init__(self, name: str = "", parent: str | None = None) -> None:
        self._owner = os.getpid()
        parent = parent or _usual()
        _swept(parent, self._owner)
        while True:
            self.path = Path(tempfile.mkdtemp(prefix=PREFIX + name, dir=parent))
            with contextlib.suppress(FileNotFoundError):
                self._lock = os.open(self.path, _OPEN)
                if _hold(self._lock) and os.path.samestat(os.fstat(self._lock), os.stat(self.path)):
                    return
                # Another grader, at its start, took it for a folder without an owner.
                os.close(self._lock)

    def remove(self) -> None:
        """Remove the folder and its contents; the copy of this object in a forked process removes nothing."""
        if self._lock >= 0 and os.getpid() == self._owner:
            remove(self.path)
            os.close(self._lock)
            self._lock = -1


@contextlib.contextmanager
def writing(folder: str | Path | None = None) -> Iterator[None]:
    """Raise NoRoom for a failure to write temporary files.

    folder: that of the files, None for the usual place.

    Raises:
        NoRoom: the operating system refused something in the block.
    """
    try:
        yield
    except OSError as error:
        # shutil.copytree() gives a list of what it could not copy, and why.
        why = error.args[0][0][-1] if isinstance(error, shutil.Error) else error.strerror
        try:
            where = f"in {folder or _usual()}: {why}"
        except FileNotFoundError as nowhere:
            where = f"anywhere: {nowhere.strerror}"
        raise NoRoom(
            f"temporary files can't be written {where}. "
            "Make room there, or choose another folder by the environment variable TMPDIR."
        ) from error


def _usual() -> str:
    """Return the folder for temporary files, another one where its path is too long for sockets.

    Raises:
        NoRoom: there is no other one.
    """
    usual = tempfile.gettempdir()
    if len(os.fsencode(usual)) <= _LONGEST:
        return usual
    for other in _SHORT:
        if os.access(other, os.R_OK | os.W_OK | os.X_OK):
            return other
    raise NoRoom(
        f"the path of {usual} is too long for sockets in it, and {' and '.join(_SHORT)} can't be used. "
        f"Choose a folder with a path of at most {_LONGEST} bytes by the environment variable TMPDIR."
    )


def _hold(folder: int) -> bool:
    """Lock an open folder until it is closed; return False if another process holds it."""
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True  # a file system without locks: no other process can sweep there either
    return True


@functools.cache
def _swept(parent: str, owner: int) -> None:
    """Sweep, once per process and place."""
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
    """Remove a folder and its contents, whatever a submission made of it; no link is followed.

    Folders may be unreadable, and deeper than any path or recursion goes: nested folders are first moved to the top.
    What belongs to another user may remain.
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
    """Remove `name` from a folder, or move its contents into that folder; return whether either was done."""
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
                        os.chmod(each, stat.S_IRWXU, dir_fd=folder)  # moving a folder needs the right to write to it
                    os.rename(each, f"{PREFIX}{next(numbers)}", src_dir_fd=folder, dst_dir_fd=top)
                else:
                    os.unlink(each, dir_fd=folder)
        finally:
            os.close(folder)
        os.rmdir(name, dir_fd=top)
        return True
    return False
