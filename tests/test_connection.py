"""Values and exceptions on their way back: of whatever make, they arrive as safe ones."""

from __future__ import annotations

import builtins

import pytest

from graders.authoring.expectation import raises
from graders.sandbox.child import wire
from graders.sandbox.errors import (
    Forged,
    Missing,
    RemoteBaseException,
    SubmissionFault,
    remote_of,
)
from graders.sandbox.proxy import Handle
from tests.samples import OBJECTS
from tests.support import Loads

pytestmark = pytest.mark.parametrize("level", ["process", "none"])


class Answers:
    """A channel to a worker that gives one answer to everything."""

    names: frozenset[str] | None = None

    def __init__(self, answer: tuple[object, ...]) -> None:
        self.answer = wire.encode(answer)

    def request(self, payload: bytes) -> bytes:
        """Return it."""
        return self.answer

    def error(self) -> None:
        """Return None."""


HOSTILE_ERRORS = """
class Raises(Exception):
    def __str__(self): raise RuntimeError("ha")
    __repr__ = __str__

class NotText(Exception):
    def __str__(self): return 3

class Text(str):
    def __getitem__(self, key): raise RuntimeError("ha")
    def __len__(self): return -1

class SubText(Exception):
    def __str__(self): return Text("odd")

class Recursive(Exception):
    def __str__(self): return str(self)

class Exits(Exception):
    def __str__(self): raise SystemExit

class Meta(type):
    def __getattribute__(cls, name):
        if name in ("__qualname__", "__module__", "__mro__"):
            raise RuntimeError("ha")
        return type.__getattribute__(cls, name)

class Faceless(Exception, metaclass=Meta): pass

Surrogate = type("Surrogate", (Exception,), {"__qualname__": "\\ud800\\udfff"})
Escape = type("\\x1b[2J\\n", (Exception,), {})
Nameless = type("", (Exception,), {})
Long = type("L" * 10_000, (Exception,), {})

def throw(name, *args):
    raise globals()[name](*args)

def text(value):
    raise ValueError(value)

def text_of(length):
    raise ValueError("x" * length)

def fine():
    return 7
"""


@pytest.mark.parametrize(
    "name",
    "Raises NotText SubText Recursive Exits Faceless Surrogate Escape Nameless Long".split(),
)
def test_an_exception_of_any_make_arrives_as_a_safe_one(loads: Loads, level: str, name: str) -> None:
    """Its class, name and text are the submission's; none of them reaches the grader as more than short text."""
    submission = loads.load(HOSTILE_ERRORS, level)

    with pytest.raises(Exception) as caught:  # noqa: PT011  the type is what is looked at below
        submission.throw(name, "message")
    found = remote_of(caught.value)
    assert found is not None
    assert type(caught.value) in (Exception, RuntimeError)
    assert type(found.type) is type(found.message) is str
    assert len(found.type) <= 800
    assert len(found.message) <= 2_000
    (found.type + found.message + str(caught.value)).encode()
    assert submission.fine() == 7


@pytest.mark.parametrize(
    "name", ["SystemExit", "KeyboardInterrupt", "GeneratorExit", "BaseException", "BaseExceptionGroup"]
)
def test_what_is_no_exception_never_propagates_raw(loads: Loads, level: str, name: str) -> None:
    """A SystemExit of the submission's must not end the grader."""
    text = f"def throw():\n    raise {name}('out', [SystemExit()])\n".replace(
        ", [SystemExit()]" if name != "BaseExceptionGroup" else "nothing", ""
    )

    with pytest.raises(RemoteBaseException) as caught:
        loads.load(text, level).throw()
    found = remote_of(caught.value)
    assert found is not None
    assert found.type == name
    assert caught.value.stands_for is getattr(builtins, name)


@pytest.mark.parametrize(
    ("raised", "kind"),
    [
        ("ValueError('no')", ValueError),
        ("KeyError('no')", KeyError),
        ("json.JSONDecodeError('no', '', 0)", ValueError),
        ("UnicodeDecodeError('utf-8', b'x', 0, 1, 'no')", UnicodeError),
        ("StopIteration('no')", StopIteration),
        ("FileNotFoundError(2, 'no')", FileNotFoundError),
        ("ExceptionGroup('no', [ValueError()])", ExceptionGroup),
        ("class_of_their_own('no')", LookupError),
    ],
)
def test_an_exception_arrives_as_its_nearest_builtin_class(
    loads: Loads, level: str, raised: str, kind: type[Exception]
) -> None:
    """Classes that the suite does not name are reduced to what Python itself defines."""
    text = (
        "import json\nclass class_of_their_own(IndexError, RuntimeError): pass\n"
        f"def throw():\n    error = {raised}\n    raise error\n"
    )

    with pytest.raises(kind) as caught:
        loads.load(text, level).throw()
    found = remote_of(caught.value)
    assert found is not None
    assert "no" in found.message
    assert type(caught.value).__module__ == "builtins"


def test_a_message_is_cut_and_holds_no_lone_surrogate(loads: Loads, level: str) -> None:
    """A message of any length, of any characters, can be written to any file."""
    submission = loads.load(HOSTILE_ERRORS, level)

    with pytest.raises(ValueError, match="xxx") as caught:
        submission.text("x" * 100_000)
    assert len(str(caught.value)) <= 2_000
    with pytest.raises(ValueError, match="xxx") as caught:
        submission.text_of(1 << 22)
    assert len(str(caught.value)) <= 2_000
    with pytest.raises(ValueError, match="udc80") as caught:
        submission.text("\udc80")
    str(caught.value).encode()


@pytest.mark.parametrize("name", ["a\\0b", "\\ud800", "", "x" * 5000, "mro", "Exception int"])
def test_an_exception_class_of_any_name_can_be_declared(loads: Loads, level: str, name: str) -> None:
    """A suite that asks for a kata's exception class gets one, whatever the submission calls it."""
    submission = loads.load(
        f"class E(ValueError): pass\nE.__qualname__ = '{name}'\ndef throw(): raise E('why')\n", level
    )

    assert issubclass(submission.E, ValueError)
    with pytest.raises(submission.E, match="why"):
        submission.throw()


ODD_CLASSES = """
class Meta(type):
    def __getattribute__(cls, name):
        return 5 if name == "__qualname__" else type.__getattribute__(cls, name)
    def __getattr__(cls, name): raise RuntimeError("ha")

class Odd(metaclass=Meta): pass

class Loud:
    def __getattribute__(self, name): raise RuntimeError("ha")
    __repr__ = __eq__ = __hash__ = None

def make(name):
    return {"odd": Odd, "loud": Loud, "empty": type("", (), {}),
            "surrogate": type("X", (), {"__qualname__": "\\ud800"}),
            "escape": type("\\x1b[2J", (), {}), "long": type("L" * 9999, (), {})}[name]()

def fine():
    return 7
"""


@pytest.mark.parametrize("name", ["odd", "loud", "empty", "surrogate", "escape", "long"])
def test_an_object_of_any_make_is_a_handle_or_an_exception(loads: Loads, level: str, name: str) -> None:
    """Whatever its class does when it is looked at, the grader holds a handle with a printable name, or is told."""
    submission = loads.load(ODD_CLASSES, level)

    try:
        found = submission.make(name)
    except Exception as error:
        if remote_of(error) is None and not isinstance(error, SubmissionFault):
            raise
    else:
        repr(found).encode()
        assert len(repr(found)) < 200
    assert submission.fine() == 7


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


LIAR = """
class Meta(type):
    def __subclasscheck__(cls, other):
        return True
    def __instancecheck__(cls, other):
        return True
    __mro__ = property(lambda cls: (cls, Exception, object))

class Wanted(Exception, metaclass=Meta): pass

def throw():
    raise KeyError("another")

class Posing:
    __class__ = type
"""


def test_what_an_exception_is_an_instance_of_is_told_by_its_true_bases(loads: Loads, level: str) -> None:
    """A metaclass may claim any exception for its class, and an object any class for itself."""
    submission = loads.load(LIAR, level)

    with pytest.raises(KeyError) as caught:
        submission.throw()
    assert not isinstance(caught.value, submission.Wanted)
    assert isinstance(submission.Posing(), Handle)


def test_a_statement_gives_no_value(loads: Loads, level: str) -> None:
    """A worker that answers for itself can't have the grader show a large one each time."""
    submission = loads.load("", level)
    submission._connection.channel = Answers(("value", [0] * 1000))

    with pytest.raises(Forged, match="a value for a statement"):
        submission.do("pass")


@pytest.mark.parametrize("answer", [None, [], [(1,)], [(1, 2)], [(1, 2), (1,)], [(1, 2), [1, 2]]])
def test_attributes_come_as_they_were_asked_for(loads: Loads, level: str, answer: object) -> None:
    """A row for each object, a value for each name: other shapes are seen before a suite meets them."""
    submission = loads.load("class One: pass\n", level)
    objects = [submission.One(), submission.One()]
    submission._connection.channel = Answers(("value", answer))

    with pytest.raises(Forged, match="other attributes than were asked for"):
        submission.read(objects, ["a", "b"])


def test_a_name_that_is_missing_is_missing(loads: Loads, level: str) -> None:
    """It is told apart from an AttributeError of the submission's own."""
    submission = loads.load("def __getattr__(name): raise AttributeError(name)\n", level)

    with pytest.raises(Missing, match="there is no 'Point' in the file"):
        _ = submission.Point


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


ONE_POINT = """
class Point: pass
kept = Point()
def one(): return kept
def several(): return [kept]
"""


@pytest.mark.parametrize("ask", ["one", "several"])
def test_a_line_never_speaks_of_a_name_that_was_asked_for_aside(loads: Loads, level: str, ask: str) -> None:
    """Only a name that another line gives tells the reader whose object it is."""
    submission = loads.load(ONE_POINT, level)
    with submission.aside():
        held = getattr(submission, ask)()

    again = submission.one()
    once_more = submission.one()

    assert [step.source for step in loads.transcript.steps] == [
        f"{again!r} = one()",
        f"{once_more!r} = one()  # the same object as {again!r}",
    ]
    assert held is not again


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


MANY = """
NAMES = "__len__ __getitem__ __contains__ __add__ __sub__ __mul__ __neg__ __abs__".split()
def kind(n):
    return type("K", (), {name: None for bit, name in enumerate(NAMES) if n >> bit & 1})()
def error(n):
    return type(f"E{n}", (Exception,), {})
"""


@pytest.mark.parametrize(
    ("function", "message"),
    [
        ("kind", "its process sent objects of more than 200 kinds"),
        ("error", "its process sent more than 200 exception classes"),
    ],
)
def test_the_classes_that_one_load_has_the_grader_make_are_bounded(
    loads: Loads, level: str, function: str, message: str
) -> None:
    """Each is a class on this side too, also where they come one at a time."""
    submission = loads.load(MANY, level)
    make = getattr(submission, function)
    for number in range(190):
        make(number)

    with pytest.raises(SubmissionFault) as caught:
        list(map(make, range(190, 256)))
    assert str(caught.value) == message
