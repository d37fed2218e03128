"""Names the functions of a forged traceback in lone surrogates, and numbers its lines beyond any file.

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
frames = tuple((line, "\ud800" * 80) for line in (-1, 0, 1, 2, 1 << 4000))
while True:
    number, payload = wire.receive(connection)
    print("ATTACKED", flush=True)
    connection.sendall(wire.frame(number, wire.encode(("raised", "\ud800", "\ud800", "\ud800", (), frames, ()))))
