"""Mistake: a dataclass with eq and without frozen is mutable and has no hash at all.

Must fail: equal_points_hash_equal, points_never_change, hash_spreads, subclasses_stay_symmetric
May fail: -
"""

from dataclasses import dataclass


@dataclass
class Point:
    x: float
    y: float
