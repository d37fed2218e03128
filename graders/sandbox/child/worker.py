"""The untrusted side of a criterion: loads the submission and answers requests.

It imports wire, protocol and instrument, and interleave when asked to. The submission may patch whatever runs here, so
nothing is decided here: the worker answers with values, and the examiner judges them. A request and its answer are
plain tuples:

    ("call", target, name, args, kwargs)   call `target`, or its attribute if `name` is not None
    ("interleave", instrument, target, name, args, kwargs)   the same, its threads stopped as the instrument says
    ("get", target, name)                  an attribute, or a name at the prompt if `target` is None
    ("set", target, name, value)           ("delete", target, name)
    ("operate", operator name, operands)   one of OPERATIONS
    ("exec", source)                       run statements at the prompt
    ("show", source)                       run one statement as a prompt does, and return what it displays
    ("forget", ids)                        drop references

    ("value", value) | ("raised", builtin name, class name, message, ids of declared classes, frames, first)
    | ("refused", why the value can't cross) | ("missing", name)

A frame is (line, function), or (line, function, first column, last column) for the place of a syntax error. `first` is
(class name, message, frames) of the exception at the beginning of the chain, () if there is only one. The answer to a
load is ("value", the public names that the file defines, None if there are too many) or ("raised", ...).

The prompt holds what "exec" added, the submission's names, and the builtins. A builtin's name means the builtin there,
even if the submission has reused the name or patched it; what a suite imports there is what it was before the load.
"""

from __future__ import annotations

import builtins
import io
import operator
import os
import sys
import types

from graders.sandbox.child import instrument, protocol, wire

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

# Taken before the submission is loaded, so that patching the module changes nothing here: the code below looks its
# builtins up in this copy, too.
_BUILTINS = globals()["__builtins__"] = dict(vars(builtins))

# Taken now for the same reason.
OPERATIONS: dict[str, Callable[..., Any]] = {
    name: getattr(operator, name)
    for name in (
        "eq ne lt le gt ge getitem setitem delitem contains add sub mul truediv floordiv mod pow neg abs and_ or_ xor"
    ).split()
} | {"hash": hash, "len": len, "iter": iter, "next": next, "type": type, "is_": operator.is_}

# Classes are compared by identity: any class may have any name.
_CLASSES = {id(value): value.__name__ for value in _BUILTINS.values() if isinstance(value, type)}

# The answers that carry no information: None, and how that of a new object begins.
_NONE = wire.encode(("value", None))
_OBJECT = wire.encode(("value", object()), lambda _: (0, 0, ""))[: -wire.REFERENCE.size]

_MESSAGE = 2_000
_FRAMES = 8
_NAMES = 2_000  # of a file that are reported
_CHAIN = 20  # exceptions that are followed to find the first one


# The results of imports at a prompt, by (module, name), "" for the module itself.
_early: dict[tuple[str, str], Any] = {}


def resolve(asked: Iterable[tuple[str, str]]) -> None:
    """Import pairs (module, name) now, before any submission is loaded; a name's first meaning is kept.

    A function written in Python comes from a private instance of its module: what it looks up there can't be patched.
    Classes, exceptions and modules are those that the submission will meet.
    """
    for module, name in asked:
        if (module, name) in _early:
            continue
        try:
            value = __import__(module, fromlist=[name] if name else [])
            if name:
                value = getattr(value, name)
                if type(value) is types.FunctionType:
                    value = _of_its_own(module, name)
        except (ImportError, AttributeError):
            continue  # this Python does not have it: the prompt will say so
        _early[module, name] = value
        if name == "CancelledError":
            _CLASSES[id(value)] = protocol.CANCELLED


def _of_its_own(module: str, name: str) -> Any:
    """Return a function of a private instance of an imported module, with its own builtins."""
    known = vars(sys.modules[module])
    found = {each: value for each, value in known.items() if each[:2] == each[-2:] == "__"}
    found["__builtins__"] = dict(_BUILTINS)
    exec(known["__loader__"].get_code(module), found)
    return found[name]


def _import(name: str, scope: Any = None, local: Any = None, fromlist: Any = (), level: int = 0) -> Any:
    """Import at a prompt as `__import__` does; names that were resolved early keep their meaning."""
    early = {each: _early.get((name, each)) for each in fromlist or ("",)}
    if None in early.values():
        return _BUILTINS["__import__"](name, scope, local, fromlist, level)
    if not fromlist:
        return early[""]
    found = types.ModuleType(name)
    found.__dict__.update(early)
    return found


class Servant:
    """Holds a load of a submission and answers requests about it.

    Args:
        slug: the module's name.
        path: of the file, for tracebacks and for child processes that import it again.
        address: of the socket of the examiner's instruments.
    """

    def __init__(self, slug: str, path: str, address: str = "") -> None:
        self.path = path
        self.address = address
        self.module = types.ModuleType(slug)
        self.module.__file__ = path
        self.module.__dict__["__builtins__"] = vars(builtins)  # as in any module that is imported
        self.code: types.CodeType | None = None
        self.names: dict[str, Any] = {}
        self.objects: dict[int, Any] = {}
        self.numbers: dict[int, int] = {}
        self.last = 0
        self.operators: dict[type, int] = {}
        self.declared: dict[int, type[BaseException]] = {}
        # The exception of the last answer: at level none the examiner shares the process and wants its traceback.
        self.error: BaseException | None = None

    def load(self, code: types.CodeType | bytes) -> bytes:
        """Import the submission and return the encoded answer: ("value", names) or ("raised", ...)."""
        sys.modules[self.module.__name__] = self.module
        self.error = None
        try:
            if not isinstance(code, types.CodeType):
                code = compiled(code, self.path)
            self.code = code
            exec(code, self.module.__dict__)
            own = self.module.__dict__.items()
            self.names = {name: value for name, value in own if name not in _BUILTINS or name.startswith("__")}
            self.names["__builtins__"] = {**_BUILTINS, "__import__": _import}
            return wire.encode(("value", self._public()))
        except BaseException as error:
            return self._failure(error, _advised(error))

    def _public(self) -> tuple[str, ...] | None:
        """Return the names that can be asked for, None if there are too many to report."""
        found = tuple(n for n in self.names if type(n) is str and len(n) <= 80 and n.isidentifier() and n[0] != "_")
        return found if len(found) == sum(type(n) is str and n[:1] != "_" for n in self.names) <= _NAMES else None

    def answer(self, payload: bytes) -> bytes:
        """Return the encoded answer to an encoded request; never raises."""
        self.error = None
        try:
            request = wire.decode(payload, self._resolve)
            if request[0] == "several":
                return wire.encode(self._several(request[1]))
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
                return wire.encode(("raised", "RuntimeError", "?", "<unprintable>", (), (), ()))

    def _several(self, payloads: tuple[bytes, ...]) -> tuple[bytes, ...]:
        """Return the answers to encoded requests, up to the first one that is not None or a new object."""
        answers = []
        for payload in payloads:
            newest = self.last
            answers.append(self.answer(payload))
            if answers[-1] != _NONE and not (answers[-1].startswith(_OBJECT) and self.last == newest + 1):
                break
        return tuple(answers)

    def _perform(self, verb: str, *request: Any) -> Any:
        if verb == "operate":
            return OPERATIONS[request[0]](*request[1])
        if verb == "exec":
            exec(compile(request[0], "<check>", "exec", dont_inherit=True), self.names)
            return None
        if verb == "read":
            return [tuple([getattr(each, name) for name in request[1]]) for each in request[0]]
        if verb == "show":
            return self._show(request[0])
        if verb == "forget":
            for number in request[0]:
                found = self.objects.pop(number, None)
                self.numbers.pop(id(found), None)
            return None
        if verb == "interleave":
            from graders.sandbox.child import interleave  # few criteria need this

            assert self.code is not None
            with interleave.Interleaver(self.code, request[0]):
                return self._perform("call", *request[1:])
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
        """Keep an object here and return a reference to it: (id, operators, class name)."""
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
            members = set().union(*(base.__dict__ for base in true_bases(kind)))
            operators = sum(1 << bit for bit, name in enumerate(protocol.OPTIONAL) if name in members)
            if type(kind) is type:
                self.operators[kind] = operators
        if any(base is type for base in true_bases(kind)):
            if any(base is BaseException for base in true_bases(found)):
                operators |= protocol.EXCEPTION_BIT
                self.declared[number] = found
            return number, operators, _nearest(found) + " " + found.__qualname__
        return number, operators, kind.__qualname__

    def _resolve(self, number: int, operators: int, name: str) -> Any:
        if operators & protocol.INSTRUMENT_BIT:
            return instrument.Instrument(self.address, number, name)
        return self.objects[number]

    def _failure(self, error: BaseException, message: str | None = None) -> bytes:
        """Return the encoded answer about `error`: text and line numbers. message: in place of the error's own."""
        self.error = error
        kind = type(error)
        first = error
        for _ in range(_CHAIN):
            # `raise ... from None` is followed, too: it hides the line that failed.
            first = _cause(first) or _context(first) or first
        # By identity among its true bases: a metaclass may answer anything (__subclasscheck__).
        bases = {id(base) for base in true_bases(kind)}
        numbers = tuple(number for number, declared in self.declared.items() if id(declared) in bases)[:100]
        return wire.encode(
            (
                "raised",
                _nearest(kind),
                _title(kind),
                self._message(error) if message is None else message,
                numbers,
                self.frames(error),
                () if first is error else (_title(type(first)), self._message(first)[:200], self.frames(first)),
            )
        )

    def _message(self, error: BaseException) -> str:
        try:
            message = str(error)
            if isinstance(error, SyntaxError) and error.filename == self.path:
                message = f"{error.msg}"
        except BaseException:
            return "<its message can't be printed>"
        return message[:_MESSAGE] if type(message) is str else "?"

    def frames(self, error: BaseException) -> tuple[tuple[int, str] | tuple[int, str, int, int], ...]:
        """Return the frames of an exception's traceback that are in the file, outermost first."""
        frames: list[tuple[int, str] | tuple[int, str, int, int]] = []
        trace = error.__traceback__
        while trace is not None:
            if trace.tb_frame.f_code.co_filename == self.path:
                frames.append((trace.tb_lineno, trace.tb_frame.f_code.co_name[:80]))
                frames = frames[:_FRAMES] + frames[_FRAMES:][-_FRAMES:]
            trace = trace.tb_next
        if isinstance(error, SyntaxError) and error.filename == self.path:
            start, line = error.offset, error.lineno or 0
            if type(start) is type(line) is int and start > 0:
                end = error.end_offset if error.end_lineno == line else None
                frames.append((line, "<module>", start, end if type(end) is int and end > start else start + 1))
            else:
                frames.append((line, "<module>"))
        return tuple(frames)


def _title(kind: type) -> str:
    name = kind.__qualname__
    return name[:80] if type(name) is str else "?"


def _advised(error: BaseException) -> str | None:
    """Return an exception's text with Python's advice in a traceback ("Did you mean"), None if it never has any."""
    if not isinstance(error, (NameError, AttributeError, ImportError)):
        return None
    kept, sys.stderr = sys.stderr, io.StringIO()
    try:
        # As Python itself prints it: before 3.12 the module traceback does not know the advice.
        sys.__excepthook__(type(error), error, None)
        _, found, text = f"\n{sys.stderr.getvalue()}".rpartition(f"\n{type(error).__name__}: ")
        return text.strip()[:_MESSAGE] if found else None
    except BaseException:
        return None
    finally:
        sys.stderr = kept


def _write(shown: io.StringIO, value: Any) -> None:
    shown.write(f"{value!r}\n")


def _nearest(kind: type) -> str:
    """Return the name of the first builtin class among a class and its bases."""
    # By the descriptor of `type`: a metaclass may have its own __mro__.
    for base in true_bases(kind):
        if id(base) in _CLASSES:
            return _CLASSES[id(base)]
    return "object"


true_bases = type.__dict__["__mro__"].__get__
_cause = BaseException.__dict__["__cause__"].__get__
_context = BaseException.__dict__["__context__"].__get__


def compiled(content: bytes, path: str) -> types.CodeType:
    """Return the code of a submission's file.

    Raises:
        SyntaxError: it is not Python, or not in the encoding that it declares, by default UTF-8 (PEP 3120).
    """
    if b"coding" not in b"".join(content.split(b"\n", 2)[:2]):
        try:
            content.decode("utf-8")
        except UnicodeDecodeError as error:  # Python 3.11 overlooks it in a comment
            line = content.count(b"\n", 0, error.start) + 1
            raise SyntaxError(f"(unicode error) {error}", (path, line, None, None)) from None
    return compile(content, path, "exec", dont_inherit=True)


def serve(stream: Any, servant: Servant, code: types.CodeType | bytes) -> None:
    """Answer the frames on `stream` until the other side closes it. The first answer, number 0, is that of the load."""
    stream.sendall(wire.frame(0, servant.load(code)))
    while True:
        try:
            number, payload = wire.receive(stream)
        except (EOFError, OSError):
            os._exit(0)
        stream.sendall(wire.frame(number, servant.answer(payload)))
