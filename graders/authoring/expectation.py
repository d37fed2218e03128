"""The expectations of a check: when one of its plain ``assert`` statements fails, (operator, left, right) is kept.

`load_suite` compiles a hidden suite so that a failing ``assert left == right`` raises `Unmet` with both values. So the
score card can show what was expected without the suite's source. The assertions also work under ``python -O``.
"""

from __future__ import annotations

import ast
import sys
import types
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from graders.authoring.differences import Difference, differences
from graders.sandbox.errors import NotPlainData, RemoteBaseException, remote_of
from graders.sandbox.proxy import Handle, Method, Submission
from graders.sandbox.transcript import Step, Transcript, show

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
        left: the left operand, the condition's value, or the exception that was raised instead.
        right: the right operand, the tuple of expected exception types, or the expected result of a call.
        text: the assertion's message, if it has one.
    """

    def __init__(self, operator: str, left: Any, right: Any, text: str = "") -> None:
        super().__init__(operator)
        self.operator = operator
        self.left = left
        self.right: Any = right.value if isinstance(right, exactly) else right
        self.text = text

    @property
    def instead(self) -> BaseException | None:
        """The exception that was raised instead of the expected result."""
        return self.left if self.operator in ("raises", "gives") else None

    def view(self, transcript: Transcript) -> View:
        """Return the step of a transcript that the expectation belongs to, and the text for it."""
        steps = transcript.steps
        last = len(steps) - 1
        if self.operator in ("raises", "gives"):
            at = last if self.left is None else _step_of(self.left, steps)
            wanted = " or ".join(map(_name, self.right)) if self.operator == "raises" else None
            return View(last if at is None else at, self.text or (_show(self.right) if wanted is None else wanted))
        if isinstance(self.left, Handle) and isinstance(self.right, Handle):
            return View(last, self.text or "True")
        left, right = _step_of(self.left, steps), _step_of(self.right, steps)
        if right is not None and right != last and is_one_for_all(self.right):
            right = None  # an earlier line gave an equal value, as any line may
        swapped = right is not None and (left is None or right > left)
        at, earlier = (right, left) if swapped else (left, right)
        observed, expected = (self.right, self.left) if swapped else (self.left, self.right)
        found = "" if at is not None or self.text or isinstance(observed, Handle) else _show(observed)
        as_in = ""
        if earlier is not None and at is not None and not self.text and not is_one_for_all(expected):
            as_in = steps[earlier].source if steps[earlier].observed is not None else ""
        plain = self.operator == "==" and not self.text
        return View(
            last if at is None else at,
            self.text or self._words(expected) + (f", as {as_in}" if as_in and self.operator in ("==", "is") else ""),
            found,
            differences(observed, expected) if plain else (),
            as_in,
        )

    def differences(self, transcript: Transcript) -> tuple[Difference, ...]:
        """Return where the observed value differs from the expected one, if both have many parts."""
        return self.view(transcript).differences

    def expected(self, transcript: Transcript) -> str:
        """Return the words that follow "expected" on a card."""
        return self.view(transcript).expected

    def _words(self, expected: Any) -> str:
        if self.operator in ("true", "false"):
            return "True" if self.operator == "true" else "False"
        if self.operator == "in" and isinstance(expected, tuple) and len(expected) == 1:
            return _show(expected[0])
        return _PHRASES.get(self.operator, "{}").format(_show(expected))


@dataclass(frozen=True)
class View:
    """An expectation and the step that it is about.

    at: the step's index; expected: in words; found: the compared value, "" if it is the result of the step;
    differences: the places at which the two differ; as_in: the source of the earlier step that gave the expected value.
    """

    at: int
    expected: str
    found: str = ""
    differences: tuple[Difference, ...] = ()
    as_in: str = ""


def _step_of(value: Any, steps: Sequence[Step]) -> int | None:
    """Return the index of the last step that gave or raised this object or, for a type, gave an instance of it."""
    for index in reversed(range(len(steps))):
        found = steps[index].value
        if found is value and (value is not None or steps[index].observed is None):
            return index
        # Python makes a new int from the result of __hash__ or __len__.
        if type(value) is type(found) is int and value == found and not is_one_for_all(value):
            return index
        if isinstance(value, type) and type(found) is value:
            return index
    return None


def source_of(expected: Any, steps: Sequence[Step]) -> tuple[str, str]:
    """Return an expected value in words, and the source of the step that it comes from, "" if none."""
    at = None if is_one_for_all(expected) else _step_of(expected, steps)
    if at is None or steps[at].observed is None:
        return _show(expected), ""
    return f"{_show(expected)}, as {steps[at].source}", steps[at].source


def is_one_for_all(value: Any) -> bool:
    """Whether CPython may keep one object for all values equal to this one, so that identity means nothing."""
    if isinstance(value, int):
        return -5 <= value <= 256
    return value is None or (isinstance(value, str | bytes | tuple | frozenset) and len(value) < 2)


def _name(kind: Any) -> str:
    """Return the name of an exception class; a submission may have replaced its own class with something else."""
    return kind.__name__ if isinstance(kind, type) else show(kind)


def _show(value: Any) -> str:
    return f"type {value.__name__}" if isinstance(value, type) else show(value)


@contextmanager
def raises(*expected: type[BaseException], text: str = "") -> Iterator[None]:
    """Expect the submission to raise one of `expected` within the block; SystemExit and CancelledError count too.

    text: the expectation in words, in place of their names, if an oracle knows the reason.

    Raises:
        Unmet: nothing was raised, or something else was.
    """
    try:
        yield
    except Exception as error:
        if remote_of(error) is None:
            raise
        of_base = isinstance(error, RemoteBaseException) and issubclass(error.stands_for, expected)
        if not (isinstance(error, expected) or of_base):
            raise Unmet("raises", error, expected, text) from error
    else:
        raise Unmet("raises", None, expected, text)


@contextmanager
def gives(expected: object) -> Iterator[None]:
    """Declare the expected result of the call within the block, so that a card can show it if the call raises.

    Raises:
        Unmet: the submission raised an exception.
    """
    try:
        yield
    except Exception as error:
        if remote_of(error) is None:
            raise
        raise Unmet("gives", error, expected) from error


@contextmanager
def tolerating(*types: str) -> Iterator[None]:
    """Suppress the submission's exceptions within the block: all of them, or those of a class with one of these names.

    Use it for the rule of another criterion. It doesn't suppress an exception of the check itself or a dead process.
    """
    try:
        yield
    except Exception as error:
        remote = remote_of(error)
        if remote is None or (types and remote.type not in types):
            raise


def holds(submission: Submission, question: Callable[[], object]) -> bool:
    """Whether a question's answer is True. No card shows the question; an exception or an object counts as no.

    Use it for the rule of another criterion: a check that builds on it can skip what would penalize a mistake twice.
    """
    with submission.aside(), tolerating(), suppress(NotPlainData):
        return question() is True
    return False


class exactly:  # noqa: N801 - reads as a verb: assert found == exactly(3)
    """A value that equals only equal values of the same types, at any depth: 1 is neither True nor 1.0.

    Use it on the right of == or !=: ``assert submission.total(4) == exactly(10)``.
    """

    def __init__(self, value: object) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return bool(other == self.value) and _alike(other, self.value)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return repr(self.value)


def _alike(one: Any, other: Any) -> bool:
    """Whether two equal values have the same types, and so do their items."""
    if type(one) is not type(other):
        return False
    if type(one) in (list, tuple):
        return all(map(_alike, one, other))
    if type(one) in (dict, set, frozenset):
        own = {key: key for key in other}
        inside = type(one) is not dict or all(_alike(one[key], other[key]) for key in one)
        return inside and all(_alike(key, own[key]) for key in one)
    return True


class _Recorder(ast.NodeTransformer):
    """Turns ``assert`` into ``if not ...: raise Unmet(...)`` at the same line."""

    def visit_Assert(self, node: ast.Assert) -> list[ast.stmt]:
        """Return the statements that replace one assertion."""
        test, negated = node.test, False
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            test, negated = test.operand, True
        left, right = "__kata_left__", "__kata_right__"
        if isinstance(test, ast.Compare) and len(test.ops) == 1 and not negated:
            operator = _OPERATORS[type(test.ops[0])]
            new: list[ast.stmt] = [_assign(left, test.left), _assign(right, test.comparators[0])]
            if operator in ("==", "is") and not any(map(_is_bound_here, ast.walk(test.comparators[0]))):
                new[0] = _telling(new[0], test.comparators[0])
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


def _telling(first: ast.stmt, expected: ast.expr) -> ast.stmt:
    """Return a statement that computes an observed value and, if that raises, records the expected one."""
    arguments = ast.arguments([], [], None, [], [], None, [])
    error = "__kata_error__"
    call = ast.Call(_load("__kata_tell__"), [_load(error), ast.Lambda(arguments, expected)], [])
    handler = ast.ExceptHandler(ast.Name("Exception", ast.Load()), error, [ast.Expr(call), ast.Raise(None, None)])
    return ast.Try([first], [handler], [], [])


def _is_bound_here(node: ast.AST) -> bool:
    """Whether an expression would have another meaning within a lambda."""
    return isinstance(node, ast.NamedExpr | ast.Await | ast.Yield | ast.YieldFrom)


def _tell(error: Exception, expected: Callable[[], object]) -> None:
    """Attach the expected result to an exception of the submission, if computing it sends no further request."""
    if remote_of(error) is None or hasattr(error, "kata_gives"):
        return
    connection = error.kata_connection  # type: ignore[attr-defined]
    connection.silent = True
    try:
        with suppress(Exception):
            value = expected()
            if not isinstance(value, Handle | Method):
                error.kata_gives = (value.value if isinstance(value, exactly) else value,)  # type: ignore[attr-defined]
    finally:
        connection.silent = False


def _assign(name: str, value: ast.expr) -> ast.stmt:
    return ast.Assign([ast.Name(name, ast.Store())], value)


def _load(name: str) -> ast.expr:
    return ast.Name(name, ast.Load())


def load_suite(path: Path, name: str) -> types.ModuleType:
    """Import the suite at `path` as the module `name`, with its assertions compiled for the score card.

    Raises:
        Exception: any exception that the suite raises while it is imported.
    """
    tree = _Recorder().visit(ast.parse(path.read_bytes(), str(path)))
    module = types.ModuleType(name)
    module.__file__ = str(path)
    module.__dict__.update(__kata_unmet__=Unmet, __kata_tell__=_tell)
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
