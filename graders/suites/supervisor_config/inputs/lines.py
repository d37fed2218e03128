"""Cases of supervisor_config: comments and continuations, repeated sections and keys, lines that cannot be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations

from hypothesis import strategies as st

from graders.suites.supervisor_config.inputs.writing import (
    NAMES,
    PATHS,
    WORDS,
    Case,
    Lesson,
    Option,
    any_case,
    at_most_one,
    program,
    section,
)

# comments_and_continuations

REMARKS = st.sampled_from(["note", "", "a=b", "[program:z]", "it's", '"', "command=/bin/z", "50% off"])
WITH_GLUED = st.sampled_from(["/bin/x;y", "/bin/x#y", "a\\;b", "k=v;w", "--color=#fff", "x;;y", '"a;b"', "--a:b"])
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
        words += draw(st.lists(st.one_of(WORDS, WITH_GLUED), max_size=2))
        end = draw(remarks())
    else:
        end = draw(st.sampled_from([' "a ; b"', " 'a #b' c", " -c 'a; b ;c'", ""]))
    first = draw(st.sampled_from([True, True, False]))  # or the value begins on the next line
    lines = [f"{indent}command{draw(DELIMITERS)}{' '.join(words)}{end}" if first else f"{indent}command="]
    for _ in range(draw(st.integers(0, 2)) if first else 1):
        if draw(st.booleans()):
            lines.append(draw(st.sampled_from(["", "  ", "      "])) + draw(st.sampled_from(["; between", "#between"])))
        deeper = indent + draw(st.sampled_from([" ", "    ", "\t"]))
        part = draw(st.one_of(WORDS, WITH_GLUED, st.sampled_from(["--k=v", "user: x", "[z]", "[program:z]"])))
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
    taught = {"glued": GLUED_TO_NUMBER, "not deeper": NOT_DEEPER}
    text = draw(st.sampled_from(["\n", "\n", "\r\n"])).join([*lines, ""])
    return Case(text, lesson=taught.get(fault or ""))


def lines(*options: str, header: str = "[program:w]") -> Case:
    """Write lines as they stand."""
    return Case("\n".join([header, *options, ""]))


# What is written often, and the rest of the text.
MANY: dict[str, tuple[str, str]] = {
    "comments": (program(), "; note\n"),
    "empty lines": (program(), "\n"),
    "lines of a value": (program(), "  --a\n"),
    "options": (program(), "mykey=x\n"),
    "sections": (program(), "[x]\n"),
}


def few(first: str, often: str) -> Case:
    """Write a text with three lines of what MANY writes often."""
    return Case(first + often * 3)


LONG = 3_000  # lines, as a real file may have: more calls than Python lets one function make of itself

OPTION = Lesson(
    "An option is key = value or key : value, cut at the first of the two marks; blanks around both do not count.",
    ("At which mark does the key end if the line has both?", "Are blanks within the value left as they are?"),
)
COMMENT = Lesson(
    "A ; or # at the start of a line or right after a blank, which is a space or a tab, starts a comment.",
    (
        "What comes before the ; or # here? A comment runs to the end of the line.",
        "Is a comment cut from headers and from every kind of line?",
    ),
)
LEFT = Lesson(
    "What is left of a line when its comment is cut must still be an option, with = or : in it.",
    ("Is the comment cut before the line is looked at?", "What does your code do with a line without = and : ?"),
)
GLUED = Lesson(
    "A ; or # that follows anything but a blank is a character like any other, in values and in headers.",
    ("What comes before the ; or # here?",),
)
NO_QUOTES = Lesson(
    "Comments are cut before quotes are read: a ; or # after a blank starts one inside quotes, too.",
    ("Do quotes protect a comment mark? Rule 1 says.",),
)
NO_BACKSLASH = Lesson(
    "A backslash is a character like any other: it neither protects a comment nor joins a line to the next.",
    ("What does your code do with a backslash before a ; or #, and with one at the end of a line?",),
)
GLUED_TO_NUMBER = Lesson(
    "A ; or # glued to a value belongs to it, so startsecs=5;five is not a number.",
    ("What comes before the ; or # here?", "What does the value hold, and is that an integer?"),
)
CONTINUED = Lesson(
    "A line deeper than the line of the key continues its value; blanks are cut and the parts joined by line ends.",
    (
        "Deeper than what must a line be indented to continue a value?",
        "What is between the parts of the value: a blank, or a line end?",
        "Does it matter what the deeper line looks like?",
    ),
)
EMPTY_PART = Lesson(
    "An empty first part is a part like the others: a value that begins on the next line begins with a line end.",
    ("Which parts do you join where nothing follows the =? The first one is empty.",),
)
BETWEEN = Lesson(
    "A line with only a comment, deep or not, neither ends a value nor is part of it.",
    ("What does your code do at a comment line within a value?",),
)
COMMENT_DEPTH = Lesson(
    "How deep a comment is does not matter: a later line is compared with the line of the last key.",
    ("Which lines change the depth that the next line is compared with?",),
)
NOT_DEEPER = Lesson(
    "Only a line that is deeper than the line of the last key continues its value; one as deep is a new line.",
    ("Compare the depth with that of the line on which the key stands, not with 0.",),
)
TABS = Lesson(
    "The depth of a line is the number of its blanks: a tab counts as one character, so two spaces are deeper.",
    ("How deep is a line that begins with a tab?",),
)
AFTER_HEADER = Lesson(
    "Right after a header there is no value to continue, so indentation means nothing: the line is an option.",
    ("Which value is still open when a header comes?", "Is an indented line an error where it continues nothing?"),
)
INDENTED_HEADER = Lesson(
    "Where there is no value to continue, indentation means nothing, and an indented header is a header.",
    ("Which value could a line continue that comes first of all, or right after another header?",),
)
HEADERS = Lesson(
    "Everything between the brackets of a header is its text: it may hold ; # and = like any other character.",
    (
        "Which characters does your pattern for a header allow?",
        "Is a line looked at as a header first, or as an option?",
    ),
)
LINE_ENDS = Lesson(
    "Each line ends with \\n or with \\r\\n, whatever the others do; the last one may end with neither.",
    (
        "Is a \\r left at the end of a value?",
        "Which function splits at more than these line ends, or at only one of them?",
    ),
)
EMPTY = Lesson(
    "Empty lines and lines of nothing but blanks or a comment are skipped, also before the first header.",
    ("What is left of the line when the comment and the blanks are cut?",),
)
NO_LIMIT = Lesson(
    "A real file has thousands of lines: a function that calls itself for each ends in a RecursionError.",
    ("What grows with each line? Go over the lines in a loop.",),
)

COMMENTS_DIRECTED = (
    *OPTION.of(
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
        lines("command=--a:b"),
    ),
    *COMMENT.of(
        lines("command=/bin/x ; note"),
        lines("command=/bin/x # note"),
        # Of one length: each mark and each blank alone, and only then another pair of them.
        lines("command=/bin/x ;note"),
        lines("command=/bin/x #note"),
        lines("command=/bin/x\t;note"),
        lines("command=/bin/x\t#note"),
        lines("command=/bin/x", header="[program:w] ; note"),
        lines("command=/bin/x", header="[program:w] # note"),
        lines("command=/bin/x", header="[program:w]\t; note"),
        lines("command=/bin/x", ";command=/bin/y"),
        lines("command=/bin/x", "#command=/bin/y"),
        lines("command=/bin/x", "  ;command=/bin/y"),
        lines("; directory=/old", "command=/bin/x", "#directory=/older"),
        lines("command=/bin/x", "startsecs=5\t;five"),
    ),
    *COMMENT.of(
        lines("command=/bin/x ;y;z"),
        lines("command=/bin/x ;; z"),
        lines("command=/bin/x # a ; b"),
    ),
    *GLUED.of(
        lines("command=; nothing"),
        lines("command=/bin/a;b"),
        lines("command=/bin/x;y"),
        lines("command=/bin/x#y"),
        lines("command=/bin/x;"),
        lines("command=/bin/x;y ;z"),
        lines("command=/bin/x#y #z"),
        lines("command=k=v;w"),
        lines("command=/bin/x --color=#fff"),
        lines("command=x;;y"),
        lines('command=sh -c "a;b"'),
        lines("command=find . -exec ls {} \\;"),
        lines("command=a\\;b \\#c"),
    ),
    *HEADERS.of(*(lines("command=/bin/x", header=f"[program:a{mark}b]") for mark in ";#=")),
    *NO_QUOTES.of(
        lines('command=sh -c "a ; b"'),
        lines("command=sh -c 'a # b'"),
        lines("command=x ' #b' c"),
        # The quote that the comment leaves open is closed on the next line.
        lines("command=/bin/x", 'environment=A="1 ;2"', '  "'),
    ),
    *NO_BACKSLASH.of(
        lines("command=a \\; b"),
        lines("command=a \\ ; b"),
        replace(lines("command=/bin/x \\", "  --a"), simpler=lines("command=/bin/x", "  --a")),
        lines("command=/bin/x \\", "directory=/d"),
    ),
    *GLUED_TO_NUMBER.of(
        lines("command=/bin/x", "startsecs=5;five"),
        lines("command=/bin/x", "startsecs=5;"),
        lines("command=/bin/x", "startsecs=5#five"),
    ),
    *CONTINUED.of(lines("command=/bin/x", "  --a")),
    *CONTINUED.of(
        lines("command=/bin/x", "  --a", "  --b"),
        few(*MANY["lines of a value"]),
        lines("command=/bin/x", "\t--a"),
        lines("command=/bin/x", "   --a", "  --b", " --c"),
        lines("command=/bin/x ; c", "  --a"),
        lines("command=/bin/x", "  --a ; d"),
        lines("command=/bin/x", "  --b;e # f"),
        lines("command=/bin/x", "  directory=/d"),
        lines("command=/bin/x", "  directory=/d", "directory=/e"),
        lines("command=/bin/x", "  user: x"),
        lines("command=/bin/x", "  [program:z]"),
        # Of values that nobody reads, too.
        lines("command=/bin/x", "stderr_logfile=b", "  c"),
        Case("[x]\na=b\n  c\n" + program()),
    ),
    *EMPTY_PART.of(
        lines("command=", "  /bin/x"),
        lines("command= ; c", "  /bin/x", "  --b"),
    ),
    *LEFT.of(lines("command ; = /bin/x", "command=/bin/y"), lines("command=/bin/x", "user # = x")),
    *BETWEEN.of(
        lines("command=/bin/x", "; between", "  --a"),
        few(*MANY["comments"]),
        lines("command=/bin/x", "      ; between", "  --a"),
        lines("command=/bin/x", "  --a", "  # between", "  --b"),
        lines("command=/bin/x", "  --a", "; then", "directory=/d"),
    ),
    # Before the lines below, which are indented right after a header, too.
    *AFTER_HEADER.of(
        lines("  command=/bin/x"),
        lines("", "  command=/bin/x"),
        Case("[program:a]\ncommand=/bin/x\n[program:b]\n  command=/bin/y\n"),
    ),
    *COMMENT_DEPTH.of(
        lines("  command=/bin/x", "; between", "    --a"),
        lines("  command=/bin/x", "; then", "  directory=/d"),
    ),
    *INDENTED_HEADER.of(
        Case("  [program:w]\ncommand=/bin/x\n"),
        Case("[supervisord]\n  [program:w]\ncommand=/bin/x\n"),
    ),
    *NOT_DEEPER.of(
        lines("command=/bin/x", "--a"),
        lines("  command=/bin/x", "  --a"),
        lines("\tcommand=/bin/x", "\t--a"),
        lines("  command=/bin/x", "  directory=/d"),
    ),
    *TABS.of(
        lines("  command=/bin/x", "\tdirectory=/d"),
        lines("\tcommand=/bin/x", "  --a"),
    ),
    *EMPTY.of(
        lines("command=/bin/x", "", "directory=/d"),
        lines("", "  ", "command=/bin/x"),
        lines("\t", "command=/bin/x"),
        few(*MANY["empty lines"]),
        Case("\n; nothing yet\n  # nor here\n[program:w]\ncommand=/bin/x\n"),
        Case("\t; nor here\n[program:w]\ncommand=/bin/x\n"),
    ),
    *LINE_ENDS.of(
        Case("[program:w]\r\ncommand=/bin/x\r\n"),
        Case("[program:w]\r\n\r\ncommand=/bin/x ; note\r\n  --a\r\n"),
        Case("[program:w]\ncommand=/bin/x\r\n"),  # line by line: a text may have both ends
        Case("[program:w]\r\ncommand=/bin/x\n"),
        Case("[program:w]\ncommand=/bin/x"),
    ),
)


# many_lines

MANY_LINES = NO_LIMIT.of(*(Case(first + often * LONG, simpler=few(first, often)) for first, often in MANY.values()))


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
    return Case("".join(texts), lesson=ONLY_LAST if fault else None)


def twice(first: Sequence[Option], second: Sequence[Option], between: str = "") -> Case:
    """Write a section in two parts."""
    return Case(section("program:w", *first) + between + section("program:w", *second))


MERGED = Lesson(
    "A header that comes again continues its section: its options are added to those that the section has already.",
    (
        "Which of the stdlib parser's defaults forbids a second section of one name?",
        "Does a header that is known already begin its section anew, or is it ignored?",
    ),
)
MERGED_GROUP = Lesson(
    "A group that comes again continues like a program: what its first part said still counts.",
    ("Where do you keep the options of a group: are they made anew at each header, or added to?",),
)
LAST = Lesson(
    "Where a key comes twice, the last value wins, with all of its lines and also across the parts of a section.",
    ("What does your code do with a key that it knows already?", "Is the old value replaced, or continued?"),
)
FOLDED = Lesson(
    "Keys are case-insensitive, in programs and in groups: NumProcs is numprocs, and COMMAND replaces command.",
    ("Is a key folded before it is stored?", "Are the keys of a group read like those of a program?"),
)
ONLY_LAST = Lesson(
    "Only the last value of a key is looked at: a mistake in an earlier one goes unnoticed, one in the last counts.",
    ("When is a value looked at: when it is read, or when it is known to be the last?",),
)
HEADER_ENDS = Lesson(
    "Right after a header that comes again there is no value to continue either: indentation means nothing there.",
    ("Which value is still open when a header comes, be it new or known already?",),
)

DUPLICATES_DIRECTED = (
    *MERGED.of(
        twice([("command", "/bin/a")], [("directory", "/d")]),
        twice([("directory", "/d")], [("command", "/bin/b")]),
        twice([("command", "/bin/a")], []),
        few(*MANY["sections"]),
        twice([("command", "/bin/a")], [("directory", "/b")], program(name="x")),
        twice([("command", "/bin/a")], [("directory", "/b")], section("supervisord", ("user", "root"))),
        Case(section("supervisord", ("user", "a"), ("user", "b")) * 2 + program()),
    ),
    *MERGED_GROUP.of(
        *(
            Case(
                section("group:g", one) + other + section("group:g", two),
                simpler=Case(section("group:g", one, two) + other),
            )
            for other in [program() + program(name="a")]
            for one, two in permutations([("programs", "w"), ("priority", "5")])
        ),
    ),
    *LAST.of(
        Case(section("program:w", ("command", "/bin/a"), ("command", "/bin/b"))),
        twice([("command", "/bin/a")], [("command", "/bin/b")]),
        twice([("command", "/bin/a")], [("command", "/bin/b")], program(name="x")),
        twice([("command", "/bin/a")], [("command", "/bin/b")], section("supervisord", ("user", "root"))),
        Case("[program:w]\ncommand=/bin/a\n  --k=v\ncommand=/bin/b\n"),
        Case(program(("environment", "A=1"), ("environment", ""))),
        few(*MANY["options"]),
        Case(
            program() + section("group:g", ("programs", "nobody"), ("programs", "w")),
            simpler=Case(program() + section("group:g", ("programs", "w"))),
        ),
    ),
    *FOLDED.of(
        Case(section("program:w", ("COMMAND", "/bin/a"))),
        Case(section("program:w", ("Command", "/bin/a"), ("cOMMAND", "/bin/b"))),
        Case(program(("StartSecs", "4"))),
        Case(program(("DIRECTORY", "/d"))),
        twice([("command", "/bin/a")], [("COMMAND", "/bin/b")]),
        twice([("command", "/bin/a"), ("STARTSECS", "4")], [("startsecs", "5")]),
        *(
            Case(section("group:g", *options) + program(), simpler=Case(section("group:g", simple) + program()))
            for simple, options in (
                (("programs", "w"), [("PROGRAMS", "w")]),
                (("programs", ""), [("Programs", "w"), ("programs", "")]),
                (("priority", "soon"), [("PRIORITY", "soon")]),
            )
        ),
    ),
    *ONLY_LAST.of(
        Case(section("program:w", ("command", "100%"), ("command", "/bin/b"))),
        Case(program(("startsecs", "soon"), ("startsecs", "3"))),
        Case(program(("startsecs", "3"), ("startsecs", "soon"))),
        Case(program(("autostart", "maybe"), ("autostart", "1"))),
        Case(program(("startsecs", "soon"), ("STARTSECS", "3"))),
        Case(program(("STARTSECS", "3"), ("startsecs", "soon"))),
        twice([("startsecs", "soon"), ("command", "/bin/a")], [("startsecs", "3")]),
        twice([("startsecs", "3"), ("command", "/bin/a")], [("startsecs", "soon")]),
    ),
    *HEADER_ENDS.of(Case("[program:w]\ncommand=/bin/a\n[program:w]\n  directory=/d\n")),
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
    taught = {"line": BAD_LINE, "before": NO_HEADER, "mark": NO_HEADER, "no command": NO_COMMAND}
    return Case("".join(texts), lesson=taught.get(fault or "", OTHERS))


NOTHING = Lesson(
    "A text that describes no process is right, and its answer is the empty list.",
    ("What does your code give for an empty text? It must be a list, not an error.",),
)
BAD_LINE = Lesson(
    "A line other than a header, a comment or an empty one must be an option with a key; else the text is refused.",
    (
        "What does your code do with a line without = or : ?",
        "May a key be empty?",
        "Must the lines of unknown sections be right?",
    ),
)
CONTINUES_NOTHING = Lesson(
    "Right after a header there is no value to continue, so indentation means nothing: the line must be an option.",
    ("What does an indented line continue that comes before the first key of its section?",),
)
NO_HEADER = Lesson(
    "Before the first header there may be only comments and empty lines; a byte order mark is neither.",
    ("To which section would that line belong?",),
)
OTHERS = Lesson(
    "Only [program:NAME] and [group:NAME], spelt like this, run anything; other sections are ignored.",
    ("Which headers does your code take for a program?", "Does any value of another section reach a program?"),
)
NO_COMMAND = Lesson(
    "A program that runs a process needs a command, wherever it is in the file, in a group or not.",
    ("What does your code do with an absent command, and what with an empty one?",),
)
ANEW = Lesson(
    "A call starts from nothing, also after one that failed.",
    ("What is kept at the level of the module, and what is left in it when an exception passes?",),
)

STRUCTURE_DIRECTED = (
    *NOTHING.of(
        Case(""),
        Case("\n"),
        Case("; nothing\n\n"),
        Case("[supervisord]\n"),
    ),
    *NO_COMMAND.of(
        Case("[program:w]\n"),
        Case("[program:w]\ndirectory=/d\n"),
        Case(program(("numprocs", "2"), ("process_name", "p%(process_num)d"), command=None)),
        Case(program() + program(name="v", command=None)),
        Case(section("group:g", ("programs", "w")) + program(command=None)),
    ),
    *BAD_LINE.of(
        *(Case(f"[supervisord]\n{bad}\n") for bad in NO_OPTION),
        *(Case(f"{program()}{bad}\n") for bad in NO_OPTION),
    ),
    *CONTINUES_NOTHING.of(Case("[program:w]\n  --a\ncommand=/bin/x\n")),
    *NO_HEADER.of(
        Case("command=/bin/x\n"),
        *(Case(f"{bad}\n") for bad in NO_OPTION),
        Case("  a=b\n" + program()),
        Case("  a: b\n" + program()),
        Case("# note\nuser=x\n" + program()),
        Case("program:w\ncommand=/bin/x\n"),
        Case("[program:w\ncommand=/bin/x\n"),
        Case("\ufeff" + program()),
    ),
    *OTHERS.of(
        *(Case(text) for text in IGNORED),
        *(Case(text + program()) for text in IGNORED),
        Case(section("supervisord", ("startsecs", "soon")) + program()),
        Case("[ program:w]\ncommand=/bin/x\n"),
        Case("[program : w]\ncommand=/bin/x\n"),
    ),
    # Nothing stays of a call that failed.
    *ANEW.of(Case(program(), before=Case("[program:z]\nx\n"))),
)
