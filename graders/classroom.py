"""LAYER 4. From the reports of a class to progress, a table, and the scores; whatever ends the run, nothing is lost."""

from __future__ import annotations

import signal
import sys
import time
from dataclasses import replace
from types import FrameType

import pytest
from rich.cells import cell_len, set_cell_size

from graders.items import carried
from graders.report import card
from graders.report.escape import visible
from graders.reporter import MARKUP, write_scores
from graders.scoring import Result
from graders.state import State

_NAME = 36  # the widest column of names
LOST = "its pytest worker died while it was being graded, {times} times"
INTERRUPTED = "the run was interrupted before its turn"
LEFT_OUT = "left out by -k {keyword!r}, which chooses students here, or interrupted before its turn"


class ClassReporter:
    """Collects the results of a class from all processes."""

    def __init__(self, config: pytest.Config, state: State) -> None:
        assert state.submissions is not None
        self.config = config
        self.state = state
        self.expected = {_key(s.student, s.kata.slug): s for s in state.submissions}
        self.found: dict[tuple[str, str], Result] = {}
        self.total = len(self.expected)
        self.handler = signal.getsignal(signal.SIGTERM)

    @property
    def terminal(self) -> pytest.TerminalReporter:
        """Pytest's own reporter."""
        reporter = self.config.pluginmanager.get_plugin("terminalreporter")
        assert isinstance(reporter, pytest.TerminalReporter)
        return reporter

    def pytest_sessionstart(self) -> None:
        """Let SIGTERM end the run as Ctrl-C does: with the scores written and no process left."""

        def interrupt(number: int, frame: FrameType | None) -> None:
            raise KeyboardInterrupt("SIGTERM")

        self.handler = signal.signal(signal.SIGTERM, interrupt)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Count what will be graded."""
        self.total = len(items)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logstart(self) -> None:
        """Keep pytest from printing a line per item: the progress says who was graded."""
        self.terminal.showfspath = False

    @pytest.hookimpl(tryfirst=True)
    def pytest_report_teststatus(self, report: pytest.TestReport) -> tuple[str, str, str] | None:
        """Count submissions in words of grading, not of testing."""
        if report.when != "call":
            return ("", "", "") if report.passed else None
        kind, data = carried(report)
        return (data["status"].replace("_", " "), "", "") if kind == "Result" else ("", "", "")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep a result and show the progress."""
        kind, data = carried(report)
        if kind != "Result":
            return
        result = Result.unpack(data)
        # The report stays with pytest until the end: a class of thousands must not stay with it.
        report.kata = (kind, {"status": result.status})  # type: ignore[attr-defined]
        result = replace(result, extra={"feedback": self.feedback(result)})
        self.found[_key(result.submission, result.kata)] = result
        self.progress(result)

    def progress(self, result: Result) -> None:
        """Print how many of how many, the rate, the rest, and who was just graded."""
        done, seconds = len(self.found), time.monotonic() - self.state.clock
        rate = done / seconds * 60
        rest = (self.total - done) / rate * 60
        score = result.status.replace("_", " ") if result.score is None else f"{result.score}/{result.total}"
        line = f"{done}/{self.total}  {rate:.0f} per minute, {_minutes(rest)} left  {_label(result)}: {score}"
        if sys.stdout.isatty() and self.config.option.verbose <= 0:
            self.terminal.rewrite(set_cell_size(line, max(20, self.terminal._tw.fullwidth - 1)), erase=True)
        else:
            self.terminal.write_line(line)

    def feedback(self, result: Result) -> str:
        """Return what the student may read, at the run's feedback level. What their code printed is not in it."""
        look = card.Look(80, self.state.feedback, "", {})
        return "\n".join(line for line, _ in card.card(card.for_student(result, self.state.feedback), look))

    def results(self) -> list[Result]:
        """Return a result for every submission, sorted by student; what the run did not reach is not graded."""
        keyword = self.config.option.keyword
        why = LEFT_OUT.format(keyword=keyword) if keyword else INTERRUPTED
        missing = [
            Result(s.student, s.kata.slug, s.kata.slug, "not_graded", message=why)
            for key, s in self.expected.items()
            if key not in self.found
        ]
        return sorted([*self.found.values(), *missing], key=lambda result: (result.submission, result.kata))

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Write the scores, also of a run that was interrupted."""
        signal.signal(signal.SIGTERM, self.handler or signal.SIG_DFL)
        if self.state.scores is not None and not session.config.option.collectonly:
            write_scores(self.state, self.results())
        if session.exitstatus == pytest.ExitCode.OK and any(r.status == "not_graded" for r in self.results()):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print the table and the counts."""
        if self.config.option.collectonly:
            return
        results = self.results()
        width = max(7, min(_NAME, max((cell_len(_label(r)) for r in results), default=7)))
        several = len({r.kata for r in results}) > 1
        write = terminalreporter.write_line
        write("")
        write(
            f" {set_cell_size('student', width)}  {'kata  ' if several else ''}score    status",
            bold=True,
        )
        for result in results:
            score = "-" if result.score is None else f"{result.score}/{result.total}"
            status = result.status.replace("_", " ")
            note = f": {visible(result.message)}" if result.message and result.score is None else ""
            name = set_cell_size(_label(result), width)
            kata = f"{result.kata}  " if several else ""
            markup = MARKUP["doubt"] if result.status == "not_graded" else {}
            write(f" {name}  {kata}{score:>7}  {status}{note}", **markup)
        counts = {
            status: sum(r.status == status for r in results) for status in ("graded", "not_submitted", "not_graded")
        }
        said = ", ".join(f"{count} {status.replace('_', ' ')}" for status, count in counts.items())
        run = self.state.run
        write("")
        write(f" {said}; seed {run.seed}, isolation {run.isolation}, {time.monotonic() - self.state.clock:.1f} s")


def _key(student: str, slug: str) -> tuple[str, str]:
    return student, slug


def _label(result: Result) -> str:
    return visible(result.submission)


def _minutes(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"
