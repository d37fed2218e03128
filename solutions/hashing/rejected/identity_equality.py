"""Mistake: eq=False leaves equality by identity, so a point equals nothing but itself, not even its copy.

Must fail: equality_is_value_equality, equal_points_hash_equal, repr_and_copies
May fail: points_never_change, hash_spreads
"""

from dataclasses import dataclass


@dataclass(frozen=True, eq=False)
class Point:
    x: float
    y: float
