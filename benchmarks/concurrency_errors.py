"""How often is a concurrency verdict wrong, and what does it cost? Under load, on one core, at any level.

    python benchmarks/concurrency_errors.py --runs 300 --load 4 --pin
    python benchmarks/concurrency_errors.py --compare 8 --rounds 5

A run is one criterion for one solution of `thread_pool` or `process_pool`. An accepted solution must pass it; a
rejected one must fail those that its docstring says, pass those that it does not mention, each time for the same
reason. Prints a line for each wrong verdict, then the counts with the 95 % upper bound of the error rate, and what a
run costs.

With --compare, every criterion of both katas is examined for every solution, in each round once as the machine is and
once with so many busy loops beside it. Prints each verdict that differs between the two, or from what is promised.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import math
import os
import re
import statistics
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from graders.authoring import catalogue, solutions
from graders.grading.examiner import Examiner
from graders.grading.hypothesis_adapter import Drawn
from graders.grading.outcome import Outcome
from graders.sandbox.host import Host
from graders.sandbox.isolation import levels
from graders.sandbox.limits import Source

CRITERIA = {
    "thread_pool": ("order_holds", "pool_is_full", "never_more_than_allowed", "slow_one_stalls_nobody"),
    "process_pool": ("all_work_at_once",),
}


@dataclass
class Tally:
    """What came of the runs of one kind of solution."""

    runs: int = 0
    wrong: list[str] = field(default_factory=list)
    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    reasons: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def add(self, slug: str, path: Path, kind: str, outcome: Outcome) -> None:
        """Count a run, and print it if it is wrong."""
        name = f"{slug}/{path.stem}: {outcome.id}"
        self.runs += 1
        self.seconds[f"{outcome.id} of {'the reference' if path.stem == 'reference' else kind}"].append(outcome.seconds)
        said = outcome.speedup if outcome.outcome == "passed" else outcome.message.partition(":")[0]
        self.reasons[name][(said or "passed").partition(";")[0]] += 1
        error = judge(path, kind, outcome)
        if error is not None:
            self.wrong.append(name)
            print(f"WRONG {name} {error}", flush=True)


def named(text: str, heading: str) -> set[str]:
    """Return the criteria that a rejected solution's docstring names under a heading."""
    found = re.search(rf"^{heading}: (.*)$", text, re.MULTILINE)
    return set() if found is None else {name.strip() for name in found[1].split(",")}


def judge(path: Path, kind: str, outcome: Outcome) -> str | None:
    """Return what is wrong with an outcome."""
    text = solutions.read(path).decode()
    if outcome.outcome == "not_graded":
        return "was not graded"
    if kind == "rejected" and outcome.id in named(text, "May fail"):
        return None
    fails = kind == "rejected" and outcome.id in named(text, "Must fail")
    if fails == (outcome.outcome == "failed"):
        return None
    return "passed" if fails else f"failed: {outcome.message}"


def verdicts(slug: str, level: str, seed: int, only: str) -> dict[tuple[str, str], str]:
    """Return how each criterion of a kata went for each solution, by their names; print what was not promised."""
    kata, drawn, found = catalogue.Kata(slug), Drawn(), dict[tuple[str, str], str]()
    every = {"accepted": [kata.reference, *kata.solutions("accepted")], "rejected": kata.solutions("rejected")}
    for kind, paths in every.items():
        for path in paths:
            if only and path.stem not in only.split(","):
                continue
            host = Host(levels.choose(level), Source(slug, solutions.read(path), seed))
            try:
                examiner = Examiner(host, seed, control=lambda _: True, shrink=False, drawn=drawn)
                for criterion in kata.suite().criteria:
                    outcome = examiner.examine(criterion)
                    found[f"{slug}/{kind}/{path.stem}", criterion.id] = outcome.outcome
                    error = judge(path, kind, outcome)
                    if error is not None:
                        print(f"WRONG {slug}/{path.stem}: {outcome.id} {error}", flush=True)
            finally:
                host.close()
    return found


def compare(katas: list[str], level: str, busy: int, rounds: int, only: str) -> int:
    """Examine everything as the machine is and with busy loops beside it; return how many verdicts differ."""
    different = 0
    for number in range(rounds):
        for slug in katas:
            start = time.monotonic()
            idle = verdicts(slug, level, number, only)
            middle = time.monotonic()
            with load(busy):
                loaded = verdicts(slug, level, number, only)
            for (name, criterion), outcome in idle.items():
                if loaded[name, criterion] != outcome:
                    different += 1
                    print(f"DIFFERS {name}: {criterion} {outcome}, under load {loaded[name, criterion]}", flush=True)
            print(
                f"round {number + 1}, {slug}: {len(idle)} verdicts in {middle - start:.0f} s, "
                f"{time.monotonic() - middle:.0f} s with {busy} busy loops; {different} different so far; "
                f"load average {os.getloadavg()[0]:.1f}",
                flush=True,
            )
    return different


def runs(slug: str, kind: str, level: str, seed: int, only: str) -> Iterator[tuple[Path, Outcome]]:
    """Yield the outcome of each criterion for each solution of a kind."""
    kata = catalogue.Kata(slug)
    for path in [*([kata.reference] if kind == "accepted" else []), *kata.solutions(kind)]:
        if only and path.stem not in only.split(","):
            continue
        host = Host(levels.choose(level), Source(slug, solutions.read(path)))
        try:
            examiner = Examiner(host, seed, shrink=False)
            for criterion in kata.suite().criteria:
                if criterion.id in CRITERIA[slug]:
                    yield path, examiner.examine(criterion)
        finally:
            host.close()


@contextlib.contextmanager
def load(count: int) -> Iterator[None]:
    """Keep so many busy loops running."""
    spinners = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(count)]
    try:
        yield
    finally:
        for spinner in spinners:
            spinner.kill()
            spinner.wait()


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=300, help="of each kind of solution, at least")
    parser.add_argument("--load", type=int, default=0, metavar="N", help="busy loops beside it")
    parser.add_argument("--pin", action="store_true", help="everything on one core")
    parser.add_argument("--level", choices=("sandbox", "process"), default="process")
    parser.add_argument("--katas", default="thread_pool,process_pool")
    parser.add_argument("--only", default="", help="solutions of these names, with commas between")
    parser.add_argument("--compare", type=int, default=0, metavar="N", help="verdicts without and with N busy loops")
    parser.add_argument("--rounds", type=int, default=5, help="of --compare, each with a seed of its own")
    options = parser.parse_args()
    if options.pin:
        os.sched_setaffinity(0, {0})
    if options.compare:
        if compare(options.katas.split(","), options.level, options.compare, options.rounds, options.only):
            sys.exit("some verdicts differ under load")
        return
    tallies = {"accepted": Tally(), "rejected": Tally()}
    start, before = time.monotonic(), os.getloadavg()[0]
    with load(options.load):
        for kind, tally in tallies.items():
            for number in itertools.count():
                if tally.runs >= options.runs or (number and not tally.runs):
                    break
                for slug in options.katas.split(","):
                    for path, outcome in runs(slug, kind, options.level, number, options.only):
                        tally.add(slug, path, kind, outcome)
    print(
        f"{options.load} busy loops, pinned: {options.pin}, {options.level}, {time.monotonic() - start:.0f} s,", end=" "
    )
    print(f"load average {before:.1f} before and {os.getloadavg()[0]:.1f} at the end")
    for kind, tally in tallies.items():
        # No error in n runs: with 95 % confidence the rate is below 1 - 0.05 ** (1/n).
        bound = 1 - math.pow(0.05, 1 / max(tally.runs, 1))
        print(f"{kind}: {tally.runs} runs, {len(tally.wrong)} wrong (0 would mean below {bound:.2%})")
        for name, reasons in tally.reasons.items():
            if len(reasons) > 1:
                print(f"   not always the same: {name} {dict(reasons)}")
        for criterion, seconds in tally.seconds.items():
            middle, worst = statistics.median(seconds) * 1e3, max(seconds) * 1e3
            print(f"   {criterion}: {len(seconds)} runs, median {middle:.0f} ms, worst {worst:.0f} ms")
    if any(tally.wrong for tally in tallies.values()):
        sys.exit("some verdicts were wrong")


if __name__ == "__main__":
    main()
