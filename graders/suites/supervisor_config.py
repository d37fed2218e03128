"""Hidden suite: Supervisor config.

Oracle: the package supervisor 4.3 itself, which reads every text as supervisord does.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from graders import Submission, criterion, gives, raises
from graders.oracles import supervisor as oracle
from graders.oracles import supervisor_cases as cases
from graders.oracles.supervisor_cases.writing import Case, program

# One round trip per text. Mappings come back as dicts; where types are no rule, lists as tuples, enumerations as texts.
READING = """
def reading(fields, text, **names):
    def plain(value):
        if isinstance(value, str):
            return str.__str__(value)
        return {**value} if hasattr(value, "keys") else tuple(value) if isinstance(value, list) else value
    return [{f: plain(getattr(spec, f)) for f in fields.split()} for spec in parse_supervisor_config(text, **names)]
"""
TYPED_READING = """
def reading(fields, text, **names):
    plain = lambda value: {**value} if hasattr(value, "keys") else value
    return [{f: plain(getattr(spec, f)) for f in fields.split()} for spec in parse_supervisor_config(text, **names)]
"""
OWN_ERROR = """
def has_its_own_error():
    return issubclass(SupervisorConfigError, ValueError) and SupervisorConfigError.__module__ != "builtins"
"""
ENV_AFTER = """
def env_after_a_call(text, env):
    parse_supervisor_config(text, env=env)
    return env
"""
MAPPINGS = """
from collections.abc import Mapping

class OneName(Mapping):
    def __getitem__(self, key):
        return {"A": "1"}[key]
    def __iter__(self):
        return iter(("A",))
    def __len__(self):
        return 1

def commands(text, env):
    return [spec.command for spec in parse_supervisor_config(text, env=env)]
"""
NEW_LIST = """
from collections.abc import MutableMapping

def environments_when_an_earlier_answer_was_cleared(text):
    earlier = parse_supervisor_config(text)
    for spec in earlier:
        if isinstance(spec.environment, MutableMapping):
            spec.environment.clear()
    earlier.clear()
    return [{**spec.environment} for spec in parse_supervisor_config(text)]
"""
# A criterion looks at the fields of its own rules, so that one mistake does not cost two of them.
PLAIN = "group name command"
ALL = " ".join(oracle.FIELDS)
RULES = (
    *cases.EXPANSION_DIRECTED,
    *cases.NUMPROCS_DIRECTED,
    *cases.COMMENTS_DIRECTED,
    *cases.TYPED_DIRECTED,
    *cases.ENVIRONMENT_DIRECTED,
    *cases.GROUPS_DIRECTED,
    *cases.DUPLICATES_DIRECTED,
)


def first(directed: Iterable[Case]) -> Callable[[Any], Any]:
    """Try these cases first, the shortest text before all, each as an example of its own."""

    def add(test: Any) -> Any:
        for case in sorted(directed, key=lambda case: len(case.text), reverse=True):
            test = example(case=case)(test)
        return test

    return add


def names(case: Case) -> dict[str, Any]:
    """Return the arguments of a call behind the text; what has its default is left out."""
    found: dict[str, Any] = {}
    if case.env is not None:
        found["env"] = dict(case.env)
    if case.here != "/etc/supervisor":
        found["here"] = case.here
    return found


def expected_of(case: Case, fields: str) -> list[dict[str, Any]] | None:
    """Return what supervisord reads in a case, or None if it refuses it."""
    found = read(case)
    if isinstance(found, oracle.Refused):
        return None
    return [{field: process[field] for field in fields.split()} for process in found]


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


def set_fields(case: Case) -> str:
    """Return the plain fields and those that the text sets."""
    return " ".join([placed(case), *written(case)])


def refused(directed: Iterable[Case]) -> Iterator[Case]:
    """Yield the cases that supervisord refuses."""
    return (case for case in directed if expected_of(case, PLAIN) is None)


def types_in(value: Any) -> Any:
    """Return the types of a value and of what it holds: 1 equals True, and is no bool."""
    if isinstance(value, dict):
        return {key: types_in(member) for key, member in value.items()}
    if isinstance(value, list | tuple):
        return type(value), [types_in(member) for member in value]
    return type(value)


def agree(submission: Submission, case: Case, fields: str, *, with_types: bool = False) -> None:
    """Expect supervisord's own reading of a text; for one that it refuses, expect any exception."""
    submission.execute(TYPED_READING if with_types else READING)
    if case.before is not None:
        compare(submission, case.before, fields, with_types)
    compare(submission, case, fields, with_types)


def compare(submission: Submission, case: Case, fields: str, with_types: bool) -> None:
    """Make one call, and compare what it gives."""
    expected = expected_of(case, fields)
    if expected is not None:
        with gives(expected):
            observed = submission.reading(fields, case.text, **names(case))
        assert observed == expected
        if with_types:
            assert types_in(observed) == types_in(expected), repr(expected)
        return
    passed = False
    try:
        with raises(Exception):
            submission.reading(fields, case.text, **names(case))
    except AssertionError:  # of `raises`: what the submission raises is an exception like any other
        passed = True
    assert not passed, f"SupervisorConfigError, as from supervisord: {read(case)}"


@criterion(
    "The worker's section from the question parses",
    points=10,
    because="supervisord reads INI its own way: the defaults of configparser trip over the first comment.",
    hints=(
        "Feed the section to a bare ConfigParser and look at numprocs: what is wrong with it?",
        "Which option of the stdlib parser handles `; comment`, and which default fights `%(`?",
        "One section, numprocs processes: what differs between them?",
    ),
    examples=15,
)
@given(case=cases.seed_cases())
@first(cases.SEED_DIRECTED)
def seed_section_parses(submission: Submission, case: Case) -> None:
    agree(submission, case, placed(case))


@criterion(
    "%(...) expands as supervisord does it",
    points=20,
    because="Each value is expanded once, with the names that are known where it stands; a bad form is an error.",
    hints=(
        "Expand per process, not per section.",
        "Whose `%` operator is this, and which of its exceptions can a bad form raise?",
        "Which names are known in startsecs, and which in priority? Section 3 has the table.",
    ),
    examples=40,
)
@given(case=cases.expansion_cases())
@first(cases.EXPANSION_DIRECTED)
def expansion(submission: Submission, case: Case) -> None:
    agree(submission, case, set_fields(case))


@expansion.also()
def a_name_with_a_percent_sign_is_no_template(submission: Submission) -> None:
    """Neither the header nor the default of process_name; which marks a header may hold is graded with the lines."""
    with submission.aside():
        submission.execute(READING)
        try:
            submission.reading("name", program(name="50&"))
        except Exception:
            return
    agree(submission, Case(program(name="50%")), PLAIN)


@expansion.also()
def any_mapping_is_an_env_and_none_too(submission: Submission) -> None:
    submission.execute(MAPPINGS)
    without_names, expected = program(), ["/bin/x"]
    with gives(expected):
        observed = submission.commands(without_names, None)
    assert observed == expected
    with_one, expected = program(command="/bin/x %(ENV_A)s"), ["/bin/x 1"]
    with gives(expected):
        observed = submission.commands(with_one, submission.OneName())
    assert observed == expected


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
@first(cases.NUMPROCS_DIRECTED)
def numprocs_and_names(submission: Submission, case: Case) -> None:
    agree(submission, case, set_fields(case))


@criterion(
    "Comments and continued lines",
    points=10,
    because="A line is cut before anybody looks at quotes, however it ends; how deep it stands says whose it is.",
    hints=(
        "What stands before a `;` that starts a comment? Are quotes any help against it?",
        "Deeper than what must a line be indented to continue a value?",
        "A comment within a continued value is not an empty line in it.",
    ),
    examples=40,
)
@given(case=cases.comment_cases())
@first(cases.COMMENTS_DIRECTED)
def comments_and_continuations(submission: Submission, case: Case) -> None:
    agree(submission, case, placed(case))


@criterion(
    "Every option has its type",
    points=15,
    because="Each option has a type and a default of its own; what is nearly a number or a size is an error, no guess.",
    hints=(
        "Check the type of each option once the text is final.",
        "Which eight words are booleans, and which option knows a ninth?",
        "Is an empty value the same as none? And which defaults are in the table of section 4?",
    ),
    examples=40,
)
@given(case=cases.typed_cases())
@first(cases.TYPED_DIRECTED)
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
@first(cases.ENVIRONMENT_DIRECTED)
def environment(submission: Submission, case: Case) -> None:
    agree(submission, case, set_fields(case))


@environment.also()
def the_env_of_the_caller_stays_as_it_was(submission: Submission) -> None:
    submission.execute(ENV_AFTER)
    expected = {"A": "1"}
    with gives(expected):
        observed = submission.env_after_a_call(program(("environment", "B=2")), {"A": "1"})
    assert observed == expected


@criterion(
    "Groups, priorities and order",
    points=10,
    because="Groups start in the order of their priorities; a member starts with its group, wherever it stands.",
    hints=(
        "Does a program that is in a group still have a group of its own?",
        "Whose priority decides about the place of a member, and what breaks a tie?",
        "A list of names may repeat one, name a stranger, or end with a comma.",
    ),
    examples=35,
)
@given(case=cases.group_cases())
@first(cases.GROUPS_DIRECTED)
def groups_and_order(submission: Submission, case: Case) -> None:
    agree(submission, case, set_fields(case))


@criterion(
    "What comes twice is merged, keys fold",
    points=5,
    because="A second section continues the first, and the last value of a key is the only one that counts.",
    hints=(
        "Which of the stdlib parser's defaults forbids a second section of one name?",
        "When is a value looked at: when it is read, or when it is known to be the last?",
    ),
    examples=25,
)
@given(case=cases.duplicate_cases())
@first(cases.DUPLICATES_DIRECTED)
def duplicates_merge_keys_fold(submission: Submission, case: Case) -> None:
    agree(submission, case, set_fields(case))


@criterion(
    "A call gives a list of its own, or SupervisorConfigError",
    points=5,
    because="A caller can only rely on what it was promised: a list, empty if nothing runs, or one type of error.",
    hints=(
        "Which lines can't be in any section, which sections do not run, and what if one lacks what it needs?",
        "Which exceptions can int, `%` and the parser raise, and which of them are no ValueError?",
    ),
    examples=25,
)
@given(case=cases.structure_cases())
@first(cases.STRUCTURE_DIRECTED)
def bad_input_is_one_error(submission: Submission, case: Case) -> None:
    if expected_of(case, PLAIN) is not None:
        agree(submission, case, placed(case))
        return
    with raises(submission.SupervisorConfigError):
        submission.parse_supervisor_config(case.text, **names(case))


@bad_input_is_one_error.also()
def the_error_is_a_value_error_of_its_own(submission: Submission) -> None:
    submission.execute(OWN_ERROR)
    assert submission.has_its_own_error() is True


@bad_input_is_one_error.also()
def each_call_gives_an_answer_of_its_own(submission: Submission) -> None:
    submission.execute(NEW_LIST)
    expected = [{"A": "1"}]
    with gives(expected):
        observed = submission.environments_when_an_earlier_answer_was_cleared(program(("environment", "A=1")))
    assert observed == expected


@bad_input_is_one_error.also(examples=30)
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
@first(refused(RULES))
def nothing_else_leaks(submission: Submission, case: Case) -> None:
    """Whether something is raised is graded where its rule belongs; here, only what it is."""
    if expected_of(case, PLAIN) is not None:
        return
    promised = submission.SupervisorConfigError
    try:
        submission.parse_supervisor_config(case.text, **names(case))
    except Exception as error:
        with raises(promised):
            raise error
