"""Raises an exception whose text takes for ever, in place of a hash.

Kind: exhausting
Honest twin: rejected/missing_hash
Mark: ATTACKED
"""
# mypy: ignore-errors

from dataclasses import dataclass


@dataclass(frozen=True)
class Point:
    x: float
    y: float

    __hash__ = None


class Endless(Exception):
    def __str__(self):
        print("ATTACKED")
        while True:
            pass


def refuse(self):
    raise Endless


Point.__hash__ = refuse
