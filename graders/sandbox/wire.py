"""LAYER 1. The wire: plain data in bounded, numbered frames. Both sides use it; it imports the standard library only.

A frame is ``length (4 bytes, big endian) + request id (8 bytes) + payload``; a payload is one encoded value.
Values are data and never code: None, bool, int, float, str, bytes and tuples, lists, dicts and sets of them, each with
its *exact* type, so that an ``int`` subclass that lies about equality can't pass for an int. Whatever else has to
cross is a reference, made and resolved by the callables that the two sides hand in.

Every bound is here. They hold before memory is spent: a length is checked before the bytes behind it are read.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any, Protocol

MAX_FRAME = 1 << 20  # bytes
MAX_DEPTH = 64  # containers within containers
MAX_ITEMS = 50_000  # members of all containers in one frame
MAX_HASHED = 2_000  # set members and dict keys in one frame: colliding hashes cost the square of it
MAX_INT_BYTES = 4_096
HEADER = struct.Struct(">IQ")


class WireError(Exception):
    """A value that can't cross, or bytes that are no value."""


class Stream(Protocol):
    """What frames are read from: a socket, or whatever answers like one."""

    def recv(self, size: int, /) -> bytes:
        """Return at most `size` bytes, and none at the end."""
        ...


_Q = struct.Struct(">q")
_D = struct.Struct(">d")
_I = struct.Struct(">I")
_REF = struct.Struct(">QII")

# Turns an object that is no plain data into (id, operators, class name), or raises WireError.
Describe = Callable[[Any], "tuple[int, int, str]"]
# Turns (id, operators, class name) back into what stands for the object.
Resolve = Callable[[int, int, str], Any]


class _Writer:
    """Encodes one value; counts what it has spent."""

    def __init__(self, describe: Describe | None) -> None:
        self.describe = describe
        self.parts: list[bytes] = []
        self.items = 0
        self.hashed = 0
        self.size = 0

    def put(self, data: bytes) -> None:
        self.size += len(data)
        if self.size > MAX_FRAME:
            raise WireError(f"larger than {MAX_FRAME:,} bytes")
        self.parts.append(data)

    def sized(self, tag: bytes, data: bytes) -> None:
        self.put(tag + _I.pack(len(data)))
        self.put(data)

    def value(self, value: Any, depth: int = 0) -> None:
        kind = type(value)
        if kind is int:
            if -(1 << 63) <= value < 1 << 63:
                self.put(b"i" + _Q.pack(value))
            else:
                size = value.bit_length() // 8 + 1
                if size > MAX_INT_BYTES:
                    raise WireError(f"an int of more than {MAX_INT_BYTES * 8:,} bits")
                self.sized(b"I", value.to_bytes(size, "big", signed=True))
        elif kind is str:
            if len(value) > MAX_FRAME:
                raise WireError(f"a str of {len(value):,} characters")
            self.sized(b"s", value.encode("utf-8", "surrogatepass"))
        elif value is None:
            self.put(b"N")
        elif kind is bool:
            self.put(b"T" if value else b"F")
        elif kind is float:
            self.put(b"d" + _D.pack(value))
        elif kind is bytes:
            if len(value) > MAX_FRAME:
                raise WireError(f"bytes of length {len(value):,}")
            self.sized(b"b", value)
        elif kind is tuple or kind is list:
            self.open(b"t" if kind is tuple else b"l", len(value), depth)
            for member in value:
                self.value(member, depth + 1)
        elif kind is dict and self.keys_are_data(value):
            self.open(b"m", len(value), depth)
            for key, member in value.items():
                self.value(key, depth + 1)
                self.value(member, depth + 1)
        elif (kind is set or kind is frozenset) and self.keys_are_data(value):
            self.open(b"S" if kind is set else b"Z", len(value), depth)
            for member in value:
                self.value(member, depth + 1)
        elif self.describe is None:
            raise WireError(f"an object of class {kind.__name__[:80]}, which is no plain data")
        else:
            number, operators, name = self.describe(value)
            raw = name.encode("utf-8", "replace")[:80]
            self.put(b"h" + _REF.pack(number, operators, len(raw)))
            self.put(raw)

    def open(self, tag: bytes, length: int, depth: int) -> None:
        if depth >= MAX_DEPTH:
            raise WireError(f"nested deeper than {MAX_DEPTH} levels")
        self.items += length
        if tag in b"mSZ":
            self.hashed += length
        if self.items > MAX_ITEMS or self.hashed > MAX_HASHED:
            raise WireError(f"too many items ({length:,} in one container)")
        self.put(tag + _I.pack(length))

    def keys_are_data(self, value: Any) -> bool:
        """Whether a dict or set can be built anew on the other side; else it stays here, as a reference."""
        return self.describe is None or all(_is_data(key) for key in value)


def _is_data(key: Any) -> bool:
    if type(key) is tuple or type(key) is frozenset:
        return all(_is_data(member) for member in key)
    return key is None or type(key) in (int, str, float, bool, bytes)


def encode(value: Any, describe: Describe | None = None) -> bytes:
    """Return `value` as bytes.

    Raises:
        WireError: it is too large or too deep, or holds what is no plain data and can't be described.
    """
    writer = _Writer(describe)
    writer.value(value)
    return b"".join(writer.parts)


class _Reader:
    """Decodes one payload; counts what it has spent."""

    def __init__(self, data: bytes, resolve: Resolve | None) -> None:
        self.data = data
        self.resolve = resolve
        self.at = 0
        self.items = 0
        self.hashed = 0

    def take(self, size: int) -> bytes:
        end = self.at + size
        if end > len(self.data):
            raise WireError("truncated")
        raw = self.data[self.at : end]
        self.at = end
        return raw

    def value(self, depth: int = 0) -> Any:
        tag = self.take(1)
        if tag == b"T":
            return True
        if tag == b"F":
            return False
        if tag == b"i":
            return _Q.unpack(self.take(8))[0]
        if tag == b"N":
            return None
        if tag == b"d":
            return _D.unpack(self.take(8))[0]
        if tag == b"h":
            return self.reference()
        length: int = _I.unpack(self.take(4))[0]
        if tag == b"s":
            try:
                return str(self.take(length), "utf-8", "surrogatepass")
            except UnicodeDecodeError:
                raise WireError("text that is not UTF-8") from None
        if tag == b"b":
            return self.take(length)
        if tag == b"I":
            if length > MAX_INT_BYTES:
                raise WireError(f"an int of {length:,} bytes")
            return int.from_bytes(self.take(length), "big", signed=True)
        if tag not in b"tlmSZ":
            raise WireError(f"unknown tag {tag!r}")
        return self.container(tag, length, depth)

    def reference(self) -> Any:
        number, operators, length = _REF.unpack(self.take(16))
        name = str(self.take(min(length, 81)), "utf-8", "replace")
        if self.resolve is None:
            raise WireError("a reference where only plain data may stand")
        return self.resolve(number, operators, name)

    def container(self, tag: bytes, length: int, depth: int) -> Any:
        self.items += length
        if depth >= MAX_DEPTH or self.items > MAX_ITEMS:
            raise WireError("nested too deeply or too many items")
        if tag == b"l":
            return [self.value(depth + 1) for _ in range(length)]
        if tag == b"t":
            return tuple([self.value(depth + 1) for _ in range(length)])
        self.hashed += length
        if self.hashed > MAX_HASHED:
            raise WireError(f"more than {MAX_HASHED:,} set members and dict keys")
        # A reference must not become a key: hashing it would ask the other side in the middle of a frame.
        resolve, items = self.resolve, []
        for _ in range(length):
            self.resolve = None
            key = self.value(depth + 1)
            self.resolve = resolve
            items.append((key, self.value(depth + 1) if tag == b"m" else None))
        try:
            if tag == b"m":
                return dict(items)
            return (set if tag == b"S" else frozenset)(key for key, _ in items)
        except TypeError:
            raise WireError("an unhashable key or member") from None


def decode(data: bytes, resolve: Resolve | None = None) -> Any:
    """Return the value that `data` holds.

    Raises:
        WireError: the bytes are no value, break a bound, or hold a reference and there is no `resolve`.
    """
    reader = _Reader(data, resolve)
    value = reader.value()
    if reader.at != len(data):
        raise WireError("bytes behind the value")
    return value


def frame(number: int, payload: bytes) -> bytes:
    """Return the frame that carries `payload` as request, or as the answer to request, `number`."""
    return HEADER.pack(len(payload), number) + payload


def receive(stream: Stream) -> tuple[int, bytes]:
    """Read one whole frame and return (number, payload); for the worker's side, which waits as long as it takes.

    Raises:
        EOFError: the other side closed the stream.
        WireError: the frame is larger than MAX_FRAME.
    """
    length, number = HEADER.unpack(_exactly(stream, HEADER.size))
    if length > MAX_FRAME:
        raise WireError(f"a frame of {length:,} bytes")
    return number, _exactly(stream, length)


def _exactly(stream: Stream, size: int) -> bytes:
    data = b""
    while len(data) < size:
        more = stream.recv(size - len(data))
        if not more:
            raise EOFError("the other side closed the stream")
        data += more
    return data
