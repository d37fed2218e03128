"""Cases of supervisor_config: groups, their members, and the order of all."""

from __future__ import annotations

from itertools import permutations

from hypothesis import strategies as st

from graders.suites.supervisor_config.inputs.writing import (
    FORBIDDEN,
    NAMES,
    Case,
    Lesson,
    Option,
    any_case,
    at_most_one,
    program,
    section,
)

PRIORITIES = st.sampled_from([None, None, "1", "5", "10", "999", "1000"])
GROUP_FAULTS = ["unknown", "trailing comma", "two commas", "priority", "program priority", "name"]


@st.composite
def group_cases(draw: st.DrawFn) -> Case:
    """Draw programs, and groups of some of them; a fault is a bad member, name or priority."""
    fault = draw(at_most_one(*GROUP_FAULTS))
    names = draw(st.lists(NAMES.flatmap(any_case), min_size=1, max_size=4, unique=True))
    texts: list[str] = []
    rosters: list[tuple[str, list[str]]] = []
    for number in range(draw(st.integers(1 if fault else 0, 2))):
        members = draw(st.lists(st.sampled_from(names), max_size=4))
        fresh = [f"G{number}", f"g{number}", f"0-group{number}"]
        taken = [name for name, _ in rosters]
        name = draw(st.sampled_from(fresh + [member for member in members if member not in taken]))
        rosters.append((name, members))
    for number, (name, members) in enumerate(rosters):
        listed = draw(st.sampled_from([",", ", ", " , "])).join(members)
        priority = draw(PRIORITIES)
        if number == 0:
            match fault:
                case "unknown":
                    listed = ",".join([*members, "nobody-0"])
                case "trailing comma":
                    listed += ","
                case "two commas":
                    listed = f"{names[0]},,{names[0]}"
                case "priority":
                    priority = draw(st.sampled_from(["high", "low", "-"]))
                case "name":
                    name += draw(st.sampled_from(FORBIDDEN)) + "x"
        options = [("programs", listed)] if listed or draw(st.booleans()) else []
        texts.append(
            section(
                f"group:{name}",
                *options,
                *([("priority", priority)] if priority is not None else []),
            )
        )
    for number, name in enumerate(names):
        priority = draw(PRIORITIES) if fault != "program priority" or number else "high"
        options = [] if priority is None else [("priority", priority)]
        texts.append(program(*options, name=name, command="/bin/x %(group_name)s"))
    taught = {
        "unknown": STRANGER,
        "trailing comma": NO_NAME,
        "two commas": NO_NAME,
        "priority": INTEGER,
        "program priority": INTEGER,
        "name": CHARACTERS,
    }
    return Case("\n".join(draw(st.permutations(texts))), lesson=taught.get(fault or ""))


def programs(*names: str) -> str:
    """Write programs with commands of their own."""
    return "".join(program(name=name, command=f"/bin/{name}") for name in names)


def prioritised(**priorities: str) -> str:
    """Write programs with priorities."""
    return "".join(program(("priority", priority), name=name) for name, priority in priorities.items())


def group(name: str, listed: str | None, *options: Option) -> str:
    """Write one group."""
    return section(f"group:{name}", *([] if listed is None else [("programs", listed)]), *options)


OWN: list[Option] = [
    ("autostart", "false"),
    ("autorestart", "true"),
    ("startsecs", "5"),
    ("startretries", "5"),
    ("exitcodes", "2"),
    ("stdout_logfile_maxbytes", "5"),
    ("environment", "A=1"),
]
ALONE = Lesson(
    "A program in no group is a group of one. Groups of one priority come by name as text, not as in the file.",
    (
        "In which order come two groups whose priorities are the same?",
        "What is the group of a program that no group names?",
        "As text, all capitals come before all small letters.",
    ),
)
BY_PRIORITY = Lesson(
    "The groups come by priority, the lowest first, then by name; a program in no group has its own priority.",
    ("What is the priority of a program that does not say one?", "Sort the groups by priority first, then by name."),
)
AS_NUMBER = Lesson(
    "Priorities are compared as numbers: 5 comes before 10, and 999 before 1000.",
    ("Is the priority a number when you sort, or still a text?",),
)
MEMBERS = Lesson(
    "A program that a group names runs in that group, and has no group of its own any more.",
    ("Does a program that is in a group still have a group of its own?",),
)
LISTED = Lesson(
    "Within a group the programs come in the order of `programs`, whatever their names, priorities and places.",
    ("What decides the order within a group? Neither the file nor the names or priorities of the programs.",),
)
BLANKS = Lesson(
    "Blanks around a name in `programs` do not count: a space or a tab on either side of a comma is not part of it.",
    ("What is left of each name when `programs` is cut at its commas?",),
)
OFTEN = Lesson(
    "A program runs as often as it is named: twice in one group, or once in each of two groups.",
    ("Is a program forgotten, or known already, once a group has it?",),
)
UNSAID = Lesson(
    "A group that does not say its priority has 999, as a program has: then its name decides about its place.",
    ("What is the priority of a group without one? Neither 0 nor that of a member.",),
)
PLACE = Lesson(
    "The priority of its group says where a member starts; its own priority says nothing about that.",
    ("Whose priority decides about the place of a member, and what breaks a tie?", "A group without priority has 999."),
)
INTEGER = Lesson(
    "The priority of a group is an integer like that of a program: a sign is allowed, a fraction is an error.",
    ("How does your code read the priority of a program? A group has the same rules.", "May it be negative?"),
)
KEPT = Lesson(
    "A member keeps all options of its own, the priority too: a group decides only the group's name and place.",
    ("Where does the priority of a process come from?", "Are the options of a member read like those of any program?"),
)
NO_PRIORITY = Lesson(
    "An empty priority is a value, not an absent one: it is not an integer, in a group as in a program.",
    ("Is an empty value the same as none?", "What does `or` do with an empty text?"),
)
EMPTY = Lesson(
    "`programs` may be absent or empty: then the group has no members, and its priority is checked all the same.",
    ("What does splitting an empty text at the commas give?",),
)
OTHER_KEYS = Lesson(
    "A group has two options, programs and priority; all other keys in it are accepted and ignored.",
    ("Which keys of a group does your code look at, convert or expand?",),
)
TOGETHER = Lesson(
    "The processes of one program stay together, sorted by name; the programs of a group are not mixed.",
    ("At which level do you sort processes by name: in a program, in a group, or in the whole answer?",),
)
GROUP_NAME = Lesson(
    "group_name is the name of the group in which the process ends up, in each option that knows it.",
    ("When do you know the group of a program? Expand its options after that.",),
)
EACH_GROUP = Lesson(
    "A program that two groups name runs in both: group_name is the group's own in each of them.",
    ("How often is a program expanded that is named twice, and with which group?",),
)
GROUP_SCOPE = Lesson(
    "The options of a group know here and ENV_K, and are expanded before they are split or converted.",
    ("Which names does an option of a group know? It has no program, and does not know its own name.",),
)
STRANGER = Lesson(
    "Each name in `programs` must be that of a [program:...] section somewhere in the text, in the same case.",
    ("What does your code do with a name that no section has?", "Must a program stand before its group?"),
)
NO_NAME = Lesson(
    "An empty name among `programs`, such as the one after the last comma of web, is an error.",
    ("How many names are in a list that ends with a comma?",),
)
CHARACTERS = Lesson(
    "A space, a colon or a slash in the name of a group is an error, as in that of a program.",
    ("Is the name of a group checked, too?",),
)
PROGRAM_HEADER = Lesson(
    "Only [program:NAME] in just this spelling makes a program that a group can name: [PROGRAM:a] makes none.",
    ("Which headers does your code take for programs? Their case counts.",),
)
HEADER = Lesson(
    "Only [group:NAME] in just this spelling is a group, and blanks around NAME do not count.",
    ("Which headers does your code take for groups?",),
)

FIRST_OF_TWO = [("programs", "w"), ("priority", "5")]
GROUPS_DIRECTED = (
    *ALONE.of(
        Case(programs("z", "a")),
        Case(programs("a", "B")),
        Case(programs("A", "a")),
        Case(programs("a_1", "a1", "a-1")),
        Case(prioritised(b="1", a="1")),
    ),
    *BY_PRIORITY.of(
        # Neither by name nor as in the file.
        Case(prioritised(z="5", a="9", m="1")),
    ),
    *BY_PRIORITY.of(Case(prioritised(b="100") + programs("a")), Case(prioritised(a="5", b="999"))),
    *AS_NUMBER.of(
        Case(prioritised(a="10", b="5")),
        Case(prioritised(a="10", b="5", c="1000")),
        Case(prioritised(a="1000") + programs("z")),
        Case(prioritised(a="998", b="999", c="1000") + programs("aa", "bb")),
        Case(prioritised(b="1") + programs("a")),
    ),
    *MEMBERS.of(
        Case(programs("a") + group("g", "a")),
        Case(program() + group("g", "w")),
        Case(group("g", "w") + program()),
    ),
    *UNSAID.of(
        Case(group("z", "b") + programs("a", "b")),
        Case(prioritised(a="1", b="5") + group("z", "a")),
    ),
    *MEMBERS.of(
        Case(programs("a", "b", "c") + group("g", "a,c")),
        Case(group("m", "x") + programs("x", "a", "z")),
        Case(programs("a", "b") + group("a", "a,b")),
        Case(programs("a", "b") + group("b", "a") + group("c", "b")),
    ),
    *EMPTY.of(
        Case(group("g", None) + programs("a")),
        Case(group("g", "") + programs("a")),
        Case(group("g", "") + program()),
        Case(group("g", None, ("priority", "high"))),
    ),
    # Neither by name nor as in the file.
    *LISTED.of(Case(programs("z", "a", "m") + group("g", "m,z,a"))),
    *LISTED.of(
        Case(group("g", "c,a") + programs("a", "b", "c")),
        Case(programs("a", "b") + group("g", "b,a")),
        Case(group("g", "a,b") + prioritised(a="900", b="6")),
    ),
    *BLANKS.of(
        Case(programs("a", "b") + group("g", "a, b")),
        Case(programs("a", "b") + group("g", "a ,b")),
        Case(programs("a", "b") + group("g", "a,\tb")),
        Case(programs("a", "b") + group("g", "b , a")),
    ),
    *PLACE.of(
        *(Case(section("group:g", *each) + program() + program(name="a")) for each in permutations(FIRST_OF_TWO)),
        Case(group("zz", "x", ("priority", "3")) + programs("x", "y")),
        Case(group("g", "a", ("priority", "5")) + prioritised(a="900", b="6")),
        Case(group("h", "a", ("priority", "2")) + group("g", "b", ("priority", "10")) + programs("a", "b")),
        Case(group("b", "x") + group("a", "y") + program(name="x") + program(name="y")),
    ),
    *OFTEN.of(
        Case(programs("a") + group("g", "a,a")),
        Case(program(name="a") + group("g", "a") + group("h", "a")),
        Case(group("g", "b,a") + prioritised(b="9", a="1") + group("f", "b")),
        Case(programs("a", "b") + group("g", "a,b") + group("h", "b")),
        Case(programs("a", "b") + group("g", "a,b,a")),
    ),
    *INTEGER.of(
        Case(prioritised(a="1") + group("g", "b", ("priority", "-2")) + program(name="b")),
        Case(group("g", None, ("priority", "-1")) + programs("a")),
        Case(group("g", None, ("priority", "soon")) + program()),
        *(
            Case(program() + group("g", "w", ("priority", value)), simpler=Case(program(("priority", value))))
            for value in ("+5", "3.0", "0x1F", "abc")
        ),
        Case(group("g", "a") + program(("priority", "abc"), name="a"), simpler=Case(program(("priority", "abc")))),
    ),
    *NO_PRIORITY.of(
        Case(program() + group("g", "w", ("priority", "")), simpler=Case(program(("priority", "")))),
    ),
    *KEPT.of(
        *(Case(group("g", "a") + program(option, name="a")) for option in OWN),
        Case(group("g", "a", ("priority", "7")) + programs("a")),
        Case(group("g", "a", ("priority", "7")) + prioritised(a="3")),
    ),
    # A key of no meaning for a group, whatever it means for a program.
    *OTHER_KEYS.of(
        Case(group("g", None, ("user", "x")) + programs("a")),
        Case(group("g", None, ("user", "%(nope)s")) + programs("a")),
        Case(group("g", "a", ("startsecs", "soon")) + programs("a")),
        Case(group("g", "a", ("startsecs", "5")) + programs("a")),
    ),
    *TOGETHER.of(
        Case(
            group("g", "b,a")
            + program(("numprocs", "2"), ("process_name", "z%(process_num)d"), name="b")
            + program(("numprocs", "2"), ("process_name", "y%(process_num)d"), name="a"),
            simpler=Case(program(("numprocs", "2"), ("process_name", "%(program_name)s_%(process_num)d"))),
        )
    ),
    *GROUP_NAME.of(
        Case(group("g", "a") + program(name="a", command="/bin/x %(group_name)s")),
        Case(group("g", "a") + program(("directory", "/srv/%(group_name)s"), name="a")),
        Case(group("g", "a") + program(("process_name", "%(group_name)s%(process_num)d"), name="a")),
        Case(group("g", "a") + program(("environment", 'A="%(group_name)s"'), name="a")),
        Case(group("3", "a") + program(("startsecs", "%(group_name)s"), name="a")),
    ),
    *EACH_GROUP.of(
        Case(group("g", "a") + group("h", "a") + program(name="a", command="/bin/x %(group_name)s")),
        *(
            Case(
                group("3", "a") + group(other, "a") + program(("startsecs", "%(group_name)s"), name="a"),
                simpler=Case(group("3", "a") + program(("startsecs", "%(group_name)s"), name="a")),
            )
            for other in ("4", "h")  # the second is no number
        ),
    ),
    *GROUP_SCOPE.of(
        Case(group("g", "%(ENV_NONE)s") + programs("a"), {"NONE": ""}),
        Case(group("g", "%(ENV_LIST)s") + programs("a", "b"), {"LIST": "b,a"}),
        Case(group("g", "b", ("priority", "%(ENV_N)s")) + programs("a", "b"), {"N": "4"}),
        Case(group("g", "%(here)s") + programs("a"), here="a"),
        Case(group("g", "b", ("priority", "%(here)s")) + programs("a", "b"), here="12"),
        Case(group("3", "a", ("priority", "%(group_name)s")) + programs("a")),
        Case(group("a", "%(group_name)s") + programs("a")),
        Case(group("a", "%(program_name)s") + programs("a")),
    ),
    *STRANGER.of(
        Case(group("g", "nobody")),
        Case(group("g", "a,nobody") + programs("a")),
        Case(group("g", "A") + programs("a")),
        Case(group("g", "a b") + programs("a", "b")),
        Case(group("g", "a;b") + programs("a", "b")),
        Case(group("g", "a|b") + programs("a", "b")),
        Case(group("g", "g") + programs("a")),
    ),
    *PROGRAM_HEADER.of(Case(group("g", "a") + section("PROGRAM:a", ("command", "/bin/x")))),
    *NO_NAME.of(
        Case(group("g", "a,") + programs("a")),
        Case(group("g", ",a") + programs("a")),
        Case(group("g", ",")),
        Case(group("g", "a,,b") + programs("a", "b")),
    ),
    *CHARACTERS.of(*(Case(group(f"g{bad}h", None)) for bad in FORBIDDEN)),
    *HEADER.of(
        Case(group(" g ", "a") + programs("a")),
        *(Case(section(header, ("programs", "nobody")) + programs("a")) for header in ("GROUP:g", "group", "groups:g")),
    ),
)
