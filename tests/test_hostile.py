"""Every attack of `hostile` against the grader: all of them in one class, among honest students."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from graders.authoring.catalogue import Kata
from graders.grading.examiner import Examiner
from graders.grading.hypothesis_adapter import Drawn
from graders.grading.outcome import LoadFailure, Outcome, Result
from graders.report import card
from graders.report.scores import PROVENANCE
from graders.sandbox.host import Host
from graders.sandbox.isolation import levels
from graders.sandbox.limits import Limits, Source
from tests.hostile import KINDS, ROOT, SOLUTIONS, Attack, Class, attacks, copied_project, lines_of_suite, once

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox needs Linux")

KATA = Kata("hashing")
ATTACKS = attacks()
SEED = 3141592653  # to be told from any other number
HONEST = ("aaron", "mary", "zoe")  # before, among and behind the attacks
CANARIES = {where: f"CANARY-{where}" for where in ("environment", "suite", "neighbour", "home", "solution", "temp")}
# A hang costs its whole limit, criterion by criterion: with these a run of all attacks ends sooner.
SHORT = Limits(call_seconds=0.5, criterion_seconds=2.0, hard_factor=4.0)
# Keeps what the processes of each submission print, of which a grade holds a part only.
KEEPS_WHAT_IS_PRINTED = """

import hashlib, os
from graders.sandbox.channel import WorkerChannel

def _close(self, close=WorkerChannel.close):
    if self._output >= 0:
        name = hashlib.sha256(self._host.source.content).hexdigest()
        with open(os.path.join(os.environ["KATA_PRINTED"], name), "a", encoding="utf-8") as file:
            file.write(self.printed())
    close(self)

WorkerChannel.close = _close
"""
MOST_MEMORY = 400 << 20  # bytes, of an examiner; importing Hypothesis and the suites takes a quarter of it

each_attack = pytest.mark.parametrize("attack", ATTACKS, ids=[attack.name for attack in ATTACKS])


def _twin(path: Path) -> str:
    return f"twin-{path.stem}"


def _grade_all(folder: Path) -> dict[str, Any]:
    """Grade all attacks, their twins, and honest students in one run with two workers, canaries all around."""
    root = copied_project(folder / "project")
    limits = root / "graders" / "sandbox" / "limits.py"
    text = limits.read_text()
    for name in ("call_seconds", "criterion_seconds", "hard_factor"):
        text, count = re.subn(rf"(\b{name}: float = )[\d.]+", rf"\g<1>{getattr(SHORT, name)}", text)
        assert count == 1, name
    limits.write_text(text)
    for file, where in (("graders/suites/hashing/suite.py", "suite"), ("solutions/hashing/reference.py", "solution")):
        path = root / file
        path.write_text(path.read_text() + f"\n# {CANARIES[where]}\n")
    home = folder / "home"
    home.mkdir()
    (home / "secret.txt").write_text(CANARIES["home"])
    printed = folder / "printed"
    printed.mkdir()
    path = root / "conftest.py"
    path.write_text(path.read_text() + KEEPS_WHAT_IS_PRINTED)
    environment = {"HOME": str(home), "KATA_SECRET": CANARIES["environment"], "KATA_PRINTED": str(printed)}
    everybody = Class(folder, root, environment)
    honest = (SOLUTIONS / "reference.py").read_text() + f"\n# {CANARIES['neighbour']}\n"
    for name in HONEST:
        everybody.add(name, honest)
    for attack in ATTACKS:
        everybody.add(attack.name, attack.path)
    for twin in {attack.twin for attack in ATTACKS if attack.twin is not None}:
        everybody.add(_twin(twin), twin)
    done = everybody.grade("-n", "2", seed=SEED)
    return {
        "code": done.code,
        "out": done.out.decode("utf-8"),
        "err": done.err.decode("utf-8"),
        "scores": done.scores,
        "left": done.left,
        "files": done.files,
        "printed": {path.name: path.read_text("utf-8") for path in printed.iterdir()},
    }


@pytest.fixture(name="run", scope="session")
def _run(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The run that graded everybody."""
    return dict(once(tmp_path_factory, "hostile", _grade_all))


@pytest.fixture(name="results")
def _results(run: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Its results, by student."""
    assert run["scores"] is not None, run["out"] + run["err"]
    return {result["submission"]: result for result in run["scores"]["results"]}


def _examine(content: str | bytes, limits: Limits = SHORT) -> dict[str, Outcome]:
    """Examine one submission in the sandbox, as a class's are, and return the outcomes by criterion."""
    source = Source("hashing", content.encode() if isinstance(content, str) else content)
    host = Host(levels.choose("sandbox"), source, limits)
    try:
        examiner = Examiner(host, 7, control=lambda criterion: True, shrink=False, drawn=_DRAWN)
        return {criterion.id: examiner.examine(criterion) for criterion in KATA.suite().criteria}
    finally:
        host.close()


_DRAWN = Drawn()
REFERENCE = (SOLUTIONS / "reference.py").read_text()


def test_there_are_enough_attacks_of_every_kind() -> None:
    """No kind of attack is forgotten."""
    found = [attack.kind for attack in ATTACKS]

    assert len(ATTACKS) >= 45
    assert set(KINDS) == set(found)
    assert all(found.count(kind) >= 5 for kind in KINDS)


@each_attack
def test_an_attack_names_its_twin(attack: Attack) -> None:
    """The twin is a solution of the repository, so that what it earns is known."""
    assert attack.kind in KINDS
    assert attack.twin is None or attack.twin.is_file()


@each_attack
def test_an_attack_takes_place(attack: Attack, run: dict[str, Any], results: dict[str, dict[str, Any]]) -> None:
    """Its mark is in what it printed, or in what is said of it: one whose decisive call failed would show nothing."""
    result = results[attack.name]
    seen = [run["printed"].get(hashlib.sha256(attack.path.read_bytes()).hexdigest(), "")]
    seen += [each["message"] for each in result["criteria"] + result["load_failures"]]

    assert any(attack.mark in each for each in seen), "\n".join(seen)[:2_000]


@each_attack
def test_an_attack_earns_no_more_than_the_same_code_without_it(
    attack: Attack, results: dict[str, dict[str, Any]]
) -> None:
    """The only lie that scores is the right answer."""
    most = 0 if attack.twin is None else results[_twin(attack.twin)]["score"]

    earned = {each["id"]: each["points"] for each in results[attack.name]["criteria"]}
    assert sum(earned.values()) <= most, earned


@each_attack
def test_an_attack_is_graded_like_any_submission(attack: Attack, results: dict[str, dict[str, Any]]) -> None:
    """What a submission does is its own failure, never the grader's: none of these ends as not graded."""
    result = results[attack.name]
    doubtful = {each["message"] for each in result["criteria"] if each["outcome"] == "not_graded"}

    assert (result["status"], doubtful) == ("graded", set())


@each_attack
def test_an_attack_reaches_nothing(attack: Attack, results: dict[str, dict[str, Any]]) -> None:
    """An attack that gets through says so, by this word, in whatever way it can."""
    assert "REACHED" not in json.dumps(results[attack.name])


@each_attack
def test_a_students_text_depends_on_the_verdicts_alone(attack: Attack, results: dict[str, dict[str, Any]]) -> None:
    """At level criterion the text is what anybody with the same verdicts gets: no input, message or print is in it.

    But for why a file can't be loaded, or lacks a name: it has met no input when that is known.
    """
    result = results[attack.name]
    said = [LoadFailure.unpack(each) for each in result["load_failures"]]
    outcomes = tuple(
        Outcome(
            criterion.id,
            criterion.title,
            criterion.points,
            told["outcome"],
            because=criterion.because,
            # That a stub was not begun is said too: one word for the row.
            not_started=f"not started  {criterion.title}" in result["feedback"],
            not_run=said[0] if told["message"].startswith("not run: ") else None,
        )
        for criterion, told in zip(KATA.suite().criteria, result["criteria"], strict=True)
    )
    plain = Result(attack.name, "hashing", KATA.suite().title, result["status"], outcomes)
    expected = [line.rstrip() for line, _ in card.card(plain, card.Look(80, "criterion", "", {}))]

    assert [line.rstrip() for line in result["feedback"].splitlines()] == expected


def test_honest_students_keep_everything(results: dict[str, dict[str, Any]]) -> None:
    """Whoever comes before, among or behind attackers is graded as if alone."""
    assert {name: results[name]["score"] for name in HONEST} == dict.fromkeys(HONEST, 100)


def test_nobody_is_lost(run: dict[str, Any], results: dict[str, dict[str, Any]]) -> None:
    """Everybody has a result, and the exit code says so."""
    missing = {attack.name for attack in ATTACKS} - results.keys()

    assert (missing, run["code"]) == (set(), 0), run["out"] + run["err"]


def test_nothing_is_left_behind(run: dict[str, Any]) -> None:
    """No process outlives the run, whatever it did to stay, and no temporary file."""
    assert (run["left"], run["files"]) == ([], [])


def test_the_terminal_gets_no_control_characters(run: dict[str, Any]) -> None:
    """Nothing of a submission's reaches the terminal as it is."""
    odd = {c for c in run["out"] + run["err"] if not c.isprintable()}

    assert odd == {"\n"}


@pytest.mark.parametrize("where", CANARIES)
def test_a_canary_is_nowhere_in_what_submissions_brought_out(where: str, run: dict[str, Any]) -> None:
    """What stands in the environment, the suite, a solution, a neighbour's file, the home or a folder stays there."""
    assert CANARIES[where] not in json.dumps(run)


def _brought_out(results: dict[str, dict[str, Any]]) -> str:
    """What attacks had a say in, as text: not what the grader itself notes of where a grade comes from."""
    kept = [{name: results[each.name][name] for name in results[each.name].keys() - PROVENANCE} for each in ATTACKS]
    return json.dumps(kept)


def test_the_seed_is_nowhere_in_what_submissions_brought_out(results: dict[str, dict[str, Any]]) -> None:
    """By the seed somebody who has the suite could tell the inputs of the whole class."""
    assert str(SEED) not in _brought_out(results)


def test_no_line_of_the_suite_is_in_any_text(run: dict[str, Any]) -> None:
    """The hidden suite stays hidden from submissions, and so from what they print and raise."""
    everything = json.dumps(run)
    shown = [line for line in lines_of_suite() if json.dumps(line)[1:-1] in everything]

    assert shown == []


def test_no_text_names_a_path_of_the_grader(results: dict[str, dict[str, Any]]) -> None:
    """A submission that prints all that it sees does not see where the project stands."""
    everything = _brought_out(results)

    assert str(ROOT) not in everything
    assert "submissions/" not in everything


ONLY_IN_REPR = {
    "an exit": "os._exit(0)",
    "a segmentation fault": "ctypes.string_at(0)",
    "an endless loop": "exec('while True: pass')",
    "an object in place of data": "object()",
    "a flood": "[os.write(1, bytes(1 << 16)) for _ in range(1000)]",
    "a signal": "os.kill(os.getpid(), 9)",
    "forged bytes": "[os.write(number, b'forged') for number in range(3, 20)]",
}


@pytest.mark.parametrize("harm", ONLY_IN_REPR)
def test_a_failure_costs_its_criterion_alone(harm: str) -> None:
    """Whatever a submission does to itself in one criterion, the next one starts fresh."""
    own = f"import ctypes, os\n{REFERENCE}\nPoint.__repr__ = lambda self: ({ONLY_IN_REPR[harm]}, '')[0]\n"

    outcomes = _examine(own)

    failed = {name: outcome.message for name, outcome in outcomes.items() if outcome.outcome != "passed"}
    assert list(failed) == ["repr_and_copies"], failed
    assert "imported" not in failed["repr_and_copies"]


MEMORY = {
    "memory_of_many_processes": "together|used up",
    "memory_that_is_shared": "together|used up|MemoryError",
    "memory_of_one_process": "MemoryError|used up",
    "inode_flood": "files|No space",
    "fork_bomb": "no answer|still running|ended|killed",
}


@pytest.mark.parametrize("name", MEMORY)
def test_what_a_submission_uses_up_is_bounded_and_said(name: str) -> None:
    """With a limit that leaves it the time, an attack on the machine ends at the bound that it met."""
    attack = next(attack for attack in ATTACKS if attack.name == name)

    outcomes = _examine(attack.path.read_bytes(), Limits(call_seconds=8.0))

    (message,) = {outcome.message for outcome in outcomes.values()}
    assert re.search(MEMORY[name], message), message
    assert {outcome.outcome for outcome in outcomes.values()} == {"failed"}


_MEASURE = """
import re, sys
from tests.test_hostile import Limits, _examine

outcomes = _examine(open(sys.argv[1], "rb").read(), Limits())
assert all(outcome.outcome == "failed" for outcome in outcomes.values()), outcomes
# Not ru_maxrss, which begins with that of the process that started this one.
print(int(re.search(r"VmHWM:\\s+(\\d+) kB", open("/proc/self/status").read())[1]) << 10)
"""


@pytest.mark.parametrize(
    "name",
    [
        "colliding_frames",
        "colliding_hashes",
        "forged_handle",
        "huge_exceptions",
        "keys_that_span_all_numbers",
        "long_paths_to_objects",
        "many_classes_of_handles",
        "many_exception_classes",
        "sends_inputs_by_message",
    ],
)
def test_no_answer_makes_the_examiner_grow(name: str) -> None:
    """The examiner's own memory stays bounded whatever comes over the wire."""
    file = ROOT / "tests" / "hostile" / f"{name}.py"

    done = subprocess.run(
        [sys.executable, "-c", _MEASURE, str(file)], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < MOST_MEMORY
