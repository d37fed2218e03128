"""The reference of a kata in a run: whether it passes a criterion, and what it answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from graders.authoring.catalogue import Kata
from graders.authoring.criterion import Criterion
from graders.grading.answer_key import Key, Recording
from graders.grading.examiner import Examiner
from graders.grading.hypothesis_adapter import Drawn
from graders.sandbox.host import Host
from graders.sandbox.isolation.none import InProcessHost


class Reference:
    """A right solution of a kata, graded like any submission with the inputs of one run.

    open_file: starts the process that loads a file, confined as in the run; seed, drawn: the run's.
    """

    def __init__(self, kata: Kata, open_file: Callable[[Path], Host | InProcessHost], seed: int, drawn: Drawn) -> None:
        self.kata = kata
        self._open_file = open_file
        self._seed = seed
        self._drawn = drawn
        self._passed: dict[str, bool] = {}
        self._keys: dict[str, Key] | None = None

    def opener(self) -> Callable[[], Host | InProcessHost] | None:
        """Return the function that opens the reference, None if there is none."""
        return self._open if self.kata.reference.is_file() else None

    def passes(self, criterion: Criterion) -> bool:
        """Whether it passes a criterion with this run's inputs, tried once. If so, a failure is the submission's."""
        if criterion.id not in self._passed:
            self._passed[criterion.id] = self.passes_now(criterion)
        return self._passed[criterion.id]

    def passes_now(self, criterion: Criterion) -> bool:
        """Whether it passes a criterion at this moment."""
        if not self.kata.reference.is_file():
            return False
        host = self._open()
        try:
            return Examiner(host, self._seed).examine(criterion).outcome == "passed"
        finally:
            host.close()

    def keys(self) -> Mapping[str, Key]:
        """Return the answer keys of the criteria that it passes without instruments."""
        if self._keys is None:
            self._keys = found = {}
            if self.kata.reference.is_file():
                host = self._open()
                try:
                    recording = Recording(host)
                    examiner = Examiner(recording, self._seed, shrink=False, drawn=self._drawn)
                    for criterion in self.kata.suite().criteria:
                        passed = examiner.examine(criterion).outcome == "passed"
                        key = recording.key() if passed else None
                        if key is not None:
                            found[criterion.id] = key
                finally:
                    host.close()
        return self._keys

    def _open(self) -> Host | InProcessHost:
        return self._open_file(self.kata.reference)
