"""The proxies: exact types, no object that vouches for itself, and a transcript that is true."""

from __future__ import annotations

import contextlib
import doctest
import types
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graders.expectation import raises
from graders.sandbox import proxy
from graders.sandbox.errors import Forged, Missing, NotPlainData, remote_of
from graders.sandbox.proxy import Submission
from graders.sandbox.transcript import MAX_STEPS, MAX_TEXT, Transcript
from tests.support import Loads

pytestmark = pytest.mark.parametrize("level", ["process", "none"])

VALUES = """
import collections, decimal, enum

class Liar(int):
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __lt__(self, other): return True
    __le__ = __gt__ = __ge__ = __lt__
    def __bool__(self): return True
    def __hash__(self): return hash(3)

class Text(str):
    def __eq__(self, other): return True
    __hash__ = str.__hash__

class Agree:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __bool__(self): return True
    def __hash__(self): return 0
    def __len__(self): return 3
    def __contains__(self, member): return True
    def __iter__(self): return iter((1, 2, 3))
    def __add__(self, other): return Agree()
    def __lt__(self, other): return True
    def __call__(self, *args): return Agree()
    def __getattr__(self, name): return Agree()
    def __getitem__(self, key): return Agree()

Color = enum.IntEnum("Color", "RED")
Pair = collections.namedtuple("Pair", "x y")
liar = Liar(7)
text = Text("x")
agree = Agree()
in_list = [Liar(7)]
in_dict = {"k": Liar(7)}
color = Color.RED
pair = Pair(1, 2)
ordered = collections.OrderedDict(a=1)
ordered_keys = {Color.RED: 1}
number = decimal.Decimal(1)
plain = (1, 1.0, True, "1", b"1", None, [1], {1: (2,)}, {3}, frozenset({4}))
bytearray_ = bytearray(b"x")

def echo(value): return value
def kinds(*values): return [type(value).__name__ for value in values]
"""


@pytest.mark.parametrize(
    "value",
    [None, True, 0, -1, 1 << 70, 1.5, -0.0, "", "é\ud800", b"\0", (), [1, [2]], {"a": (1,)}, {1}, frozenset({"x"})],
    ids=repr,
)
def test_plain_data_goes_and_comes_back_with_its_exact_type(loads: Loads, level: str, value: Any) -> None:
    """What the suite sends is what the submission gets, and the other way round."""
    submission = loads.load(VALUES, level)
    back = submission.echo(value)

    assert (type(back), repr(back)) == (type(value), repr(value))
    assert submission.kinds(value) == [type(value).__name__]


def test_plain_data_of_the_module_is_read_as_it_is(loads: Loads, level: str) -> None:
    """A name of the module that holds data gives the data, with the types of its members."""
    plain = loads.load(VALUES, level).plain

    assert plain == (1, 1.0, True, "1", b"1", None, [1], {1: (2,)}, {3}, frozenset({4}))
    kinds = [int, float, bool, str, bytes, type(None), list, dict, set, frozenset]
    assert [type(member) for member in plain] == kinds


NOT_DATA = ["liar", "text", "agree", "color", "pair", "ordered", "number", "bytearray_"]
COMPARISONS: dict[str, Callable[[Any], Any]] = {
    "found == 7": lambda found: found == 7,
    "7 == found": lambda found: 7 == found,  # noqa: SIM300  the other direction is the point
    "found != 7": lambda found: found != 7,
    "7 != found": lambda found: 7 != found,  # noqa: SIM300
    "found == 'x'": lambda found: found == "x",
    "found == None": lambda found: found == None,  # noqa: E711
    "found in (7, 'x')": lambda found: found in (7, "x"),
    "7 in [1, found]": lambda found: 7 in [1, found],
    "[7] == [found]": lambda found: [7] == [found],  # noqa: SIM300
    "(found,) == (7,)": lambda found: (found,) == (7,),
    "{'k': 7} == {'k': found}": lambda found: {"k": 7} == {"k": found},  # noqa: SIM300
    "found < 8": lambda found: found < 8,
    "8 > found": lambda found: 8 > found,  # noqa: SIM300
    "found >= 7": lambda found: found >= 7,
    "bool(found)": bool,
    "not found": lambda found: not found,
    "max(7, found)": lambda found: max(7, found),
}
COMPUTATIONS: dict[str, Callable[[Any], Any]] = {
    "found + 1": lambda found: found + 1,
    "1 + found": lambda found: 1 + found,
    "found * 2": lambda found: found * 2,
    "2 ** found": lambda found: 2**found,
    "-found + 1": lambda found: -found + 1,
    "range(found)": lambda found: range(found),
    "[10, 20][found]": lambda found: [10, 20][found],
    "int(found)": int,
    "float(found)": float,
    "round(found)": round,
    "sum([found])": lambda found: sum([found]),
    "'abc'.startswith(found)": lambda found: "abc".startswith(found),
    "' '.join([found])": lambda found: " ".join([found]),
}


@pytest.mark.parametrize("name", NOT_DATA)
def test_an_object_never_passes_for_plain_data(loads: Loads, level: str, name: str) -> None:
    """An object that equals everything, or a subclass that says it does, fails every comparison with data."""
    found = getattr(loads.load(VALUES, level), name)

    for shown, compare in COMPARISONS.items():
        with pytest.raises(NotPlainData, match="came back where"):
            pytest.fail(f"{shown} gave {compare(found)!r}")


@pytest.mark.parametrize("name", ["liar", "text", "agree"])
def test_an_object_never_becomes_plain_data(loads: Loads, level: str, name: str) -> None:
    """No way to compute with a subclass of int leads back to a trusted int."""
    found = getattr(loads.load(VALUES, level), name)

    for shown, compute in COMPUTATIONS.items():
        if name == "liar" and shown == "-found + 1":
            continue  # the negative of an int's subclass is an int, and crosses as what it is
        with pytest.raises((NotPlainData, TypeError)):
            pytest.fail(f"{shown} gave {compute(found)!r}")


def test_a_liar_within_data_is_found_when_it_is_compared(loads: Loads, level: str) -> None:
    """A list or dict crosses as data; a member that is no data stays a handle in it."""
    submission = loads.load(VALUES, level)

    assert type(submission.in_list) is list
    assert type(submission.in_dict) is dict
    with pytest.raises(NotPlainData):
        assert submission.in_list == [7]
    with pytest.raises(NotPlainData):
        assert submission.in_dict == {"k": 7}
    with pytest.raises(NotPlainData):
        assert 7 in submission.in_list


def test_a_dict_with_objects_as_keys_stays_with_the_submission(loads: Loads, level: str) -> None:
    """Its keys would have to be hashed here; it is used by its operators instead."""
    submission = loads.load(VALUES, level)
    found = submission.ordered_keys

    assert len(found) == 1
    assert found[submission.color] == 1


OBJECTS = """
class Box:
    kind = "box"
    def __init__(self, value, *, label="none"):
        self.value, self.label = value, label
    def __eq__(self, other): return isinstance(other, Box) and self.value == other.value
    def __hash__(self): return hash(self.value)
    def __lt__(self, other): return self.value < other.value
    def __le__(self, other): return self.value <= other.value
    def __gt__(self, other): return self.value > other.value
    def __ge__(self, other): return self.value >= other.value
    def __add__(self, other): return Box(self.value + other.value)
    def __sub__(self, other): return self.value - other.value
    def __mul__(self, other): return self.value * other.value
    def __truediv__(self, other): return self.value / other.value
    def __floordiv__(self, other): return self.value // other.value
    def __mod__(self, other): return self.value % other.value
    def __pow__(self, other): return self.value ** other.value
    def __and__(self, other): return self.value & other.value
    def __or__(self, other): return self.value | other.value
    def __xor__(self, other): return self.value ^ other.value
    def __neg__(self): return -self.value
    def __abs__(self): return abs(self.value)
    def __repr__(self): return f"Box({self.value})"
    def get(self, plus=0): return self.value + plus
    def itself(self): return self
    def fail(self): raise ValueError("no")
    @property
    def double(self): return self.value * 2
    @classmethod
    def make(cls, value): return cls(value)
    @staticmethod
    def zero(): return 0

class Shelf:
    def __init__(self, *items): self.items = list(items)
    def __len__(self): return len(self.items)
    def __getitem__(self, at): return self.items[at]
    def __setitem__(self, at, item): self.items[at] = item
    def __delitem__(self, at): del self.items[at]
    def __contains__(self, item): return item in self.items
    def __iter__(self): return iter(self.items)
    def __call__(self, item): self.items.append(item); return len(self.items)

class Plain: pass
class Negative:
    def __len__(self): return 5
    def __hash__(self): return 5

def pair(): return Box(1), [Box(2), {"k": Box(3)}]
def same(one, other): return one is other
def value_of(box): return box.value
def forever():
    while True: yield 1
def three(): yield from (1, 2, 3)
def inc(number): return number + 1
"""


def test_operators_between_handles_are_the_submissions(loads: Loads, level: str) -> None:
    """Each operator gives what the class defines, and goes to the side that Python asks."""
    submission = loads.load(OBJECTS, level)
    a, b, c = submission.Box(7), submission.Box(2), submission.Box(7)

    assert [a == c, a == b, a != b, a < b, a <= c, a > b, a >= b] == [True, False, True, False, True, True, True]
    assert (a + b).value == 9
    assert [a - b, a * b, a / b, a // b, a % b, a**b] == [5, 14, 3.5, 3, 1, 49]
    assert [a & b, a | b, a ^ b, -a, abs(submission.Box(-7))] == [2, 7, 5, -7, 7]
    assert hash(a) == hash(7)


def test_attributes_and_methods_are_round_trips(loads: Loads, level: str) -> None:
    """Attributes, properties, methods, class and static methods, keyword arguments: as with the object itself."""
    submission = loads.load(OBJECTS, level)
    box = submission.Box(7, label="l")

    assert (box.value, box.label, box.kind, box.double) == (7, "l", "box", 14)
    assert (box.get(), box.get(1), box.get(plus=2)) == (7, 8, 9)
    assert submission.Box.make(3).value == 3
    assert submission.Box.zero() == 0
    assert submission.Box.kind == "box"
    box.value = 8
    assert box.get() == 8
    del box.label
    with pytest.raises(AttributeError, match="label"):
        _ = box.label


def test_the_same_object_comes_back_as_the_same_handle(loads: Loads, level: str) -> None:
    """Identity crosses: a handle that is sent is the object itself."""
    submission = loads.load(OBJECTS, level)
    box, other = submission.Box(1), submission.Box(1)

    assert box.itself() is box
    assert submission.same(box, box.itself()) is True
    assert submission.same(box, other) is False
    assert submission.value_of(box) == 1


def test_containers_and_callables_answer_their_operators(loads: Loads, level: str) -> None:
    """Length, items, membership, iteration and calls are forwarded."""
    submission = loads.load(OBJECTS, level)
    shelf = submission.Shelf(1, 2)

    assert (len(shelf), shelf[1], 2 in shelf, 5 in shelf, list(shelf)) == (2, 2, True, False, [1, 2])
    shelf[0] = 9
    del shelf[1]
    assert shelf(4) == 2
    assert list(shelf) == [9, 4]
    assert list(submission.three()) == [1, 2, 3]
    assert next(submission.three()) == 1


def test_an_object_has_only_the_operators_of_its_class(loads: Loads, level: str) -> None:
    """Nothing looks callable or iterable that is not."""
    submission = loads.load(OBJECTS, level)
    plain: Any = submission.Plain()

    assert callable(submission.Plain)
    assert not callable(plain)
    for use in (len, iter, next, abs, lambda found: found[0], lambda found: found(), lambda found: -found):
        with pytest.raises(TypeError):
            use(plain)


def test_an_iteration_ends_at_a_bound(loads: Loads, level: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An endless generator fails the criterion rather than fill the grader's memory."""
    monkeypatch.setattr(proxy, "MAX_ITERATIONS", 50)
    submission = loads.load(OBJECTS, level)

    with pytest.raises(NotPlainData, match="did not end within 50"):
        list(submission.forever())
    assert proxy.MAX_ITERATIONS == 50


def test_private_names_are_refused(loads: Loads, level: str) -> None:
    """A suite can't depend on how a class keeps its state, and no library is answered by the submission."""
    submission = loads.load(OBJECTS, level)
    box = submission.Box(1)
    before = len(loads.transcript.steps)

    for name in ("_value", "__class__x", "_repr_pretty_", "__wrapped__", "_"):
        for target in (submission, box):
            with pytest.raises(AttributeError, match="private"):
                getattr(target, name)
    assert len(loads.transcript.steps) == before


def test_private_names_are_refused_for_writing_too(loads: Loads, level: str) -> None:
    """State that a suite wrote behind the class's back would make any failure the suite's doing."""
    box = loads.load(OBJECTS, level).Box(1)

    with pytest.raises(AttributeError, match="private"):
        box._value = 1
    with pytest.raises(AttributeError, match="private"):
        del box._value


def test_a_handles_repr_is_its_own(loads: Loads, level: str) -> None:
    """Printing a handle asks the submission nothing."""
    submission = loads.load("class Bomb:\n    def __repr__(self): raise RuntimeError('asked')\n", level)
    bomb = submission.Bomb()
    before = len(loads.transcript.steps)

    assert repr(bomb) == str(bomb) == f"{bomb}" == "b"
    assert repr([bomb]) == "[b]"
    assert len(loads.transcript.steps) == before


def test_a_method_where_data_is_expected_is_refused(loads: Loads, level: str) -> None:
    """A property that was written as a method is no truth and no number, the first time and the second."""
    submission = loads.load(OBJECTS, level)

    for shown, compare in COMPARISONS.items():
        with pytest.raises((NotPlainData, TypeError)):
            pytest.fail(f"{shown} gave {compare(submission.Box(1).get)!r}")


def test_a_function_where_data_is_expected_is_refused(loads: Loads, level: str) -> None:
    """The same for a function of the module."""
    submission = loads.load(OBJECTS, level)

    with pytest.raises(NotPlainData):
        bool(submission.inc)
    with pytest.raises(NotPlainData):
        assert submission.inc == 7


def test_an_attribute_is_read_anew_though_another_objects_was_a_method(loads: Loads, level: str) -> None:
    """What is known of one object's attribute says nothing of another's."""
    submission = loads.load(
        "class Box:\n    def get(self): return 1\ndef odd():\n    b = Box()\n    b.get = 5\n    return b\n", level
    )

    assert submission.Box().get() == 1
    assert submission.odd().get == 5


@pytest.mark.parametrize("hashed", ["'x'", "Liar(3)", "None", "1.0"])
def test_a_hash_that_is_no_int_is_no_hash(loads: Loads, level: str, hashed: str) -> None:
    """Python checks what __hash__ gives; what crosses is an exact int."""
    submission = loads.load(
        f"class Liar(int): pass\nclass Odd:\n    def __hash__(self): return {hashed}\n"
        "class Length:\n    def __len__(self): return -1\n",
        level,
    )
    odd = submission.Odd()

    if hashed == "Liar(3)":
        assert type(hash(odd)) is int
    else:
        with pytest.raises(TypeError) as caught:
            hash(odd)
        assert remote_of(caught.value) is not None
    with pytest.raises(ValueError, match="len"):
        len(submission.Length())


ERRORS = """
class BoxError(ValueError): pass
class EmptyError(BoxError): pass
class OtherError(Exception): pass
not_an_error = 3

def throw(name): raise globals()[name]("why")
def nothing(): return None
"""


@pytest.mark.parametrize("first", ["BoxError", "EmptyError"])
def test_declared_exception_classes_keep_their_hierarchy(loads: Loads, level: str, first: str) -> None:
    """A raised class is caught by itself, by its declared bases and by its builtin base, whichever came first."""
    submission = loads.load(ERRORS, level)
    getattr(submission, first)
    base, derived, other = submission.BoxError, submission.EmptyError, submission.OtherError

    for expected in (base, derived, ValueError, Exception):
        with raises(expected):
            submission.throw("EmptyError")
    with raises(base):
        submission.throw("BoxError")
    for wrong in (derived, other, TypeError):
        with pytest.raises(AssertionError), raises(wrong):
            submission.throw("BoxError")


def test_declared_exception_classes_tell_their_name_and_message(loads: Loads, level: str) -> None:
    """What the score card shows is what a prompt would show."""
    submission = loads.load(ERRORS, level)
    with pytest.raises(submission.EmptyError, match="why") as caught:
        submission.throw("EmptyError")

    found = remote_of(caught.value)
    assert found is not None
    assert (found.type, found.message) == ("EmptyError", "why")
    assert submission.EmptyError.__name__ == "EmptyError"
    assert issubclass(submission.EmptyError, ValueError)


def test_a_name_that_is_missing_is_missing(loads: Loads, level: str) -> None:
    """It is told apart from an AttributeError of the submission's own."""
    submission = loads.load("def __getattr__(name): raise AttributeError(name)\n", level)

    with pytest.raises(Missing, match="there is no 'Point' in the file"):
        _ = submission.Point


def test_builtins_are_at_hand_unless_the_submission_has_its_own(loads: Loads, level: str) -> None:
    """The prompt's names are the module's, then Python's."""
    submission = loads.load("def len(x):\n    return 'mine'\n", level)

    assert submission.len([]) == "mine"
    assert submission.repr(5) == "5"
    assert submission.set([1, 1]) == {1}


def test_executed_statements_see_the_module_and_leave_it_as_it_is(loads: Loads, level: str) -> None:
    """A helper class of the suite's joins the prompt, not the submission's module."""
    submission = loads.load("class Point: pass\ndef defined():\n    return 'Sub' in globals()\n", level)
    submission.execute("class Sub(Point): pass\n")

    assert submission.isinstance(submission.Sub(), submission.Point) is True
    assert submission.defined() is False


def test_asking_compares_with_plain_data_where_that_is_the_point(loads: Loads, level: str) -> None:
    """`ask` is the way to compare an object with data; its answer must be data itself."""
    submission = loads.load(
        "class One:\n    def __eq__(self, other): return other == 1\n"
        "class Odd:\n    def __eq__(self, other): return self\n",
        level,
    )

    assert submission.ask("==", submission.One(), 1) is True
    assert submission.ask("==", 1, submission.One()) is True
    assert submission.ask("==", submission.One(), (1,)) is False
    with pytest.raises(NotPlainData, match="class Odd"):
        submission.ask("==", submission.Odd(), 1)


def test_what_is_no_plain_data_cannot_be_sent(loads: Loads, level: str) -> None:
    """A suite's own object would need a way back; the error names it, and is not the submission's."""
    submission = loads.load(OBJECTS, level)

    with pytest.raises(Exception, match="can't be sent to a submission") as caught:
        submission.inc(object())
    assert remote_of(caught.value) is None


def test_a_handle_of_another_load_is_refused(loads: Loads, level: str) -> None:
    """A handle stands for an object of one process."""
    one, other = loads.load(OBJECTS, level), loads.load(OBJECTS, level)
    box = one.Box(1)

    with pytest.raises(Exception, match="can't be sent"):
        other.value_of(box)


def test_objects_that_nobody_holds_are_let_go(loads: Loads, level: str) -> None:
    """A long criterion does not fill the worker's memory with every object it made."""
    submission = loads.load(
        "import gc, weakref\nalive = weakref.WeakSet()\nclass Box:\n    def __init__(self): alive.add(self)\n"
        "def count():\n    gc.collect()\n    return len(alive)\n",
        level,
    )
    kept = submission.Box()
    for _ in range(1_000):
        submission.Box()
        loads.transcript.begin()

    assert submission.count() < 500
    assert submission.isinstance(kept, submission.Box) is True


def test_a_length_beyond_all_bounds_is_forged_or_refused(loads: Loads, level: str) -> None:
    """A length is an int that Python can hold."""
    submission = loads.load("class Wide:\n    def __len__(self): return 1 << 62\n", level)

    with pytest.raises((Forged, OverflowError)):
        len(submission.Wide())


def played(text: str, transcript: Transcript) -> list[str]:
    """Run a transcript's lines as a doctest against the real code, and return what differs."""
    module = types.ModuleType("kata")
    exec(text, module.__dict__)
    source = []
    for step in transcript.steps:
        first, *rest = step.source.splitlines()
        source += [f">>> {first}", *(f"... {line}" for line in rest)]
        if rest:
            source.append("...")
        if step.raised:
            source += ["Traceback (most recent call last):", "  ...", str(step.observed)]
        elif step.observed is not None:
            source.append(step.observed)
    test = doctest.DocTestParser().get_doctest("\n".join(source) + "\n", module.__dict__, "transcript", None, None)
    said: list[str] = []
    runner = doctest.DocTestRunner(verbose=False, optionflags=doctest.IGNORE_EXCEPTION_DETAIL)
    runner.run(test, out=said.append)
    assert runner.tries > 0
    return said


def test_a_transcript_is_what_a_prompt_would_show(loads: Loads, level: str) -> None:
    """Every line can be pasted behind the submission's file, and gives there what it gave here."""
    submission = loads.load(OBJECTS, level)
    a, b = submission.Box(7), submission.Box(value=2, label="two")
    assert [a < b, a == b, a + b > a, -a, hash(a), a**b] == [False, False, True, -7, 7, 49]
    a.value = 3
    assert (a.get(plus=4), a.double) == (7, 6)
    with pytest.raises(ValueError, match="no"):
        a.fail()
    with pytest.raises(AttributeError):
        _ = a.missing
    del a.label
    shelf = submission.Shelf(1, "two", None)
    shelf[0] = (5, [6.0], {"k": {1}})
    assert len(shelf) == 3
    assert "two" in shelf
    assert list(shelf)[1] == "two"
    del shelf[2]
    one, (two, inner) = submission.pair()
    assert [submission.value_of(one), two.get(), inner["k"].value] == [1, 2, 3]
    submission.execute("class Sub(Box):\n    def get(self):\n        return 'sub'\n")
    assert submission.Sub(1).get() == "sub"
    assert submission.ask("==", a, 3) is False
    assert submission.repr(a) == "Box(3)"
    assert submission.Box.make(4).value == 4
    assert submission.inc(-1) == 0
    with pytest.raises(TypeError):
        submission.inc("x")

    transcript = loads.transcript

    assert played(OBJECTS, transcript) == []
    assert transcript.steps[0].source == "b = Box(7)"


STACK = """
class Stack:
    def __init__(self, items=()): self.items = list(items)
    def push(self, item): self.items.append(item); return len(self.items)
    def pop(self): return self.items.pop()
    def peek(self): return self.items[-1]
    def copy(self): return Stack(self.items)
    def __len__(self): return len(self.items)
    def __eq__(self, other): return self.items == other.items
    def __repr__(self): return f"Stack({self.items})"
"""
plain = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=3) | st.binary(max_size=3)
)
operations = st.lists(
    st.tuples(st.just("push"), plain | st.lists(plain, max_size=2))
    | st.sampled_from([("pop",), ("peek",), ("copy",), ("len",), ("==",)]),
    max_size=12,
)


@given(history=operations)
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_any_history_gives_a_true_transcript(loads: Loads, level: str, history: list[tuple[Any, ...]]) -> None:
    """Whatever is done in whatever order, pasting the transcript does it again, with the same answers."""
    if not loads.opened:
        loads.open(STACK, level)
    transcript = Transcript()
    submission = Submission(loads.opened[0].fresh(), transcript)
    stacks = [submission.Stack()]
    for name, *arguments in history:
        stack = stacks[-1]
        with contextlib.suppress(IndexError):  # an empty stack may refuse
            if name == "len":
                len(stack)
            elif name == "==":
                _ = stack == stacks[0]
            elif name == "copy":
                stacks.append(stack.copy())
            else:
                getattr(stack, name)(*arguments)

    assert played(STACK, transcript) == []


def test_a_long_transcript_keeps_its_end(loads: Loads, level: str) -> None:
    """Steps are bounded in number and in length; how many are not shown is known."""
    submission = loads.load(OBJECTS, level)
    for number in range(MAX_STEPS + 20):
        submission.inc(number)
    submission.inc(10**50)
    transcript = loads.transcript

    assert len(transcript.steps) == MAX_STEPS
    assert transcript.dropped >= 21
    assert transcript.steps[-1].source == f"inc({10**50})"


def test_a_huge_value_is_shown_short(loads: Loads, level: str) -> None:
    """A line is cut, an int beyond Python's limit of digits is shown all the same."""
    submission = loads.load("def give(value): return value\n", level)
    submission.give("x" * 10_000)
    submission.give(1 << 20_000)
    submission.give([1 << 20_000])

    for step in loads.transcript.steps:
        assert len(step.source) < MAX_TEXT + 50
        assert step.observed is not None
        assert len(step.observed) < MAX_TEXT + 50


def test_names_in_a_transcript_are_short_and_never_used_twice(loads: Loads, level: str) -> None:
    """Objects are named by their class's initial, then by other letters, then with numbers; all are names."""
    submission = loads.load(OBJECTS, level)
    held = [submission.Box(number) for number in range(60)]
    names = [repr(box) for box in held]

    assert names[:3] == ["b", "c", "d"]
    assert len(set(names)) == 60
    assert all(name.isidentifier() for name in names)
    assert not {"l", "o", "i"} & set(names)
