"""LAYER 2. What a check expected: its plain ``assert`` statements, kept as (operator, left, right) when one fails.

`load_suite` compiles a hidden suite so that a failing ``assert left == right`` raises `Unmet` with both values. The
score card can then say what was expected without ever showing the suite's source. An assert also holds under
``python -O``.
"""

from __future__ import annotations

import ast
import sys
import types
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from graders.differences import Difference, differences
from graders.sandbox.errors import remote_of
from graders.sandbox.proxy import Handle
from graders.sandbox.transcript import Transcript, show

_OPERATORS: Final = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
    ast.Is: "is", ast.IsNot: "is not", ast.In: "in", ast.NotIn: "not in",
}  # fmt: skip
_PHRASES: Final = {
    "!=": "anything but {}",
    "is not": "anything but {}",
    "<": "less than {}",
    "<=": "at most {}",
    ">": "more than {}",
    ">=": "at least {}",
    "in": "one of {}",
    "not in": "none of {}",
}


class Unmet(AssertionError):
    """A suite's assertion that did not hold.

    Args:
        operator: the comparison's symbol; "true" or "false" for a bare condition; "raises" and "gives" for those.
        left: the left operand, the condition's value, or the exception that came instead.
        right: the right operand, the tuple of expected exception types, or the value that a call should have given.
        text: the assertion's own message, if it has one.
    """

    def __init__(self, operator: str, left: Any, right: Any, text: str = "") -> None:
        super().__init__(operator)
        self.operator = operator
        self.left = left
        self.right = right
        self.text = text

    @property
    def instead(self) -> BaseException | None:
        """The exception that came in place of what was expected."""
        return self.left if self.operator in ("raises", "gives") else None

    def differences(self, transcript: Transcript) -> tuple[Difference, ...]:
        """Return where the value that was observed differs from the expected one, if both are of many parts."""
        if self.operator != "==" or self.text:
            return ()
        observed, expected = self._sides(transcript)
        return differences(observed, expected)

    def _sides(self, transcript: Transcript) -> tuple[Any, Any]:
        """Return (observed, expected): what the last line gave is observed, on whichever side it stands."""
        last = transcript.steps[-1] if transcript.steps else None
        swapped = last is not None and last.value is self.right is not self.left
        return (self.right, self.left) if swapped else (self.left, self.right)

    def expected(self, transcript: Transcript) -> str:
        """Return what was expected, in words that stand behind "expected"."""
        if self.text:
            return self.text
        if self.operator == "raises":
            return " or ".join(kind.__name__ for kind in self.right)
        if self.operator == "gives":
            return _show(self.right)
        if self.operator in ("true", "false"):
            return "True" if self.operator == "true" else "False"
        if isinstance(self.left, Handle) and isinstance(self.right, Handle):
            return "True"
        if self.operator == "in" and isinstance(self.right, tuple) and len(self.right) == 1:
            return _show(self.right[0])
        if self.operator in _PHRASES:
            return _PHRASES[self.operator].format(_show(self.right))
        _, expected = self._sides(transcript)
        for step in transcript.steps[:-1]:
            # Observed itself, in an earlier line: say where the expectation comes from.
            if step.value is expected and step.observed is not None and not _one_for_all(expected):
                return f"{_show(expected)}, as {step.source}"
        return _show(expected)


def _one_for_all(value: Any) -> bool:
    """Whether CPython may keep one object for all values that are equal to this one: to be it then means nothing."""
    if isinstance(value, int):
        return -5 <= value <= 256
    return value is None or (isinstance(value, str | bytes | tuple | frozenset) and len(value) < 2)


def _show(value: Any) -> str:
    return f"type {value.__name__}" if isinstance(value, type) else show(value)


@contextmanager
def raises(*expected: type[Exception]) -> Iterator[None]:
    """Expect that the submission raises one of `expected` within the block.

    Raises:
        Unmet: nothing was raised, or something else was.
    """
    try:
        yield
    except expected as error:
        if remote_of(error) is None:
            raise
    except Exception as error:
        if remote_of(error) is None:
            raise
        raise Unmet("raises", error, expected) from error
    else:
        raise Unmet("raises", None, expected)


@contextmanager
def gives(expected: object) -> Iterator[None]:
    """Say what the call within the block should give, so that a score card can show it if the call raises instead.

    Raises:
        Unmet: the submission raised an exception.
    """
    try:
        yield
    except Exception as error:
        if remote_of(error) is None:
            raise
        raise Unmet("gives", error, expected) from error


class _Recorder(ast.NodeTransformer):
    """Turns ``assert`` into ``if not ...: raise Unmet(...)`` at the same line."""

    def visit_Assert(self, node: ast.Assert) -> list[ast.stmt]:
        """Return the statements that stand in for one assertion."""
        test, negated = node.test, False
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            test, negated = test.operand, True
        left, right = "__kata_left__", "__kata_right__"
        if isinstance(test, ast.Compare) and len(test.ops) == 1 and not negated:
            operator = _OPERATORS[type(test.ops[0])]
            new: list[ast.stmt] = [_assign(left, test.left), _assign(right, test.comparators[0])]
            condition: ast.expr = ast.Compare(_load(left), test.ops, [_load(right)])
        else:
            operator = "false" if negated else "true"
            new = [_assign(left, test), _assign(right, ast.Constant(None))]
            condition = ast.UnaryOp(ast.Not(), _load(left)) if negated else _load(left)
        arguments: list[ast.expr] = [ast.Constant(operator), _load(left), _load(right)]
        if node.msg is not None:
            arguments.append(node.msg)
        failed = ast.Raise(ast.Call(_load("__kata_unmet__"), arguments, []), None)
        new.append(ast.If(ast.UnaryOp(ast.Not(), condition), [failed], []))
        for statement in new:
            for child in ast.walk(statement):
                ast.copy_location(child, node)
        return new


def _assign(name: str, value: ast.expr) -> ast.stmt:
    return ast.Assign([ast.Name(name, ast.Store())], value)


def _load(name: str) -> ast.expr:
    return ast.Name(name, ast.Load())


def load_suite(path: Path, name: str) -> types.ModuleType:
    """Import the suite at `path` as the module `name`, its assertions kept for the score card.

    Raises:
        Exception: whatever the suite raises while it is imported.
    """
    tree = _Recorder().visit(ast.parse(path.read_bytes(), str(path)))
    module = types.ModuleType(name)
    module.__file__ = str(path)
    module.__dict__["__kata_unmet__"] = Unmet
    sys.modules[name] = module
    try:
        exec(
            compile(ast.fix_missing_locations(tree), str(path), "exec", dont_inherit=True),
            module.__dict__,
        )
    except BaseException:
        del sys.modules[name]
        raise
    return module
