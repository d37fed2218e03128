"""The options of a run, settled once by the process that the user started, for all processes that grade.

A worker of pytest-xdist receives these options. It parses the command line too, but settles nothing itself: if each
worker drew a seed or chose a level, one run would be two.
"""

from __future__ import annotations

import difflib
import os
import pickle
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from graders.authoring import catalogue
from graders.authoring.head import BadHead
from graders.classroom.submissions import ClassFolder, Submission, discover
from graders.grading.hand_in import BadInput, Target, read_submission
from graders.grading.run import Run
from graders.grading.seed import new_seed
from graders.report.escape import visible
from graders.sandbox.isolation import bubblewrap, levels

HANDED = "kata_options"  # the key of the packed options in what pytest-xdist hands to a worker
LIST = "?"  # the value of --kata if none is given
CLASS = "class"  # the beginning of a class's node ids
EXAMPLES = "examples"  # the name of the item that runs the public examples
PDB_NEEDS_NONE = (
    "--pdb can't look into another process. Your own file can be debugged with --isolation=none, "
    "which confines nothing."
)
CLASS_NEEDS_SANDBOX = (
    "A class is graded in the sandbox, and here there is none: {reason} "
    "To grade with less, say so: --isolation=process (a submission can then read what you can)."
)
NONE_IS_YOURS = "--isolation=none runs a submission in the grader's own process; a class needs sandbox or process."


def grades(config: pytest.Config) -> bool:
    """Return whether this run grades katas, rather than running the project's own tests.

    It does with --kata, and if a path or node id on the command line is in the folder katas/.
    """
    if hasattr(config, "workerinput"):
        return HANDED in config.workerinput
    return config.option.kata is not None or any(asked.slug for asked in _asked(config))


@dataclass(frozen=True)
class Asked:
    """A path or node id on the command line. slug: the kata's, "all" for the folder of katas, "" for neither."""

    argument: str
    label: str
    rest: str
    slug: str


def _asked(config: pytest.Config) -> list[Asked]:
    folder = config.rootpath / "katas"
    found = []
    for argument in config.option.file_or_dir or ():
        name, _, rest = argument.partition("::")
        path = Path(os.path.normpath(config.invocation_params.dir / name))
        inside = path.parent == folder and path.suffix == ".py"
        slug = path.stem if inside else "all" if path == folder else ""
        found.append(Asked(argument, name if name == CLASS else _label(config, path), rest, slug))
    return found


def _chosen(asked: list[Asked], targets: tuple[Target, ...], katas: list[catalogue.Kata]) -> tuple[str, ...]:
    """Return the node ids on the command line; every item at or below one is run.

    Raises:
        BadInput: one of them does not belong to this run.
    """
    chosen: list[str] = []
    slugs = {kata.slug for kata in katas}
    for each in asked:
        if not targets:
            if each.label != CLASS and (each.slug not in slugs | {"all"} or each.rest):
                raise BadInput(f"{each.argument}: with --submissions, ids begin with {CLASS}::STUDENT::SLUG")
            chosen.append(f"{CLASS}::{each.rest}" if each.label == CLASS and each.rest else CLASS)
            continue
        found = [target for target in targets if each.slug in (target.kata.slug, "all") or each.label == target.node]
        if not found:
            among = ", ".join(target.label for target in targets)
            raise BadInput(f"{each.argument} is not graded in this run, which grades {among}: use a run of its own")
        for target in found:
            if each.rest:
                _check_criterion(each, target.kata)
            chosen.append(f"{target.node}::{each.rest}" if each.rest else target.node)
    return tuple(chosen)


def _check_criterion(asked: Asked, kata: catalogue.Kata) -> None:
    try:
        known = [EXAMPLES, *(criterion.id for criterion in kata.suite().criteria)]
    except catalogue.BrokenSuite:
        return  # the card says so
    if asked.rest not in known:
        near = difflib.get_close_matches(asked.rest, known, n=1)
        advice = f"Did you mean {near[0]!r}?" if near else f"There are: {', '.join(known)}."
        raise BadInput(f"{asked.argument}: {kata.slug} has no criterion {asked.rest!r}. {advice}")


def _listed() -> str:
    """Return all katas, one a line, and how to grade one."""
    found = catalogue.find("all")
    if not found:
        return f"there is no kata in {catalogue.ROOT}: {catalogue.NO_CLONE}"
    width = max(len(kata.slug) for kata in found)
    topics: dict[str, list[str]] = {}
    for kata in found:
        topic, cost = _said_by_head(kata)
        topics.setdefault(topic, []).append(f"  {kata.slug:<{width}}  {cost}  {visible(_question(kata.title()))}")
    lines = [line for topic in sorted(topics) for line in (f" {topic}", *topics[topic])]
    return "\n".join(["--kata needs the name of a kata. There are:", *lines, f"For example: --kata={found[0].slug}"])


def _said_by_head(kata: catalogue.Kata) -> tuple[str, str]:
    """Return the topic of a kata, and its level and minutes; if its learner has broken the head, what to mend."""
    try:
        head = kata.head()
    except BadHead as error:
        return visible(str(error)), f"level ?  {'?':>3} min"
    return visible(head.topic), f"level {head.level}  {head.minutes:>3} min"


def _question(title: str) -> str:
    """Return a title without the kata's name: the list shows the slug."""
    return title.partition(": ")[2] or title


@dataclass(frozen=True)
class Options:
    """Everything that decides what a run grades, how, and what it shows.

    chosen: the node ids whose items are run, none for all; notes: lines about what was left out.

    targets: single files, in the order of their cards; folder: a class, None for single files.
    seed: from 0 to 2**64 - 1, given or drawn; isolation: a level's name, never "auto".
    database: the folder of failing examples of earlier runs, to try first, or None; scores: the file to write.
    """

    targets: tuple[Target, ...]
    folder: ClassFolder | None
    seed: int
    isolation: str
    database: Path | None
    feedback: str
    scores: Path | None
    hint: bool
    chosen: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def submissions(self) -> tuple[Submission, ...] | None:
        """The submissions of a class, None for single files."""
        return None if self.folder is None else self.folder.submissions

    @property
    def shrink(self) -> bool:
        """Whether the smallest failing input will have a reader."""
        return self.feedback in ("full", "counterexample")

    def chooses(self, node: str) -> bool:
        """Return whether the ids on the command line, if any, include the item of this id."""
        return not self.chosen or any(node == each or node.startswith(f"{each}::") for each in self.chosen)

    def run(self) -> Run:
        """Return a new run with these options."""
        return Run(self.isolation, self.seed, self.database)

    def packed(self) -> bytes:
        """Return them as bytes for `unpacked`, in a worker of this run, on the grader's side of the boundary."""
        # A pickle carries every field, also one that is added later, and file names that are not valid text.
        return pickle.dumps(self)

    @staticmethod
    def unpacked(data: bytes) -> Options:
        """Return the options from the bytes of `packed`."""
        options = pickle.loads(data)
        assert isinstance(options, Options)
        return options

    @classmethod
    def settled(cls, config: pytest.Config) -> Options:
        """Return the options of the command line; draw and choose the values that it leaves open.

        Raises:
            UnknownKata, BadInput, GraderFault: there can be no such run; the message says what to do instead.
            UsageError: --kata has no value; the message is the list of katas.
        """
        option = config.option
        asked = _asked(config)
        if option.kata == LIST:
            raise pytest.UsageError(_listed())
        named = option.kata if option.kata is not None else ",".join(each.slug for each in asked if each.slug)
        katas = catalogue.find(named)
        given = option.kata_seed is not None
        if given and not 0 <= option.kata_seed < 1 << 64:
            raise BadInput(f"--kata-seed={option.kata_seed}: a seed is a number from 0 to 2**64 - 1")
        scores = Path(option.scores).absolute() if option.scores else None
        if scores is not None and (scores.is_dir() or not scores.parent.is_dir()):
            raise BadInput(f"--scores={option.scores}: there is no folder {scores.parent} to write a file in")
        folder: ClassFolder | None = None
        targets: tuple[Target, ...] = ()
        if option.submissions:
            if option.submission:
                raise BadInput("--submission grades one file and --submissions a folder; give one of them")
            take = option.near_misses == "take"
            folder = discover(config.invocation_params.dir / option.submissions, katas, take=take)
            _check_class_isolation(option)
        else:
            targets = tuple(Target(kata, *_file(config, kata)) for kata in katas)
            if option.submission and len(targets) > 1:
                raise BadInput(f"--submission={option.submission} is one file; name one kata, not {named!r}")
            for target in targets:
                read_submission(target.path, target.kata.root)
        chosen = _chosen(asked, targets, katas)
        if option.usepdb and option.isolation != "none":
            raise BadInput(PDB_NEEDS_NONE)
        return cls(
            targets=targets,
            folder=folder,
            seed=option.kata_seed if given else new_seed(),
            isolation="none" if option.isolation == "none" else levels.choose(option.isolation).name,
            # A given seed repeats inputs exactly, and in a class all get the same: no earlier run may add to them.
            database=None if given or option.submissions else config.rootpath / ".hypothesis" / "katas",
            feedback=option.feedback or ("counterexample" if folder is None else "criterion"),
            scores=scores,
            hint=option.hint,
            chosen=chosen,
            notes=_notes(named, katas),
        )


def _check_class_isolation(option: Any) -> None:
    if option.isolation == "none":
        raise BadInput(NONE_IS_YOURS)
    reason = bubblewrap.unavailable() if option.isolation == "auto" else None
    if reason is not None:
        raise BadInput(CLASS_NEEDS_SANDBOX.format(reason=reason))


def _file(config: pytest.Config, kata: catalogue.Kata) -> tuple[Path, str]:
    path = config.invocation_params.dir / config.option.submission if config.option.submission else kata.stub
    path = Path(os.path.normpath(path.absolute()))
    return path, _label(config, path)


def _label(config: pytest.Config, path: Path) -> str:
    """Return the name of a file in cards and node ids: relative to the project's folder if it is inside."""
    inside = path.is_relative_to(config.rootpath)
    return visible((path.relative_to(config.rootpath) if inside else path).as_posix())


def _notes(named: str, katas: list[catalogue.Kata]) -> tuple[str, ...]:
    """Return a line for each file that a run of all katas leaves out."""
    roots = {kata.root for kata in katas} if "all" in named.split(",") else set()
    return tuple(visible(catalogue.stray(path, root)) for root in roots for path in catalogue.strays(root))
