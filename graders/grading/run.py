"""One run of the grader: what it grades, how it confines submissions, which seed it uses."""

from __future__ import annotations

import functools
import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hypothesis.database import DirectoryBasedExampleDatabase, ExampleDatabase

from graders.authoring.catalogue import BrokenSuite, Kata
from graders.grading import provenance
from graders.grading.answer_key import Key
from graders.grading.examiner import Examiner
from graders.grading.hand_in import Target, read_submission
from graders.grading.hypothesis_adapter import Drawn
from graders.grading.outcome import LoadFailure, Outcome, Result, Status, result
from graders.grading.reference import Reference
from graders.sandbox.errors import GraderFault, encodable
from graders.sandbox.host import Host
from graders.sandbox.isolation import levels
from graders.sandbox.isolation.none import InProcessHost
from graders.sandbox.limits import Source, stretched


@dataclass
class Run:
    """Holds the examiners of a run, one per target, created when first needed.

    database: the folder of failing examples of earlier local runs, to try first; None to try none.
    """

    isolation: str
    seed: int
    database: Path | None = None
    drawn: Drawn = field(default_factory=Drawn)
    _hosts: dict[Target, Host | InProcessHost] = field(default_factory=dict)
    _files: dict[Target, dict[str, Any]] = field(default_factory=dict)
    _examiners: dict[Target, Examiner] = field(default_factory=dict)
    _references: dict[Kata, Reference] = field(default_factory=dict)

    @property
    def hash_seed(self) -> int:
        """The seed of str hashes in the submissions' processes, which Python takes up to 2**32 - 1."""
        # A submission can read it, and must not learn the run's seed from it.
        return int.from_bytes(hashlib.sha256(b"str" + stretched(self.seed)).digest()[:4], "big")

    def loader(self, target: Target) -> Host | InProcessHost:
        """Return the host of the target's submission."""
        if target not in self._hosts:
            self._hosts[target] = host = self._open(target.kata, target.path)
            modified = target.path.stat().st_mtime if target.path.exists() else None
            self._files[target] = provenance.file(encodable(os.fsdecode(target.path)), host.source.content, modified)
        return self._hosts[target]

    def evidence(self, target: Target) -> dict[str, Any]:
        """Return where the target's outcomes come from, as `origin` does, for the file as it was read."""
        self.loader(target)
        return self.origin(target.kata, self._files[target])

    def origin(self, kata: Kata, file: dict[str, Any]) -> dict[str, Any]:
        """Return where a result of this moment comes from. file: the result of `provenance.file`."""
        made = {"seed": self.seed, "isolation": self.isolation, "graded_at": provenance.moment()}
        return {"file": file, **provenance.of_suite(kata), **made}

    def reference(self, kata: Kata) -> Reference:
        """Return a kata's reference, graded as in this run."""
        if kata not in self._references:
            self._references[kata] = Reference(kata, functools.partial(self._open, kata), self.seed, self.drawn)
        return self._references[kata]

    def keys(self, kata: Kata) -> Mapping[str, Key]:
        """Return the answer keys of a kata's criteria."""
        return self.reference(kata).keys()

    def examiner(self, target: Target) -> Examiner:
        """Return the target's examiner."""
        if target not in self._examiners:
            reference = self.reference(target.kata)
            self._examiners[target] = Examiner(
                self.loader(target),
                self.seed,
                database=self._database(target),
                control=reference.passes,
                file=target.label,
                beside=reference.passes_now,
                reference=reference.opener(),
                asked=target.kata.names(),
            )
        return self._examiners[target]

    def grade(self, kata: Kata, content: bytes, *, shrink: bool, only: str = "") -> list[Outcome]:
        """Examine one submission of a class for every criterion, and end its processes.

        only: the id of the one criterion to examine, "" for all.
        """
        reference = self.reference(kata)
        keys = reference.keys()
        host = Host(levels.choose(self.isolation), Source(kata.slug, content, self.hash_seed, self.seed))
        try:
            examiner = Examiner(
                host,
                self.seed,
                control=reference.passes,
                beside=reference.passes_now,
                reference=reference.opener(),
                asked=kata.names(),
                shrink=shrink,
                drawn=self.drawn,
                keys=keys,
            )
            return [examiner.examine(each) for each in kata.suite().criteria if only in ("", each.id)]
        finally:
            host.close()

    def result(self, kata: Kata, student: str, content: bytes | None, *, message: str = "", shrink: bool) -> Result:
        """Return the score card of one submission of a class, whatever happens during grading.

        content: None if the student's file can't be run; then no criterion is run, and `message` says why.
        """
        try:
            suite = kata.suite()
            if content is None:
                reason = LoadFailure(message, file=f"{kata.slug}.py")
                outcomes = [
                    Outcome(c.id, c.title, c.points, "failed", f"not run: {message}", not_run=reason)
                    for c in suite.criteria
                ]
            else:
                outcomes = self.grade(kata, content, shrink=shrink)
        except (BrokenSuite, GraderFault) as error:
            return self.ungraded(kata, student, "not_graded", str(error))
        return result(student, kata.slug, suite.title, outcomes, criteria=len(suite.criteria))

    def ungraded(self, kata: Kata, student: str, status: Status, message: str) -> Result:
        """Return the score card of a submission that could not be graded, or was not handed in."""
        try:
            title = kata.suite().title
        except BrokenSuite as error:
            broken = f"the hidden suite can't be loaded: {error}"
            return Result(student, kata.slug, kata.slug, "not_graded", message=broken)
        return Result(student, kata.slug, title, status, message=message)

    def close(self) -> None:
        """End every process of this run."""
        for host in self._hosts.values():
            host.close()
        self._hosts.clear()
        self._examiners.clear()

    def _open(self, kata: Kata, path: Path) -> Host | InProcessHost:
        source = Source(kata.slug, read_submission(path, kata.root), self.hash_seed, self.seed)
        if self.isolation == "none":
            return InProcessHost(source, path)
        return Host(levels.choose(self.isolation), source)

    def _database(self, target: Target) -> ExampleDatabase | None:
        if self.database is None:
            return None
        # One folder per file: another submission's failing examples must not change this one's inputs.
        name = hashlib.sha256(str(target.path.resolve()).encode()).hexdigest()[:16]
        return DirectoryBasedExampleDatabase(self.database / f"{target.kata.slug}-{name}")
