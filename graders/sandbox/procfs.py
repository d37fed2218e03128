"""Reading /proc, where a submission's processes decide a file's content and length.

A process can stretch its command line over gigabytes, so no file is read whole: a reader takes a bounded piece and
drops the rest. Source: proc(5).
"""

from __future__ import annotations

import os

MOST = 1 << 12  # bytes of a file with a fixed set of fields
MOST_LISTED = 1 << 16  # bytes of a list of process ids, some 8,000 of them


def read(path: str, most: int = MOST) -> bytes:
    """Return at most so many bytes of a file below /proc.

    Raises:
        OSError: it is gone, or this process may not read it.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        found = b""
        while len(found) < most and (more := os.read(descriptor, most - len(found))):
            found += more
        return found
    finally:
        os.close(descriptor)


def stat_fields(path: str) -> list[bytes]:
    """Return the fields of a stat file from the third on, "state": those before may hold anything.

    Raises:
        OSError: the process or task is gone, or this process may not read it.
    """
    return read(path).rpartition(b")")[2].split()


def process_ids(path: str) -> list[int]:
    """Return the process ids that a "children" file lists; of a list too long to be read whole, its beginning.

    Raises:
        OSError: the task is gone, or this process may not read it.
    """
    listed = read(path, MOST_LISTED)
    return [int(pid) for pid in listed[: listed.rfind(b" ") + 1].split() if pid.isdigit() and len(pid) < 11]
