"""What a class costs, per submission, as a ratio to the floor; how it scales; what the examiner keeps in memory.

    python benchmarks/class_run.py [SLUG] [SIZE] [PARTS...]     default: hashing 40 floor scaling
                                                                parts: floor baselines scaling memory

The class is a quarter each of the reference and three rejected solutions: for hashing three well-known answers, else
those after a quarter, a half and three quarters of their list. The floor is the time that the same
properties take as plain functions in one warm process with the submission imported directly, Hypothesis in full. All is
measured in turn in one go; CPU is that of the examiner and of all sandboxes. Ratios, never gates.

The baselines that a user would pick are measured where they are installed: pip install gradescope-utils.
"""

from __future__ import annotations

import contextlib
import functools
import importlib.util
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from direct import Direct, run

from graders.authoring import catalogue, solutions
from graders.authoring.catalogue import Kata
from graders.grading.run import Run

ROOT = Path(__file__).resolve().parent.parent
WELL_KNOWN = {"hashing": ("rejected/article_point", "rejected/sum_hash", "rejected/false_for_strangers")}
MIX = 4  # solutions
SEED = 7


@functools.cache
def files(kata: Kata) -> list[Path]:
    """Return the solutions of the mix."""
    rejected = kata.solutions("rejected")
    wrong = [kata.solution(name) for name in WELL_KNOWN.get(kata.slug, ())]
    return [kata.reference, *(wrong or [rejected[len(rejected) * part // MIX] for part in range(1, MIX)])]


def make_class(kata: Kata, folder: Path, size: int) -> None:
    """Fill a folder with so many students."""
    for number in range(size):
        student = folder / f"student{number:04}"
        student.mkdir()
        student.joinpath(f"{kata.slug}.py").write_bytes(solutions.read(files(kata)[number % MIX]))


def cpu() -> float:
    """Return the CPU seconds of this process and of the children that it has waited for, and those that they have.

    A sandbox's processes are among them: its pid 1 waits for the workers, and bubblewrap for pid 1.
    """
    return sum(
        usage.ru_utime + usage.ru_stime
        for usage in (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    )


def floor(kata: Kata, rounds: int) -> float:
    """Return the CPU seconds per submission of the bare properties."""
    before = cpu()
    for _ in range(rounds):
        for path in files(kata):
            for criterion in kata.suite().criteria:
                with contextlib.suppress(Exception):
                    for check in criterion.checks:
                        run(check, Direct(path), SEED)
    return (cpu() - before) / rounds / MIX


def ours(kata: Kata, size: int) -> tuple[float, float]:
    """Return the CPU seconds per submission of the examiner and of the sandboxes, for one session."""
    session = Run("sandbox", SEED)
    before, own = cpu(), time.process_time()
    for number in range(size):
        session.grade(kata, solutions.read(files(kata)[number % MIX]), shrink=False)
    examiner = time.process_time() - own
    return examiner / size, (cpu() - before - examiner) / size


def part_floor(kata: Kata, size: int) -> None:
    """Print the cost of a class against the floor."""
    floor(kata, 1)  # warm: Hypothesis's caches, the suite
    rounds = max(1, size // 8)
    first = floor(kata, rounds)
    examiner, sandboxes = ours(kata, size)
    second = floor(kata, rounds)
    bare = (first + second) / 2
    print(f"{kata.slug}, class of {size}, CPU seconds per submission")
    print(f"  floor {bare:.3f} (before {first:.3f}, after {second:.3f})")
    print(f"  ours  {examiner + sandboxes:.3f} = examiner {examiner:.3f} + sandboxes {sandboxes:.3f}")
    print(f"  ratio {(examiner + sandboxes) / bare:.2f}   (aim 0.45; supervisor_config 0.3)")


def command(kata: Kata, folder: Path, *options: str) -> tuple[float, dict[str, object]]:
    """Grade a folder by the command line and return (wall seconds, scores)."""
    with tempfile.NamedTemporaryFile(suffix=".json") as scores:
        start = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--kata={kata.slug}",
             f"--kata-seed={SEED}", f"--submissions={folder}", f"--scores={scores.name}", *options],
            cwd=ROOT, check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        return time.perf_counter() - start, json.loads(Path(scores.name).read_text())


def part_scaling(kata: Kata, size: int) -> None:
    """Print the speedup of two workers over one."""
    with tempfile.TemporaryDirectory() as folder:
        make_class(kata, Path(folder), size)
        one, _ = command(kata, Path(folder), "-n", "1")
        two, _ = command(kata, Path(folder), "-n", "2")
        print(f"class of {size}: -n 1 {one:.1f} s, -n 2 {two:.1f} s, speedup {one / two:.2f} (aim 1.7)")


def part_memory(kata: Kata, size: int) -> None:
    """Print the peak memory of the examiner for a class and for one ten times as large."""
    for students in (size, 10 * size):
        with tempfile.TemporaryDirectory() as folder:
            make_class(kata, Path(folder), students)
            code = (
                "import resource, sys, pytest; pytest.main(sys.argv[1:]);"
                "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)"
            )
            done = subprocess.run(
                [sys.executable, "-c", code, "-qp", "no:cacheprovider", f"--kata={kata.slug}",
                 f"--submissions={folder}"],
                cwd=ROOT, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
            )  # fmt: skip
            print(f"class of {students}: peak memory {int(done.stderr.split()[-1]) / 1024:.0f} MiB")


BASELINE = """
import pytest, sys
sys.path[:0] = [{root!r}, {root!r} + "/benchmarks"]
from pathlib import Path
from direct import Direct, run
from graders.authoring import solutions
from graders.authoring.catalogue import Kata
checks = [check for criterion in Kata({slug!r}).suite().criteria for check in criterion.checks]

@pytest.mark.parametrize("check", checks, ids=lambda check: check.test.__name__)
def test_check(check):
    run(check, Direct(Path({path!r})), 7)
"""

GRADESCOPE = """
import sys, unittest
sys.path[:0] = [{root!r}, {root!r} + "/benchmarks"]
from pathlib import Path
from direct import Direct, run
from graders.authoring import solutions
from graders.authoring.catalogue import Kata
from gradescope_utils.autograder_utils.decorators import weight
from gradescope_utils.autograder_utils.json_test_runner import JSONTestRunner

class Test(unittest.TestCase):
    pass

for criterion in Kata({slug!r}).suite().criteria:
    def test(self, criterion=criterion):
        for check in criterion.checks:
            run(check, Direct(Path({path!r})), 7)
    setattr(Test, "test_" + criterion.id, weight(criterion.points)(test))

with open("results.json", "w") as stream:
    JSONTestRunner(stream=stream).run(unittest.defaultTestLoader.loadTestsFromTestCase(Test))
"""


def part_baselines(kata: Kata, size: int) -> None:
    """Print what a subprocess per submission costs, as users do it today."""
    bare = floor(kata, max(1, size // 8))
    with tempfile.TemporaryDirectory() as folder:
        for name, text, argv in (
            ("pytest in a subprocess", BASELINE, ["-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", os.devnull]),
            ("gradescope-utils", GRADESCOPE, []),
        ):
            if name == "gradescope-utils" and importlib.util.find_spec("gradescope_utils") is None:
                print(f"  {name}: not installed (pip install gradescope-utils)")
                continue
            before = cpu()
            for path in files(kata):
                script = Path(folder, "test_it.py")
                script.write_text(text.format(root=str(ROOT), slug=kata.slug, path=str(path)))
                subprocess.run([sys.executable, *argv, str(script)], cwd=folder, check=False, stdout=subprocess.DEVNULL)
            print(f"  {name}: {(cpu() - before) / MIX / bare:.2f} x floor")
    print("  nbgrader: see nbgrader_class.py; it needs a course")


def main() -> None:
    """Run the parts that were asked for."""
    words = sys.argv[1:]
    kata = Kata(words.pop(0) if words and words[0] in catalogue.slugs() else "hashing")
    size = int(words.pop(0)) if words else 40
    parts = {"floor": part_floor, "baselines": part_baselines, "scaling": part_scaling, "memory": part_memory}
    for name in words or ("floor", "scaling"):
        parts[name](kata, size)


if __name__ == "__main__":
    main()
