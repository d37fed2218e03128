"""Whether a verdict depends on the level: every solution of a kata as one of a class and alone, none left out.

    python benchmarks/levels.py SLUG

The tests grade each accepted and a share of the rejected solutions at the second level, most with inputs that are kept.
Here each is graded at both, and Hypothesis draws for it when it is alone. Prints what the contract says of each that
does not keep it; the exit code is 1 if there is any.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from graders.authoring.catalogue import find
from graders.contract import checks
from graders.contract.finding import Finding


def main() -> int:
    """Grade and print."""
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    (kata,) = find(sys.argv[1])
    run, wrong = checks.as_class(), 0
    paths = [kata.reference, *kata.solutions("accepted"), *kata.solutions("rejected")]
    for path in paths:
        check = checks.check_rejected if path.parent.name == "rejected" else checks.check_accepted
        try:
            check(kata, path, run, everything=True)
        except Finding as error:
            wrong += 1
            print(error, flush=True)
    print(f"{kata.slug}: {len(paths)} solutions at the levels {' and '.join(checks.LEVELS)}: {wrong} not as promised")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
