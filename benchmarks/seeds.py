"""How sure the verdicts of a suite are: every accepted and rejected solution, graded with many seeds.

    python benchmarks/seeds.py SLUG [SEEDS] [LEVEL]

Prints each verdict that is not the one that a solution's folder and docstring promise, and how many examples each
promised failure needed, over all seeds (20 by default). Directed examples are tried first and are counted too. As for a
class, inputs are drawn once per seed; each seed has a process of its own, since a seed also decides the hashes of str.
The exit code is 1 if any verdict was another one.
"""

from __future__ import annotations

import functools
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from graders.authoring import solutions
from graders.authoring.catalogue import ROOT, Kata, find
from graders.contract.checks import here, named
from graders.grading.attempt import Attempt
from graders.grading.examiner import Examiner
from graders.grading.run import Run
from graders.sandbox.host import Host
from graders.sandbox.isolation import levels
from graders.sandbox.isolation.none import InProcessHost
from graders.sandbox.limits import Source

SEED_ONLY = "--only-seed"

Row = tuple[str, str, str, int, str]  # solution, criterion, outcome, examples, message


class Counter:
    """Counts the examples that are run once it is made."""

    def __init__(self) -> None:
        self.examples = 0
        wrapped = Attempt.example

        def example(attempt: Attempt, test: Callable[..., Any]) -> Callable[..., None]:
            run = wrapped(attempt, test)

            @functools.wraps(run)
            def counted(*args: Any, **kwargs: Any) -> None:
                self.examples += 1
                run(*args, **kwargs)

            return counted

        setattr(Attempt, "example", example)  # noqa: B010


def grade(kata: Kata, seed: int, level: str) -> list[Row]:
    """Return how every criterion of every solution went with one seed."""
    counter, run, rows = Counter(), Run(level, seed), list[Row]()
    for path in promises(kata):
        source = Source(kata.slug, solutions.read(path), seed)
        host = InProcessHost(source, path) if level == "none" else Host(levels.choose(level), source)
        try:
            examiner = Examiner(host, seed, control=lambda _: True, shrink=False, drawn=run.drawn, keys=run.keys(kata))
            for criterion in kata.suite().criteria:
                counter.examples = 0
                found = examiner.examine(criterion)
                rows.append((here(kata, path), criterion.id, found.outcome, counter.examples, found.message))
        finally:
            host.close()
    return rows


def promises(kata: Kata) -> dict[Path, tuple[set[str], set[str]]]:
    """Return the criteria that each solution must lose, and those that it may."""
    every = {criterion.id for criterion in kata.suite().criteria}
    found: dict[Path, tuple[set[str], set[str]]] = {kata.stub: (every, set()), kata.reference: (set(), set())}
    found |= {path: (set(), set()) for path in kata.solutions("accepted")}
    return found | {path: named(kata, path) for path in kata.solutions("rejected")}


def measure(kata: Kata, seeds: int, level: str) -> int:
    """Grade with all seeds, print what was found, return how many verdicts were others."""
    promised = {here(kata, path): each for path, each in promises(kata).items()}
    needed: dict[tuple[str, str], list[int]] = {}
    others = 0
    for seed in range(seeds):
        command = [sys.executable, __file__, kata.slug, SEED_ONLY, str(seed), level]
        environment = {**os.environ, "PYTHONHASHSEED": str(seed)}
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True, cwd=ROOT)
        for name, criterion, outcome, examples, message in json.loads(done.stdout):
            must, may = promised[name]
            if criterion in must:
                needed.setdefault((name, criterion), []).append(examples)
            if outcome != ("failed" if criterion in must else "passed") and not (
                criterion in may and outcome == "failed"
            ):
                others += 1
                print(f"seed {seed}: {name}, {criterion}: {outcome} {message}", flush=True)
        print(f"seed {seed} done", file=sys.stderr, flush=True)
    mistakes = {each: counts for each, counts in needed.items() if "/rejected/" in each[0]}
    for (name, criterion), counts in mistakes.items():
        spread = f"{min(counts)}..{max(counts)}, median {statistics.median(counts):g}"
        print(f"{Path(name).stem:40} {criterion:32} examples {spread}")
    same = sum(len(set(counts)) == 1 for counts in mistakes.values())
    name, criterion = max(mistakes, key=lambda each: max(mistakes[each]))
    print(
        f"{kata.slug}: {len(promised)} files, {seeds} seeds, level {level}: {others} verdicts that were not promised; "
        f"{same} of {len(mistakes)} failures came at the same example with every seed; "
        f"the latest, {Path(name).stem} in {criterion}, within {max(mistakes[name, criterion])}"
    )
    return others


def main() -> int:
    """Measure, or grade with one seed in a process of its own."""
    slug, *rest = sys.argv[1:] or [""]
    if not slug:
        raise SystemExit(__doc__)
    (kata,) = find(slug)
    if rest and rest[0] == SEED_ONLY:
        print(json.dumps(grade(kata, int(rest[1]), rest[2])))
        return 0
    return 1 if measure(kata, int(rest[0]) if rest else 20, rest[1] if len(rest) > 1 else "process") else 0


if __name__ == "__main__":
    sys.exit(main())
