"""Turns the reports of a class into progress, a table and the scores; no result is lost, however the run ends."""

from __future__ import annotations

import signal
import sys
import time
from dataclasses import replace
from types import FrameType

import pytest
from rich.cells import cell_len, set_cell_size

from graders.classroom import names
from graders.grading.outcome import Result
from graders.plugin.items import carried, node_name
from graders.plugin.options import CLASS
from graders.plugin.reporter import MARKUP, Interruptible
from graders.plugin.scorekeeper import ScoreKeeper
from graders.plugin.state import State
from graders.report import card
from graders.report.escape import visible
from graders.report.scores import Entry

_NAME = 36  # the widest column of names
_NOTE = 200  # characters of the reason why there is no score, or no criterion was run
TAKE = "--near-misses=take grades a near miss where a student has one only"
INTERRUPTED = "the run was interrupted before its turn"
LEFT_OUT = "left out by -k {keyword!r}, which chooses students here, or interrupted before its turn"
NOT_ASKED = "its id is not among those that were asked for"


class ClassReporter(Interruptible):
    """Collects the results of a class from all processes."""

    def __init__(self, config: pytest.Config, state: State) -> None:
        super().__init__()
        assert state.options.submissions is not None
        self.config = config
        self.state = state
        self.expected = {_key(s.student, s.kata.slug): s for s in state.options.submissions}
        self.nodes = {f"{CLASS}::{node_name(s)}": s for s in state.options.submissions}
        self.found: dict[tuple[str, str], Result] = {}
        self.total = len(self.expected)
        self.handler = signal.getsignal(signal.SIGTERM)
        self.keeper = ScoreKeeper(config, state)

    @property
    def terminal(self) -> pytest.TerminalReporter:
        """Pytest's own reporter."""
        reporter = self.config.pluginmanager.get_plugin("terminalreporter")
        assert isinstance(reporter, pytest.TerminalReporter)
        return reporter

    def pytest_sessionstart(self) -> None:
        """Let SIGTERM end the run as Ctrl-C does: the scores are written and no process is left."""

        def interrupt(number: int, frame: FrameType | None) -> None:
            raise KeyboardInterrupt("SIGTERM")

        self.handler = signal.signal(signal.SIGTERM, interrupt)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Count the submissions to grade."""
        self.total = len(items)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Keep pytest from printing a line per item: the progress names each graded student."""
        super().pytest_runtest_logstart(nodeid)
        self.terminal.showfspath = False

    def titled(self, nodeid: str, criterion: str) -> str:
        """Return the student of a submission, and the criterion if it is known."""
        of = self.nodes[nodeid]
        return f"{of.kata.slug} of {visible(of.student)}{criterion and f', {criterion}'}"

    @pytest.hookimpl(tryfirst=True)
    def pytest_report_teststatus(self, report: pytest.TestReport) -> tuple[str, str, str] | None:
        """Count submissions in the terms of grading, not of testing."""
        if report.when != "call":
            return ("", "", "") if report.passed else None
        kind, data = carried(report)
        return (data["status"].replace("_", " "), "", "") if kind == "Result" else ("", "", "")

    @pytest.hookimpl(tryfirst=True)  # before pytest writes its JUnit report
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep a result and show the progress; a failed report without a result means that the grader failed."""
        kind, data = carried(report)
        submission = self.nodes.get(report.nodeid)
        if kind == "Result":
            # Pytest keeps the report until the end: it must not keep the results of a class of thousands as well.
            report.kata = (kind, {"status": data["status"]})  # type: ignore[attr-defined]
            self.keep(Result.unpack(data))
        elif submission is not None and (key := _key(submission.student, submission.kata.slug)) not in self.found:
            if report.failed:
                slug = submission.kata.slug
                self.keep(Result(submission.student, slug, slug, "not_graded", message=str(report.longrepr)[:_NOTE]))
        elif submission is not None and report.when == "teardown":
            report.user_properties.append(("card", self.found[key].extra["feedback"]))

    def keep(self, result: Result) -> None:
        """Keep a result and show the progress."""
        key = _key(result.submission, result.kata)
        more = {"feedback": self.feedback(result), "near_misses": list(self.expected[key].near)}
        result = replace(result, extra={**result.extra, **more})
        self.found[key] = result
        self.keeper.keep(result)
        self.progress(result)

    def progress(self, result: Result) -> None:
        """Print the count so far and in all, the rate, the time left, and the student just graded."""
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
        """Return the text that the student may read at the run's feedback level, without the output of their code."""
        look = card.Look(80, self.state.options.feedback, "", {})
        return "\n".join(line for line, _ in card.card(card.for_student(result, self.state.options.feedback), look))

    def results(self) -> list[Result]:
        """Return a result for every submission, sorted by student; those that the run did not reach are not graded."""
        missing = [
            Result(s.student, s.kata.slug, s.kata.slug, "not_graded", message=self.missed(node))
            for node, s in self.nodes.items()
            if _key(s.student, s.kata.slug) not in self.found
        ]
        return sorted([*self.found.values(), *missing], key=lambda result: (result.submission, result.kata))

    def missed(self, node: str) -> str:
        """Return why a submission has no result in this run."""
        keyword = self.config.option.keyword
        if not self.state.options.chooses(node):
            return NOT_ASKED
        return LEFT_OUT.format(keyword=keyword) if keyword else INTERRUPTED

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Write the scores, even if the run was interrupted."""
        signal.signal(signal.SIGTERM, self.handler or signal.SIG_DFL)
        results = self.results()
        if not self.keeper.write([(result, self.reached(result)) for result in results]):
            session.exitstatus = pytest.ExitCode.USAGE_ERROR
        lacking = any(r.status == "not_graded" and (self.reached(r) or self.kept(r) is None) for r in results)
        if session.exitstatus == pytest.ExitCode.OK and lacking:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_unconfigure(self) -> None:
        """Close the scores file."""
        self.keeper.close()

    def reached(self, result: Result) -> bool:
        """Whether the run got to a submission."""
        return _key(result.submission, result.kata) in self.found

    def kept(self, result: Result) -> Entry | None:
        """Return the result of an earlier run that the scores file keeps in place of this one."""
        return self.keeper.kept(result, reached=self.reached(result))

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print the table and the counts."""
        if self.config.option.collectonly:
            return
        self.write_interruption(terminalreporter)
        results = self.results()
        width = max(7, min(_NAME, max((cell_len(_label(r)) for r in results), default=7)))
        katas = {r.kata for r in results}
        column = max(map(len, [*katas, "kata"])) + 2 if len(katas) > 1 else 0
        write = terminalreporter.write_line
        write("")
        write(
            f" {set_cell_size('student', width)}  {'kata'[:column]:<{column}}score    status",
            bold=True,
        )
        for result in results:
            kept = self.kept(result)
            score = "-" if result.score is None else f"{result.score}/{result.total}"
            status = result.status.replace("_", " ")
            note = self.note(result)
            if kept is not None:
                score = "-" if kept["score"] is None else f"{kept['score']}/{kept.get('max_score')}"
                status = f"{kept['status'].replace('_', ' ')}, kept"
            name = set_cell_size(_label(result), width)
            kata = f"{result.kata:<{column}}" if column else ""
            doubtful = result.status == "not_graded" and (kept is None or self.reached(result))
            markup = MARKUP["doubt"] if doubtful else {}
            write(f" {name}  {kata}{score:>7}  {status}{f': {note}' if note else ''}", **markup)
        counts = dict.fromkeys(("graded", "not_submitted", "not_graded"), 0)
        for result in results:
            status = "kept" if self.kept(result) is not None else result.status
            counts[status] = counts.get(status, 0) + 1
        said = ", ".join(f"{count} {status.replace('_', ' ')}" for status, count in counts.items())
        run = self.state.run
        write("")
        write(f" {said}; seed {run.seed}, isolation {run.isolation}, {time.monotonic() - self.state.clock:.1f} s")
        folder = self.state.options.folder
        assert folder is not None
        for line in folder.entries.lines():
            write(f" {line}")
        if any(s.near and not s.taken and not s.untaken and not s.there for s in folder.submissions):
            write(f" {TAKE}")
        for line in self.keeper.lines():
            write(f" {line}")

    def note(self, result: Result) -> str:
        """Return the text of a row beside the score."""
        if result.score is None:
            return visible(result.message)
        submission = self.expected[_key(result.submission, result.kata)]
        said = [visible(result.message)[:_NOTE]] if result.message else []
        if submission.taken:
            said.append(f"{names.shown([submission.taken])}, a near miss")
        elif submission.near:
            said.append(f"also there: {names.shown(list(submission.near), 3)}")
        return "; ".join(said)


def _key(student: str, slug: str) -> tuple[str, str]:
    return student, slug


def _label(result: Result) -> str:
    return visible(result.submission)


def _minutes(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"
