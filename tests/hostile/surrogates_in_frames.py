"""Answers its own load by an exception whose function names no encoder takes.

Kind: exhausting
Honest twin: none
Mark: ValueError: x
"""
# mypy: ignore-errors

import socket
import sys


def stream():
    frame = sys._getframe()
    while frame:
        for value in frame.f_locals.values():
            if isinstance(value, socket.socket.__base__):
                return value
        frame = frame.f_back


wire = sys.modules["graders.sandbox.child.wire"]
frames = ((1, "\ud800" * 40), (1 << 4_000, "far away"))
stream().sendall(wire.frame(0, wire.encode(("raised", "ValueError", "ValueError", "x", (), frames, ()))))
while True:
    pass
