"""The first files of a new kata: a stub, a reference, a hidden suite and notes, to be filled in.

They pass the first steps of the contract; `kata check SLUG` names the next step.
"""

from __future__ import annotations

from graders.authoring.catalogue import Kata

STUB = '''\
"""{title}: what does it teach?

:topic: data model
:level: 1
:minutes: 30

The interview question: "..." The usual answer is ..., and it breaks where ...
Write `answer(number)`, which returns ...

Examples:
    >>> answer(20)
    21

Rules:
1. `answer` returns the next number.

Out of scope:
- numbers that are not ints

Sources:
- The Python manual, "Built-in Types"
"""


def answer(number: int) -> int:
    """Return the next number."""
    raise NotImplementedError
'''
REFERENCE = '''\
"""Reference solution of the kata {slug}."""


def answer(number: int) -> int:
    """Return the next number."""
    return number + 1
'''
SUITE = '''\
"""Hidden suite: {title}."""

from hypothesis import given
from hypothesis import strategies as st

from graders import Submission, criterion, examples_of


@criterion(
    "The next number is right",
    points=100,
    because="Say here which principle a wrong answer breaks.",
    hints=("Ask the question that leads to the mistake.", "Say in words where to look."),
)
@given(number=st.integers(-1000, 1000))
@examples_of(number=[20, 0, -1])
def the_next_number_is_right(submission: Submission, number: int) -> None:
    assert submission.answer(number) == number + 1
'''
PACKAGE = '"""All that is hidden of the kata {slug}."""\n'
NOTES = """\
# {title}

## The idea

Five sentences.

## The usual answer

What most people answer, and what breaks it.

## Alternatives

A bullet for each file in `accepted/`: when it is the right choice.

## Follow-up questions

### What comes next?
- A point of a good answer.

### Why?
- A point of a good answer.

### When not?
- A point of a good answer.

## Sources

- The Python manual
"""


def scaffold(kata: Kata) -> list[str]:
    """Write the first files of a kata and return their names, relative to the project's folder.

    Raises:
        ValueError: the slug is not a valid module name in lower case, or the project is not a clone.
        FileExistsError: one of the files exists already; then none is written.
        OSError: a file or its folder can't be made.
    """
    if not kata.slug.isidentifier() or kata.slug != kata.slug.lower():
        raise ValueError(f"{kata.slug!r} is not a slug: take a module's name in lower case, such as thread_pool")
    if not kata.stub.parent.is_dir():
        raise ValueError(f"{kata.root} has no folder katas/: run this in a clone of graded-katas")
    files = {
        kata.stub: STUB,
        kata.reference: REFERENCE,
        kata.notes_file: NOTES,
        kata.suite_file.with_name("__init__.py"): PACKAGE,
        kata.suite_file: SUITE,
    }
    for path in files:
        if path.exists():
            raise FileExistsError(f"{path.relative_to(kata.root).as_posix()} is there already: choose another slug")
    title = kata.slug.replace("_", " ").capitalize()
    for path in files:
        path.parent.mkdir(parents=True, exist_ok=True)
    for path, text in files.items():
        path.write_text(text.format(title=title, slug=kata.slug), "utf-8")
    return [path.relative_to(kata.root).as_posix() for path in files]
