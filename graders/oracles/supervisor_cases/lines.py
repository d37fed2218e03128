"""LAYER 2. Cases of supervisor_config: comments and continuations, repeated sections and keys, lines that cannot be."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

from graders.oracles.supervisor_cases.writing import (
    NAMES,
    PATHS,
    WORDS,
    Case,
    Option,
    any_case,
    at_most_one,
    program,
    section,
)

# comments_and_continuations

REMARKS = st.sampled_from(["note", "", "a=b", "[program:z]", "it's", '"', "command=/bin/z", "50% off"])
GLUED = st.sampled_from(["/bin/x;y", "/bin/x#y", "a\\;b", "k=v;w", "--color=#fff", "x;;y", '"a;b"', "--a:b"])
SPACED = st.sampled_from([" ", "  ", "\t", " \t "])
DELIMITERS = st.sampled_from(["=", " = ", "= ", " =", ":", ": ", " : ", "\t=\t"])


@st.composite
def remarks(draw: st.DrawFn) -> str:
    """Draw a comment after blanks, or none."""
    if draw(st.booleans()):
        return ""
    mark = draw(st.sampled_from([";", "#", "; ", "# "]))
    return f"{draw(SPACED)}{mark}{draw(REMARKS)}"


@st.composite
def command_lines(draw: st.DrawFn, indent: str) -> list[str]:
    """Draw a command: comment marks glued or quoted, remarks, continuations with theirs."""
    words = [draw(PATHS)]
    if draw(st.booleans()):  # never both on one line
        words += draw(st.lists(st.one_of(WORDS, GLUED), max_size=2))
        end = draw(remarks())
    else:
        end = draw(st.sampled_from([' "a ; b"', " 'a #b' c", " -c 'a; b ;c'", ""]))
    first = draw(st.sampled_from([True, True, False]))  # or the value begins on the next line
    lines = [f"{indent}command{draw(DELIMITERS)}{' '.join(words)}{end}" if first else f"{indent}command="]
    for _ in range(draw(st.integers(0, 2)) if first else 1):
        if draw(st.booleans()):
            lines.append(draw(st.sampled_from(["", "  ", "      "])) + draw(st.sampled_from(["; between", "#between"])))
        deeper = indent + draw(st.sampled_from([" ", "    ", "\t"]))
        part = draw(st.one_of(WORDS, GLUED, st.sampled_from(["--k=v", "user: x", "[z]", "[program:z]"])))
        lines.append(f"{deeper}{part}{draw(remarks())}")
    return lines


@st.composite
def comment_cases(draw: st.DrawFn) -> Case:
    """Draw lines with comments and continuations; a fault is a line that is neither."""
    fault = draw(at_most_one("glued", "not deeper"))
    indent = draw(st.sampled_from(["", "", "  ", "\t"]))
    command = draw(command_lines(indent))
    if fault == "not deeper":
        command.append(f"{indent}--flag")
    blocks = [command]
    if draw(st.booleans()):
        blocks.append([f"{indent}directory{draw(DELIMITERS)}{draw(PATHS)}{draw(remarks())}"])
    if fault == "glued":
        blocks.append([f"{indent}startsecs=5{draw(st.sampled_from([';five', '#five', ';']))}"])
    elif draw(st.booleans()):
        blocks.append([f"{indent}startsecs=5{draw(remarks())}"])
    lines = [f"[program:{draw(NAMES)}]{draw(remarks())}"]
    fillers = st.lists(st.sampled_from(["", "  ", "; a full line", "#another", "   ; indented"]), max_size=2)
    for block in draw(st.permutations(blocks)):
        lines += draw(fillers) + block
    return Case(draw(st.sampled_from(["\n", "\n", "\r\n"])).join([*lines, ""]))


def lines(*options: str, header: str = "[program:w]") -> Case:
    """Write lines as they stand."""
    return Case("\n".join([header, *options, ""]))


COMMENTS_DIRECTED = (
    lines("command=/bin/x ; note"),
    lines("command=/bin/x # note"),
    lines("command=/bin/x\t;note"),
    lines("command=/bin/x\t#note"),
    lines("command=/bin/x;y"),
    lines("command=/bin/x#y"),
    lines("command=/bin/x;"),
    lines("command=/bin/x;y ;z"),
    lines("command=/bin/x#y #z"),
    lines("command=/bin/x ;y;z"),
    lines("command=/bin/x ;; z"),
    lines("command=/bin/x # a ; b"),
    lines('command=sh -c "a ; b"'),
    lines("command=sh -c 'a # b'"),
    lines('command=sh -c "a;b"'),
    lines("command=find . -exec ls {} \\;"),
    lines("command=a\\;b \\#c"),
    lines("command=a \\; b"),
    lines("command=a \\ ; b"),
    lines("command=; nothing"),
    lines("command ; = /bin/x", "command=/bin/y"),
    lines("command=/bin/x", header="[program:w] ; note"),
    lines("command=/bin/x", header="[program:w]\t# note"),
    # In a header these characters are as good as any.
    *(lines("command=/bin/x", header=f"[program:a{mark}b]") for mark in ";#="),
    lines("command=/bin/x", ";command=/bin/y"),
    lines("command=/bin/x", "#command=/bin/y"),
    lines("command=/bin/x", "  ;command=/bin/y"),
    lines("; directory=/old", "command=/bin/x", "#directory=/older"),
    # The quote that the comment leaves open is closed on the next line.
    lines("command=/bin/x", 'environment=A="1 ;2"', '  "'),
    lines("command=/bin/x", "startsecs=5;five"),
    lines("command=/bin/x", "startsecs=5#five"),
    lines("command=/bin/x", "startsecs=5\t;five"),
    # Continuations.
    lines("command=/bin/x", "  --a"),
    lines("command=/bin/x", "  --a", "  --b"),
    lines("command=/bin/x", "\t--a"),
    lines("command=/bin/x", "   --a", "  --b", " --c"),
    lines("command=/bin/x ; c", "  --a"),
    lines("command=/bin/x", "  --a ; d"),
    lines("command=/bin/x", "  --b;e # f"),
    lines("command=/bin/x", "; between", "  --a"),
    lines("command=/bin/x", "      ; between", "  --a"),
    lines("command=/bin/x", "  --a", "  # between", "  --b"),
    lines("command=/bin/x", "", "directory=/d"),
    lines("command=/bin/x", "  --a", "; then", "directory=/d"),
    lines("command=", "  /bin/x"),
    lines("command= ; c", "  /bin/x", "  --b"),
    lines("command=/bin/x", "  directory=/d"),
    lines("command=/bin/x", "  directory=/d", "directory=/e"),
    lines("command=/bin/x", "  [program:z]"),
    # Of values that nobody reads, too.
    lines("command=/bin/x", "stderr_logfile=b", "  c"),
    Case("[x]\na=b\n  c\n" + program()),
    # Right after a header there is no value, whatever stood before it.
    Case("[program:a]\ncommand=/bin/x\n[program:b]\n  command=/bin/y\n"),
    lines("command=/bin/x", "  --no-delimiter"),
    lines("command=/bin/x", "--no-delimiter"),
    lines("  command=/bin/x", "  directory=/d"),
    lines("  command=/bin/x", "    --a", "  directory=/d"),
    lines("  command=/bin/x", "  --a"),
    lines("    command=/bin/x", "  directory=/d", "   /e"),
    lines("    command=/bin/x", "directory=/d"),
    lines("  command=/bin/x", "\tdirectory=/d"),
    Case("  [program:w]\ncommand=/bin/x\n"),
    Case("[supervisord]\n  [program:w]\ncommand=/bin/x\n"),
    lines("", "  ", "command=/bin/x"),
    # Delimiters, blanks and line ends.
    lines("command:/bin/x"),
    lines("command: /bin/x"),
    lines("command:a=b"),
    lines("command=a:b"),
    lines("command==/bin/x"),
    lines("command\t=\t/bin/x"),
    lines("command=/bin/x", "com mand=/bin/y"),
    lines("command=http://h/?a=b:c"),
    lines("command=  /bin/x  a   b  "),
    lines("command=/bin/x\ta\t"),
    lines('command="/bin/x"'),
    Case("[program:w]\r\ncommand=/bin/x\r\n"),
    Case("[program:w]\r\n\r\ncommand=/bin/x ; note\r\n  --a\r\n"),
    Case("[program:w]\ncommand=/bin/x\r\n"),  # line by line: a text may have both ends
    Case("[program:w]\ncommand=/bin/x"),
    Case("\n; nothing yet\n  # nor here\n[program:w]\ncommand=/bin/x\n"),
    Case("\t; nor here\n[program:w]\ncommand=/bin/x\n"),
)


# duplicates_merge_keys_fold


@st.composite
def duplicate_cases(draw: st.DrawFn) -> Case:
    """Draw a section in parts that repeat its keys; a fault is a bad value that comes last."""
    fault = draw(at_most_one("last value"))
    values = {
        "command": ["/bin/a", "/bin/b", "/bin/c -d"],
        "directory": ["/a", "/b"],
        "startsecs": ["1", "20", "soon"],
    }
    keys = draw(st.lists(st.sampled_from(list(values)), max_size=5))
    keys = draw(st.permutations(["command", "startsecs", *keys]))
    options = [(key, draw(st.sampled_from(values[key]))) for key in keys]
    if fault or dict(options)["startsecs"] == "soon":
        options.append(("startsecs", "soon" if fault else "3"))
    name, size = draw(NAMES), draw(st.integers(1, len(options)))
    others = [section("supervisord", ("nodaemon", "true")), program(("startsecs", "9"), name="zzzzzzzz")]
    texts = []
    for at in range(0, len(options), size):
        part = [(draw(any_case(key)), value) for key, value in options[at : at + size]]
        texts += [section(f"program:{name}", *part), draw(st.sampled_from(["", *others]))]
    return Case("".join(texts))


def twice(first: Sequence[Option], second: Sequence[Option], between: str = "") -> Case:
    """Write a section in two parts."""
    return Case(section("program:w", *first) + between + section("program:w", *second))


DUPLICATES_DIRECTED = (
    twice([("command", "/bin/a")], [("directory", "/d")]),
    twice([("command", "/bin/a")], [("command", "/bin/b")]),
    twice([("directory", "/d")], [("command", "/bin/b")]),
    twice([("command", "/bin/a")], [("COMMAND", "/bin/b")]),
    twice([("command", "/bin/a"), ("STARTSECS", "4")], [("startsecs", "5")]),
    twice([("command", "/bin/a")], [("command", "/bin/b")], program(name="x")),
    twice([("command", "/bin/a")], [("command", "/bin/b")], section("supervisord", ("user", "root"))),
    twice([("command", "/bin/a")], []),
    # What continues the first value goes with it, and a header ends a value, also one that is known.
    Case("[program:w]\ncommand=/bin/a\n  --k=v\ncommand=/bin/b\n"),
    Case("[program:w]\ncommand=/bin/a\n[program:w]\n  directory=/d\n"),
    Case(section("program:w", ("command", "100%"), ("command", "/bin/b"))),
    Case(section("program:w", ("Command", "/bin/a"), ("cOMMAND", "/bin/b"))),
    Case(section("program:w", ("COMMAND", "/bin/a"))),
    Case(program(("StartSecs", "4"))),
    Case(program(("DIRECTORY", "/d"))),
    Case(program(("environment", "A=1"), ("environment", ""))),
    Case(program(("startsecs", "soon"), ("startsecs", "3"))),
    Case(program(("startsecs", "3"), ("startsecs", "soon"))),
    Case(program(("autostart", "maybe"), ("autostart", "1"))),
    Case(program(("startsecs", "soon"), ("STARTSECS", "3"))),
    Case(program(("STARTSECS", "3"), ("startsecs", "soon"))),
    twice([("startsecs", "soon"), ("command", "/bin/a")], [("startsecs", "3")]),
    twice([("startsecs", "3"), ("command", "/bin/a")], [("startsecs", "soon")]),
    Case(section("supervisord", ("user", "a"), ("user", "b")) * 2 + program()),
)


# bad_input_is_one_error

IGNORED = [
    section("supervisord", ("logfile", "/var/log/%(x)s.log"), ("loglevel", "info")),
    section("unix_http_server", ("file", "/run/supervisor.sock"), ("chmod", "0700")),
    section("rpcinterface:a b", ("supervisor.rpcinterface_factory", "a.b:c")),
    section("PROGRAM:w", ("startsecs", "soon")),
    section("program", ("startsecs", "soon")),
    section("program x", ("startsecs", "soon")),
]
NO_OPTION = ["no delimiter", "=value", ": value", "= ; note", "--flag", "!"]
STRUCTURE_FAULTS = ["line", "line", "before", "mark", "no command"]


@st.composite
def structure_cases(draw: st.DrawFn) -> Case:
    """Draw plain sections; a fault is a line or a program that cannot be."""
    fault = draw(at_most_one(*STRUCTURE_FAULTS))
    texts = [program(name=name) for name in sorted(draw(st.lists(NAMES, max_size=3, unique=True)))]
    for ignored in draw(st.lists(st.sampled_from(IGNORED), max_size=2, unique=True)):
        texts.insert(draw(st.integers(0, len(texts))), ignored)
    match fault:
        case "line":
            at = draw(st.integers(0, len(texts)))
            texts.insert(at, draw(st.sampled_from(NO_OPTION)) + "\n")
        case "before":
            texts.insert(0, draw(st.sampled_from(["command=/bin/x\n", "  a: b\n", "# note\nuser=x\n"])))
        case "mark":
            texts.insert(0, "\ufeff[program:z]\ncommand=/bin/x\n")
        case "no command":
            texts.append(program(("directory", "/d"), name="0z", command=None))
    return Case("".join(texts))


STRUCTURE_DIRECTED = (
    Case(""),
    Case("\n"),
    Case("; nothing\n\n"),
    Case("[supervisord]\n"),
    Case("[program:w]\ncommand=/bin/x\n"),
    # Nothing stays of a call that failed.
    Case(program(), before=Case("[program:z]\nx\n")),
    *(Case(text) for text in IGNORED),
    *(Case(text + program()) for text in IGNORED),
    Case(section("supervisord", ("startsecs", "soon")) + program()),
    Case("[ program:w]\ncommand=/bin/x\n"),
    Case("[program : w]\ncommand=/bin/x\n"),
    *(Case(f"[supervisord]\n{bad}\n") for bad in NO_OPTION),
    *(Case(f"{program()}{bad}\n") for bad in NO_OPTION),
    *(Case(f"{bad}\n") for bad in NO_OPTION),
    Case("  a=b\n" + program()),
    Case("[program:w]\n  --a\ncommand=/bin/x\n"),  # deeper than the header, which is no value
    Case("command=/bin/x\n"),
    Case("program:w\ncommand=/bin/x\n"),
    Case("[program:w\ncommand=/bin/x\n"),
    Case("\ufeff" + program()),
    Case("[program:w]\n"),
    Case("[program:w]\ndirectory=/d\n"),
    Case(program(("numprocs", "2"), ("process_name", "p%(process_num)d"), command=None)),
    Case(program() + program(name="v", command=None)),
    Case(section("group:g", ("programs", "w")) + program(command=None)),
)
