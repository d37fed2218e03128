"""Hypothesis: runs a check with the seed of a run, or with arguments that were drawn once for a whole class.

With one seed every submission of a run gets the same arguments, and drawing them is most of a test's cost. A test that
draws while it runs (``st.data()``, a state machine) can't be replayed. This is the only module that uses private parts
of Hypothesis.
"""

from __future__ import annotations

import contextlib
import copy
import functools
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import hypothesis
from hypothesis import HealthCheck, Phase, Verbosity
from hypothesis import strategies as st
from hypothesis.database import ExampleDatabase
from hypothesis.errors import HypothesisDeprecationWarning, Unsatisfiable, UnsatisfiedAssumption
from hypothesis.stateful import RuleBasedStateMachine, get_state_machine_test

from graders.authoring.criterion import Check
from graders.grading.attempt import Attempt

# Runs a Hypothesis test with its body replaced.
Runner = Callable[[Check, Callable[..., None]], None]

_ATOMS = (int, float, str, bytes, bool, type(None))


class Drawn:
    """The arguments drawn so far, by check. Each seed has its own instance."""

    def __init__(self) -> None:
        self._examples: dict[int, list[dict[str, Any]] | None] = {}

    def examples(self, check: Check, runner: Runner) -> Iterator[dict[str, Any]] | None:
        """Return the keyword arguments of each example, or None for a check that can't be replayed."""
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
    """Return a copy that a test may change; immutable values are not copied."""
    return {name: value if _frozen(value) else copy.deepcopy(value) for name, value in example.items()}


def _frozen(value: Any) -> bool:
    return isinstance(value, _ATOMS) or (type(value) is tuple and all(_frozen(member) for member in value))


class HypothesisAdapter:
    """Runs checks with the seed of a run.

    database: failing examples of the last run, tried first; shrink: whether to look for the smallest failing example;
    drawn: the arguments of this seed, None to let Hypothesis draw them each time.
    """

    def __init__(self, seed: int, *, database: ExampleDatabase | None, shrink: bool, drawn: Drawn | None) -> None:
        self._seed = seed
        self._database = database
        self._shrink = shrink
        self._drawn = drawn

    def run(self, check: Check, attempt: Attempt) -> None:
        """Run a check; the attempt records each example. Any exception of the check passes through."""
        examples = None if self._drawn is None else self._drawn.examples(check, self.draw)
        if examples is None:
            self._ask(check, attempt)
            return
        body = attempt.example(check.test.hypothesis.inner_test)  # type: ignore[attr-defined]
        checked = False
        try:
            with _assuming():
                for example in examples:
                    with contextlib.suppress(UnsatisfiedAssumption):
                        body(**example)
                        checked = True
        except Exception:
            if self._shrink:
                self._ask(check, attempt)
            raise
        if not checked:
            raise Unsatisfiable

    def draw(self, check: Check, remember: Callable[..., None]) -> None:
        """Run a check with `remember` in place of its body, without a submission."""
        run_test(check.test, remember, self._seed, self._profile(check), submission=None)

    def _ask(self, check: Check, attempt: Attempt) -> None:
        """Run a check with arguments that Hypothesis draws, if it takes any."""
        test: Any = check.test
        if isinstance(test, type) and issubclass(test, RuleBasedStateMachine):
            machine = _machine(test)
            test = get_state_machine_test(machine, settings=self._profile(check))
            machine.attempt = attempt
            try:
                run_test(test, attempt.example(test.hypothesis.inner_test), self._seed, self._profile(check))
            finally:
                machine.attempt = None
        elif hasattr(test, "hypothesis"):
            body = attempt.example(test.hypothesis.inner_test)
            run_test(test, body, self._seed, self._profile(check), submission=None)
        else:
            with _assuming():
                attempt.example(test)(submission=None)

    def _profile(self, check: Check) -> hypothesis.settings:
        return profile(check, database=self._database, shrink=self._shrink)


def profile(check: Check, *, database: ExampleDatabase | None = None, shrink: bool = True) -> hypothesis.settings:
    """Return the settings for running a check."""
    return hypothesis.settings(
        max_examples=check.examples,
        stateful_step_count=check.steps,
        database=database,
        deadline=None,
        derandomize=False,
        phases=[phase for phase in Phase if phase is not Phase.explain and (shrink or phase != Phase.shrink)],
        print_blob=False,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
        verbosity=Verbosity.quiet,
    )


def run_test(test: Any, body: Callable[..., None], seed: int, settings: hypothesis.settings, **arguments: Any) -> None:
    """Run a Hypothesis test with this seed and these settings, and `body` in place of the test's own."""
    inner = test.hypothesis.inner_test
    test.hypothesis.inner_test = body
    hypothesis.seed(seed)(test)
    # Hypothesis reads settings when a test is decorated and refuses a second @settings, but a run needs its own. This
    # comes after the seed, which removes the database.
    test._hypothesis_internal_use_settings = settings
    try:
        test(**arguments)
    finally:
        test.hypothesis.inner_test = inner


@functools.cache
def _machine(test: type[RuleBasedStateMachine]) -> type[RuleBasedStateMachine]:
    """Return a state machine whose submission comes from the attempt that is set on its class.

    All submissions share it: Hypothesis keeps each class of machine for ever, and everything it refers to.
    """
    return type(test.__name__, (test,), {"submission": property(lambda self: self.attempt.submission())})


@contextlib.contextmanager
def _assuming() -> Iterator[None]:
    """Let a check call `assume` outside Hypothesis, without its warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", HypothesisDeprecationWarning)
        yield
