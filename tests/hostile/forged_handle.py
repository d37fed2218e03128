"""Answers every request with a reference to one object that has every operator.

Kind: forging
Honest twin: none
Mark: ATTACKED
"""
# mypy: ignore-errors

import _socket
import sys


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
    print("ATTACKED", flush=True)
    connection.sendall(wire.frame(number, wire.encode(("value", object()), lambda found: (1, (1 << 31) - 1, "bool"))))
