"""What pytest users do by habit works with --kata too; and hints, which are asked for."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from graders.authoring.catalogue import Kata
from graders.plugin import reporter
from tests.support import BOX_TITLES, ROOT, WRONG, Graded, Project, box, without_time


def test_k_narrows_the_run_down_and_gives_no_score(small: Project) -> None:
    """The rows that ran are there; a part is no whole."""
    graded = small.grade("-k", "keeps or shows", submission=small.submit(WRONG))

    assert list(graded.rows) == ["It keeps its value", "It shows its value"]
    assert "no score" in graded.out
    assert (graded.result["score"], graded.result["status"]) == (None, "not_graded")
    assert graded.result["message"] == "only a part of the criteria was run"


def test_x_stops_at_the_first_failure(small: Project) -> None:
    """The card ends there, and says that it is no whole."""
    graded = small.grade("-x", submission=small.submit(WRONG))

    assert list(graded.rows) == list(BOX_TITLES[:3])
    assert graded.rows["Equal boxes hash equal"].word == "FAILED"
    assert "no score" in graded.out
    assert graded.result["score"] is None
    assert graded.code not in (0, 4)


def test_lf_runs_what_failed_last(own: Project) -> None:
    """And, when nothing is left to do, everything."""
    own.edit(WRONG)
    own.grade(cache=True)
    failed = own.grade("--lf", cache=True)
    own.edit(box())
    repaired = own.grade("--lf", cache=True)
    whole = own.grade("--lf", cache=True)

    assert list(failed.rows) == list(repaired.rows) == ["Equal boxes hash equal", "Doubling doubles"]
    assert {row.word for row in repaired.rows.values()} == {"passed"}
    assert (len(whole.rows), whole.code, whole.result["score"]) == (5, 0, 100)


def test_q_and_v_change_what_pytest_says_and_not_the_card(small: Project) -> None:
    """Quiet or verbose, the card is the same; verbose names each criterion."""
    path = small.submit(WRONG)
    plain, quiet, verbose = (small.grade(*options, submission=path) for options in ((), ("-q",), ("-v",)))

    assert without_time(plain.card) == without_time(quiet.card) == without_time(verbose.card)
    assert "test session starts" not in quiet.out
    assert re.search(r"::hashes FAILED", verbose.out)
    assert re.search(r"::keeps PASSED", verbose.out)
    assert plain.code == quiet.code == verbose.code == 1


def test_n_2_gives_the_same_card(outside: Project) -> None:
    """Two processes of pytest-xdist share the criteria: one seed for both, the same order of rows, nothing left."""
    path = outside.submit(
        WRONG.replace("return number * 3", "print('hello')\n    return number * 2 if number % 7 else 1")
    )
    parallel = outside.grade("-n", "2", submission=path, seed=None)
    serial = outside.grade(submission=path, seed=parallel.seed)

    assert without_time(parallel.card) == without_time(serial.card)
    assert "Your code printed: | hello" in parallel.rows["Doubling doubles"].text
    assert parallel.scores is not None
    assert parallel.scores["seed"] == parallel.seed
    assert (parallel.code, parallel.result["score"]) == (1, 70)
    assert list(outside.left()) == []


def test_junitxml_has_a_case_for_each_criterion(small: Project, tmp_path: Path) -> None:
    """With what happened as the failure's text, and no traceback through the grader."""
    path = tmp_path / "junit.xml"
    small.grade(f"--junitxml={path}", submission=small.submit(WRONG))
    cases = {case.get("name"): case for case in ElementTree.parse(path).iter("testcase")}

    assert set(cases) == {"examples", "keeps", "equal", "hashes", "shows", "doubles"}
    assert {name for name, case in cases.items() if case.find("failure") is not None} == {"hashes", "doubles"}
    failure = cases["doubles"].find("failure")
    assert failure is not None
    assert "double(21) gave 63, expected 42" in "".join(failure.itertext()) + str(failure.get("message"))


def test_collect_only_lists_the_criteria_and_grades_nothing(small: Project, tmp_path: Path) -> None:
    """No card, no scores, and the file is not run."""
    graded = small.grade("--collect-only", "-q", submission=small.submit("import os\nos._exit(9)\n"))

    assert graded.code == 0
    names = [line.rpartition("::")[2] for line in graded.lines if "::" in line]
    assert names == ["examples", "keeps", "equal", "hashes", "shows", "doubles"]
    assert graded.rows == {}
    assert graded.scores is None


def test_without_the_cache_provider_nothing_is_kept(own: Project) -> None:
    """-p no:cacheprovider is respected."""
    own.edit(WRONG)
    graded = own.grade(cache=False)

    assert graded.code == 1
    assert not (own.root / ".pytest_cache").exists()


def test_a_run_writes_nothing_into_the_katas(own: Project) -> None:
    """No bytecode, no temporary file: the folder holds what the learner put there."""
    own.edit(WRONG)
    own.grade()

    assert [path.name for path in (own.root / "katas").rglob("*")] == ["box.py"]


def hints(graded: Graded, title: str) -> list[str]:
    """Return the hints below a row."""
    return re.findall(r"Hint \d of \d: [^?.]*[?.]", graded.rows[title].text)


def test_hints_come_one_at_a_time_and_only_when_asked(own: Project) -> None:
    """A rung more for each time that the same failure is asked about, and the first again after it passed."""
    title = "It keeps its value"
    own.edit(box(init="self.value = 0"))
    assert "Hint 1" not in own.grade(cache=True).out
    found = [own.grade("--hint", "-k", "keeps", cache=True) for _ in range(4)]
    assert "Hint" not in own.grade("-k", "keeps", cache=True).out
    own.edit(box())
    assert own.grade("--hint", "-k", "keeps", cache=True).rows[title].word == "passed"
    own.edit(box(init="self.value = 0"))
    again = own.grade("--hint", "-k", "keeps", cache=True)

    assert [len(hints(graded, title)) for graded in found] == [1, 2, 3, 3]
    assert hints(found[2], title) == [
        "Hint 1 of 3: What goes in?",
        "Hint 2 of 3: What comes out?",
        "Hint 3 of 3: Is it the same?",
    ]
    assert hints(again, title) == ["Hint 1 of 3: What goes in?"]


def test_hints_of_one_failure_do_not_use_up_anothers(own: Project) -> None:
    """Each criterion has a ladder of its own, and what was not started has none."""
    own.edit(box(init="self.value = 0", repr_="raise NotImplementedError"))
    own.grade("--hint", "-k", "keeps", cache=True)
    own.edit(box(init="self.value = 0", eq="return False", repr_="raise NotImplementedError"))
    graded = own.grade("--hint", cache=True)

    assert len(hints(graded, "It keeps its value")) == 2
    assert len(hints(graded, "Equal boxes are equal")) == 1
    assert graded.rows["It shows its value"].below == ()


def test_without_a_cache_each_hint_is_the_first_and_says_why(small: Project) -> None:
    """Nothing remembers which came last."""
    path = small.submit(box(init="self.value = 0"))
    found = [small.grade("--hint", "-k", "keeps", submission=path) for _ in range(2)]

    assert [len(hints(graded, "It keeps its value")) for graded in found] == [1, 1]
    assert reporter.NO_CACHE in found[0].out


def test_the_public_examples_are_the_katas_own(small: Project) -> None:
    """What a submission's docstring claims is run by nobody: reading it could take hours."""
    graded = small.grade(submission=small.submit(box().replace(">>> double(4)\n8", ">>> double(4)\n9\n>>> 1\n2")))

    assert graded.card[1] == "   2 of 2 public examples pass (no points)"


def test_the_public_examples_can_be_run_alone(small: Project) -> None:
    """They are an item like others, with an id that -k finds and a card that shows which fail."""
    graded = small.grade("-k", "examples", submission=small.submit(box(double="return 5")))

    assert graded.card[1:-1] == [
        "   1 of 2 public examples pass (no points)",
        "          >>> double(4)",
        "          5",
        "          expected 8",
    ]
    assert graded.card[-1].startswith(" no score: only the public examples ran  seed 7, ")


def test_s_shows_what_passing_criteria_printed(small: Project) -> None:
    """Escaped, since it is a submission's; without -s it is not shown."""
    path = small.submit(box(double="print('doubling\\x1b', number)\nreturn number * 2"))
    shown, hidden = (small.grade("-k", "doubles", *options, submission=path) for options in (("-s",), ()))

    assert shown.result["criteria"][0]["outcome"] == "passed"
    assert "doubles printed:" in shown.lines
    assert "  | doubling\\x1b 21" in shown.lines
    assert "doubling" not in hidden.out


def test_s_shows_what_was_printed_in_a_worker_too(small: Project) -> None:
    """It comes with the report, so that pytest-xdist does not swallow it."""
    path = small.submit(box(double="print('doubling', number)\nreturn number * 2"))
    shown = small.grade("-k", "doubles", "-s", "-n", "2", submission=path)

    assert shown.result["criteria"][0]["outcome"] == "passed"
    assert "  | doubling 21" in shown.lines


def test_a_hint_on_an_untouched_stub_is_the_first_step(own: Project) -> None:
    """It names the file and the first criterion, with its first hint."""
    graded = own.grade("--hint", cache=True)

    assert " First step, in katas/box.py: It keeps its value. What goes in?" in graded.lines


@pytest.mark.parametrize("slug", sorted(path.stem for path in (ROOT / "katas").glob("*.py")))
def test_the_first_step_is_the_first_criterions_own_hint(project: Project, slug: str) -> None:
    """No principle or hint about the exception that a stub raises."""
    first = Kata(slug).suite().criteria[0]
    graded = project.grade("--hint", "-k", first.id, kata=slug)

    assert f" First step, in katas/{slug}.py: {first.title}. {first.hints[0]}" in graded.lines
