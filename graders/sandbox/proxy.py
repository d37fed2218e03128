"""The proxies: what a suite holds in place of a submission and its objects.

``submission.Point(1, 2)`` calls in the worker. Plain data comes back as it is, with exact types; any other object stays
there, represented by a `Handle`. Operators, calls and attributes of a handle are round trips.

A handle never vouches for itself. Compared with plain data it raises NotPlainData: otherwise an object whose ``__eq__``
is always true would pass for every right answer. It has no truth value either. Where a criterion *is* about the
comparison of an object with plain data, `Submission.ask` makes it.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from random import Random
from typing import Any

from graders.sandbox import transcript as source
from graders.sandbox.child import protocol
from graders.sandbox.connection import METHODS, Channel, Connection, Reference
from graders.sandbox.errors import Forged, Missing, NotPlainData
from graders.sandbox.exchange import Attendant, Place, Tool
from graders.sandbox.transcript import Name, Transcript

MAX_ITERATIONS = 10_000  # members that a suite takes from one iterator of the submission's

_SYMBOLS = {
    "eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">=",
    "add": "+", "sub": "-", "mul": "*", "truediv": "/", "floordiv": "//", "mod": "%", "pow": "**",
    "and_": "&", "or_": "|", "xor": "^",
}  # fmt: skip
_LAZY = ("generator", "coroutine", "map", "filter", "zip")  # well known by these names
_BY_SYMBOL = {symbol: name for name, symbol in _SYMBOLS.items()} | {"is": "is_"}


def _refuse_private(name: str) -> None:
    if name.startswith("_"):
        raise AttributeError(f"a proxy has no {name!r}: a submission's private names are its own")


class Handle(Reference):
    """A proxy of an object in the worker. Its repr is its own; names that begin with _ are refused."""

    __slots__ = ()

    def __repr__(self) -> str:
        return self._name or f"<{self._kind} object>"

    def __bool__(self) -> bool:
        raise NotPlainData(f"an object of class {self._kind} came back where true or false was expected", self)

    def __hash__(self) -> int:
        number = self._ask("operate", "hash", (self,), shown=f"hash({self!r})")
        if type(number) is not int:
            raise Forged("its process sent a hash that is not an int")
        return number

    def __eq__(self, other: object) -> Any:
        return self._compare("eq", other)

    def __ne__(self, other: object) -> Any:
        return self._compare("ne", other)

    def __lt__(self, other: object) -> Any:
        return self._compare("lt", other)

    def __le__(self, other: object) -> Any:
        return self._compare("le", other)

    def __gt__(self, other: object) -> Any:
        return self._compare("gt", other)

    def __ge__(self, other: object) -> Any:
        return self._compare("ge", other)

    def __getattr__(self, name: str) -> Any:
        _refuse_private(name)
        connection = self._connection
        if (self._number, name) in connection.methods:
            return Method(self, name)
        step = connection.transcript.add(f"{self!r}.{name}")
        value = connection.ask("get", self, name, step=step)
        if isinstance(value, Handle) and value._kind in METHODS:
            connection.transcript.steps.remove(step)
            connection.methods.add((self._number, name))
            return Method(self, name)
        return value

    def __setattr__(self, name: str, value: Any) -> None:
        _refuse_private(name)
        self._ask("set", self, name, value, shown=f"{self!r}.{name} = {source.literal(value)}")

    def __delattr__(self, name: str) -> None:
        _refuse_private(name)
        self._ask("delete", self, name, shown=f"del {self!r}.{name}")

    def _ask(self, *request: Any, shown: str) -> Any:
        return self._connection.ask(*request, step=self._connection.transcript.add(shown))

    def _compare(self, operator: str, other: Any) -> Any:
        if not isinstance(other, Handle):
            where = f"where plain data was expected, such as {source.show(other)}"
            raise NotPlainData(f"an object of class {self._kind} came back {where}", self, other)
        shown = f"{self!r} {_SYMBOLS[operator]} {other!r}"
        return self._ask("operate", operator, (self, other), shown=shown)


def described(value: Any) -> str:
    """Return a result as text: plain data as `show` does, an object by the name of its class."""
    if not isinstance(value, Handle):
        return source.show(value)
    return f"a {value._kind}" if value._kind in _LAZY else f"an object of class {value._kind}"


class Method:
    """A method of a handle's object, called in one round trip."""

    __slots__ = ("_name", "_owner")

    def __init__(self, owner: Handle, name: str) -> None:
        self._owner = owner
        self._name = name

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        shown = source.call(f"{self._owner!r}.{self._name}", args, kwargs)
        return self._owner._ask("call", self._owner, self._name, args, kwargs, shown=shown)

    def __repr__(self) -> str:
        return f"{self._owner!r}.{self._name}"

    def __hash__(self) -> int:
        return hash((id(self._owner), self._name))

    def __eq__(self, other: object) -> bool:
        raise NotPlainData(f"{self!r} is a method, where plain data was expected, such as {source.show(other)}")

    def __bool__(self) -> bool:
        raise NotPlainData(f"{self!r} is a method, where true or false was expected")


def _call(self: Handle, *args: Any, **kwargs: Any) -> Any:
    return self._ask("call", self, None, args, kwargs, shown=source.call(repr(self), args, kwargs))


def _iterate(self: Handle) -> Iterator[Any]:
    iterator = self._ask("operate", "iter", (self,), shown=f"iter({self!r})")
    for _ in range(MAX_ITERATIONS):
        step = self._connection.transcript.add(f"next({iterator!r})")
        try:
            value = self._connection.ask("operate", "next", (iterator,), step=step)
        except StopIteration:
            return
        yield value
    raise NotPlainData(f"an iterator did not end within {MAX_ITERATIONS:,} members")


def _length(self: Handle) -> int:
    length = self._ask("operate", "len", (self,), shown=f"len({self!r})")
    if type(length) is not int or not 0 <= length < 1 << 62:
        raise Forged("its process sent a length that is not an int")
    return length


def _contains(self: Handle, member: Any) -> bool:
    return self._ask("operate", "contains", (self, member), shown=f"{source.literal(member)} in {self!r}") is True


def _get_item(self: Handle, key: Any) -> Any:
    return self._ask("operate", "getitem", (self, key), shown=f"{self!r}[{source.literal(key)}]")


def _set_item(self: Handle, key: Any, value: Any) -> None:
    shown = f"{self!r}[{source.literal(key)}] = {source.literal(value)}"
    self._ask("operate", "setitem", (self, key, value), shown=shown)


def _delete_item(self: Handle, key: Any) -> None:
    self._ask("operate", "delitem", (self, key), shown=f"del {self!r}[{source.literal(key)}]")


def _next(self: Handle) -> Any:
    return self._ask("operate", "next", (self,), shown=f"next({self!r})")


def _binary(name: str) -> Callable[[Handle, Any], Any]:
    return lambda self, other: self._compare(name, other)


def _unary(name: str, form: str) -> Callable[[Handle], Any]:
    return lambda self: self._ask("operate", name, (self,), shown=form.format(repr(self)))


_OPTIONAL: dict[str, Any] = {
    "__call__": _call,
    "__iter__": _iterate,
    "__next__": _next,
    "__len__": _length,
    "__getitem__": _get_item,
    "__setitem__": _set_item,
    "__delitem__": _delete_item,
    "__contains__": _contains,
    "__neg__": _unary("neg", "-{}"),
    "__abs__": _unary("abs", "abs({})"),
    **{f"__{name.rstrip('_')}__": _binary(name) for name in list(_SYMBOLS)[6:]},
}
_classes: dict[int, type[Handle]] = {}


def _handle_class(operators: int) -> type[Handle]:
    """Return the Handle class with only the operators of the remote class, so that not every handle looks callable."""
    operators &= (1 << len(protocol.OPTIONAL)) - 1
    if operators not in _classes:
        if len(_classes) > 256:
            _classes.clear()  # a submission can make any number of combinations
        members: dict[str, Any] = {"__slots__": ()}
        for bit, name in enumerate(protocol.OPTIONAL):
            if operators >> bit & 1 and name in _OPTIONAL:
                members[name] = _OPTIONAL[name]
        _classes[operators] = type("Handle", (Handle,), members)
    return _classes[operators]


class Submission:
    """The fixture ``submission``: names of the submission's module in one fresh load of it.

    ``submission.NAME`` is the module's NAME (or a builtin's, as at a prompt): data as it is, a class or function as a
    callable proxy, an exception class as a class that ``raises`` understands.

    secret: what `drawn` draws from.
    """

    __slots__ = ("_connection", "_defined", "_names", "_secret", "_typed_in")

    def __init__(self, channel: Channel, transcript: Transcript, secret: bytes = b"") -> None:
        self._secret = secret
        self._defined: set[str] = set()
        self._typed_in: dict[str, None] = {}  # in order
        self._connection = Connection(channel, transcript, _handle_class)
        self._names: dict[str, Any] = {}

    def __getattr__(self, name: str) -> Any:
        _refuse_private(name)
        if name in self._names:
            return self._names[name]
        self._require({name})
        value = self._connection.ask("get", None, name)
        if isinstance(value, Handle):
            object.__setattr__(value, "_name", Name(name))
        if isinstance(value, Handle | type):
            self._names[name] = value
        else:
            step = self._connection.transcript.add(name)
            step.observed, step.value = source.show(value), value
        return value

    def _require(self, needed: Iterable[str]) -> None:
        """Raise Missing for a name that the file does not define, as long as its load alone decides this.

        Then nothing that the submission does with hidden inputs can change the verdict.
        """
        names = self._connection.channel.names
        if names is not None and not self._connection.asked:
            for name in sorted(needed):
                if name not in names and name not in protocol.BUILTINS:
                    raise Missing(name, names, sure=True)

    def __repr__(self) -> str:
        return "submission"

    def define(self, statements: str) -> None:
        """Run statements at the submission's prompt, once per load: a function, a class, an import.

        The transcript shows them in each example that uses them. The submission can read the text in the worker: it
        must not contain anything from which an answer could be copied.
        """
        known = statements in self._defined
        self._type(statements, ask=not known)
        self._defined.add(statements)

    def do(self, statements: str) -> None:
        """Run statements at the submission's prompt, each time: for their effect, such as setting an event."""
        self._type(statements, ask=True)

    def _type(self, statements: str, *, ask: bool) -> None:
        """Record statements one at a time, as a prompt takes them, and have them run there."""
        if ask:
            self._names.clear()
            self._require(source.needed(statements.strip("\n")))
            self._typed_in[statements] = None
        for each in source.statements(statements.strip("\n")):
            step = self._connection.transcript.add(each)
            if ask:
                self._connection.ask("exec", f"{each}\n", step=step)

    @contextlib.contextmanager
    def attended(self, attend: Attendant) -> Iterator[None]:
        """Have `attend` serve the instruments during each call within the block."""
        self._connection.attendant = attend
        try:
            yield
        finally:
            self._connection.attendant = None

    def interleave(self, tool: Tool | None) -> None:
        """From now on `tool` says, during attended calls, which thread goes on; None switches this off."""
        self._connection.interleaver = tool

    @contextlib.contextmanager
    def rehearsal(self) -> Iterator[None]:
        """Leave requests within the block out of the transcript, unless one fails: then they are all of it."""
        transcript = self._connection.transcript
        shown, dropped = list(transcript.steps), transcript.dropped
        yield
        transcript.steps, transcript.dropped = shown, dropped

    @contextlib.contextmanager
    def aside(self) -> Iterator[None]:
        """Leave requests within the block out of the transcript: a look at a result."""
        transcript = self._connection.transcript
        shown, dropped, transcript.steps = transcript.steps, transcript.dropped, []
        try:
            yield
        finally:
            transcript.steps, transcript.dropped = shown, dropped

    def sum_up(self, shown: str, value: Any) -> Any:
        """Show `shown`, Python source that combines what was asked aside, with its value; return the value.

        ``submission.sum_up("[spec.name for spec in r]", found)`` is one line in place of one for each name.
        """
        step = self._connection.transcript.add(shown)
        step.observed, step.value = source.show(value), value
        return value

    def read(self, objects: Sequence[Handle], names: Sequence[str]) -> list[tuple[Any, ...]]:
        """Return these attributes of each object, by one request, which the transcript does not show: `sum_up` does.

        Raises:
            Exception: one of them can't be read; ask for each alone to see which.
        """
        for name in names:
            _refuse_private(name)
        found = self._connection.ask("read", tuple(objects), tuple(names))
        rows: list[Any] = found if type(found) is list and len(found) == len(objects) else [None]
        if all(type(row) is tuple and len(row) == len(names) for row in rows):
            return rows
        raise Forged("its process sent something that is not an answer: other attributes than were asked for")

    def drawn(self, name: str) -> Random:
        """Return a source of values that no submission can foresee: the same for a name in all runs with one seed."""
        return Random(hashlib.sha256(self._secret + name.encode()).digest())

    def place(self) -> Place:
        """Return the submission's place, for looks at its processes from outside."""
        return self._connection.placed().place()

    def report_speedup(self, text: str) -> None:
        """Show `text` on the score card if the criterion passes."""
        self._connection.transcript.speedup = text

    def ask(self, symbol: str, left: Any, right: Any) -> Any:
        """Return what ``left symbol right`` gives in the worker, for objects compared with plain data, or with "is".

        Raises:
            NotPlainData: the answer is not plain data.
        """
        shown = f"{source.literal(left)} {symbol} {source.literal(right)}"
        step = self._connection.transcript.add(shown)
        value = self._connection.ask("operate", _BY_SYMBOL[symbol], (left, right), step=step)
        if isinstance(value, Handle):
            raise NotPlainData(f"{shown} gave an object of class {value._kind}")
        return value


def typed(submission: Submission) -> tuple[str, ...]:
    """Return what a suite ran at a submission's prompt, in order."""
    return tuple(submission._typed_in)


def representation(submission: Submission, value: Any) -> str | None:
    """Return what a prompt shows for an object, or for data with objects, None if its repr fails."""
    ask = submission._connection.ask
    try:
        found = ask("call", ask("get", None, "repr"), None, (value,), {})
    except Exception:
        return None
    return source.masked(found)[: source.MAX_TEXT] if type(found) is str else None


__all__ = ["Channel", "Handle", "Submission"]
