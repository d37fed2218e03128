"""LAYER 2. Cases of supervisor_config: options of each type, and what `environment` may hold."""

from __future__ import annotations

from string import digits

from hypothesis import strategies as st

from graders.oracles.supervisor_cases.writing import (
    INTEGERS,
    LETTERS,
    Case,
    Option,
    any_case,
    at_most_one,
    named,
    program,
    section,
    texts,
)

# typed_options

BOOLEAN = ["yes", "true", "on", "1", "no", "false", "off", "0"]
NOT_BOOLEAN = ["", "y", "Y", "t", "n", "f", "maybe", "2", "none", "enabled", "truee", "01", "00"]
INTEGER = ["0", "5", "+5", "-5", "0010", "-007", "86400"]
NOT_INTEGER = ["", "3.0", "0x1F", "1e3", "5s", "abc", "1 0", "- 5", "+", "true"]
EXITCODES = ["", "0", "2", "255", "0,2", "0, 2 ,255", "0,\t2", "2,0,2", "007,+1"]
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
    "",
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
    return Case(program(*options.items(), *ignored), like=text)


def in_each_case(values: list[str]) -> list[str]:
    """Write every value as it stands, as a title and in capitals, each text once."""
    return list(dict.fromkeys(form for value in values for form in (value, value.title(), value.upper())))


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
TYPED_DIRECTED = (
    Case(program()),
    *(Case(program((key, value))) for key, (good, _) in TYPED.items() for value in in_each_case(good)),
    *(Case(program((key, value))) for key, (_, bad) in TYPED.items() for value in bad),
    *(Case(program(option), like=program()) for option in UNUSED),
    *(Case(program((key, value))) for key in ("numprocs", "numprocs_start") for value in NOT_INTEGER[:6]),
    Case(program(("directory", ""))),
    Case(program(command="")),
    Case(program(("exitcodes", "0,1,2"))),
    # What one program sets is no default of the next.
    *(Case(program(option, name="a") + program(name="b")) for option in SET),
    Case(program(("numprocs", "+2"), ("process_name", "%(process_num)d"))),
    *(
        Case(program(("priority", "5")) + section("group:g", ("programs", "w"), ("priority", value)))
        for value in ("+5", "")
    ),
    # Blanks from an expansion: around a number only. By a width, since whether they come in at all is another rule.
    Case(program(("startsecs", "%(ENV_N)s")), {"N": " 5 "}),
    Case(program(("autostart", "%(ENV_B)5s")), {"B": "true"}),
    Case(program(("autostart", "%(ENV_B)-5s")), {"B": "true"}),
    Case(program(("autorestart", "%(ENV_B)5s")), {"B": "true"}),
    Case(program(("autorestart", "%(ENV_B)11s")), {"B": "unexpected"}),
    Case(program(("stdout_logfile_maxbytes", "%(ENV_N)s")), {"N": " 5 "}),
    Case(program(("stdout_logfile_maxbytes", "%(ENV_N)4s")), {"N": "1KB"}),
    Case(program(("stdout_logfile_maxbytes", "%(ENV_N)-4s")), {"N": "1KB"}),
    Case(program(("exitcodes", "%(ENV_NONE)s")), {"NONE": ""}),
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
    return Case(section("program:w", *order), env)


def setting(text: str, *options: Option, command: str = "/bin/x") -> Case:
    """Write a program with an environment; env sets OUT and LANG where the text names them."""
    written = program(("environment", text), *options, command=command)
    return Case(written, named({"OUT": "out", "LANG": "outer"}, written) or None)


ENVIRONMENT_DIRECTED = (
    setting(""),
    setting("A=1"),
    setting("A=1,"),
    setting("A=1,B=2"),
    setting(" A = 1 , B = 2 , "),
    setting("A\t=\t1\t,"),
    setting('A=1,B="a,b"'),
    setting("A='a,b',B=\"c d\""),
    setting('A="a=b",B="c=d,e=f"'),
    setting('A="it\'s",B=\'say "x" y\''),
    setting("A=\"\",B=''"),
    setting('A="  a  "'),
    setting('A="C:\\new\\table"'),
    setting('A="\\"'),
    setting('A="\\\\"'),
    setting('A="a;b"'),
    setting('A="/usr/bin:/bin",PYTHONPATH=/srv/a:/srv/b'),
    setting("A=a.b+c-d(e)/f:g"),
    setting("A-b.c=1,(D)=2"),
    setting("Lower=1,UPPER=2,lower=3"),
    setting("A=1,A=2"),
    setting('A=1,A=""'),
    # Tokens: what is odd to read is no error.
    setting("A=1 x B=2"),
    setting("1A=1"),
    setting("A=,"),
    setting("A=="),
    setting("A='\\'"),
    setting('A="1\n  2"'),
    *(setting(f"A=1{mark}B=2") for mark in "&?@~$*^!\\{}[]|;<>`"),
    setting("A=1%%B=2"),
    setting("A=1,\n  B=2"),
    setting("URL=http://h?q=1"),
    setting('URL="http://h?q=1&r=2"'),
    setting('MAIL="u@h"'),
    setting("A=010,B=true"),
    setting("A=\"X\",B='Xx X'"),
    # Errors.
    setting("HOST"),
    setting("HOST="),
    setting("A=1,HOST"),
    setting("A=1,B="),
    setting("A=,B=2"),
    setting("HOST=h PORT=80"),
    setting("A=1,,B=2"),
    setting("=1"),
    setting("A:1"),
    setting("MAIL=u@h"),
    setting("MAIL=u@h,B=2"),
    setting("URL=http://h?q"),
    setting('A="1'),
    setting("A='1"),
    setting('A="1,B=2'),
    setting("A=1,B=two words"),
    setting("A=1\n  B=2"),
    setting("A=1;;"),
    setting('A=1 "'),
    # Who sees it.
    setting("A=1", command="/bin/x %(ENV_A)s"),
    setting('A="a b"', command="/bin/x %(ENV_A)s"),
    setting('A="a b"', ("directory", "/srv/%(ENV_A)s")),
    setting("A=one", ("process_name", "%(ENV_A)s%(process_num)d")),
    setting("A=5", ("stdout_logfile_maxbytes", "%(ENV_A)s")),
    setting("LANG=inner", command="/bin/x %(ENV_LANG)s"),
    setting("LANG=inner", ("directory", "/srv/%(ENV_LANG)s")),
    setting("LANG=inner", ("process_name", "%(ENV_LANG)s%(process_num)d")),
    setting("LANG=5", ("stdout_logfile_maxbytes", "%(ENV_LANG)s")),
    setting("A=1", command="/bin/x %(ENV_OUT)s"),
    setting('A="50%%"', command="/bin/x %(ENV_A)s"),
    setting('A="%%(program_name)s"', command="/bin/x %(ENV_A)s"),
    setting('A="%(ENV_OUT)s",LANG="%(ENV_LANG)s.2"', command="/bin/x %(ENV_LANG)s"),
    setting('A="x",B="%(ENV_A)s"'),
    setting("A=1", command="/bin/x %(ENV_a)s"),
    setting("A=1", command="/bin/x %(A)s"),
    setting("A=1", ("startsecs", "%(ENV_A)s")),
    setting("A=1", ("priority", "%(ENV_A)s")),
    setting("A=1", ("numprocs", "%(ENV_A)s")),
    Case(program(("environment", "A=%(here)s")), here="/h"),
    *(setting(f"A=%({name})s") for name in ("program_name", "group_name", "process_num", "numprocs")),
    setting("A=%(process_num)d", ("numprocs", "2"), ("process_name", "p%(process_num)d")),
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
    # Expanded first, then cut into tokens.
    Case(program(("environment", "A=%(ENV_PAIRS)s")), {"PAIRS": "1,B=2"}),
    Case(program(("environment", 'A="%(ENV_PAIRS)s"')), {"PAIRS": '1",B="2'}),
    Case(program(("environment", "A=1,%(ENV_LINE)sB=2")), {"LINE": "\r\n"}),
    Case(program(("environment", "%(ENV_BLANK)s")), {"BLANK": " "}),
    # Each program has its own.
    Case(program(("environment", "A=1"), name="a") + program(name="b", command="/bin/x %(ENV_A)s")),
    Case(program(("environment", "A=1"), name="a") + program(("environment", "B=2"), name="b")),
)
