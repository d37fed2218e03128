"""The places at which two plain values differ: two long values are hard to compare as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

from graders.sandbox.errors import NotPlainData
from graders.sandbox.transcript import show

Difference = tuple[str, str, str]

MOST: Final = 8  # places
_DEEPEST: Final = 6  # subscripts in one place
_SHORT: Final = 24  # characters of two values that a card shows whole
_NOTHING: Final = "nothing"


def differences(observed: Any, expected: Any) -> tuple[Difference, ...]:
    """Return the first places at which two lists, tuples or dicts differ.

    Each is (place, observed, expected), with the place as subscripts: ``[0]['name']``. Values that are not containers
    of one kind have no places; a side that lacks a place has "nothing".
    """
    if type(observed) is not type(expected) or type(expected) not in (list, tuple, dict):
        return ()
    return tuple(islice(_walk("", observed, expected), MOST))


def _walk(place: str, observed: Any, expected: Any, deep: int = 0) -> Iterator[Difference]:
    parts, wanted = _parts(observed), _parts(expected)
    short = deep > 0 and max(len(show(observed)), len(show(expected))) <= _SHORT
    if type(observed) is not type(expected) or parts is None or wanted is None or short or deep == _DEEPEST:
        if _differ(observed, expected):
            yield place, show(observed), show(expected)
        return
    for key in [*wanted, *(key for key in parts if key not in wanted)]:
        where = f"{place}[{show(key)}]"
        if key not in parts:
            yield where, _NOTHING, show(wanted[key])
        elif key not in wanted:
            yield where, show(parts[key]), _NOTHING
        else:
            yield from _walk(where, parts[key], wanted[key], deep + 1)


def _differ(observed: Any, expected: Any) -> bool:
    try:
        return bool(observed != expected)
    except NotPlainData:  # an object of the submission, whose answers prove nothing
        return True


def _parts(value: Any) -> dict[Any, Any] | None:
    """Return the items of a container by subscript, None for any other value."""
    if type(value) is dict:
        return value
    return dict(enumerate(value)) if type(value) in (list, tuple) else None
