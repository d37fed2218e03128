"""LAYER 4. The pytest plugin: hooks in firing order. It decides nothing; `run`, `examiner` and `report` do.

addoption -> configure -> collection -> each item's run -> makereport -> logreport -> sessionfinish -> terminal_summary
"""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from graders import catalogue
from graders.classroom import ClassReporter
from graders.items import OUTCOME, ClassNode, KataNode
from graders.report import card
from graders.report.escape import visible
from graders.reporter import Reporter
from graders.run import BadInput, Run, Target, new_seed, read_submission
from graders.sandbox import bubblewrap, levels
from graders.sandbox.errors import GraderFault
from graders.state import STATE, State
from graders.submissions import discover

DATABASE = pytest.StashKey["Path | None"]()
MOST_LOST = 2  # workers that may die over one submission before it is given up

KATA_HELP = "grade katas: SLUG[,SLUG...] or all; without it, pytest runs the project's own tests"
SUBMISSION_HELP = "grade FILE instead of katas/SLUG.py"
SUBMISSIONS_HELP = "grade a class: a folder with one folder per student that holds SLUG.py, or files named by student"
SCORES_HELP = "write the scores to FILE, as JSON"
FEEDBACK_HELP = "how much a failure tells (default: counterexample for one file, criterion for a class)"
ISOLATION_HELP = "how a submission is confined (default: auto, the strongest that works here)"
SEED_HELP = "repeat the inputs of the run that printed this seed"
DOCTOR_HELP = "say what this machine can do for grading, and why not, and stop"
HINT_HELP = "show a hint for each failing criterion, one more each time"
PDB_NEEDS_NONE = (
    "--pdb can't look into another process. Your own file can be debugged with --isolation=none, "
    "which confines nothing."
)
CLASS_NEEDS_SANDBOX = (
    "A class is graded in the sandbox, and here there is none: {reason} "
    "To grade with less, say so: --isolation=process (a submission can then read what you can)."
)
NONE_IS_YOURS = "--isolation=none runs a submission in the grader's own process; a class needs sandbox or process."


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of the public interface."""
    group = parser.getgroup("katas", "grading katas")
    group.addoption("--kata", metavar="SLUG", help=KATA_HELP)
    group.addoption("--submission", metavar="FILE", help=SUBMISSION_HELP)
    group.addoption("--submissions", metavar="DIR", help=SUBMISSIONS_HELP)
    group.addoption("--scores", metavar="FILE.json", help=SCORES_HELP)
    group.addoption("--feedback", choices=card.FEEDBACK, help=FEEDBACK_HELP)
    group.addoption("--isolation", choices=levels.NAMES, default="auto", help=ISOLATION_HELP)
    group.addoption("--kata-seed", metavar="N", type=int, help=SEED_HELP)
    group.addoption("--kata-doctor", action="store_true", help=DOCTOR_HELP)
    group.addoption("--hint", action="store_true", help=HINT_HELP)


def pytest_cmdline_main(config: pytest.Config) -> int | None:
    """Answer --kata-doctor in place of a run."""
    if not config.option.kata_doctor:
        return None
    from graders.report.doctor import diagnosis  # it loads every suite

    for line in diagnosis():
        print(visible(line))  # noqa: T201 - the answer is all that is wanted on standard output
    return 0


def pytest_configure(config: pytest.Config) -> None:
    """Read the options once, so that bad ones end the run before anything starts."""
    option = config.option
    if config.pluginmanager.has_plugin("xdist"):
        config.pluginmanager.register(XdistHooks(config), "kata-xdist")
    if option.kata is None:
        for name in ("submission", "submissions", "scores"):
            if getattr(option, name):
                raise pytest.UsageError(f"--{name} goes with --kata=SLUG: which kata is it for?")
        return
    try:
        state = _state(config)
    except (catalogue.UnknownKata, BadInput, GraderFault) as error:
        raise pytest.UsageError(visible(str(error))) from None
    config.stash[STATE] = state
    if not hasattr(config, "workerinput"):
        kind = Reporter if state.submissions is None else ClassReporter
        config.pluginmanager.register(kind(config, state), "kata-reporter")
    # The card takes the place of pytest's tracebacks, which would show the hidden suite.
    option.tbstyle = "no"
    if option.reportchars == "fE":
        option.reportchars = ""


def _state(config: pytest.Config) -> State:
    option = config.option
    katas = catalogue.find(option.kata)
    given = option.kata_seed is not None
    if given and not 0 <= option.kata_seed < 1 << 64:
        raise BadInput(f"--kata-seed={option.kata_seed}: a seed is a number from 0 to 2**64 - 1")
    path = Path(option.scores).absolute() if option.scores else None
    if path is not None and (path.is_dir() or not path.parent.is_dir()):
        raise BadInput(f"--scores={option.scores}: there is no folder {path.parent} to write a file in")
    submissions, targets = None, []
    if option.submissions:
        if option.submission:
            raise BadInput("--submission grades one file and --submissions a folder; give one of them")
        submissions = discover(config.invocation_params.dir / option.submissions, katas)
        _check_class_isolation(option)
    else:
        targets = [Target(kata, *_file(config, kata)) for kata in katas]
        if option.submission and len(targets) > 1:
            raise BadInput(f"--submission={option.submission} is one file; name one kata, not {option.kata!r}")
        for target in targets:
            read_submission(target.path)
    if option.usepdb and option.isolation != "none":
        raise BadInput(PDB_NEEDS_NONE)
    if option.isolation != "none":
        option.isolation = levels.choose(option.isolation).name
    # Options travel to xdist's workers: all of them get the controller's seed and level.
    if not given:
        option.kata_seed = new_seed()
    own_database = not given and submissions is None
    database = config.rootpath / ".hypothesis" / "katas" if own_database else None
    if hasattr(config, "workerinput"):
        database = Path(found) if (found := config.workerinput["kata_database"]) else None
    config.stash[DATABASE] = database
    feedback = option.feedback or ("counterexample" if submissions is None else "criterion")
    return State(
        Run(targets, option.isolation, option.kata_seed, database),
        feedback,
        path,
        option.hint,
        submissions,
    )


def _check_class_isolation(option: Any) -> None:
    if option.isolation == "none":
        raise BadInput(NONE_IS_YOURS)
    reason = bubblewrap.unavailable() if option.isolation == "auto" else None
    if reason is not None:
        raise BadInput(CLASS_NEEDS_SANDBOX.format(reason=reason))


class XdistHooks:
    """Hooks that exist only where pytest-xdist is loaded."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.lost: dict[str, int] = {}

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Tell a worker what its own options can't: whether the seed was asked for or drawn."""
        database = self.config.stash.get(DATABASE, None)
        node.workerinput["kata_database"] = str(database) if database else ""

    @pytest.hookimpl(optionalhook=True)
    def pytest_handlecrashitem(self, crashitem: str, report: pytest.TestReport, sched: Any) -> None:
        """Grade again what a dead worker had in hand; a submission that costs two workers is not graded."""
        if self.config.stash.get(STATE, None) is None:
            return
        self.lost[crashitem] = self.lost.get(crashitem, 0) + 1
        if self.lost[crashitem] <= MOST_LOST:
            sched.mark_test_pending(crashitem)
            report.outcome = "rerun"  # type: ignore[assignment]


def _file(config: pytest.Config, kata: catalogue.Kata) -> tuple[Path, str]:
    path = config.invocation_params.dir / config.option.submission if config.option.submission else kata.stub
    path = Path(os.path.normpath(path.absolute()))
    inside = path.is_relative_to(config.rootpath)
    return path, visible((path.relative_to(config.rootpath) if inside else path).as_posix())


def pytest_collection(session: pytest.Session) -> bool | None:
    """Collect criteria in place of files, so that no other plugin takes a submission for a test module."""
    state = session.config.stash.get(STATE, None)
    if state is None:
        return None
    session.items = []
    hook = session.config.hook
    try:
        for node in _nodes(session, state):
            session.items.extend(session.genitems(node))
        hook.pytest_collection_modifyitems(session=session, config=session.config, items=session.items)
    finally:
        hook.pytest_collection_finish(session=session)
    session.testscollected = len(session.items)
    return True


def _nodes(session: pytest.Session, state: State) -> Iterator[pytest.Collector]:
    if state.submissions is not None:
        yield ClassNode.from_parent(session, name="class", nodeid="class", submissions=state.submissions)
    for target in state.run.targets:
        yield KataNode.from_parent(session, name=target.label, nodeid=target.label, target=target)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Put the outcome into the report: the way back from an xdist worker."""
    report = yield
    if report.when == "call" and (kept := item.stash.get(OUTCOME, None)) is not None:
        report.kata = (type(kept).__name__, asdict(kept))  # type: ignore[attr-defined]
        del item.stash[OUTCOME]
    return report


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
