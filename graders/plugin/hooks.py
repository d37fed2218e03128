"""The pytest plugin: hooks in firing order. The decisions are in `run`, `examiner` and `report`.

addoption -> configure -> collection -> each item's run -> makereport -> logreport -> sessionfinish -> terminal_summary
"""

from __future__ import annotations

import warnings
from collections.abc import Generator, Iterator
from dataclasses import asdict

import pytest

from graders.authoring import catalogue
from graders.grading.hand_in import BadInput
from graders.plugin.class_reporter import ClassReporter
from graders.plugin.items import EVIDENCE, OUTCOME, ClassNode, KataNode
from graders.plugin.options import CLASS, HANDED, LIST, Options, grades
from graders.plugin.reporter import Reporter
from graders.plugin.state import STATE, State
from graders.plugin.xdist import XdistHooks
from graders.report import card
from graders.report.escape import visible
from graders.sandbox import runtime
from graders.sandbox.errors import GraderFault
from graders.sandbox.isolation import levels

KATA_HELP = "grade katas: SLUG[,SLUG...] or all; without it, pytest runs the project's own tests"
SUBMISSION_HELP = "grade FILE instead of katas/SLUG.py"
SUBMISSIONS_HELP = "grade a class: a folder with one folder per student that holds SLUG.py, or files named by student"
NEAR_MISSES_HELP = "what becomes of a file that is named nearly as it should be (default: name it with its student)"
SCORES_HELP = "write the scores to FILE, as JSON"
FEEDBACK_HELP = "how much a failure tells (default: counterexample for one file, criterion for a class)"
ISOLATION_HELP = "how a submission is confined (default: auto, the strongest that works here)"
SEED_HELP = "repeat the inputs of the run that printed this seed"
DOCTOR_HELP = "say what this machine can do for grading, and why not, and stop"
HINT_HELP = "show a hint for each failing criterion, one more each time"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of the public interface."""
    group = parser.getgroup("katas", "grading katas")
    group.addoption("--kata", metavar="SLUG", nargs="?", const=LIST, help=KATA_HELP)
    group.addoption("--submission", metavar="FILE", help=SUBMISSION_HELP)
    group.addoption("--submissions", metavar="DIR", help=SUBMISSIONS_HELP)
    group.addoption("--near-misses", choices=("name", "take"), default="name", help=NEAR_MISSES_HELP)
    group.addoption("--scores", metavar="FILE.json", help=SCORES_HELP)
    group.addoption("--feedback", choices=card.FEEDBACK, help=FEEDBACK_HELP)
    group.addoption("--isolation", choices=levels.NAMES, default="auto", help=ISOLATION_HELP)
    group.addoption("--kata-seed", metavar="N", type=int, help=SEED_HELP)
    group.addoption("--kata-doctor", action="store_true", help=DOCTOR_HELP)
    group.addoption("--hint", action="store_true", help=HINT_HELP)


def pytest_cmdline_main(config: pytest.Config) -> int | None:
    """Print the answer to --kata-doctor instead of a run."""
    if not config.option.kata_doctor:
        return None
    from graders.plugin.doctor import diagnosis  # it loads all suites

    for line in diagnosis():
        print(visible(line))  # noqa: T201 - only the answer belongs on standard output
    return 0


def pytest_configure(config: pytest.Config) -> None:
    """Read the options once, so that a bad one ends the run before anything starts."""
    option = config.option
    if config.pluginmanager.has_plugin("xdist"):
        config.pluginmanager.register(XdistHooks(config), "kata-xdist")
    if not grades(config):
        for name in ("submission", "submissions", "scores"):
            if getattr(option, name):
                raise pytest.UsageError(f"--{name} goes with --kata=SLUG: which kata is it for?")
        return
    try:
        options = _options(config)
    except (catalogue.UnknownKata, BadInput, GraderFault) as error:
        raise pytest.UsageError(visible(str(error))) from None
    config.stash[STATE] = state = State(options, options.run())
    _only_warn(config)
    if not hasattr(config, "workerinput"):
        kind = Reporter if options.submissions is None else ClassReporter
        config.pluginmanager.register(kind(config, state), "kata-reporter")
    # The card replaces pytest's tracebacks, which would show the hidden suite.
    option.tbstyle = "no"
    if getattr(option, "reportchars", "") == "fE":
        option.reportchars = ""


def _only_warn(config: pytest.Config) -> None:
    """Let no warning end a run: one from a library, a plugin or the interpreter is not a verdict on a submission.

    The filters of -W, PYTHONWARNINGS and an ini file are meant for tests. -rw shows the warnings.
    """
    if not set("waA") & set(getattr(config.option, "reportchars", "")):
        config.option.disable_warnings = True
    config.known_args_namespace.pythonwarnings = []
    config.addinivalue_line("filterwarnings", "default")
    outside = warnings.catch_warnings()  # for the time when pytest has no filters of its own
    outside.__enter__()
    config.add_cleanup(lambda: outside.__exit__(None, None, None))
    warnings.simplefilter("ignore")


def _options(config: pytest.Config) -> Options:
    """Return the options that the user's process has settled: this process, unless it is a worker of pytest-xdist."""
    if hasattr(config, "workerinput"):
        return Options.unpacked(config.workerinput[HANDED])
    return Options.settled(config)


def pytest_collection(session: pytest.Session) -> bool | None:
    """Collect criteria instead of files, so that no other plugin takes a submission for a test module."""
    state = session.config.stash.get(STATE, None)
    if state is None:
        return None
    session.items = []
    hook = session.config.hook
    try:
        for node in _nodes(session, state):
            session.items.extend(item for item in session.genitems(node) if state.options.chooses(item.nodeid))
        hook.pytest_collection_modifyitems(session=session, config=session.config, items=session.items)
    finally:
        hook.pytest_collection_finish(session=session)
    session.testscollected = len(session.items)
    return True


def _nodes(session: pytest.Session, state: State) -> Iterator[pytest.Collector]:
    options = state.options
    if options.submissions is not None:
        yield ClassNode.from_parent(session, name=CLASS, nodeid=CLASS, submissions=options.submissions)
    for target in options.targets:
        yield KataNode.from_parent(session, path=target.path, name=target.node, nodeid=target.node, target=target)


@pytest.hookimpl(tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what was left out."""
    state = terminalreporter.config.stash.get(STATE, None)
    for line in () if state is None else state.options.notes:
        terminalreporter.write_line(line, yellow=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Put the outcome into the report: the way back from an xdist worker."""
    report = yield
    if report.when == "call" and (kept := item.stash.get(OUTCOME, None)) is not None:
        report.kata = (type(kept).__name__, asdict(kept))  # type: ignore[attr-defined]
        del item.stash[OUTCOME]
        report.kata_evidence = item.stash.get(EVIDENCE, None)  # type: ignore[attr-defined]
    return report


def pytest_sessionfinish(session: pytest.Session) -> None:
    """End every process that this process started."""
    state = session.config.stash.get(STATE, None)
    if state is not None:
        state.run.close()


def pytest_unconfigure(config: pytest.Config) -> None:
    """End what a crash before the session's finish left, and sweep what workers left that had to be killed."""
    state = config.stash.get(STATE, None)
    if state is not None:
        state.run.close()
        if not hasattr(config, "workerinput"):
            runtime.sweep_leftovers()
