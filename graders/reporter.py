"""LAYER 4. From the reports of single files to score cards, scores and hints."""

from __future__ import annotations

import time

import pytest

from graders.catalogue import BrokenSuite
from graders.items import EXAMPLES, carried
from graders.report import card, scores
from graders.run import Target
from graders.scoring import Examples, Outcome, Result, result
from graders.state import State

HINTS_CACHE = "kata/hints"
NO_CACHE = "--hint shows the first hint each time: without pytest's cache nothing remembers which came last."
MARKUP: dict[card.Style, dict[str, bool]] = {
    "": {},
    "good": {"green": True},
    "bad": {"red": True},
    "doubt": {"yellow": True},
    "strong": {"bold": True},
}


def write_scores(state: State, results: list[Result]) -> None:
    """Write the scores file.

    Raises:
        pytest.UsageError: it can't be written.
    """
    assert state.scores is not None
    try:
        scores.write(state.scores, state.header(), results)
    except OSError as error:
        raise pytest.UsageError(f"--scores={state.scores} can't be written: {error.strerror}") from error


class Reporter:
    """Collects the reports of all processes and makes the cards, the scores and the exit code of them."""

    def __init__(self, config: pytest.Config, state: State) -> None:
        self.config = config
        self.state = state

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep what a report carries; a report without an outcome tells that the grader failed."""
        label, _, name = report.nodeid.rpartition("::")
        kind, data = carried(report)
        if kind == "Examples":
            self.state.examples[label] = Examples(data["tried"], tuple(map(tuple, data["failed"])))
        elif kind == "Outcome":
            outcome = Outcome.unpack(data)
            if not outcome.printed and report.capstdout and outcome.failure is not None:
                outcome = outcome.with_printed(report.capstdout)
            self.state.outcomes.setdefault(label, {})[name] = outcome
        elif report.failed and name != EXAMPLES:
            self.state.outcomes.setdefault(label, {})[name] = Outcome.lost(name, str(report.longrepr))

    def results(self) -> list[Result]:
        """Return the score cards, in the order of the targets."""
        return [self.result(target) for target in self.state.run.targets]

    def result(self, target: Target) -> Result:
        """Return one score card, its criteria in the suite's order."""
        slug, label = target.kata.slug, target.label
        try:
            suite = target.kata.suite()
        except BrokenSuite as error:
            return Result(label, slug, slug, "not_graded", message=f"the hidden suite can't be loaded: {error}")
        found = self.state.outcomes.get(label, {})
        ordered = [found[c.id].of(c.title, c.points) for c in suite.criteria if c.id in found]
        return result(
            label,
            slug,
            suite.title,
            ordered,
            criteria=len(suite.criteria),
            examples=self.state.examples.get(label),
        )

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Write the scores, also of a run that was interrupted."""
        if session.exitstatus == pytest.ExitCode.INTERRUPTED and session.testsfailed:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED  # a suite that can't be loaded is a part not graded
        if self.state.scores is None or session.config.option.collectonly:
            return
        write_scores(self.state, self.results())

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print the score cards."""
        if self.config.option.collectonly:
            return
        state = self.state
        seconds = time.monotonic() - state.clock
        foot = f"seed {state.run.seed}, isolation {state.run.isolation}, {seconds:.1f} s"
        for found in self.results():
            look = card.Look(terminalreporter._tw.fullwidth, state.feedback, foot, self.rungs(found))
            terminalreporter.write_line("")
            for line, style in card.card(found, look):
                terminalreporter.write_line(line, **MARKUP[style])
            if state.hint and not self.config.pluginmanager.has_plugin("cacheprovider"):
                terminalreporter.write_line(NO_CACHE)

    def rungs(self, found: Result) -> dict[str, int]:
        """Return how many hints each criterion shows; with --hint one more than last time, as long as it fails."""
        cache = self.config.cache if self.config.pluginmanager.has_plugin("cacheprovider") else None
        key = f"{found.submission}::{found.kata}"
        kept = dict((cache.get(HINTS_CACHE, {}) if cache is not None else {}).get(key, {}))
        for outcome in found.outcomes:
            if outcome.outcome == "passed":
                kept.pop(outcome.id, None)
            elif self.state.hint and outcome.outcome == "failed" and not outcome.not_started:
                kept[outcome.id] = min(kept.get(outcome.id, 0) + 1, len(outcome.hints))
        if cache is not None:
            cache.set(HINTS_CACHE, {**cache.get(HINTS_CACHE, {}), key: kept})
        return kept if self.state.hint else {}
