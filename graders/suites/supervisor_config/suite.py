"""Hidden suite: Supervisor config.

Oracle: the package supervisor 4.3 itself, which reads every text as supervisord does.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from graders import Handle, Submission, because, criterion, exactly, examples_of, gives, raises, remote_of, tolerating
from graders.suites.supervisor_config import inputs as cases
from graders.suites.supervisor_config import oracle
from graders.suites.supervisor_config.inputs.writing import Case, program

# No more than a Mapping has to have.
ONE_NAME = """
from collections.abc import Mapping

class OneName(Mapping):
    __getitem__ = {"A": "1"}.__getitem__
    def __iter__(self): return iter("A")
    def __len__(self): return 1
"""
# A criterion looks at the fields of its own rules, so that one mistake does not cost two of them.
PLAIN = "group name command"
TYPED = "autostart autorestart startsecs startretries exitcodes priority stdout_logfile_maxbytes"
ALL = " ".join(oracle.FIELDS)
PLAIN_TYPES = (str, bool, int, float, tuple, list, dict, type(None))
RULES = (
    *cases.EXPANSION_DIRECTED,
    *cases.NUMPROCS_DIRECTED,
    *cases.COMMENTS_DIRECTED,
    *cases.TYPED_DIRECTED,
    *cases.ENVIRONMENT_DIRECTED,
    *cases.GROUPS_DIRECTED,
    *cases.DUPLICATES_DIRECTED,
)


TYPES = (
    "Each field has the type of the table in rule 4, and just that: str, bool, int, None, or a tuple of int.",
    "What is the class of the value? A subclass, an enumeration or a list is not what a caller was promised.",
)
LEAK = "A caller that catches SupervisorConfigError relies on it: no other exception may leave the function."
LEAKS = {
    **dict.fromkeys(
        ("MissingSectionHeaderError", "ParsingError", "DuplicateOptionError", "DuplicateSectionError", "NoOptionError"),
        (
            "The errors of configparser are neither SupervisorConfigError nor ValueError: catching those misses them.",
            "Which base class do the exceptions of configparser have?",
        ),
    ),
    "ValueError": (
        "int and % raise a plain ValueError, which a caller that catches SupervisorConfigError does not catch.",
        "Where does your code convert a text? What it raises there must become your own error.",
    ),
    "KeyError": (
        "An unknown name is a KeyError of a dict, which is not a ValueError; it must become SupervisorConfigError.",
        "Which exceptions can int, % and the parser raise, and which of them are not ValueErrors?",
    ),
    "TypeError": (
        "The % operator raises TypeError for a text where d or x wants a number; make it SupervisorConfigError.",
        "Which exceptions can int, % and the parser raise, and which of them are not ValueErrors?",
    ),
    "IndexError": (
        "Looking beyond the end of a text or list is an IndexError; make it SupervisorConfigError.",
        "How many parts can be left when the text is cut short?",
    ),
}


# What a process has by default need not be shown with an expected process.
(ABSENT,) = oracle.read(program(command=None, name="?") + "command=\n")  # type: ignore[misc]


class Expected(list[dict[str, Any]]):
    """What supervisord reads, with the fields that matter here, shown as processes."""

    def __init__(self, processes: Iterable[Mapping[str, Any]], fields: list[str]) -> None:
        super().__init__({field: process[field] for field in fields} for process in processes)
        self.fields = fields

    def __repr__(self) -> str:
        shown = [f"ProcessSpec({', '.join([*self._set(process), '...'])})" for process in self]
        more = [f"... {len(shown)} in all"] if len(shown) > 2 else []
        return f"[{', '.join(shown[:2] + more)}]"

    def _set(self, process: dict[str, Any]) -> Iterator[str]:
        for name, value in process.items():
            if name in PLAIN.split() or value != ABSENT[name]:
                yield f"{name}={value!r}"


def names(case: Case) -> dict[str, Any]:
    """Return the arguments of a call after the text; what has its default is left out."""
    found: dict[str, Any] = {}
    if case.env is not None:
        found["env"] = dict(case.env)
    if case.here != "/etc/supervisor":
        found["here"] = case.here
    return found


def expected_of(case: Case, fields: str) -> Expected | None:
    """Return what supervisord reads in a case, or None if it refuses it."""
    found = read(case)
    if isinstance(found, oracle.Refused):
        return None
    return Expected(found, fields.split())


def read(case: Case) -> oracle.Reading | oracle.Refused:
    """Return what supervisord makes of a case."""
    return oracle.read(case.oracle_text, case.env, case.here)


def written(case: Case) -> list[str]:
    """Return the fields that a text sets itself, so that no default takes part."""
    return [field for field in oracle.FIELDS[4:] if f"\n{field}=" in case.text.lower()]


def placed(case: Case) -> str:
    """Return the plain fields, and `directory` if each process has one: None is its default."""
    found = read(case)
    if isinstance(found, oracle.Refused) or any(process["directory"] is None for process in found):
        return PLAIN
    return f"{PLAIN} directory"


def set_fields(case: Case, but: str = "") -> str:
    """Return the plain fields and those that the text sets, but for one that the text may set for a group."""
    return " ".join([placed(case), *(field for field in written(case) if field != but)])


def refused(directed: Iterable[Case]) -> Iterator[Case]:
    """Yield the cases that supervisord refuses."""
    return (case for case in directed if expected_of(case, PLAIN) is None)


def taught(case: Case) -> AbstractContextManager[None]:
    """Tell what the case is about if what is in the block fails."""
    return nullcontext() if case.lesson is None else because(case.lesson.principle, *case.lesson.hints)


def agree(submission: Submission, case: Case, fields: str, *, with_types: bool = False, **arguments: Any) -> None:
    """Expect supervisord's own reading of a text; for one that it refuses, expect any exception.

    arguments: of the call, in place of those of the case.
    """
    if case.before is not None:
        agree(submission, case.before, fields, with_types=with_types)
    try:
        with taught(case):
            compare(submission, case, fields, with_types, names(case) | arguments)
    except Exception as error:
        known = isinstance(error, AssertionError) or remote_of(error) is not None
        if not known or case.simpler is None or passes(submission, case.simpler):
            raise


def passes(submission: Submission, case: Case) -> bool:
    """Whether the submission reads a case as supervisord does, asked aside."""
    with submission.aside():
        try:
            compare(submission, case, set_fields(case), with_types=False, arguments=names(case))
        except Exception as error:
            if remote_of(error) is None and not isinstance(error, AssertionError):
                raise
            return False
    return True


def compare(submission: Submission, case: Case, fields: str, with_types: bool, arguments: dict[str, Any]) -> None:
    """Make one call, and compare what it gives; only the first difference is shown."""
    expected = expected_of(case, fields)
    if expected is None:
        refuse(submission, case)
        return
    with gives(expected):
        result = submission.parse_supervisor_config(case.text, **arguments)
    compare_result(submission, result, expected, with_types)


def compare_result(submission: Submission, result: Any, expected: Expected, with_types: bool = False) -> None:
    """Compare what a call gave."""
    specs = listed(submission, result, expected)
    observed = values_of(submission, specs, expected.fields, with_types)
    compare_lists(submission, specs, observed, expected)
    for spec, found, wanted in zip(specs, observed, expected, strict=True):
        for field in expected.fields:
            compare_values(submission, (spec, field), found[field], wanted[field], with_types)


def listed(submission: Submission, result: Any, expected: Expected) -> list[Handle]:
    """Return the processes that came back; whether they came in a list is graded with the calls."""
    if isinstance(result, Handle):
        with gives(expected):
            result = submission.list(result)
    members = result if isinstance(result, list | tuple) else [None]
    if (expected and not members) or not all(isinstance(spec, Handle) for spec in members):
        assert result is expected
    return list(members)


def values_of(
    submission: Submission, specs: list[Handle], fields: Sequence[str], with_types: bool
) -> list[dict[str, Any]]:
    """Return fields of each process, as `value_of` does, asked together unless one of them can't be read."""
    if not specs:
        return []
    with submission.aside(), tolerating():
        return [
            {field: plain(submission, value, field, with_types) for field, value in zip(fields, row, strict=True)}
            for row in submission.read(specs, fields)
        ]
    return [{field: value_of(submission, spec, field, with_types) for field in fields} for spec in specs]


def value_of(submission: Submission, spec: Handle, field: str, with_types: bool) -> Any:
    """Return a field as plain data. It is asked aside: what passes need not be shown."""
    try:
        with submission.aside():
            return plain(submission, getattr(spec, field), field, with_types)
    except Exception as error:
        if remote_of(error) is None:
            raise
        return getattr(spec, field)  # once more, to show it


def plain(submission: Submission, value: Any, field: str, with_types: bool) -> Any:
    """Return a mapping as a dict and, where types are another rule, a kind of str as a str and a list as a tuple."""
    if isinstance(value, Handle) and field == "environment" and submission.hasattr(value, "keys"):
        return submission.dict(value)
    if isinstance(value, Handle) and not with_types and submission.isinstance(value, submission.str):
        return submission.str.join("", value)
    return tuple(value) if isinstance(value, list) and not with_types else value


def compare_lists(
    submission: Submission, specs: list[Handle], observed: list[dict[str, Any]], expected: Expected
) -> None:
    """Compare which processes there are, and in which order, in one line for all; a single one speaks for itself.

    Names that come twice are shown with their groups.
    """
    if len(observed) == len(expected) < 2:
        return
    for shown, fields in (("spec.name", ["name"]), ("(spec.group, spec.name)", ["group", "name"])):
        alike = len({process["name"] for process in expected}) < len(expected) and "group" in expected.fields
        if set(fields) <= set(expected.fields) and (not alike or "group" in fields):
            found, wanted = (
                [process["name"] if len(fields) == 1 else tuple(process[field] for field in fields) for process in each]
                for each in (observed, expected)
            )
            if found != wanted:
                submission.sum_up(f"[{shown} for spec in {repr(specs[0]).partition('[')[0]}]", found)
                assert found == wanted


def compare_values(
    submission: Submission, where: tuple[Handle, str], found: Any, expected: Any, with_types: bool
) -> None:
    """Compare a field of a process."""
    spec, field = where
    plain = type(found) in PLAIN_TYPES
    if plain and (found == exactly(expected) if with_types else found == expected):
        return
    if not with_types and field in TYPED.split() and same_when_simple(submission, field, found, expected):
        return
    if isinstance(found, Handle):
        with submission.aside():
            text = submission.repr(found)
        submission.sum_up(f"repr({spec!r}.{field})", text)
    else:
        submission.sum_up(f"dict({spec!r}.{field})" if type(expected) is dict else f"{spec!r}.{field}", found)
    with because(*TYPES) if not plain or found == expected or type(found) is list else nullcontext():
        assert found == exactly(expected)


def simple(field: str, value: Any) -> Case:
    """Return a program that sets one field as simply as can be."""
    if isinstance(value, tuple):
        return Case(program((field, ",".join(map(str, value)))))
    return Case(program((field, {"always": "true", "never": "false"}.get(str(value), str(value).lower()))))


def simple_values() -> list[Case]:
    """Return each value that others than the types ask for, written simply: what is excused there is asked here."""
    found: dict[str, Case] = {}
    for case in (
        *cases.EXPANSION_DIRECTED,
        *cases.NUMPROCS_DIRECTED,
        *cases.GROUPS_DIRECTED,
        *cases.DUPLICATES_DIRECTED,
    ):
        reading = read(case)
        for process in [] if isinstance(reading, oracle.Refused) else reading:
            for field in set(written(case)) & set(TYPED.split()):
                asked = simple(field, process[field])
                found[asked.text] = asked
    return list(found.values())


def same_when_simple(submission: Submission, field: str, found: Any, expected: Any) -> bool:
    """Whether the submission makes the same of the value written simply: then its mistake is graded with types."""
    with submission.aside(), tolerating():
        result = submission.parse_supervisor_config(simple(field, expected).text)
        return bool(result) and value_of(submission, result[0], field, with_types=False) == found
    return False


def refuse(submission: Submission, case: Case, kinds: tuple[type[Exception], ...] = (Exception,)) -> None:
    """Expect one of these exceptions; if there is none, say why supervisord refuses the text."""
    with leaking(), raises(*kinds, text=f"SupervisorConfigError, as from supervisord: {read(case)}"):
        parse_all(submission, case)


@contextmanager
def leaking() -> Iterator[None]:
    """If an exception of another kind comes, teach what this one comes from."""
    try:
        yield
    except AssertionError as unmet:
        remote = None if unmet.__cause__ is None else remote_of(unmet.__cause__)
        with nullcontext() if remote is None else because(*LEAKS.get(remote.type, (LEAK, "Which line raised it?"))):
            raise


def parse_all(submission: Submission, case: Case) -> None:
    """Make a call; a generator, which raises nothing before it is asked, is asked (no list: graded with the calls)."""
    result = submission.parse_supervisor_config(case.text, **names(case))
    if isinstance(result, Handle):
        with submission.aside():
            lazy = submission.hasattr(result, "__next__")
        if lazy:
            submission.list(result)


@criterion(
    "The worker's section from the question parses",
    points=10,
    because="supervisord reads INI in its own way: the defaults of configparser fail at the first comment.",
    hints=(
        "Feed the section to a bare ConfigParser and look at numprocs: what is wrong with it?",
        "Which option of the stdlib parser handles `; comment`, and which default fights `%(`?",
        "One section, numprocs processes: what differs between them?",
    ),
    examples=15,
)
@given(case=cases.seed_cases())
@examples_of(case=cases.SEED_DIRECTED)
def seed_section_parses(submission: Submission, case: Case) -> None:
    agree(submission, case, placed(case))


@criterion(
    "%(...) expands as supervisord does it",
    points=20,
    because="Each value is expanded once, with the names that its option knows; a bad form is an error.",
    hints=(
        "Expand per process, not per section.",
        "Whose `%` operator is this, and which of its exceptions can a bad form raise?",
        "Which names are known in startsecs, and which in priority? Rule 3 has the list.",
    ),
    examples=40,
)
@given(case=cases.expansion_cases())
@examples_of(case=cases.EXPANSION_DIRECTED)
def expansion(submission: Submission, case: Case) -> None:
    agree(submission, case, set_fields(case))


@expansion.also(
    because="The NAME of a header and the default of process_name are not templates: a % in NAME stays as it is.",
    hints=("What is expanded if process_name is absent, and with what is it filled in?",),
)
def a_name_with_a_percent_sign_is_no_template(submission: Submission) -> None:
    """Which marks a header may hold is graded with the lines."""
    marks = False
    with submission.aside(), tolerating():
        submission.parse_supervisor_config(program(name="50&"))
        marks = True
    if marks:
        agree(submission, Case(program(name="50%")), PLAIN)


@expansion.also(
    because="env=None is the same as no env: there are no names ENV_K then.",
    hints=("What is the default of env, and what happens if it is given?",),
)
def none_is_no_env(submission: Submission) -> None:
    agree(submission, Case(program()), "name command", env=None)


@criterion(
    "Numbers and names of the processes",
    points=15,
    because="numprocs copies need numprocs names; they are checked as written and sorted as text.",
    hints=(
        "What does numprocs=0 mean for all that belongs to a single process?",
        "Look at process_name before its expansion: which characters must be in it, and which must not?",
        "Which of w_2 and w_10 comes first as text?",
    ),
    examples=30,
)
@given(case=cases.numprocs_cases())
@examples_of(case=cases.NUMPROCS_DIRECTED)
def numprocs_and_names(submission: Submission, case: Case) -> None:
    agree(submission, case, set_fields(case))


@criterion(
    "Comments and continued lines",
    points=10,
    because="Comments are cut before quotes are read; its indentation decides which value a line continues.",
    hints=(
        "What comes before a `;` that starts a comment? Do quotes protect it?",
        "Deeper than what must a line be indented to continue a value?",
        "A comment within a continued value is not an empty line in it.",
    ),
    examples=40,
)
@given(case=cases.comment_cases())
@examples_of(case=cases.COMMENTS_DIRECTED)
def comments_and_continuations(submission: Submission, case: Case) -> None:
    agree(submission, case, placed(case))


@comments_and_continuations.also(examples=1)
@given(case=st.sampled_from(cases.MANY_LINES))
@examples_of(case=cases.MANY_LINES)
def many_lines(submission: Submission, case: Case) -> None:
    agree(submission, case, PLAIN)


@criterion(
    "Every option has its type",
    points=15,
    because="Each option has its type and its default; what is nearly a number or a size is an error, not a guess.",
    hints=(
        "Check the type of each option once the text is final.",
        "Which eight words are booleans, and which option knows a ninth?",
        "Is an empty value the same as none? And which defaults are in the table of rule 4?",
    ),
    examples=40,
)
@given(case=cases.typed_cases())
@examples_of(case=[*cases.TYPED_DIRECTED, *simple_values()])
def typed_options(submission: Submission, case: Case) -> None:
    own = written(case)
    agree(submission, case, f"name {own[0]}" if len(own) == 1 else ALL, with_types=True)


@criterion(
    "The environment, and who sees it",
    points=10,
    because="supervisord cuts environment into tokens, then shows it to the other options of that process.",
    hints=(
        "A comma within quotes separates nothing: cut into tokens first.",
        "Take the tokens four at a time; what must each of them be?",
        "Which options are expanded after the environment is known, and which before?",
    ),
    examples=40,
)
@given(case=cases.environment_cases())
@examples_of(case=cases.ENVIRONMENT_DIRECTED)
def environment(submission: Submission, case: Case) -> None:
    agree(submission, case, set_fields(case))


@environment.also(
    because="The function is pure: the mapping that a caller gives as env stays as it was.",
    hints=("Where are the keys of the program's environment put?", "Make a dict of your own before you add to it."),
)
def the_env_of_the_caller_stays_as_it_was(submission: Submission) -> None:
    submission.define("from collections import OrderedDict")
    env = submission.OrderedDict({"A": "1"})
    with gives(Expected([{"environment": {"B": "2"}}], ["environment"])):
        submission.parse_supervisor_config(program(("environment", "B=2")), env=env)
    assert submission.dict(env) == {"A": "1"}


@criterion(
    "Groups, priorities and order",
    points=10,
    because="Groups start in the order of their priorities; a member starts with its group, wherever it is written.",
    hints=(
        "Does a program that is in a group still have a group of its own?",
        "Whose priority decides about the place of a member, and what breaks a tie?",
        "A list of names may repeat one, name an unknown program, or end with a comma.",
    ),
    examples=35,
)
@given(case=cases.group_cases())
@examples_of(case=cases.GROUPS_DIRECTED)
def groups_and_order(submission: Submission, case: Case) -> None:
    agree(submission, case, set_fields(case) if case.lesson == cases.KEPT else set_fields(case, but="priority"))


@criterion(
    "Duplicate sections merge, keys ignore case",
    points=5,
    because="A second section continues the first, and the last value of a key is the only one that counts.",
    hints=(
        "Which of the stdlib parser's defaults forbids a second section of one name?",
        "When is a value looked at: when it is read, or when it is known to be the last?",
    ),
    examples=25,
)
@given(case=cases.duplicate_cases())
@examples_of(case=cases.DUPLICATES_DIRECTED)
def duplicates_merge_keys_fold(submission: Submission, case: Case) -> None:
    agree(submission, case, set_fields(case, but="priority"))


@criterion(
    "A call gives a list of its own, or SupervisorConfigError",
    points=5,
    because="A caller can only rely on what it was promised: a list, empty if nothing runs, or one type of error.",
    hints=(
        "Which lines can't be in any section, which sections do not run, and what if one lacks what it needs?",
        "Which exceptions can int, `%` and the parser raise, and which of them are not ValueErrors?",
    ),
    examples=25,
)
@given(case=cases.structure_cases())
@examples_of(case=cases.STRUCTURE_DIRECTED)
def bad_input_is_one_error(submission: Submission, case: Case) -> None:
    if expected_of(case, PLAIN) is not None:
        agree(submission, case, placed(case))
        return
    with taught(case):
        refuse(submission, case, (submission.SupervisorConfigError,))


@bad_input_is_one_error.also(
    because="SupervisorConfigError is a class of your own that is a ValueError, so that a caller may catch either.",
    hints=("What are the base classes of your exception?",),
)
def the_error_is_a_value_error_of_its_own(submission: Submission) -> None:
    submission.do("a_value_error = issubclass(SupervisorConfigError, ValueError)")
    assert submission.a_value_error is True
    submission.do("module = SupervisorConfigError.__module__")
    assert submission.module != "builtins"


@bad_input_is_one_error.also(
    because="A call returns a list: a caller may ask for its length, index it and sort it.",
    hints=("What does your function return: a list, a tuple, a generator?",),
)
def a_call_gives_a_list(submission: Submission) -> None:
    result = submission.parse_supervisor_config(program())
    if isinstance(result, Handle):
        assert submission.isinstance(result, submission.list) is True
    else:
        assert type(result) is list, "a list"


@bad_input_is_one_error.also(
    because="Each call gives a list of its own: what a caller does with one answer must not change the next.",
    hints=("Is an answer kept, in a cache or at the level of the module, and given to two callers?",),
)
def each_call_gives_a_new_list(submission: Submission) -> None:
    submission.do(f"earlier = parse_supervisor_config({program()!r})\nearlier.clear()")
    agree(submission, Case(program()), "name")


@bad_input_is_one_error.also(
    because="The processes of an answer are new as well: to change an environment must not change the next answer.",
    hints=("Is a list copied, but not what is in it?", "Which objects of an earlier answer come back?"),
)
def each_call_gives_new_environments(submission: Submission) -> None:
    for text, change in ((program(("environment", "A=1")), "clear()"), (program(), "update(A='1')")):
        submission.do(f"(earlier,) = parse_supervisor_config({text!r})")
        with tolerating("AttributeError", "TypeError"):  # it may be a mapping that can't be changed
            submission.do(f"earlier.environment.{change}")
        agree(submission, Case(text), "environment")


@bad_input_is_one_error.also(
    because="A call returns ProcessSpecs: a caller may check their class and use its methods.",
    hints=("Of which class are the objects in your list?",),
)
def the_processes_are_process_specs(submission: Submission) -> None:
    submission.do(f"(spec,) = parse_supervisor_config({program()!r})")
    assert submission.isinstance(submission.spec, submission.ProcessSpec) is True


@bad_input_is_one_error.also(
    because="env is any Mapping: it can be read, iterated over and measured, but copy and | belong to dict.",
    hints=("Which methods does a Mapping have? See collections.abc.", "How can a dict be made of any mapping?"),
)
def any_mapping_is_an_env(submission: Submission) -> None:
    submission.define(ONE_NAME)
    case = Case(program(command="/bin/x %(ENV_A)s"), {"A": "1"})
    if passes(submission, case):  # with a dict; names of an environment are graded with expansion
        agree(submission, case, "name command", env=submission.OneName())


@bad_input_is_one_error.also(
    because="A name that is not a key of env is an error, though env may make up a value for each key asked for.",
    hints=(
        "What does a defaultdict do when it is asked with [] for a key that it lacks?",
        "Ask with `in` first, or make a dict of the mapping.",
    ),
)
def an_env_that_makes_up_values(submission: Submission) -> None:
    submission.define("from collections import defaultdict\ndef made_up(): return defaultdict(str, A='1')")
    case = Case(program(command="/bin/x %(ENV_B)s"), {"A": "1"})
    if passes(submission, case):  # with a dict; names of an environment are graded with expansion
        with raises(submission.SupervisorConfigError):
            submission.parse_supervisor_config(case.text, env=submission.made_up())


@bad_input_is_one_error.also(examples=30, because=LEAK, hints=("Which line raised it?",))
@given(
    case=st.one_of(
        cases.seed_cases(),
        cases.expansion_cases(),
        cases.numprocs_cases(),
        cases.comment_cases(),
        cases.typed_cases(),
        cases.environment_cases(),
        cases.group_cases(),
        cases.duplicate_cases(),
    )
)
@examples_of(case=sorted(refused(RULES), key=lambda case: len(case.text)))
def nothing_else_leaks(submission: Submission, case: Case) -> None:
    """Whether something is raised is graded where its rule belongs; here, only what it is."""
    if expected_of(case, PLAIN) is not None:
        return
    promised = submission.SupervisorConfigError
    try:
        with leaking(), raises(promised):
            parse_all(submission, case)
    except AssertionError as unmet:
        if unmet.__cause__ is not None:
            raise
