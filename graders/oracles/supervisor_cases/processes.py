"""LAYER 2. Cases of supervisor_config: sections like the seed's, expansions, numbers and names of processes."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

from graders.oracles.supervisor_cases.writing import (
    COMMANDS,
    FORBIDDEN,
    NAMES,
    PATHS,
    Case,
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


SEED_DIRECTED = (
    Case(SEED),
    Case(SEED.partition("\n")[2]),
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
    return Case(text, named(env, text), here)


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
    """Write a call behind another one."""
    return Case(text, own, before=Case(earlier, env))


EXPANSION_DIRECTED = (
    *(expanded(command=f"/bin/x {form} y") for form in TEXT_FORMS),
    *(expanded(command=f"/bin/x [{form}]") for form in NUMBER_FORMS),
    *(expanded(command=f"/bin/x {form}") for form in BAD_FORMS),
    *(expanded(("directory", f"/srv/{form}")) for form in BAD_FORMS[::3]),
    # The form of a bad one shows only with text behind it.
    expanded(command="date +%m now"),
    expanded(command="95%, not more"),
    expanded(command="/bin/x %(nope)s %(here)s"),
    # Every line of a value, not its first alone.
    expanded(command="/bin/x\n  %(here)s"),
    expanded(command="/bin/x\n  95%"),
    expanded(command="/bin/x %(process_num)q!"),
    expanded(command="/bin/x %( here )s"),
    expanded(("environment", "A=5"), command="/bin/x %(ENV_A)d"),
    # Percent signs, and what is not expanded again.
    expanded(command="/bin/date +%%Y-%%m-%%d"),
    expanded(command="/bin/x 100%%"),
    expanded(command="/bin/x %%%%"),
    expanded(command="/bin/x %%(program_name)s"),
    expanded(command="/bin/x %%%(program_name)s"),
    expanded(command="/bin/x %%(here)s"),
    expanded(command="/bin/x %(ENV_PERCENT)s"),
    expanded(command="/bin/x %(ENV_TWICE)s"),
    expanded(command="/bin/x %(ENV_NESTED)s"),
    expanded(command="%(here)s/run", here="/opt/100%"),
    Case(program(("process_name", "50%%"))),
    Case(program(command="%(here)s"), {"here": "/h"}),
    Case(program(command="/bin/x %(ENV_NONE)s"), {"NONE": ""}),
    # Nothing but %(...) stands for anything, and no value is a template.
    Case(program(command="/bin/x $HOME"), {"HOME": "/h"}),
    Case(program(("directory", "~/d"))),
    Case(program(("directory", "/d//"))),
    Case(program(command="%(ENV_DIR)s"), {"DIR": "C:\\new"}),
    # Every character counts: those of a name, and those that come in.
    expanded(command="%(here)sbin/x", here="/opt/"),
    expanded(command="/bin/x %(here)100s"),
    Case(program(("directory", "%(ENV_PAD)s")), {"PAD": " d "}),
    Case(program(command="%(ENV_PAD)s"), {"PAD": " x "}),
    Case(program(("environment", 'A="%(ENV_NOTE)s"')), {"NOTE": "1 ;2"}),
    Case(program(command="/bin/x %(ENV_A-B)s"), {"A-B": "1"}),
    Case(program(command="/bin/x %(ENV_A.B)s"), {"A.B": "1"}),
    Case(program(command="/bin/x %(ENV_A B)s"), {"A B": "1"}),
    Case(program(command="/bin/x %(HOME)s"), {"HOME": "/home/a"}),
    Case(program(command="/bin/x %(ENV_A)s"), {"a": "1"}),
    # What tells x from d.
    expanded(("numprocs", "10"), ("process_name", "p%(process_num)d"), command="/bin/x %(numprocs)x"),
    # Each process its own: per process, not per section.
    expanded(*NUMBERED, command="/bin/x %(process_num)d of %(numprocs)d"),
    expanded(*NUMBERED, ("directory", "/srv/%(process_num)02d")),
    expanded(*NUMBERED, ("stdout_logfile_maxbytes", "1%(process_num)d")),
    expanded(("numprocs", "%(ENV_N)s"), ("process_name", "p%(process_num)d")),
    # Where which name is known.
    *(expanded((key, f"%({name})s"), here="1", name="1") for key in ONCE[:-1] for name in KNOWN),
    *(expanded(("numprocs_start", f"%({name})s"), here="0", name="0") for name in KNOWN),
    *(expanded((key, f"%({name})d")) for key in ONCE for name in NUMBERS),
    *(expanded(("directory", f"%({name})s")) for name in KNOWN + NUMBERS),
    *(expanded(("process_name", f"%(process_num)d-%({name})s"), here="h") for name in KNOWN + NUMBERS),
    *(expanded(("stdout_logfile_maxbytes", f"1%({name})s"), here="1", name="1") for name in KNOWN + NUMBERS),
    *(expanded(("priority", f"%({name})s"), here="1", name="1") for name in KNOWN + NUMBERS),
    *(expanded((key, "%(ENV_N)s")) for key in ("startsecs", "startretries", "priority")),
    Case(program(("numprocs_start", "%(ENV_N)s")), {"N": "0"}),
    expanded(("autostart", "%(ENV_NO)s")),
    expanded(("autorestart", "%(ENV_NO)s")),
    expanded(("exitcodes", "%(ENV_CODES)s")),
    expanded(("stdout_logfile_maxbytes", "%(ENV_N)s")),
    expanded(("process_name", "%(process_num)d-%(ENV_N)s")),
    expanded(("stdout_logfile_maxbytes", "%(nope)s")),
    expanded(("process_name", "p%(process_num)d%(nope)s")),
    expanded(("process_name", "p%(process_num)"), ("numprocs", "2")),
    expanded(("environment", 'A="%(program_name)s%(process_num)d"')),
    expanded(("environment", 'A="%(nope)s"')),
    expanded(("environment", 'A="50%"')),
    # No environment: None and {} alike.
    Case(program(command="/bin/x %(ENV_HOME)s")),
    Case(program(command="/bin/x %(ENV_PATH)s"), {}),
    # Nothing is known from an earlier call.
    after(program(), {"A": "1"}, program(command="/bin/x %(ENV_A)s")),
    after(program(command="/bin/x %(ENV_A)s"), {"A": "1"}, program(command="/bin/x %(ENV_A)s"), {"A": "2"}),
    Case(program(command="%(here)s"), here="/b", before=Case(program(command="%(here)s"), here="/a")),
    # Only the sections that run are expanded.
    Case(section("supervisord", ("logfile", "%(nope)s/100%")) + program()),
)


# numprocs_and_names


@st.composite
def numprocs_cases(draw: st.DrawFn) -> Case:
    """Draw counts, starts and names; a fault is a bad count, a bad name or a name for many."""
    fault = draw(at_most_one("count", "start", "one name", "program", "process"))
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
        case "count":
            options["numprocs"] = draw(st.sampled_from(["abc", "four", "-", "two or three"]))
        case "start":
            options["numprocs_start"] = draw(st.sampled_from(["abc", "first", "-"]))
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
    return Case(section(f"program:{pad}{name}{pad}", *order))


def numbered(count: str, *options: Option, template: str = "%(program_name)s_%(process_num)d") -> Case:
    """Write a program with a count and a template."""
    return Case(program(("numprocs", count), ("process_name", template), *options))


NUMPROCS_DIRECTED = (
    Case(program()),
    Case(program(name="W")),
    Case(program(name="a\tb")),
    numbered("1"),
    numbered("12"),
    numbered("101", ("numprocs_start", "0")),
    numbered("12", template="w_%(process_num)02d"),
    numbered("3", ("numprocs_start", "5"), template="%(program_name)s_%(process_num)02d"),
    # What is sorted are the processes, not their names alone.
    numbered("2", ("numprocs_start", "9"), ("directory", "/d%(process_num)d")),
    numbered("2", ("numprocs_start", "-1"), template="w_%(process_num)02d"),
    numbered("3", ("numprocs_start", "-2")),
    numbered("1", ("numprocs_start", "7")),
    numbered("1", ("numprocs_start", "-2"), template="w%(process_num)x"),
    numbered("1", ("numprocs_start", "-2"), template="w%(process_num)03d"),
    numbered("2", template="%(process_num)x"),
    numbered("2", template="%(process_num)3d"),
    Case(program(("process_name", "%(process_num)3d"))),
    # process_num counts from there in every option.
    Case(program(("numprocs_start", "7"))),
    *(Case(program(("numprocs_start", "7"), command=f"/bin/x %({name})d")) for name in NUMBERS),
    Case(program(("numprocs_start", "7"), ("directory", "/d%(process_num)d"))),
    Case(program(("numprocs_start", "7"), ("environment", 'A="%(process_num)d"'))),
    Case(program(("numprocs_start", "7"), ("stdout_logfile_maxbytes", "%(process_num)d"))),
    # No process at all: only what belongs to a process goes unread.
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
    *(Case(program(("numprocs", "0"), (key, "soon"))) for key in (*ONCE[:5], "priority", "numprocs_start")),
    Case(program(("numprocs", "0"), name="a/b")),
    Case(program(("numprocs", "0"), name="a") + section("group:g", ("programs", "a"))),
    Case(program(("numprocs", "0"), ("priority", "soon"), name="a") + section("group:g", ("programs", "a"))),
    Case(program(("numprocs", "0"), ("process_name", "a b"))),
    Case(program(("numprocs", "0"), name="a") + program(name="b")),
    # The rule for process_name.
    Case(program(("numprocs", "2"))),
    Case(program(("numprocs", "1"))),
    Case(program(("numprocs", "2"), ("numprocs_start", "1"))),
    Case(program(("numprocs", "%(ENV_N)s")), {"N": "2"}),
    Case(program(("numprocs", "2"), ("process_name", "%(ENV_A)s"), ("environment", "A=%(process_num)d"))),
    numbered("2", template="single"),
    numbered("2", template="%(program_name)s"),
    numbered("2", template="p%(numprocs)d"),
    numbered("2", template="process_num"),
    numbered("2", template="%(process_num)d%(program_name)s"),
    Case(program(("process_name", "%(process_num)d"), ("numprocs", "2"))),
    Case(program(("process_name", "single"))),
    # Names: looked at before expansion, without their outer blanks.
    *(Case(program(name=f"a{bad}b")) for bad in FORBIDDEN),
    Case(program(name="a/b") + program(name="c") + program(name="d")),
    *(numbered("2", template=f"a{bad}%(process_num)d") for bad in FORBIDDEN),
    *(Case(program(("process_name", f"a{bad}b"))) for bad in FORBIDDEN),
    Case(program(name="\tw")),
    Case(program(name="w ")),
    Case(program(name=" w/")),
    Case(program(("process_name", "%(ENV_A/B)s")), {"A/B": "1"}),
    Case(program(("process_name", "a\tb"))),
    Case(program(("process_name", "%(here)s")), here="/a b:c"),
    Case(program(("process_name", "%(ENV_X)s")), {"X": "a b:c/d"}),
    Case(program(("process_name", "a.b_c-d@e"))),
)
