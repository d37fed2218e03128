"""Sends every answer twice, so that the second one answers the next request.

Kind: forging
Honest twin: accepted/frozen_dataclass.py
"""
# mypy: ignore-errors

import socket
from dataclasses import dataclass


@dataclass(frozen=True)
class Point:
    x: float
    y: float


send = socket.socket.sendall
socket.socket.sendall = lambda self, data: send(self, data + data)
