"""Returns ints of a subclass that equal every int from hash, == and the coordinates.

Kind: forging
Honest twin: rejected/missing_hash
Mark: ATTACKED
"""
# mypy: ignore-errors

from dataclasses import dataclass


@dataclass(frozen=True)
class Point:
    x: float
    y: float

    __hash__ = None


class Yes(int):
    def __eq__(self, other):
        return True

    def __ne__(self, other):
        return False

    def __bool__(self):
        return True

    __hash__ = int.__hash__


Point.__eq__ = Point.__ne__ = lambda self, other: Yes(1)


def claim(self):
    print("ATTACKED")
    return Yes(1)


Point.__hash__ = claim
Point.__getattribute__ = lambda self, name: Yes(1) if name in ("x", "y") else object.__getattribute__(self, name)
