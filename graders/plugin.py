"""LAYER 4. The pytest plugin: hooks in firing order. It decides nothing; `run`, `examiner` and `report` do.

addoption -> configure -> collection -> each item's run -> makereport -> logreport -> sessionfinish -> terminal_summary
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from graders import catalogue
from graders.criterion import Criterion
from graders.report import card, scores
from graders.report.escape import visible
from graders.run import BadInput, Run, Target, new_seed, read_submission
from graders.sandbox import levels
from graders.sandbox.errors import GraderFault
from graders.scoring import Examples, Outcome, Result, result

KATA_HELP = "grade katas: SLUG[,SLUG...] or all; without it, pytest runs the project's own tests"
SUBMISSION_HELP = "grade FILE instead of katas/SLUG.py"
SCORES_HELP = "write the scores to FILE, as JSON"
FEEDBACK_HELP = "how much a failure tells (default: counterexample)"
ISOLATION_HELP = "how a submission is confined (default: auto, the strongest that works here)"
SEED_HELP = "repeat the inputs of the run that printed this seed"
HINT_HELP = "show a hint for each failing criterion, one more each time"
PDB_NEEDS_NONE = (
    "--pdb can't look into another process. Your own file can be debugged with --isolation=none, which confines nothing."
)
EXAMPLES = "examples"
HINTS_CACHE = "kata/hints"
NO_CACHE = "--hint shows the first hint each time: without pytest's cache nothing remembers which came last."


@dataclass
class State:
    """What the plugin keeps of a run: in the process that reports, the results; in each process that grades, the run."""

    run: Run
    feedback: str
    scores: Path | None
    hint: bool
    started: datetime
    clock: float
    outcomes: dict[str, dict[str, Outcome]] = field(default_factory=dict)
    examples: dict[str, Examples] = field(default_factory=dict)


STATE = pytest.StashKey[State]()
OUTCOME = pytest.StashKey["Outcome | Examples"]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of the public interface."""
    group = parser.getgroup("katas", "grading katas")
    group.addoption("--kata", metavar="SLUG", help=KATA_HELP)
    group.addoption("--submission", metavar="FILE", help=SUBMISSION_HELP)
    group.addoption("--scores", metavar="FILE.json", help=SCORES_HELP)
    group.addoption("--feedback", choices=card.FEEDBACK, help=FEEDBACK_HELP)
    group.addoption("--isolation", choices=levels.NAMES, default="auto", help=ISOLATION_HELP)
    group.addoption("--kata-seed", metavar="N", type=int, help=SEED_HELP)
    group.addoption("--hint", action="store_true", help=HINT_HELP)


def pytest_configure(config: pytest.Config) -> None:
    """Read the options once, so that bad ones end the run before anything starts."""
    option = config.option
    if option.kata is None:
        for name in ("submission", "scores"):
            if getattr(option, name):
                raise pytest.UsageError(f"--{name} goes with --kata=SLUG: which kata is it for?")
        return
    try:
        katas = catalogue.find(option.kata)
        targets = [Target(kata, *_file(config, kata)) for kata in katas]
        if option.submission and len(targets) > 1:
            raise BadInput(f"--submission={option.submission} is one file; name one kata, not {option.kata!r}")
        for target in targets:
            read_submission(target.path)
    except (catalogue.UnknownKata, BadInput) as error:
        raise pytest.UsageError(str(error)) from None
    if option.usepdb and option.isolation != "none":
        raise pytest.UsageError(PDB_NEEDS_NONE)
    given = option.kata_seed is not None
    if given and not 0 <= option.kata_seed < 1 << 64:
        raise pytest.UsageError(f"--kata-seed={option.kata_seed}: a seed is a number from 0 to 2**64 - 1")
    if option.isolation == "auto":
        option.isolation = levels.choose("auto").name
    path = Path(option.scores).absolute() if option.scores else None
    if path is not None and (path.is_dir() or not path.parent.is_dir()):
        raise pytest.UsageError(f"--scores={option.scores}: there is no folder {path.parent} to write a file in")
    # Options travel to xdist's workers: all of them get the controller's seed.
    if not given:
        option.kata_seed = new_seed()
    database = None if given else config.rootpath / ".hypothesis" / "katas"
    run = Run(targets, option.isolation, option.kata_seed, database)
    state = config.stash[STATE] = State(
        run, option.feedback or "counterexample", path, option.hint, datetime.now(UTC), time.monotonic()
    )
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Reporter(config, state), "kata-reporter")
    # The card takes the place of pytest's tracebacks, which would show the hidden suite.
    option.tbstyle = "no"
    if option.reportchars == "fE":
        option.reportchars = ""


def _file(config: pytest.Config, kata: catalogue.Kata) -> tuple[Path, str]:
    path = config.invocation_params.dir / config.option.submission if config.option.submission else kata.stub
    path = path.absolute()
    inside = path.is_relative_to(config.rootpath)
    return path, (path.relative_to(config.rootpath) if inside else path).as_posix()


class KataNode(pytest.Collector):
    """Collects the criteria of one kata, for one file. The file itself is never imported here."""

    def __init__(self, *, target: Target, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.target = target

    def collect(self) -> Iterator[pytest.Item]:
        """Yield the public examples, then the criteria in the suite's order."""
        yield ExamplesItem.from_parent(self, name=EXAMPLES)
        for criterion in self.target.kata.suite().criteria:
            yield CriterionItem.from_parent(self, name=criterion.id, criterion=criterion)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException]) -> str:
        """Say that the suite is broken, without its source."""
        return f"the hidden suite of {self.target.kata.slug!r} is broken: {excinfo.exconly()}"


class _KataItem(pytest.Item):
    parent: KataNode

    @property
    def target(self) -> Target:
        """The file and kata that this item belongs to."""
        return self.parent.target

    def reportinfo(self) -> tuple[Path, None, str]:
        """Return the learner's file, not the suite's."""
        return self.target.path, None, self.nodeid

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> str:
        """Return what the failure says, without a traceback through the grader."""
        if excinfo.errisinstance(NotPassed):
            return visible(str(excinfo.value))
        return f"the grader failed: {excinfo.exconly()}"


class NotPassed(Exception):
    """A criterion failed or was not graded; the outcome is in the report."""


class ExamplesItem(_KataItem):
    """Runs the public examples. It never fails: they are worth no points."""

    def runtest(self) -> None:
        """Run them and keep the result."""
        try:
            self.stash[OUTCOME] = _run_examples(self.config.stash[STATE].run, self.target)
        except GraderFault:
            self.stash[OUTCOME] = Examples()  # every criterion will say so


def _run_examples(run: Run, target: Target) -> Examples:
    from graders.examples import run_examples  # doctest is slow to import, and a class needs no examples

    return run_examples(run.loader(target))


class CriterionItem(_KataItem):
    """Runs one criterion."""

    def __init__(self, *, criterion: Criterion, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.criterion = criterion

    def runtest(self) -> None:
        """Examine, and fail the item if the criterion is not passed."""
        run = self.config.stash[STATE].run
        outcome = run.examiner(self.target).examine(self.criterion)
        self.stash[OUTCOME] = outcome
        if outcome.outcome != "passed":
            error = NotPassed(outcome.message)
            behind = run.examiner(self.target).behind
            raise error if behind is None else error.with_traceback(behind.__traceback__)


def pytest_collection(session: pytest.Session) -> bool | None:
    """Collect criteria in place of files, so that no other plugin takes a submission for a test module."""
    state = session.config.stash.get(STATE, None)
    if state is None:
        return None
    session.items = []
    hook = session.config.hook
    try:
        for target in state.run.targets:
            name = f"{target.label}"
            node = KataNode.from_parent(session, name=name, nodeid=name, target=target)
            session.items.extend(session.genitems(node))
        hook.pytest_collection_modifyitems(session=session, config=session.config, items=session.items)
    finally:
        hook.pytest_collection_finish(session=session)
    session.testscollected = len(session.items)
    return True


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Put the outcome into the report: the way back from an xdist worker."""
    report = yield
    kept = item.stash.get(OUTCOME, None)
    if kept is not None and report.when == "call":
        kind = "kata_examples" if isinstance(kept, Examples) else "kata_outcome"
        setattr(report, kind, asdict(kept))
    return report


class Reporter:
    """Collects the reports of all processes and makes the cards, the scores and the exit code of them."""

    def __init__(self, config: pytest.Config, state: State) -> None:
        self.config = config
        self.state = state

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep what a report carries; a report without an outcome tells that the grader failed."""
        label, _, name = report.nodeid.rpartition("::")
        if hasattr(report, "kata_examples"):
            found = dict(report.kata_examples)
            self.state.examples[label] = Examples(found["tried"], tuple(map(tuple, found["failed"])))
        elif hasattr(report, "kata_outcome"):
            outcome = Outcome.unpack(report.kata_outcome)
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
        except Exception as error:  # a broken suite may raise anything, and must cost nobody a point
            return Result(label, slug, slug, "not_graded", message=f"the hidden suite is broken: {error!r}")
        found = self.state.outcomes.get(label, {})
        ordered = []
        for criterion in suite.criteria:
            if criterion.id in found:
                ordered.append(found[criterion.id].of(criterion.title, criterion.points))
        return result(
            label, slug, suite.title, ordered, criteria=len(suite.criteria), examples=self.state.examples.get(label)
        )

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Write the scores, also of a run that was interrupted."""
        if self.state.scores is None or session.config.option.collectonly:
            return
        header = scores.Header(
            self.state.run.seed,
            self.state.run.isolation,
            self.state.started.strftime("%Y-%m-%dT%H:%M:%SZ"),
            time.monotonic() - self.state.clock,
        )
        try:
            scores.write(self.state.scores, header, self.results())
        except OSError as error:
            raise pytest.UsageError(f"--scores={self.state.scores} can't be written: {error.strerror}") from error

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
                terminalreporter.write_line(line, **_MARKUP[style])
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


_MARKUP: dict[card.Style, dict[str, bool]] = {
    "": {},
    "good": {"green": True},
    "bad": {"red": True},
    "doubt": {"yellow": True},
    "strong": {"bold": True},
}


def pytest_sessionfinish(session: pytest.Session) -> None:
    """End every process that this one started."""
    state = session.config.stash.get(STATE, None)
    if state is not None:
        state.run.close()


def pytest_unconfigure(config: pytest.Config) -> None:
    """End what a crash before the session's finish left."""
    state = config.stash.get(STATE, None)
    if state is not None:
        state.run.close()
