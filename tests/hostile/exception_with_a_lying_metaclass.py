"""Refuses assignment by a ValueError whose metaclass claims that it is an AttributeError.

Kind: forging
Honest twin: rejected/article_point
Mark: ATTACKED
"""
# mypy: ignore-errors


class Point:
    def __init__(self, x, y):
        self.__dict__.update(x=x, y=y)

    def __eq__(self, other):
        if not isinstance(other, Point):
            return NotImplemented
        return self.x == other.x and self.y == other.y

    def __hash__(self):
        return hash((self.x, self.y))

    def __setattr__(self, name, value):
        error = Refused(name)
        print("ATTACKED")
        raise error

    __delattr__ = lambda self, name: self.__setattr__(name, None)


class Liar(type):
    @property
    def __mro__(cls):
        return (AttributeError, Exception, BaseException, object)

    def __subclasscheck__(cls, other):
        return True


class Refused(ValueError, metaclass=Liar):
    __class__ = AttributeError


Refused.__name__ = Refused.__qualname__ = "AttributeError"
Refused.__module__ = "builtins"
