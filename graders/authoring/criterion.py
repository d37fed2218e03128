"""The criterion, the unit of a suite.

A check is an ordinary test that takes ``submission``: a function, a Hypothesis property, or a RuleBasedStateMachine
(which finds it as ``self.submission``). A criterion is one or more checks, all or nothing, with points, a principle and
hints::

    @criterion("Equal points hash equal", points=20, because="a dict looks in the bucket that the hash names",
               hints=("What must be true of the hashes when == is true?",))
    @given(pair=equal_coordinates())
    def equal_points_hash_equal(submission, pair):
        p, q = (submission.Point(*xy) for xy in pair)
        assert hash(p) == hash(q)

    @equal_points_hash_equal.also(examples=20, steps=15)
    class AnyHistoryOfADict(RuleBasedStateMachine): ...

A criterion has one score, but its checks can fail for different reasons: `also` takes its own principle and hints, and
`because` does the same for a few lines within a check.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from graders.sandbox.errors import Hung

DEFAULT_EXAMPLES = 100
# The principle for a call that does not end, if no closer one is known.
HANGS = (
    "A call has to end. This one still runs at the line above: a loop that goes on, or a wait for what does not come.",
    ("What should end the loop or the wait at that line, and does it come with this input?",),
)


@dataclass(frozen=True)
class Check:
    """One test of a criterion.

    examples: how many Hypothesis tries; steps: the most steps of a state machine; because, hints: the principle and
    hints for this check, "" and () for the criterion's.
    """

    test: Callable[..., Any]
    examples: int = DEFAULT_EXAMPLES
    steps: int = 20
    because: str = ""
    hints: tuple[str, ...] = ()


@dataclass
class Criterion:
    """Part of a kata's score.

    id: the name of its first check; title: its name for learners; points: out of the kata's 100; because: the principle
    in one line; hints: from the gentlest to the plainest, without code; reasons: the principle and hints for a failure
    with a named reason (`graders.concurrency.Reason`), if the criterion is about something else.
    """

    id: str
    title: str
    points: int
    because: str
    hints: tuple[str, ...]
    checks: list[Check] = field(default_factory=list)
    reasons: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def also(
        self,
        *,
        examples: int = DEFAULT_EXAMPLES,
        steps: int = 20,
        because: str = "",
        hints: tuple[str, ...] = (),
    ) -> Callable[[Any], Criterion]:
        """Add a check that has to pass too.

        because, hints: those for a failure of this check, in place of the criterion's. A principle without hints gets
        none of the criterion's: hints for another mistake mislead.
        """

        def add(test: Any) -> Criterion:
            self.checks.append(Check(test, examples, steps, because, hints))
            return self

        return add

    def advice(self, check: Check, error: BaseException) -> tuple[str, tuple[str, ...]]:
        """Return the principle and the hints for a failure.

        They come from the innermost `because`, else the failure's reason, else the check, else the criterion. A call
        that does not end says nothing about the criterion's rule, unless that is about waiting and so has reasons.
        """
        found: tuple[str, tuple[str, ...]] | None = getattr(error, "kata_because", None)
        if found is not None:
            return found
        named = self.reasons.get(getattr(error, "reason", ""))
        if named:
            return named[0], tuple(named[1:])
        if isinstance(error, Hung) and not check.because and not self.reasons:
            return HANGS
        return (check.because, check.hints) if check.because else (self.because, check.hints or self.hints)


def criterion(
    title: str,
    *,
    points: int,
    because: str,
    hints: tuple[str, ...],
    reasons: Mapping[str, tuple[str, ...]] | None = None,
    examples: int = DEFAULT_EXAMPLES,
    steps: int = 20,
) -> Callable[[Any], Criterion]:
    """Make a criterion from a test; the test's name is its id."""

    def make(test: Any) -> Criterion:
        return Criterion(
            test.__name__, title, points, because, hints, [Check(test, examples, steps)], dict(reasons or {})
        )

    return make


@contextmanager
def because(principle: str, *hints: str) -> Iterator[None]:
    """Give this principle and these hints if the block fails; the innermost of nested blocks counts.

    Use it in a check whose parts test different rules::

        assert (p == q) is True
        with because("!= is the negation of ==.", "Leave __ne__ out: Python derives it."):
            assert (p != q) is False
    """
    try:
        yield
    except Exception as error:
        if not hasattr(error, "kata_because"):
            error.kata_because = (principle, hints)  # type: ignore[attr-defined]
        raise


def examples_of(*cases: Mapping[str, Any], **values: Iterable[Any]) -> Callable[[Any], Any]:
    """Have Hypothesis try these examples first, in this order.

    cases: the arguments of whole examples; values: the values of one argument, each of which is an example::

        @given(plan=plans())
        @examples_of({"plan": FIRST}, {"plan": SECOND})
        @examples_of(plan=[FIRST, SECOND])  # the same
    """
    from hypothesis import example  # slow to import, and only suites need it

    every = [*cases, *({name: value} for name, each in values.items() for value in each)]

    def add(test: Any) -> Any:
        for case in reversed(every):
            test = example(**case)(test)
        return test

    return add


@dataclass(frozen=True)
class Suite:
    """A kata's hidden suite: its title, and its criteria in the order of the file."""

    title: str
    criteria: tuple[Criterion, ...]

    @classmethod
    def of(cls, module: types.ModuleType) -> Suite:
        """Read a suite from its module, whose docstring begins with "Hidden suite: TITLE.".

        Raises:
            ValueError: the module has no criteria, or two with the same id.
        """
        found = [value for value in vars(module).values() if isinstance(value, Criterion)]
        # `also` returns the same criterion, bound to a second name.
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
