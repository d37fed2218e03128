"""The contract of every kata, as checks that tell its author what to do next; `test_catalogue` runs them."""

from __future__ import annotations

import ast
import builtins
import contextlib
import dataclasses
import functools
import hashlib
import inspect
import re
import sys
import tomllib
import types
import zlib
from collections.abc import Callable, Iterator, Mapping, Set
from pathlib import Path

from graders.authoring import catalogue, solutions
from graders.authoring.catalogue import BrokenSuite, Kata
from graders.authoring.criterion import Check, Suite
from graders.authoring.head import BadHead
from graders.authoring.notes import BadNotes
from graders.authoring.statement import BadStatement
from graders.contract import pasting
from graders.contract.alone import grade_alone
from graders.contract.finding import Finding
from graders.grading.examiner import Examiner
from graders.grading.hypothesis_adapter import HypothesisAdapter
from graders.grading.outcome import Outcome
from graders.grading.public_examples import run_examples
from graders.grading.run import Run
from graders.sandbox.host import Host
from graders.sandbox.isolation import levels
from graders.sandbox.limits import Source
from graders.sandbox.proxy import Submission

# At the first level, every solution is graded as one of a class, with inputs drawn once and by the answer key. At the
# second, each accepted solution and one rejected solution in SECOND is graded by itself and by the checks alone, with
# the same inputs; for one in DRAWN Hypothesis draws again. `python benchmarks/levels.py SLUG` does both for each.
LEVELS = ("process", "none")
SECOND, DRAWN = 4, 8
SEED = 7
FEWEST = {"accepted": 6, "rejected": 14}
_NONE = "-"


def here(kata: Kata, path: Path) -> str:
    """Return a path as an author would type it."""
    return path.relative_to(kata.root).as_posix()


def source(kata: Kata, path: Path) -> bytes:
    """Return the source of a solution; tell its author if an edit is wrong."""
    try:
        return solutions.read(path)
    except solutions.BadEdit as error:
        raise Finding(str(error)) from None


def suite_of(kata: Kata) -> Suite:
    """Return the suite; tell its author if it is missing."""
    name = here(kata, kata.suite_file)
    if not kata.suite_file.is_file():
        raise Finding(f"{name} is missing: write the hidden suite, with @criterion on each check")
    try:
        return kata.suite()
    except BrokenSuite as error:
        raise Finding(f"{name} can't be loaded: {error}") from error


def check_head(kata: Kata) -> None:
    """The statement says its topic, its level and its minutes."""
    try:
        kata.head()
    except BadHead as error:
        raise Finding(str(error)) from None


def check_layers(kata: Kata) -> None:
    """The statement is in layers: a beginning of a few lines, the rules, what is out of scope, the sources."""
    try:
        kata.layers()
    except BadStatement as error:
        raise Finding(str(error)) from None


def check_notes(kata: Kata) -> None:
    """The notes have each part, and discuss each accepted solution."""
    name = here(kata, kata.notes_file)
    if not kata.notes_file.is_file():
        raise Finding(f"{name} is missing: write the idea, the usual answer, and what comes after it")
    try:
        kata.notes()
    except BadNotes as error:
        raise Finding(str(error)) from None


def check_parts(kata: Kata) -> None:
    """A slug is in three places, with enough solutions to measure the suite."""
    if not kata.reference.is_file():
        raise Finding(f"{here(kata, kata.reference)} is missing: write the solution that is right")
    for kind, fewest in FEWEST.items():
        folder, found = here(kata, kata.reference.parent / kind), len(kata.solutions(kind))
        if found < fewest:
            raise Finding(f"{folder} holds {found} solutions: write {fewest - found} more, each by another route")
    suite_of(kata)


def mutants_file(kata: Kata) -> Path:
    """Return the file with the results of a reference's mutants."""
    return kata.reference.with_name("mutants.toml")


def check_mutants(kata: Kata) -> None:
    """The suite was measured with mutants of exactly this reference, and each survivor is explained."""
    path = mutants_file(kata)
    name, command = here(kata, path), f"python benchmarks/mutants.py {kata.slug}"
    if not path.is_file():
        raise Finding(f"{name} is missing: measure the suite with {command}")
    record = tomllib.loads(path.read_text("utf-8"))
    survivors = record.get("survivor", [])
    now = hashlib.sha256(kata.reference.read_bytes()).hexdigest()
    if record["reference"] != now:
        raise Finding(f"{name} is of another {here(kata, kata.reference)}: measure again with {command}")
    if record["killed"] + len(survivors) != record["mutants"]:
        raise Finding(f"{name} does not add up: measure again with {command}")
    unexplained = [each["change"] for each in survivors if not each["why"].strip()]
    if unexplained:
        raise Finding(f"{name}: kill this survivor by an @example, or say in `why` why nobody could: {unexplained[0]}")


def strays(root: Path) -> Iterator[str]:
    """Yield each file that belongs to no kata, with advice."""
    slugs = catalogue.slugs(root)
    expected = {root / "graders" / "suites" / "__init__.py"}
    for slug in slugs:
        kata = Kata(slug, root)
        expected |= {
            kata.stub,
            kata.suite_file,
            *kata.suite_file.parent.rglob("*.py"),
            kata.reference,
            mutants_file(kata),
            kata.notes_file,
            *kata.solutions("accepted"),
            *kata.solutions("rejected"),
        }
        stems = [path.stem for path in kata.solutions("rejected")]
        for path in kata.solutions("rejected"):
            if path.suffix == solutions.SUFFIX and stems.count(path.stem) > 1:
                yield f"{here(kata, path)} has the name of a whole file beside it: remove or rename one"
        if not slug.isidentifier() or slug != slug.lower():
            yield f"{here(kata, kata.stub)}: a slug is a module's name in lower case, such as thread_pool"
    for folder in ("katas", "solutions", "graders/suites"):
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and path not in expected and "__pycache__" not in path.parts:
                name = path.relative_to(root).as_posix()
                yield f"{name} belongs to no kata: remove it, or give its slug a stub in katas/ ({', '.join(slugs)})"


def check_strays(root: Path) -> None:
    """Every file belongs to a kata."""
    for found in strays(root):
        raise Finding(found)


def check_suite(kata: Kata) -> None:
    """The suite has 100 points, and each criterion its texts for learners."""
    suite, name = suite_of(kata), here(kata, kata.suite_file)
    points = sum(criterion.points for criterion in suite.criteria)
    titles = [criterion.title for criterion in suite.criteria]

    if not suite.title:
        raise Finding(f"{name}: begin its docstring with 'Hidden suite: TITLE.'")
    if points != 100:
        raise Finding(f"{name}: the points of its criteria sum to {points}; make it 100")
    if len(set(titles)) != len(titles):
        raise Finding(f"{name}: two criteria have one title; give each its own")
    for criterion in suite.criteria:
        where = f"{name}, criterion {criterion.id}"
        if criterion.points <= 0:
            raise Finding(f"{where}: give it points")
        for field, text in (("a title", criterion.title), ("a principle in because=", criterion.because)):
            if not text.strip():
                raise Finding(f"{where}: give it {field}")
            if "\n" in text:
                raise Finding(f"{where}: give it {field} of one line")
        if len(criterion.title) > 58:
            raise Finding(f"{where}: shorten its title to fit into a row of 80 columns")
        if not criterion.hints:
            raise Finding(f"{where}: give it hints, from the gentlest to the plainest")
        told = [hint for check in criterion.checks for hint in check.hints]
        told += [hint for _, *hints in criterion.reasons.values() for hint in hints]
        for hint in (*criterion.hints, *told):
            if is_code(hint):
                raise Finding(f"{where}: say the hint {hint!r} in words; a hint is not code")


def is_code(hint: str) -> bool:
    """Whether a hint is code that could be pasted."""
    if "\n" in hint or re.search(r"\b(def|class|lambda|return|import) \w+ *[(:]", hint):
        return True
    try:
        ast.parse(hint.strip(" ."))
    except SyntaxError:
        return False
    return True


def check_imports(kata: Kata) -> None:
    """A solution needs only the standard library: a learner's worker sees nothing else."""
    for path in (kata.stub, kata.reference, *kata.solutions("accepted")):
        for node in ast.walk(ast.parse(path.read_bytes())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                known = name.partition(".")[0] in sys.stdlib_module_names
                if not known:
                    raise Finding(f"{here(kata, path)} imports {name}: use the standard library only")


def public(path: Path, slug: str) -> dict[str, str]:
    """Return the public names that a file defines, with the signatures of callables."""
    module = types.ModuleType(slug)
    # Dataclasses look up their module by name.
    sys.modules[slug] = module
    try:
        exec(compile(path.read_bytes(), str(path), "exec", dont_inherit=True), module.__dict__)
    finally:
        del sys.modules[slug]
    found: dict[str, str] = {}
    for name, value in vars(module).items():
        if name.startswith("_") or getattr(value, "__module__", slug) != slug or inspect.ismodule(value):
            continue
        if inspect.isfunction(value):
            found[name] = str(inspect.signature(value))
        if inspect.isclass(value):
            found[name] = " ".join(sorted(base.__name__ for base in value.__bases__))
            for member, function in vars(value).items():
                if inspect.isfunction(function) and (member == "__init__" or not member.startswith("_")):
                    found[f"{name}.{member}"] = str(inspect.signature(function))
    return found


def check_signatures(kata: Kata) -> None:
    """The reference defines what the statement promises."""
    stub, reference = public(kata.stub, kata.slug), public(kata.reference, kata.slug)
    names = f"{here(kata, kata.stub)} and {here(kata, kata.reference)}"

    if not stub:
        raise Finding(
            f"{here(kata, kata.stub)}: define what a learner has to write, each body raising NotImplementedError"
        )
    if set(stub) != set(reference):
        raise Finding(f"{names} differ in {sorted(set(stub) ^ set(reference))}: define the same names")
    for name in stub:
        if hasattr(builtins, name):
            raise Finding(f"{names}: rename {name}; in a check a builtin's name means the builtin")
        if hasattr(Submission, name):
            raise Finding(f"{names}: rename {name}; in a check submission.{name} is a verb of its own")
    for name, signature in stub.items():
        if signature != reference[name]:
            raise Finding(f"{names}: make the signatures of {name} the same")


def as_class() -> Run:
    """Return a run for `lost`, as for a class: its inputs and answer keys serve all solutions."""
    return Run(LEVELS[0], SEED)


def grade(kata: Kata, path: Path, run: Run | None) -> list[Outcome]:
    """Grade a file with the inputs of one seed: as one of a class at the first level, by itself at the second."""
    suite_of(kata)
    return run.grade(kata, source(kata, path), shrink=False) if run is not None else grade_alone(kata, path, SEED)


def one(kata: Kata, content: bytes, run: Run, criterion: str) -> Outcome:
    """Grade one criterion as `Run.grade` grades them all, and look for the smallest failure."""
    (found,) = run.grade(kata, content, shrink=True, only=criterion)
    return found


def of_share(path: Path, size: int) -> bool:
    """Whether a solution is one of about every `size`: its name decides, so that the choice never changes."""
    return zlib.crc32(f"{path.parent.parent.name}/{path.stem}".encode()) % size == 0


def lost(kata: Kata, path: Path, run: Run, *, everything: bool = False) -> dict[str, str]:
    """Return the criteria that a solution does not pass, with their messages."""
    return {outcome.id: outcome.message for outcome in failed(kata, path, run, everything=everything)}


def failed(kata: Kata, path: Path, run: Run, may: Set[str] = frozenset(), *, everything: bool = False) -> list[Outcome]:
    """Return the outcomes of the criteria that a solution does not pass, as in a class.

    They are the same at every level, in a class and alone, except those that it `may` fail: by luck, if it has a race.

    everything: whether to grade at both levels, at the second with the solution's own inputs, whatever its share.
    """
    first, second = LEVELS
    found = {first: grade(kata, path, run)}
    if everything or path.parent.name != "rejected" or of_share(path, SECOND):
        drawn = None if everything or of_share(path, DRAWN) else run.drawn
        found[second] = grade_alone(kata, path, SEED, drawn)
    verdicts = [
        {outcome.id: outcome.outcome for outcome in outcomes if outcome.id not in may} for outcomes in found.values()
    ]
    if verdicts[0] != verdicts[-1]:
        raise Finding(
            f"{here(kata, path)} gets other verdicts in a class at level {first} than alone at level {second}: "
            f"{[{each.id: each.message for each in outcomes if each.message} for outcomes in found.values()]}"
        )
    doubt = [outcome.message for outcome in found[first] if outcome.outcome == "not_graded"]
    if doubt:
        raise Finding(f"{here(kata, path)} was not graded: repair the check")
    return [outcome for outcome in found[first] if outcome.outcome == "failed"]


@contextlib.contextmanager
def noting(check: Check) -> Iterator[list[str]]:
    """Record the arguments that Hypothesis gives to a check."""
    holder = check.test.hypothesis  # type: ignore[attr-defined]
    test, given = holder.inner_test, list[str]()

    @functools.wraps(test)
    def noted(**arguments: object) -> None:
        given.append(shown(arguments))
        test(**arguments)

    holder.inner_test = noted
    try:
        yield given
    finally:
        holder.inner_test = test


def shown(arguments: Mapping[str, object]) -> str:
    """Return the arguments of an example as text, without the submission."""
    return repr({name: value for name, value in arguments.items() if name != "submission"})


def check_drawn(kata: Kata, run: Run) -> None:
    """The inputs kept for a class are those that Hypothesis draws for the reference alone."""
    adapter = HypothesisAdapter(SEED, database=None, shrink=False, drawn=run.drawn)
    host = Host(levels.choose(LEVELS[0]), Source(kata.slug, kata.reference.read_bytes(), run.hash_seed, SEED))
    try:
        for criterion in suite_of(kata).criteria:
            for number, check in enumerate(criterion.checks, 1):
                kept = run.drawn.examples(check, adapter.draw)
                if kept is None:
                    continue
                with noting(check) as given:
                    Examiner(host, SEED, shrink=False).examine(dataclasses.replace(criterion, checks=[check]))
                if given != list(map(shown, kept)):
                    raise Finding(
                        f"{here(kata, kata.suite_file)}, criterion {criterion.id}, check {number}: "
                        "what it is given depends on more than the seed; draw it by strategies alone"
                    )
    finally:
        host.close()


def check_stub(kata: Kata, run: Run) -> None:
    """An unchanged stub scores 0, and each criterion says that it is not started."""
    for of in (run, None):
        for outcome in grade(kata, kata.stub, of):
            if outcome.points != 0:
                raise Finding(f"{here(kata, kata.stub)} passes {outcome.id}: a stub must score 0")
            if not outcome.not_started:
                raise Finding(
                    f"{here(kata, kata.stub)} fails {outcome.id} with {outcome.message!r}: let each body raise "
                    "NotImplementedError, and the check call it before anything else"
                )


def check_accepted(kata: Kata, path: Path, run: Run, *, everything: bool = False) -> None:
    """A right solution scores 100, whatever its approach."""
    wrong = lost(kata, path, run, everything=everything)
    if wrong:
        raise Finding(
            f"{here(kata, path)} loses {wrong}: either it breaks a rule of the statement, or the suite asks for more"
        )


def named(kata: Kata, path: Path) -> tuple[set[str], set[str]]:
    """Return the criteria that a rejected solution must lose, and those that it may lose too."""
    name, text = here(kata, path), ast.get_docstring(ast.parse(source(kata, path))) or ""
    if not re.match(r"Mistake: \S", text):
        raise Finding(f"{name}: begin its docstring with 'Mistake: ...', what a candidate got wrong")
    known = {criterion.id for criterion in suite_of(kata).criteria}
    found = []
    for label in ("Must fail", "May fail"):
        line = re.search(rf"^{label}: *(\S.*)$", text, re.MULTILINE)
        if not line:
            raise Finding(f"{name}: add a line '{label}: criterion, criterion' to its docstring ('{_NONE}' for none)")
        ids = {each.strip() for each in line[1].split(",")} - {_NONE}
        unknown = sorted(ids - known)
        if unknown:
            raise Finding(f"{name} names {unknown}, which are not criteria: there are {', '.join(sorted(known))}")
        found.append(ids)
    must, may = found
    if not must:
        raise Finding(f"{name}: name at least one criterion that it must lose")
    if must & may:
        raise Finding(f"{name} names {sorted(must & may)} twice: what must fall is left out of 'May fail'")
    return must, may


def check_rejected(kata: Kata, path: Path, run: Run, *, everything: bool = False) -> None:
    """A wrong solution loses all criteria that it names and no others."""
    name = here(kata, path)
    must, may = named(kata, path)
    outcomes = failed(kata, path, run, may, everything=everything)
    wrong = {outcome.id: outcome.message for outcome in outcomes}
    away = sorted(must - set(wrong))
    if away:
        raise Finding(f"{name} must lose {away} and passes: give the check an @example that shows its mistake")
    more = {criterion: message for criterion, message in wrong.items() if criterion not in must | may}
    if more:
        raise Finding(f"{name} loses more than it names: {more}; narrow the check, or name it in 'May fail'")
    check_pasted(kata, path, run, outcomes[0])


def check_pasted(kata: Kata, path: Path, run: Run, shown: Outcome) -> None:
    """The first failure that a card shows, pasted below the solution, runs and shows the same."""
    failure = shown.failure
    if failure is None or not failure.steps or not pasting.differences(kata.slug, path, failure):
        return
    # A class's run does not find out whether the calls fail alone and which of them matter; a learner's card shows it.
    again = one(kata, source(kata, path), run, shown.id).failure
    different = [] if again is None else pasting.differences(kata.slug, path, again)
    if different:
        raise Finding(
            f"{here(kata, path)}: what the card shows is not what a prompt shows; have the check define or "
            "import what its calls need, and ask for what is the same in each process:\n" + "\n".join(different)
        )


def check_examples(kata: Kata) -> None:
    """The statement's examples hold for the reference."""
    doc = kata.statement()
    if ">>>" not in doc:
        raise Finding(f"{here(kata, kata.stub)}: show a few examples as doctests in its docstring")
    host = Host(levels.choose("process"), Source(kata.slug, kata.reference.read_bytes(), SEED))
    try:
        found = run_examples(host, doc)
    finally:
        host.close()
    if not found.tried:
        raise Finding(f"{here(kata, kata.stub)}: none of its examples can be read as a doctest")
    if found.failed:
        raise Finding(f"{here(kata, kata.reference)} gives something else than the statement's examples show")


def steps(kata: Kata, run: Run) -> Iterator[tuple[str, Callable[[], None]]]:
    """Yield the name and the function of each check, in the order of an author's work."""
    stub, suite, folder = (here(kata, path) for path in (kata.stub, kata.suite_file, kata.reference.parent))
    yield f"{stub}: topic, level and minutes", lambda: check_head(kata)
    yield f"{stub}: layers", lambda: check_layers(kata)
    yield f"{folder}: a reference, accepted and rejected solutions", lambda: check_parts(kata)
    yield f"{suite}: 100 points, titles, principles, hints", lambda: check_suite(kata)
    yield f"{folder}: imports", lambda: check_imports(kata)
    yield f"{stub}: signatures", lambda: check_signatures(kata)
    yield f"{stub}: examples", lambda: check_examples(kata)
    yield f"{stub} scores 0", lambda: check_stub(kata, run)
    yield f"{here(kata, kata.reference)} scores 100", lambda: check_accepted(kata, kata.reference, run)
    yield f"{suite}: what is drawn depends on the seed alone", lambda: check_drawn(kata, run)
    for path in kata.solutions("accepted"):
        yield f"{here(kata, path)} scores 100", functools.partial(check_accepted, kata, path, run)
    for path in kata.solutions("rejected"):
        yield f"{here(kata, path)} loses what it names", functools.partial(check_rejected, kata, path, run)
    yield here(kata, kata.notes_file), lambda: check_notes(kata)
    yield here(kata, mutants_file(kata)), lambda: check_mutants(kata)
    yield "no file that belongs to no kata", lambda: check_strays(kata.root)
