"""What a cheat can earn who knows the suite: the forger of a kata, appended to every rejected solution.

    python benchmarks/forge.py SLUG [NAMES]

Grades each rejected solution and the stub as in a class, at level process, as it is and with `tests/forgers/SLUG.py`
appended. Prints what each gained and lost; for each criterion, how many solutions gained it; and the best total gain.
NAMES are those of the solutions to take, separated by commas, or a number of them, evenly spread; all by default.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from graders.authoring import solutions
from graders.authoring.catalogue import Kata, find
from graders.grading.run import Run
from tests.forgers import forged, points

LEVEL = "process"
SEED = 7


def chosen(kata: Kata, names: str) -> list[Path]:
    """Return the files to grade: all, those of these names, or so many of them."""
    every = [*kata.solutions("rejected"), kata.stub]
    if names.isdecimal():
        return every[:: max(1, len(every) // int(names))]
    return [path for path in every if not names or path.stem in names.split(",")]


def measure(kata: Kata, names: str) -> int:
    """Grade, print what was gained, and return the best total gain."""
    run = Run(LEVEL, SEED)
    gained, best, took_part = Counter[str](), (0, ""), 0
    for path in chosen(kata, names):
        alone, together = points(kata, solutions.read(path), run), points(kata, forged(kata, path), run)
        changed = {each: together[each] - alone[each] for each in alone if together[each] != alone[each]}
        gained.update(each for each, more in changed.items() if more > 0)
        total, took_part = sum(changed.values()), took_part + 1
        best = max(best, (total, path.stem))
        print(f"{path.stem:40} {sum(alone.values()):3} -> {sum(together.values()):3}  {changed or ''}", flush=True)
    for criterion in kata.suite().criteria:
        print(f"{criterion.id:32} {criterion.points:3} points, gained by {gained[criterion.id]} of {took_part}")
    print(f"{kata.slug}: at most {best[0]} points gained, by {best[1] or 'none'}")
    return best[0]


def main() -> None:
    """Measure one kata."""
    slug, *names = sys.argv[1:] or [""]
    if not slug:
        raise SystemExit(__doc__)
    (kata,) = find(slug)
    measure(kata, names[0] if names else "")


if __name__ == "__main__":
    main()
