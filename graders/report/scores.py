"""The scores as JSON of the schema ``kata-scores/2``; docs/scores.md explains each field.

A result is identified by its student and kata. A later run's result replaces an earlier one, but only a grade replaces
a grade; `stays` has the exact rule.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from graders.grading.outcome import LoadFailure, Outcome, Result

SCHEMA = "kata-scores/2"
OLD = "kata-scores/1"
Document = dict[str, Any]
Entry = dict[str, Any]
Key = tuple[str, str]
# The fields that tell where a result comes from; null if unknown.
PROVENANCE = ("file", "suite", "versions", "seed", "isolation", "graded_at")
_FIELDS: dict[str, type | tuple[type, ...]] = {"submission": str, "kata": str, "status": str, "criteria": list}
_STATUSES = ("graded", "not_submitted", "not_graded")


class BadScores(ValueError):
    """A file does not hold readable scores; the message names it and says what to do."""


@dataclass(frozen=True)
class Header:
    """Facts about a whole run. started: UTC, ISO 8601; seconds: wall-clock time; ignored: names in a class's folder."""

    seed: int
    isolation: str
    started: str
    seconds: float = 0.0
    ignored: tuple[str, ...] = ()


def entry(result: Result) -> Entry:
    """Return a result as it is written to the file."""
    return {
        "submission": result.submission,
        "kata": result.kata,
        "status": result.status if result.whole else "not_graded",
        "score": result.score,
        "max_score": result.total,
        "message": result.message if result.whole else "only a part of the criteria was run",
        "load_failures": [_load_failure(failure) for failure in result.load_failures],
        "criteria": [_criterion(outcome) for outcome in result.outcomes],
        "near_misses": [],
        **dict.fromkeys(PROVENANCE),
        **result.extra,
    }


def _load_failure(failure: LoadFailure) -> dict[str, Any]:
    found = asdict(failure)
    del found["sure"]
    return found


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


def key(result: Entry) -> Key:
    """Return the student and kata that identify a result."""
    return result["submission"], result["kata"]


def stays(old: Entry | None, new: Entry, *, reached: bool = True) -> bool:
    """Whether an earlier result stays although a run has a new one.

    reached: whether the run reached the submission; if not, the earlier result stays.
    A grade is replaced by a grade, and by a failure of the grader over another file. If it is doubtful whether the file
    is the same, the grade stays.
    """
    if old is None or new["status"] == "graded":
        return False
    if not reached:
        return True
    if old["status"] != "graded":
        return False
    part = 0 < len(new["criteria"]) < len(old["criteria"])
    hashes = {_sha(old), _sha(new)} - {None}
    return new["status"] != "not_graded" or part or len(hashes) < 2


def _sha(result: Entry) -> Any:
    file = result.get("file")
    return file.get("sha256") if isinstance(file, dict) else None


def document(header: Header, results: list[Entry], more: Document | None = None) -> Document:
    """Return the document of a scores file. more: the earlier document, whose unknown fields stay."""
    return {
        **(more or {}),
        "schema": SCHEMA,
        "seed": header.seed,
        "isolation": header.isolation,
        "started": header.started,
        "seconds": round(header.seconds, 3),
        "ignored": list(header.ignored),
        "results": sorted(results, key=key),
    }


def parsed(text: str, name: str) -> Document:
    """Return the document in a text, in the newest schema.

    Raises:
        BadScores: it holds no scores, damaged ones, or those of a newer version; the message calls it `name`.
    """
    try:
        found = json.loads(text, parse_constant=_refused)
    except (ValueError, RecursionError) as error:
        raise BadScores(f"{name} can't be read as JSON: {error}. {_AWAY}") from None
    schema = found.get("schema") if isinstance(found, dict) else None
    if isinstance(schema, str) and schema.startswith("kata-scores/") and schema not in (SCHEMA, OLD):
        raise BadScores(f"{name} has the schema {schema!r} of another version of the grader; this one knows {SCHEMA}")
    if not isinstance(found, dict) or schema not in (SCHEMA, OLD):
        raise BadScores(f"{name} does not hold scores of the schema {SCHEMA} or {OLD}. {_AWAY}")
    results = found.get("results")
    if not isinstance(results, list):
        raise BadScores(f"{name} has no list of results: was it edited? {_AWAY}")
    known = set[Key]()
    for number, each in enumerate(results, 1):
        check(each, f"{name}, result {number},")
        if key(each) in known:
            raise BadScores(f"{name} has two results of {each['submission']!r} for {each['kata']}: was it edited?")
        known.add(key(each))
    return _upgraded(found) if schema == OLD else found


_AWAY = "Name another file, or move this one away."


def _refused(constant: str) -> float:
    raise ValueError(f"{constant} is no number of JSON's")


def check(result: Any, name: str) -> None:
    """Raise BadScores unless this is a result, as far as the code relies on it."""
    if not isinstance(result, dict):
        raise BadScores(f"{name} is {type(result).__name__}, not an object: was it edited?")
    for field, kind in _FIELDS.items():
        if not isinstance(result.get(field), kind):
            raise BadScores(f"{name} has no {field!r} as it should be: results need {', '.join(_FIELDS)}. Edited?")
    score = result.get("score")
    if result["status"] not in _STATUSES or not all(isinstance(each, dict) for each in result["criteria"]):
        raise BadScores(f"{name} has a status or criteria that no run writes: was it edited?")
    if (score is not None and type(score) not in (int, float)) or (score is None) == (result["status"] == "graded"):
        raise BadScores(f"{name} is {result['status']!r} with the score {score!r}: was it edited?")


def _upgraded(old: Document) -> Document:
    """Return a document of the first schema in the second: each result gets the facts about its run."""
    known = {"seed": old.get("seed"), "isolation": old.get("isolation"), "graded_at": old.get("started")}
    results = [{**dict.fromkeys(PROVENANCE), **known, **each} for each in old["results"]]
    return {**old, "schema": SCHEMA, "results": results}
