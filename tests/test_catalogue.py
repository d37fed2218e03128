"""Every kata keeps its contract, and a kata that does not tells its author what to do next."""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from graders.authoring import catalogue
from graders.authoring.catalogue import ROOT, Kata, UnknownKata
from graders.authoring.head import Head
from graders.contract import alone, checks
from graders.contract.finding import Finding
from graders.grading.run import Run
from tests.support import BOX_SUITE, Project, box, notes, stub

KATAS = [Kata(slug) for slug in catalogue.slugs()]
each_kata = pytest.mark.parametrize("kata", KATAS, ids=[kata.slug for kata in KATAS])
_runs: dict[str, Run] = {}


def run_of(kata: Kata) -> Run:
    """Return the run that grades all solutions of a kata."""
    return _runs.setdefault(f"{kata.root}:{kata.slug}", checks.as_class())


def solutions(kind: str) -> list[object]:
    """Return every solution of one kind as a case of its own."""
    return [pytest.param(kata, path, id=f"{kata.slug}-{path.stem}") for kata in KATAS for path in kata.solutions(kind)]


@each_kata
def test_a_statements_head_says_topic_level_and_minutes(kata: Kata) -> None:
    """The list of katas shows them."""
    checks.check_head(kata)


@each_kata
def test_a_statement_is_in_layers(kata: Kata) -> None:
    """What a learner needs to begin comes first, in a few lines."""
    checks.check_layers(kata)


@each_kata
def test_a_kata_has_notes_for_after_a_solution(kata: Kata) -> None:
    """They speak about each accepted solution."""
    checks.check_notes(kata)


@each_kata
def test_a_kata_has_its_three_parts(kata: Kata) -> None:
    """A stub, a hidden suite and solutions, all under one slug."""
    checks.check_parts(kata)


def test_there_are_no_unexpected_files() -> None:
    """A file that belongs to no kata is a solution that nothing grades, or a suite that nobody meets."""
    assert list(checks.strays(ROOT)) == []


@each_kata
def test_a_suite_has_100_points_and_says_what_a_learner_needs(kata: Kata) -> None:
    """Titles, principles, and hints that are no code."""
    checks.check_suite(kata)


@each_kata
def test_a_kata_needs_the_standard_library_only(kata: Kata) -> None:
    """A worker sees nothing else."""
    checks.check_imports(kata)


@each_kata
def test_stub_and_reference_have_the_same_names_and_signatures(kata: Kata) -> None:
    """What the statement promises is what the suite calls."""
    checks.check_signatures(kata)


@each_kata
def test_the_statements_examples_are_true(kata: Kata) -> None:
    """Of the reference."""
    checks.check_examples(kata)


@each_kata
def test_the_stub_scores_0(kata: Kata) -> None:
    """At every level, and every criterion says that it is not started."""
    checks.check_stub(kata, run_of(kata))


@each_kata
def test_the_reference_scores_100(kata: Kata) -> None:
    """At every level."""
    checks.check_accepted(kata, kata.reference, run_of(kata))


@each_kata
def test_what_is_kept_for_all_is_what_hypothesis_draws(kata: Kata) -> None:
    """So a solution that is graded with it gets what it would get alone."""
    checks.check_drawn(kata, run_of(kata))


@pytest.mark.parametrize(("kata", "path"), solutions("accepted"))
def test_an_accepted_solution_scores_100(kata: Kata, path: Path) -> None:
    """At every level, whatever its route, in a class and alone."""
    checks.check_accepted(kata, path, run_of(kata))


@pytest.mark.parametrize(("kata", "path"), solutions("rejected"))
def test_a_rejected_solution_loses_what_it_names_and_nothing_else(kata: Kata, path: Path) -> None:
    """In a class; one in four at every level."""
    checks.check_rejected(kata, path, run_of(kata))


@each_kata
def test_a_suite_is_measured_by_mutants_of_its_reference(kata: Kata) -> None:
    """What survived is explained; the measure itself is no test, since it takes minutes."""
    checks.check_mutants(kata)


# What follows checks the checks: a kata that breaks its contract in one place, and what its author is told.


@pytest.fixture(name="kata")
def _kata(own: Project) -> Kata:
    """A kata that keeps the contract, but for the number of its solutions."""
    kata = Kata("box", own.root)
    folder = kata.reference.parent
    for kind, text in (
        ("accepted", box()),
        ("rejected", REJECTED + box(hash_="return id(self)").partition('"""\n')[2]),
    ):
        (folder / kind).mkdir()
        (folder / kind / "one.py").write_text(text)
    kata.notes_file.write_text(notes("one.py"))
    return kata


REJECTED = '"""Mistake: the hash is the identity.\n\nMust fail: hashes\nMay fail: -\n"""\n'


def rewrite(path: Path, old: str, new: str) -> None:
    """Change a file in one place."""
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_a_kata_that_keeps_the_contract_is_not_told_anything(kata: Kata) -> None:
    """The checks below fail for their own reasons."""
    checks.check_head(kata)
    assert kata.head() == Head("boxes", 1, 5)
    checks.check_layers(kata)
    checks.check_notes(kata)
    checks.check_suite(kata)
    checks.check_imports(kata)
    checks.check_signatures(kata)
    checks.check_examples(kata)
    checks.check_stub(kata, run_of(kata))
    checks.check_accepted(kata, kata.reference, run_of(kata))
    checks.check_rejected(kata, kata.solutions("rejected")[0], run_of(kata))
    assert list(checks.strays(kata.root)) == []


def told(check: Callable[[], object]) -> str:
    """Return what a check that fails tells."""
    with pytest.raises(Finding) as caught:
        check()
    return str(caught.value).partition("\n")[0]


def test_an_author_is_told_what_the_statement_and_the_notes_lack(kata: Kata) -> None:
    """With the file, and the next step."""
    rewrite(kata.stub, "Rules:\n", "")
    assert told(lambda: checks.check_layers(kata)).startswith("katas/box.py has the lines ['Out of scope:', ")
    (kata.reference.parent / "accepted" / "two.py").write_text(box())
    assert "no bullet below '## Alternatives' names `two.py`" in told(lambda: checks.check_notes(kata))
    kata.notes_file.unlink()
    assert told(lambda: checks.check_notes(kata)).startswith("solutions/box/notes.md is missing: write the idea")


def test_an_author_is_told_which_part_is_missing(kata: Kata) -> None:
    """From the first file on: each step's message is the next step."""
    assert told(lambda: checks.check_parts(kata)).startswith(
        "solutions/box/accepted holds 1 solutions: write 5 more, each by another route"
    )
    kata.reference.unlink()
    assert "solutions/box/reference.py is missing: write the solution" in told(lambda: checks.check_parts(kata))
    other = Kata("new", kata.root)
    assert "graders/suites/new/suite.py is missing: write the hidden suite" in told(lambda: checks.check_suite(other))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (":topic: boxes\n", "", "katas/box.py: :topic: is missing: below the title write a few words"),
        (":topic: boxes", ":topic:", "katas/box.py: :topic: is '': below the title write a few words"),
        (":topic: boxes", f":topic: {'box' * 20}", "at most 30 characters"),
        (":level: 1\n", "", ":level: is missing: below the title write a whole number from 1 (easy) to 5 (hard)"),
        (":level: 1", ":level: 6", ":level: is '6': below the title write a whole number from 1 (easy) to 5 (hard)"),
        (":level: 1", ":level: hard", ":level: is 'hard': below the title write a whole number"),
        (":minutes: 5", ":minutes: 0", ":minutes: is '0': below the title write a whole number from 1 to 999"),
        (":minutes: 5", ":minutes: 5 min", "such as ':minutes: 45'"),
        (":minutes: 5\n", "\n:minutes: 5\n", ":minutes: is missing"),
        (":minutes: 5", ":minutes: 5\n:level: 2", ":level: is given twice, '1' and '2': remove one"),
        (":level: 1", ":lvl: 1", ":lvl: '1' is not a field: there are :topic:, :level:, :minutes:"),
    ],
)
def test_an_author_is_told_about_a_head(kata: Kata, old: str, new: str, message: str) -> None:
    """The file, the field, its value, and what to write."""
    rewrite(kata.stub, old, new)

    said = told(lambda: checks.check_head(kata))

    assert message in said
    assert said.startswith("katas/box.py: :")


MEASURED = """\
reference = "{}"
mutants = 3
killed = 2
[[survivor]]
change = "a < b"
why = "b is never a"
"""


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "killed = 2",
            "killed = 1",
            "solutions/box/mutants.toml does not add up: measure again with python benchmarks",
        ),
        ("b is never a", " ", "kill this survivor by an @example, or say in `why` why nobody could: a < b"),
        ('reference = "', 'reference = "0', "solutions/box/mutants.toml is of another solutions/box/reference.py"),
    ],
)
def test_an_author_is_told_about_mutants(kata: Kata, old: str, new: str, message: str) -> None:
    """That there is no measure, that it is of another reference, or what is not explained; and the command."""
    path = checks.mutants_file(kata)
    assert told(lambda: checks.check_mutants(kata)) == (
        "solutions/box/mutants.toml is missing: measure the suite with python benchmarks/mutants.py box"
    )
    path.write_text(MEASURED.format(hashlib.sha256(kata.reference.read_bytes()).hexdigest()))
    checks.check_mutants(kata)
    rewrite(path, old, new)

    assert message in told(lambda: checks.check_mutants(kata))


def test_an_author_is_told_why_a_suite_cannot_be_loaded(kata: Kata) -> None:
    """The author may see what a learner may not."""
    kata.suite_file.write_text('"""Hidden suite: X."""\n')

    assert "graders/suites/box/suite.py can't be loaded: ValueError" in told(lambda: checks.check_suite(kata))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("Hidden suite: A box with a number.", "", "begin its docstring with 'Hidden suite: TITLE.'"),
        ("points=30", "points=29", "sum to 99; make it 100"),
        ("points=30", "points=0", "sum to 70"),
        ('"Equal boxes are equal"', '"It keeps its value"', "two criteria have one title"),
        ('"It keeps its value"', '" "', "criterion keeps: give it a title"),
        ('"It keeps its value"', f'"{"x" * 70}"', "shorten its title"),
        ('"A box gives back what was put in."', '""', "criterion keeps: give it a principle"),
        (
            '"A box gives back what was put in."',
            '"a\\nb"',
            "criterion keeps: give it a principle in because= of one line",
        ),
        ('("How often?",)', "()", "criterion doubles: give it hints"),
        ('"How often?"', '"return(number * 2)"', "a hint is not code"),
        ('"How often?"', '"def double(number): ..."', "a hint is not code"),
        ('"How often?"', '"number + number."', "a hint is not code"),
    ],
)
def test_an_author_is_told_what_a_suite_lacks(kata: Kata, old: str, new: str, message: str) -> None:
    """Points, titles, principles and hints."""
    rewrite(kata.suite_file, old, new)

    said = told(lambda: checks.check_suite(kata))

    assert message in said
    assert "graders/suites/box/suite.py" in said


@pytest.mark.parametrize(
    ("hint", "code"),
    [
        ("What must be true of the hashes when == is true?", False),
        ("Hash a tuple of exactly what == compares.", False),
        ("x = hash((self.x, self.y))", True),
        ("line\nline", True),
        ("Use def f(x): return x", True),
    ],
)
def test_a_hint_is_told_from_code(hint: str, code: bool) -> None:
    """Questions and sentences are hints; what could be pasted is not."""
    assert checks.is_code(hint) is code


def test_an_author_is_told_about_other_peoples_libraries(kata: Kata) -> None:
    """With the file and the name."""
    rewrite(kata.reference, "class Box", "import numpy.linalg\n\nclass Box")

    assert "solutions/box/reference.py imports numpy.linalg" in told(lambda: checks.check_imports(kata))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("def double(number):", "def twice(number):", "differ in ['double', 'twice']"),
        ("def double(number):", "def double(n):", "make the signatures of double the same"),
        ("def __init__(self, value):", "def __init__(self, value=0):", "make the signatures of Box.__init__ the same"),
        ("class Box:", "class Box(list):", "make the signatures of Box the same"),
    ],
)
def test_an_author_is_told_which_signatures_differ(kata: Kata, old: str, new: str, message: str) -> None:
    """Names, parameters and bases."""
    rewrite(kata.reference, old, new)

    assert message in told(lambda: checks.check_signatures(kata))


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("abs", "rename abs; in a check a builtin's name means the builtin"),
        ("define", "rename define; in a check submission.define is a verb of its own"),
    ],
)
def test_an_author_is_told_about_a_name_that_means_something_else(kata: Kata, name: str, message: str) -> None:
    """A check that asks for it would get Python's own, and a stub would pass; or the verb of that name."""
    for path in (kata.stub, kata.reference):
        rewrite(path, "def double(number):", f"def {name}(number):")

    assert message in told(lambda: checks.check_signatures(kata))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (box().replace(">>> double(4)\n8", ">>> double(4)\n9"), "gives something else than the statement's examples"),
        (stub().replace(">>>", ""), "show a few examples as doctests"),
    ],
)
def test_an_author_is_told_about_examples_that_are_not_true(kata: Kata, text: str, message: str) -> None:
    """Or about a statement without any."""
    kata.stub.write_text(text)

    assert message in told(lambda: checks.check_examples(kata))


def test_an_author_is_told_about_a_stub_that_scores(kata: Kata) -> None:
    """A criterion that nobody has to work for is none; one that fails by itself looks like the learner's mistake."""
    kata.stub.write_text(stub().replace("raise NotImplementedError", "pass"))
    assert "katas/box.py" in told(lambda: checks.check_stub(kata, run_of(kata)))

    kata.stub.write_text(box())
    assert "katas/box.py passes keeps: a stub must score 0" in told(lambda: checks.check_stub(kata, run_of(kata)))


def test_an_author_is_told_about_a_right_solution_that_loses(kata: Kata) -> None:
    """With what it loses and why."""
    path = kata.solutions("accepted")[0]
    path.write_text(box(double="return number * 3"))
    said = told(lambda: checks.check_accepted(kata, path, run_of(kata)))

    assert "solutions/box/accepted/one.py loses {'doubles': 'double(21) gave 63, expected 42'}" in said


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("Mistake: the hash", "The hash", "begin its docstring with 'Mistake: ...'"),
        ("Must fail: hashes\n", "", "add a line 'Must fail: criterion, criterion'"),
        ("May fail: -\n", "", "add a line 'May fail: criterion, criterion' to its docstring ('-' for none)"),
        ("Must fail: hashes", "Must fail: hash", "names ['hash'], which are not criteria: there are doubles, equal"),
        ("Must fail: hashes", "Must fail: -", "name at least one criterion that it must lose"),
        ("May fail: -", "May fail: hashes", "names ['hashes'] twice"),
        ("Must fail: hashes", "Must fail: hashes, shows", "must lose ['shows'] and passes: give the check an @example"),
        ("Must fail: hashes", "Must fail: shows", "must lose ['shows'] and passes"),
        ("return number * 2", "return 0", "loses more than it names: {'doubles': 'double(21) gave 0, expected 42'}"),
    ],
)
def test_an_author_is_told_about_a_wrong_solution(kata: Kata, old: str, new: str, message: str) -> None:
    """That it does not say what it gets wrong, gets away with it, or loses more."""
    (path,) = kata.solutions("rejected")
    rewrite(path, old, new)

    said = told(lambda: checks.check_rejected(kata, path, run_of(kata)))

    assert message in said
    assert "solutions/box/rejected/one.py" in said


def test_what_may_fail_may_pass_too(kata: Kata) -> None:
    """A criterion that falls with a mistake on some inputs only."""
    (path,) = kata.solutions("rejected")
    rewrite(path, "May fail: -", "May fail: equal, shows")

    checks.check_rejected(kata, path, run_of(kata))


def test_an_author_is_told_about_a_broken_check(kata: Kata) -> None:
    """A check that raises is not graded, and no solution is right or wrong by it."""
    kata.suite_file.write_text(
        BOX_SUITE.replace("    assert box.value", "    submission.Box(object())\n    assert box.value")
    )
    said = told(lambda: checks.check_accepted(kata, kata.reference, run_of(kata)))

    assert "keeps" in said
    assert "solutions/box/reference.py" in said


def test_an_author_is_told_about_levels_that_differ(kata: Kata) -> None:
    """A solution that can tell where it runs makes a verdict depend on the machine."""
    path = kata.solutions("accepted")[0]
    path.write_text(box(double="import sys\nreturn number * (2 if 'pytest' in sys.modules else 3)"))
    said = told(lambda: checks.check_accepted(kata, path, run_of(kata)))

    assert (
        "solutions/box/accepted/one.py gets other verdicts in a class at level process than alone at level none" in said
    )


def test_one_rejected_solution_in_four_is_graded_alone_too(kata: Kata) -> None:
    """Which, its name says; the command for an author leaves none out."""
    (path,) = kata.solutions("rejected")
    text = path.read_text().replace("return number * 2", "import sys; return number * (2 + ('pytest' in sys.modules))")
    path.unlink()
    paths = [path.with_stem(f"mistake_{number}") for number in range(8)]
    for each in paths:
        each.write_text(text)

    for each in paths:
        if checks.of_share(each, checks.SECOND):
            assert "gets other verdicts" in told(functools.partial(checks.check_rejected, kata, each, run_of(kata)))
        else:
            checks.check_rejected(kata, each, run_of(kata))
            everything = functools.partial(checks.check_rejected, kata, each, run_of(kata), everything=True)
    assert "gets other verdicts" in told(everything)


def test_an_author_is_told_about_a_check_that_draws_by_more_than_the_seed(kata: Kata) -> None:
    """What is kept for a class would not be what a learner gets."""
    counted = "import itertools\nCOUNT = itertools.count()\n\n\n@criterion("
    rewrite(kata.suite_file, "@criterion(", counted)
    rewrite(kata.suite_file, "@given(number=numbers)", "@given(number=st.builds(lambda: next(COUNT)))")

    said = told(lambda: checks.check_drawn(kata, checks.as_class()))

    assert said.startswith("graders/suites/box/suite.py, criterion keeps, check 1: what it is given depends on more")


def test_an_author_is_told_that_a_solution_ends_the_examiner(kata: Kata) -> None:
    """At level none nothing keeps it from that; the tests go on."""
    path = kata.solutions("accepted")[0]
    path.write_text(box(double="import os\nos._exit(3)"))

    assert told(lambda: checks.grade(kata, path, None)) == "one.py at level none: it ends the examiner's process"


@pytest.mark.parametrize("wait", ["threading.Event().wait()", "while True: time.sleep(0.01)"])
def test_an_author_is_told_that_a_solution_hangs(kata: Kata, monkeypatch: pytest.MonkeyPatch, wait: str) -> None:
    """A call that no check attends has no end at level none: seen at once where nothing can end it, else by a limit."""
    if "sleep" in wait:
        monkeypatch.setattr(alone, "_LONGEST", 5)
    path = kata.solutions("accepted")[0]
    path.write_text(box(double=f"import threading, time\n{wait}"))

    told_once = told(lambda: checks.grade(kata, path, None))
    assert told_once == "one.py at level none: it hangs: let the check attend the call"


def test_an_author_is_told_why_the_examiner_failed(kata: Kata) -> None:
    """With the traceback, which would else be lost with its process."""
    path = kata.solutions("accepted")[0]
    path.unlink()

    assert told(lambda: checks.grade(kata, path, None)).startswith("one.py at level none: Traceback")


@pytest.mark.parametrize(
    "name", ["katas/notes.txt", "solutions/bax/reference.py", "solutions/box/two.py", "graders/suites/bax/suite.py"]
)
def test_an_author_is_told_about_a_file_that_belongs_to_no_kata(kata: Kata, name: str) -> None:
    """With what to do about it."""
    path = kata.root / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("")

    assert list(checks.strays(kata.root)) == [
        f"{name} belongs to no kata: remove it, or give its slug a stub in katas/ (box)"
    ]


def test_an_author_is_told_about_a_slug_that_is_no_name(kata: Kata) -> None:
    """It names a module."""
    (kata.root / "katas" / "thread-pool.py").write_text("")

    assert "katas/thread-pool.py: a slug is a module's name" in next(checks.strays(kata.root))


# The catalogue itself: katas are the files in katas/, and nothing else.


def test_the_catalogue_is_what_the_folders_hold(tmp_path: Path) -> None:
    """A new file is a new kata once it has a suite; names that begin with an underscore are none."""
    (tmp_path / "katas").mkdir()
    for slug in ("b", "a_pool"):
        (tmp_path / "graders" / "suites" / slug).mkdir(parents=True)
        (tmp_path / "graders" / "suites" / slug / "suite.py").write_text("")
    for name in ("b.py", "a_pool.py", "b_old.py", "_draft.py", "notes.txt"):
        (tmp_path / "katas" / name).write_text("")

    assert catalogue.slugs(tmp_path) == ["a_pool", "b", "b_old"]
    assert catalogue.strays(tmp_path) == [tmp_path / "katas" / "b_old.py"]
    assert [kata.slug for kata in catalogue.find("all", tmp_path)] == ["a_pool", "b"]
    assert [kata.slug for kata in catalogue.find("b, a-pool,b", tmp_path)] == ["b", "a_pool"]
    assert [kata.slug for kata in catalogue.find("b,all", tmp_path)] == ["b", "a_pool"]
    with pytest.raises(UnknownKata, match=re.escape("There is no kata 'a-pol'. Did you mean 'a_pool'?")):
        catalogue.find("b,a-pol", tmp_path)
    with pytest.raises(UnknownKata, match=re.escape("There is no kata 'zzz'. There are: a_pool, b.")):
        catalogue.find("zzz", tmp_path)
    with pytest.raises(
        UnknownKata, match=re.escape("katas/b_old.py is not a kata: there is no graders/suites/b_old/suite.py")
    ):
        catalogue.find("b_old", tmp_path)
    with pytest.raises(UnknownKata, match=re.escape("run pytest in a clone")):
        catalogue.find("b", tmp_path / "elsewhere")


def test_a_kata_is_one_slug_in_three_folders(tmp_path: Path) -> None:
    """Its solutions come by name, and only Python files."""
    kata = Kata("thing", tmp_path)
    for name in ("b.py", "a.py", "notes.txt"):
        path = tmp_path / "solutions" / "thing" / "rejected" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")

    assert kata.stub == tmp_path / "katas" / "thing.py"
    assert kata.suite_file == tmp_path / "graders" / "suites" / "thing" / "suite.py"
    assert kata.reference == tmp_path / "solutions" / "thing" / "reference.py"
    assert [path.name for path in kata.solutions("rejected")] == ["a.py", "b.py"]
    assert kata.solutions("accepted") == []
