"""The plugin's state of a run, in the process that reports and in each one that grades."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from graders.grading import provenance
from graders.grading.outcome import Examples, Interruption, Outcome
from graders.grading.run import Run
from graders.plugin.options import Options
from graders.report.scores import Header


@dataclass
class State:
    """A run and its results so far.

    outcomes, examples: those of single files, by `Target.node`.
    """

    options: Options
    run: Run
    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    clock: float = field(default_factory=time.monotonic)
    outcomes: dict[str, dict[str, Outcome]] = field(default_factory=dict)
    examples: dict[str, Examples] = field(default_factory=dict)
    interruptions: list[Interruption] = field(default_factory=list)

    def header(self) -> Header:
        """Return the facts about the whole run."""
        started = provenance.moment(self.started.timestamp())
        ignored = self.options.folder.entries.ignored if self.options.folder is not None else ()
        seconds = time.monotonic() - self.clock
        return Header(self.options.seed, self.options.isolation, started, seconds, ignored)


STATE = pytest.StashKey[State]()
