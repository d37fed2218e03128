"""Hidden suite: Hashable Point.

Oracle: tuples of the same numbers compare as the points must (PEP 207, the data model's rules for ``__hash__``).
"""

import math
import sys
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from graders import Handle, Submission, anew, because, criterion, examples_of, gives, holds, raises, remote_of
from graders.suites.hashing import facts
from graders.suites.hashing.inputs import (
    CLAIMING,
    COLLIDING,
    COPIES,
    INF,
    LARGEST,
    STRANGERS,
    Coordinate,
    Pair,
    close_pairs,
    coordinates,
    equal_pairs,
    finite,
    moderate,
    small,
    small_pairs,
    whole,
)

Advice = tuple[str, ...]  # a principle and its hints

# Why two points are equal or not.
VALUE: Advice = (
    "A point is a value: two points made of the same numbers are equal, although they are two objects.",
    "What does a class compare that has no __eq__ of its own?",
    "Compare the coordinates themselves, x with x and y with y.",
)
TYPES: Advice = (
    "1 and 1.0 are one number, and == says so. Points made of them are equal as well.",
    "Which numbers does == call equal, whatever their type?",
    "Compare the coordinates by ==, not by `is`, and not their types or texts.",
)
ZEROS: Advice = (
    "0.0 == -0.0: the sign of a zero shows in its text and in its bytes, but is not part of its value.",
    "What does Python say to 0.0 == -0.0?",
    "Compare the coordinates themselves, not a text or bytes made from them.",
)
INFINITE: Advice = (
    "Infinities are coordinates like any other number: inf == inf is True, but inf - inf is nan, which equals nothing.",
    "Does your class calculate with the coordinates, or refuse some of them?",
    "Accept any number, and compare by == instead of by a difference.",
)
ORDER: Advice = (
    "x and y have their places: (1, 2) and (2, 1) are two different points.",
    "Which coordinate is compared with which?",
    "A set, a sum or a sorted list of the two coordinates forgets which is which.",
)
SIGNS: Advice = (
    "1 and -1 are different numbers, so points that differ in a sign are different points.",
    "Where does your comparison lose the sign?",
    "Compare the coordinates themselves, not their absolute values, squares or distances.",
)
BOTH: Advice = (
    "Points are equal only if x and y both are. One coordinate in common is not enough.",
    "What does your __eq__ say if only one of the two coordinates is equal?",
    "Both comparisons have to hold: join them by `and`, and leave neither out.",
)
OPPOSITE: Advice = (
    "!= always says the opposite of ==. Python sees to that by itself for a class that defines __eq__ alone.",
    "Do you need a __ne__ at all?",
    "Points differ if x or y differs: the opposite of `and` is `or`.",
)
ITSELF: Advice = (
    "A point equals itself, whatever its coordinates are.",
    "Which calculation with a number does not give that number back?",
    "Compare the coordinates by ==, not by a difference.",
)
TWO_VALUES: Advice = (
    "Two values need two objects. A cache that finds a point by its hash mixes up all that hash alike.",
    "By what does your class find the object that it made before?",
    "Find it by the coordinates themselves, or make a new object each time.",
)
# Why points are different although nearly equal.
NEARLY: Advice = (
    "Nearly equal is not equal: with a tolerance, a == b and b == c no longer give a == c, and no hash can fit.",
    "Does your class round or convert a coordinate, or allow for a small difference?",
    "Keep the numbers as they come, and compare them by == alone.",
)
COLLISION: Advice = (
    "Equal hashes do not make equal values: hash(-1) == hash(-2). A hash only says where to look.",
    "Can two different numbers have the same hash?",
    "Compare the coordinates, never their hashes.",
)
JOINED: Advice = (
    "A text made of both coordinates can be the same for different points: where does x end in '1.011.0'?",
    "What does your class compare in place of the coordinates?",
    "Compare the two coordinates separately, or a tuple of them.",
)
# Why points hash alike.
HASHABLE: Advice = (
    "To be in a set, a point needs a hash, an int. A class with an __eq__ and no __hash__ has none; nor has a list.",
    "Is there a __hash__, does it return an int, and has each thing that it hashes a hash of its own?",
    "Define __hash__ as well. The hash of a tuple of both coordinates will do.",
)
HASH_RAISES: Advice = (
    "Each point has a hash, whatever its coordinates: large numbers and infinities are coordinates like any other.",
    "For which coordinates does your __hash__ raise?",
    "Hash the coordinates as they are. What is made of them first may not exist for each number.",
)
SAME_HASH: Advice = (
    "Equal points need equal hashes: a set looks for a point only where its hash says, so it keeps both of these.",
    "Where does your hash come from: from the coordinates alone, or from something that each object has for itself?",
    "Hash a tuple of exactly what == compares, and nothing else: no id, no type, no text.",
)
TYPES_HASH: Advice = (
    "1 == 1.0, so one point may be written in two ways, and both need the same hash, just as hash(1) == hash(1.0).",
    "Do you hash the numbers, or something made from them that differs between 1 and 1.0?",
    "Hash a tuple of the coordinates themselves, not their text, bytes or ids.",
)
ZEROS_HASH: Advice = (
    "0.0 == -0.0, so points made of them are equal and need the same hash. Their text and their bytes differ.",
    "What do you hash that knows the sign of a zero?",
    "Hash a tuple of the coordinates themselves: hash(0.0) == hash(-0.0).",
)
STAYS: Advice = (
    "A set looks for a point where its hash was when it came in. A hash that changes is never found again.",
    "What goes into your hash that can change, or is made anew each time?",
    "Only the coordinates may decide the hash; a hash of nan, or of an id, is another one each time.",
)
COPY_HASH: Advice = (
    "A copy is an equal point, so its hash must be the same: what the hash needs has to be copied, too.",
    "What does your __hash__ read, and does a copy have it?",
    "Copies are made without calling __init__; a hash of the coordinates alone needs nothing else.",
)
# Copies.
COPIED: Advice = (
    "A copy is an equal point. copy and pickle make it without calling __init__, and set its state from outside.",
    "Can the attributes of a new, empty object of your class be set, if not by p.x = 3?",
    "A class can say how it is made again: by itself, called with its two coordinates.",
)
COPIES_ITSELF: Advice = (
    "A copy is an equal point, for any coordinates: your class says itself how it is copied, and that fails here.",
    "With which arguments does copy or pickle call the method of yours that fails, and for which points does it work?",
    "deepcopy passes a memo, and inf is no name: let __reduce__ return the class and both coordinates, and no more.",
)
COPY_CHANGES: Advice = (
    "A copy is a point as well: if it can be changed, its hash moves, and a set that holds it loses it.",
    "What guards the attributes, and who switches it on for an object that was made without __init__?",
    "A guard that holds for the whole class, such as a property without a setter, holds for copies as well.",
)


def why_equal(one: Pair, other: Pair) -> Advice:
    """Return why the points made of two pairs are equal, or why they are not."""
    if any(abs(number) == INF for number in (*one, *other)):
        return INFINITE
    if one == other:
        if repr(one) == repr(other):
            return VALUE
        return ZEROS if "-0.0" in repr((one, other)) else TYPES
    if one == other[::-1]:
        return ORDER
    return SIGNS if [abs(n) for n in one] == [abs(n) for n in other] else BOTH


def explained(submission: Submission, p: Handle, q: Handle, pairs: tuple[Pair, Pair], equal: object) -> bool:
    """Whether an answer fits the coordinates that two points keep, which are not those given: another criterion's."""

    def fits() -> bool:
        kept = (p.x, p.y), (q.x, q.y)
        return kept != pairs and (kept[0] == kept[1]) is equal

    return holds(submission, fits) and not is_one(submission, p, q)


def is_one(submission: Submission, p: Handle, q: Handle) -> bool:
    """Whether two points are one object; asked without being shown."""
    return holds(submission, lambda: submission.ask("is", p, q))


def must_be(p: Handle, q: Handle, *, equal: bool) -> None:
    """Compare two points."""
    with gives(equal):
        assert (p == q) is equal


def points(submission: Submission, *pairs: Pair) -> list[Handle]:
    """Make the points; none if an infinite or a large number is refused, which costs the first criterion."""
    try:
        return [submission.Point(*pair) for pair in pairs]
    except Exception as error:
        if remote_of(error) is None or all(abs(number) < LARGEST for pair in pairs for number in pair):
            raise
        return []


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
@examples_of(pairs=[((1, 2), (1, 2)), ((0, 0), (0, 0)), ((1, 2), (1.0, 2.0)), ((2.0, 3.0), (2, 3))])
@examples_of(pairs=[((1, 2), (2, 1)), ((3, 0), (3, 7)), ((0, 3), (7, 3))])
@examples_of(pairs=[((1, 2), (-1, 2)), ((1, 2), (1, -2)), ((1, 2), (-1, -2))])
@examples_of(pairs=[((0.0, 0), (-0.0, 0)), ((0, 0.0), (0, -0.0))])
@examples_of(pairs=[((INF, -INF), (INF, -INF)), ((-INF, -INF), (-INF, -INF)), ((INF, 0), (-INF, 0))])
@examples_of(pairs=[((0, INF), (0, -INF)), ((INF, 0), (INF, 1)), ((0, INF), (1, INF))])
@examples_of(pairs=[((value, -value), (value, -value)) for value in (LARGEST, sys.float_info.max)])
def equality_is_value_equality(submission: Submission, pairs: tuple[Pair, Pair]) -> None:
    one, other = pairs
    expected = one == other
    with because(*why_equal(one, other)):
        p, q = submission.Point(*one), submission.Point(*other)
        with gives(expected):
            equal = p == q
        if equal is not expected and not explained(submission, p, q, pairs, equal):
            with because(*(TWO_VALUES if is_one(submission, p, q) else why_equal(one, other))):
                assert equal is expected


@equality_is_value_equality.also(because=OPPOSITE[0], hints=OPPOSITE[1:])
@given(pairs=equal_pairs() | small_pairs | close_pairs())
@examples_of(pairs=[((1, 2), (1, 2)), ((1, 2), (3, 4)), ((1, 2), (1, 3)), ((1, 2), (3, 2)), ((1, 2), (1.0, 2.0))])
@examples_of(pairs=[((1, 1.0), (1, 1.0000000001)), ((-1, 0), (-2, 0)), ((0.0, 0), (-0.0, 0)), ((INF, 0), (INF, 0))])
def unequal_is_the_opposite(submission: Submission, pairs: tuple[Pair, Pair]) -> None:
    if found := points(submission, *pairs):
        p, q = found
        equal = p == q
        if type(equal) is bool:  # What else comes back has cost the criterion already.
            with gives(not equal):
                assert (p != q) is (not equal)


@equality_is_value_equality.also(because=ITSELF[0], hints=ITSELF[1:], examples=20)
@given(xy=st.tuples(coordinates, coordinates))
@examples_of(xy=[(1, 2), (INF, -INF)])
def a_point_equals_itself(submission: Submission, xy: Pair) -> None:
    for p in points(submission, xy):
        if not holds(submission, lambda p=p: (p.x, p.y) == xy):  # type: ignore[misc]
            continue  # What does not read back is graded elsewhere.
        must_be(p, p, equal=True)
        with because(*OPPOSITE), gives(False):
            assert (p != p) is False


@equality_is_value_equality.also(
    because="Whether two points are equal depends on their coordinates alone, not on what was made in between.",
    hints=(
        "What does your class remember, and when does it forget?",
        "An object that is found again in a cache is no substitute for comparing coordinates.",
    ),
)
def equal_whatever_came_between(submission: Submission) -> None:
    p = submission.Point(1, 2)
    submission.define("crowd = [Point(i, -4) for i in range(2000)]")
    q = submission.Point(1, 2)
    must_be(p, q, equal=True)


@equality_is_value_equality.also()
def equal_in_any_program(submission: Submission) -> None:
    draw = submission.drawn("equality")
    found, expected = anew(submission, draw, facts.equality(draw))
    assert found == expected


@criterion(
    "Equality is exact",
    points=10,
    because="Two points are different if a coordinate is a different number, however small the difference is.",
    hints=(
        "Can two different numbers look alike, or hash alike?",
        "Equality must look at the coordinates, without any tolerance.",
    ),
)
@given(pairs=close_pairs())
@examples_of(pairs=[((1, 0), (1.5, 0)), ((0, 1), (0, 1.5)), ((1, 1.0), (1, 1.0000000001)), ((0.1 + 0.2, 0), (0.3, 0))])
@examples_of(pairs=[((-1, 0), (-2, 0)), ((0, -1), (0, -2)), ((1, 5), (2.0**61, 5)), ((1.01, 1.0), (1.0, 11.0))])
@examples_of(pairs=[((LARGEST, 1), (LARGEST - 1, 1)), ((5e-324, 1), (0, 1)), ((INF, 0), (sys.float_info.max, 0))])
def equality_is_exact(submission: Submission, pairs: tuple[Pair, Pair]) -> None:
    if found := points(submission, *pairs):
        p, q = found
        with because(*why_different(*pairs)):
            with gives(False):
                equal = p == q
            # Numbers that are not kept, and a coordinate that is not compared at all, are other criteria's.
            elsewhere = equal is not False and (
                explained(submission, p, q, pairs, equal) or holds(submission, lambda: far_apart(submission, *pairs))
            )
            if not elsewhere:
                one_object = equal is not False and is_one(submission, p, q)
                with because(*(TWO_VALUES if one_object else why_different(*pairs))):
                    assert equal is False


@equality_is_exact.also()
def exact_in_any_program(submission: Submission) -> None:
    draw = submission.drawn("exactness")
    found, expected = anew(submission, draw, facts.exactness(draw))
    assert found == expected


def far_apart(submission: Submission, one: Pair, other: Pair) -> bool:
    """Whether two points are equal that differ in the same coordinate, but by far; not if all points are equal."""
    x, y = (a if a == b else 77 for a, b in zip(one, other, strict=True))
    p = submission.Point(*one)
    return bool(p == submission.Point(x, y)) and (p == submission.Point(78, 79)) is False


def why_different(one: Pair, other: Pair) -> Advice:
    """Return why the points made of two pairs that are nearly equal are different."""
    if "".join(map(str, one)) == "".join(map(str, other)):
        return JOINED
    found = [(a, b) for a, b in zip(one, other, strict=True) if a != b]
    return COLLISION if any(pair in COLLIDING for pair in found) and hash(one) == hash(other) else NEARLY


def share_a_place(submission: Submission, p: Handle, q: Handle, why: Advice, unhashable: Advice = HASHABLE) -> None:
    """Put two equal points into a set, where they meet if their hashes are equal."""
    with because(*unhashable):
        try:
            s = submission.set([p, q])
        except Exception as error:
            if holds(submission, lambda: {hash(p), hash(q)} != set()):
                return  # it is the comparison that raises
            if isinstance(error, TypeError) or unhashable is not HASHABLE:
                raise
            with because(*HASH_RAISES):
                raise
        size = len(s)
    # How many there are is the same wherever it is pasted; hashes may be other numbers in each process.
    with submission.aside():
        alike = hash(p) == hash(q)
    if not alike and not holds(submission, lambda: (p.x, p.y) != (q.x, q.y)):  # numbers that are not kept
        with because(*why):
            assert size == 1
            assert alike is True


def why_alike(one: Pair, other: Pair) -> Advice:
    """Return why the points made of two ways to write one pair have the same hash."""
    if repr(one) == repr(other):
        return SAME_HASH
    return ZEROS_HASH if "-0.0" in repr((one, other)) else TYPES_HASH


@criterion(
    "Equal points hash equal",
    points=20,
    because="A dict looks only where the hash says: there it loses equal points whose hashes differ.",
    hints=(
        "What must be true of the hashes when == is true?",
        "Hash a tuple of exactly what == compares.",
    ),
    examples=1,  # what is random comes last: a hash that is kept by id goes wrong there by luck
)
@given(pairs=st.just(((1, 2), (1, 2))))
@examples_of(pairs=[((1, 2), (1, 2)), ((1, 2), (1.0, 2.0)), ((0.0, 1), (-0.0, 1)), ((1, 0.0), (1, -0.0))])
@examples_of(pairs=[((LARGEST - 1, 0), (LARGEST - 1.0, 0)), ((0, LARGEST - 1), (0, LARGEST - 1.0))])
@examples_of(pairs=[((INF, -INF), (INF, -INF)), ((sys.float_info.max, 0), (sys.float_info.max, 0))])
def equal_points_hash_equal(submission: Submission, pairs: tuple[Pair, Pair]) -> None:
    if found := points(submission, *pairs):
        share_a_place(submission, found[0], found[1], why_alike(*pairs))


@equal_points_hash_equal.also(
    because="Once an object is gone, the next one may get its id: what is kept by id then belongs to another point.",
    hints=(
        "How long is an id an object's own?",
        "Make the hash of the coordinates, and keep nothing about an object outside of it.",
    ),
)
def a_new_point_is_hashed_anew(submission: Submission) -> None:
    p, q = submission.Point(1, 0), submission.Point(2, 0)
    with submission.aside():
        expected = [hash(p), hash(q)]
    # Each is gone when the next is made, which may then get the same id.
    submission.define("def hashes(numbers): return [hash(Point(n, 0)) for n in numbers]")
    assert submission.hashes([1, 2]) == expected


@equal_points_hash_equal.also(because=STAYS[0], hints=STAYS[1:], examples=1)
@given(xy=st.just((1, 2)))
@examples_of(xy=[(1, 2), (INF, INF)])
def the_hash_stays(submission: Submission, xy: Pair) -> None:
    for p in points(submission, xy):
        submission.define("def the_same_twice(p): return hash(p) == hash(p)")
        assert submission.the_same_twice(p) is True
        # The numbers made in between take the place of one that is hashed by its place in memory.
        submission.define(
            "def hashes(p): return len({row[0] for row in [(hash(p), i / 2, i * 1j) for i in range(2000)]})"
        )
        assert submission.hashes(p) == 1


@equal_points_hash_equal.also(
    because="To be hashed changes nothing of a point: what is kept for the hash is not part of its value.",
    hints=(
        "What does your __hash__ leave in the object?",
        "A kept hash must be left out of the comparison: compare the coordinates only.",
    ),
)
def hashing_changes_nothing(submission: Submission) -> None:
    p, q = submission.Point(1, 2), submission.Point(1, 2)
    if holds(submission, lambda: p == q):  # Whoever calls them different loses that elsewhere.
        submission.set([p])
        with gives(True):
            assert (p == q) is True


@equal_points_hash_equal.also(examples=5, because=COPY_HASH[0], hints=COPY_HASH[1:])
@given(way=st.sampled_from(sorted(COPIES)), xy=st.tuples(moderate, moderate).map(lambda xy: (xy[0] or 1, xy[1] or 1)))
@examples_of(*({"way": way, "xy": (1, 2)} for way in COPIES))
def a_copy_hashes_equal(submission: Submission, way: str, xy: Pair) -> None:
    p = submission.Point(*xy)
    if holds(submission, lambda: copied(submission, way, p) == p):  # Whoever makes no equal copy loses that elsewhere.
        q = copied(submission, way, p)
        share_a_place(submission, p, q, COPY_HASH, COPY_HASH)


@equal_points_hash_equal.also()
@given(pairs=equal_pairs())
def any_two_equal_points_hash_equal(submission: Submission, pairs: tuple[Pair, Pair]) -> None:
    if found := points(submission, *pairs):
        share_a_place(submission, found[0], found[1], why_alike(*pairs))


# Few values, so that keys meet again. Which of them are equal is graded elsewhere: each is written in one way.
keys = st.tuples(st.sampled_from([1, 2, 3]), st.sampled_from([0, 3]))
actions = st.sampled_from(["store", "look up", "delete"])


@equal_points_hash_equal.also(
    examples=20,
    because="A dict keyed by points gives the same answers as a dict keyed by the tuples (x, y).",
    hints=(
        "A dict finds a key by its hash first and by == then: which of the two goes wrong here?",
        "Equal points need equal hashes, and different points must not be equal.",
    ),
)
@given(history=st.lists(st.tuples(actions, keys, small), min_size=2, max_size=10))
@examples_of(history=[[("store", (1, 0), 5), ("look up", (1, 0), 0), ("delete", (1, 0), 0)]])
def any_history_of_a_dict(submission: Submission, history: list[tuple[str, Pair, int]]) -> None:
    # Any exact dict would cross as data; this one stays where the points are.
    submission.define("from collections import OrderedDict")
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


@equal_points_hash_equal.also()
def alike_in_any_program(submission: Submission) -> None:
    draw = submission.drawn("hashes")
    found, expected = anew(submission, draw, facts.hashes(draw))
    assert found == expected


# What is no Point.
CLAIMS: Advice = (
    "__eq__ returns NotImplemented for what is not a Point: only then does Python ask the other side, which may know.",
    "What should == say about something that your class knows nothing of?",
    "There is a value that means: ask the other side. It is neither True nor False.",
)
NOT_A_POINT: Advice = (
    "What looks like a Point is not one: neither a tuple of the same numbers nor an object with an x and a y.",
    "How do you find out whether the other one is a Point?",
    "Ask whether it is an instance of Point.",
)
INHERITED: Advice = (
    "The base class of a Point compares, too: a point that is also a tuple or a complex number equals plain ones.",
    "What else is your class, besides a Point?",
    "Keep the coordinates in attributes instead of deriving from a class with an == of its own.",
)
RAISES: Advice = (
    "A comparison gives an answer, whatever the other side is. NotImplemented is a value to return, not to raise.",
    "What happens in your __eq__ if the other one has no x?",
    "Look at the class of the other one first, and return NotImplemented if it is not a Point.",
)
NEGATED: Advice = (
    "If nobody claims to be equal, != is True. A __ne__ of your own may miss it: NotImplemented, negated, is False.",
    "Do you need a __ne__ at all?",
    "Without a __ne__ Python derives != from ==, and gets this case right.",
)


def must_differ(submission: Submission, p: Handle, other: Any, why: Advice) -> None:
    """Compare p, the point (1, 2), with what is not a Point and does not claim to be equal."""
    for symbol, expected, reason in (("==", False, why), ("!=", True, NEGATED)):
        with because(*RAISES):
            answer = answered(submission, symbol, p, other, expected)
        with because(*reason):
            assert answer is expected


def answered(submission: Submission, symbol: str, p: Handle, other: Any, expected: bool) -> Any:
    """Compare, and say what is expected if the comparison raises."""
    try:
        with gives(expected):
            return submission.ask(symbol, p, other)
    except AssertionError as unmet:
        raised = remote_of(unmet.__cause__ or unmet)
        if raised is not None and raised.type == "NotImplementedError":
            # So does a stub, but it compares no points either.
            begun = holds(submission, lambda: p == submission.Point(1, 2))
            assert not begun, str(expected)
        raise


def stranger(submission: Submission, other: Any) -> Any:
    """Return what is compared: the object that the statement of a name in STRANGERS makes, or the value itself."""
    if isinstance(other, str) and other in STRANGERS:
        if STRANGERS[other]:
            submission.define(STRANGERS[other])
        made = getattr(submission, other)
        return made if other == "Point" else made()
    return other


@criterion(
    "Unknown types get to answer",
    points=15,
    because=CLAIMS[0],
    hints=CLAIMS[1:],
    examples=1,
)
@given(other=st.none())
@examples_of(other=[(1, 2), *facts.PLAIN, *STRANGERS])
def strangers_get_their_turn(submission: Submission, other: Any) -> None:
    p = submission.Point(1, 2)
    s = stranger(submission, other)
    submission.define("def derives(p, other): return type(other) is not object and isinstance(p, type(other))")
    must_differ(submission, p, s, INHERITED if holds(submission, lambda: submission.derives(p, s)) else NOT_A_POINT)


@strangers_get_their_turn.also(examples=25)
@given(x=moderate, y=moderate, name=st.sampled_from(sorted(CLAIMING)))
@examples_of(*({"x": 1, "y": 2, "name": name} for name in CLAIMING))
def who_claims_to_be_equal_is(submission: Submission, x: Coordinate, y: Coordinate, name: str) -> None:
    statement, *values = CLAIMING[name]
    submission.define(statement)
    p = submission.Point(x, y)
    s = getattr(submission, name)(*values)
    with gives(True):
        assert (p == s) is True
    # Whether s is asked for that, too, or only for its opposite.
    with because(*OPPOSITE), gives(False):
        assert (p != s) is False


@strangers_get_their_turn.also(examples=1)
@given(other=st.none())
@examples_of(other=[*facts.PLAIN, *STRANGERS])
def it_returns_not_implemented(submission: Submission, other: Any) -> None:
    submission.define("def asks_the_other(p, other): return p.__eq__(other) is NotImplemented")
    p = submission.Point(1, 2)
    # Whoever returns False for all fails before, at None: what is left are those that look like a Point.
    with because(*(NOT_A_POINT if isinstance(other, str) and other in STRANGERS else CLAIMS)), gives(True):
        assert submission.asks_the_other(p, stranger(submission, other)) is True


@strangers_get_their_turn.also()
def strangers_in_any_program(submission: Submission) -> None:
    draw = submission.drawn("strangers")
    found, expected = anew(submission, draw, facts.strangers(draw))
    assert found == expected


# Why points never change.
CHANGES: Advice = (
    "A set loses a point that changes, since its hash moves. To assign must raise AttributeError or TypeError.",
    "Who may change x afterwards, and who would notice?",
    "A property without a setter refuses by itself; so does a frozen dataclass.",
)
EQUAL_VALUE: Advice = (
    "Each assignment is refused, that of an equal value too: with 1.0 in the place of 1 a point shows something else.",
    "What does your class look at before it refuses?",
    "Refuse each assignment, without a look at the value.",
)
GIVES_WAY: Advice = (
    "A descriptor without a __set__, such as a cached_property, refuses nothing: what is assigned takes its place.",
    "Which special method of a descriptor is called by p.x = 3, and does yours have it?",
    "A property has a __set__, which refuses where there is no setter; a frozen dataclass refuses, too.",
)
IN_SILENCE: Advice = (
    "An assignment that does nothing and says nothing lets its caller believe that the point has moved.",
    "How does the caller hear that p.x = 3 had no effect?",
    "Raise AttributeError or TypeError; a property without a setter does, and so does a frozen dataclass.",
)
DELETES: Advice = (
    "To delete x changes a point as much as to assign it: what is left has no x, and no hash.",
    "Which special method does `del p.x` call?",
    "A property without a setter and a deleter, or a frozen dataclass, refuses both.",
)
LEFT: Advice = (
    "An assignment that is refused leaves the point as it was, so that a set that holds it still finds it.",
    "What has already happened when your class raises its error?",
    "Raise before anything is changed.",
)
READS_BACK: Advice = (
    "x and y read back as plain numbers equal to those given: rounded, shortened or wrapped, they make another point.",
    "What does your class do to a coordinate before it keeps it?",
    "Keep the very number that was given; a float keeps every int up to 2**53 as well.",
)
MIXED: Advice = (
    "Infinity times zero is nan, and so is infinity minus infinity: one coordinate has got into the other.",
    "Which calculation does your class make with both coordinates before it keeps them?",
    "Keep the two numbers apart, each as it was given; a sum that makes one complex number of them mixes them, too.",
)


@criterion(
    "Points never change",
    points=15,
    because=CHANGES[0],
    hints=CHANGES[1:],
    examples=25,
)
@given(xy=st.tuples(moderate, moderate), new=moderate, name=st.sampled_from("xy"))
@examples_of(*({"xy": (1, 2), "new": new, "name": name} for new in (3, 1) for name in "xy"))
@examples_of({"xy": (0, 2), "new": 5, "name": "x"}, {"xy": (2, 0), "new": 5, "name": "y"})
def points_never_change(submission: Submission, xy: Pair, new: Coordinate, name: str) -> None:
    p = submission.Point(*xy)
    with submission.aside():
        before = getattr(p, name)
    try:
        with raises(AttributeError, TypeError):
            setattr(p, name, new)
    except AssertionError as failure:
        changes = new != before
        why = OF_ANOTHER_TYPE if failure.__cause__ else why_refused(submission, p, name, changes=changes, before=before)
        with because(*why):
            raise
    with because(*LEFT):
        assert getattr(p, name) == before


OF_ANOTHER_TYPE: Advice = (
    "Code that meets a value that can't change expects AttributeError or TypeError; and catches nothing else.",
    "Of which class is the exception that your refusal raises, and of which does that derive?",
    "Raise AttributeError itself, or derive your own exception from it.",
)
ZERO_IS_SET: Advice = (
    "A coordinate that is 0 is set as well, although it is false: only one that was never set may be given a value.",
    "How does your class tell whether a coordinate was set before?",
    "Ask whether the attribute exists, not whether its value is true.",
)


def why_refused(submission: Submission, p: Handle, name: str, *, changes: bool, before: Any) -> Advice:
    """Return why an assignment is refused. changes: whether to another value; before: what was there."""
    if changes and holds(submission, lambda: getattr(p, name) == before):
        return IN_SILENCE
    if holds(submission, lambda: gives_way(submission, name)):
        return GIVES_WAY
    if not before and changes:
        return ZERO_IS_SET
    return CHANGES if changes else EQUAL_VALUE


def gives_way(submission: Submission, name: str) -> object:
    """Ask whether the class has a descriptor for a coordinate that any assignment takes the place of."""
    submission.define(
        "from inspect import getattr_static\n"
        "def gives_way(name):\n"
        "    kind = type(getattr_static(Point, name, None))\n"
        "    return hasattr(kind, '__get__') and not hasattr(kind, '__set__')"
    )
    return submission.gives_way(name)


@points_never_change.also(because=DELETES[0], hints=DELETES[1:], examples=5)
@given(xy=st.tuples(moderate, moderate), name=st.sampled_from("xy"))
@examples_of(*({"xy": (1, 2), "name": name} for name in "xy"))
def nothing_is_deleted(submission: Submission, xy: Pair, name: str) -> None:
    p = submission.Point(*xy)
    with submission.aside():
        before = getattr(p, name)
    with raises(AttributeError, TypeError):
        delattr(p, name)
    with because(*LEFT):
        assert getattr(p, name) == before


@points_never_change.also(because=LEFT[0], hints=LEFT[1:], examples=5)
@given(xy=st.tuples(moderate, moderate), new=moderate)
@examples_of({"xy": (1, 2), "new": 3})
def a_set_still_finds_it(submission: Submission, xy: Pair, new: Coordinate) -> None:
    p = submission.Point(*xy)
    if holds(submission, lambda: hash(p) == hash(p)):  # Whoever gives it no hash loses that elsewhere.
        s = submission.set([p])
        with raises(AttributeError, TypeError):
            p.x = new
        with raises(AttributeError, TypeError):
            del p.y
        assert (p in s) is True


@points_never_change.also(because=READS_BACK[0], hints=READS_BACK[1:], examples=10)
@given(xy=st.tuples(coordinates, coordinates))
@examples_of(xy=[(1, 2), (0.1, 2), (1, 0.1), (0.1 + 0.2, 1e-09), (LARGEST - 1, 1 - LARGEST)])
@examples_of(xy=[(0, INF), (INF, 0), (INF, -INF), (5e-324, 0), (0, 5e-324)])
def any_number_reads_back(submission: Submission, xy: Pair) -> None:
    for p in points(submission, xy):
        for name, value in zip("xy", xy, strict=True):
            with gives(value):
                found = getattr(p, name)
            with because(*(MIXED if isinstance(found, float) and math.isnan(found) else READS_BACK)):
                assert found == value


@points_never_change.also(examples=5, because=COPY_CHANGES[0], hints=COPY_CHANGES[1:])
@given(way=st.sampled_from(sorted(COPIES)), xy=st.tuples(moderate, moderate), new=moderate, name=st.sampled_from("xy"))
@examples_of(*({"way": way, "xy": (1, 2), "new": 3, "name": "x"} for way in COPIES))
@examples_of({"way": "copy", "xy": (1, 2), "new": 3, "name": "y"})
def copies_never_change(submission: Submission, way: str, xy: Pair, new: Coordinate, name: str) -> None:
    p = submission.Point(*xy)
    if holds(submission, lambda: isinstance(copied(submission, way, p), Handle)):  # what can't be made is graded below
        q = copied(submission, way, p)
        with raises(AttributeError, TypeError):
            setattr(q, name, new)
        with raises(AttributeError, TypeError):
            delattr(q, name)


OF_ANYBODY: Advice = (
    "A point refuses each assignment, whoever makes it: a function's name doesn't tell whose code it is.",
    "How does your class tell its own assignments from those of others?",
    "Set the coordinates in your __init__ by a way of its own, such as object.__setattr__, and refuse all others.",
)


@points_never_change.also(because=OF_ANYBODY[0], hints=OF_ANYBODY[1:])
def nobody_may_assign(submission: Submission) -> None:
    submission.define("class Mover:\n    def __init__(self, p): p.x = 3")
    p = submission.Point(1, 2)
    with raises(AttributeError, TypeError):
        submission.Mover(p)


OTHER_ATTRIBUTES: Advice = (
    "Only x and y make a point. Another attribute that somebody assigns is not part of its value, nor of its hash.",
    "What do your __eq__ and __hash__ read: the two coordinates, or all that the object holds?",
    "Compare and hash x and y by name, not the object's whole __dict__.",
)
WAY_ROUND: Advice = (
    "What refuses p.x = 3 but keeps the numbers in another public attribute can be changed through that.",
    "Where does your class keep the coordinates, and who may assign there?",
    "Keep them under a private name, or refuse the assignment of each attribute.",
)
IN_PLACE: Advice = (
    "To refuse an assignment is shallow: a list or dict that holds the coordinates changes without any assignment.",
    "Of which type is the attribute that holds the coordinates?",
    "Keep the coordinates in two attributes, or in a tuple.",
)


KEPT_HASH: Advice = (
    "A hash that is kept in a public attribute can be replaced there: a set then looks in the wrong place.",
    "What does your __hash__ read, and who may assign there?",
    "Keep it under a private name, or compute it each time.",
)


@points_never_change.also(because=OTHER_ATTRIBUTES[0], hints=OTHER_ATTRIBUTES[1:])
def no_other_attribute_counts(submission: Submission) -> None:
    p, q = submission.Point(1, 2), submission.Point(1, 2)
    with submission.aside():
        equal, steady = holds(submission, lambda: p == q), holds(submission, lambda: hash(p) == hash(p))
        before = hash(p) if steady else 0
        refused = not holds(submission, lambda: assigned(p, "label", 3))
    # Whether points can be hashed, and are equal, is graded elsewhere.
    if not refused and equal and not holds(submission, lambda: p == q):
        p.label = 3
        assert (p == q) is True
    if not refused and steady and not holds(submission, lambda: hash(p) == before):
        r = submission.Point(1, 2)
        s = submission.set([r])
        r.label = 3
        assert (r in s) is True


def assigned(p: Handle, name: str, value: object) -> bool:
    """Assign an attribute, and return True if nothing was raised."""
    setattr(p, name, value)
    return True


@points_never_change.also(because=WAY_ROUND[0], hints=WAY_ROUND[1:])
def no_public_attribute_is_a_way_round(submission: Submission) -> None:
    submission.define(
        "from inspect import getattr_static\n"
        "def public(p):\n"
        "    found = []\n"
        "    for name in dir(p):\n"
        "        if name.isidentifier() and name[0] != '_' and name not in ('x', 'y'):\n"
        "            if hasattr(getattr_static(type(p), name, property), '__get__'):\n"
        "                value = getattr(p, name, print)\n"
        "                if not callable(value): found.append([name, type(value).__name__])\n"
        "    return found"
    )
    with submission.aside():
        names = submission.public(submission.Point(1, 2))
    for name, kind in names[:5] if type(names) is list else []:
        for statement, why in (
            (f"p.{name} = {'0' if kind == 'int' else '(3, 4)'}", WAY_ROUND),
            (f"p.{name}.reverse()" if kind == "list" else f"p.{name}.update(x=3, y=4)", IN_PLACE),
        ):
            submission.define(f"def change(p): {statement}")
            with submission.aside():
                o = submission.Point(1, 2)
                changes = not holds(submission, lambda o=o: tried(submission, o) and (o.x, o.y) == (1, 2))  # type: ignore[misc]
            if changes:
                p = submission.Point(1, 2)
                submission.change(p)
                with because(*why), gives(1):
                    assert p.x == 1
                with because(*why), gives(2):
                    assert p.y == 2
            elif holds(submission, lambda: same_hash(submission, submission.Point(1, 2))) and not holds(
                submission,
                lambda o=o: same_hash(submission, o),  # type: ignore[misc]
            ):
                p = submission.Point(1, 2)
                before = hash(p)
                submission.change(p)
                with because(*KEPT_HASH):
                    assert hash(p) == before


def same_hash(submission: Submission, p: Handle) -> bool:
    """Whether a point has the hash of another one at (1, 2)."""
    return hash(p) == hash(submission.Point(1, 2))


def tried(submission: Submission, p: Handle) -> bool:
    """Change a point, or meet a refusal, and return True."""
    holds(submission, lambda: submission.change(p))
    return True


@points_never_change.also()
def unchanged_in_any_program(submission: Submission) -> None:
    draw = submission.drawn("immutability")
    found, expected = anew(submission, draw, facts.immutability(draw))
    assert found == expected


def copied(submission: Submission, way: str, p: Handle) -> Any:
    """Return what a way to copy makes of a point."""
    submission.define(COPIES[way])
    return getattr(submission, way)(p)


# How hashes spread.
NO_HASH: Advice = (
    "Points without a hash cannot spread: see the criterion about equal points, which fails for the same reason.",
    *HASHABLE[1:],
)
ALL_ALIKE: Advice = (
    "With one hash for all, every point is in one place, and every look-up compares with all of them: right, but slow.",
    "Does your hash depend on the coordinates at all?",
    "Hash a tuple of the coordinates.",
)


GRID = [(x, y) for x in range(-20, 20) for y in range(-20, 20)]  # of which points the hashes are asked
SPREADS: Advice = (
    "Points that share a hash share a place, and a look-up there compares with all of them.",
    "Which other points of a small grid have the hash of (1, 2)?",
    "Sums, products and xor give the same for many pairs; the hash of a tuple tells them apart.",
)


@criterion("The hash spreads", points=10, because=SPREADS[0], hints=SPREADS[1:])
def hash_spreads(submission: Submission) -> None:
    hashes = hashes_of_a_grid(submission)
    different = len(set(hashes))
    if different < 800:
        submission.define("different = len(set(hashes))")
        with because(*why_spread(hashes)):
            assert submission.different >= 800
            assert different >= 800


def why_spread(hashes: list[int]) -> Advice:
    """Return why so few hashes are different: with two points that share one, where any do that need not."""
    if len(set(hashes)) == 1:
        return ALL_ALIKE
    # Nearest to (1, 2), which the hint is about. Tuples of some pairs share a hash, too: hash(-1) == hash(-2).
    places = sorted(zip(GRID, hashes, strict=False), key=lambda each: distance(each[0], (1, 2)))
    for one, hashed in places:
        alike = [other for other, same in places if same == hashed and hash(other) != hash(one)]
        if alike:
            other = min(alike, key=lambda each: distance(one, each))
            pair = f"here Point{one} and Point{other} have one hash, for instance."
            return f"{SPREADS[0][:-1]}; {pair}", *SPREADS[1:]
    return SPREADS


def distance(one: tuple[int, int], other: tuple[int, int]) -> int:
    """Return how many steps two points of the grid are from each other."""
    return abs(one[0] - other[0]) + abs(one[1] - other[1])


def hashes_of_a_grid(submission: Submission) -> list[int]:
    """Return the hashes of 1600 points in one answer, none if it is not a list of numbers."""
    with because(*NO_HASH):
        # The points are kept alive: hashes made of ids would be used again otherwise.
        submission.define("grid = [Point(x, y) for x in range(-20, 20) for y in range(-20, 20)]")
        submission.define("hashes = [hash(p) for p in grid]")
    with submission.aside():
        found = submission.hashes
    return found if type(found) is list and all(type(each) is int for each in found) else []


@hash_spreads.also(examples=3)
@given(places=st.lists(st.integers(0, 1599), min_size=20, max_size=20, unique=True))
def the_hashes_are_the_points_own(submission: Submission, places: list[int]) -> None:
    # A list of any numbers is not enough; which of them are looked at, nobody knows before.
    found = hashes_of_a_grid(submission)
    submission.define("def point(i): return grid[i]")
    for i in places:
        p = submission.point(i)
        own = hash(p)
        # A hash that is another one each time is another criterion's.
        if own != found[i] and holds(submission, lambda p=p: hash(p) == hash(p)):  # type: ignore[misc]
            assert own == found[i]


@hash_spreads.also()
def spread_in_any_program(submission: Submission) -> None:
    draw = submission.drawn("spread")
    found, expected = anew(submission, draw, facts.spread(draw))
    assert found == expected


# Subclasses.
SYMMETRIC: Advice = (
    "p == q and q == p are one question: if only one of them is True, a dict finds or misses a point by luck.",
    "If both sides are asked, do they give the same answer?",
    "Decide by one rule for both sides: any Point may equal any Point, or only those of the very same class.",
)
INHERITS: Advice = (
    "A subclass that adds nothing is made, hashed and compared as its base is.",
    "Which parts of your class speak of Point itself, where self may be of a subclass?",
    "Look at the class of self, not at a class that is named in the code.",
)
ALLOWED: Advice = (
    "Point may have subclasses: what looks up points by value has to work with those of other authors as well.",
    "What does your class do when somebody derives from it?",
    "Leave subclasses alone; decide in __eq__ how they compare.",
)
SUBCLASS_HASH: Advice = (
    "If a point equals an instance of a subclass, their hashes must be equal: the class counts in both or in neither.",
    "Does the class count in your __eq__, and does it in your __hash__?",
    "Let the class count in both of them, or in neither.",
)
SUBCLASS_COPY: Advice = (
    "A copy of an instance of a subclass is equal to it: it has the same class and the same coordinates.",
    "Of which class is the copy that yours makes?",
    "Make the copy by the class of self, not by one that is named in the code.",
)

FAMILY = ["Point", "Pixel", "Corner"]


def subclass(submission: Submission, name: str) -> Any:
    """Return a subclass of Point, or Point itself."""
    if name != "Point":
        with because(*ALLOWED):
            submission.define(f"class {name}(Point): pass")
    return getattr(submission, name)


@criterion(
    "Subclasses stay symmetric",
    points=5,
    because=SYMMETRIC[0],
    hints=SYMMETRIC[1:],
    examples=20,
)
# Written in one way: which ways are equal, and hash equal, is graded elsewhere.
@given(pairs=st.tuples(whole, whole).map(lambda xy: (xy, xy)) | small_pairs, names=st.permutations(FAMILY))
@examples_of(*({"pairs": ((1, 2), (1, 2)), "names": names} for names in (["Point", "Pixel"], ["Pixel", "Corner"])))
def subclasses_stay_symmetric(submission: Submission, pairs: tuple[Pair, Pair], names: list[str]) -> None:
    with because(*INHERITS):
        p, q = (subclass(submission, name)(*pair) for name, pair in zip(names, pairs, strict=False))
    equal = p == q
    with gives(equal):
        assert (q == p) is equal
    # Whether != is right for points is graded elsewhere.
    if holds(submission, lambda: submission.Point(1, 2) != submission.Point(1, 3)):
        with because(*OPPOSITE), gives(not equal):
            assert (p != q) is (not equal)


@subclasses_stay_symmetric.also(examples=10, because=SUBCLASS_HASH[0], hints=SUBCLASS_HASH[1:])
@given(xy=st.tuples(whole, whole), names=st.permutations(FAMILY))
@examples_of(*({"xy": (1, 2), "names": names} for names in (["Point", "Pixel"], ["Pixel", "Corner"])))
def equal_subclasses_hash_equal(submission: Submission, xy: Pair, names: list[str]) -> None:
    p, q = (subclass(submission, name)(*xy) for name in names[:2])
    # Whether points alone hash alike is graded elsewhere.
    if holds(submission, lambda: hash(submission.Point(*xy)) == hash(submission.Point(*xy))):
        if holds(submission, lambda: p == q):
            share_a_place(submission, p, q, SUBCLASS_HASH, INHERITS)
        else:
            with because(*INHERITS):
                submission.set([p, q])


@subclasses_stay_symmetric.also(because=INHERITS[0], hints=INHERITS[1:], examples=1)
@given(other=st.just((1, 2)))
@examples_of(other=[(1, 2), (1.0, 2.0), (1, 3)])
def instances_of_one_subclass(submission: Submission, other: Pair) -> None:
    # Compared as points are: whether those are right is graded elsewhere.
    equal = other == (1, 2)
    with submission.aside():
        o, another = submission.Point(1, 2), submission.Point(*other)
    if holds(submission, lambda: (o == another) is equal):
        pixel = subclass(submission, "Pixel")
        p, q = pixel(1, 2), pixel(*other)
        must_be(p, q, equal=equal)
        if equal and holds(submission, lambda: hash(o) == hash(another)):
            share_a_place(submission, p, q, INHERITS, INHERITS)


@subclasses_stay_symmetric.also(because=SUBCLASS_COPY[0], hints=SUBCLASS_COPY[1:], examples=1)
@given(way=st.just("copy"))
@examples_of(way=COPIES)
def copies_of_a_subclass(submission: Submission, way: str) -> None:
    with submission.aside():
        o = submission.Point(1, 2)
    if holds(submission, lambda: copied(submission, way, o) == o):
        p = subclass(submission, "Pixel")(1, 2)
        # Not every copy can be made: pickle needs a class that can be imported.
        if holds(submission, lambda: (copied(submission, way, p) == p) in (True, False)):
            q = copied(submission, way, p)
            # Copies of another class may be equal as well; where they are not, the class is the reason.
            if holds(submission, lambda: (q == p) is False):
                submission.define("def class_of(p): return type(p).__name__")
                assert submission.class_of(q) == "Pixel"
            must_be_a_copy(p, q)


@subclasses_stay_symmetric.also(
    because="A class that keeps its objects keeps those of a subclass apart: a call of Point never returns a Pixel.",
    hints=(
        "By what does your class find an object that it made before?",
        "Let the class be part of what an object is found by.",
    ),
)
def each_class_makes_its_own(submission: Submission) -> None:
    submission.define("def class_of(p): return type(p).__name__")
    with submission.aside():
        usual = submission.class_of(submission.Point(5, 8))
    kept = subclass(submission, "Pixel")(5, 7)
    submission.define("def is_pixel(p): return isinstance(p, Pixel)")
    with because(*INHERITS), gives(True):
        assert submission.is_pixel(kept) is True
    assert submission.class_of(submission.Point(5, 7)) == usual
    assert isinstance(kept, Handle)


@subclasses_stay_symmetric.also()
def symmetric_in_any_program(submission: Submission) -> None:
    draw = submission.drawn("families")
    found, expected = anew(submission, draw, facts.families(draw))
    assert found == expected


# What a point shows.
REPR: Advice = (
    "The repr of a value is the call that makes it: a reader sees both coordinates and can paste it.",
    "What would you type at a prompt to get this point again?",
    "Name both coordinates, as a dataclass does, and show each by its own repr.",
)
KIND: Advice = (
    "A repr shows the coordinates as they are. A float that shows as an int, or shortened, is lost when it is pasted.",
    "What turns the number into text in your repr?",
    "Show each coordinate by its repr, and do not convert it before.",
)
ZERO: Advice = (
    "0.0 is a float as well, although it is false: it never shows as an int.",
    "What does your class do with a coordinate that is false?",
    "`x or 0` replaces every zero. Keep the number as it was given.",
)
ONE_FOR_ALL: Advice = (
    "Equal is not the same: a class that keeps one object for all equal points shows the numbers of one for all.",
    "Which point do you get if 1 and 2 were there before 1.0 and 2.0?",
    "Make a new object each time; to be equal, two points need not be one object.",
)
SHOWN_BEFORE: Advice = (
    "1 == 1.0, so a cache takes them for one key: the text that it made of the ints is shown for the floats as well.",
    "Does your class keep the text of a point, and by what is it found again?",
    "Make the text anew each time, from the coordinates of self.",
)
ONE_CALL: Advice = (
    "Point(x=1, y=2) and Point(1, 2) make equal points. A cache of calls takes them for two, and makes two objects.",
    "By what does your class find the object that it made before: by its coordinates, or by how it was called?",
    "Find it by its coordinates, or make a new object each time and compare by value.",
)
KEYWORDS: Advice = (
    "The repr is a call with the names x and y, so the parameters have these names.",
    "What are the parameters of your __init__ or __new__ called?",
    "Call them x and y, as the stub does.",
)


def must_be_a_copy(p: Handle, q: Any) -> None:
    """Compare a point with what was made as its copy."""
    assert isinstance(q, Handle), "a Point"
    with gives(True):
        assert (q == p) is True


@criterion(
    "Repr and copies",
    points=5,
    because=REPR[0],
    hints=REPR[1:],
    examples=1,
)
@given(xy=st.just((1.5, -2.5)))
@examples_of(xy=[(1.5, -2.5), (3, -2), (0.5, -3), (0.0, 0), (0.1 + 0.2, 5), (5, 0.1 + 0.2), (INF, 2)])
def repr_and_copies(submission: Submission, xy: Pair) -> None:
    must_show(submission, xy)


def must_show(submission: Submission, xy: Pair) -> None:
    """Make a point, and look at its repr."""
    x, y = xy
    allowed = tuple(dict.fromkeys([f"Point(x={x!r}, y={y!r})", f"Point(x={float(x)!r}, y={float(y)!r})"]))
    if found := points(submission, xy):
        p = found[0]
        if holds(submission, lambda: (p.x, p.y) == xy):  # What does not read back is graded elsewhere.
            shown = submission.repr(p)
            named = type(shown) is str and shown.startswith("Point(x=")
            with because(*(why_shown(submission, xy) if named else REPR)):
                assert shown in allowed


def why_shown(submission: Submission, xy: Pair) -> Advice:
    """Return why a point shows other numbers: because of a zero, if it has one and other floats show as they are."""
    others = not all(xy) and holds(
        submission, lambda: submission.repr(submission.Point(1.5, 2.0)) == "Point(x=1.5, y=2.0)"
    )
    return ZERO if others else KIND


@repr_and_copies.also(because=KIND[0], hints=KIND[1:])
def floats_never_show_as_ints(submission: Submission) -> None:
    # The first is kept alive: a class may have one object for all points that are equal.
    p = submission.Point(1, 2)
    submission.repr(p)
    q = submission.Point(1.0, 2.0)
    must_show_floats(submission, q, p, (1.0, 2.0))


@repr_and_copies.also(because=KIND[0], hints=KIND[1:])
def floats_show_as_before(submission: Submission) -> None:
    q = submission.Point(3.0, 4.0)
    p = submission.Point(3, 4)
    must_show_floats(submission, q, p, (3.0, 4.0))


def must_show_floats(submission: Submission, q: Handle, p: Handle, xy: Pair) -> None:
    """Look at the repr of q, whose numbers are the floats xy; p is the same point, made of ints."""
    expected = "Point(x={!r}, y={!r})".format(*xy)
    shown = submission.repr(q)
    # What does not read back is graded elsewhere.
    if shown != expected and holds(submission, lambda: (q.x, q.y) == xy):
        new = submission.Point(xy[0] + 70, 80.0)  # not shown before, as an int or a float
        kept = holds(submission, lambda: submission.repr(new) == f"Point(x={xy[0] + 70!r}, y=80.0)")
        with because(*(ONE_FOR_ALL if is_one(submission, p, q) else SHOWN_BEFORE if kept else KIND)):
            assert shown == expected


@repr_and_copies.also(examples=20)
# No zero: whether its sign is kept is nobody's business.
@given(xy=st.tuples(finite.map(lambda x: x or 1), finite.map(lambda y: y or 1)))
def any_repr(submission: Submission, xy: Pair) -> None:
    must_show(submission, xy)


@repr_and_copies.also(because=KEYWORDS[0], hints=KEYWORDS[1:])
def the_repr_is_a_call(submission: Submission) -> None:
    p = submission.Point(x=1, y=2)
    assert p.x == 1
    assert p.y == 2
    q = submission.Point(1, 2)
    # Whether points made in one way are equal is graded elsewhere.
    if holds(submission, lambda: q == submission.Point(1, 2)):
        with because(*ONE_CALL):
            must_be(p, q, equal=True)


@repr_and_copies.also(because=COPIED[0], hints=COPIED[1:], examples=15)
@given(way=st.sampled_from(sorted(COPIES)), xy=st.tuples(finite, finite))
@examples_of(*({"way": way, "xy": xy} for xy in ((1, 2), (0.5, -3), (0.0, 0), (INF, 2)) for way in COPIES))
def copies_are_equal(submission: Submission, way: str, xy: Pair) -> None:
    if found := points(submission, xy):
        p = found[0]
        try:
            q = copied(submission, way, p)
        except Exception as error:
            if remote_of(error) is None:
                raise
            with because(*(COPIES_ITSELF if holds(submission, lambda: copies_itself(submission)) else COPIED)):
                raise
        # Whether points are equal that were made of the same numbers is graded elsewhere.
        if holds(submission, lambda: p == submission.Point(*xy)):
            must_be_a_copy(p, q)
        else:
            assert isinstance(q, Handle), "a Point"
            assert (q.x, q.y) == (p.x, p.y)


def copies_itself(submission: Submission) -> object:
    """Ask whether the class has methods of its own for copies; a dataclass with slots has two that work."""
    submission.define(
        "def copies_itself():\n"
        "    own = '__copy__ __deepcopy__ __reduce__ __reduce_ex__ __getnewargs__ __getnewargs_ex__'.split()\n"
        "    return any(name in vars(Point) for name in own)"
    )
    return submission.copies_itself()


@repr_and_copies.also()
def copied_in_any_program(submission: Submission) -> None:
    draw = submission.drawn("copies")
    found, expected = anew(submission, draw, facts.copies(draw))
    assert found == expected
