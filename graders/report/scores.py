"""LAYER 3. The scores as JSON, to the schema ``kata-scores/1``."""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graders.scoring import Outcome, Result

SCHEMA = "kata-scores/1"


@dataclass(frozen=True)
class Header:
    """What is true of a whole run. started: UTC, ISO 8601; seconds: on the wall."""

    seed: int
    isolation: str
    started: str
    seconds: float


def document(header: Header, results: list[Result]) -> dict[str, Any]:
    """Return the document that `write` writes."""
    return {
        "schema": SCHEMA,
        "seed": header.seed,
        "isolation": header.isolation,
        "started": header.started,
        "seconds": round(header.seconds, 3),
        "results": [
            {
                "submission": result.submission,
                "kata": result.kata,
                "status": result.status if result.whole else "not_graded",
                "score": result.score,
                "max_score": result.total,
                "message": result.message if result.whole else "only a part of the criteria was run",
                "criteria": [_criterion(outcome) for outcome in result.outcomes],
                **result.extra,
            }
            for result in results
        ],
    }


def _criterion(outcome: Outcome) -> dict[str, Any]:
    failure = outcome.failure
    return {
        "id": outcome.id,
        "title": outcome.title,
        "points": outcome.points,
        "max_points": outcome.max_points,
        "outcome": outcome.outcome,
        "message": outcome.message,
        "counterexample": failure.counterexample() if failure is not None and failure.steps else None,
        "printed": failure.printed if failure is not None else "",
        "seconds": round(outcome.seconds, 3),
        "speedup": outcome.speedup,
    }


def write(path: Path, header: Header, results: list[Result]) -> None:
    """Write the scores so that `path` holds either the old file or the whole new one.

    Raises:
        OSError: the folder can't be written to, or the disk is full; the old file is untouched.
    """
    text = json.dumps(document(header, results), indent=1, ensure_ascii=False)
    if path.exists() and not path.is_file():
        # A pipe or a device: there is nothing to keep, and nothing to put in its place.
        path.write_text(text + "\n", encoding="utf-8", errors="backslashreplace")
        return
    path = path.resolve()  # a link stays one
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
        # mkstemp makes the file private; what was there before decides, else the usual rights do.
        Path(name).chmod(path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
