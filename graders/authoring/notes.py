"""The notes of a kata for an interviewer, with follow-up questions: ``solutions/<slug>/notes.md``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

HEADINGS = ("The idea", "The usual answer", "Alternatives", "Follow-up questions", "Sources")
FEWEST_QUESTIONS = 3
_IDEA, _USUAL, _ALTERNATIVES, _QUESTIONS, _SOURCES = HEADINGS


class BadNotes(ValueError):
    """Notes lack a part; the message names the file, the missing part and the next step."""


@dataclass(frozen=True)
class Question:
    """A follow-up question. points: one or more points of a good answer."""

    text: str
    points: tuple[str, ...]


@dataclass(frozen=True)
class Notes:
    """The notes of a kata, in Markdown.

    alternatives, sources: the text of each bullet, without its dash; an alternative names a file in ``accepted/``.
    """

    title: str
    idea: str
    usual_answer: str
    alternatives: tuple[str, ...]
    questions: tuple[Question, ...]
    sources: tuple[str, ...]

    @staticmethod
    def of(text: str, name: str, accepted: Iterable[str]) -> Notes:
        """Read notes. name: their file's name in messages; accepted: the names of the files that they discuss.

        Raises:
            BadNotes: a heading, a bullet or an accepted file is missing, or a heading is out of order.
        """
        top, *sections = re.split(r"^## +(.*?) *$", text, flags=re.MULTILINE)
        title = re.fullmatch(r"# +(\S.*)", top.strip())
        if title is None:
            raise BadNotes(f"{name} begins with {top.strip()[:40]!r}: begin with '# TITLE', and then '## {_IDEA}'")
        if tuple(sections[::2]) != HEADINGS:
            raise BadNotes(f"{name} has the headings {sections[::2]}: write {list(HEADINGS)}, in this order")
        found = {heading: body.strip() for heading, body in zip(HEADINGS, sections[1::2], strict=True)}
        for heading, body in found.items():
            if not body:
                raise BadNotes(f"{name}: there is nothing below '## {heading}': write it")
        alternatives = _bullets(found[_ALTERNATIVES])
        for file in accepted:
            if not any(f"`{file}`" in bullet for bullet in alternatives):
                raise BadNotes(f"{name}: no bullet below '## {_ALTERNATIVES}' names `{file}`: say when it is right")
        sources = _bullets(found[_SOURCES])
        if not sources:
            raise BadNotes(f"{name}: there is no bullet below '## {_SOURCES}': name one")
        questions = _questions(found[_QUESTIONS], name)
        return Notes(title[1], found[_IDEA], found[_USUAL], alternatives, questions, sources)


def _questions(section: str, name: str) -> tuple[Question, ...]:
    _, *parts = re.split(r"^### +(.*?) *$", section, flags=re.MULTILINE)
    found = tuple(Question(text, _bullets(body)) for text, body in zip(parts[::2], parts[1::2], strict=True))
    if len(found) < FEWEST_QUESTIONS:
        raise BadNotes(f"{name} has {len(found)} '### Question?': ask {FEWEST_QUESTIONS} or more")
    for each in found:
        if not each.points:
            raise BadNotes(f"{name}: below '### {each.text}' write the points of a good answer, a bullet each")
    return found


def _bullets(section: str) -> tuple[str, ...]:
    """Return the text of each bullet, on one line."""
    found = re.findall(r"^- +(.*(?:\n(?!-|#|\n).*)*)", section, flags=re.MULTILINE)
    return tuple(" ".join(bullet.split()) for bullet in found)
