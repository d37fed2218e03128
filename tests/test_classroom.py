"""A class: progress, table, counts and exit codes; the same scores whatever the order; nothing lost however it ends."""

from __future__ import annotations

import json
import os
import re
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

from graders.authoring.catalogue import Kata
from graders.contract import checks
from graders.report import card
from tests.hostile import SOLUTIONS, Class, Finished, copied_project, once

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox needs Linux")

REFERENCE = SOLUTIONS / "reference.py"
HASHING = Kata("hashing")
EVERYBODY = {
    "alice": REFERENCE,
    "bob": HASHING.solution("rejected/constant_hash"),
    "carol": HASHING.solution("rejected/repr_without_names"),
    "dave": HASHING.solution("rejected/missing_hash"),
    "erin": HASHING.solution("rejected/article_point"),
    "frank": HASHING.solution("rejected/hash_of_strings"),
    "grace": SOLUTIONS / "accepted" / "frozen_dataclass.py",
}
PROGRESS = re.compile(r"^(\d+)/(\d+)  \d+ per minute, \d+ (?:s|min) left  (.+): (\d+/100|not submitted|not graded)$")


def promised() -> dict[str, int]:
    """Return the scores of EVERYBODY by the criteria that each solution says it loses; of whom it is not sure, none."""
    scores = {}
    for name, path in EVERYBODY.items():
        must, may = checks.named(HASHING, path) if path.parent.name == "rejected" else (set(), set())
        if not may:
            scores[name] = 100 - sum(each.points for each in checks.suite_of(HASHING).criteria if each.id in must)
    return scores


def a_class(folder: Path, names: str = "alice bob carol dave erin frank grace", **students: str) -> Class:
    """Return a class of these people, and of others with code of their own."""
    everybody = Class(folder)
    for name in names.split():
        everybody.add(name, EVERYBODY[name])
    for name, content in students.items():
        everybody.add(name, content)
    return everybody


def _packed(done: Finished) -> dict[str, Any]:
    return {
        "code": done.code,
        "text": done.text,
        "scores": done.scores,
        "timeless": done.timeless,
        "left": done.left,
        "files": done.files,
    }


def _grade_thrice(folder: Path) -> dict[str, Any]:
    """Grade one class with one worker, with two, and in the order of other names."""
    everybody = a_class(folder)
    (everybody.submissions / "heidi").mkdir()
    runs = {"one": _packed(everybody.grade()), "two": _packed(everybody.grade("-n", "2"))}
    # Of the same length, since the rows of a text are set by it.
    backwards = {name: chr(ord("z") - number) + name[1:] for number, name in enumerate(sorted(EVERYBODY))}
    for name, other in backwards.items():
        (everybody.submissions / name).rename(everybody.submissions / other)
    runs["backwards"] = _packed(everybody.grade("-n", "2"))
    for result in runs["backwards"]["timeless"]["results"]:
        name = next((n for n, other in backwards.items() if other == result["submission"]), result["submission"])
        result["feedback"] = result["feedback"].replace(result["submission"], name)
        if result["file"] is not None:
            result["file"]["path"] = result["file"]["path"].replace(result["submission"], name)
        result["submission"] = name
    runs["backwards"]["timeless"]["results"].sort(key=lambda result: result["submission"])
    return runs


@pytest.fixture(name="runs", scope="session")
def _runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The runs of one class."""
    return dict(once(tmp_path_factory, "classroom", _grade_thrice))


each_run = pytest.mark.parametrize("which", ["one", "two", "backwards"])


@each_run
def test_everybody_has_the_score_that_the_suite_gives(which: str, runs: dict[str, Any]) -> None:
    """Each mistake costs its points, and who handed in nothing has no score."""
    found = {result["submission"]: result for result in runs[which]["timeless"]["results"]}

    expected = promised()
    assert {"alice", "bob", "dave"} < set(expected)
    assert {name: found[name]["score"] for name in expected} == expected
    assert (found["heidi"]["status"], found["heidi"]["score"], found["heidi"]["criteria"]) == (
        "not_submitted",
        None,
        [],
    )


@each_run
def test_it_exits_with_0_when_everybody_has_a_result(which: str, runs: dict[str, Any]) -> None:
    """Whatever the scores are."""
    assert runs[which]["code"] == 0, runs[which]["text"]


@each_run
def test_it_leaves_nothing(which: str, runs: dict[str, Any]) -> None:
    """Neither processes nor temporary files."""
    assert (runs[which]["left"], runs[which]["files"]) == ([], [])


@pytest.mark.parametrize("which", ["two", "backwards"])
def test_the_scores_are_the_same_but_for_times(which: str, runs: dict[str, Any]) -> None:
    """One seed gives one file, with one worker or two, whoever came before."""
    assert runs[which]["timeless"] == runs["one"]["timeless"]


@each_run
def test_progress_tells_who_was_graded(which: str, runs: dict[str, Any]) -> None:
    """A plain line for each: how many of how many, the rate, the rest, the name, the score."""
    lines = [found for line in runs[which]["text"].splitlines() if (found := PROGRESS.match(line))]

    assert [int(line[1]) for line in lines] == list(range(1, len(EVERYBODY) + 2))
    assert {line[2] for line in lines} == {str(len(EVERYBODY) + 1)}
    assert len({line[3] for line in lines}) == len(lines)


@each_run
def test_the_table_is_sorted_by_name_and_agrees_with_the_scores(which: str, runs: dict[str, Any]) -> None:
    """Student, score, status; then the counts, the seed and the level."""
    lines = runs[which]["text"].splitlines()
    start = next(number for number, line in enumerate(lines) if re.match(r" student +score +status$", line))
    rows = [line.split() for line in lines[start + 1 : start + 2 + len(EVERYBODY)]]
    results = runs[which]["scores"]["results"]

    assert [row[0] for row in rows] == sorted(row[0] for row in rows) == [each["submission"] for each in results]
    assert [row[1] for row in rows] == ["-" if each["score"] is None else f"{each['score']}/100" for each in results]
    counts = f" {len(EVERYBODY)} graded, 1 not submitted, 0 not graded; seed 7, isolation sandbox, "
    assert any(line.startswith(counts) for line in lines)


def test_the_scores_name_level_seed_and_schema(runs: dict[str, Any]) -> None:
    """What a reader has to know of a run stands in its file."""
    scores = runs["one"]["scores"]

    assert (scores["schema"], scores["seed"], scores["isolation"]) == ("kata-scores/2", 7, "sandbox")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", scores["started"])


def test_a_drawn_seed_is_recorded_and_can_be_given_back(tmp_path: Path) -> None:
    """Two runs without a seed differ in it; the recorded one repeats the run."""
    everybody = a_class(tmp_path, "dave")
    first, second = everybody.grade(seed=None), everybody.grade(seed=None)
    assert first.scores is not None
    assert second.scores is not None

    again = everybody.grade(seed=first.scores["seed"])

    assert first.scores["seed"] != second.scores["seed"]
    assert again.timeless == first.timeless


def test_one_seed_gives_the_same_texts_of_concurrent_code(tmp_path: Path) -> None:
    """The addresses of pages are the seed's too, and a failure quotes them."""
    everybody, kata = Class(tmp_path, slug="thread_pool"), Kata("thread_pool")
    everybody.add("alice", kata.solution("rejected/first_failure_ends_it"))
    everybody.add("bob", kata.solution("rejected/executor_never_shut_down"))
    everybody.add("carol", kata.reference.read_text().replace(".decode()", ""))

    first, second = everybody.grade(), everybody.grade("-n", "2")

    texts = [json.dumps(result["criteria"]) for result in first.results.values()]
    assert "http://127.0.0.1:" in texts[2]
    assert second.timeless == first.timeless
    assert everybody.grade(seed=8).timeless != first.timeless


def test_a_submission_that_can_not_be_graded_makes_the_exit_code_1(tmp_path: Path) -> None:
    """It has no score, nobody else loses one, and the table says why."""
    everybody = Class(tmp_path, copied_project(tmp_path / "project"))
    suite = everybody.root / "graders" / "suites" / "hashing" / "suite.py"
    head = "def hash_spreads(submission: Submission) -> None:\n"
    suite.write_text(suite.read_text().replace(head, f"{head}    raise KeyError('broken')\n"))
    everybody.add("alice", REFERENCE)

    done = everybody.grade()

    result = done.results["alice"]
    assert (done.code, result["status"], result["score"]) == (1, "not_graded", None)
    assert [each["outcome"] for each in result["criteria"]].count("passed") == 7
    assert "1 not graded" in done.text


def test_a_broken_suite_costs_nobody_a_point(tmp_path: Path) -> None:
    """Everybody is not graded, and the run says so."""
    everybody = Class(tmp_path, copied_project(tmp_path / "project"))
    (everybody.root / "graders" / "suites" / "hashing" / "suite.py").write_text("1 / 0\n")
    everybody.add("alice", REFERENCE)

    done = everybody.grade()

    assert (done.code, done.results["alice"]["status"], done.results["alice"]["score"]) == (1, "not_graded", None)


@pytest.mark.parametrize("options", [(), ("-n", "2")], ids=["alone", "two workers"])
def test_level_none_is_refused_for_a_class(options: tuple[str, ...], tmp_path: Path) -> None:
    """Other people's code never runs in the grader's own process."""
    done = a_class(tmp_path, "alice").grade(*options, isolation="none")

    assert (done.code, done.scores) == (4, None)
    assert "none" in done.text


_WITHOUT = """
import graders.sandbox.isolation.bubblewrap as bubblewrap

bubblewrap.unavailable = lambda: "there are no namespaces here: do this"
"""


@pytest.mark.parametrize("level", [None, "auto", "sandbox"])
def test_a_class_is_refused_without_a_sandbox(level: str | None, tmp_path: Path) -> None:
    """The message says why there is none and how to ask for less."""
    everybody = Class(tmp_path, copied_project(tmp_path / "project"))
    (everybody.root / "nowhere.py").write_text(_WITHOUT)
    everybody.add("alice", REFERENCE)

    done = everybody.grade("-p", "nowhere", isolation=level)

    assert (done.code, done.scores) == (4, None)
    assert "do this" in done.text


def test_less_than_the_sandbox_can_be_asked_for_by_name(tmp_path: Path) -> None:
    """Then the scores say so."""
    done = a_class(tmp_path, "alice").grade(isolation="process")

    assert (done.code, done.results["alice"]["score"]) == (0, 100)
    assert done.scores is not None
    assert done.scores["isolation"] == "process"


ENDLESS = "import time\nwhile True:\n    time.sleep(3600)\n"


@pytest.mark.parametrize("options", [(), ("-n", "2")], ids=["alone", "two workers"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
def test_an_interrupted_run_keeps_what_was_graded(
    number: signal.Signals, options: tuple[str, ...], tmp_path: Path
) -> None:
    """The scores are written, the rest has no result, and no process is left."""
    everybody = a_class(tmp_path, "alice", **{f"sleeper{number}": ENDLESS for number in range(12)})
    running = everybody.start(*options)
    line = running.until(b"alice: 100/100")

    done = running.finish(number)

    assert b"/13  " in line
    assert done.results["alice"]["score"] == 100
    assert len(done.results) == 13
    ends = {result["status"] for name, result in done.results.items() if name != "alice"}
    assert "not_graded" in ends <= {"not_graded", "graded"}
    assert all(result["score"] in (None, 0) for name, result in done.results.items() if name != "alice")
    assert done.code != 0
    assert (done.left, done.files) == ([], [])


def test_an_interrupted_run_says_whose_submissions_were_in_hand(tmp_path: Path) -> None:
    """Of the workers of pytest-xdist too, whose calls nobody here knows."""
    running = a_class(tmp_path, "", **{f"sleeper{number}": ENDLESS for number in range(4)}).start("-n", "2")
    running.until_a_worker_grades()

    done = running.finish(signal.SIGINT)

    assert re.search(r"^ interrupted in: hashing of sleeper\d$", done.text, re.MULTILINE), done.text


@pytest.mark.parametrize("options", [(), ("-n", "2")], ids=["alone", "two workers"])
def test_who_is_left_out_by_k_is_said_to_be(options: tuple[str, ...], tmp_path: Path) -> None:
    """-k chooses students in a class, which is easily mistaken for criteria."""
    done = a_class(tmp_path, "alice bob").grade("-k", "alice", *options)

    assert {name: result["score"] for name, result in done.results.items()} == {"alice": 100, "bob": None}
    assert "left out by -k 'alice', which chooses students here" in done.text


def test_a_killed_worker_costs_no_submission(tmp_path: Path) -> None:
    """What it had in hand is graded by another one."""
    everybody = a_class(tmp_path)
    running = everybody.start("-n", "2")
    os.kill(running.until_a_worker_grades(), signal.SIGKILL)

    done = running.finish()

    expected = promised()
    assert {name: done.results[name]["score"] for name in expected} == expected, done.text
    assert (done.code, done.left) == (0, [])


def test_who_costs_three_workers_is_not_graded_and_the_others_are(tmp_path: Path) -> None:
    """It may be the submission that kills them: that is doubt, which is said by name."""
    everybody = a_class(tmp_path, "alice", zoe=ENDLESS)
    running = everybody.start("-n", "1")
    running.until(b"alice: 100/100")
    killed: set[int] = set()
    while len(killed) < 3:
        pid = running.until_a_worker_grades()
        os.kill(pid, signal.SIGKILL)
        killed.add(pid)

    done = running.finish()

    why = "its pytest worker died while it was being graded, 3 times"
    assert (done.results["zoe"]["status"], done.results["zoe"]["message"]) == ("not_graded", why), done.text
    assert done.results["alice"]["score"] == 100
    assert re.search(rf"^ zoe +-  not graded: {why}$", done.text, re.MULTILINE)
    assert (done.code, done.left) == (1, [])


def test_a_killed_grader_leaves_no_process_and_costs_what_was_in_hand(tmp_path: Path) -> None:
    """SIGKILL, which nothing can answer, leaves no sandbox; the next run sweeps the files and keeps the grades."""
    everybody = a_class(tmp_path, "alice carol", bob=ENDLESS)
    running = everybody.start()
    running.until(b"alice: 100/100")
    running.until_a_submission_runs()

    done = running.finish(signal.SIGKILL)
    after = everybody.grade("-k", "carol")

    assert done.left == []
    assert done.files
    assert after.files == []
    assert {name: result["score"] for name, result in after.results.items()} == {"alice": 100, "bob": None, "carol": 95}
    assert "scores.json: took up 1 results of a run that was ended before it could write" in after.text
    assert re.search(r"^ alice +100/100  graded, kept: left out by -k 'carol'", after.text, re.MULTILINE)


LOUD = """
seen = []


class Point:
    def __init__(self, x, y):
        seen.append((x, y))
        print("SECRET printed", x, y)
        self.x, self.y = x, y

    def __eq__(self, other):
        raise ValueError(f"SECRET raised {self.x} {seen}")

    def __hash__(self):
        return f"SECRET returned {seen}"

    def __repr__(self):
        return f"SECRET shown {self.x}"
"""
# What a text may hold at each level: what was printed, raised or returned; the calls with their inputs; the principle.
LEVELS: dict[str, set[str]] = {
    "full": {"printed", "raised", "inputs", "why", "title"},
    "counterexample": {"raised", "inputs", "why", "title"},
    "criterion": {"why", "title"},
    "score": set(),
}
MARKS = {
    "printed": "SECRET printed",
    "raised": "SECRET raised",
    "inputs": ">>> ",
    "why": "Why: ",
    "title": "Equality is exact",
}


@pytest.mark.parametrize("level", card.FEEDBACK)
def test_a_students_text_holds_what_its_level_says(level: str, tmp_path: Path) -> None:
    """No more, and no less; the instructor's part of the scores is the same at every level."""
    done = a_class(tmp_path, "", loud=LOUD).grade(f"--feedback={level}")

    result = done.results["loud"]
    held = {name for name, mark in MARKS.items() if mark in result["feedback"]}
    assert held == LEVELS[level], result["feedback"]
    if level in ("criterion", "score"):
        assert "SECRET" not in result["feedback"]
        assert "Point(" not in result["feedback"]
    told = json.dumps([each["message"] for each in result["criteria"]])
    assert "SECRET raised" in told
    assert any("SECRET printed" in each["printed"] for each in result["criteria"])


def test_a_class_is_told_criteria_unless_more_is_asked_for(runs: dict[str, Any]) -> None:
    """The level is criterion by default: inputs of a shared suite are for the instructor."""
    told = {result["submission"]: result["feedback"] for result in runs["one"]["scores"]["results"]}

    assert set(told) == {*EVERYBODY, "heidi"}
    assert [name for name, text in told.items() if ">>>" in text] == []
    assert {name for name, text in told.items() if "Why: " in text} == {"bob", "carol", "dave", "erin", "frank"}


def test_what_submissions_print_never_reaches_the_terminal(tmp_path: Path) -> None:
    """A class's terminal belongs to the grader."""
    done = a_class(tmp_path, "", loud=LOUD).grade("-s", "-v", "-rA")

    assert "SECRET" not in done.text
    assert {c for c in done.text if not c.isprintable()} == {"\n"}


def test_what_is_kept_of_a_submission_is_bounded(tmp_path: Path) -> None:
    """However much a submission prints and raises, the reporting process and the scores take a bounded part."""
    flood = 'print("flood" * 100_000)\nraise ValueError("x" * 100_000)\n'
    everybody = a_class(tmp_path, "", **{f"student{number}": flood for number in range(4)})

    done = everybody.grade()

    assert done.code == 0
    assert everybody.scores.stat().st_size < 4 * 600_000
