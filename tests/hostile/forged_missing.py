"""Says of calls and operators what may be said of names alone: that they are not in the file.

Kind: forging
Honest twin: none
Mark: ATTACKED
"""
# mypy: ignore-errors

import os
import socket
import stat
import sys


def stream():
    """Find the worker's socket among the descriptors."""
    for number in range(3, 256):
        try:
            if stat.S_ISSOCK(os.fstat(number).st_mode):
                return socket.socket(fileno=os.dup(number))
        except OSError:
            pass


wire = sys.modules["graders.sandbox.child.wire"]
connection = stream()
connection.sendall(wire.frame(0, wire.encode(("value", ""))))
while True:
    number, payload = wire.receive(connection)
    request = wire.decode(payload, lambda *reference: reference)
    if request[0] == "get":
        answer = wire.encode(("value", object()), lambda value: (7, 2**20 - 1, "type"))
    else:
        answer = wire.encode(("missing", "Point"))
    print("ATTACKED", flush=True)
    connection.sendall(wire.frame(number, answer))
