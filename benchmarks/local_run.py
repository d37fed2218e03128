"""What one local run costs, as a ratio to a bare pytest run of the same properties on a directly imported module.

    python benchmarks/local_run.py [SLUG] [ROUNDS]

Both are run in turn, in one go, so that whatever else the machine does falls on both; the medians are compared. CPU is
that of the whole tree of processes. A ratio, never a gate. Behind the table it says where the CPU goes. A kata whose
checks hand out instruments has no bare run: they need a worker. Its ratios are to level process.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from graders.authoring.catalogue import Kata
from graders.grading.examiner import Examiner
from graders.grading.hypothesis_adapter import Drawn
from graders.sandbox.host import Host
from graders.sandbox.isolation import levels
from graders.sandbox.limits import Source

ROOT = Path(__file__).resolve().parent.parent

BARE = """
import sys
sys.path[:0] = [{root!r}, {root!r} + "/benchmarks"]
from pathlib import Path
import pytest
from direct import Direct, run
from graders.authoring.catalogue import Kata
kata = Kata({slug!r})
checks = [check for criterion in kata.suite().criteria for check in criterion.checks]

@pytest.mark.parametrize("check", checks, ids=lambda check: check.test.__name__)
def test_check(check):
    run(check, Direct(kata.reference), 7)
"""


def measure(command: list[str], cwd: Path) -> tuple[float, float]:
    """Return (wall, CPU) in seconds of a command and all that it started and waited for."""
    start = time.perf_counter()
    with subprocess.Popen(command, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"{' '.join(command)} ended with exit code {process.returncode}")
    return time.perf_counter() - start, usage.ru_utime + usage.ru_stime


def main() -> None:
    """Print the ratios and where the rest goes."""
    slug = sys.argv[1] if len(sys.argv) > 1 else "hashing"
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 9
    pytest = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    kata = [*pytest, f"--kata={slug}", f"--submission=solutions/{slug}/reference.py", "--kata-seed=7"]
    with tempfile.TemporaryDirectory() as folder:
        bare = Path(folder, "test_bare.py")
        bare.write_text(BARE.format(root=str(ROOT), slug=slug))
        commands = {
            **({"bare pytest": [*pytest, "-c", os.devnull, f"--rootdir={folder}", str(bare)]} if plain(slug) else {}),
            "level process": [*kata, "--isolation=process"],
            "level none": [*kata, "--isolation=none"],
            "an empty pytest run": [*pytest, "--collect-only", f"--kata={slug}"],
            "python -c pass": [sys.executable, "-c", "pass"],
        }
        found: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
        for round_ in range(rounds + 1):
            for name, command in commands.items():
                measured = measure(command, ROOT)
                if round_:  # the first round fills caches
                    found[name].append(measured)
    floor = [statistics.median(each) for each in zip(*next(iter(found.values())), strict=True)]
    print(f"{slug}, reference, medians of {rounds} rounds in turn")
    print(f"{'':22}{'wall s':>8}{'ratio':>7}{'CPU s':>8}{'ratio':>7}")
    for name, values in found.items():
        wall, cpu = (statistics.median(each) for each in zip(*values, strict=True))
        print(f"{name:22}{wall:8.2f}{wall / floor[0]:7.2f}{cpu:8.2f}{cpu / floor[1]:7.2f}")
    print("none - bare: proxies, codec, transcript, score card. process - none: the worker, the trips, the forks.")
    shares(Kata(slug))


def plain(slug: str) -> bool:
    """Whether the checks of a kata need no instrument."""
    return "graders.concurrency" not in Kata(slug).suite_file.read_text("utf-8")


def shares(kata: Kata) -> None:
    """Print where the examiner's CPU goes: the second time, what was drawn is replayed and the oracle remembers."""
    drawn, found = Drawn(), dict[str, list[float]]()
    for _ in range(2):
        start = os.times()
        host = Host(levels.choose("process"), Source(kata.slug, kata.reference.read_bytes(), 7))
        examiner = Examiner(host, 7, shrink=False, drawn=drawn)
        for criterion in kata.suite().criteria:
            before = time.process_time()
            examiner.examine(criterion)
            found.setdefault(criterion.id, []).append(time.process_time() - before)
        host.close()
        end = os.times()
    print(f"{'CPU s of the examiner':38}{'inputs, oracle':>15}{'calls, checks':>15}")
    for name, (first, again) in found.items():
        print(f"{name:38}{first - again:15.2f}{again:15.2f}")
    whole, calls = (sum(each) for each in zip(*found.values(), strict=True))
    print(f"{'all':38}{whole - calls:15.2f}{calls:15.2f}")
    worker = end.children_user + end.children_system - start.children_user - start.children_system
    print(f"CPU s of zygote and workers: {worker:.2f}. The rest of a run is what an empty pytest run costs.")


if __name__ == "__main__":
    main()
