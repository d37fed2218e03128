"""Examinations of small submissions by small suites."""

from __future__ import annotations

import types
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from hypothesis.database import ExampleDatabase

from graders.authoring.catalogue import Kata
from graders.authoring.criterion import Criterion, Suite
from graders.authoring.expectation import load_suite
from graders.grading.examiner import Examiner
from graders.grading.hypothesis_adapter import Drawn
from graders.grading.outcome import Outcome
from graders.sandbox.errors import GraderFault
from graders.sandbox.limits import Limits, Source
from graders.sandbox.loader import Loader, PrintingChannel
from graders.sandbox.share import Share
from graders.sandbox.stack import Stack
from tests.support import Loads

HEAD = '''"""Hidden suite: A thing."""
from hypothesis import assume, example, given, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from graders import because, criterion, examples_of, gives, raises

seen = []
numbers = st.integers(0, 1000)

def of_ten(points=10, **more):
    return criterion("Title", points=points, because="why", hints=("hint",), **more)
'''


class Counting(Loader):
    """A loader that counts the loads it gives, and fails where it is told to."""

    def __init__(self, loader: Loader, fail_at: int = 0, failure: Exception | None = None) -> None:
        self.loader = loader
        self.loads = 0
        self.fail_at = fail_at
        self.failure = failure or GraderFault("the zygote failed")

    @property
    def source(self) -> Source:  # type: ignore[override]
        """The submission."""
        return self.loader.source

    @property
    def limits(self) -> Limits:  # type: ignore[override]
        """Its limits."""
        return self.loader.limits

    @property
    def share(self) -> Share:  # type: ignore[override]
        """What went to it of the machine's time."""
        return self.loader.share

    def fresh(self) -> PrintingChannel:
        """Return a load, or fail as a dead zygote does."""
        self.loads += 1
        if self.loads == self.fail_at:
            raise self.failure
        return self.loader.fresh()

    def stack(self) -> Stack:
        """Return where its threads are."""
        return self.loader.stack()

    def rest(self) -> None:
        """End what it has running."""
        self.loader.rest()


@dataclass
class Exam:
    """A suite, the loads of a submission, and what the suite saw."""

    suite: types.ModuleType
    loader: Counting
    examiner: Examiner

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """The suite's criteria."""
        return Suite.of(self.suite).criteria

    def outcomes(self) -> list[Outcome]:
        """Examine all criteria."""
        return [self.examiner.examine(criterion) for criterion in self.criteria]

    def outcome(self) -> Outcome:
        """Examine the only criterion."""
        (found,) = self.outcomes()
        return found

    def inputs(self) -> list[Any]:
        """Examine, and return what the suite noted."""
        self.suite.seen.clear()
        self.outcomes()
        return list(self.suite.seen)


class Examine(Protocol):
    """Prepares an examination of a submission by a suite, both given as text: the fixture ``exam``."""

    def __call__(
        self,
        suite: str,
        submission: str,
        level: str = "none",
        *,
        seed: int = 7,
        control: bool | None = None,
        shrink: bool = True,
        database: ExampleDatabase | None = None,
        drawn: Drawn | None = None,
        fail_at: int = 0,
        failure: Exception | None = None,
        **limits: Any,
    ) -> Exam:
        """Return it; the submission is loaded when it is examined."""
        ...


def examine(tmp_path: Path, loads: Loads) -> Examine:
    """Prepare an examination of a submission by a suite, both given as text."""
    count = 0

    def prepare(
        suite: str,
        submission: str,
        level: str = "none",
        *,
        seed: int = 7,
        control: bool | None = None,
        shrink: bool = True,
        database: ExampleDatabase | None = None,
        drawn: Drawn | None = None,
        fail_at: int = 0,
        failure: Exception | None = None,
        **limits: Any,
    ) -> Exam:
        nonlocal count
        count += 1
        path = tmp_path / f"suite{count}.py"
        path.write_text(HEAD + suite)
        loader = Counting(loads.open(submission, level, **limits), fail_at, failure)
        answer = None if control is None else (lambda _: control)
        examiner = Examiner(loader, seed, database=database, control=answer, shrink=shrink, drawn=drawn)
        return Exam(load_suite(path, f"suite_of_exam_{count}"), loader, examiner)

    return prepare


INC = """
@of_ten()
@given(number=numbers)
@example(number=3)
def inc(submission, number):
    seen.append(number)
    assert submission.inc(number) == number + 1
"""


COMPUTES = """
@of_ten()
@given(number=numbers)
def computes(submission, number):
    answer = submission.inc(number)
    assert [0] * answer + [answer - 1] == [0] * (number + 1) + [number]
"""
CRASH = "import os\ndef inc(n):\n    if n >= 12:\n        os._exit(3)\n    return n + 1\n"


TWO = (
    INC
    + """
@of_ten()
def other(submission):
    assert submission.inc(1) == 2
"""
)


# Nothing but drawn inputs: a failing @example ends a check by itself.
DRAWN = INC.replace("@example(number=3)\n", "")
DRAWN_TWO = DRAWN + TWO.removeprefix(INC)

MACHINE = """
class Counter(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.counter = self.submission.Counter()
        self.expected = 0

    @rule(by=st.integers(0, 5))
    def up(self, by):
        self.counter.up(by)
        self.expected += by

    @rule()
    def reset(self):
        self.counter.reset()
        self.expected = 0

    @rule()
    def value(self):
        assert self.counter.value() == self.expected

counts = of_ten(examples=60, steps=8)(Counter)
"""


COUNTER = """
class Counter:
    def __init__(self): self.n = self.ups = 0
    def up(self, by): self.n += by; self.ups += 1
    def reset(self): self.n = 0
    def value(self): return self.n
"""


RIGHT = "def inc(n):\n    return n + 1\n"


WIDE = """
@of_ten()
@given(number=st.integers())
def wide(submission, number):
    seen.append(number)
    submission.inc(number)
"""


def kata(root: Path, suite: str, reference: str) -> Kata:
    """Make a kata in a folder."""
    found = Kata("thing", root)
    for path, text in ((found.suite_file, HEAD + suite), (found.reference, reference), (found.stub, "")):
        path.parent.mkdir(parents=True)
        path.write_text(text)
    return found
