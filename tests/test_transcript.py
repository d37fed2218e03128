"""The transcript: true, short, and such that it can be pasted."""

from __future__ import annotations

import contextlib
import doctest
import types
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graders.sandbox.proxy import Submission
from graders.sandbox.transcript import MAX_STEPS, MAX_TEXT, Transcript
from tests.samples import OBJECTS
from tests.support import Loads

pytestmark = pytest.mark.parametrize("level", ["process", "none"])


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
    submission.define("class Sub(Box):\n    def get(self):\n        return 'sub'\n")
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

    assert len(loads.transcript.steps) == 3
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


@pytest.mark.parametrize(
    "text",
    [
        "; note\n" * 3_000,
        "[x]\na=1\n" + "; note\n" * 3_000 + "b=2\n",
        "x" * 2_000,
        "A='1'," * 1_000 + 'B="2"',
    ],
)
def test_a_long_text_that_repeats_itself_can_be_pasted(loads: Loads, level: str, text: str) -> None:
    """It is written as a product: cut, it would be another text."""
    submission = loads.load(OBJECTS, level)
    assert submission.len(text) == len(text)

    (step,) = loads.transcript.steps
    assert len(step.source) < 100
    assert eval(step.source) == len(text)


def test_an_object_that_came_before_is_named_as_such(loads: Loads, level: str) -> None:
    """A class that gives one object for two values shows it: the new name says whose object it is."""
    text = "kept = {}\nclass Point:\n    def __new__(cls, x): return kept.setdefault(hash(x), object.__new__(cls))\n"
    submission = loads.load(text, level)
    p = submission.Point(-1)
    q = submission.Point(-2)

    assert submission.ask("is", p, q) is True
    transcript = submission._connection.transcript
    made = ["p = Point(-1)", "q = Point(-2)  # the same object as p"]
    assert [step.source for step in transcript.steps] == [*made, "p is q"]
    assert played(text, transcript) == []

    transcript.begin()
    again, q = submission.Point(-1), submission.Point(-2)

    assert submission.ask("is", again, q) is True
    assert [step.source for step in transcript.steps] == [*made, "p is q"]


def test_a_list_of_objects_that_came_before_has_names_of_its_own(loads: Loads, level: str) -> None:
    """A class that keeps its objects gives them again: a line about one result must not speak of another's."""
    text = "class Point: x = 1\nkept = [Point()]\ndef points(): return list(kept)\n"
    submission = loads.load(text, level)
    transcript = submission._connection.transcript
    lines = ["r = points()", "s = points()", "s[0].x"]
    first, second = submission.points(), submission.points()

    assert second[0].x == 1
    assert [step.source for step in transcript.steps] == lines
    assert played(text, transcript) == []

    transcript.begin()
    again, second = submission.points(), submission.points()

    assert second[0].x == 1
    assert [step.source for step in transcript.steps] == lines
    assert played(text, transcript) == []
    assert first is not again
