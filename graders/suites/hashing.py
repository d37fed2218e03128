"""Hidden suite: Hashable Point.

Oracle: tuples of the same numbers compare as the points must (PEP 207, the data model's rules for ``__hash__``).
"""

import sys
from collections.abc import Callable, Iterator
from functools import reduce
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from graders import Handle, Submission, criterion, raises, remote_of
from graders.oracles.points import (
    CLAIMING,
    INF,
    LARGEST,
    OTHERS,
    Coordinate,
    Pair,
    close_pairs,
    coordinates,
    equal_pairs,
    finite,
    moderate,
    points,
    small,
    small_pairs,
    whole,
)  # fmt: skip


def each(name: str, values: list[Any]) -> Callable[[Any], Any]:
    """Try these values of one argument first, in their order."""
    return lambda test: reduce(lambda made, value: example(**{name: value})(made), reversed(values), test)


@criterion(
    "Equality is value equality",
    points=20,
    because="Two points are one value if both coordinates are equal numbers (1 == 1.0, 0.0 == -0.0), and only then.",
    hints=(
        "Which numbers does == call equal, whatever their type?",
        "Compare the coordinates themselves, each with its counterpart; nothing made from them.",
    ),
    examples=200,
)
@given(pairs=equal_pairs() | small_pairs)
@each("pairs", [((1, 2), (1, 2)), ((0, 0), (0, 0)), ((2, 3), (2.0, 3.0)), ((2.0, 3.0), (2, 3))])
@each("pairs", [((0.0, 0), (-0.0, 0)), ((0, 0.0), (0, -0.0)), ((INF, -INF), (INF, -INF)), ((-INF, -INF), (-INF, -INF))])
@each("pairs", [((1, 2), (2, 1)), ((3, 0), (3, 7)), ((0, 3), (7, 3))])
@each("pairs", [((1, 2), (-1, 2)), ((1, 2), (1, -2)), ((1, 2), (-1, -2))])
@each("pairs", [((INF, 0), (-INF, 0)), ((0, INF), (0, -INF)), ((INF, 0), (INF, 1)), ((0, INF), (1, INF))])
@each("pairs", [((value, -value), (value, -value)) for value in (LARGEST, sys.float_info.max)])
def equality_is_value_equality(submission: Submission, pairs: tuple[Pair, Pair]) -> None:
    one, other = pairs
    p, q = submission.Point(*one), submission.Point(*other)
    assert (p == q) is (one == other)
    assert (p != q) is (one != other)
    assert (p == p) is True


@equality_is_value_equality.also()
def equal_whatever_came_between(submission: Submission) -> None:
    p = submission.Point(1, 2)
    submission.execute("crowd = [Point(i, -4) for i in range(2000)]")
    q = submission.Point(1, 2)
    assert (p == q) is True


@criterion(
    "Equality is exact",
    points=10,
    because="Equal hashes do not make equal values (hash(-1) == hash(-2)), and nearly equal is not equal.",
    hints=(
        "Can two different numbers have the same hash?",
        "A hash only says where to look; equality must look at the coordinates, without any tolerance.",
    ),
)
@given(pairs=close_pairs())
@each("pairs", [((1, 0), (1.5, 0)), ((0, 1), (0, 1.5)), ((1, 1.0), (1, 1.0000000001)), ((0.1 + 0.2, 0), (0.3, 0))])
@each("pairs", [((LARGEST, 1), (LARGEST - 1, 1)), ((5e-324, 1), (0, 1)), ((INF, 0), (sys.float_info.max, 0))])
@each("pairs", [((0, 5), (2**61 - 1, 5)), ((-1, 0), (-2, 0)), ((1.01, 1.0), (1.0, 11.0))])
def equality_is_exact(submission: Submission, pairs: tuple[Pair, Pair]) -> None:
    if found := points(submission, *pairs):
        p, q = found
        assert (p == q) is False
        assert (p != q) is True


@criterion(
    "Equal points hash equal",
    points=20,
    because="A dict looks only in the bucket that the hash names: there it loses equal points whose hashes differ.",
    hints=(
        "What must be true of the hashes when == is true?",
        "Hash a tuple of exactly what == compares.",
    ),
)
@given(pairs=equal_pairs())
@each("pairs", [((1, 2), (1, 2)), ((1, 2), (1.0, 2.0)), ((0.0, 1), (-0.0, 1)), ((1, 0.0), (1, -0.0))])
@each("pairs", [((LARGEST - 1, 0), (LARGEST - 1.0, 0)), ((0, LARGEST - 1), (0, LARGEST - 1.0))])
@example(pairs=((INF, -INF), (INF, -INF)))
@example(pairs=((sys.float_info.max, 0), (sys.float_info.max, 0)))
def equal_points_hash_equal(submission: Submission, pairs: tuple[Pair, Pair]) -> None:
    if found := points(submission, *pairs):
        p, q = found
        first = hash(p)
        assert hash(p) == first
        assert hash(q) == first


def copies_of(submission: Submission, p: Handle, *, every: bool = False) -> Iterator[Handle]:
    """Make copies of p, every one of them or (whether that works is graded elsewhere) those that can be made."""
    with submission.aside():  # afresh: a submission may have patched the modules that it imported
        submission.execute('import sys\nfor module in ("copy", "pickle"): sys.modules.pop(module, None)')
    submission.execute("from copy import copy, deepcopy\nfrom pickle import dumps, loads")
    submission.execute("def pickled(p): return loads(dumps(p))")
    for way in ("copy", "deepcopy", "pickled"):
        try:
            made = getattr(submission, way)(p)
            if not every:
                with submission.aside():  # a copy that has lost its coordinates cannot even be compared
                    submission.ask("==", made, p)
        except Exception as error:
            if every or remote_of(error) is None:
                raise
        else:
            if every or isinstance(made, Handle):
                yield made


@equal_points_hash_equal.also(examples=5)
@given(x=moderate.map(lambda x: x or 1), y=moderate.map(lambda y: y or 1))
@example(x=1, y=2)
def the_hash_stays(submission: Submission, x: Coordinate, y: Coordinate) -> None:
    p = submission.Point(x, y)
    first = hash(p)
    for q in copies_of(submission, p):
        if p == q:  # Whoever makes no equal copy loses that elsewhere.
            assert hash(q) == first
    assert hash(p) == first


@equal_points_hash_equal.also()
def hashing_changes_nothing(submission: Submission) -> None:
    # The numbers made in between take the place of one that is hashed by its place in memory.
    submission.execute("kept = []\ndef make(i): kept.append((i / 2, i * 1j))")
    submission.execute("def hashes(p, times): return len({(make(i), hash(p)) for i in range(times)})")
    for xy in ((1, 2), (INF, INF)):
        found = points(submission, xy, xy)
        if found and found[0] == found[1]:  # Whoever calls them different loses that elsewhere.
            p, q = found
            assert submission.hashes(p, 2000) == 1
            assert p == q
            assert len(submission.set([p, q])) == 1


@equal_points_hash_equal.also()
def a_new_point_is_hashed_anew(submission: Submission) -> None:
    # Each is gone when the next is made, which may then get the same id.
    submission.execute("def each(numbers): return [hash(Point(n, 0)) for n in numbers]")
    p, q = submission.Point(1, 0), submission.Point(2, 0)
    expected = [hash(p), hash(q)]
    assert submission.each([1, 2]) == expected


# Few values, so that keys meet again. Which of them are equal is graded elsewhere: each is written in one way.
keys = st.tuples(st.sampled_from([1, 2, 3]), st.sampled_from([0, 3]))
actions = st.sampled_from(["store", "look up", "delete"])


@equal_points_hash_equal.also(examples=20)
@given(history=st.lists(st.tuples(actions, keys, small), min_size=2, max_size=10))
@example(history=[("store", (1, 0), 5), ("look up", (1, 0), 0), ("delete", (1, 0), 0)])
def any_history_of_a_dict(submission: Submission, history: list[tuple[str, Pair, int]]) -> None:
    # Any exact dict would cross as data; this one stays where the points are.
    submission.execute("from collections import OrderedDict")
    table = submission.OrderedDict()
    expected: dict[Pair, int] = {}
    for action, key, value in history:
        p = submission.Point(*key)
        if action == "store":
            table[p] = expected[key] = value
        elif action == "look up":
            assert table.get(p) == expected.get(key)
        elif key in expected:
            del table[p], expected[key]
        else:
            assert (p in table) is False
        assert len(table) == len(expected)


@criterion(
    "Strangers get their turn",
    points=15,
    because="__eq__ returns NotImplemented for what is no Point: an answer of its own would end it for the other side.",
    hints=(
        "What should == say to a stranger?",
        "There is a value that means: ask the other side. It is neither True nor False.",
    ),
    examples=25,
)
@given(x=moderate, y=moderate)
@example(x=1, y=2)
def strangers_get_their_turn(submission: Submission, x: Coordinate, y: Coordinate) -> None:
    p = submission.Point(x, y)
    for name, (statement, *values) in CLAIMING.items():
        submission.execute(statement)
        s = getattr(submission, name)(*values)
        assert (p == s) == "asked"
        assert (p != s) is False  # whether s is asked for that, too, or only for its opposite


@strangers_get_their_turn.also(examples=1)
@given(other=st.none())
@each("other", [None, 1, 3, "a", (), (1, 2), [1, 2], {}, {"x": 1, "y": 2}, "Point(x=1, y=2)", *OTHERS])
def it_returns_not_implemented(submission: Submission, other: Any) -> None:
    submission.execute("def asked(p, other): return p.__eq__(other) is NotImplemented")
    p = submission.Point(1, 2)
    if isinstance(other, str) and other in OTHERS:
        statement = OTHERS[other]
        if statement:
            submission.execute(statement)
        named = getattr(submission, other)
        other = named if statement is None else named()
    assert submission.asked(p, other) is True
    assert submission.ask("!=", p, other) is True


@criterion(
    "Points never change",
    points=15,
    because="The hash of a point that can change, or of a copy that can, moves: a set that holds it loses it.",
    hints=(
        "Who may change x afterwards?",
        "A property without a setter refuses by itself; so does a frozen dataclass.",
    ),
    examples=25,
)
@given(xy=st.tuples(moderate, moderate), new=moderate, name=st.sampled_from("xy"))
@example(xy=(1, 2), new=3, name="x")
@example(xy=(1, 2), new=3, name="y")
@example(xy=(1, 2), new=1, name="x")
@example(xy=(0.1 + 0.2, 1e-9), new=1, name="y")
def points_never_change(submission: Submission, xy: Pair, new: Coordinate, name: str) -> None:
    p = submission.Point(*xy)
    assert p.x == xy[0]
    assert p.y == xy[1]
    # Of ints: who has no hash for a float loses that elsewhere.
    s = submission.set([p]) if {type(number) for number in xy} == {int} else None
    for _ in range(2):  # once more: a refusal may be the only one
        with raises(AttributeError, TypeError):
            setattr(p, name, new)
    with raises(AttributeError, TypeError):
        delattr(p, name)
    assert p.x == xy[0]
    assert p.y == xy[1]
    if s is not None:
        assert (p in s) is True


@points_never_change.also(examples=10)
@given(xy=st.tuples(coordinates, coordinates))
@each("xy", [(INF, -INF), (5e-324, 0), (0, 5e-324)])
def any_number_reads_back(submission: Submission, xy: Pair) -> None:
    for p in points(submission, xy):
        assert p.x == xy[0]
        assert p.y == xy[1]


@points_never_change.also(examples=5)
@given(x=moderate, y=moderate, new=moderate)
@example(x=1, y=2, new=3)
def copies_never_change(submission: Submission, x: Coordinate, y: Coordinate, new: Coordinate) -> None:
    for q in copies_of(submission, submission.Point(x, y)):
        for name in "xy":
            with raises(AttributeError, TypeError):
                setattr(q, name, new)
            with raises(AttributeError, TypeError):
                delattr(q, name)


@criterion(
    "The hash spreads",
    points=10,
    because="Points that share a hash share a bucket: every look-up then walks through all of them.",
    hints=(
        "How many different hashes do the points of a small grid get?",
        "Order matters: (1, 2) and (2, 1) are different points, so combine the two hashes unevenly.",
    ),
)
def hash_spreads(submission: Submission) -> None:
    found = hashes_of_a_grid(submission)
    different = len(set(found))
    assert different >= 800, f"at least 800 different hashes of 1600 points, not {different}"


def hashes_of_a_grid(submission: Submission) -> list[int]:
    """Return the hashes of 1600 points in one answer, none if it is no list of numbers."""
    # The points are kept alive: hashes made of ids would be used again otherwise.
    submission.execute("grid = [Point(x, y) for x in range(-20, 20) for y in range(-20, 20)]")
    submission.execute("hashes = [hash(p) for p in grid]")
    with submission.aside():
        found = submission.hashes
    return found if type(found) is list and all(type(each) is int for each in found) else []


@hash_spreads.also(examples=3)
@given(places=st.lists(st.integers(0, 1599), min_size=20, max_size=20, unique=True))
def the_hashes_are_the_points_own(submission: Submission, places: list[int]) -> None:
    # A list of any numbers is not enough; which of them are looked at, nobody knows before.
    found = hashes_of_a_grid(submission)
    submission.execute("def point(i): return grid[i]")
    for i in places:
        own = hash(submission.point(i))
        assert own == found[i]


@criterion(
    "Subclasses stay symmetric",
    points=5,
    because="An instance of a subclass is a value too: == says the same from both sides, and copies are equal.",
    hints=(
        "If both sides are asked, do they give the same answer?",
        "Decide by one rule for both sides: any Point may equal any Point, or only those of the very same class.",
    ),
    examples=20,
)
# Written in one way: which ways are equal, and hash equal, is graded elsewhere.
@given(pairs=st.tuples(whole, whole).map(lambda xy: (xy, xy)) | small_pairs)
@example(pairs=((1, 2), (1, 2)))
def subclasses_stay_symmetric(submission: Submission, pairs: tuple[Pair, Pair]) -> None:
    submission.execute("class Pixel(Point): pass\nclass Corner(Point): pass")
    one, other = pairs
    p, x, c = submission.Point(*one), submission.Pixel(*other), submission.Corner(*one)
    for left, right in ((p, x), (p, c), (x, c)):
        equal = left == right
        assert (right == left) is equal
        if one == other:
            assert (left != right) is (not equal)
            expected = hash(left)
            if equal:
                assert hash(right) == expected


@subclasses_stay_symmetric.also()
def instances_of_one_subclass(submission: Submission) -> None:
    submission.execute("class Pixel(Point): pass")
    p, q, o = submission.Pixel(1, 2), submission.Pixel(1, 2), submission.Point(1, 2)
    # Just as points, and so are their copies.
    if o == submission.Point(1, 2):
        assert p == q
        if hash(o) == hash(submission.Point(1, 2)):
            first = hash(p)
            assert hash(q) == first
        for other in ((1.0, 2.0), (1, 3)):
            assert (p == submission.Pixel(*other)) is (o == submission.Point(*other))
        if all(copied == o for copied in copies_of(submission, o)):
            for copied in copies_of(submission, p):
                assert copied == p


@criterion(
    "Repr and copies",
    points=5,
    because="A repr that shows the value, and copies that are equal to it, are part of being a value.",
    hints=(
        "What would you paste into a prompt to get this point again?",
        "Copying and pickling restore an object's state from outside: does your class let them?",
    ),
    examples=20,
)
# No zero: whether its sign is kept is nobody's business.
@given(xy=st.tuples(finite.map(lambda x: x or 1), finite.map(lambda y: y or 1)))
@each("xy", [(1, 2), (1.0, 2.0), (0.5, -3), (0.25, 0.5), (0.1 + 0.2, 1), (1, 0.1 + 0.2)])
def repr_and_copies(submission: Submission, xy: Pair) -> None:
    x, y = xy
    allowed = {f"Point(x={x!r}, y={y!r})": 1, f"Point(x={float(x)!r}, y={float(y)!r})": 2}
    for p in points(submission, xy):
        assert submission.repr(p) in tuple(allowed)
        for copied in copies_of(submission, p, every=True):
            assert (copied == p) is True


@repr_and_copies.also()
def the_repr_is_the_call(submission: Submission) -> None:
    p = submission.Point(x=1, y=2)
    assert p.x == 1
    assert p.y == 2
    assert submission.repr(p) in ("Point(x=1, y=2)", "Point(x=1.0, y=2.0)")
    q = submission.Point(1.0, 2.0)
    assert submission.repr(q) == "Point(x=1.0, y=2.0)"
    for x, y in ((0.0, 0), (INF, 2)):
        for p in points(submission, (x, y)):
            assert submission.repr(p) in (f"Point(x={x}, y={y})", f"Point(x={x}, y={y}.0)")
            for copied in copies_of(submission, p, every=True):
                assert copied.x == x
