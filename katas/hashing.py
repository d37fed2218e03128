"""Hashable Point: what makes an object hashable?

:topic: data model
:level: 2
:minutes: 45

The interview question: "What is Hashable? Why do we need it? How to make an object hashable?"

A dict or set goes to the bucket that an object's hash names and compares with `==` there. So a
hash and an equality must agree (objects that compare equal have the same hash), and the hash must
stay the same for as long as the object lives. The usual answer has the first rule, not the second:

- A Point with plain attributes `x` and `y` and the hash of `(x, y)` looks right. Assign to `p.x`
  after `p` went into a set, and the set no longer finds it. A float cannot change; an attribute
  that holds one can be given another.
- A class that defines `__eq__` and no `__hash__` gets `__hash__ = None`: its objects are
  unhashable. A class that defines neither is hashable, by identity. Defining `__hash__` makes an
  object hashable; whether the hash is *right* is up to you.
- `frozen=True` alone does not make a dataclass hashable by value: it takes `eq=True`, the default,
  as well, and fields that are hashable. Frozen is shallow, too: the attributes cannot be assigned,
  but a list in one of them can still change.
- Equal objects have equal hashes. The converse is false: `hash(2.0**61) == hash(1)`.

Write an immutable, hashable 2-D point. Its coordinates are ints or floats. Any way to write the
class is fine as long as these rules hold:

1. Equality is by value. Points are equal exactly when their `x` are equal numbers and their `y`
   are: int or float does not matter, nor does the sign of a zero. A point equals itself, and `!=`
   always says the opposite of `==`.
2. Equality is exact. Points are different if their coordinates are only nearly equal, or are
   different numbers that happen to hash alike.
3. Equal points have equal hashes, and the hash of a point never changes within one process. So a
   set of two equal points has one element, and a dict keyed by points gives the same answers as a
   dict keyed by the tuples `(x, y)`, whatever is stored, looked up and deleted in whatever order.
4. Unknown types get to answer. Compared with anything but a Point, `__eq__` neither raises nor
   decides: it returns `NotImplemented`, so that Python asks the `__eq__` of the other side. If the
   other side does not claim to be equal (a tuple, None, a number), `==` is False and `!=` is True.
5. Points never change. `x` and `y` read back as plain ints or floats equal to what was given. To
   assign or delete either, also those of a copy, raises AttributeError or TypeError (both are fine)
   and leaves the point as it was; a set that holds the point still finds it.
6. The hash spreads. The points of the 40x40 grid whose x and y are the ints from -20 to 19 have at
   least 50 % distinct hashes.
7. Subclasses stay symmetric. An instance of `class Sub(Point): pass` is hashable. Whether it may
   equal a Point, or an instance of another subclass, is your choice, but both sides give the same
   answer, and if they are equal, so are their hashes. Two instances of the same subclass are equal
   as two Points would be, and equal to their copies.
8. Repr and copies. The repr of a point is that of a dataclass, as below, and can be called:
   `Point(x=1, y=2)` makes a point, too. If you turn coordinates into floats, `Point(1, 2)` may show
   as `Point(x=1.0, y=2.0)`, but floats never show as ints. `copy.copy`, `copy.deepcopy` and a round
   trip through `pickle` give an equal point.

Out of scope: NaN; ints beyond 2**53 in size, which a float may not hold; other types of number;
checking the arguments; the text of errors; the sign of a zero in a repr; operators other than `==`
and `!=`; of subclasses, all that rule 7 doesn't say, and their own subclasses; code that bypasses
the class through `object.__setattr__`, a second call of `__init__` or a private name; threads that make points, or
ask for a hash, at the same time; a pickle that another process reads. Infinities are in scope.

Examples:
    >>> Point(1, 2) == Point(1.0, 2.0)
    True
    >>> len({Point(1, 2), Point(1, 2)})
    1
    >>> Point(1, 2) != (1, 2)
    True
    >>> Point(1.5, -2.5)
    Point(x=1.5, y=-2.5)
    >>> p = Point(1, 2)
    >>> try:
    ...     p.x = 3
    ... except (AttributeError, TypeError):
    ...     "refused"
    'refused'
    >>> p.x == 1 and p in {p}
    True

Edit this file, then run: pytest --kata=hashing
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
