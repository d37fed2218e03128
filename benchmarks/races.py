"""How often the search for races is wrong: the race checks of thread_pool over many seeds.

    python benchmarks/races.py 20 [sandbox | process]

Only the last check of each criterion that has one is run: `graders.concurrency.Interleavings`. An accepted solution
must pass all of them; a rejected one whose docstring says "a race" must fail those of the criteria that it names, by
that name.
"""

from __future__ import annotations

import dataclasses
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from graders.authoring import solutions
from graders.authoring.catalogue import Kata
from graders.authoring.criterion import Criterion
from graders.grading.examiner import Examiner
from graders.sandbox.host import Host
from graders.sandbox.isolation import levels
from graders.sandbox.limits import Source

RACING = ("one_result_each", "pool_is_full", "never_more_than_allowed", "no_threads_left")


def checks(kata: Kata) -> Iterator[Criterion]:
    """Yield the criteria that have a race check, with that check only."""
    for criterion in kata.suite().criteria:
        if criterion.id in RACING:
            yield dataclasses.replace(criterion, checks=criterion.checks[-1:])


def failed(kata: Kata, path: Path, level: str, seed: int) -> Iterator[tuple[str, str]]:
    """Yield (criterion, message) for each race check that a file does not pass."""
    host = Host(levels.choose(level), Source(kata.slug, solutions.read(path), seed, seed))
    try:
        examiner = Examiner(host, seed, shrink=False)
        for criterion in checks(kata):
            outcome = examiner.examine(criterion)
            if outcome.outcome != "passed":
                yield criterion.id, outcome.message
    finally:
        host.close()


def main() -> None:
    """Run and print."""
    seeds, level = int(sys.argv[1]), ([*sys.argv[2:], "process"])[0]
    kata = Kata("thread_pool")
    accepted = [kata.reference, *kata.solutions("accepted")]
    rejected = [path for path in kata.solutions("rejected") if "Mistake: a race" in solutions.read(path).decode()]
    wrong = 0
    for path in [*accepted, *rejected]:
        must = set()
        if path in rejected:
            found = re.search("^Must fail: (.*)$", solutions.read(path).decode(), re.MULTILINE)
            must = set() if found is None else set(found[1].split(", "))
        for seed in range(seeds):
            got = dict(failed(kata, path, level, seed))
            races = {name for name, message in got.items() if message.startswith("race: ")}
            if set(got) != races or must - races or (not must and races):
                wrong += 1
                print(f"WRONG {path.stem}, seed {seed}: {got}", flush=True)
    print(f"accepted: {len(accepted) * seeds} runs; races: {len(rejected) * seeds} runs; wrong: {wrong}")
    print(f"level {level}, load average {os.getloadavg()[0]:.1f} at the end")
    raise SystemExit(wrong > 0)


if __name__ == "__main__":
    main()
