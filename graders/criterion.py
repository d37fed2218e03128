"""LAYER 2. The criterion: what a suite is made of.

A check is an ordinary test that takes ``submission``: a function, a Hypothesis property, or a RuleBasedStateMachine
(which finds it as ``self.submission``). A criterion is one or more checks, all or nothing, with its points, the
principle behind it and hints::

    @criterion("Equal points hash equal", points=20, because="a dict looks in the bucket that the hash names",
               hints=("What must be true of the hashes when == is true?",))
    @given(pair=equal_coordinates())
    def equal_points_hash_equal(submission, pair):
        p, q = (submission.Point(*xy) for xy in pair)
        assert hash(p) == hash(q)

    @equal_points_hash_equal.also(examples=20, steps=15)
    class AnyHistoryOfADict(RuleBasedStateMachine): ...
"""

from __future__ import annotations

import types
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

DEFAULT_EXAMPLES = 100


@dataclass(frozen=True)
class Check:
    """One test of a criterion.

    examples: how many Hypothesis tries; steps: the longest history of a state machine.
    """

    test: Callable[..., Any]
    examples: int = DEFAULT_EXAMPLES
    steps: int = 20


@dataclass
class Criterion:
    """Part of a kata's score.

    id: the name of its first check; title: what a learner reads; points: out of the kata's 100; because: the principle
    in one line; hints: from the gentlest to the plainest, none of them code.
    """

    id: str
    title: str
    points: int
    because: str
    hints: tuple[str, ...]
    checks: list[Check] = field(default_factory=list)

    def also(self, *, examples: int = DEFAULT_EXAMPLES, steps: int = 20) -> Callable[[Any], Criterion]:
        """Add a further check, which the criterion needs as well."""

        def add(test: Any) -> Criterion:
            self.checks.append(Check(test, examples, steps))
            return self

        return add


def criterion(
    title: str,
    *,
    points: int,
    because: str,
    hints: tuple[str, ...],
    examples: int = DEFAULT_EXAMPLES,
    steps: int = 20,
) -> Callable[[Any], Criterion]:
    """Make a criterion of a test; the test's name is its id."""

    def make(test: Any) -> Criterion:
        return Criterion(test.__name__, title, points, because, hints, [Check(test, examples, steps)])

    return make


@dataclass(frozen=True)
class Suite:
    """A kata's hidden suite: its title and its criteria in the order of the file."""

    title: str
    criteria: tuple[Criterion, ...]

    @classmethod
    def of(cls, module: types.ModuleType) -> Suite:
        """Read a suite from its module, whose docstring begins with "Hidden suite: TITLE.".

        Raises:
            ValueError: the module holds no criteria, or two with one id.
        """
        found = [value for value in vars(module).values() if isinstance(value, Criterion)]
        # `also` gives back the same criterion under a second name.
        criteria = tuple(dict.fromkeys(map(id, found)))
        by_id = {id(value): value for value in found}
        ordered = tuple(by_id[number] for number in criteria)
        if not ordered:
            raise ValueError(f"{module.__file__} defines no criterion: decorate a test with @criterion(...)")
        names = [each.id for each in ordered]
        twice = {name for name in names if names.count(name) > 1}
        if twice:
            raise ValueError(f"{module.__file__} defines {', '.join(sorted(twice))} twice")
        first = (module.__doc__ or "").partition("\n")[0]
        return cls(first.removeprefix("Hidden suite:").strip().rstrip("."), ordered)
