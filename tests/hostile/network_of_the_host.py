"""Connects to the host's loopback on usual ports, and to addresses outside.

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


for address in ("127.0.0.1", "::1", "10.0.0.1", "169.254.169.254", "192.168.0.1"):
    for port in (22, 53, 80, 443, 2375, 5432, 6379, 8080):
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
            with socket.socket(family, kind) as tried:
                tried.settimeout(0.2)
                try:
                    tried.connect((address, port))
                    if kind == socket.SOCK_STREAM or not address.startswith(("127", "::1")):
                        reached(f"{address}:{port}")
                except OSError:
                    pass
print("ATTACKED")
