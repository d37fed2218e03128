"""What the suite of hashing asks: coordinates, points that are equal or nearly so, and what is no point."""

from __future__ import annotations

import math
from typing import Any

from hypothesis import strategies as st

Coordinate = int | float
Pair = tuple[Coordinate, Coordinate]

LARGEST = 2**53
COLLIDING = ((-1, -2), (1, 2.0**61), (-1.0, -2), (0.1 + 0.2, 0.3))

integers = st.integers(-LARGEST, LARGEST)
coordinates = integers | st.floats(allow_nan=False)
# Where neither infinities nor the smallest numbers are the question: who goes wrong with them does so elsewhere.
finite = integers | st.floats(allow_nan=False, allow_infinity=False, allow_subnormal=False)
# Where hashes only serve: who fails to hash a large number loses that elsewhere.
whole = st.integers(-(10**6), 10**6)
moderate = whole | st.floats(-1e6, 1e6, allow_subnormal=False)
small = st.integers(-50, 50)
small_pairs = st.tuples(st.tuples(small, small), st.tuples(small, small))
INF = math.inf

# Ways to copy a point: each a function of that name at the prompt.
COPIES = {
    "copy": "from copy import copy",
    "deepcopy": "from copy import deepcopy",
    "pickled": "from pickle import dumps, loads\ndef pickled(p): return loads(dumps(p))",
}
# Classes that claim to be equal to everything, each with the arguments for one instance.
CLAIMING: dict[str, tuple[Any, ...]] = {
    "Anything": ("class Anything: __eq__ = lambda self, other: True",),
    "Pair": ("class Pair(tuple): __eq__, __ne__ = lambda self, other: True, lambda self, other: False", (1, 2)),
    "Number": ("class Number(int): __eq__, __ne__ = lambda self, other: True, lambda self, other: False", 1),
}
# What is not a Point and claims nothing: statements that name a class or a function; what a call of it gives is meant.
STRANGERS: dict[str, str] = {
    "object": "",
    "a_complex": "def a_complex(): return complex(1, 2)",
    "a_namespace": "from types import SimpleNamespace\ndef a_namespace(): return SimpleNamespace(x=1, y=2)",
    "Point": "",  # here the class itself is meant
    "PointLike": "class PointLike: x, y = 1, 2\nPointLike.__name__ = 'Point'",
    "Place": "from collections import namedtuple\nPlace = namedtuple('Place', 'x y', defaults=(1, 2))",
    "Echo": "class Echo:\n    def __repr__(self): return 'Point(x=1, y=2)'",
    "Yielding": "class Yielding:\n    def __getattr__(self, name): return lambda *_: (1, 2)",
    "Undecided": "class Undecided:\n    def __bool__(self): raise ValueError",
}  # fmt: skip


def same_value(value: Coordinate) -> st.SearchStrategy[Coordinate]:
    """Return every way to write one number: as an int, as a float, and zero with either sign."""
    if value == 0:
        return st.sampled_from([0, 0.0, -0.0])
    if abs(value) <= LARGEST and value == int(value):
        return st.sampled_from([int(value), float(value)])
    return st.just(value)


@st.composite
def equal_pairs(draw: st.DrawFn) -> tuple[Pair, Pair]:
    """Two ways to write the coordinates of one point."""
    x, y = draw(coordinates | small), draw(coordinates | small)
    return (draw(same_value(x)), draw(same_value(y))), (draw(same_value(x)), draw(same_value(y)))


@st.composite
def close_pairs(draw: st.DrawFn) -> tuple[Pair, Pair]:
    """Two different points that are hard to tell apart: neighbouring floats, or numbers that hash alike."""
    value, kept = draw(st.floats(-1e15, 1e15)), draw(small)
    one, other = draw(st.just((value, math.nextafter(value, INF))) | st.sampled_from(COLLIDING))
    return draw(st.sampled_from([((one, kept), (other, kept)), ((kept, one), (kept, other))]))
