"""A connection to a load of a submission: requests out, values and exceptions back, each one recorded."""

from __future__ import annotations

import builtins
import contextlib
import functools
import importlib
import weakref
from collections.abc import Callable
from typing import Any, Protocol, runtime_checkable

from graders.sandbox import transcript as source
from graders.sandbox.child import protocol, wire
from graders.sandbox.errors import Forged, GraderFault, Missing, NotPlainData, Remote, RemoteBaseException, encodable
from graders.sandbox.exchange import Attendant, Place, Tool
from graders.sandbox.transcript import Name, Step, Transcript

MAX_CLASSES = 200  # of handles and exceptions that the examiner's side creates for one load
LONGEST_NAME = 200  # characters of the expression that a transcript uses for an object

METHODS = frozenset(("method", "builtin_function_or_method", "method-wrapper"))

_WITHOUT_A_VALUE = ("exec", "set", "delete")

_BASES = 10  # declared exception classes among the bases of one exception's class


class Channel(Protocol):
    """A way to a fresh load of a submission.

    names: the public names that its file defined when it was loaded, None if unknown.
    """

    names: frozenset[str] | None

    def request(self, payload: bytes) -> bytes:
        """Send one encoded request and return the encoded answer.

        Raises:
            SubmissionFault: the submission ended, hung, or broke the protocol.
            GraderFault: the grader's own side failed.
        """
        ...

    def error(self) -> BaseException | None:
        """Return the exception of the last answer if it lives in this process (level none), else None."""
        ...


@runtime_checkable
class PlacedChannel(Channel, Protocol):
    """A channel to a load that can be attended: the examiner serves its instruments and looks at its processes."""

    def place(self) -> Place:
        """Return where the load lives."""
        ...

    def attended(self, payload: bytes, attend: Attendant) -> bytes:
        """Do as `request` while `attend` serves the instruments."""
        ...


class Reference:
    """A reference to an object in the worker; once it is gone, the worker may drop the object."""

    __slots__ = ("__weakref__", "_connection", "_kind", "_name", "_number")

    _connection: Connection
    _number: int
    _kind: str
    _name: Name | None

    def __init__(self, connection: Connection, number: int, kind: str) -> None:
        put = object.__setattr__
        put(self, "_connection", connection)
        put(self, "_number", number)
        put(self, "_kind", kind)
        put(self, "_name", None)

    def __del__(self) -> None:
        self._connection.dropped.append(self._number)


class Connection:
    """Turns requests into values and exceptions, and records them in a transcript.

    make: returns the class of reference for an object with these operators.
    """

    def __init__(
        self, channel: Channel, transcript: Transcript, make: Callable[[int], type[Reference]] = lambda _: Reference
    ) -> None:
        self.make = make
        self.attendant: Attendant | None = None
        # The instrument that says, in attended calls, which of the submission's threads goes on.
        self.interleaver: Tool | None = None
        self.channel = channel
        self.transcript = transcript
        self.handles: weakref.WeakValueDictionary[int, Reference] = weakref.WeakValueDictionary()
        self.exceptions: dict[int, type[Exception]] = {}
        self.kinds: set[int] = set()
        self.methods: set[tuple[int, str]] = set()
        # Whether more than names was asked of the submission: from then on it knows inputs.
        self.asked = False
        self.dropped: list[int] = []
        # How many references to an object there are, by its number.
        self._alive: dict[int, int] = {}
        # Whether a request is a mistake just now.
        self.silent = False

    def ask(self, *request: Any, step: Step | None = None) -> Any:
        """Send a request and return the value that came back, or raise what the submission raised.

        Raises:
            SubmissionFault: the submission gave no usable answer.
            Exception: the nearest builtin type of what the submission's code raised, marked by `errors.remote_of`.
        """
        if self.silent:
            raise GraderFault("the submission is asked for what it should have given")
        if len(self.dropped) > 200:
            self.channel.request(wire.encode(("forget", self._gone())))
        attended = self.attendant is not None and request[0] == "call"
        interleaved = attended and self.interleaver is not None
        sent = ("interleave", self.interleaver, *request[1:]) if interleaved else request
        tools: list[Tool] = []
        payload = wire.encode(sent, lambda value: self._describe(value, tools))
        if step is not None:
            for tool in tools:
                if tool is not self.interleaver:
                    self.transcript.bring(tool, step)
        self.asked = self.asked or request[0] != "get" or request[1] is not None
        if not attended:
            answer = self.channel.request(payload)
        else:
            assert self.attendant is not None
            answer = self.placed().attended(payload, self.attendant)
        fresh: list[Reference] = []
        try:
            reply = wire.decode(answer, lambda *ref: self._resolve(fresh, *ref))
        except wire.WireError as error:
            raise Forged(f"its process sent something that is not an answer: {error}") from None
        kind = reply[0] if type(reply) is tuple and reply else None
        if kind == "value" and len(reply) == 2:
            if request[0] in _WITHOUT_A_VALUE and reply[1] is not None:
                raise Forged("its process sent something that is not an answer: a value for a statement")
            return self._observe(reply[1], step, fresh)
        if kind == "raised" and len(reply) == 7:
            raise self._raised(reply, step)
        if kind == "refused" and len(reply) == 2 and type(reply[1]) is str:
            raise NotPlainData(f"a value came back that can't be used: {encodable(reply[1][:200])}")
        # Only the file's own names can be missing from it.
        if kind == "missing" and len(reply) == 2 and request[:2] == ("get", None):
            raise Missing(request[2], self.channel.names)
        raise Forged("its process sent something that is not an answer")

    def placed(self) -> PlacedChannel:
        """Return the channel as one that can be attended."""
        if not isinstance(self.channel, PlacedChannel):
            raise GraderFault("instruments need a channel that can be attended")
        return self.channel

    def _gone(self) -> tuple[int, ...]:
        """Return the numbers of objects that have no reference any more."""
        dropped, self.dropped = self.dropped, []
        gone = []
        for number in dropped:
            # An object may have come back since its last handle went.
            self._alive[number] -= 1
            if not self._alive[number]:
                del self._alive[number]
                gone.append(number)
        return tuple(gone)

    def _refer(self, kind: type[Reference], number: int, name: str) -> Reference:
        """Return a new reference to an object."""
        made = kind(self, number, name)
        self.handles[number] = made
        self._alive[number] = self._alive.get(number, 0) + 1
        return made

    def _describe(self, value: Any, tools: list[Tool]) -> tuple[int, int, str]:
        if isinstance(value, Reference) and value._connection is self:
            return value._number, 0, ""
        if isinstance(value, Tool):
            tools.append(value)
            return value.number, protocol.INSTRUMENT_BIT, value.name
        raise wire.WireError(f"{value!r} can't be sent to a submission: it is no plain data")

    def _resolve(self, fresh: list[Reference], number: int, operators: int, name: str) -> Any:
        if operators & protocol.EXCEPTION_BIT:
            return self._exception(number, name)
        handle = self.handles.get(number)
        if handle is None:
            self.kinds.add(operators)
            if len(self.kinds) > MAX_CLASSES:
                raise Forged(f"its process sent objects of more than {MAX_CLASSES} kinds")
            handle = self._refer(self.make(operators), number, name)
            fresh.append(handle)
        return handle

    def _exception(self, number: int, name: str) -> type[Exception]:
        """Return the examiner's class for an exception class of the submission's."""
        nearest, _, title = name.partition(" ")
        if number not in self.exceptions:
            if len(self.exceptions) >= MAX_CLASSES:
                raise Forged(f"its process sent more than {MAX_CLASSES} exception classes")
            base = _builtin_exception(nearest)
            # A class may have any name, by a __qualname__ that it sets itself.
            self.exceptions[number] = type(title if title.isidentifier() else "Error", (base,), {})
        return self.exceptions[number]

    def _observe(self, value: Any, step: Step | None, fresh: list[Reference]) -> Any:
        if step is None:
            return value
        same = value._name if isinstance(value, Reference) and not fresh else None
        if same is not None:
            # A separate name, or a line about both would show only one.
            value = self._refer(type(value), value._number, value._kind)
        elif type(value) is list:
            # The same for its members, which may have names from another result or an earlier example.
            new = set(map(id, fresh))
            known = [isinstance(member, Reference) and id(member) not in new for member in value]
            if any(known):
                value = fresh = [
                    self._refer(type(member), member._number, member._kind) if again else member
                    for member, again in zip(value, known, strict=True)
                ]
        step.value = value
        if same is not None or (fresh and not (isinstance(value, Reference) and value._kind in METHODS)):
            name = self.transcript.name(value._kind if isinstance(value, Reference) else "result")
            _christen(value, name)
            step.assigned = name
            step.source = f"{name} = {step.source}"
            if same is not None and self.transcript.shows(same):
                step.source += f"  # the same object as {same}"
        elif value is not None:
            step.observed = source.show(value)
        return value

    def _raised(self, reply: tuple[Any, ...], step: Step | None) -> Exception:
        _, nearest, kind, message, numbers, frames, first = reply
        if not (type(nearest) is type(kind) is type(message) is str and type(numbers) is type(frames) is tuple):
            raise Forged("its process sent something that is not an answer")
        remote = Remote.told(kind, message, frames, first)
        declared = [self.exceptions[n] for n in numbers[:_BASES] if type(n) is int and n in self.exceptions]
        error = _instance(_of_all(declared) if declared else _builtin_exception(nearest), remote.message)
        error.kata_remote = remote  # type: ignore[attr-defined]
        if step is not None:
            step.raised, step.value = True, error
            step.observed = f"{remote.type}: {remote.message}" if remote.message else remote.type
        error.kata_connection = self  # type: ignore[attr-defined]
        # In one process (level none) a debugger can show the learner's own frame.
        error.kata_behind = self.channel.error()  # type: ignore[attr-defined]
        return error


def _christen(value: Any, name: str) -> None:
    """Give the objects in a result the expressions that a transcript uses for them."""
    if len(name) > LONGEST_NAME:
        return  # shown by its class
    if isinstance(value, Reference):
        if value._name is None:
            object.__setattr__(value, "_name", Name(name))
    elif type(value) in (list, tuple):
        for index, member in enumerate(value):
            _christen(member, f"{name}[{index}]")
    elif type(value) is dict:
        for key, member in value.items():
            # An expression that would be too long is not built: the key is the submission's.
            if len(source.show(key)) <= LONGEST_NAME:
                _christen(member, f"{name}[{source.literal(key)}]")


def _of_all(declared: list[type[Exception]]) -> type[Exception]:
    """Return a subclass of all declared classes that an exception is an instance of."""
    if len(declared) > 1:
        with contextlib.suppress(TypeError):  # builtin bases that can't be combined
            return type(declared[-1].__name__, tuple(dict.fromkeys(declared)), {})
    return declared[-1]


@functools.cache
def _builtin_exception(name: str) -> type[Exception]:
    """Return Python's own class of this name, or a substitute for one that must not be raised as it is."""
    found = getattr(builtins, name, None)
    if name == protocol.CANCELLED:
        found = importlib.import_module("asyncio").CancelledError  # slow to import and rarely needed
    if not (isinstance(found, type) and issubclass(found, BaseException)):
        return RemoteBaseException
    if issubclass(found, Exception):
        return found
    return type(found.__name__, (RemoteBaseException,), {"stands_for": found})


def _instance(kind: type[Exception], message: str) -> Exception:
    """Make an exception from a message alone; for a class that needs more (UnicodeDecodeError), use its base."""
    for base in kind.__mro__:
        if not issubclass(base, Exception):
            break
        try:
            # The members of a group stay in the worker.
            return base(message, [Exception(message)]) if issubclass(base, ExceptionGroup) else base(message)
        except TypeError:
            continue
    return RemoteBaseException(message)
