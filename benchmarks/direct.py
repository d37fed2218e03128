"""The floor: a suite's checks as plain tests in one warm process, with the submission imported directly."""

from __future__ import annotations

import builtins
import contextlib
import operator
import sys
import types
from pathlib import Path
from random import Random
from typing import Any

from hypothesis.stateful import RuleBasedStateMachine, get_state_machine_test

import graders
from graders.authoring import expectation, solutions
from graders.authoring.criterion import Check
from graders.grading.hypothesis_adapter import profile, run_test
from graders.sandbox.errors import Remote

_SYMBOLS = {"==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, "+": operator.add}

# Here every exception and every object is the submission's own: `raises` and the suites must take it as such.
for module in (expectation, graders):
    setattr(module, "remote_of", lambda error: Remote(type(error).__name__, str(error)))  # noqa: B010
setattr(graders, "Handle", object)  # noqa: B010


class Direct:
    """Answers as `graders.Submission` does, without a process, a proxy or a transcript."""

    def __init__(self, path: Path) -> None:
        module = types.ModuleType(path.stem)
        sys.modules[path.stem] = module
        exec(compile(solutions.read(path), str(path), "exec"), module.__dict__)
        self._names = module.__dict__  # its own: pickle looks classes up there
        self._defined: set[str] = set()

    @classmethod
    def of(cls, names: dict[str, Any]) -> Direct:
        """Return what answers with these names, such as a notebook's."""
        made = cls.__new__(cls)
        made._names, made._defined = names, set()
        return made

    def __getattr__(self, name: str) -> Any:
        return self._names[name] if name in self._names else getattr(builtins, name)

    def define(self, statements: str) -> None:
        """Run statements at the submission's prompt, once."""
        if statements not in self._defined:
            self.do(statements)
            self._defined.add(statements)

    def do(self, statements: str) -> None:
        """Run statements at the submission's prompt, each time."""
        exec(statements.strip("\n") + "\n", self._names)

    def aside(self) -> contextlib.AbstractContextManager[None]:
        """Change nothing: there is no transcript to leave anything out of."""
        return contextlib.nullcontext()

    def sum_up(self, shown: str, value: Any) -> Any:
        """Return the value: there is no transcript to show it in."""
        return value

    def drawn(self, name: str) -> Random:
        """Return what draws values."""
        return Random(name)

    def ask(self, symbol: str, left: Any, right: Any) -> Any:
        """Return what an operator gives."""
        return _SYMBOLS[symbol](left, right)


def run(check: Check, submission: Direct, seed: int) -> None:
    """Run one check as Hypothesis would run it for an ordinary test; raises what the check raises."""
    test: Any = check.test
    if isinstance(test, type) and issubclass(test, RuleBasedStateMachine):
        machine = type(test.__name__, (test,), {"submission": submission})
        test = get_state_machine_test(machine, settings=profile(check))
        run_test(test, test.hypothesis.inner_test, seed, profile(check))
    elif hasattr(test, "hypothesis"):
        run_test(test, test.hypothesis.inner_test, seed, profile(check), submission=submission)
    else:
        test(submission=submission)
