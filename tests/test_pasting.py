"""What a card shows can be pasted, and is no more than a failure needs. All rejected solutions: test_catalogue.py."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from graders.concurrency import Plan
from graders.concurrency.standin import FAILED, StandIn
from graders.contract import pasting
from graders.grading.fewest import Fewest, needed, typed
from graders.grading.hypothesis_adapter import Drawn
from graders.grading.identifiers import bound, used
from graders.grading.outcome import Failure
from graders.sandbox.transcript import call, literal
from tests.exams import Examine
from tests.support import Loads

POOL = """
class Pool:
    def __init__(self, size): self.size = size; self.out = 0
    def take(self): self.out += 1; return self.out <= self.size
    def free(self): return self.size - self.out
def double(n): return 2 * n
def show(pool): return f"{pool.out} of {pool.size}"
"""


@pytest.mark.parametrize(
    ("source", "binds", "needs"),
    [
        ("p = Point(1, x)", {"p"}, {"Point", "x"}),
        ("from copy import copy as c", {"c"}, set()),
        ("def f(a, *b, k=K): return a, b, g(a)", {"f"}, {"g", "K"}),
        ("class C(Base):\n    x = y\n    def m(self): return z", {"C"}, {"Base", "y", "z"}),
        ("n = [i for i in m]", {"n"}, {"m"}),
        ("p =", set(), set()),
    ],
)
def test_the_names_that_a_piece_of_source_binds_and_needs(source: str, binds: set[str], needs: set[str]) -> None:
    """What belongs to a function alone is neither."""
    assert bound(source) - {"i"} == binds
    assert used(source) - {"i"} == needs


def test_what_a_step_needs_is_what_binds_its_names_last() -> None:
    """And what those need, not what was bound before or after."""
    sources = ["p = A()", "p = B(n)", "n = 2", "q = p", "p = C()", "q.x"]

    assert needed(sources, {5}) == {1, 3, 5}


@pytest.mark.parametrize(
    "value",
    [
        float("inf"),
        float("-inf"),
        [1.5, float("inf")],
        (float("inf"),),
        {"a": float("inf")},
        {float("inf")},
        frozenset({float("inf"), 1.0}),
        set(),
        frozenset(),
        "x" * 5000,
        b"\0" * 5000,
        ["/a"] * 3000,
        [0] * 3000,
        list(range(-3, 4000)),
        tuple(range(4000)),
        1 << 20_000,
        -(1 << 20_000),
        ["x" * 3000, 1 << 20_000],
        ("x" * 3000,),
        "a\nb\n",
    ],
    ids=lambda value: f"{type(value).__name__}",
)
def test_a_value_is_shown_as_source_that_makes_it(value: object) -> None:
    """Whatever its type and size; what is long and regular, in a short form."""
    source = literal(value)

    assert eval(source) == value
    assert len(source) < 1_200
    assert eval(call("dict", (), {"a": value, "class": 1})) == {"a": value, "class": 1}


PLANS = [
    Plan(("/a", "/b"), (20, 10), 2),
    Plan(("/a", "/b", "/a"), (20, 10, 30), 2),
    Plan(("", "'", "\u00c4"), (1, 1, 1), 1),
    Plan(("/a", "/b", "/c", "/d"), (1, 1, 1, 1), 1, {"/b": "KeyError", "/d": "KeyError", "/c": "OSError"}),
    Plan((), (), 1),
]


@pytest.mark.parametrize("plan", PLANS)
@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize("slow", [True, False])
def test_a_stand_in_gives_what_it_says(plan: Plan, named: bool, slow: bool) -> None:
    """Its results are those that the card shows: of equal items, each call's own."""
    made = StandIn("fetch", plan, named=named)
    names: dict[str, Any] = {}
    for statement in made.source(slow=slow):
        exec(compile(f"{statement}\n", "<pasted>", "single"), names)
    fetch: Callable[[str], str] = names["fetch"]

    for index, item in enumerate(plan.items):
        expected = made.result(item, plan.items[:index].count(item))
        if item in plan.fails:
            with pytest.raises(Exception, match=FAILED) as caught:
                fetch(item)
            assert type(caught.value).__name__ == plan.fails[item]
            assert caught.value.args == (item, expected)
        else:
            assert fetch(item) == expected


def test_a_stand_in_ends_its_process_as_the_plan_says() -> None:
    """By an exit code or by a signal."""
    plan = Plan(("a", "b"), (1, 1), 1, dies={"a": 3, "b": -9})

    assert StandIn("fn", plan).source() == (
        "import os",
        "def fn(item):\n    if item == 'a':\n        os._exit(3)\n"
        "    if item == 'b':\n        os.kill(os.getpid(), 9)\n"
        '    return f"result of {item}"',
    )


CALLS = """
@of_ten()
def calls(submission):
    assert submission.double(1) == 2
    p, q = submission.Pool(1), submission.Pool(2)
    assert submission.show(p) == "0 of 1"
    assert p.take() is True
    assert q.take() is True
    assert submission.double(2) == 4
    {last}
"""


@pytest.mark.parametrize("level", ["process", "none"])
@pytest.mark.parametrize(
    ("broken", "last", "steps"),
    [
        (("2 * n", "2 * n if n < 9 else 9"), "assert submission.double(9) == 18", ["double(9)"]),
        (
            ("self.size - self.out", "self.size"),
            "assert p.free() == 0",
            ["p = Pool(1)", "p.take()", "p.free()"],
        ),
        (("self.size - self.out", "1"), "assert p.free() == 0", ["p = Pool(1)", "p.take()", "p.free()"]),
    ],
    ids=["a function", "an object", "the same value without the calls"],
)
def test_calls_that_do_not_matter_are_left_out(
    exam: Examine, loads: Loads, level: str, broken: tuple[str, str], last: str, steps: list[str]
) -> None:
    """What stays fails as it failed, and is right to be expected: of the reference, too."""
    made = exam(CALLS.format(last=last), POOL.replace(*broken), level)
    made.examiner.reference = lambda: loads.open(POOL, level)
    outcome = made.outcome()

    assert outcome.failure is not None
    assert [source for source, _ in outcome.failure.steps] == steps


def test_all_calls_stay_where_nothing_is_certain(loads: Loads) -> None:
    """If a fresh load shows something else, or ends; or if there is no end of calls."""
    steps = [("double(1)", "2"), ("double(2)", "5")]
    right, dies = loads.open(POOL, "process"), loads.open("import os\ndef double(n): os._exit(1)\n", "process")

    assert Fewest(steps, right, right).find() == [0, 1]
    assert Fewest([("double(1)", "2"), ("double(2)", "4")], dies, right).find() == [0, 1]
    assert Fewest([("double(1)", "2")] * 100, right, right).find() == list(range(100))
    assert typed(dies, ["double(1)"]) is None


def test_a_call_that_the_expectation_names_stays(loads: Loads) -> None:
    """Though no other call needs it."""
    steps = [("s = [1]", ""), ("len(s)", "1"), ("double(3)", "6"), ("s.append(2)", ""), ("len(s)", "2")]
    right = loads.open(POOL, "process")

    assert Fewest(steps, right, right, "len(s)").find() == [0, 1, 3, 4]
    assert Fewest(steps, right, right).find() == [0, 3, 4]


def test_what_is_typed_shows_as_at_a_prompt(loads: Loads) -> None:
    """Values, nothing for None, and the last line of an exception."""
    load = loads.open("def f(): raise KeyError\nclass A: pass\n", "process")

    assert typed(load, ["x = 3", "x", "None", "f()", "1 / 0", "A()"]) == [
        "",
        "3",
        "",
        "KeyError",
        "ZeroDivisionError: division by zero",
        "<kata.A object at 0x...>".replace("kata", load.source.slug),
    ]


@pytest.mark.parametrize(
    ("steps", "words", "said"),
    [
        ([("double(2)", "4")], "", None),
        ([("double(2)", "5")], "", "4\n--- the card:\n5"),
        ([("p = Pool(1)", ""), ("p.missing", "AttributeError: 'Pool' object has no attribute 'missing'")], "", None),
        ([("unknown()", "4")], "", "NameError: name 'unknown' is not defined"),
        ([("hash(Pool(1))", "12345")], "", None),
        ([("hash(Pool(1))", "'text'")], "", "--- the card:\n'text'"),
        ([("double(2)", "")], "serial: one call after another", None),
        ([("fetch()", "")], "serial: one call after another", "NameError"),
        ([("import os", ""), ("os._exit(1)", "")], "its process ended by itself, with exit code 1", None),
        ([("import os", ""), ("os._exit(1)", "")], "", "its process ended"),
    ],
)
def test_pasting_tells_what_shows_something_else(
    tmp_path: Path, steps: list[tuple[str, str]], words: str, said: str | None
) -> None:
    """Line by line; only what can't be the same is left out, and that is a closed list."""
    path = tmp_path / "kata.py"
    path.write_text(POOL)
    found = "\n".join(pasting.differences("kata", path, Failure(tuple(steps), words=words)))

    assert (found == "") is (said is None)
    assert (said or "") in found


TWO_BOXES = """
@of_ten()
def two(submission):
    p, q = submission.Box(1), submission.Box(2)
    assert (p == q) is False
"""
ONE_BOX = """
class Box:
    only = None
    def __new__(cls, n):
        cls.only = cls.only or object.__new__(cls)
        return cls.only
"""


@pytest.mark.parametrize("level", ["process", "none"])
def test_an_object_that_is_an_earlier_one_has_a_name_of_its_own(exam: Examine, level: str) -> None:
    """`p == p` is true of anything: a line says that the two are one."""
    outcome = exam(TWO_BOXES, ONE_BOX, level).outcome()

    assert outcome.failure is not None
    assert outcome.failure.steps == (
        ("b = Box(1)", ""),
        ("c = Box(2)  # the same object as b", ""),
        ("b == c", "True"),
    )
    assert outcome.failure.expected == "False"


@pytest.mark.parametrize("level", ["process", "none"])
@pytest.mark.parametrize(
    ("body", "check", "steps", "words", "expected"),
    [
        (
            "def f(): return (n for n in (1, 2))",
            "assert submission.f() == [1, 2]",
            [("f()", "<generator object f.<locals>.<genexpr> at 0x...>")],
            "a generator came back",
            "[1, 2]",
        ),
        (
            "class P:\n    def __eq__(self, other): return True\ndef f(p): return (1, 2)",
            "p = submission.P()\n    q = submission.f(p)\n    assert p == q",
            [("p = P()", ""), ("f(p)", "(1, 2)")],
            "a tuple came back",
            "an object of class P",
        ),
        (
            "def f(): return 3\ndef g(): return 4",
            "a = submission.f()\n    submission.g()\n    assert a == 7",
            [("f()", "3")],
            "",
            "7",
        ),
        (
            "def f(): return [1, 2, 3]",
            "assert len(submission.f()) == 2",
            [("f()", "[1, 2, 3]")],
            "",
            "2",
        ),
        (
            "def f(): return 1 // 0",
            "assert submission.f() == 0",
            [("f()", "ZeroDivisionError: integer division or modulo by zero")],
            "",
            "0",
        ),
        (
            "def f(n): return n if n < 2 else 1 // 0",
            "big = 1000\n    assert submission.f(2) == (submission.f(1) or big)",
            [("f(2)", "ZeroDivisionError: integer division or modulo by zero")],
            "",
            "no exception",
        ),
    ],
    ids=["a generator", "a tuple", "an earlier call", "computed", "raised", "unknown"],
)
def test_an_expectation_stands_beside_what_it_is_about(
    exam: Examine, level: str, body: str, check: str, steps: list[tuple[str, str]], words: str, expected: str
) -> None:
    """The call that gave the value; and what is wrong is what came back, whichever side it stood on."""
    outcome = exam(f"@of_ten()\ndef one(submission):\n    {check}\n", f"{body}\n", level).outcome()

    assert outcome.failure is not None
    assert list(outcome.failure.steps) == steps
    assert (outcome.failure.words, outcome.failure.expected) == (words, expected)
    assert outcome.failure.found == ("3" if "len" in check else "")


def test_what_was_defined_aside_is_shown_if_a_call_needs_it(exam: Examine) -> None:
    """A learner can't paste what was never shown."""
    suite = """
@of_ten()
def one(submission):
    with submission.aside():
        submission.define("import math\\ndef half(n): return math.floor(n / 2)\\ndef other(): pass")
    assert submission.half(5) == 3
"""
    outcome = exam(suite, "x = 1\n").outcome()

    assert outcome.failure is not None
    assert [source for source, _ in outcome.failure.steps] == [
        "import math",
        "def half(n): return math.floor(n / 2)",
        "half(5)",
    ]


COMES_AND_GOES = """
WHERE = {where!r}
def f():
    with open(WHERE) as file:
        before = int(file.read())
    with open(WHERE, "w") as file:
        file.write(str(before + 1))
    return 0 if before in {fails} else 1
"""


@pytest.mark.parametrize(
    ("fails", "note"),
    [((0,), "passed 3 times of 3. A race?"), ((0, 2), "passed 2 times of 3. A race?"), ((0, 1), "")],
)
def test_a_failure_that_comes_and_goes_is_called_a_race(
    exam: Examine, tmp_path: Path, fails: tuple[int, ...], note: str
) -> None:
    """Nothing went before that it could be laid to; what fails again the first time has no note."""
    count = tmp_path / "count"
    count.write_text("0")
    suite = "@of_ten()\ndef one(submission):\n    assert submission.f() == 1\n"
    outcome = exam(suite, COMES_AND_GOES.format(where=str(count), fails=fails)).outcome()

    assert outcome.failure is not None
    assert outcome.failure.note.endswith(note)
    assert bool(outcome.failure.note) is bool(note)


ASSUMES = """
@of_ten()
@given(number=numbers)
@example(number=3)
def inc(submission, number):
    assume({condition})
    assert submission.inc(number) == number + 1

@inc.also()
def once(submission):
    assume({condition})
    assert submission.inc(5) == 6
"""


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("drawn", [True, False], ids=["in a class", "alone"])
@pytest.mark.parametrize(
    ("condition", "control", "verdict"),
    [
        ("submission.inc(3) == 4", None, "passed"),
        ("submission.inc(3) == 4 and submission.inc(5) % 2", None, "not_graded"),
        ("submission.inc(3) == 7", None, "not_graded"),
        ("submission.inc(3) == 7", False, "not_graded"),
        ("submission.inc(3) == 7", True, "failed"),
    ],
)
def test_a_check_may_assume_in_a_class_as_alone(
    exam: Examine, drawn: bool, condition: str, control: bool | None, verdict: str
) -> None:
    """With no input that gets past it nothing was checked: a submission whose values see to that does not pass."""
    made = exam(
        ASSUMES.format(condition=condition),
        "def inc(n):\n    return n + 1\n",
        control=control,
        drawn=Drawn() if drawn else None,
    )

    assert made.outcome().outcome == verdict
