"""Tries abstract Unix sockets, virtual machine sockets, packet sockets and the kernel's netlink.

Kind: escaping
Honest twin: accepted/frozen_dataclass
Mark: ATTACKED
"""
# mypy: ignore-errors

import socket
from dataclasses import dataclass


@dataclass(frozen=True)
class Point:
    x: float
    y: float


def reached(what):
    raise SystemError(f"REACHED {what}")


with open("/proc/net/unix") as table:
    for line in table.read().splitlines()[1:]:
        name = line.split()[-1]
        if not name.startswith("@"):
            continue
        with socket.socket(socket.AF_UNIX) as tried:
            try:
                tried.connect("\0" + name[1:])
            except OSError:
                continue
            reached(name)
for family, kind in (
    (40, socket.SOCK_STREAM),
    (17, socket.SOCK_RAW),
    (38, socket.SOCK_SEQPACKET),
    (29, socket.SOCK_RAW),
):
    try:
        socket.socket(family, kind).close()
    except OSError:
        continue
    reached(f"a socket of family {family}")
if [name for _, name in socket.if_nameindex()] != ["lo"]:
    reached(str(socket.if_nameindex()))
try:
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 9) as audit:
        audit.bind((0, 0))
        audit.sendto(bytes(16), (0, 0))
except OSError:
    pass
print("ATTACKED")
