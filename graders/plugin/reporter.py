"""Turns the reports of single files into score cards, scores and hints."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from graders.authoring.catalogue import BrokenSuite
from graders.grading.hand_in import Target
from graders.grading.outcome import Examples, Interruption, Outcome, Result, result
from graders.grading.public_examples import PUBLIC
from graders.plugin.items import carried
from graders.plugin.options import EXAMPLES
from graders.plugin.scorekeeper import ScoreKeeper
from graders.plugin.state import State
from graders.report import card
from graders.report.escape import lines

HINTS_CACHE = "kata/hints"
NO_CACHE = (
    "--hint shows the first hint each time: without a cache that can be written nothing remembers which came last."
)
CHANGED = "the file changed while it was graded: run it again"
NOTHING = "no criterion was run."
MARKUP: dict[card.Style, dict[str, bool]] = {
    "": {},
    "good": {"green": True},
    "bad": {"red": True},
    "doubt": {"yellow": True},
    "strong": {"bold": True},
}


class Interruptible:
    """Records where a run was interrupted, and prints it.

    begun: the node ids of the items that have begun and not ended, including those in workers of pytest-xdist.
    """

    state: State

    def __init__(self) -> None:
        self.begun: dict[str, None] = {}

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Record an item that begins."""
        self.begun[nodeid] = None

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        """Remove an item that has ended."""
        self.begun.pop(nodeid, None)

    def titled(self, nodeid: str, criterion: str) -> str:
        """Return an item's name for the user. criterion: the title of the current one, "" if unknown."""
        raise NotImplementedError

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Keep the examiner's note on the interrupt; of other processes only the current item is known."""
        noted: Interruption | None = getattr(excinfo.value, "kata_where", None)
        where = noted or Interruption("")
        self.state.interruptions = [replace(where, title=self.titled(node, where.title)) for node in self.begun]

    def write_interruption(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print the criterion, the call in flight and the learner's line."""
        for where in self.state.interruptions:
            for line, style in card.interruption(where):
                terminalreporter.write_line(line, **MARKUP[style])


class Reporter(Interruptible):
    """Collects the reports of all processes and makes the cards, the scores and the exit code from them."""

    def __init__(self, config: pytest.Config, state: State) -> None:
        super().__init__()
        self.config = config
        self.state = state
        self.keeper = ScoreKeeper(config, state)
        self.targets = {target.node: target for target in state.options.targets}
        # The evidence of each target's outcomes.
        self.evidence: dict[str, list[dict[str, Any]]] = {}
        self.remembers = False  # which hints came last

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep the outcome that a report carries; a failed report without one means that the grader failed."""
        node, _, name = report.nodeid.rpartition("::")
        kind, data = carried(report)
        if kind == "Examples":
            self.state.examples[node] = Examples(data["tried"], tuple(map(tuple, data["failed"])))
        elif kind == "Outcome":
            outcome = Outcome.unpack(data)
            if not outcome.printed and report.capstdout and outcome.failure is not None:
                outcome = outcome.with_printed(report.capstdout)
            self.state.outcomes.setdefault(node, {})[name] = outcome
            if outcome.outcome == "passed" and outcome.printed and self.config.option.capture == "no":
                self.show_printed(name, outcome.printed)
            self.evidence.setdefault(node, []).append(report.kata_evidence)
            found = self.result(self.targets[node])
            if found.whole:
                self.keeper.keep(found)
        elif report.failed and name != EXAMPLES:
            self.state.outcomes.setdefault(node, {})[name] = Outcome.lost(name, str(report.longrepr))

    def show_printed(self, name: str, printed: str) -> None:
        """Print the code's output in a criterion that passed, for -s; for one that failed, the card shows it."""
        terminal = self.config.pluginmanager.get_plugin("terminalreporter")
        if terminal is not None:
            terminal.ensure_newline()
            terminal.write_line(f"{name} printed:")
            for line in lines(printed.rstrip("\n")):
                terminal.write_line(f"  | {line}")

    def titled(self, nodeid: str, criterion: str) -> str:
        """Return the title of a criterion, or of the public examples."""
        node, _, name = nodeid.rpartition("::")
        if criterion or name == EXAMPLES:
            return criterion or PUBLIC
        return next((c.title for c in self.targets[node].kata.suite().criteria if c.id == name), name)

    def results(self) -> list[Result]:
        """Return the score cards, in the order of the targets."""
        return [self.result(target) for target in self.state.options.targets]

    def result(self, target: Target) -> Result:
        """Return one score card, its criteria in the suite's order."""
        slug, label = target.kata.slug, target.label
        try:
            suite = target.kata.suite()
        except BrokenSuite as error:
            return Result(label, slug, slug, "not_graded", message=f"the hidden suite can't be loaded: {error}")
        found = self.state.outcomes.get(target.node, {})
        ordered = [found[c.id].of(c.title, c.points) for c in suite.criteria if c.id in found]
        made = result(
            label,
            slug,
            suite.title,
            ordered,
            criteria=len(suite.criteria),
            examples=self.state.examples.get(target.node),
        )
        evidence = self.evidence.get(target.node, [])
        if len({each["file"]["sha256"] for each in evidence}) > 1:
            made = replace(made, status="not_graded", message=CHANGED)
        return replace(made, extra=evidence[-1] if evidence else {})

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Write the scores, even if the run was interrupted."""
        if session.exitstatus == pytest.ExitCode.INTERRUPTED and session.testsfailed:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED  # a suite that can't be loaded is not graded
        if not self.keeper.write([(found, bool(found.outcomes)) for found in self.results()]):
            session.exitstatus = pytest.ExitCode.USAGE_ERROR

    def pytest_unconfigure(self) -> None:
        """Close the scores file."""
        self.keeper.close()

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter, exitstatus: int) -> None:
        """Print the score cards."""
        if self.config.option.collectonly:
            return
        self.write_interruption(terminalreporter)
        state = self.state
        seconds = time.monotonic() - state.clock
        foot = f"seed {state.options.seed}, isolation {state.options.isolation}, {seconds:.1f} s"
        results = self.results()
        if all(not found.outcomes and not found.examples and found.status != "not_graded" for found in results):
            results = []
            for line in self.nothing() if exitstatus != pytest.ExitCode.INTERRUPTED else [NOTHING]:
                terminalreporter.write_line(line)
        for found in results:
            verbose = self.config.option.verbose > 0
            look = card.Look(terminalreporter._tw.fullwidth, state.options.feedback, foot, self.rungs(found), verbose)
            terminalreporter.write_line("")
            for line, style in card.card(found, look):
                terminalreporter.write_line(line, **MARKUP[style])
            kept = self.keeper.kept(found, reached=bool(found.outcomes))
            if kept is not None:
                score = f"{kept['score']}/{kept.get('max_score')}"
                terminalreporter.write_line(f" the scores keep what they had: {kept['status']}, {score}")
            if state.options.hint and found.outcomes and all(outcome.not_started for outcome in found.outcomes):
                first = found.outcomes[0]
                hint = first.hints[0] if first.hints else first.because
                terminalreporter.write_line(f" First step, in {found.submission}: {first.title}. {hint}")
            elif state.options.hint and not self.remembers:
                terminalreporter.write_line(NO_CACHE)
        for line in self.keeper.lines():
            terminalreporter.write_line(f" {line}")

    def nothing(self) -> Iterator[str]:
        """Yield what a run without any criterion prints: the criteria there are."""
        keyword = self.config.option.keyword
        yield f"no criterion matches -k {keyword!r}. There are:" if keyword else f"{NOTHING} There are:"
        for target in self.state.options.targets:
            for criterion in target.kata.suite().criteria:
                yield f"  {target.node}::{criterion.id}  {criterion.title}"

    def rungs(self, found: Result) -> dict[str, int]:
        """Return how many hints each criterion shows: with --hint one more than last time, as long as it fails."""
        cache = self.config.cache if self.config.pluginmanager.has_plugin("cacheprovider") else None
        key = f"{found.submission}::{found.kata}"
        kept = dict((cache.get(HINTS_CACHE, {}) if cache is not None else {}).get(key, {}))
        for outcome in found.outcomes:
            if outcome.outcome == "passed":
                kept.pop(outcome.id, None)
            elif self.state.options.hint and outcome.outcome == "failed" and not outcome.not_started:
                kept[outcome.id] = min(kept.get(outcome.id, 0) + 1, len(outcome.hints))
        if cache is not None:
            cache.set(HINTS_CACHE, {**cache.get(HINTS_CACHE, {}), key: kept})
            self.remembers = cache.get(HINTS_CACHE, {}).get(key) == kept  # set() only warns if it can't write
        return kept if self.state.options.hint else {}
