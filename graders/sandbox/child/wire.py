"""The wire: plain data in bounded, numbered frames. Both sides use it; it imports the standard library only.

A frame is ``length (4 bytes, big endian) + request id (8 bytes) + payload``; a payload is one encoded value.
Values are data, never code: None, bool, int, float, str, bytes and tuples, lists, dicts and sets of them, each with its
*exact* type, so that an ``int`` subclass that lies about equality can't pass for an int. Any other object
crosses as a reference, which callables of the two sides make and resolve.

All bounds are here. They hold before memory is spent: a length is checked before the bytes after it are read.
"""

from __future__ import annotations

import builtins
import struct

TYPE_CHECKING = False  # as in typing, whose import alone would take half as long as the interpreter's start
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Protocol

    class Stream(Protocol):
        """What frames are read from: a socket or a similar object."""

        def recv(self, size: int, /) -> bytes:
            """Return at most `size` bytes, none at the end."""
            ...

    # Turns an object that is not plain data into (id, operators, class name), or raises WireError.
    Describe = Callable[[Any], tuple[int, int, str]]
    # Turns (id, operators, class name) back into the object or its proxy.
    Resolve = Callable[[int, int, str], Any]

# Taken before a submission is loaded, so that patching the module changes nothing below.
globals()["__builtins__"] = dict(vars(builtins))

MAX_FRAME = 1 << 20  # bytes
MAX_DEPTH = 64  # containers within containers
MAX_ITEMS = 50_000  # members of all containers in one frame
MAX_HASHED = 2_000  # set members and dict keys in one frame: colliding hashes cost its square
MAX_REFERENCES = 2_000  # in one frame: each is an object, or a class, on the trusted side
MAX_INT_BYTES = 4_096
HEADER = struct.Struct(">IQ")
REFERENCE = struct.Struct(">QII")  # id, operators, length of the class's name


class WireError(Exception):
    """A value that can't cross, or bytes that don't encode a value."""


_Q = struct.Struct(">q")
_D = struct.Struct(">d")
_I = struct.Struct(">I")
_TAGGED_Q = struct.Struct(">cq")
_TAGGED_D = struct.Struct(">cd")


class _Spent:
    """What one value has cost so far, on either side."""

    __slots__ = ("hashed", "items", "references")

    def __init__(self) -> None:
        self.items = 0
        self.hashed = 0
        self.references = 0

    def reference(self) -> None:
        self.references += 1
        if self.references > MAX_REFERENCES:
            raise WireError(f"more than {MAX_REFERENCES:,} objects that are no plain data")

    def container(self, length: int, depth: int, *, hashed: bool) -> None:
        self.items += length
        if hashed:
            self.hashed += length
        if depth >= MAX_DEPTH:
            raise WireError(f"nested deeper than {MAX_DEPTH} levels")
        if self.items > MAX_ITEMS or self.hashed > MAX_HASHED:
            raise WireError(f"too many items ({length:,} in one container)")


# The strings of every request and answer, encoded once.
_SHORT = {
    word: b"s" + _I.pack(len(word)) + word.encode()
    for word in (
        "call",
        "get",
        "set",
        "delete",
        "operate",
        "value",
        "raised",
        "eq",
        "ne",
        "hash",
        "len",
        "getitem",
    )
}


def _write(value: Any, out: bytearray, spent: _Spent, describe: Describe | None, depth: int) -> None:
    kind = type(value)
    if kind is str:
        short = _SHORT.get(value)
        if short is not None:
            out += short
            return
        if len(value) > MAX_FRAME:
            raise WireError(f"a str of {len(value):,} characters")
        raw = value.encode("utf-8", "surrogatepass")
        out += b"s" + _I.pack(len(raw)) + raw
    elif kind is int:
        if -(1 << 63) <= value < 1 << 63:
            out += _TAGGED_Q.pack(b"i", value)
        else:
            size = value.bit_length() // 8 + 1
            if size > MAX_INT_BYTES:
                raise WireError(f"an int of more than {MAX_INT_BYTES * 8:,} bits")
            out += b"I" + _I.pack(size) + value.to_bytes(size, "big", signed=True)
    elif kind is tuple or kind is list:
        spent.container(len(value), depth, hashed=False)
        out += (b"t" if kind is tuple else b"l") + _I.pack(len(value))
        for member in value:
            short = _SHORT.get(member) if type(member) is str else None
            if short is None:
                _write(member, out, spent, describe, depth + 1)
            else:
                out += short
    elif kind is bool:
        out += b"T" if value else b"F"
    elif value is None:
        out += b"N"
    elif kind is float:
        out += _TAGGED_D.pack(b"d", value)
    elif kind is bytes:
        if len(value) > MAX_FRAME:
            raise WireError(f"bytes of length {len(value):,}")
        out += b"b" + _I.pack(len(value)) + value
    elif kind is dict and (describe is None or all(map(_is_data, value))):
        spent.container(len(value), depth, hashed=True)
        out += b"m" + _I.pack(len(value))
        for key, member in value.items():
            _write(key, out, spent, describe, depth + 1)
            _write(member, out, spent, describe, depth + 1)
    elif (kind is set or kind is frozenset) and (describe is None or all(map(_is_data, value))):
        spent.container(len(value), depth, hashed=True)
        out += (b"S" if kind is set else b"Z") + _I.pack(len(value))
        for member in value:
            _write(member, out, spent, describe, depth + 1)
    elif describe is None:
        raise WireError(f"an object of class {kind.__name__[:80]}, which is no plain data")
    else:
        spent.reference()
        number, operators, name = describe(value)
        raw = name.encode("utf-8", "replace")[:80]
        out += b"h" + REFERENCE.pack(number, operators, len(raw)) + raw
    if len(out) > MAX_FRAME:
        raise WireError(f"larger than {MAX_FRAME:,} bytes")


def _is_data(key: Any) -> bool:
    if type(key) is tuple or type(key) is frozenset:
        return all(_is_data(member) for member in key)
    return key is None or type(key) in (int, str, float, bool, bytes)


# The most frequent answers, encoded.
_COMMON = {
    b"t\0\0\0\2" + _SHORT["value"] + tag: ("value", value) for tag, value in ((b"T", True), (b"F", False), (b"N", None))
}


def encode(value: Any, describe: Describe | None = None) -> bytes:
    """Return `value` as bytes.

    A dict or set with keys that are not plain data can't be rebuilt on the other side, so it is described as a whole.

    Raises:
        WireError: it is too large or too deep, or holds an object that is not plain data and can't be described.
    """
    out = bytearray()
    _write(value, out, _Spent(), describe, 0)
    return bytes(out)


def _read(data: bytes, at: int, spent: _Spent, resolve: Resolve | None, depth: int) -> tuple[Any, int]:
    """Return the value at an offset and the offset after it."""
    tag = data[at]
    at += 1
    if tag == 105:  # i
        return _Q.unpack_from(data, at)[0], at + 8
    if tag == 84:  # T
        return True, at
    if tag == 70:  # F
        return False, at
    if tag == 78:  # N
        return None, at
    if tag == 100:  # d
        return _D.unpack_from(data, at)[0], at + 8
    if tag == 104:  # h
        number, operators, length = REFERENCE.unpack_from(data, at)
        end = at + 16 + length
        if resolve is None:
            raise WireError("a reference where only plain data is allowed")
        if length > 80 or end > len(data):
            raise WireError("truncated")
        spent.reference()
        return resolve(number, operators, str(data[at + 16 : end], "utf-8", "replace")), end
    length = _I.unpack_from(data, at)[0]
    at += 4
    if tag == 115 or tag == 98 or tag == 73:  # s, b, I
        end = at + length
        if end > len(data):
            raise WireError("truncated")
        raw = data[at:end]
        if tag == 115:
            return str(raw, "utf-8", "surrogatepass"), end
        if tag == 98:
            return raw, end
        if length > MAX_INT_BYTES:
            raise WireError(f"an int of {length:,} bytes")
        return int.from_bytes(raw, "big", signed=True), end
    if tag not in b"tlmSZ":
        raise WireError(f"unknown tag {tag}")
    return _read_container(data, at, spent, resolve, depth, tag, length)


def _read_container(
    data: bytes, at: int, spent: _Spent, resolve: Resolve | None, depth: int, tag: int, length: int
) -> tuple[Any, int]:
    spent.container(length, depth, hashed=tag in b"mSZ")
    members = []
    if tag in b"tl":
        for _ in range(length):
            member, at = _read(data, at, spent, resolve, depth + 1)
            members.append(member)
        return (tuple(members) if tag == 116 else members), at
    values = []
    for _ in range(length):
        # A reference must not become a key: hashing it would ask the other side in the middle of a frame.
        member, at = _read(data, at, spent, None, depth + 1)
        members.append(member)
        if tag == 109:  # m
            value, at = _read(data, at, spent, resolve, depth + 1)
            values.append(value)
    if tag == 109:
        return dict(zip(members, values, strict=True)), at
    return (set(members) if tag == 83 else frozenset(members)), at


def decode(data: bytes, resolve: Resolve | None = None) -> Any:
    """Return the value that `data` holds.

    Raises:
        WireError: the bytes don't encode a value, break a bound, or hold a reference without a `resolve`.
    """
    common = _COMMON.get(data)
    if common is not None:
        return common
    try:
        value, end = _read(data, 0, _Spent(), resolve, 0)
    except (IndexError, struct.error):
        raise WireError("truncated") from None
    except UnicodeDecodeError:
        raise WireError("text that is not UTF-8") from None
    except TypeError:
        raise WireError("an unhashable key or member") from None
    if end != len(data):
        raise WireError("bytes behind the value")
    return value


def frame(number: int, payload: bytes) -> bytes:
    """Return the frame that carries `payload` as request `number`, or as the answer to it."""
    return HEADER.pack(len(payload), number) + payload


def receive(stream: Stream) -> tuple[int, bytes]:
    """Read a whole frame and return (number, payload); for the worker's side, which waits without a limit.

    Raises:
        EOFError: the other side closed the stream.
        WireError: the frame is larger than MAX_FRAME.
    """
    # The other side waits for an answer to each frame, so no bytes follow one.
    data = _at_least(stream, HEADER.size, stream.recv(1 << 16))
    length, number = HEADER.unpack_from(data)
    if length > MAX_FRAME:
        raise WireError(f"a frame of {length:,} bytes")
    return number, _at_least(stream, HEADER.size + length, data)[HEADER.size :]


def _at_least(stream: Stream, size: int, data: bytes) -> bytes:
    while len(data) < size:
        more = stream.recv(size - len(data))
        if not more:
            raise EOFError("the other side closed the stream")
        data += more
    return data
