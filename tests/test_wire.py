"""The wire: what crosses keeps its exact type, nothing breaks a bound, and garbage is refused."""

from __future__ import annotations

import contextlib
import io
import math
import struct
import sys
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from graders.sandbox.child import wire

MAX = 0xFFFFFFFF
texts = st.text(st.characters(codec=None))  # lone surrogates too
atoms = (
    st.none() | st.booleans() | st.integers() | st.integers(-(1 << 400), 1 << 400) | st.floats() | texts | st.binary()
)
keys = st.recursive(atoms, lambda inner: st.tuples(inner, inner) | st.frozensets(inner, max_size=3), max_leaves=4)
values = st.recursive(
    atoms,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(keys, inner, max_size=4)
        | st.sets(keys, max_size=4)
        | st.frozensets(keys, max_size=4)
    ),
    max_leaves=12,
)


def same(left: Any, right: Any) -> bool:
    """Whether two values are alike to the last bit and type: nan, and the sign of a zero, count."""
    if type(left) is not type(right):
        return False
    if type(left) is float:
        return struct.pack(">d", left) == struct.pack(">d", right)
    if type(left) in (list, tuple):
        return len(left) == len(right) and all(map(same, left, right))
    if type(left) is dict:
        # Order is kept too: a learner sees it.
        return same(list(left.items()), list(right.items()))
    if type(left) in (set, frozenset):
        return len(left) == len(right) and all(any(same(one, other) for other in right) for one in left)
    return bool(left == right)


def sized(tag: bytes, length: int) -> bytes:
    """Return the head of a value that says its length."""
    return tag + struct.pack(">I", length)


@given(value=values)
@example(value=-0.0)
@example(value=[0.0, -0.0, math.nan, math.inf, -math.inf])
@example(value=[1, 1.0, True, "1", b"1"])
@example(value=[(1 << 63) - 1, 1 << 63, -(1 << 63), -(1 << 63) - 1, 255, 256, -255, -256])
@example(value="\ud800 \udfff")
@example(value={(1, 2): {3}, frozenset({4}): [()]})
def test_values_come_back_with_their_exact_types(value: Any) -> None:
    """What is encoded is decoded to the same value of the same type, inside containers too."""
    assert same(wire.decode(wire.encode(value)), value)


@given(value=values)
def test_a_value_that_is_cut_short_anywhere_is_refused(value: Any) -> None:
    """No beginning of an encoded value is a value."""
    data = wire.encode(value)

    for end in range(len(data)):
        with pytest.raises(wire.WireError):
            wire.decode(data[:end])


@given(value=values, more=st.binary(min_size=1, max_size=3))
def test_bytes_behind_a_value_are_refused(value: Any, more: bytes) -> None:
    """A payload is one value and nothing else."""
    with pytest.raises(wire.WireError, match="behind"):
        wire.decode(wire.encode(value) + more)


@given(data=st.binary(max_size=200) | st.lists(st.sampled_from(b"NTFidsbItlmSZh\0\1\2"), max_size=60).map(bytes))
@example(data=b"")
@example(data=sized(b"s", 2) + b"\xff\xfe")
@example(data=sized(b"S", 1) + sized(b"l", 0))
@example(data=sized(b"m", 1) + sized(b"m", 0) + b"N")
@example(data=sized(b"l", MAX))
def test_garbage_raises_wire_error_and_nothing_else(data: bytes) -> None:
    """Whatever bytes come: a value that can be encoded again, or WireError."""
    with contextlib.suppress(wire.WireError):
        value = wire.decode(data)
        assert same(wire.decode(wire.encode(value)), value)


@given(value=values, at=st.integers(0, 500), by=st.integers(1, 255))
def test_a_flipped_byte_never_gets_past_wire_error(value: Any, at: int, by: int) -> None:
    """Damage to a real value is another value or WireError."""
    data = bytearray(wire.encode(value))
    data[at % len(data)] ^= by

    with contextlib.suppress(wire.WireError):
        value = wire.decode(bytes(data))
        assert same(wire.decode(wire.encode(value)), value)


class Liar(int):
    """An int that says it equals everything."""

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = int.__hash__


@pytest.mark.parametrize(
    "value",
    [Liar(3), [Liar(3)], {"a": Liar(3)}, type("S", (str,), {})("x"), type("L", (list,), {})(), object(), len, int],
    ids=lambda value: type(value).__name__,
)
def test_a_subclass_is_no_plain_data(value: Any) -> None:
    """Only exact types cross by value; for all others the other side gets a reference or an error."""
    with pytest.raises(wire.WireError, match="no plain data"):
        wire.encode(value)

    assert wire.encode(value, lambda found: (7, 0, "Liar")).count(b"h" + struct.pack(">QII", 7, 0, 4) + b"Liar") == 1


def test_a_reference_is_made_and_resolved_by_the_two_sides() -> None:
    """Number, operators and name arrive as they were described."""
    data = wire.encode([1, object(), {"k": object()}], lambda found: (5, MAX, "Some.Thing"))

    assert wire.decode(data, lambda *found: found) == [1, (5, MAX, "Some.Thing"), {"k": (5, MAX, "Some.Thing")}]
    with pytest.raises(wire.WireError, match="reference"):
        wire.decode(data)


def test_a_long_class_name_is_cut_and_an_undecodable_one_replaced() -> None:
    """A name can't fill a frame, and is always text."""
    long = wire.decode(wire.encode(object(), lambda _: (1, 0, "é" * 500)), lambda *found: found[2])
    odd = wire.decode(wire.encode(object(), lambda _: (1, 0, "\ud800")), lambda *found: found[2])

    assert long.startswith("ééé")
    assert len(long) <= 80
    assert odd.isprintable()


REFERENCE = b"h" + struct.pack(">QII", 9, 0, 1) + b"X"


@pytest.mark.parametrize(
    "data",
    [
        sized(b"m", 1) + REFERENCE + b"N",
        sized(b"S", 1) + REFERENCE,
        sized(b"Z", 1) + REFERENCE,
        sized(b"S", 1) + sized(b"t", 1) + REFERENCE,
        sized(b"m", 1) + sized(b"Z", 1) + REFERENCE + b"N",
    ],
    ids=["key", "member", "frozen member", "in a tuple", "in a frozenset"],
)
def test_a_reference_as_a_key_is_refused_before_it_is_resolved(data: bytes) -> None:
    """Hashing a proxy would ask the worker in the middle of its own answer."""
    resolved: list[Any] = []

    with pytest.raises(wire.WireError, match="reference"):
        wire.decode(data, lambda *found: resolved.append(found))
    assert resolved == []


def test_a_reference_behind_a_refused_place_still_resolves() -> None:
    """A dict's value may be a reference, also after a key was read."""
    data = sized(b"l", 2) + sized(b"m", 1) + b"N" + REFERENCE + REFERENCE

    assert wire.decode(data, lambda *found: found[0]) == [{None: 9}, 9]


class Odd:
    """An object with a hash that is no plain data."""


@pytest.mark.parametrize("value", [{Odd(): 1}, {Odd()}, frozenset({(1, Odd())})], ids=["dict", "set", "frozenset"])
def test_a_container_with_objects_as_keys_stays_where_it_is(value: Any) -> None:
    """Its keys could not be hashed on the other side, so it is described as a whole."""
    data = wire.encode(value, lambda found: (3, 0, type(found).__name__))

    assert wire.decode(data, lambda *found: found) == (3, 0, type(value).__name__)


def nested(depth: int) -> Any:
    """Return lists within lists."""
    value: Any = []
    for _ in range(depth - 1):
        value = [value]
    return value


HUGE = 1 << (wire.MAX_INT_BYTES * 8 - 2)
WITHIN = {
    "depth": nested(wire.MAX_DEPTH),
    "items": [None] * wire.MAX_ITEMS,
    "keys": dict.fromkeys(range(wire.MAX_HASHED)),
    "members": set(range(wire.MAX_HASHED)),
    "int": HUGE,
    "negative int": -HUGE,
    "str": "x" * (wire.MAX_FRAME - 5),
    "bytes": bytes(wire.MAX_FRAME - 5),
}
BEYOND = {
    "depth": nested(wire.MAX_DEPTH + 1),
    "items": [None] * (wire.MAX_ITEMS + 1),
    "items of many": [[None] * 100 for _ in range(wire.MAX_ITEMS // 100)],
    "keys": dict.fromkeys(range(wire.MAX_HASHED + 1)),
    "members": set(range(wire.MAX_HASHED + 1)),
    "members of many": [{n} for n in range(wire.MAX_HASHED + 1)],
    "int": HUGE << 8,
    "negative int": -(HUGE << 8),
    "str": "x" * (wire.MAX_FRAME - 4),
    "wide str": "\N{SNOWMAN}" * (wire.MAX_FRAME // 2),
    "bytes": bytes(wire.MAX_FRAME - 4),
    "many strs": ["x" * 1000] * 1050,
}


@pytest.mark.parametrize("name", WITHIN)
def test_a_value_at_the_bound_crosses(name: str) -> None:
    """A bound is as wide as it says."""
    assert wire.decode(wire.encode(WITHIN[name])) == WITHIN[name]


@pytest.mark.parametrize("name", BEYOND)
def test_a_value_beyond_the_bound_is_refused_by_the_sender(name: str) -> None:
    """A worker says that a value is too large, rather than send it."""
    with pytest.raises(wire.WireError):
        wire.encode(BEYOND[name])


def test_a_value_that_holds_itself_is_refused() -> None:
    """A cycle has no end to encode."""
    cycle: list[Any] = []
    cycle.append(cycle)

    with pytest.raises(wire.WireError, match="deeper"):
        wire.encode(cycle)


@pytest.mark.parametrize(
    "data",
    [
        sized(b"l", 1) * (wire.MAX_DEPTH + 1) + b"N",
        sized(b"l", wire.MAX_ITEMS + 1) + b"N" * (wire.MAX_ITEMS + 1),
        sized(b"l", 2) + (sized(b"t", wire.MAX_ITEMS // 2) + b"N" * (wire.MAX_ITEMS // 2)) * 2,
        sized(b"S", wire.MAX_HASHED + 1) + b"N" * (wire.MAX_HASHED + 1),
        sized(b"m", wire.MAX_HASHED + 1) + b"NN" * (wire.MAX_HASHED + 1),
        sized(b"l", 2) + (sized(b"Z", wire.MAX_HASHED // 2 + 1) + b"N" * (wire.MAX_HASHED // 2 + 1)) * 2,
        sized(b"I", wire.MAX_INT_BYTES + 1) + b"\1" * (wire.MAX_INT_BYTES + 1),
    ],
    ids=["depth", "items", "items of many", "members", "keys", "members of many", "int"],
)
def test_a_forged_value_beyond_the_bound_is_refused_by_the_receiver(data: bytes) -> None:
    """The bounds hold against a worker that does not keep them."""
    with pytest.raises(wire.WireError):
        wire.decode(data)


@pytest.mark.parametrize("tag", [b"s", b"b", b"I", b"l", b"t", b"m", b"S", b"Z"])
def test_a_length_is_not_believed(tag: bytes) -> None:
    """Four bytes can claim 4 GiB; nothing is allocated for a claim."""
    with pytest.raises(wire.WireError):
        wire.decode(sized(tag, MAX) + b"N" * 20)


def test_sets_of_colliding_hashes_stay_small() -> None:
    """Members that all hash alike cost the square of their number: so many are refused, whatever they are."""
    modulus = sys.hash_info.modulus
    colliding = [n * modulus for n in range(1, wire.MAX_HASHED + 2)]
    body = b"".join(wire.encode(n) for n in colliding)

    assert {hash(n) for n in colliding} == {0}
    with pytest.raises(wire.WireError):
        wire.decode(sized(b"S", len(colliding)) + body)


class Trickle:
    """A stream that gives one byte at a time."""

    def __init__(self, data: bytes) -> None:
        self.data = io.BytesIO(data)
        self.asked = 0

    def recv(self, size: int, /) -> bytes:
        """Return the next byte."""
        self.asked = max(self.asked, size)
        return self.data.read(1)


@given(number=st.integers(0, (1 << 64) - 1), payload=st.binary(max_size=50))
def test_a_frame_arrives_however_it_is_cut_into_pieces(number: int, payload: bytes) -> None:
    """The request's number and payload come back from single bytes."""
    assert wire.receive(Trickle(wire.frame(number, payload))) == (number, payload)


@pytest.mark.parametrize("end", range(15))
def test_a_stream_that_ends_in_a_frame_raises_eof(end: int) -> None:
    """Half a frame is no frame."""
    with pytest.raises(EOFError):
        wire.receive(Trickle(wire.frame(1, b"abc")[:end]))


def test_a_frame_that_claims_too_much_is_refused_by_its_header() -> None:
    """Nothing is read behind the first piece, whatever the header says."""
    stream = Trickle(wire.HEADER.pack(wire.MAX_FRAME + 1, 1) + b"x" * 100)

    with pytest.raises(wire.WireError, match="frame"):
        wire.receive(stream)
    assert stream.asked <= 1 << 16
    assert stream.data.tell() == wire.HEADER.size
