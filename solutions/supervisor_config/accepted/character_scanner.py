"""Route: no configparser and no re; characters are scanned by hand, expansions too.

A naive suite rejects it because its dataclass has slots, so that a spec has no `__dict__`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from string import ascii_letters, digits
from typing import Literal


class SupervisorConfigError(ValueError):
    """The text is not a configuration that supervisord would accept."""


@dataclass(frozen=True, slots=True)
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


WORD = set(ascii_letters + digits + "_/.+-():")
BLANK = " \t\r\n"


def parse_supervisor_config(
    text: str, *, env: Mapping[str, str] | None = None, here: str = "/etc/supervisor"
) -> list[ProcessSpec]:
    sections: dict[str, dict[str, str]] = {}
    for header, key, value in scan(text):
        found = sections.setdefault(header, {})
        if key:
            found[key] = value
    outer: dict[str, str | int] = {"here": here}
    for key, value in (env or {}).items():
        outer["ENV_" + key] = value

    groups = []
    taken = set()
    for header, options in sections.items():
        if header[:6] == "group:":
            listed = expand(options.get("programs", ""), outer)
            members = ["program:" + item.strip() for item in listed.split(",")] if listed else []
            for member in members:
                if member not in sections:
                    raise SupervisorConfigError("no section " + member)
            taken.update(members)
            rank = integer(expand(options.get("priority", "999"), outer))
            groups.append((rank, name_of(header), members))
    for header, options in sections.items():
        if header[:8] == "program:" and header not in taken:
            rank = integer(expand(options.get("priority", "999"), outer))
            groups.append((rank, name_of(header), [header]))

    specs: list[ProcessSpec] = []
    for _, group, members in sorted(groups, key=lambda entry: entry[:2]):
        for member in members:
            specs += build(name_of(member), group, sections[member], outer)
    return specs


def scan(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield (header, key, value) in the order of the text; the key is empty for a header."""
    header = ""
    key = ""
    value = ""
    margin = 0
    for line in text.split("\n"):
        kept = cut_comment(line).strip()
        if kept == "":
            continue
        indent = 0
        while line[indent] in BLANK:
            indent += 1
        if key and indent > margin:
            value += "\n" + kept
            continue
        if key:
            yield header, key, value
            key = ""
        margin = indent
        if kept[0] == "[" and kept[-1] == "]" and len(kept) > 2:
            header = kept[1:-1]
            yield header, "", ""
            continue
        for at, character in enumerate(kept):
            if character in "=:":
                key, value = kept[:at].rstrip().lower(), kept[at + 1 :].lstrip()
                break
        if not key or not header:
            raise SupervisorConfigError("cannot read the line " + kept)
    if key:
        yield header, key, value


def cut_comment(line: str) -> str:
    before = " "
    for at, character in enumerate(line):
        if character in ";#" and before in BLANK:
            return line[:at]
        before = character
    return line


def expand(text: str, names: Mapping[str, str | int]) -> str:
    """Replace %(name)s and %%, reading from left to right, never what was put in."""
    done = ""
    while "%" in text:
        plain, _, text = text.partition("%")
        done += plain
        if text[:1] == "%":
            done += "%"
            text = text[1:]
            continue
        name, closed, text = text[1:].partition(")") if text[:1] == "(" else ("", "", "")
        if not closed or name not in names:
            raise SupervisorConfigError("cannot expand " + repr(name))
        flag = ""
        if text[:1] in ("-", "0"):
            flag, text = text[0], text[1:]
        width = ""
        while text[:1].isdigit():
            width, text = width + text[0], text[1:]
        done += one(names[name], flag, int(width or "0"), text[:1])
        text = text[1:]
    return done + text


def one(value: str | int, flag: str, width: int, kind: str) -> str:
    if kind == "s":
        shown = str(value)
        flag = flag.replace("0", "")
    elif kind in ("d", "x") and isinstance(value, int):
        shown = str(value) if kind == "d" else hex(value).replace("0x", "")
    else:
        raise SupervisorConfigError("cannot show " + repr(value) + " as " + repr(kind))
    if flag == "-":
        return shown.ljust(width)
    return shown.zfill(width) if flag == "0" else shown.rjust(width)


def build(program: str, group: str, options: dict[str, str], outer: dict[str, str | int]) -> list[ProcessSpec]:
    names: dict[str, str | int] = {**outer, "program_name": program, "group_name": group}
    priority = integer(expand(options.get("priority", "999"), outer))
    autostart = boolean(expand(options.get("autostart", "true"), names))
    wish = expand(options.get("autorestart", "unexpected"), names).lower()
    autorestart = wish
    if wish != "unexpected":
        autorestart = "always" if boolean(wish) else "never"
    startsecs = integer(expand(options.get("startsecs", "1"), names))
    startretries = integer(expand(options.get("startretries", "3"), names))
    exitcodes = codes(expand(options.get("exitcodes", "0"), names))
    count = integer(expand(options.get("numprocs", "1"), names))
    start = integer(expand(options.get("numprocs_start", "0"), names))
    template = legal(options.get("process_name", "%(program_name)s"))
    if count > 1 and template.find("%(process_num)") < 0:
        raise SupervisorConfigError("one name for many processes: " + template)
    specs = []
    number = start
    while number < start + count:
        names.update(process_num=number, numprocs=count)
        environment = pairs(expand(options.get("environment", ""), names))
        inner = dict(names)
        for key in environment:
            inner["ENV_" + key] = environment[key]
        if "command" not in options:
            raise SupervisorConfigError("no command in " + program)
        folder = options.get("directory")
        specs.append(
            ProcessSpec(
                group=group,
                name=expand(template, inner),
                command=expand(options["command"], inner),
                directory=folder if folder is None else expand(folder, inner),
                autostart=autostart,
                autorestart=autorestart,
                startsecs=startsecs,
                startretries=startretries,
                exitcodes=exitcodes,
                priority=priority,
                stdout_logfile_maxbytes=size(expand(options.get("stdout_logfile_maxbytes", "50MB"), inner)),
                environment=environment,
            )
        )
        number += 1
    specs.sort(key=lambda spec: spec.name)
    return specs


def name_of(header: str) -> str:
    return legal(header[header.index(":") + 1 :])


def legal(name: str) -> str:
    name = name.strip()
    if set(name) & set(" :/"):
        raise SupervisorConfigError("illegal name " + name)
    return name


def integer(text: str) -> int:
    body = text.strip()
    if body[:1] in ("+", "-"):
        body = body[1:]
    if not body or any(character not in digits for character in body):
        raise SupervisorConfigError("no integer: " + repr(text))
    return int(text)


def boolean(text: str) -> bool:
    if text.lower() in ("yes", "true", "on", "1"):
        return True
    if text.lower() in ("no", "false", "off", "0"):
        return False
    raise SupervisorConfigError("no boolean: " + repr(text))


def codes(text: str) -> tuple[int, ...]:
    if text == "":
        return ()
    found = []
    for item in text.split(","):
        code = integer(item)
        if code not in range(256):
            raise SupervisorConfigError("no exit code: " + item)
        found.append(code)
    return tuple(found)


def size(text: str) -> int:
    factor = 1
    for unit in ("GB", "MB", "KB"):
        if text[-2:].upper() == unit:
            text = text[:-2]
            factor = 1024 ** (1 + ["KB", "MB", "GB"].index(unit))
            break
    return integer(text) * factor


def pairs(text: str) -> dict[str, str]:
    tokens = []
    at = 0
    while at < len(text):
        character = text[at]
        end = at + 1
        if character in BLANK:
            pass
        elif character in "\"'":
            end = text.find(character, end) + 1
            if end == 0:
                raise SupervisorConfigError("unclosed quote in " + text)
            tokens.append(text[at:end])
        else:
            while character in WORD and end < len(text) and text[end] in WORD:
                end += 1
            tokens.append(text[at:end])
        at = end
    found = {}
    for start in range(0, len(tokens), 4):
        pair = tokens[start : start + 3]
        if len(pair) < 3 or pair[1] != "=":
            raise SupervisorConfigError("no KEY=value: " + " ".join(pair))
        quoted = pair[2][0] in "\"'"
        found[pair[0]] = pair[2][1:-1] if quoted else pair[2]
    return found
