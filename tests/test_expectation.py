"""What a check expected: plain asserts, kept as they failed."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from graders.authoring.expectation import Unmet, exactly, gives, holds, load_suite, raises, tolerating
from graders.sandbox.errors import NotPlainData
from graders.sandbox.transcript import Transcript
from tests.support import ROOT, Loads

Check = Callable[..., Any]


@pytest.fixture(name="check")
def _check(tmp_path: Path) -> Callable[[str], Check]:
    """Return the function `check` of a suite that holds nothing else."""

    def load(body: str, arguments: str = "") -> Check:
        path = tmp_path / "suite.py"
        path.write_text(f"def check({arguments}):\n    {body}\n")
        return load_suite(path, "suite_under_test").check  # type: ignore[no-any-return]

    return load


@pytest.mark.parametrize(
    ("assertion", "operator", "left", "right"),
    [
        ("1 + 1 == 3", "==", 2, 3),
        ("2 != 2", "!=", 2, 2),
        ("3 < 2", "<", 3, 2),
        ("3 <= 2", "<=", 3, 2),
        ("2 > 3", ">", 2, 3),
        ("2 >= 3", ">=", 2, 3),
        ("1 in (2, 3)", "in", 1, (2, 3)),
        ("1 not in (1, 3)", "not in", 1, (1, 3)),
        ("True is False", "is", True, False),
        ("None is not None", "is not", None, None),
        ("[]", "true", [], None),
        ("not 5", "false", 5, None),
        ("not 1 == 1", "false", True, None),
        ("1 < 2 < 1", "true", False, None),
        ("0 or []", "true", [], None),
    ],
)
def test_a_failing_assert_keeps_its_operator_and_both_sides(
    check: Callable[[str], Check], assertion: str, operator: str, left: Any, right: Any
) -> None:
    """Whatever the comparison, what failed is kept with the values as they were."""
    with pytest.raises(Unmet) as caught:
        check(f"assert {assertion}")()

    assert (caught.value.operator, caught.value.left, caught.value.right) == (operator, left, right)
    assert isinstance(caught.value, AssertionError)


@pytest.mark.parametrize(
    "assertion",
    "2 == 2|1 != 2|1 < 2|2 <= 2|3 > 2|2 >= 2|1 in (1, 2)|3 not in (1, 2)|None is None|1 is not None|[0]|not []"
    "|1 < 2 < 3|1 == 1.0".split("|"),
)
def test_an_assert_that_holds_says_nothing(check: Callable[[str], Check], assertion: str) -> None:
    """The rewritten statement is true when the plain one is."""
    assert check(f"assert {assertion}")() is None


def test_each_side_is_computed_once_and_in_order(check: Callable[..., Check]) -> None:
    """A side may be a call to the submission: asking twice would change what is tested."""
    seen: list[int] = []

    def note(number: int) -> int:
        seen.append(number)
        return number

    with pytest.raises(Unmet):
        check("assert note(1) == note(2)", "note")(note)
    with pytest.raises(Unmet):
        check("assert not note(3)", "note")(note)
    assert seen == [1, 2, 3]


def test_the_comparison_itself_is_pythons(check: Callable[..., Check]) -> None:
    """A comparison that gives an object with a truth of its own is judged by that."""

    class Odd:
        def __eq__(self, other: object) -> Any:
            return []

        __hash__ = None  # type: ignore[assignment]

    with pytest.raises(Unmet):
        check("assert odd == 1", "odd")(Odd())


def test_an_asserts_own_message_is_what_was_expected(check: Callable[[str], Check]) -> None:
    """An author who says it better is heard; the message is computed only when it is needed."""
    with pytest.raises(Unmet) as caught:
        check("assert 1 == 2, 'the ' + 'same number'")()

    assert caught.value.expected(Transcript()) == "the same number"
    assert check("assert 1 == 1, 1 / 0")() is None


@pytest.mark.parametrize(
    ("assertion", "words"),
    [
        ("1 == 2", "2"),
        ("1 is None", "None"),
        ("2 != 2", "anything but 2"),
        ("None is not None", "anything but None"),
        ("3 < 2", "less than 2"),
        ("3 <= 2", "at most 2"),
        ("2 > 3", "more than 3"),
        ("2 >= 3", "at least 3"),
        ("1 in (2, 3)", "one of (2, 3)"),
        ("1 in (2,)", "2"),
        ("1 not in (1, 3)", "none of (1, 3)"),
        ("[]", "True"),
        ("not [1]", "False"),
        ("type(1) is str", "type str"),
    ],
)
def test_what_was_expected_is_said_in_words(check: Callable[[str], Check], assertion: str, words: str) -> None:
    """The words stand behind "expected" on the card, without the suite's source."""
    with pytest.raises(Unmet) as caught:
        check(f"assert {assertion}")()

    assert caught.value.expected(Transcript()) == words


@pytest.mark.parametrize("turned", [False, True], ids=["observed first", "observed last"])
def test_the_side_that_was_observed_is_not_what_was_expected(loads: Loads, turned: bool) -> None:
    """Whichever side the suite wrote the submission's value on, the card shows the other one."""
    submission = loads.load("def f():\n    return 'seen'\n", "none")
    seen = submission.f()
    unmet = Unmet("==", "wanted", seen) if turned else Unmet("==", seen, "wanted")

    assert unmet.expected(loads.transcript) == "'wanted'"


def test_an_expectation_that_was_observed_earlier_says_where(loads: Loads) -> None:
    """Where one answer should agree with another, the card names the line of the other."""
    submission = loads.load("numbers = iter([500, 501])\ndef f():\n    return next(numbers)\n", "none")
    first = submission.f()
    second = submission.f()

    assert Unmet("==", second, first).expected(loads.transcript) == "500, as f()"


@pytest.mark.parametrize("value", [True, 3, -5, 256, "", "a", b"", ()])
def test_a_value_that_may_be_any_other_equal_one_was_not_observed_earlier(loads: Loads, value: object) -> None:
    """CPython has one 3 for all: that an earlier line gave 3 too says nothing of where the expectation comes from."""
    submission = loads.load(f"answers = iter([{value!r}, 7])\ndef f():\n    return next(answers)\n", "none")
    submission.f()

    assert Unmet("==", submission.f(), value).expected(loads.transcript) == repr(value)


def test_two_objects_that_should_be_equal_are_expected_to_say_true(loads: Loads) -> None:
    """Of two handles there is no value to show: what is expected is the comparison's answer."""
    submission = loads.load("class Box: pass\n", "none")
    one, other = submission.Box(), submission.Box()

    assert Unmet("==", one, other).expected(loads.transcript) == "True"


def throw(error: Exception) -> None:
    """Raise."""
    raise error


def test_raises_accepts_what_the_submission_raised(loads: Loads) -> None:
    """One of the expected classes, or a subclass of one, fulfils it."""
    submission = loads.load("def f(kind):\n    raise globals()['__builtins__'][kind]('no')\n", "none")

    with raises(TypeError, LookupError):
        submission.f("KeyError")


@pytest.mark.parametrize("kind", ["ValueError", "SystemExit"])
def test_raises_refuses_another_exception_of_the_submissions(loads: Loads, kind: str) -> None:
    """What came instead is kept, with where it was raised."""
    submission = loads.load(f"def f():\n    raise {kind}('no')\n", "none")

    with pytest.raises(Unmet) as caught, raises(TypeError, KeyError):
        submission.f()
    assert caught.value.expected(loads.transcript) == "TypeError or KeyError"
    assert "no" in str(caught.value.left)


@pytest.mark.parametrize(
    ("thrown", "expected"),
    [
        ("SystemExit('no')", SystemExit),
        ("asyncio.CancelledError('no')", asyncio.CancelledError),
        ("asyncio.CancelledError('no')", BaseException),
        ("ExceptionGroup('no', [ValueError()])", ExceptionGroup),
        ("BaseExceptionGroup('no', [KeyboardInterrupt()])", BaseExceptionGroup),
        ("Own('no', [ValueError()])", ExceptionGroup),
    ],
)
def test_raises_can_name_groups_and_what_is_not_an_exception(
    loads: Loads, thrown: str, expected: type[BaseException]
) -> None:
    """They arrive as something that ends no grader; `raises` takes Python's own names for them."""
    text = f"import asyncio\nclass Own(ExceptionGroup): pass\ndef f():\n    raise {thrown}\n"
    submission = loads.load(text, "process")

    with raises(expected):
        submission.f()
    with pytest.raises(Unmet) as caught, raises(GeneratorExit, KeyError):
        submission.f()
    assert caught.value.expected(loads.transcript) == "GeneratorExit or KeyError"


def test_raises_refuses_silence(loads: Loads) -> None:
    """Nothing raised is not what was expected."""
    submission = loads.load("def f():\n    return 3\n", "none")

    with pytest.raises(Unmet) as caught, raises(ValueError):
        submission.f()
    assert caught.value.left is None


def test_raises_says_what_is_in_the_place_of_a_class(loads: Loads) -> None:
    """A submission's own exception class may be anything that crosses."""
    submission = loads.load("Error = True\ndef f():\n    return 3\n", "none")

    with pytest.raises(Unmet) as caught, raises(KeyError, submission.Error):
        submission.f()

    assert caught.value.expected(loads.transcript) == "KeyError or True"


@pytest.mark.parametrize("error", [ValueError("own"), TypeError("own")])
def test_raises_is_not_fulfilled_by_the_suites_own_mistake(error: Exception) -> None:
    """An exception of the suite's code within the block passes for nothing, even if it is of the expected class."""
    with pytest.raises(type(error), match="own") as caught, raises(ValueError):
        throw(error)
    assert caught.value is error


def test_gives_says_what_a_call_that_raised_should_have_given(loads: Loads) -> None:
    """The exception is kept: the card shows its line, and whether the part is started at all."""
    submission = loads.load("def f():\n    return 1 // 0\n", "none")

    with pytest.raises(Unmet) as caught, gives([1, 2]):
        submission.f()
    assert caught.value.expected(loads.transcript) == "[1, 2]"
    assert "division" in str(caught.value.instead)
    assert caught.value.differences(loads.transcript) == ()


def test_gives_leaves_alone_what_the_submission_did_not_raise(loads: Loads) -> None:
    """A value is for the check to look at, and the suite's own mistake is no failure of the submission's."""
    submission = loads.load("def f():\n    return 3\n", "none")

    with gives([1, 2]):
        assert submission.f() == 3
    with pytest.raises(KeyError, match="own"), gives([1, 2]):
        throw(KeyError("own"))


@pytest.mark.parametrize("turned", [False, True])
def test_the_places_at_which_values_differ_are_known(loads: Loads, turned: bool) -> None:
    """The observed one first, on whichever side of the == it stands; an assert with words of its own has none."""
    submission = loads.load("def f():\n    return [1, 2]\n", "none")
    observed, expected = submission.f(), [1, 5]
    error = Unmet("==", expected, observed) if turned else Unmet("==", observed, expected)

    assert error.differences(loads.transcript) == (("[1]", "2", "5"),)
    assert Unmet("!=", observed, observed).differences(loads.transcript) == ()
    assert Unmet("==", observed, expected, "its own words").differences(loads.transcript) == ()


def test_an_assert_holds_under_python_o(tmp_path: Path) -> None:
    """Python -O drops plain asserts, and a suite without asserts would pass everybody."""
    path = tmp_path / "suite.py"
    path.write_text("def check():\n    assert 1 == 2\n")
    script = (
        "import sys\nfrom pathlib import Path\nfrom graders.authoring.expectation import Unmet, load_suite\n"
        "assert False, 'under -O this is not run'\n"
        f"try:\n    load_suite(Path({str(path)!r}), 'suite').check()\nexcept Unmet:\n    sys.exit(7)\n"
    )
    done = subprocess.run([sys.executable, "-O", "-c", script], cwd=ROOT, check=False, timeout=60)

    assert done.returncode == 7


def test_a_suite_is_a_module_with_lines_of_its_own(tmp_path: Path) -> None:
    """A broken suite's traceback, which an author reads, names the true line; asserts in classes and loops count."""
    path = tmp_path / "suite.py"
    path.write_text(
        '"""Doc."""\n\nclass Machine:\n    def rule(self):\n'
        "        for number in (1, 2):\n            assert number == 1\n"
    )
    module = load_suite(path, "suite_with_lines")

    assert module.__doc__ == "Doc."
    assert module.__file__ == str(path)
    assert sys.modules["suite_with_lines"] is module
    with pytest.raises(Unmet) as caught:
        module.Machine().rule()
    trace = caught.value.__traceback__
    assert trace is not None
    while trace.tb_next is not None:
        trace = trace.tb_next
    assert trace.tb_lineno == 6


def test_a_suite_that_fails_to_import_leaves_no_module(tmp_path: Path) -> None:
    """A second try is a new one."""
    path = tmp_path / "suite.py"
    path.write_text("raise RuntimeError('broken')\n")

    with pytest.raises(RuntimeError, match="broken"):
        load_suite(path, "suite_that_fails")
    assert "suite_that_fails" not in sys.modules


@pytest.mark.parametrize(
    ("found", "expected", "same"),
    [
        (3, 3, True),
        (3.0, 3, False),
        (True, 1, False),
        ([1, (2, {"a": 3})], [1, (2, {"a": 3})], True),
        ([1, (2, {"a": 3})], [1, (2, {"a": 3.0})], False),
        ({1: 0, 2: 0}, {2: 0, 1: 0}, True),
        ({1.0: 0}, {1: 0}, False),
        ({1, 2}, {2, 1}, True),
        ({True}, {1}, False),
        ([1], (1,), False),
        (4, 3, False),
    ],
)
def test_exactly_takes_equal_values_of_the_same_types_only(found: object, expected: object, same: bool) -> None:
    """At any depth; in a dict or a set the order does not matter."""
    assert (found == exactly(expected)) is same
    assert (found != exactly(expected)) is not same


def test_what_was_expected_exactly_is_shown_as_it_is(check: Callable[..., Check]) -> None:
    """An author writes `exactly`, a learner reads the value."""
    with pytest.raises(Unmet) as caught:
        check("assert 3.0 == exactly(3)", "exactly")(exactly)

    assert (caught.value.left, caught.value.right, caught.value.expected(Transcript())) == (3.0, 3, "3")
    assert repr(exactly([1])) == "[1]"


def test_an_object_is_never_exactly_plain_data(loads: Loads) -> None:
    """Whatever its class says of ==."""
    submission = loads.load("class Three(int): pass\n", "none")

    with pytest.raises(NotPlainData):
        assert submission.Three(3) == exactly(3)
    with pytest.raises(NotPlainData):
        assert [submission.Three(3)] == exactly([3])


def test_tolerating_passes_over_what_the_submission_raises(loads: Loads) -> None:
    """All of it, or what is of the named classes; what the check raises itself comes through."""
    submission = loads.load("class Own(KeyError): pass\ndef fail(): raise Own('a')\n", "none")

    with tolerating():
        submission.fail()
    with tolerating("ValueError", "Own"):
        submission.fail()
    with pytest.raises(KeyError), tolerating("KeyError"):
        submission.fail()
    with pytest.raises(KeyError), tolerating():
        raise KeyError("of the check's own")


def test_a_check_may_say_why_an_exception_was_due() -> None:
    """Where an oracle knows the reason, it stands in place of the bare class."""
    transcript = Transcript()
    transcript.add("parse('x')")
    for text, shown in (("", "ValueError"), ("ValueError: no key", "ValueError: no key")):
        with pytest.raises(Unmet) as caught, raises(ValueError, text=text):
            pass
        assert caught.value.expected(transcript) == shown


def test_what_another_criterion_is_about_can_be_asked_without_a_trace(loads: Loads) -> None:
    """An answer that is not True is no, an exception of the submission's as well; nothing of it is shown."""
    submission = loads.load("def yes(): return True\ndef one(): return 1\ndef fails(): raise KeyError('x')\n")

    assert holds(submission, lambda: submission.yes()) is True
    assert holds(submission, lambda: submission.one()) is False
    assert holds(submission, lambda: submission.fails()) is False
    assert submission._connection.transcript.steps == []
    with pytest.raises(ZeroDivisionError):
        holds(submission, lambda: 1 / 0)
