"""Replay: the arguments of a Hypothesis test, drawn once and given to the same test for every submission.

With one seed every submission of a run gets the same arguments, and drawing them is most of a test's cost. A test that
draws while it runs (``st.data()``, a state machine) can't be replayed.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

from hypothesis import strategies as st

from graders.authoring.criterion import Check

# Runs a Hypothesis test with its body replaced: what `Drawn` needs of the examiner.
Runner = Callable[[Check, Callable[..., None]], None]

_ATOMS = (int, float, str, bytes, bool, type(None))


class Drawn:
    """The arguments of the checks that were drawn so far. One seed, one instance."""

    def __init__(self) -> None:
        self._examples: dict[int, list[dict[str, Any]] | None] = {}

    def examples(self, check: Check, runner: Runner) -> Iterator[dict[str, Any]] | None:
        """Yield the keyword arguments of each example, or return None for a check that can't be replayed."""
        key = id(check)
        if key not in self._examples:
            self._examples[key] = _draw(check, runner)
        kept = self._examples[key]
        return None if kept is None else (_copy(example) for example in kept)


class _Interactive(BaseException):
    """Leaves Hypothesis at the first example that draws while it runs."""


def _draw(check: Check, runner: Runner) -> list[dict[str, Any]] | None:
    if isinstance(check.test, type) or not hasattr(check.test, "hypothesis"):
        return None
    drawn: list[dict[str, Any]] = []

    def remember(**kwargs: Any) -> None:
        if any(isinstance(value, st.DataObject) for value in kwargs.values()):
            raise _Interactive
        drawn.append(_copy(kwargs))

    try:
        runner(check, remember)
    except _Interactive:
        return None
    return drawn


def _copy(example: dict[str, Any]) -> dict[str, Any]:
    """Return a copy that a test may change; what nobody can change is not copied."""
    return {name: value if _frozen(value) else copy.deepcopy(value) for name, value in example.items()}


def _frozen(value: Any) -> bool:
    return isinstance(value, _ATOMS) or (type(value) is tuple and all(_frozen(member) for member in value))
