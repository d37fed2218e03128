"""Route: a frozen dataclass with slots.

A naive suite rejects it because it expects AttributeError for every refused assignment, or a
`__dict__` to look into.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Point:
    x: float
    y: float
