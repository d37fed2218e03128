"""LAYER 4. What the plugin keeps of a run, in the process that reports and in each that grades."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from graders.report.scores import Header
from graders.run import Run
from graders.scoring import Examples, Outcome
from graders.submissions import Submission


@dataclass
class State:
    """A run and how it is to be shown.

    submissions: of a class, None for single files; outcomes, examples: of single files, by label.
    """

    run: Run
    feedback: str
    scores: Path | None
    hint: bool
    submissions: list[Submission] | None = None
    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    clock: float = field(default_factory=time.monotonic)
    outcomes: dict[str, dict[str, Outcome]] = field(default_factory=dict)
    examples: dict[str, Examples] = field(default_factory=dict)

    @property
    def shrink(self) -> bool:
        """Whether anybody will read the smallest failing input."""
        return self.feedback in ("full", "counterexample")

    def header(self) -> Header:
        """Return what is true of the whole run."""
        started = self.started.strftime("%Y-%m-%dT%H:%M:%SZ")
        return Header(self.run.seed, self.run.isolation, started, time.monotonic() - self.clock)


STATE = pytest.StashKey[State]()
