"""Sends its answer byte by byte, each well within any limit on a single read.

Kind: exhausting
Honest twin: none
Mark: ATTACKED
"""
# mypy: ignore-errors

import _socket
import sys
import time


def stream():
    """Find the worker's socket in the frames below."""
    frame = sys._getframe()
    while frame is not None:
        for value in list(frame.f_locals.values()):
            if isinstance(value, _socket.socket):
                return value
        frame = frame.f_back


wire = sys.modules["graders.sandbox.child.wire"]
connection = stream()
connection.sendall(wire.frame(0, wire.encode(("value", ""))))
while True:
    number, payload = wire.receive(connection)
    for byte in wire.frame(number, wire.encode(("value", "x" * 100_000))):
        connection.sendall(bytes([byte]))
        time.sleep(0.02)
        print("ATTACKED")
