"""LAYER 2. Cases of supervisor_config: groups, their members, and the order of all."""

from __future__ import annotations

from hypothesis import strategies as st

from graders.oracles.supervisor_cases.writing import (
    FORBIDDEN,
    NAMES,
    Case,
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
    return Case("\n".join(draw(st.permutations(texts))))


def programs(*names: str) -> str:
    """Write programs that show their group."""
    return "".join(program(name=name, command=f"/bin/{name} %(group_name)s") for name in names)


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
GROUPS_DIRECTED = (
    Case(programs("b", "a")),
    Case(programs("a", "B")),
    Case(programs("A", "a")),
    Case(programs("a_1", "a1", "a-1")),
    Case(prioritised(a="10", b="5")),
    Case(prioritised(a="10", b="5", c="1000")),
    Case(prioritised(b="1", a="1")),
    Case(prioritised(b="1") + programs("a")),
    Case(prioritised(a="1000") + programs("z")),
    Case(prioritised(a="998", b="999", c="1000") + programs("aa", "bb")),
    # Members leave their own group.
    Case(programs("a", "b", "c") + group("g", "a,c")),
    Case(group("g", "c,a") + programs("a", "b", "c")),
    Case(programs("a", "b") + group("g", "b , a")),
    Case(programs("a", "b") + group("g", "a,\tb")),
    Case(prioritised(a="1", b="5") + group("z", "a")),
    Case(programs("a") + group("g", "a,a")),
    Case(programs("a", "b") + group("g", "a,b") + group("h", "b")),
    Case(programs("a", "b") + group("g", "a,b,a")),
    Case(programs("a", "b") + group("a", "a,b")),
    Case(programs("a", "b") + group("b", "a") + group("c", "b")),
    Case(group("g", "a", ("priority", "5")) + prioritised(a="900", b="6")),
    Case(group("g", "a,b") + prioritised(a="900", b="6")),
    Case(group("g", "b,a") + prioritised(b="9", a="1") + group("f", "b")),
    Case(group("h", "a", ("priority", "2")) + group("g", "b", ("priority", "10")) + programs("a", "b")),
    Case(group("b", "x") + group("a", "y") + program(name="x") + program(name="y")),
    Case(prioritised(a="1") + group("g", "b", ("priority", "-2")) + program(name="b")),
    Case(group("zz", "x", ("priority", "3")) + programs("x", "y")),
    # A member keeps its own options, the priority too.
    *(Case(group("g", "a") + program(option, name="a")) for option in OWN),
    Case(group("g", "a", ("priority", "7")) + programs("a")),
    Case(group("g", "a", ("priority", "7")) + prioritised(a="3")),
    Case(group("m", "x") + programs("x", "a", "z")),
    Case(group(" g ", "a") + programs("a")),
    # Empty ones.
    Case(group("g", None) + programs("a")),
    Case(group("g", "") + programs("a")),
    Case(group("g", None, ("priority", "high"))),
    Case(group("g", None, ("priority", "-1")) + programs("a")),
    Case(group("g", "%(ENV_NONE)s") + programs("a"), {"NONE": ""}),
    # A key of no meaning for a group, whatever it means for a program.
    Case(group("g", None, ("user", "x")) + programs("a")),
    Case(group("g", None, ("user", "%(nope)s")) + programs("a")),
    Case(group("g", "a", ("startsecs", "soon")) + programs("a")),
    Case(group("g", "a", ("startsecs", "5")) + programs("a")),
    # Members with several processes stay together, each sorted by name.
    Case(
        group("g", "b,a")
        + program(("numprocs", "2"), ("process_name", "z%(process_num)d"), name="b")
        + program(("numprocs", "2"), ("process_name", "y%(process_num)d"), name="a")
    ),
    # What group_name is, and where.
    Case(group("g", "a") + program(("directory", "/srv/%(group_name)s"), name="a")),
    Case(group("g", "a") + program(("process_name", "%(group_name)s%(process_num)d"), name="a")),
    Case(group("g", "a") + program(("environment", 'A="%(group_name)s"'), name="a")),
    Case(group("3", "a") + program(("startsecs", "%(group_name)s"), name="a")),
    Case(group("g", "%(ENV_LIST)s") + programs("a", "b"), {"LIST": "b,a"}),
    Case(group("g", "b", ("priority", "%(ENV_N)s")) + programs("a", "b"), {"N": "4"}),
    Case(group("g", "%(here)s") + programs("a"), here="a"),
    Case(group("g", "b", ("priority", "%(here)s")) + programs("a", "b"), here="12"),
    Case(group("3", "a", ("priority", "%(group_name)s")) + programs("a")),
    Case(group("a", "%(group_name)s") + programs("a")),
    Case(group("a", "%(program_name)s") + programs("a")),
    # Errors.
    Case(group("g", "nobody")),
    Case(group("g", "a,nobody") + programs("a")),
    Case(group("g", "A") + programs("a")),
    Case(group("g", "a") + section("PROGRAM:a", ("command", "/bin/x"))),
    Case(group("g", "a,") + programs("a")),
    Case(group("g", ",")),
    Case(group("g", "a,,b") + programs("a", "b")),
    Case(group("g", "a b") + programs("a", "b")),
    Case(group("g", "a;b") + programs("a", "b")),
    Case(group("g", "a|b") + programs("a", "b")),
    Case(group("g", "g") + programs("a")),
    *(Case(group(f"g{bad}h", None)) for bad in FORBIDDEN),
    Case(group("g", "a") + program(("priority", "high"), name="a")),
    # No groups.
    *(Case(section(header, ("programs", "nobody")) + programs("a")) for header in ("GROUP:g", "group", "groups:g")),
)
