"""What the worst attackers cost a class: the share of its time that goes to them.

    python benchmarks/attackers.py [RIGHT]      default: 40

Grades a class of so many right solutions and ten attackers with two workers, and prints how long each attacker took,
what the ten took of the class's time, and what a right solution took. The attackers are those of `tests/hostile` that
took longest when all were graded. The exit code is 1 if a right solution has lost a point, if anybody was not graded,
or if the ten cost a class more than 15 minutes on two cores: half of what they took one after another.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from graders.authoring import solutions
from graders.authoring.catalogue import Kata

ROOT = Path(__file__).resolve().parent.parent
SLUG = "thread_pool"
WORST = (
    "calls_from_daemons",
    "child_answers_for_a_sleeping_worker",
    "name_that_is_no_text",
    "naps_while_calls_are_held",
    "never_asleep",
    "one_thread_that_turns",
    "process_in_disguise",
    "sleeps_after_vfork",
    "threads_of_a_nameless_process",
    "wakes_all_the_time",
)
MOST_SECONDS = 15 * 60
SEED = 7


def make_class(folder: Path, right: int) -> None:
    """Fill a folder with the attackers, and with right solutions before, among and after them."""
    contents = {f"{number:03} right": solutions.read(Kata(SLUG).reference) for number in range(right)}
    for number, name in enumerate(WORST):
        place = number * right // len(WORST)
        contents[f"{place:03} {name}"] = (ROOT / "tests" / "hostile" / "concurrency" / f"{name}.py").read_bytes()
    for student, content in contents.items():
        (folder / student).mkdir(parents=True)
        (folder / student / f"{SLUG}.py").write_bytes(content)


def grade(right: int) -> dict[str, tuple[int | None, float]]:
    """Grade the class, and return the score of each student, None for who was not graded, and the seconds."""
    with tempfile.TemporaryDirectory() as folder:
        submissions, scores = Path(folder) / "class", Path(folder) / "scores.json"
        make_class(submissions, right)
        subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-n", "2", "-p", "no:cacheprovider", f"--kata={SLUG}",
             f"--kata-seed={SEED}", f"--submissions={submissions}", f"--scores={scores}", "--isolation=sandbox"],
            cwd=ROOT, check=False, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        results = json.loads(scores.read_text())["results"]
    return {
        result["submission"]: (result["score"], sum(each["seconds"] for each in result["criteria"]))
        for result in results
    }


def main() -> int:
    """Grade and print; return the exit code."""
    right = int(sys.argv[1]) if sys.argv[1:] else 40
    start = time.monotonic()
    found = grade(right)
    wall = time.monotonic() - start
    honest = [each for student, each in found.items() if student.endswith(" right")]
    took = sorted(((each[1], student[4:]) for student, each in found.items() if each not in honest), reverse=True)
    for seconds, name in took:
        print(f"{seconds:6.1f} s  {name}")
    doubtful = sum(score is None for score, _ in found.values())
    attackers, others = sum(seconds for seconds, _ in took), sum(seconds for _, seconds in honest)
    lost = sum(score != 100 for score, _ in honest)
    print(f"{attackers:6.1f} s  all attackers, {attackers / (attackers + others):.0%} of what the class took")
    print(
        f"{others / right:6.1f} s  a right solution; {lost} of {right} lost points, {doubtful} of all were not graded"
    )
    print(f"{wall:6.1f} s  on the wall, with two workers")
    return int(bool(lost or doubtful) or attackers / 2 > MOST_SECONDS)


if __name__ == "__main__":
    sys.exit(main())
