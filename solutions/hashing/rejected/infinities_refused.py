"""Mistake: only finite numbers are let in, as a plotting library would; infinities are coordinates here.

Must fail: equality_is_value_equality
May fail: -
"""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Point:
    x: float
    y: float

    def __post_init__(self):
        for name in ("x", "y"):
            if not math.isfinite(getattr(self, name)):
                raise ValueError(f"{name} must be finite")
