r"""Route: regular expressions read the lines, the expansions (by `format`) and the pairs.

A naive suite rejects it because it wants the error of the `%` operator as the cause of the error.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal


class SupervisorConfigError(ValueError):
    """The text is not a configuration that supervisord would accept."""


@dataclass(frozen=True)
class ProcessSpec:
    """One process that supervisord would run."""

    group: str
    name: str
    command: str
    directory: str | None
    autostart: bool
    autorestart: Literal["always", "unexpected", "never"]
    startsecs: int
    startretries: int
    exitcodes: tuple[int, ...]
    priority: int
    stdout_logfile_maxbytes: int
    environment: Mapping[str, str]


LINE = re.compile(r"(?P<indent>\s*)(?P<rest>.*?)(?:(?<!\S)[;#].*)?", re.DOTALL)
OPTION = re.compile(r"([^=:]*[^=:\s])\s*[=:]\s*(.*)", re.DOTALL)
EXPANSION = re.compile(r"%(?:(%)|\((.*?)\)([-0]?)(\d*)([sdx])|)", re.DOTALL)
PAIRS = re.compile(r"""("[^"]*"|'[^']*'|[A-Za-z0-9_/.+():-]+|[^\s"'])\s*""")
INTEGER = r"\s*[+-]?[0-9]+\s*"


def parse_supervisor_config(
    text: str, *, env: Mapping[str, str] | None = None, here: str = "/etc/supervisor"
) -> list[ProcessSpec]:
    sections = read(text)
    names: dict[str, Any] = {f"ENV_{key}": value for key, value in (env or {}).items()}
    names["here"] = here
    ranked: list[tuple[int, str, list[ProcessSpec]]] = []
    alone = {header for header in sections if re.match("program:", header)}
    programs = set(alone)
    for header, options in sections.items():
        if matched := re.fullmatch(r"group:(.*)", header):
            name = legal(matched[1])
            value = expander(names)
            members = value(options.get("programs", ""))
            inside = []
            for member in re.split(r"\s*,\s*", members.strip()) if members else []:
                if f"program:{member}" not in programs:
                    fail(f"no program {member!r}")
                alone.discard(f"program:{member}")
                inside += program(member, name, sections[f"program:{member}"], names)
            ranked.append((integer(value(options.get("priority", "999"))), name, inside))
    for header in alone:
        name = legal(header.removeprefix("program:"))
        priority = integer(expander(names)(sections[header].get("priority", "999")))
        ranked.append((priority, name, program(name, name, sections[header], names)))
    ranked.sort(key=lambda item: item[1])
    ranked.sort(key=lambda item: item[0])
    return [spec for *_, specs in ranked for spec in specs]


def fail(why: str) -> None:
    raise SupervisorConfigError(why)


def read(text: str) -> dict[str, dict[str, str]]:
    sections: dict[str, dict[str, str]] = defaultdict(dict)
    header = key = None
    margin = 0
    for line in re.split(r"\r?\n", text):
        indent, rest = LINE.fullmatch(line).group("indent", "rest")
        rest = rest.rstrip()
        if not rest:
            continue
        if key is not None and len(indent) > margin:
            sections[header][key] += f"\n{rest}"
            continue
        margin = len(indent)
        if opened := re.fullmatch(r"\[(.+)\]", rest):
            header, key = opened[1], None
            sections[header]
        elif header is not None and (option := OPTION.fullmatch(rest)):
            key = option[1].lower()
            sections[header][key] = option[2]
        else:
            fail(f"unreadable line {rest!r}")
    return sections


def expander(names: Mapping[str, Any]) -> Callable[[str], str]:
    def replace(found: re.Match[str]) -> str:
        percent, name, flag, width, kind = found.groups()
        if percent:
            return "%"
        if name not in names or (kind != "s" and not isinstance(names[name], int)):
            fail(f"cannot expand {found.string!r}")
        value = str(names[name]) if kind == "s" else names[name]
        align = {"-": "<", "0": "0" if kind != "s" else ">", "": ">"}[flag]
        return format(value, f"{align}{width}{kind}" if width else kind)

    return lambda template: EXPANSION.sub(replace, template)


def program(name: str, group: str, options: Mapping[str, str], names: Mapping[str, Any]) -> list[ProcessSpec]:
    legal(name)
    outer = expander(names)
    value = expander({**names, "program_name": name, "group_name": group})
    fixed: dict[str, Any] = {
        "group": group,
        "autostart": boolean(value(options.get("autostart", "true"))),
        "autorestart": restart(value(options.get("autorestart", "unexpected"))),
        "startsecs": integer(value(options.get("startsecs", "1"))),
        "startretries": integer(value(options.get("startretries", "3"))),
        "exitcodes": codes(value(options.get("exitcodes", "0"))),
        "priority": integer(outer(options.get("priority", "999"))),
    }
    count = integer(value(options.get("numprocs", "1")))
    start = integer(value(options.get("numprocs_start", "0")))
    template = legal(options.get("process_name", "%(program_name)s"))
    if count > 1 and not re.search(r"%\(process_num\)", template):
        fail(f"{template!r} for {count} processes")
    specs = {}
    for number in range(start, start + count):
        known = {**names, "program_name": name, "group_name": group}
        known.update(process_num=number, numprocs=count)
        environment = pairs(expander(known)(options.get("environment", "")))
        known.update((f"ENV_{key}", text) for key, text in environment.items())
        value = expander(known)
        if "command" not in options:
            fail(f"no command for {name}")
        specs[value(template)] = ProcessSpec(
            name=value(template),
            command=value(options["command"]),
            directory=value(options["directory"]) if "directory" in options else None,
            stdout_logfile_maxbytes=size(value(options.get("stdout_logfile_maxbytes", "50MB"))),
            environment=environment,
            **fixed,
        )
    return [specs[key] for key in sorted(specs)]


def legal(name: str) -> str:
    if not re.fullmatch(r"[^ :/]*", name.strip()):
        fail(f"bad name {name!r}")
    return name.strip()


def integer(text: str) -> int:
    if not re.fullmatch(INTEGER, text):
        fail(f"bad integer {text!r}")
    return int(text)


def boolean(text: str) -> bool:
    matched = re.fullmatch(r"(yes|true|on|1)|no|false|off|0", text, re.IGNORECASE)
    if matched is None:
        fail(f"bad boolean {text!r}")
    return matched[1] is not None


def restart(text: str) -> str:
    if re.fullmatch("unexpected", text, re.IGNORECASE):
        return "unexpected"
    return {True: "always", False: "never"}[boolean(text)]


def codes(text: str) -> tuple[int, ...]:
    found = tuple(integer(item) for item in text.split(",")) if text else ()
    if any(code < 0 or code > 255 for code in found):
        fail(f"bad exit codes {text!r}")
    return found


def size(text: str) -> int:
    matched = re.fullmatch(rf"({INTEGER})([KMG]B)?", text, re.IGNORECASE)
    if matched is None:
        fail(f"bad size {text!r}")
    return int(matched[1]) * 1024 ** " KMG".index((matched[2] or " ")[0].upper())


def pairs(text: str) -> dict[str, str]:
    rest, tokens = text.lstrip(), []
    while rest:
        token = PAIRS.match(rest)
        if token is None:
            fail(f"unclosed quote in {text!r}")
        tokens.append(token[1])
        rest = rest[token.end() :]
    found = {}
    for key, equals, value, *_ in (tokens[at : at + 4] + [""] * 3 for at in range(0, len(tokens), 4)):
        if equals != "=" or value == "":
            fail(f"not KEY=value in {text!r}")
        found[key] = re.sub(r"""^(["'])(.*)\1$""", r"\2", value, flags=re.DOTALL)
    return found
