"""Route: a frozen dataclass, with the __eq__ and __hash__ that it generates.

A naive suite rejects it because a subclass never equals a Point: the generated __eq__ wants the
same class on both sides. That is symmetric, so it is allowed.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Point:
    x: float
    y: float
