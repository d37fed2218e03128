"""Returns ints of ten million bits as coordinates.

Kind: exhausting
Honest twin: accepted/frozen_dataclass.py
"""
# mypy: ignore-errors

from dataclasses import dataclass


@dataclass(frozen=True)
class Point:
    x: float
    y: float


Point.__getattribute__ = lambda self, name: 1 << 10_000_000 if name == "x" else object.__getattribute__(self, name)
