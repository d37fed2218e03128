"""Raises KeyboardInterrupt in place of a hash, as if somebody had pressed Ctrl-C at the grader.

Kind: forging
Honest twin: rejected/missing_hash
Mark: raised KeyboardInterrupt
"""
# mypy: ignore-errors

from dataclasses import dataclass


@dataclass(frozen=True)
class Point:
    x: float
    y: float

    __hash__ = None


def interrupt(self):
    raise KeyboardInterrupt


Point.__hash__ = interrupt
