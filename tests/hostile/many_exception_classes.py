"""Forges references to 25,000 exception classes in each answer, none of them the same twice.

Kind: exhausting
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
wire.MAX_REFERENCES = wire.MAX_ITEMS = 1 << 30  # on this side
connection = stream()
connection.sendall(wire.frame(0, wire.encode(("value", ""))))
numbers = itertools.count(1)


def describe(found):
    return next(numbers), 1 << 31, "AttributeError E"


while True:
    number, payload = wire.receive(connection)
    answer = ("raised", "AttributeError", "E", "", (), tuple(object() for _ in range(25_000)), ())
    print("ATTACKED", flush=True)
    connection.sendall(wire.frame(number, wire.encode(answer, describe)))
