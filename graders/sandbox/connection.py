"""LAYER 1. A connection to one load of a submission: requests out, values and exceptions back, each one recorded."""

from __future__ import annotations

import builtins
import contextlib
import weakref
from collections.abc import Callable
from typing import Any, Protocol, runtime_checkable

from graders.sandbox import transcript as source
from graders.sandbox import wire, worker
from graders.sandbox.errors import Forged, GraderFault, Missing, NotPlainData, Remote, RemoteBaseException, encodable
from graders.sandbox.exchange import Attendant, Place, Tool
from graders.sandbox.transcript import Name, Step, Transcript

MAX_CLASSES = 200  # of handles and of exceptions that one load makes the examiner's side create
LONGEST_NAME = 200  # characters of the expression by which a transcript speaks of an object

METHODS = frozenset(("method", "builtin_function_or_method", "method-wrapper"))

_BASES = 10  # declared exception classes that one exception may be an instance of, of its own bases


class Channel(Protocol):
    """A way to one fresh load of a submission."""

    def request(self, payload: bytes) -> bytes:
        """Send one encoded request and return the encoded answer.

        Raises:
            SubmissionFault: the submission ended, hung, or broke the protocol.
            GraderFault: the grader's own side failed.
        """
        ...

    def error(self) -> BaseException | None:
        """Return the exception behind the last answer where it lives in this process (level none), else None."""
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
    """Stands for one object that lives in the worker; when it goes, the worker may let the object go."""

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
        self.channel = channel
        self.transcript = transcript
        self.handles: weakref.WeakValueDictionary[int, Reference] = weakref.WeakValueDictionary()
        self.exceptions: dict[int, type[Exception]] = {}
        self.kinds: set[int] = set()
        self.methods: set[tuple[int, str]] = set()
        self.dropped: list[int] = []

    def ask(self, *request: Any, step: Step | None = None) -> Any:
        """Send a request and return the value that came back, or raise what the submission raised.

        Raises:
            SubmissionFault: there is no usable answer, by the submission's doing.
            Exception: the nearest builtin type of what the submission's code raised, marked by `errors.remote_of`.
        """
        if len(self.dropped) > 200:
            # An object may have come back since its last handle went.
            dropped = tuple(number for number in self.dropped if number not in self.handles)
            self.dropped = []
            self.channel.request(wire.encode(("forget", dropped)))
        payload = wire.encode(request, self._describe)
        if self.attendant is None or request[0] != "call":
            answer = self.channel.request(payload)
        else:
            answer = self.placed().attended(payload, self.attendant)
        fresh: list[Reference] = []
        try:
            reply = wire.decode(answer, lambda *ref: self._resolve(fresh, *ref))
        except wire.WireError as error:
            raise Forged(f"its process sent what is no answer: {error}") from None
        kind = reply[0] if type(reply) is tuple and reply else None
        if kind == "value" and len(reply) == 2:
            return self._observe(reply[1], step, fresh)
        if kind == "raised" and len(reply) == 6:
            raise self._raised(reply, step)
        if kind == "refused" and len(reply) == 2 and type(reply[1]) is str:
            raise NotPlainData(f"a value came back that can't be used: {encodable(reply[1][:200])}")
        if kind == "missing" and len(reply) == 2:
            raise Missing(f"there is no {request[2]!r} in the file")
        raise Forged("its process sent what is no answer")

    def placed(self) -> PlacedChannel:
        """Return the channel as one that can be attended."""
        if not isinstance(self.channel, PlacedChannel):
            raise GraderFault("instruments need a channel that can be attended")
        return self.channel

    def _describe(self, value: Any) -> tuple[int, int, str]:
        if isinstance(value, Reference) and value._connection is self:
            return value._number, 0, ""
        if isinstance(value, Tool):
            return value.number, worker.INSTRUMENT_BIT, value.name
        raise wire.WireError(f"{value!r} can't be sent to a submission: it is no plain data")

    def _resolve(self, fresh: list[Reference], number: int, operators: int, name: str) -> Any:
        if operators & worker.EXCEPTION_BIT:
            return self._exception(number, name)
        handle = self.handles.get(number)
        if handle is None:
            self.kinds.add(operators)
            if len(self.kinds) > MAX_CLASSES:
                raise Forged(f"its process sent objects of more than {MAX_CLASSES} kinds")
            handle = self.make(operators)(self, number, name)
            self.handles[number] = handle
            fresh.append(handle)
        return handle

    def _exception(self, number: int, name: str) -> type[Exception]:
        """Return the class that stands here for an exception class of the submission's."""
        nearest, _, title = name.partition(" ")
        if number not in self.exceptions:
            if len(self.exceptions) >= MAX_CLASSES:
                raise Forged(f"its process sent more than {MAX_CLASSES} exception classes")
            base = _builtin_exception(nearest)
            # A class may be called anything, by a __qualname__ of its own making.
            self.exceptions[number] = type(title if title.isidentifier() else "Error", (base,), {})
        return self.exceptions[number]

    def _observe(self, value: Any, step: Step | None, fresh: list[Reference]) -> Any:
        if step is None:
            return value
        step.value = value
        if fresh and not (isinstance(value, Reference) and value._kind in METHODS):
            name = self.transcript.name(value._kind if isinstance(value, Reference) else "result")
            _christen(value, name)
            step.source = f"{name} = {step.source}"
        elif value is not None:
            step.observed = source.show(value)
        return value

    def _raised(self, reply: tuple[Any, ...], step: Step | None) -> Exception:
        _, nearest, kind, message, numbers, frames = reply
        if not (type(nearest) is type(kind) is type(message) is str and type(numbers) is type(frames) is tuple):
            raise Forged("its process sent what is no answer")
        remote = Remote.told(kind, message, frames)
        declared = [self.exceptions[n] for n in numbers[:_BASES] if type(n) is int and n in self.exceptions]
        error = _instance(_of_all(declared) if declared else _builtin_exception(nearest), remote.message)
        error.kata_remote = remote  # type: ignore[attr-defined]
        if step is not None:
            step.raised = True
            step.observed = f"{remote.type}: {remote.message}" if remote.message else remote.type
        # In one process (level none) a debugger can be shown the learner's own frame.
        error.kata_behind = self.channel.error()  # type: ignore[attr-defined]
        return error


def _christen(value: Any, name: str) -> None:
    """Give the objects in a result the expressions by which a transcript can speak of them."""
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
            _christen(member, f"{name}[{source.literal(key)}]")


def _of_all(declared: list[type[Exception]]) -> type[Exception]:
    """Return a class that is all of the declared classes which an exception is an instance of."""
    if len(declared) > 1:
        with contextlib.suppress(TypeError):  # builtin bases that can't be combined
            return type(declared[-1].__name__, tuple(dict.fromkeys(declared)), {})
    return declared[-1]


def _builtin_exception(name: str) -> type[Exception]:
    found = getattr(builtins, name, None)
    if not (isinstance(found, type) and issubclass(found, BaseException)):
        return RemoteBaseException
    return found if issubclass(found, Exception) else RemoteBaseException


def _instance(kind: type[Exception], message: str) -> Exception:
    """Make an exception from a message alone; some classes (UnicodeDecodeError) need more, so their base serves."""
    for base in kind.__mro__:
        try:
            error = base(message)
        except TypeError:
            continue
        if isinstance(error, Exception):
            return error
    return RemoteBaseException(message)
