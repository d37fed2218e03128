"""Which thread waits at the other end of a call: each call has its own, and no other thread's wait counts for it.

The kernel tells at which file descriptor a thread waits for bytes, but not which connection that is. So the examiner
copies the descriptor and sends a byte through it: the thread waits on the connection where the byte arrives.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import socket
import stat
import struct

from graders.concurrency import tasks
from graders.concurrency.stillness import Still
from graders.sandbox.exchange import Exchange, Line, Place

LOOKS = 50  # at tasks that never sleep, each after 20 ms of their CPU time: a task about to wait has run by then
_GET_DESCRIPTOR = 438  # pidfd_getfd(2), on every architecture
_PROBE = b"?"  # begins no frame: its length would be beyond all bounds
_CREDENTIALS = struct.Struct("3i")


def attended(place: Place, state: Still, held: int) -> bool:
    """Whether each of so many calls has a task that waits for the answer, in the process that made the call.

    True if nothing is known of the tasks.
    """
    if not state.tree:
        return True
    ends = tasks.receiving(state.tree, state.waits)
    if len(ends) < held:
        return False
    known = {line.inode: line for line in place.exchange.lines() if line.inode}
    found: set[Line | int] = set()
    for pid, descriptor in ends:
        with contextlib.suppress(OSError):
            end = os.stat(f"/proc/{pid}/fd/{descriptor}")
            line = known.get(end.st_ino)
            if line is None and stat.S_ISSOCK(end.st_mode):
                try:
                    line = _line(place.exchange, pid, descriptor)
                except PermissionError:
                    # Some containers allow no copies: then only the descriptor's kind is known.
                    found.add(end.st_ino)
            if line is not None:
                line.inode = end.st_ino
                if line.call is not None and line.call.pid == pid:
                    found.add(line)
    return len(found) >= held


def _line(exchange: Exchange, pid: int, descriptor: int) -> Line | None:
    """Return the connection whose other end is a process's descriptor.

    Raises:
        PermissionError: the kernel refuses the copy.
    """
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM, 0, _copy(pid, descriptor)) as copy:
        # The byte is for this process only.
        if copy.getpeername() != exchange.address:
            return None
        copy.send(_PROBE, socket.MSG_DONTWAIT)
    space = socket.CMSG_SPACE(_CREDENTIALS.size)
    for line in exchange.lines():
        if line.inode:
            continue
        try:
            # A task that woke meanwhile may have sent a call: only the probe is taken out.
            data, attached, _, _ = line.stream.recvmsg(1, space, socket.MSG_PEEK)
        except OSError:
            continue
        senders = [_CREDENTIALS.unpack(raw[: _CREDENTIALS.size])[0] for _, _, raw in attached]
        if (data, senders) == (_PROBE, [os.getpid()]):
            line.stream.recv(1)
            return line
    return None


def _copy(pid: int, descriptor: int) -> int:
    process = os.pidfd_open(pid)
    try:
        copy: int = _libc.syscall(_GET_DESCRIPTOR, process, descriptor, 0)
        if copy < 0:
            error = ctypes.get_errno()
            raise (PermissionError if error == errno.ENOSYS else OSError)(error, os.strerror(error))
    finally:
        os.close(process)
    return copy


_libc = ctypes.CDLL(None, use_errno=True)
