"""The criterion: what an author writes, and the mistakes that are said at once."""

from __future__ import annotations

import types

import pytest

from graders.authoring.criterion import DEFAULT_EXAMPLES, Criterion, Suite, because, criterion
from graders.concurrency import EVERY, Reason, Violation, advice
from graders.contract.checks import is_code


def nothing(submission: object) -> None:
    """Check nothing."""


def make(name: str = "nothing", points: int = 10) -> Criterion:
    """Return a criterion of that id."""

    def test(submission: object) -> None:
        pass

    test.__name__ = name
    made = criterion("Title", points=points, because="why", hints=("one", "two"))(test)
    assert isinstance(made, Criterion)
    return made


def test_a_criterion_is_named_after_its_first_check() -> None:
    """The id that stands in the scores is the test's name."""
    found = criterion("Title", points=20, because="why", hints=("one",), examples=7, steps=3)(nothing)

    assert (found.id, found.title, found.points) == ("nothing", "Title", 20)
    assert (found.because, found.hints) == ("why", ("one",))
    assert [(check.test, check.examples, check.steps) for check in found.checks] == [(nothing, 7, 3)]


def test_a_further_check_belongs_to_the_same_criterion() -> None:
    """`also` adds a check with its own settings, and gives the criterion back."""
    found = make()

    def other(submission: object) -> None:
        pass

    assert found.also(examples=5)(other) is found
    assert found.also()(nothing) is found
    assert [check.examples for check in found.checks] == [DEFAULT_EXAMPLES, 5, DEFAULT_EXAMPLES]
    assert [check.test for check in found.checks[1:]] == [other, nothing]


def module(**names: object) -> types.ModuleType:
    """Return a suite's module."""
    made = types.ModuleType("suite")
    made.__file__ = "/katas/suites/thing.py"
    made.__doc__ = "Hidden suite: A thing that works.\n\nMore."
    made.__dict__.update(names)
    return made


def test_a_suite_has_its_criteria_in_the_files_order() -> None:
    """The card's rows stand as the author wrote them, each once."""
    one, two = make("one"), make("two")

    suite = Suite.of(module(b=two, a=one, again=two, other=5))

    assert suite.criteria == (two, one)
    assert suite.title == "A thing that works"


def test_a_suite_without_criteria_says_what_to_do() -> None:
    """A module of plain tests would be a kata without points."""
    with pytest.raises(ValueError, match=r"thing\.py defines no criterion: decorate a test with @criterion"):
        Suite.of(module(nothing=nothing))


def test_a_suite_with_two_criteria_of_one_id_is_refused() -> None:
    """Ids name results: two of one name would hide each other."""
    with pytest.raises(ValueError, match=r"thing\.py defines same twice"):
        Suite.of(module(a=make("same"), b=make("same"), c=make("other")))


def test_a_failure_with_a_reason_brings_the_advice_for_it() -> None:
    """Where the criterion is about something else; the innermost `because` knows better than both."""
    made = criterion(
        "T", points=1, because="own", hints=("own hint",), reasons=advice("serial") | {"race": ("of the suite's",)}
    )(lambda submission: None)
    (check,) = made.checks
    reasons: tuple[Reason, ...] = ("serial", "deadlock", "race")
    said = {reason: made.advice(check, Violation(reason, "seen")) for reason in reasons}

    assert said["serial"] == ("own", ("own hint",))
    assert said["deadlock"][0].startswith("A wait ends only if something is sure to end it")
    assert len(said["deadlock"][1]) == 1
    assert said["race"] == ("of the suite's", ())
    with pytest.raises(Violation) as caught, because("innermost", "hint"):
        raise Violation("deadlock", "seen")
    assert made.advice(check, caught.value) == ("innermost", ("hint",))


def test_there_is_advice_for_each_reason() -> None:
    """A principle, and at least one hint that could not be pasted."""
    found = advice()

    assert set(found) == EVERY
    for principle, *hints in found.values():
        assert principle
        assert hints
        assert not any(map(is_code, hints))
    assert set(advice("race", "serial")) == EVERY - {"race", "serial"}
