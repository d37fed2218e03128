"""The proxies: exact types, and no object that vouches for itself."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest

from graders.sandbox import proxy
from graders.sandbox.errors import Forged, NotPlainData, remote_of
from tests.samples import OBJECTS
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


def test_identity_crosses_and_is_asked_for(loads: Loads, level: str) -> None:
    """A handle that is sent is the object itself; one that comes back has a name of its own in the transcript."""
    submission = loads.load(OBJECTS, level)
    box, other = submission.Box(1), submission.Box(1)

    again = box.itself()
    assert submission.ask("is", again, box) is True
    assert submission.ask("is", box, other) is False
    assert (repr(box), repr(again)) == ("b", "d")
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


def test_a_builtins_name_at_the_prompt_means_the_builtin(loads: Loads, level: str) -> None:
    """Whatever the submission calls so."""
    submission = loads.load("def len(x):\n    return 'mine'\n", level)

    assert submission.len([]) == 0
    submission.define("length = len([])")
    assert submission.length == 0
    assert submission.repr(5) == "5"
    assert submission.set([1, 1]) == {1}


def test_executed_statements_see_the_module_and_leave_it_as_it_is(loads: Loads, level: str) -> None:
    """A helper class of the suite's joins the prompt, not the submission's module."""
    submission = loads.load("class Point: pass\ndef defined():\n    return 'Sub' in globals()\n", level)
    submission.define("class Sub(Point): pass\n")

    assert submission.isinstance(submission.Sub(), submission.Point) is True
    assert submission.defined() is False


def test_what_is_defined_is_made_once_and_what_is_run_runs_each_time(loads: Loads, level: str) -> None:
    """A helper keeps what it holds from one example to the next; a statement that does something does it again."""
    submission = loads.load("made = []\n", level)
    for _ in range(2):
        submission.define("made.append('defined')")
        submission.do("made.append('run')")

    assert submission.made == ["defined", "run", "run"]


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


def test_a_length_beyond_all_bounds_is_forged_or_refused(loads: Loads, level: str) -> None:
    """A length is an int that Python can hold."""
    submission = loads.load("class Wide:\n    def __len__(self): return 1 << 62\n", level)

    with pytest.raises((Forged, OverflowError)):
        len(submission.Wide())


def test_a_spawned_child_imports_no_main_of_the_graders(loads: Loads, level: str) -> None:
    """At level none that would be pytest's, anew in each child."""
    submission = loads.load(
        "import multiprocessing, sys\ndef modules(_): return [n for n in ('pytest', 'graders') if n in sys.modules]\n"
        "def spawned():\n    with multiprocessing.get_context('spawn').Pool(1) as pool:\n"
        "        return pool.map(modules, [0])\n",
        level,
    )
    before = sys.modules["__main__"]

    assert submission.spawned() == [[]]
    assert sys.modules["__main__"] is before


def test_what_was_asked_aside_can_be_summed_up_in_one_line(loads: Loads, level: str) -> None:
    """A card shows one line for many answers, with the value that a prompt gives."""
    submission = loads.load(OBJECTS, level)
    boxes = [submission.Box(number) for number in (1, 2)]
    with submission.aside():
        values = [box.value for box in boxes]

    assert submission.sum_up("[box.value for box in (b, c)]", values) is values
    assert [(step.source, step.observed) for step in loads.transcript.steps] == [
        ("b = Box(1)", None),
        ("c = Box(2)", None),
        ("[box.value for box in (b, c)]", "[1, 2]"),
    ]


def test_attributes_of_several_objects_come_in_one_request(loads: Loads, level: str) -> None:
    """By object, then by name, as they are; nothing of it is shown. A name that can't be read raises."""
    submission = loads.load(
        "class Box:\n    def __init__(self, value): self.value, self.more = value, [value]\n", level
    )
    boxes = [submission.Box(1), submission.Box("b")]
    shown = len(loads.transcript.steps)

    assert submission.read(boxes, ["value", "more"]) == [(1, [1]), ("b", ["b"])]
    assert len(loads.transcript.steps) == shown
    with pytest.raises(AttributeError) as raised:
        submission.read(boxes, ["value", "other"])
    assert remote_of(raised.value) is not None
    with pytest.raises(AttributeError, match="a submission's private names are its own"):
        submission.read(boxes, ["_value"])
