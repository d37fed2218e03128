"""Leaves a thread that puts forged answers between the true ones.

Kind: lingering
Honest twin: accepted/frozen_dataclass
Mark: ATTACKED
"""
# mypy: ignore-errors

import _socket
import sys
import threading
from dataclasses import dataclass


@dataclass(frozen=True)
class Point:
    x: float
    y: float


def stream():
    """Find the worker's socket in the frames below."""
    frame = sys._getframe()
    while frame is not None:
        for value in list(frame.f_locals.values()):
            if isinstance(value, _socket.socket):
                return value
        frame = frame.f_back


def forge(connection, wire):
    for number in range(1_000_000):
        print("ATTACKED", flush=True)
        connection.sendall(wire.frame(number % 100, wire.encode(("value", True))))


threading.Thread(target=forge, args=(stream(), sys.modules["graders.sandbox.child.wire"]), daemon=True).start()
