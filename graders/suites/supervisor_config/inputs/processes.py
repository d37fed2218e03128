"""Cases of supervisor_config: sections like the seed's, expansions, numbers and names of processes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import strategies as st

from graders.suites.supervisor_config.inputs.writing import (
    COMMANDS,
    FORBIDDEN,
    NAMES,
    PATHS,
    Case,
    Lesson,
    Option,
    any_case,
    at_most_one,
    named,
    program,
    section,
)

# seed_section_parses

SEED = """\
# /etc/supervisor/conf.d/myapp.conf
[program:myapp-worker]
command=/app/.venv/bin/python -m app.worker
directory=/app
user=appuser
autostart=true
autorestart=true
stderr_logfile=/var/log/myapp-worker.err.log
stdout_logfile=/var/log/myapp-worker.out.log
numprocs=4                    ; run 4 worker processes
process_name=%(program_name)s_%(process_num)02d
"""


@st.composite
def seed_cases(draw: st.DrawFn) -> Case:
    """Draw sections like the seed's: its keys in any order, other names, paths and numbers."""
    name = draw(NAMES)
    note = " ".join(draw(st.lists(st.sampled_from(["run", "4", "worker", "processes", "per-host"]), max_size=4)))
    gap = " " * draw(st.integers(1, 20))
    options = [
        ("command", draw(COMMANDS)),
        ("directory", draw(PATHS)),
        ("user", draw(st.sampled_from(["appuser", "www-data", "nobody"]))),
        ("autostart", draw(st.sampled_from(["true", "false"]))),
        ("autorestart", draw(st.sampled_from(["true", "false"]))),
        ("stderr_logfile", f"/var/log/{name}.err.log"),
        ("stdout_logfile", f"/var/log/{name}.out.log"),
        ("numprocs", f"{draw(st.integers(2, 9))}{gap}; {note}"),
        ("process_name", "%(program_name)s_%(process_num)02d"),
    ]
    return Case(section(f"program:{name}", *draw(st.permutations(options))))


COMMENT, SECTION, COMMAND, DIRECTORY, USER, AUTOSTART, AUTORESTART, *LOGFILES, NUMPROCS, PROCESS_NAME = SEED.splitlines(
    keepends=True
)

# The section grows, so that a failure shows the first line that is too much.
SEED_DIRECTED = (
    *Lesson(
        "A section [program:NAME] is a process: its group and name are NAME, its command is the value as written.",
        ("Which characters of the header are the name?", "What are the defaults of all that is not written?"),
    ).of(Case(SECTION + COMMAND), Case(SECTION + COMMAND + DIRECTORY)),
    *Lesson(
        "A line that begins with # or ; is a comment, also before the first section.",
        ("Is the first line of the file an option, a header, or neither?",),
    ).of(Case(COMMENT + SECTION + COMMAND)),
    *Lesson(
        "Keys that the table of rule 4 does not have, such as user and stdout_logfile, are ignored.",
        ("Which keys does the result need? Leave the others alone: look up no user, make no folder.",),
    ).of(Case(SECTION + COMMAND + USER), Case(SECTION + COMMAND + "".join(LOGFILES))),
    *Lesson(
        "true and false are words for a boolean, and autorestart knows `unexpected` as well.",
        ("Rule 4 lists the words of a boolean.",),
    ).of(Case(SECTION + COMMAND + AUTOSTART), Case(SECTION + COMMAND + AUTORESTART)),
    *Lesson(
        "numprocs=4 is four processes: process_name needs %(process_num), in any letter and width, and gives 00 to 03.",
        (
            "One section, numprocs processes: what differs between them?",
            "Whose `%` operator is this? Which mapping does it need for each process?",
            "configparser replaces %(...) in its own way, by other keys of the file: switch that off.",
        ),
    ).of(Case(SECTION + COMMAND + "numprocs=4\n" + PROCESS_NAME)),
    *Lesson(
        "A ; after a blank starts a comment, so numprocs is 4; by default configparser keeps it in the value.",
        (
            "What does your parser take for the value of numprocs?",
            "Look for inline comments in the manual of configparser.",
        ),
    ).of(Case(SECTION + COMMAND + NUMPROCS + PROCESS_NAME)),
    Case(SEED.partition("\n")[2]),
    Case(SEED),
    Case(SEED.replace("numprocs=4 ", "numprocs=11 ")),
    Case(SEED.replace("myapp-worker", "mail_queue").replace("true", "false")),
)


# expansion

TEXT_FORMS = [
    "%(program_name)s",
    "%(group_name)s",
    "%(here)s",
    "%(ENV_HOME)s",
    "%(ENV_NOTE)s",
    "%(ENV_home)s",
    "%(program_name)12s",
    "%(program_name)-12s",
    "%(program_name)-s",
    "%(group_name)3s",
    "%(here)3s",
    "%(here)-3s",
    "%%",
]
NUMBER_FORMS = [
    "%(process_num)d",
    "%(process_num)s",
    "%(process_num)x",
    "%(process_num)02d",
    "%(process_num)3d",
    "%(process_num)-3d",
    "%(process_num)04x",
    "%(process_num)-3x",
    "%(process_num)0d",
    "%(process_num)3s",
    "%(numprocs)d",
    "%(numprocs)03d",
    "%(numprocs)s",
]
BAD_FORMS = [
    "%(nope)s",
    "%(ENV_NOPE)s",
    "%(env_HOME)s",
    "%(ENV_Home)s",
    "%(HERE)s",
    "%(program_name)d",
    "%(here)x",
    "%(ENV_N)d",
    "%(ENV_N)x",
    "%(process_num)q",
    "%(process_num)",
    "%(program_name",
    "%m",
    "%d",
    "95%",
    "%!",
]


def pieces(forms: Sequence[str]) -> st.SearchStrategy[str]:
    """Concatenate forms and plain text."""
    return st.lists(st.sampled_from([*forms, "a", "-", "x", "/", "s"]), max_size=5).map("".join)


@st.composite
def expansion_cases(draw: st.DrawFn) -> Case:
    """Draw values with expansions; a fault is a bad form or a name that is not known there."""
    fault = draw(at_most_one("command", "directory", "process_name", "scope", "unknown"))
    env = {
        "HOME": draw(st.sampled_from(["/home/a", "/root"])),
        "home": "lower",
        "NOTE": draw(st.sampled_from(["50%", "%(here)s", "a ; b", "%%", "x#y", "", "two words"])),
        "N": draw(st.integers(2, 4).map(str)),
    }
    count = draw(st.sampled_from(["1", "2", "3", "%(ENV_N)s"]))
    options = {"command": "/bin/" + draw(pieces(TEXT_FORMS + NUMBER_FORMS))}
    for key in draw(st.lists(st.sampled_from(["startsecs", "priority"]), unique=True)):
        options[key] = draw(st.sampled_from(["5", "%(ENV_N)s", "1%(ENV_N)s"]))
    if count != "1":
        options["numprocs"] = count
        options["process_name"] = "%(program_name)s_%(process_num)d"
    if draw(st.booleans()):
        options["directory"] = "/" + draw(pieces(TEXT_FORMS + NUMBER_FORMS))
    match fault:
        case "command":
            options["command"] += draw(st.sampled_from(BAD_FORMS))
        case "directory":
            options["directory"] = "/srv/" + draw(st.sampled_from(BAD_FORMS))
        case "process_name":
            options["process_name"] = "p%(process_num)d" + draw(st.sampled_from(["%(nope)s", "%m", "9%"]))
        case "scope":
            key = draw(st.sampled_from(["startsecs", "priority", "startretries", "exitcodes", "numprocs_start"]))
            options[key] = draw(st.sampled_from(["%(process_num)d", "%(numprocs)s", "1%(process_num)s"]))
        case "unknown":
            options[draw(st.sampled_from(["startsecs", "priority"]))] = "%(ENV_nope)s"
    here = draw(st.sampled_from(["/etc/supervisor", "/opt/conf", "conf.d", "/100%"]))
    text = section(f"program:{draw(NAMES)}", *draw(st.permutations(list(options.items()))))
    return Case(text, named(env, text), here, lesson={"scope": NO_NUMBERS, "unknown": UNKNOWN}.get(fault or ""))


EXPANDED = {
    "HOME": "/home/a",
    "home": "lower",
    "N": "3",
    "PERCENT": "50%",
    "TWICE": "%%",
    "NESTED": "%(here)s",
    "NOTE": "a ; b",
    "CODES": "0,2",
    "NO": "false",
}
NUMBERS = ("process_num", "numprocs")
KNOWN = ("here", "program_name", "group_name")
ONCE = ("autostart", "autorestart", "startsecs", "startretries", "exitcodes", "numprocs", "numprocs_start")
NUMBERED: tuple[Option, ...] = (("numprocs", "2"), ("process_name", "p%(process_num)d"))


def expanded(*options: Option, command: str = "/bin/x", here: str = "/etc/supervisor", name: str = "w") -> Case:
    """Write a program whose expansions may use EXPANDED."""
    written = program(*options, command=command, name=name)
    return Case(written, named(EXPANDED, written) or None, here)


def after(earlier: str, env: dict[str, str], text: str, own: dict[str, str] | None = None) -> Case:
    """Write a call after another one."""
    return Case(text, own, before=Case(earlier, env))


FORMS = Lesson(
    "%(name)s works as Python's own % operator on a dict of names: a flag, a width, and one of s, d and x may follow.",
    (
        "Python has this operator: which dict of names must it be given?",
        "Rule 3 says which flags and widths there are.",
    ),
)
PERCENT = Lesson(
    "A value is expanded once: %% is one percent sign, and what an expansion brings in is never expanded again.",
    (
        "What does your code see where %% was?",
        "Replace all names in one go, not name after name, and not until nothing changes.",
    ),
)
BAD_FORM = Lesson(
    "Each % must be %% or a whole form such as %(here)s; any other one is an error, and so is a wrong letter.",
    ("Which exceptions can Python's % operator raise?", "A % that your pattern does not match must not stay as it is."),
)
UNKNOWN = Lesson(
    "A name that the option does not know is an error: it is neither kept as it is nor replaced by nothing.",
    (
        "Which names are known in this option? Rule 3 has the list.",
        "Names are taken as they are, case and blanks included.",
    ),
)
TEXT = Lesson(
    "here, names and what comes from an environment are texts, even 5: with d or x they are errors, as in Python.",
    ("Which names are numbers? There are only two: process_num and numprocs.",),
)
EXACT_NAME = Lesson(
    "The name of ENV_K is the key K of the environment as it is: its case counts, and any character may be in it.",
    ("Does your pattern for a name stop at a dash, a dot or a blank?", "Was a name or a key folded to lower case?"),
)
VERBATIM = Lesson(
    "Only %(...) and %% stand for something else: $HOME, ~, backslashes, slashes and blanks stay as they are.",
    ("Which function changed the text on its way? It may take it for a path, a template or a shell's line.",),
)
EMPTY = Lesson(
    "An empty text is a value, not an absent one: here may be empty, and so may what an expansion brings in.",
    ("What does `or` do with an empty text?",),
)
COMMENT_FIRST = Lesson(
    "Comments are cut from the lines of the file; a ; or # that an expansion brings in is a text like any other.",
    ("In which order do you cut comments and expand?",),
)
LINES = Lesson(
    "A value is expanded as a whole, with all its lines.",
    ("Does the dot of your pattern match a line end? Is only the first line expanded?",),
)
MANY = Lesson(
    "A value may have thousands of lines: a function that calls itself for each expansion ends in a RecursionError.",
    ("Go over the value in a loop, or replace everything with one call.",),
)
EACH = Lesson(
    "Each process is expanded with its own process_num: command, directory, process_name and the size of the log.",
    ("Expand per process, not per section.", "What is read once and then shared by all processes?"),
)
SCOPE = Lesson(
    "Each option of a program is expanded before it is converted; rule 3 says which names it knows.",
    (
        "Which of your options is converted without being expanded?",
        "Which names are known here? Rule 3 has the list.",
    ),
)
NO_NUMBERS = Lesson(
    "process_num and numprocs belong to one process; options that are read once per program do not know them.",
    ("Which five options are read for each process? Only these know the two numbers.",),
)
PRIORITY = Lesson(
    "The priority of a program knows only here and ENV_K: it is read before its group is known.",
    ("Which names does the priority know? Rule 3 says it in its last sentence.",),
)
EARLIER = Lesson(
    "A call knows only what it is given: no name and no value stays from an earlier call.",
    (
        "What lives at the level of the module, in a default argument or in a cache?",
        "What does the cache take for the key?",
    ),
)
NO_ENV = Lesson(
    "Without env there are no names ENV_K: neither os.environ nor anything else takes its place.",
    ("Where do the names come from when env is None, or empty?",),
)
NOT_RUN = Lesson(
    "Only programs and groups are expanded: in other sections a % means nothing.",
    ("Whose values does your parser expand?",),
)

EXPANSION_DIRECTED = (
    # Before the others, which are earlier calls, too.
    *EARLIER.of(
        replace(
            after(program(), {"A": "1"}, program(command="/bin/x %(ENV_A)s")),
            simpler=Case(program(command="/bin/x %(nope)s")),
        ),
    ),
    # What is cached may be of any call before. Who can't expand such a name at all is asked for that below.
    *EARLIER.of(
        *(
            replace(later, before=replace(earlier, lesson=EARLIER, simpler=earlier), simpler=alike)
            for earlier, later, alike in (
                [
                    Case(program(command=f"/bin/{name} %(ENV_A)s"), {"A": number})
                    for name, number in (("a", "1"), ("a", "2"), ("b", "2"))
                ],
                [
                    Case(program(command=f"%(here)s{end}"), here=here)
                    for here, end in (("/a", ""), ("/b", ""), ("/b", "/c"))
                ],
            )
        )
    ),
    *FORMS.of(
        *(
            Case(
                program(command=f"/bin/x {form} y"),
                {key: EXPANDED[key] for key in EXPANDED if f"_{key})" in form} or None,
            )
            for form in TEXT_FORMS
            if form != "%%"
        )
    ),
    *FORMS.of(*(expanded(command=f"/bin/x [{form}]") for form in NUMBER_FORMS)),
    # What tells x from d.
    *FORMS.of(
        expanded(command="/bin/x %(here)100s"),
        Case(program(command="/bin/b %(ENV_A)s"), {"A": "2"}),
        Case(program(command="%(here)s/c"), here="/b"),
        expanded(("numprocs", "10"), ("process_name", "p%(process_num)d"), command="/bin/x %(numprocs)x"),
    ),
    *PERCENT.of(
        expanded(command="/bin/x 100%%"),
        expanded(command="/bin/x %% y"),
        expanded(command="/bin/date +%%Y-%%m-%%d"),
        expanded(command="/bin/x %%%%"),
        expanded(command="/bin/x %%(program_name)s"),
        expanded(command="/bin/x %%%(program_name)s"),
        expanded(command="/bin/x %%(here)s"),
        expanded(command="/bin/x %(ENV_PERCENT)s"),
        expanded(command="/bin/x %(ENV_TWICE)s"),
        expanded(command="/bin/x %(ENV_NESTED)s"),
        expanded(command="%(here)s/run", here="/opt/100%"),
        Case(program(("process_name", "50%%"))),
    ),
    *UNKNOWN.of(
        *(expanded(command=f"/bin/x {form}") for form in BAD_FORMS[:5]),
        *(expanded(("directory", f"/srv/{form}")) for form in BAD_FORMS[:5:3]),
        expanded(command="/bin/x %(nope)s %(here)s"),
        expanded(command="/bin/x %( here )s"),
        Case(program(command="/bin/x %(HOME)s"), {"HOME": "/home/a"}),
        Case(program(command="/bin/x %(ENV_A)s"), {"a": "1"}),
        expanded(("stdout_logfile_maxbytes", "%(nope)s")),
        expanded(("process_name", "p%(process_num)d%(nope)s")),
        expanded(("environment", 'A="%(nope)s"')),
    ),
    *TEXT.of(
        expanded(command="/bin/x %(ENV_N)d"),
        expanded(command="/bin/x %(ENV_N)x"),
        expanded(("environment", "A=5"), command="/bin/x %(ENV_A)d"),
        expanded(command="/bin/x %(program_name)d"),
        expanded(command="/bin/x %(here)x"),
        expanded(command="/bin/x %(here)d", here="5"),
        expanded(command="/bin/x %(program_name)d", name="5"),
        expanded(command="/bin/x %(group_name)d", name="5"),
        expanded(("directory", "/srv/%(here)x")),
    ),
    *BAD_FORM.of(
        *(expanded(command=f"/bin/x {form}") for form in BAD_FORMS[9:]),
        *(expanded(("directory", f"/srv/{form}")) for form in BAD_FORMS[9::3]),
        # The form of a bad one shows only with text behind it.
        expanded(command="100%"),
        expanded(command="date +%Y"),
        expanded(command="date +%m now"),
        expanded(command="95%, not more"),
        expanded(command="/bin/x %(process_num)q!"),
        expanded(("process_name", "p%(process_num)"), ("numprocs", "2")),
        expanded(("environment", 'A="50%"')),
    ),
    *LINES.of(
        *(
            replace(expanded(command=f"/bin/x\n  {form}"), simpler=Case(program(command="/bin/x\n  --a")))
            for form in ("%(here)s", "95%")
        )
    ),
    *LINES.of(
        *(
            Case(program() + f"  {form}\n" * 2, simpler=Case(program(command="/bin/x\n  --a")))
            for form in ("%%", "%(here)s")
        )
    ),
    *MANY.of(
        *(
            Case(program() + f"  {form}\n" * 1_500, simpler=Case(program() + f"  {form}\n" * 2))
            for form in ("%%", "%(here)s")
        )
    ),
    *EACH.of(
        expanded(*NUMBERED, command="/bin/x %(process_num)d"),
        expanded(*NUMBERED, command="/bin/x %(process_num)d of %(numprocs)d"),
        expanded(*NUMBERED, ("directory", "/srv/%(process_num)02d")),
        expanded(*NUMBERED, ("stdout_logfile_maxbytes", "1%(process_num)d")),
        expanded(("numprocs", "%(ENV_N)s"), ("process_name", "p%(process_num)d")),
    ),
    *EXACT_NAME.of(
        Case(program(command="/bin/x %(ENV_A-B)s"), {"A-B": "1"}),
        Case(program(command="/bin/x %(ENV_A.B)s"), {"A.B": "1"}),
        Case(program(command="/bin/x %(ENV_A B)s"), {"A B": "1"}),
        Case(program(command="/bin/x %(ENV_1)s"), {"1": "x"}),
        Case(program(command="/bin/x %(ENV_50%)s"), {"50%": "1"}),
        Case(program(command="/bin/x %(ENV_ A)s"), {" A": "1"}),
        Case(program(command="/bin/x %(ENV_)s"), {"": "1"}),
        Case(program(command="/bin/x %(ENV_a)s%(ENV_A)s"), {"a": "1", "A": "2"}),
    ),
    *VERBATIM.of(
        Case(program(command="%(here)s"), {"here": "/h"}),
        Case(program(command="/bin/x %(ENV_NONE)s"), {"NONE": ""}),
        Case(program(command="/bin/x $HOME"), {"HOME": "/h"}),
        Case(program(command="/bin/x {here}")),
        Case(program(("directory", "~/d"))),
        Case(program(("directory", "/d//"))),
        Case(program(("directory", "/d/../e"))),
        Case(program(command="%(ENV_DIR)s"), {"DIR": "C:\\new"}),
        expanded(command="%(here)sbin/x", here="/opt/"),
        Case(program(("directory", "%(ENV_PAD)s")), {"PAD": " d "}),
        Case(program(command="%(ENV_PAD)s"), {"PAD": " x "}),
    ),
    *EMPTY.of(
        Case(program(command="/bin/x %(here)s"), here=""),
        *(
            Case(program((key, "%(ENV_NONE)s"), command=None if key == "command" else "/bin/x"), {"NONE": ""})
            for key in ("command", "directory")
        ),
    ),
    *COMMENT_FIRST.of(
        expanded(command="/bin/x %(ENV_NOTE)s y"),
        Case(program(command="/bin/x %(ENV_A)s"), {"A": "x#y"}),
        Case(program(("environment", 'A="%(ENV_NOTE)s"')), {"NOTE": "1 ;2"}),
    ),
    *SCOPE.of(
        *(expanded((key, "%(ENV_N)s")) for key in ("startsecs", "startretries", "priority")),
        Case(program(("numprocs_start", "%(ENV_N)s")), {"N": "0"}),
        Case(program(("numprocs", "%(ENV_N)s")), {"N": "1"}),
        *(
            Case(program((key, "%(ENV_N)s")), {"N": value})
            for key, values in {
                "startsecs": ["5"],
                "autostart": ["false"],
                "autorestart": ["false"],
                "exitcodes": ["2"],
                "stdout_logfile_maxbytes": ["5", "1024"],
            }.items()
            for value in values
        ),
        expanded(("autostart", "%(ENV_NO)s")),
        expanded(("autorestart", "%(ENV_NO)s")),
        expanded(("exitcodes", "%(ENV_CODES)s")),
        expanded(("stdout_logfile_maxbytes", "%(ENV_N)s")),
        expanded(("process_name", "%(process_num)d-%(ENV_N)s")),
        *(expanded((key, f"%({name})s"), here="1", name="1") for key in ONCE[:-1] for name in KNOWN),
        *(expanded(("numprocs_start", f"%({name})s"), here="0", name="0") for name in KNOWN),
        *(expanded(("directory", f"%({name})s")) for name in KNOWN + NUMBERS),
        *(expanded(("process_name", f"%(process_num)d-%({name})s"), here="h") for name in KNOWN + NUMBERS),
        *(expanded(("stdout_logfile_maxbytes", f"1%({name})s"), here="1", name="1") for name in KNOWN + NUMBERS),
    ),
    *NO_NUMBERS.of(*(expanded((key, f"%({name})d")) for key in ONCE for name in NUMBERS)),
    *PRIORITY.of(*(expanded(("priority", f"%({name})s"), here="1", name="1") for name in KNOWN + NUMBERS)),
    *NO_ENV.of(Case(program(command="/bin/x %(ENV_HOME)s")), Case(program(command="/bin/x %(ENV_PATH)s"), {})),
    *NOT_RUN.of(Case(section("supervisord", ("logfile", "%(nope)s/100%")) + program())),
)


# numprocs_and_names


@st.composite
def numprocs_cases(draw: st.DrawFn) -> Case:
    """Draw counts, starts and names; a fault is a bad name or a name for many."""
    fault = draw(at_most_one("one name", "program", "process"))
    count = draw(st.one_of(st.integers(-2, 4), st.integers(5, 13)))
    name, pad = draw(NAMES.flatmap(any_case)), draw(st.sampled_from(["", "", " "]))
    number = "%(process_num)" + draw(st.sampled_from(["d", "02d", "03d", "s"]))
    prefix = draw(st.sampled_from(["", "w", "%(program_name)s_", "p-%(program_name)s."]))
    template: str | None = f"{prefix}{number}{draw(st.sampled_from(['', 'w', '_x']))}"
    if count <= 1:
        template = draw(st.sampled_from([template, None, "single", "%(program_name)s"]))
    options: dict[str, str] = {}
    if count != 1 or draw(st.booleans()):
        options["numprocs"] = str(count)
    if draw(st.booleans()):
        options["numprocs_start"] = str(draw(st.integers(-3, 12)))
    match fault:
        case "one name":
            options["numprocs"] = str(max(count, 2))
            template = draw(st.sampled_from([None, "single", "%(program_name)s", "p%(numprocs)d"]))
        case "program":
            name = f"{name}{draw(st.sampled_from(FORBIDDEN))}b"
        case "process":
            template = f"a{draw(st.sampled_from(FORBIDDEN))}%(process_num)d"
    if template is not None:
        options["process_name"] = template
    options["command"] = "/bin/x"
    order = draw(st.permutations(list(options.items())))
    taught = {"one name": NEEDED, "program": CHARACTERS, "process": CHARACTERS}
    return Case(section(f"program:{pad}{name}{pad}", *order), lesson=taught.get(fault or ""))


def numbered(count: str, *options: Option, template: str = "%(program_name)s_%(process_num)d") -> Case:
    """Write a program with a count and a template."""
    return Case(program(("numprocs", count), ("process_name", template), *options))


ONE = Lesson(
    "Without process_name the one process of a program is named after the program, case and all.",
    ("What is the default of process_name?",),
)
FROM_START = Lesson(
    "process_num counts from numprocs_start, which may be negative, for as many processes as numprocs says.",
    ("Where does your range begin, and where does it end?", "Is it the same number in every option?"),
)
COUNT = Lesson(
    "numprocs is how many processes the program has, a number in every option of a process, wherever they start.",
    ("What is the value of the name numprocs where there is one process, and what where numprocs is absent?",),
)
SORTED = Lesson(
    "The processes of a program are sorted by name as text: w_10 comes before w_2.",
    ("Which of w_2 and w_10 comes first as text?", "Sort whole processes by their names, when all names are known."),
)
NO_PROCESS = Lesson(
    "With numprocs of 0 or less there is no process, and so nothing that is read per process is looked at.",
    ("What does numprocs=0 mean for command, directory, environment and the size of the log?", "The answer is []."),
)
STILL_CHECKED = Lesson(
    "With numprocs of 0 or less, what is read once per program is checked as ever: its names, priority and so on.",
    ("Which options are read once for a program, however many processes it has?",),
)
NEEDED = Lesson(
    "With numprocs above 1, process_name must contain the characters %(process_num) before it is expanded.",
    (
        "How could two processes of one program be told apart?",
        "Look at process_name as it is written: different names without %(process_num) do not help.",
    ),
)
ENOUGH = Lesson(
    "process_name needs %(process_num) only with numprocs above 1, and anywhere in it, with any letter and width.",
    ("What exactly must process_name contain, and when?",),
)
AS_CHARACTERS = Lesson(
    "process_name needs the characters %(process_num), even where %% keeps them from being expanded.",
    ("Do you look for the characters in process_name as it is written, or for an expansion?",),
)
CHARACTERS = Lesson(
    "A space, a colon or a slash in the name of a program, or in process_name as it is written, is an error.",
    ("Which three characters may no name hold?", "Is a name checked for each program, and for process_name as well?"),
)
AS_WRITTEN = Lesson(
    "Names are checked before their expansion; what an expansion brings in may hold any character, blanks too.",
    ("Is process_name checked before or after it is expanded?", "A tab and all other marks are allowed."),
)
TAB = Lesson(
    "A tab is a character of its own: it may stand within a name or a value, and is not turned into spaces.",
    ("What does your code do with tabs before it looks at a line?", "Only a space, a colon and a slash are forbidden."),
)
PADDED = Lesson(
    "Blanks around the NAME in a header do not count.",
    ("What is the name in a header with a blank before the bracket?",),
)

NUMPROCS_DIRECTED = (
    *ONE.of(
        Case(program()),
        Case(program(name="W")),
        Case(program(("numprocs", "1"))),
        Case(program(("process_name", "single"))),
        Case(program(("process_name", "a.b_c-d@e"))),
    ),
    *FROM_START.of(
        numbered("1"),
        numbered("2"),
        numbered("3", ("numprocs_start", "5"), template="%(program_name)s_%(process_num)02d"),
        numbered("2", ("numprocs_start", "-1"), template="w_%(process_num)02d"),
        numbered("1", ("numprocs_start", "7")),
        numbered("1", ("numprocs_start", "-2"), template="w%(process_num)x"),
        numbered("1", ("numprocs_start", "-2"), template="w%(process_num)03d"),
        # In every option.
        Case(program(("numprocs_start", "7"))),
        Case(program(("numprocs_start", "7"), command="/bin/x %(process_num)d")),
        Case(program(("numprocs_start", "7"), ("directory", "/d%(process_num)d"))),
        replace(
            Case(program(("numprocs_start", "7"), ("environment", 'A="%(process_num)d"'))),
            simpler=Case(program(("environment", 'A="%(process_num)d"'))),
        ),
        Case(program(("numprocs_start", "7"), ("stdout_logfile_maxbytes", "%(process_num)d"))),
    ),
    *COUNT.of(Case(program(("numprocs_start", "7"), command="/bin/x %(numprocs)d"))),
    *SORTED.of(numbered("2", ("numprocs_start", "9"))),
    *SORTED.of(
        numbered("12"),
        numbered("12", template="w_%(process_num)02d"),
        numbered("101", ("numprocs_start", "0")),
        numbered("3", ("numprocs_start", "-2")),
        # What is sorted are the processes, not their names alone.
        numbered("2", ("numprocs_start", "9"), ("directory", "/d%(process_num)d")),
    ),
    *NEEDED.of(
        Case(program(("numprocs", "2"))),
        Case(program(("numprocs", "2"), ("numprocs_start", "1"))),
        Case(program(("numprocs", "%(ENV_N)s")), {"N": "2"}),
        Case(program(("numprocs", "2"), ("process_name", "%(ENV_A)s"), ("environment", "A=%(process_num)d"))),
        numbered("2", template="single"),
        numbered("2", template="%(program_name)s"),
        numbered("2", template="p%(numprocs)d"),
        numbered("2", template="process_num"),
        numbered("2", ("numprocs_start", "-2"), template="single"),
    ),
    *TAB.of(
        Case(program(name="a\tb")),
        Case(program(("process_name", "a\tb"))),
    ),
    *AS_WRITTEN.of(
        Case(program(("process_name", "%(ENV_A/B)s")), {"A/B": "1"}),
        Case(program(("process_name", "%(here)s")), here="/a b:c"),
        Case(program(("process_name", "%(process_num)3d"))),
        numbered("2", template="%(process_num)3d"),
        Case(program(("process_name", "%(ENV_X)s")), {"X": "a b:c/d"}),
    ),
    *ENOUGH.of(
        numbered("2", template="%(process_num)x"),
        numbered("2", template="%(process_num)d%(program_name)s"),
        numbered("2", template="%(process_num)s"),
        Case(program(("process_name", "%(process_num)d"), ("numprocs", "2"))),
    ),
    *AS_CHARACTERS.of(
        replace(
            numbered("2", ("environment", "A=%(process_num)d"), template="%(ENV_A)s%%(process_num)"),
            simpler=numbered("2", ("environment", "A=%(process_num)d"), template="%(ENV_A)s%(process_num)d"),
        ),
    ),
    *CHARACTERS.of(
        *(Case(program(name=f"a{bad}b")) for bad in FORBIDDEN),
        *(Case(program(("process_name", f"a{bad}b"))) for bad in FORBIDDEN),
        *(numbered("2", template=f"a{bad}%(process_num)d") for bad in FORBIDDEN),
        Case(program(name=" w/")),
        Case(program(name="a/b") + program(name="c") + program(name="d")),
    ),
    *PADDED.of(Case(program(name="\tw")), Case(program(name="w "))),
    *NO_PROCESS.of(
        numbered("0"),
        numbered("-1"),
        numbered("-1", ("numprocs_start", "3")),
        numbered("0", template="single"),
        Case(program(("numprocs", "0"), command=None)),
        Case(program(("numprocs", "-3"), command=None)),
        Case(program(("numprocs", "0"), command="95%")),
        Case(program(("numprocs", "0"), ("directory", "95%"))),
        Case(program(("numprocs", "0"), ("environment", "A"))),
        Case(program(("numprocs", "0"), ("environment", "A=95%"))),
        Case(program(("numprocs", "0"), ("process_name", "%(nope)s"))),
        Case(program(("numprocs", "0"), ("stdout_logfile_maxbytes", "many"))),
        Case(program(("numprocs", "0"), name="a") + section("group:g", ("programs", "a"))),
        Case(program(("numprocs", "0"), name="a") + program(name="b")),
    ),
    *STILL_CHECKED.of(
        *(Case(program(("numprocs", "0"), (key, "soon"))) for key in (*ONCE[:5], "priority", "numprocs_start")),
        Case(program(("numprocs", "0"), name="a/b")),
        Case(program(("numprocs", "0"), ("process_name", "a b"))),
        Case(program(("numprocs", "0"), ("priority", "soon"), name="a") + section("group:g", ("programs", "a"))),
    ),
)
