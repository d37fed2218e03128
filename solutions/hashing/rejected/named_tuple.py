"""Mistake: a named tuple is a tuple, so a point equals (1, 2) and any other tuple of its values.

Must fail: strangers_get_their_turn
May fail: -
"""

from typing import NamedTuple


class Point(NamedTuple):
    x: float
    y: float
