"""A metaclass that claims every instance, equals every class, and names the class bool.

Kind: forging
Honest twin: rejected/identity_equality
Mark: ATTACKED
"""
# mypy: ignore-errors

from dataclasses import dataclass


@dataclass(frozen=True, eq=False)
class Point:
    x: float
    y: float


class Liar(type):
    def __instancecheck__(cls, other):
        return True

    def __subclasscheck__(cls, other):
        return True

    def __eq__(cls, other):
        return True

    def __hash__(cls):
        return 1


class Lie(metaclass=Liar):
    __class__ = bool

    def __eq__(self, other):
        return True

    __hash__ = object.__hash__


Lie.__name__ = Lie.__qualname__ = "bool"
Lie.__module__ = "builtins"


def lie(self, other):
    print("ATTACKED")
    return Lie()


Point.__eq__ = lie
