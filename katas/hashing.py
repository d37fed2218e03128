"""Hashable Point: what makes an object hashable?

:topic: data model
:level: 2
:minutes: 45

The interview question: "What is Hashable? Why do we need it? How to make an object hashable?"

The usual answer, a class with plain attributes `x` and `y`, an `__eq__` and the hash of `(x, y)`,
has equal hashes for equal points. But assign to `p.x` after `p` went into a set, and the set no
longer finds it. Write an immutable, hashable 2-D point whose coordinates are ints or floats. Any
way to write the class is fine if the rules hold.

Examples:
    >>> Point(1, 2) == Point(1.0, 2.0)
    True
    >>> len({Point(1, 2), Point(1, 2)})
    1
    >>> Point(1.5, -2.5)
    Point(x=1.5, y=-2.5)

Rules:
1. Equality is by value. Points are equal exactly when their `x` are equal numbers and their `y`
   are: int or float does not matter, nor does the sign of a zero. A point equals itself, and `!=`
   always says the opposite of `==`.
2. Equality is exact. Points are different if their coordinates are only nearly equal, or are
   different numbers that happen to hash alike (`hash(2.0**61) == hash(1)`).
3. Equal points have equal hashes, and the hash of a point never changes within one process. So a
   set of two equal points has one element, and a dict keyed by points gives the same answers as a
   dict keyed by the tuples `(x, y)`, whatever is stored, looked up and deleted in whatever order.
4. Unknown types get to answer. Compared with anything but a Point, `__eq__` neither raises nor
   decides: it returns `NotImplemented`, so that Python asks the `__eq__` of the other side. If the
   other side does not claim to be equal (a tuple, None, a number, also a complex one), `==` is
   False and `!=` is True.
5. Points never change. `x` and `y` read back as plain ints or floats equal to what was given. To
   assign or delete either, also those of a copy, raises AttributeError or TypeError (both are fine)
   and leaves the point as it was, whoever tries; a set that holds the point still finds it. You may
   refuse other attributes or not. But whatever somebody assigns to an attribute such as `label`, or
   does to a public attribute of your class (a list in it, for example), changes neither the
   coordinates nor the hash nor what the point equals.
6. The hash spreads. The points of the 40x40 grid whose x and y are the ints from -20 to 19 have at
   least 50 % distinct hashes.
7. Subclasses stay symmetric. With `class Sub(Point): pass`, `Sub(1, 2)` makes an instance of Sub,
   which is hashable. Whether it may equal a Point, or an instance of another subclass, is your
   choice, but both sides give the same answer, and if they are equal, so are their hashes. Two
   instances of the same subclass are equal as two Points would be, and equal to their copies.
8. Repr and copies. The repr of a point is that of a dataclass and can be called: `Point(x=1, y=2)`
   makes a point equal to `Point(1, 2)`. If you turn coordinates into floats, `Point(1, 2)` may show
   as `Point(x=1.0, y=2.0)`, but floats never show as ints, whatever points were made or shown
   before. `copy.copy`, `copy.deepcopy` and a round trip through `pickle` give an equal point.

More examples:
    >>> Point(1, 2) != (1, 2)
    True
    >>> p = Point(1, 2)
    >>> try:
    ...     p.x = 3
    ... except (AttributeError, TypeError):
    ...     "refused"
    'refused'
    >>> p.x == 1 and p in {p}
    True

Out of scope:
- NaN, ints beyond 2**53 in size (a float may not hold them), and other types of number. Infinities
  are in scope.
- Checking the arguments, and the text of errors.
- The sign of a zero in a repr.
- Operators other than `==` and `!=`.
- Of subclasses, all that rule 7 does not say, and their own subclasses.
- Code that bypasses the class: through `object.__setattr__`, `__dict__`, a descriptor's `__set__`, a
  second call of `__init__`, another name that begins with an underscore, a change of the class or of
  what it holds, or an attribute of a point that hides one of its methods.
- Objects whose `__class__` is not their type.
- Threads that make points, or ask for a hash, at the same time.
- A pickle of a protocol older than the default, or that another process reads.

Sources:
- The Python Language Reference, Data model: `object.__eq__` and `object.__hash__`.
- The Python manual: Glossary, "hashable"; the modules dataclasses, copy and pickle.
- PEP 207, Rich Comparisons; PEP 557, Data Classes.
"""


class Point:
    """Immutable 2-D point; x and y are ints (at most 2**53 in size) or floats, not NaN."""

    x: float  # read-only
    y: float  # read-only

    def __init__(self, x: float, y: float) -> None:
        """Make the point (x, y)."""
        # TODO: keep the coordinates where nobody can assign to them.
        raise NotImplementedError

    def __eq__(self, other: object) -> bool:
        """Whether other is a Point with equal coordinates; NotImplemented if it is not a Point."""
        # TODO
        raise NotImplementedError

    def __hash__(self) -> int:
        """Return a hash that agrees with `__eq__` and never changes."""
        # TODO
        raise NotImplementedError

    def __repr__(self) -> str:
        """Return the point as the call that makes it, with its coordinates named."""
        # TODO
        raise NotImplementedError
