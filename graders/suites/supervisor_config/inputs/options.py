"""Cases of supervisor_config: options of each type, and what `environment` may hold."""

from __future__ import annotations

from dataclasses import replace
from string import digits

from hypothesis import strategies as st

from graders.suites.supervisor_config.inputs.writing import (
    INTEGERS,
    LETTERS,
    Case,
    Lesson,
    Option,
    any_case,
    at_most_one,
    cases_of,
    named,
    program,
    section,
    texts,
)

# typed_options

BOOLEAN = ["yes", "true", "on", "1", "no", "false", "off", "0"]
NOT_BOOLEAN = ["y", "Y", "t", "n", "f", "maybe", "2", "none", "enabled", "truee", "01", "00"]
INTEGER = ["0", "5", "+5", "-5", "0010", "-007", "86400"]
NOT_INTEGER = ["3.0", "0x1F", "1e3", "5s", "abc", "1 0", "- 5", "+", "true", "+-5"]
EXITCODES = ["0", "2", "255", "0,2", "0, 2 ,255", "0,\t2", "2,0,2"]
NOT_EXITCODES = ["256", "-1", "0,", ",0", "0,,2", "0 2", "0|2", "a", "2.0", "0,256", "256,0", "0,-1", "-1,0"]
SIZE = [
    "0",
    "1",
    "1024",
    "-1",
    "1KB",
    "5kb",
    "7 MB",
    "2Gb",
    "-1KB",
    "010mB",
    "+3GB",
    "0GB",
    "20\tMB",
]
NOT_SIZE = [
    "MB",
    "64M",
    "64K",
    "2g",
    "12B",
    "7TB",
    "2.5MB",
    "5 0MB",
    "1KiB",
    "MB5",
    "1,024",
    "MBMB",
    "- 5",
    "- 1KB",
]

TYPED: dict[str, tuple[list[str], list[str]]] = {
    "autostart": (BOOLEAN, [*NOT_BOOLEAN, "unexpected"]),
    "autorestart": ([*BOOLEAN, "unexpected"], [*NOT_BOOLEAN, "always", "never", "expected"]),
    "startsecs": (INTEGER, NOT_INTEGER),
    "startretries": (INTEGER, NOT_INTEGER),
    "priority": (INTEGER, NOT_INTEGER),
    "exitcodes": (EXITCODES, NOT_EXITCODES),
    "stdout_logfile_maxbytes": (SIZE, NOT_SIZE),
}
UNUSED: list[Option] = [
    ("user", "nobody-of-that-name"),
    ("user", ""),
    ("stdout_logfile", "/no/such/directory/%(process_num)02d.log"),
    ("stdout_logfile", "%(nope)s"),
    ("stderr_logfile", "/var/log/%(nope)s.log"),
    ("stderr_logfile_maxbytes", "a lot"),
    ("stopsignal", "BOGUS"),
    ("stopwaitsecs", "100%"),
    ("umask", "9"),
    ("redirect_stderr", "perhaps"),
    ("programs", "nobody,"),  # means something to a group only
    ("mykey", "%"),
]


@st.composite
def typed_cases(draw: st.DrawFn) -> Case:
    """Draw some options, each with a value of its type; a fault is one bad value."""
    fault = draw(at_most_one(*TYPED))
    keys = draw(st.lists(st.sampled_from(list(TYPED)), unique=True))
    options = {key: draw(st.sampled_from(TYPED[key][0]).flatmap(any_case)) for key in keys}
    numeric = [key for key in ("startsecs", "startretries", "priority") if key in options]
    if len(numeric) > 0 and draw(st.booleans()):
        options[draw(st.sampled_from(numeric))] = draw(INTEGERS)
    if "exitcodes" in options and draw(st.booleans()):
        options["exitcodes"] = ",".join(draw(st.lists(st.integers(0, 255).map(str), max_size=4)))
    if "stdout_logfile_maxbytes" in options and draw(st.booleans()):
        unit = draw(st.sampled_from(["", "KB", "MB", "GB", "kb", "mB", " gb"]))
        options["stdout_logfile_maxbytes"] = f"{draw(INTEGERS)}{unit}"
    if fault is not None:
        options[fault] = draw(st.sampled_from(TYPED[fault][1]))
    text = program(*options.items())
    ignored = draw(st.lists(st.sampled_from(UNUSED), max_size=2, unique_by=lambda option: option[0]))
    return Case(program(*options.items(), *ignored), like=text, lesson=None if fault is None else TAUGHT[fault][1])


def in_each_case(values: list[str]) -> list[str]:
    """Write every value in each way in which it is drawn, each text once: no verdict hangs on the draw."""
    return list(dict.fromkeys(form for value in values for form in cases_of(value)))


SET: list[Option] = [
    ("directory", "/d"),
    ("autostart", "false"),
    ("autorestart", "true"),
    ("startsecs", "5"),
    ("startretries", "5"),
    ("exitcodes", "2"),
    ("priority", "5"),
    ("stdout_logfile_maxbytes", "5"),
]
DEFAULTS = Lesson(
    "An absent option has the default of rule 4 in its type: 50MB is 52428800 bytes, no directory is None.",
    ("Compare each default with the table of rule 4; older versions of Supervisor had others.",),
)
BOOLEANS = Lesson(
    "A boolean is one of eight words, in any case: yes, true, on, 1, no, false, off, 0.",
    ("Are all eight words known, in any mixture of capitals?",),
)
NO_BOOLEANS = Lesson(
    "Nothing but the eight words is a boolean: no abbreviation, no other number, no other word.",
    ("What does your code make of a word that it does not know?",),
)
RESTART = Lesson(
    "autorestart is a plain str in the result: always for true, never for false, or unexpected; any case is read.",
    ("Which three texts may autorestart be in the result?",),
)
NO_RESTART = Lesson(
    "autorestart is one of the eight words of a boolean, or unexpected; always and never are only results.",
    ("Which words may stand in the file, and which in the result?",),
)
INTEGER_ = Lesson(
    "An integer is decimal digits with an optional sign; leading zeros are allowed, and so are negative numbers.",
    ("What does int make of this text? Does your code refuse more?",),
)
NO_INTEGERS = Lesson(
    "What is nearly an integer is an error: a fraction, a hexadecimal number, a unit, a blank within.",
    ("What does your code do with a text that int does not take?", "Which texts does it take that int does not?"),
)
NO_VALUE = Lesson(
    "An empty value is a value, not an absent key: no default replaces it, and it is not a valid value of this type.",
    ("Is an empty value the same as none?", "What does `or` do with an empty text?"),
)
CODES = Lesson(
    "exitcodes is a tuple of int from numbers between commas; blanks around a number do not count.",
    ("What is left of each number when the value is cut at its commas?", "Order and repetition stay as written."),
)
NO_CODE = Lesson(
    "An empty value is a value, not an absent key: exitcodes is the empty tuple then, and not its default.",
    ("What does splitting an empty text give?", "What does `or` do with an empty text?"),
)
SIGNED_CODES = Lesson(
    "Each item of exitcodes is an integer as elsewhere: a sign and leading zeros are allowed, if it is in 0 to 255.",
    ("How does your code read startsecs? The items of exitcodes have the same form.",),
)
NO_CODES = Lesson(
    "Each item of exitcodes must be an integer from 0 to 255; an empty item is an error.",
    ("Is each number checked, not the first alone?", "What comes after the last comma?"),
)
SIZES = Lesson(
    "A size is an integer, then perhaps KB, MB or GB in any case, with or without blanks between: powers of 1024.",
    ("Is the unit found in any case?", "May the number have a sign?"),
)
NO_SIZES = Lesson(
    "A size has no unit but KB, MB and GB, no fraction, and nothing after the unit.",
    ("What does your code do with the letters that it does not know?", "Is one letter enough for a unit?"),
)
EMPTY_TEXT = Lesson(
    "An empty command or directory is an empty text, which is something else than an absent one.",
    ("Is an empty value the same as none?", "Which function made another text of it?"),
)
IGNORED = Lesson(
    "All keys that are not in the table are accepted and ignored: neither expanded nor checked.",
    (
        "Which options does your code convert that the result has no field for?",
        "Is every value expanded, also of unused keys?",
    ),
)
OWN = Lesson(
    "Each program has its own options: what one sets is no default of the next.",
    ("What is shared by two programs in your code, and is it changed on the way?",),
)
BLANKS = Lesson(
    "Blanks that an expansion brings in are allowed around a number, but a boolean with blanks is an error.",
    ("The value is converted after its expansion: which blanks are left then?",),
)
AFTER_UNIT = Lesson(
    "Blanks that an expansion brings in may stand before a size and around a plain number, but not after a unit.",
    ("The value is converted after its expansion: which blanks are left then?",),
)
EMPTY_AFTER = Lesson(
    "A value is expanded before it is split: exitcodes whose expansion is empty is the empty list.",
    ("Is the value looked at before or after its expansion?",),
)


def first(key: str, value: str) -> Case | None:
    """Write two programs whose order a priority decides; None for any other option."""
    if key != "priority":
        return None
    return Case(program((key, value), name="a") + program((key, "999"), name="b"))


def brought_in(key: str, form: str, value: str, *, plain: str) -> Case:
    """Write an option that env brings in. plain: a value of its type that brings no blanks."""
    simpler = Case(program((key, "%(ENV_N)s")), {"N": plain})
    return Case(program((key, f"%(ENV_N){form}")), {"N": value}, simpler=simpler)


FROM_SEVEN = Case(program(("numprocs_start", "7"), command="/bin/x %(process_num)d"))
# Of each key: what its good values teach, and what its bad ones.
TAUGHT = {
    "autostart": (BOOLEANS, NO_BOOLEANS),
    "autorestart": (RESTART, NO_RESTART),
    "startsecs": (INTEGER_, NO_INTEGERS),
    "startretries": (INTEGER_, NO_INTEGERS),
    "priority": (INTEGER_, NO_INTEGERS),
    "exitcodes": (CODES, NO_CODES),
    "stdout_logfile_maxbytes": (SIZES, NO_SIZES),
}
TYPED_DIRECTED = (
    *DEFAULTS.of(Case(program())),
    *(
        case
        for key, (good, bad) in TYPED.items()
        for lesson, values in zip(TAUGHT[key], (in_each_case(good), bad), strict=True)
        for case in lesson.of(*(Case(program((key, value))) for value in values))
    ),
    *NO_VALUE.of(*(Case(program((key, ""))) for key in (*TYPED, "numprocs", "numprocs_start") if key != "exitcodes")),
    *CODES.of(Case(program(("exitcodes", "0,1,2")))),
    *NO_CODE.of(Case(program(("exitcodes", "")))),
    *SIGNED_CODES.of(*(Case(program(("exitcodes", value))) for value in ("+5", "-0", "007,+1"))),
    *NO_INTEGERS.of(
        *(Case(program((key, value))) for key in ("numprocs", "numprocs_start") for value in NOT_INTEGER[:5])
    ),
    *INTEGER_.of(
        *(
            Case(program(named, ("numprocs", count)), simpler=Case(program(named, ("numprocs", "2"))))
            for named in [("process_name", "%(process_num)d")]
            for count in ("+2", "02")
        ),
        *(
            Case(program(("numprocs_start", start), command="/bin/x %(process_num)d"), simpler=FROM_SEVEN)
            for start in ("+7", "07")
        ),
    ),
    *EMPTY_TEXT.of(Case(program(("directory", ""))), Case(program(command=""))),
    *IGNORED.of(*(Case(program(option), like=program()) for option in UNUSED)),
    *OWN.of(*(Case(program(option, name="a") + program(name="b"), simpler=first(*option)) for option in SET)),
    # By a width, since whether blanks come in at all is another rule, as is whether anything is expanded.
    *BLANKS.of(
        brought_in("startsecs", "s", " 5 ", plain="5"),
        brought_in("priority", "s", " 5 ", plain="3"),
        brought_in("numprocs", "s", " 1 ", plain="1"),
        brought_in("numprocs_start", "s", " 1 ", plain="0"),
        brought_in("exitcodes", "s", " 5 ", plain="2"),
        brought_in("autostart", "5s", "true", plain="false"),
        brought_in("autostart", "-5s", "true", plain="false"),
        brought_in("autorestart", "5s", "true", plain="false"),
        brought_in("autorestart", "11s", "unexpected", plain="false"),
    ),
    *AFTER_UNIT.of(
        brought_in("stdout_logfile_maxbytes", "s", " 5 ", plain="5"),
        brought_in("stdout_logfile_maxbytes", "4s", "1KB", plain="1024"),
        brought_in("stdout_logfile_maxbytes", "-4s", "1KB", plain="1024"),
    ),
    *EMPTY_AFTER.of(brought_in("exitcodes", "s", "", plain="2")),
)


# environment

KEYS = texts(LETTERS + "_", LETTERS + digits + "_", 5)
BARE = texts(LETTERS + digits + "_/.+():-", LETTERS + digits + "_/.+():-", 9)
INNER = "abcXYZ019 _/.+-():=,@?&!*<>|{}$^~"


@st.composite
def quoted(draw: st.DrawFn) -> str:
    """Quote a text that does not itself begin or end with a quote."""
    quote, other = draw(st.sampled_from([('"', "'"), ("'", '"')]))
    text = draw(st.text(st.sampled_from(INNER), max_size=8))
    if draw(st.booleans()):
        text = f"a{other}{text}{draw(st.sampled_from(['', other]))}b"
    return quote + text + quote


@st.composite
def environment_cases(draw: st.DrawFn) -> Case:
    """Draw pairs and values that refer to them; a fault breaks a pair or a reference."""
    fault = draw(at_most_one("pair", "inside", "unknown"))
    keys = draw(st.lists(KEYS, max_size=4))
    equals = st.sampled_from(["=", "=", " = "])
    pairs = [f"{key}{draw(equals)}{draw(st.one_of(BARE, quoted()))}" for key in keys]
    comma = draw(st.sampled_from([",", ",", ", ", " , "]))
    seen = [f"%(ENV_{key})s" for key in dict.fromkeys(keys)]
    options = {"command": " ".join(["/bin/x", *(draw(st.permutations(seen))), "y"])}
    text = comma.join(pairs) + (draw(st.sampled_from(["", "", ","])) if pairs else "")
    broken = [
        "HOST",
        "HOST=",
        "HOST=h PORT=80",
        'A="1',
        "A='1",
        "A=u@h",
        "A:1",
        "=1",
        "A==1,B=2",
        "A=1,,B=2",
        "A=,B=2",
    ]
    match fault:
        case "pair":
            text = comma.join([*pairs, draw(st.sampled_from(broken))])
        case "inside":
            text = comma.join(["QQ=1", 'RR="%(ENV_QQ)s"', *pairs])
        case "unknown":
            options["command"] += draw(st.sampled_from([" %(ENV_QQ)s", " %(QQ)s", " %(env_QQ)s"]))
    if text or draw(st.booleans()):
        options["environment"] = text
    env = dict.fromkeys(draw(st.lists(st.sampled_from([*keys, "OUTER"]), max_size=2)), "outer")
    order = draw(st.permutations(list(options.items())))
    taught = {"pair": FOURS, "inside": BEFORE, "unknown": UNKNOWN}
    return Case(section("program:w", *order), env, lesson=taught.get(fault or ""))


def setting(text: str, *options: Option, command: str = "/bin/x") -> Case:
    """Write a program with an environment; env sets OUT and LANG where the text names them."""
    written = program(("environment", text), *options, command=command)
    return Case(written, named({"OUT": "out", "LANG": "outer"}, written) or None)


PERCENT = Lesson(
    "environment is expanded once, as a whole: neither a value of it nor the ENV_K that it becomes is expanded again.",
    ("How often is the value expanded on its way into the result, and into the names?",),
)
PAIRS = Lesson(
    "environment is KEY=value pairs between commas; blanks around the parts do not count, a last comma may be there.",
    ("Take the tokens four at a time: key, =, value, separator.", "Is an absent or empty value an empty mapping?"),
)
QUOTED = Lesson(
    "A quoted string is one token, whatever is in it: a comma, a = or the other quote means nothing there.",
    ("A comma within quotes separates nothing: cut into tokens first.", "Which quote ends a string?"),
)
NO_ESCAPES = Lesson(
    "Quoted strings have no escapes: a backslash is a character like any other, also before a quote.",
    ("Which tool takes a backslash for an escape here?",),
)
HASH = Lesson(
    "A # or ; that is glued to what stands before it starts no comment, in quotes or not.",
    ("Does your tokenizer know comments of its own?", "The comments were cut before; what is left is the value."),
)
WORDS = Lesson(
    "A run of letters, digits and _/.+-(): is one token, as key or as value; keys need not be identifiers.",
    ("Which characters may a word hold? Rule 4 has the list, and it holds for keys, too.",),
)
TWICE = Lesson(
    "Where a key comes twice, the last value wins, also an empty one.",
    ("What does your code do with a key that it has already?",),
)
SINGLE = Lesson(
    "Any other single character is a token of its own, and supervisord takes any token for a separator.",
    (
        "Take the tokens four at a time; what must the fourth be? Anything.",
        "Must the value be a word? It is any token.",
    ),
)
FOURS = Lesson(
    "Tokens are read in fours - key, =, value, separator - and what does not fit is an error, never skipped.",
    ("Take the tokens four at a time; what must each of them be?", "How many tokens may be left at the end?"),
)
UNCLOSED = Lesson(
    "A quote that is not closed is an error.",
    ("What does your pattern make of a quote without its partner?",),
)
SEEN = Lesson(
    "What environment sets is known as %(ENV_K)s in command, directory, process_name and the size of the log.",
    ("Which options are expanded after the environment is known, and which before?",),
)
EXPORTED = Lesson(
    "ENV_K is known for each key K that the environment sets, whatever characters K is made of.",
    ("Is any key left out, or changed, when the names are made?",),
)
FIRST = Lesson(
    "The program's own environment takes precedence over env; what it does not set is still known from env.",
    ("Which of the two wins in your dict of names?",),
)
ONCE = Lesson(
    "The value of ENV_K is the final text: it is not expanded once more where it comes in.",
    ("How often is the value of the environment expanded on its way into the command?",),
)
BEFORE = Lesson(
    "environment is expanded as a whole, before any of its own keys are known: there %(ENV_K)s means env only.",
    ("Which names are known when environment itself is expanded?",),
)
UNKNOWN = Lesson(
    "A name is ENV_ and the key as it is written; any other name is unknown, and that is an error.",
    ("Which names does a key of the environment give? Case counts.",),
)
NOT_SEEN = Lesson(
    "Options that are read once for a program, and the priority, do not know what its environment sets.",
    ("Which four options know the program's own environment? Rule 3 has the list.",),
)
KNOWN = Lesson(
    "environment knows here, program_name, group_name, process_num and numprocs.",
    ("Which names are known when environment is expanded? Rule 3 has the list.",),
)
EACH = Lesson(
    "Each process has an environment of its own, expanded with its own process_num; none knows that of another.",
    (
        "What is shared by the processes of a program in your code?",
        "What stays in the dict of names for the next process?",
    ),
)
EXPANDED_FIRST = Lesson(
    "The value is expanded first and cut into tokens then, so what comes in may bring commas and quotes.",
    ("In which order do you expand the value and cut it into tokens?",),
)
LINE_ENDS = Lesson(
    "Line ends between tokens do not count, and \\r\\n is one too: an expansion may bring it in.",
    ("Which characters do you skip between tokens?",),
)
OWN_ONLY = Lesson(
    "Each program has its own environment: what one sets, another does not know.",
    ("What stays in the dict of names for the next program?",),
)
LONG = Lesson(
    "There may be many pairs: a function that calls itself for each ends in a RecursionError.",
    ("Go over the tokens in a loop.",),
)

ENVIRONMENT_DIRECTED = (
    *PAIRS.of(
        setting(""),
        setting("A=1"),
        setting("A=1,"),
        setting("A=1,B=2"),
        setting(" A = 1 , B = 2 , "),
        setting("A\t=\t1\t,"),
        setting("A=1,\n  B=2"),
        setting("Lower=1,UPPER=2,lower=3"),
        setting("A=010,B=true"),
    ),
    *QUOTED.of(
        setting('A="x"'),
        setting('A=1,B="a,b"'),
        setting("A='a,b',B=\"c d\""),
        setting('A="a=b",B="c=d,e=f"'),
        setting('A="it\'s",B=\'say "x" y\''),
        setting("A=\"\",B=''"),
        setting('A="  a  "'),
        replace(setting('A="1\n  2"'), simpler=Case(program(command="/bin/x\n  --a"))),
        setting('URL="http://h?q=1&r=2"'),
        setting('MAIL="u@h"'),
        setting("A=\"X\",B='Xx X'"),
        setting(f'A="{INNER}"'),
        setting(f"A='{INNER}'"),
    ),
    *NO_ESCAPES.of(
        setting('A="\\"'),
        setting("A='\\'"),
        setting('A="\\\\"'),
        setting('A="\\n"'),
        setting('A="C:\\new\\table"'),
    ),
    *HASH.of(setting('A="x#y"'), setting("A='x#y'"), setting('A="#fff"'), setting('A="a;b"'), setting('A="x#y",B=2')),
    *WORDS.of(
        setting('A="/usr/bin:/bin",PYTHONPATH=/srv/a:/srv/b'),
        setting("A=a.b+c-d(e)/f:g"),
        setting("A-b.c=1,(D)=2"),
        setting("1A=1"),
        setting("A/B=1,+=2"),
    ),
    *TWICE.of(setting("A=1,A=2"), setting("A=1,A=1,B=2"), setting('A=1,A=""')),
    *FOURS.of(
        setting("A"),
        setting("A="),
        setting("HOST"),
        setting("HOST="),
        setting("A=1,HOST"),
        setting("A=1,B="),
        setting("A=,B=2"),
        setting("A=1 B=2"),
        setting("HOST=h PORT=80"),
        setting("A=1,,B=2"),
        setting("A==1,B=2"),
        setting("=1"),
        setting("A:1"),
        setting("A=me@home"),
        setting("MAIL=u@h,B=2"),
        setting("URL=http://h?q"),
        setting("A=1\n  B=2"),
        setting("A=1;;"),
        setting(","),
        setting(",A=1"),
    ),
    *UNCLOSED.of(setting('A="1'), setting("A='1"), setting('A="1,B=2'), setting('A=1 "')),
    *PERCENT.of(setting('A="100%%"')),
    *EXPANDED_FIRST.of(
        replace(setting("A=1%%B=2"), simpler=setting("A=1~B=2")),
        Case(program(("environment", "A=%(ENV_PAIRS)s")), {"PAIRS": "1,B=2"}),
        Case(program(("environment", 'A="%(ENV_PAIRS)s"')), {"PAIRS": '1",B="2'}),
        Case(program(("environment", "%(ENV_BLANK)s")), {"BLANK": " "}),
    ),
    *SINGLE.of(
        setting("A=/x?q=1"),
        setting("URL=http://h?q=1"),
        setting("A=1 x B=2"),
        setting("A=1,B=two words"),
        setting("A=,"),
        setting("A=="),
        *(setting(f"A=1{mark}B=2") for mark in "&?@~$*^!\\{}[]|;<>`"),
    ),
    *SEEN.of(
        setting("A=1", command="/bin/x %(ENV_A)s"),
        setting('A="a b"', command="/bin/x %(ENV_A)s"),
        setting('A="a b"', ("directory", "/srv/%(ENV_A)s")),
        setting("A=one", ("process_name", "%(ENV_A)s%(process_num)d")),
        setting("A=5", ("stdout_logfile_maxbytes", "%(ENV_A)s")),
    ),
    *EXPORTED.of(*(setting(f"{key}=1", command=f"/bin/x %(ENV_{key})s") for key in ("A-B", "A.B", "1", "a/b:c"))),
    *FIRST.of(
        setting("LANG=inner", command="/bin/x %(ENV_LANG)s"),
        setting("LANG=inner", ("directory", "/srv/%(ENV_LANG)s")),
        setting("LANG=inner", ("process_name", "%(ENV_LANG)s%(process_num)d")),
        setting("LANG=5", ("stdout_logfile_maxbytes", "%(ENV_LANG)s")),
        setting("A=1", command="/bin/x %(ENV_OUT)s"),
    ),
    *UNKNOWN.of(
        setting("A=1", command="/bin/x %(ENV_a)s"),
        setting("A=1", command="/bin/x %(A)s"),
        setting("A=1", command="/bin/x %(env_A)s"),
        setting("A=1", command="/bin/x %(ENV_B)s"),
    ),
    *ONCE.of(
        setting('A="50%%"', command="/bin/x %(ENV_A)s"),
        setting('A="%%(program_name)s"', command="/bin/x %(ENV_A)s"),
    ),
    *BEFORE.of(
        setting('A="%(ENV_OUT)s",LANG="%(ENV_LANG)s.2"', command="/bin/x %(ENV_LANG)s"),
        setting('A="x",B="%(ENV_A)s"'),
    ),
    *NOT_SEEN.of(
        setting("A=1", ("startsecs", "%(ENV_A)s")),
        setting("A=1", ("priority", "%(ENV_A)s")),
        setting("A=1", ("numprocs", "%(ENV_A)s")),
    ),
    *KNOWN.of(
        Case(program(("environment", "A=%(here)s")), here="/h"),
        Case(program(("environment", 'A="%(process_num)d"'))),
        *(setting(f"A=%({name})s") for name in ("program_name", "group_name", "process_num", "numprocs")),
    ),
    *EACH.of(
        setting("A=%(process_num)d", ("numprocs", "2"), ("process_name", "p%(process_num)d")),
        Case(
            program(
                ("numprocs", "2"),
                ("process_name", "%(ENV_A)s%(process_num)d"),
                ("environment", "A=%(process_num)d"),
            )
        ),
        setting(
            "LANG=%(process_num)d",
            ("numprocs", "2"),
            ("process_name", "p%(process_num)d"),
            command="x %(ENV_LANG)s",
        ),
        setting(
            "LANG=%(process_num)d,B=%(ENV_LANG)s",
            ("numprocs", "2"),
            ("process_name", "p%(process_num)d"),
        ),
    ),
    *OWN_ONLY.of(
        Case(program(("environment", "A=1"), name="a") + program(name="b", command="/bin/x %(ENV_A)s")),
        Case(program(("environment", "A=1"), name="a") + program(("environment", "B=2"), name="b")),
    ),
    *LONG.of(replace(setting("A=1," * 1_500 + "B=2"), simpler=setting("A=1,A=1,B=2"))),
    # Last, since it is rare: what else is wrong with an environment shows first.
    *LINE_ENDS.of(Case(program(("environment", "A=1,%(ENV_LINE)sB=2")), {"LINE": "\r\n"})),
)
