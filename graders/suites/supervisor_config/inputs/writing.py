"""How the cases of supervisor_config are written: sections, programs, and the texts in them.

Each family of cases builds a configuration that the real parser accepts, and then, in about 30 % of the draws, writes
one fault into it. It exercises its own feature and keeps the others trivial, so that a mistake costs its own criterion.
The oracle says whether a case is valid: a case does not know.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from string import ascii_letters, ascii_lowercase, digits

from hypothesis import strategies as st

Option = tuple[str, str]


@dataclass(frozen=True)
class Lesson:
    """What a learner is told if a case fails: the rule that the case is about, and hints."""

    principle: str
    hints: tuple[str, ...] = ()

    def of(self, *cases: Case) -> tuple[Case, ...]:
        """Return cases that teach this, the shortest text first."""
        return tuple(sorted((replace(case, lesson=self) for case in cases), key=lambda case: len(case.text)))


@dataclass(frozen=True)
class Case:
    """The arguments of one call, the text for the oracle where that differs, and a call that is made first.

    lesson: what to tell if the case fails; None for the principle of its criterion. simpler: a case that asks the same
    without the rule that this one is about: a submission that fails it has made another mistake, and is not asked this.
    """

    text: str
    env: Mapping[str, str] | None = None
    here: str = "/etc/supervisor"
    like: str | None = field(default=None, repr=False)  # a key that the kata ignores, left out
    before: Case | None = field(default=None, repr=False)
    lesson: Lesson | None = field(default=None, repr=False)
    simpler: Case | None = field(default=None, repr=False)

    @property
    def oracle_text(self) -> str:
        """The text that the oracle reads."""
        return self.text if self.like is None else self.like


def section(header: str, *options: Option) -> str:
    """Write one section."""
    return "".join([f"[{header}]\n", *(f"{key}={value}\n" for key, value in options)])


def program(*options: Option, name: str = "w", command: str | None = "/bin/x") -> str:
    """Write one program."""
    first = [] if command is None else [("command", command)]
    return section(f"program:{name}", *first, *options)


def named(env: Mapping[str, str], text: str) -> dict[str, str]:
    """Return what a text names of an environment, in any case of its letters."""
    return {key: value for key, value in env.items() if f"_{key})".lower() in text.lower()}


def at_most_one(*faults: str) -> st.SearchStrategy[str | None]:
    """Draw no fault in about seven of ten cases; None is also what a failure shrinks to.

    Draw it before all else: what is drawn late is None far more often, since Hypothesis likes to
    end its cases with the simplest choices.
    """
    return st.sampled_from([None] * round(len(faults) * 7 / 3) + [*faults])


def cases_of(text: str) -> list[str]:
    """Write a text as it stands, in upper, title and mixed case."""
    mixed = "".join(char.upper() if at % 2 else char for at, char in enumerate(text))
    return [text, text.upper(), text.title(), mixed]


def any_case(text: str) -> st.SearchStrategy[str]:
    """Write a text in one of these cases."""
    return st.sampled_from(cases_of(text))


def texts(first: str, rest: str, size: int) -> st.SearchStrategy[str]:
    """Draw a short text: one character, then up to `size` others."""
    return st.builds(str.__add__, st.sampled_from(first), st.text(rest, max_size=size))


LETTERS = ascii_letters
NAMES = texts(ascii_lowercase, ascii_lowercase + digits + "_-", 6)  # their case is a rule of its own
WORDS = texts(LETTERS + digits + "_./@?*|&<>~^+,-", LETTERS + digits + "_./@?*|&<>~^+,-", 7)
PATHS = st.lists(texts("abcxyz", "abc019_.-", 4), min_size=1, max_size=3).map(lambda parts: "/" + "/".join(parts))
COMMANDS = st.builds(lambda *parts: " ".join([parts[0], *parts[1]]), PATHS, st.lists(WORDS, max_size=3))
INTEGERS = st.integers(-20, 1200).map(str)
FORBIDDEN = [" ", ":", "/"]  # in names
