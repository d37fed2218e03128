"""Raises SystemExit(0) whenever its missing hash is asked for.

Kind: forging
Honest twin: rejected/missing_hash
Mark: raised SystemExit
"""
# mypy: ignore-errors

from dataclasses import dataclass


@dataclass(frozen=True)
class Point:
    x: float
    y: float

    __hash__ = None


def leave(self):
    raise SystemExit(0)


Point.__hash__ = leave
