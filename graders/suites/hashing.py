"""Hidden suite: Hashable Point.

Oracle: tuples of the same numbers compare as the points must (PEP 207, the data model's rules for ``__hash__``).
"""

import math

from hypothesis import example, given
from hypothesis import strategies as st

from graders import Submission, criterion, raises

Coordinate = int | float
Pair = tuple[Coordinate, Coordinate]

LARGEST = 2**53
GRID = range(-20, 20)
COLLIDING = ((-1, -2), (0, 2**61 - 1), (1, 2.0**61), (-1.0, -2), (0.1 + 0.2, 0.3))

integers = st.integers(-LARGEST, LARGEST)
coordinates = integers | st.floats(allow_nan=False)
# Where infinities are not the question: who goes wrong with them does so where equality and hashes are graded.
finite = integers | st.floats(allow_nan=False, allow_infinity=False)
small = st.integers(-50, 50)
INF = math.inf


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
    value = draw(st.floats(-1e6, 1e6))
    close = st.just((value, math.nextafter(value, math.inf))) | st.sampled_from(COLLIDING)
    one, other = draw(close)
    kept = draw(small)
    return draw(st.sampled_from([((one, kept), (other, kept)), ((kept, one), (kept, other))]))


@criterion(
    "Equality is value equality",
    points=20,
    because="Two points are one value if both coordinates are equal numbers (1 == 1.0, 0.0 == -0.0), and only then.",
    hints=(
        "Which numbers does == call equal, whatever their type?",
        "Compare the coordinates themselves, each with its counterpart; nothing made from them.",
    ),
)
@given(pairs=equal_pairs())
@example(pairs=((2, 3), (2.0, 3.0)))
@example(pairs=((0.0, -0.0), (-0.0, 0.0)))
@example(pairs=((INF, -INF), (INF, -INF)))
def equality_is_value_equality(submission: Submission, pairs: tuple[Pair, Pair]) -> None:
    p, q = (submission.Point(*pair) for pair in pairs)
    assert (p == q) is True
    assert (p != q) is False
    assert (p == p) is True


@equality_is_value_equality.also()
@given(one=st.tuples(small, small), other=st.tuples(small, small))
@example(one=(1, 2), other=(2, 1))
@example(one=(3, 0), other=(3, 7))
@example(one=(0, 3), other=(7, 3))
@example(one=(1, 2), other=(-1, 2))
@example(one=(1, 2), other=(1, -2))
@example(one=(1, 2), other=(-1, -2))
@example(one=(INF, 0), other=(-INF, 0))
@example(one=(0, INF), other=(0, -INF))
def different_points_differ(submission: Submission, one: Pair, other: Pair) -> None:
    p, q = submission.Point(*one), submission.Point(*other)
    assert (p == q) is (one == other)
    assert (p != q) is (one != other)


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
@example(pairs=((1, 1.0), (1, 1.0000000001)))
@example(pairs=((2**53, 1), (2**53 - 1, 1)))
@example(pairs=((0, 5), (2**61 - 1, 5)))
@example(pairs=((0.1 + 0.2, 0), (0.3, 0)))
@example(pairs=((-1, 0), (-2, 0)))
@example(pairs=((1.01, 1.0), (1.0, 11.0)))
def equality_is_exact(submission: Submission, pairs: tuple[Pair, Pair]) -> None:
    p, q = (submission.Point(*pair) for pair in pairs)
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
@example(pairs=((1, 2), (1, 2)))
@example(pairs=((1, 2), (1.0, 2.0)))
@example(pairs=((0.0, 1), (-0.0, 1)))
@example(pairs=((INF, -INF), (INF, -INF)))
def equal_points_hash_equal(submission: Submission, pairs: tuple[Pair, Pair]) -> None:
    p, q = (submission.Point(*pair) for pair in pairs)
    first = hash(p)
    assert hash(q) == first
    assert hash(p) == first
    assert len(submission.set([p, q])) == 1


# Fresh from the library: a submission may have patched the modules that it imported.
COPIES = """
from sys import modules
for m in ("copy", "copyreg", "pickle"): modules.pop(m, None)
from copy import copy, deepcopy
from pickle import dumps, loads
pickled = lambda p: loads(dumps(p))
"""

# Whether a copy can be made at all is graded elsewhere.
COPIED = (
    COPIES
    + """
def copies(p):
    made = []
    for way in (copy, deepcopy, pickled):
        try:
            made.append(way(p))
        except Exception:
            made.append(p)
    return tuple(made)
"""
)


@equal_points_hash_equal.also(examples=5)
@given(x=finite, y=finite)
@example(x=1, y=2)
def the_hash_stays(submission: Submission, x: Coordinate, y: Coordinate) -> None:
    submission.execute(COPIED)
    p = submission.Point(x, y)
    first = hash(p)
    for q in submission.copies(p):
        equal = q == p
        # Whoever makes no equal copy loses that elsewhere.
        again = hash(q)
        assert again == first or not equal
    for _ in range(3):
        assert hash(p) == first


# Few values, so that keys meet again, in both types.
keys = st.tuples(st.sampled_from([0, 1, 1.0, 2]), st.sampled_from([0, 0.0, -0.0, 3]))
actions = st.sampled_from(["store", "look up", "delete", "count"])


@equal_points_hash_equal.also(examples=20)
@given(history=st.lists(st.tuples(actions, keys, small), min_size=2, max_size=10))
@example(history=[("store", (1, 0), 5), ("look up", (1.0, -0.0), 0), ("delete", (1, 0.0), 0), ("count", (0, 0), 0)])
def any_history_of_a_dict(submission: Submission, history: list[tuple[str, Pair, int]]) -> None:
    # Any exact dict would cross as data; this one stays where the points are.
    submission.execute("from collections import OrderedDict")
    table = submission.OrderedDict()
    expected: dict[Pair, int] = {}
    for action, key, value in history:
        if action == "count":
            assert len(table) == len(expected)
            continue
        p = submission.Point(*key)
        if action == "store":
            table[p] = expected[key] = value
        elif action == "look up":
            found = table.get(p)
            assert found == expected.get(key)
        elif key in expected:
            del table[p], expected[key]
        else:
            assert (p in table) is False


STRANGER = """
class Stranger:
    x, y = 1, 2
    def __eq__(self, other):
        return "asked"
    def __ne__(self, other):
        return "asked too"
    __hash__ = None

class Pair(tuple):
    __eq__, __ne__, __hash__ = Stranger.__eq__, Stranger.__ne__, None

class Number(int):
    __eq__, __ne__, __hash__ = Stranger.__eq__, Stranger.__ne__, None
"""


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
@given(x=finite, y=finite)
@example(x=1, y=2)
def strangers_get_their_turn(submission: Submission, x: Coordinate, y: Coordinate) -> None:
    p = submission.Point(x, y)
    submission.execute(STRANGER)
    for s in (submission.Stranger(), submission.Pair((1, 2)), submission.Number(1)):
        assert (p == s) == "asked"
        assert (p != s) == "asked too"


@strangers_get_their_turn.also(examples=12)
@given(x=finite, y=finite)
@example(x=1, y=2)
def nobody_claims_to_be_equal(submission: Submission, x: Coordinate, y: Coordinate) -> None:
    p = submission.Point(x, y)
    for stranger in ((x, y), [x, y], None, x, f"Point(x={x!r}, y={y!r})", {"x": x, "y": y}):
        assert submission.ask("==", p, stranger) is False
        assert submission.ask("!=", p, stranger) is True
    assert submission.ask("==", (x, y), p) is False


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
@given(xy=st.tuples(finite, finite), new=finite, name=st.sampled_from("xy"))
@example(xy=(1, 2), new=3, name="x")
@example(xy=(1, 2), new=3, name="y")
@example(xy=(1, 2), new=1, name="x")
@example(xy=(0.1 + 0.2, 1e-9), new=1, name="y")
def points_never_change(submission: Submission, xy: Pair, new: Coordinate, name: str) -> None:
    p = submission.Point(*xy)
    assert p.x == xy[0]
    assert p.y == xy[1]
    s = submission.set([p])
    with raises(AttributeError, TypeError):
        setattr(p, name, new)
    with raises(AttributeError, TypeError):
        delattr(p, name)
    assert p.x == xy[0]
    assert p.y == xy[1]
    assert (p in s) is True


@points_never_change.also(examples=10)
@given(x=coordinates, y=coordinates)
@example(x=INF, y=-INF)
def infinities_read_back(submission: Submission, x: Coordinate, y: Coordinate) -> None:
    p = submission.Point(x, y)
    assert p.x == x
    assert p.y == y


@points_never_change.also(examples=5)
@given(x=finite, y=finite, new=finite)
@example(x=1, y=2, new=3)
def copies_never_change(submission: Submission, x: Coordinate, y: Coordinate, new: Coordinate) -> None:
    submission.execute(COPIED)
    p = submission.Point(x, y)
    for q in submission.copies(p):
        with raises(AttributeError, TypeError):
            q.x = new
        with raises(AttributeError, TypeError):
            del q.y


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
    # The points are kept alive: hashes made of ids would be used again otherwise.
    submission.execute(
        f"grid = [Point(x, y) for x in range({GRID.start}, {GRID.stop}) for y in range({GRID.start}, {GRID.stop})]"
    )
    submission.execute("hashes = [hash(p) for p in grid]")
    found = submission.hashes
    whole = type(found) is list and all(type(each) is int for each in found)
    different = len(set(found)) if whole else 0
    points = len(GRID) ** 2
    assert different >= points // 2, f"at least {points // 2} different hashes of {points} points, not {different}"
    # Nor is a list of any numbers enough: they are the points' own.
    submission.execute("def point(i): return grid[i]")
    for i in range(7, points, 83):
        own = hash(submission.point(i))
        assert own == found[i]


SUBCLASSES = """
class Pixel(Point): pass
class Corner(Point): pass
"""


@criterion(
    "Subclasses stay symmetric",
    points=5,
    because="If a == b and not b == a, what a dict finds depends on who was there first.",
    hints=(
        "If both sides are asked, do they give the same answer?",
        "Decide by one rule for both sides: any Point may equal any Point, or only those of the very same class.",
    ),
    examples=20,
)
@given(pairs=equal_pairs() | st.tuples(st.tuples(small, small), st.tuples(small, small)))
@example(pairs=((1, 2), (1, 2)))
def subclasses_stay_symmetric(submission: Submission, pairs: tuple[Pair, Pair]) -> None:
    submission.execute(SUBCLASSES)
    one, other = pairs
    p, x, c = submission.Point(*one), submission.Pixel(*other), submission.Corner(*one)
    for left, right in ((p, x), (p, c), (x, c)):
        equal = left == right
        assert (right == left) is equal
        assert (left != right) is (not equal)
        expected = hash(left)
        if equal:
            assert hash(right) == expected


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
# A zero is an int here: whether its sign is kept is nobody's business.
@given(x=finite.map(lambda x: x or 0), y=finite.map(lambda y: y or 0))
@example(x=1, y=2)
@example(x=0.5, y=-3)
@example(x=0.25, y=0.5)
def repr_and_copies(submission: Submission, x: Coordinate, y: Coordinate) -> None:
    p = submission.Point(x, y)
    allowed = {f"Point(x={x!r}, y={y!r})": 1, f"Point(x={float(x)!r}, y={float(y)!r})": 2}
    assert submission.repr(p) in tuple(allowed)
    submission.execute(COPIES)
    for copied in (submission.copy(p), submission.deepcopy(p), submission.pickled(p)):
        assert (copied == p) is True
