"""Mistake: unsafe_hash gives a mutable class a hash that changes with its fields, so a set loses the point.

Must fail: points_never_change
May fail: -
"""

from dataclasses import dataclass


@dataclass(unsafe_hash=True)
class Point:
    x: float
    y: float
