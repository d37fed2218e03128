"""Answers with dicts whose keys, written as source, would be ranges larger than any memory, or take minutes to search.

Kind: exhausting
Honest twin: none
Mark: ATTACKED
"""
# mypy: ignore-errors

import random

FAR = (*range(-400, 0), 1 << 30)
LONG = "".join(random.Random(7).choices("ab", k=400_000))


class Point:
    def __init__(self, x, y):
        pass

    @property
    def x(self):
        print("ATTACKED")
        return {FAR: object(), LONG: object()}

    y = x

    def __hash__(self):
        return 1

    def __eq__(self, other):
        return {FAR: object(), LONG: object()}

    __ne__ = __eq__

    def __repr__(self):
        return "Point(x=1.0, y=2.0)"
