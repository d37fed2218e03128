"""LAYER 1. The untrusted side of one criterion: loads the submission and answers requests.

It imports wire and instrument, nothing else. Whatever runs here may be patched by the submission, so nothing here
decides anything: it answers with values, and the examiner judges them. A request and its answer are plain tuples:

    ("call", target, name, args, kwargs)   call `target`, or its attribute if `name` is not None
    ("get", target, name)                  an attribute, or a name at the prompt if `target` is None
    ("set", target, name, value)           ("delete", target, name)
    ("operate", operator name, operands)   one of OPERATIONS
    ("exec", source)                       run statements at the prompt
    ("show", source)                       run one statement as a prompt does, and return what it displays
    ("forget", ids)                        drop references

    ("value", value) | ("raised", builtin name, class name, message, ids of declared classes, frames)
    | ("refused", why the value can't cross) | ("missing", name)

The prompt holds what "exec" added, the submission's names, and the builtins. A builtin's name means the builtin there,
whatever the submission calls so or has patched.
"""

from __future__ import annotations

import builtins
import io
import operator
import os
import sys
import types

from graders.sandbox import instrument, wire

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

# The operators that a class may or may not have, by their bit in a reference. The order is part of the protocol.
OPTIONAL = (
    "__call__ __iter__ __next__ __len__ __getitem__ __setitem__ __delitem__ __contains__ "
    "__add__ __sub__ __mul__ __truediv__ __floordiv__ __mod__ __pow__ __neg__ __abs__ "
    "__radd__ __rsub__ __rmul__ __and__ __or__ __xor__ __enter__ __exit__ __await__ __aiter__"
).split()
EXCEPTION_BIT = 1 << 31  # the reference is an exception class
INSTRUMENT_BIT = 1 << 30  # the reference is an instrument of the examiner's

# Taken before the submission is loaded, so that patching these modules changes nothing here.
OPERATIONS: dict[str, Callable[..., Any]] = {
    name: getattr(operator, name)
    for name in (
        "eq ne lt le gt ge getitem setitem delitem contains add sub mul truediv floordiv mod pow neg abs and_ or_ xor"
    ).split()
} | {"hash": hash, "len": len, "iter": iter, "next": next, "type": type}

# Taken before the submission is loaded, for the same reason. Classes are told by identity: any class may have any name.
_BUILTINS = dict(vars(builtins))
_BUILTIN_CLASSES = {id(value): value.__name__ for value in _BUILTINS.values() if isinstance(value, type)}

_MESSAGE = 2_000
_FRAMES = 8


class Servant:
    """Holds one load of a submission and answers requests about it.

    Args:
        slug: the module's name.
        path: where the file stands, for tracebacks and for child processes that import it again.
        address: where the examiner's instruments answer.
    """

    def __init__(self, slug: str, path: str, address: str = "") -> None:
        self.path = path
        self.address = address
        self.module = types.ModuleType(slug)
        self.module.__file__ = path
        self.names: dict[str, Any] = {}
        self.objects: dict[int, Any] = {}
        self.numbers: dict[int, int] = {}
        self.last = 0
        self.operators: dict[type, int] = {}
        self.declared: dict[int, type[BaseException]] = {}
        # The exception of the last answer, for whoever shares the process and wants its traceback (level none).
        self.error: BaseException | None = None

    def load(self, code: types.CodeType | bytes) -> bytes:
        """Import the submission and return the encoded answer: ("value", None) or ("raised", ...)."""
        sys.modules[self.module.__name__] = self.module
        try:
            if not isinstance(code, types.CodeType):
                code = compiled(code, self.path)
            exec(code, self.module.__dict__)
            own = self.module.__dict__.items()
            self.names = {name: value for name, value in own if name not in _BUILTINS or name.startswith("__")}
            self.names["__builtins__"] = dict(_BUILTINS)
            return wire.encode(("value", None))
        except BaseException as error:
            return self._failure(error)

    def answer(self, payload: bytes) -> bytes:
        """Return the encoded answer to an encoded request; never raises."""
        self.error = None
        try:
            request = wire.decode(payload, self._resolve)
            if request[0] == "get" and request[1] is None and not self._knows(request[2]):
                return wire.encode(("missing", request[2]))
            value = self._perform(*request)
            try:
                return wire.encode(("value", value), self._describe)
            except wire.WireError as error:
                return wire.encode(("refused", str(error)))
        except BaseException as error:
            try:
                return self._failure(error)
            except BaseException:
                return wire.encode(("raised", "RuntimeError", "?", "<unprintable>", (), ()))

    def _perform(self, verb: str, *request: Any) -> Any:
        if verb == "operate":
            return OPERATIONS[request[0]](*request[1])
        if verb == "exec":
            exec(compile(request[0], "<check>", "exec", dont_inherit=True), self.names)
            return None
        if verb == "show":
            return self._show(request[0])
        if verb == "forget":
            for number in request[0]:
                found = self.objects.pop(number, None)
                self.numbers.pop(id(found), None)
            return None
        target, name, *rest = request
        if verb == "call":
            return (target if name is None else getattr(target, name))(*rest[0], **rest[1])
        if verb == "get":
            return self._find(target, name)
        if verb == "set":
            return _BUILTINS["setattr"](target, name, rest[0])
        return _BUILTINS["delattr"](target, name)

    def _find(self, target: Any, name: str) -> Any:
        if target is not None:
            return getattr(target, name)
        return self.names[name] if name in self.names else _BUILTINS[name]

    def _knows(self, name: str) -> bool:
        return name in self.names or name in _BUILTINS

    def _show(self, source: str) -> str:
        shown = io.StringIO()
        display, output = sys.displayhook, sys.stdout
        sys.displayhook = lambda value: None if value is None else _write(shown, value)
        sys.stdout = shown
        try:
            exec(compile(source, "<example>", "single", dont_inherit=True), self.names)
        finally:
            sys.displayhook, sys.stdout = display, output
        return shown.getvalue()[:_MESSAGE]

    def _describe(self, found: Any) -> tuple[int, int, str]:
        """Keep an object here and return the reference that stands for it: (id, operators, class name)."""
        number = self.numbers.get(id(found))
        if number is None:
            self.last += 1
            number = self.last
            self.numbers[id(found)] = number
            self.objects[number] = found
        kind = type(found)
        operators = self.operators.get(kind) if type(kind) is type else None
        if operators is None:
            # Looked up as Python does for operators: on the class and its bases, not on the metaclass.
            members = set().union(*(base.__dict__ for base in kind.__mro__))
            operators = sum(1 << bit for bit, name in enumerate(OPTIONAL) if name in members)
            if type(kind) is type:
                self.operators[kind] = operators
        if isinstance(found, type):
            if issubclass(found, BaseException):
                operators |= EXCEPTION_BIT
                self.declared[number] = found
            return number, operators, _nearest(found) + " " + found.__qualname__
        return number, operators, kind.__qualname__

    def _resolve(self, number: int, operators: int, name: str) -> Any:
        if operators & INSTRUMENT_BIT:
            return instrument.Instrument(self.address, number, name)
        return self.objects[number]

    def _failure(self, error: BaseException) -> bytes:
        """Return the encoded answer that tells of `error`: names, text and line numbers."""
        self.error = error
        kind = type(error)
        try:
            message = str(error)
            if isinstance(error, SyntaxError) and error.filename == self.path:
                message = f"{error.msg}"
        except BaseException:
            message = "<its message can't be printed>"
        frames = []
        trace = error.__traceback__
        while trace is not None:
            if trace.tb_frame.f_code.co_filename == self.path:
                frames.append((trace.tb_lineno, trace.tb_frame.f_code.co_name[:80]))
                frames = frames[:_FRAMES] + frames[_FRAMES:][-_FRAMES:]
            trace = trace.tb_next
        if isinstance(error, SyntaxError) and error.filename == self.path:
            frames.append((error.lineno or 0, "<module>"))
        numbers = tuple(n for n, declared in self.declared.items() if issubclass(kind, declared))[:100]
        name = kind.__qualname__
        return wire.encode(
            (
                "raised",
                _nearest(kind),
                name[:80] if type(name) is str else "?",
                message[:_MESSAGE] if type(message) is str else "?",
                numbers,
                tuple(frames),
            )
        )


def _write(shown: io.StringIO, value: Any) -> None:
    shown.write(f"{value!r}\n")


def _nearest(kind: type) -> str:
    """Return the name of the first builtin class among a class's bases, itself included."""
    # By type's own descriptor: a metaclass may have an __mro__ of its own.
    for base in _mro(kind):
        if id(base) in _BUILTIN_CLASSES:
            return _BUILTIN_CLASSES[id(base)]
    return "object"


_mro = type.__dict__["__mro__"].__get__


def compiled(content: bytes, path: str) -> types.CodeType:
    """Return the code of a submission's file.

    Raises:
        SyntaxError: it is no Python, or not in the encoding that it declares, UTF-8 if none (PEP 3120).
    """
    if b"coding" not in b"".join(content.split(b"\n", 2)[:2]):
        try:
            content.decode("utf-8")
        except UnicodeDecodeError as error:  # which Python 3.11 overlooks in a comment
            line = content.count(b"\n", 0, error.start) + 1
            raise SyntaxError(f"(unicode error) {error}", (path, line, None, None)) from None
    return compile(content, path, "exec", dont_inherit=True)


def serve(stream: Any, servant: Servant, code: types.CodeType | bytes) -> None:
    """Answer the frames on `stream` until the other side closes it. The first answer, numbered 0, tells of the load."""
    stream.sendall(wire.frame(0, servant.load(code)))
    while True:
        try:
            number, payload = wire.receive(stream)
        except (EOFError, OSError):
            os._exit(0)
        stream.sendall(wire.frame(number, servant.answer(payload)))
