"""The head of a statement: the topic of its kata, its level and the minutes it takes.

The fields are the first paragraph below the title, one a line, in any order::

    :topic: data model
    :level: 2
    :minutes: 45
"""

from __future__ import annotations

import re
from dataclasses import dataclass

LINE = re.compile(r"[ \t]*:(\w*):[ \t]*(.*?)[ \t]*")
# For each field: a pattern of its values, their description, and an example.
_FIELDS = {
    "topic": (r"\w[^:]{0,29}", "a few words, at most 30 characters, by which katas are grouped", "data model"),
    "level": (r"[1-5]", "a whole number from 1 (easy) to 5 (hard)", "3"),
    "minutes": (r"[1-9][0-9]{0,2}", "a whole number from 1 to 999, for somebody who knows the topic", "45"),
}


class BadHead(ValueError):
    """A head's field is missing or malformed; the message names the file, the field and the next step."""


@dataclass(frozen=True)
class Head:
    """The fields of a head. level: from 1 (easy) to 5 (hard); minutes: for a reader who knows the topic."""

    topic: str
    level: int
    minutes: int

    @staticmethod
    def of(statement: str, name: str) -> Head:
        """Read the head of a statement. name: its file's name in messages.

        Raises:
            BadHead: a field is missing, unknown, given twice or malformed.
        """
        found: dict[str, str] = {}
        for field, value in _lines(statement):
            if field not in _FIELDS:
                raise BadHead(f"{name}: :{field}: {value!r} is not a field: there are {_named(_FIELDS)}")
            if field in found:
                raise BadHead(f"{name}: :{field}: is given twice, {found[field]!r} and {value!r}: remove one")
            found[field] = value
        for field, (pattern, rule, example) in _FIELDS.items():
            said = repr(found[field]) if field in found else "missing"
            if not re.fullmatch(pattern, found.get(field, ""), re.ASCII):
                raise BadHead(
                    f"{name}: :{field}: is {said}: below the title write {rule}, such as ':{field}: {example}'"
                )
        return Head(found["topic"], int(found["level"]), int(found["minutes"]))


def _lines(statement: str) -> list[tuple[str, str]]:
    """Return the fields in the first paragraph below the title, with their values."""
    _, _, below = statement.strip().partition("\n")
    found = []
    for line in below.lstrip().splitlines():
        field = LINE.fullmatch(line)
        if field is None:
            break
        found.append((field[1], field[2]))
    return found


def _named(fields: dict[str, tuple[str, str, str]]) -> str:
    return ", ".join(f":{field}:" for field in fields)
