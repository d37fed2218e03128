"""Announces a frame of 4 GiB.

Kind: forging
Honest twin: none
Mark: sent bytes that are no answer
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


connection = stream()
connection.sendall((0xFFFFFFFF).to_bytes(4, "big") + bytes(8) + b"T" * 100_000)
time.sleep(3600)
