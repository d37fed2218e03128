"""Answers with frames whose values are cut short, nested without end, or hold unhashable keys.

Kind: forging
Honest twin: none
Mark: ATTACKED
"""
# mypy: ignore-errors

import itertools
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
one = (1).to_bytes(4, "big")
bad = itertools.cycle(
    [
        b"",
        b"?",
        b"t" + one,
        b"l" + one + b"",
        (b"l" + one) * 100_000,
        b"S" + one + b"l" + bytes(4),
        b"m" + one + b"l" + bytes(4) + b"N",
        b"t\xff\xff\xff\xff",
        b"s" + one + b"\xff",
        b"I\x7f\xff\xff\xff",
        b"NN",
        b"h" + bytes(16),
    ]
)
while True:
    number, payload = wire.receive(connection)
    print("ATTACKED", flush=True)
    connection.sendall(wire.frame(number, next(bad)))
