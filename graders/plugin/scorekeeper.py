"""Connects a reporter to the scores file: opens it, saves each result at once, writes it and reports on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from graders.classroom.scorefile import ScoreFile
from graders.grading.outcome import Result
from graders.plugin.state import State
from graders.report import scores
from graders.report.escape import visible
from graders.report.scores import BadScores, Entry

NO_JOURNAL = "--scores={path}: results can't be kept at once: {why}. They are written when the run ends."
NO_SCORES = "--scores={path} can't be written: {why}."
IN_JOURNAL = "The results are in {path}.journal, and the next run with the same --scores takes them up."


class ScoreKeeper:
    """The scores file of a run, if it has one.

    Raises:
        pytest.UsageError: the file holds something else, is in use, or can't be written to.
    """

    def __init__(self, config: pytest.Config, state: State) -> None:
        self.state = state
        self.file: ScoreFile | None = None
        self.trouble: list[str] = []
        self.others = 0
        path = state.options.scores
        if path is not None and not config.option.collectonly:
            try:
                self.file = ScoreFile(path, state.header())
            except BadScores as error:
                raise pytest.UsageError(visible(f"--scores: {error}")) from None

    def keep(self, result: Result) -> None:
        """Save a result at once."""
        if self.file is None or len(self.trouble):
            return
        try:
            self.file.append(scores.entry(result))
        except OSError as error:
            self.trouble.append(NO_JOURNAL.format(path=self.file.path, why=error.strerror))

    def kept(self, result: Result, *, reached: bool) -> Entry | None:
        """Return the result of an earlier run that stays in place of this one, if any."""
        return None if self.file is None else self.file.kept(scores.entry(result), reached=reached)

    def write(self, results: Sequence[tuple[Result, bool]]) -> bool:
        """Write the whole file; return False if that fails. results: each with whether the run reached it."""
        if self.file is None:
            return True
        entries = [(scores.entry(result), reached) for result, reached in results]
        self.others = len(self.file.base.keys() - {scores.key(each) for each, _ in entries})
        try:
            self.file.write(self.state.header(), entries)
        except OSError as error:
            whole = not self.trouble and self.file.has_journal()
            safe = f" {IN_JOURNAL.format(path=self.file.path)}" if whole else ""
            self.trouble.append(NO_SCORES.format(path=self.file.path, why=error.strerror) + safe)
            return False
        return True

    def lines(self) -> Iterator[str]:
        """Yield the lines about the file for the end of a run."""
        if self.file is None:
            return
        name = self.file.path.name
        if self.file.taken_up:
            yield visible(f"{name}: took up {self.file.taken_up} results of a run that was ended before it could write")
        if self.others:
            yield visible(f"{name}: keeps {self.others} results of others as they were")
        yield from map(visible, self.trouble)

    def close(self) -> None:
        """Close the file."""
        if self.file is not None:
            self.file.close()
