"""Stops its own process by SIGSTOP whenever its missing hash is asked for.

Kind: exhausting
Honest twin: rejected/missing_hash
Mark: no answer within
"""
# mypy: ignore-errors

import os
import signal
from dataclasses import dataclass


@dataclass(frozen=True)
class Point:
    x: float
    y: float

    __hash__ = None


Point.__hash__ = lambda self: os.kill(os.getpid(), signal.SIGSTOP)
