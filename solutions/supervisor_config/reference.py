"""Reference for supervisor_config: read lines, expand per process, convert what is final."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import attrgetter, itemgetter
from typing import Literal, TypeVar

T = TypeVar("T")
Restart = Literal["always", "unexpected", "never"]
Names = Mapping[str, str | int]

COMMENT = re.compile(r"(?<!\S)[;#].*")  # quotes and backslashes do not protect it
HEADER = re.compile(r"\[(.+)\]")
DELIMITER = re.compile(r"\s*[=:]\s*")
TOKEN = re.compile(r"""  "[^"]*" | '[^']*' | [\w/.+():-]+ | [^\s"']  """, re.ASCII | re.VERBOSE)
TRUE, FALSE = ("yes", "true", "on", "1"), ("no", "false", "off", "0")
UNITS = {"kb": 1024, "mb": 1024**2, "gb": 1024**3}


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
    autorestart: Restart
    startsecs: int
    startretries: int
    exitcodes: tuple[int, ...]
    priority: int
    stdout_logfile_maxbytes: int
    environment: Mapping[str, str]


def parse_supervisor_config(
    text: str, *, env: Mapping[str, str] | None = None, here: str = "/etc/supervisor"
) -> list[ProcessSpec]:
    """Return the processes that `text` describes, in supervisord's order."""
    names = {"here": here, **_environment_names(env or {})}
    sections = {header: _Section(raw, names) for header, raw in _read_sections(text).items()}
    groups: list[tuple[int, str, list[str]]] = []
    for header, section in sections.items():
        if header.startswith("group:"):
            members = [f"program:{name}" for name in section.get("programs", _split_list, "")]
            if unknown := [member for member in members if member not in sections]:
                raise SupervisorConfigError(f"[{header}] needs [{unknown[0]}]")
            groups.append((section.get("priority", int, "999"), _own_name(header), members))
    grouped = {member for *_, members in groups for member in members}
    for header, section in sections.items():
        if header.startswith("program:") and header not in grouped:
            groups.append((section.get("priority", int, "999"), _own_name(header), [header]))
    return [
        process
        for _, group, members in sorted(groups, key=itemgetter(0, 1))
        for member in members
        for process in _read_processes(_own_name(member), group, sections[member])
    ]


def _read_sections(text: str) -> dict[str, dict[str, str]]:
    """Return the raw values by header and lower-case key: comments cut, continuations joined."""
    sections: dict[str, dict[str, list[str]]] = {}
    options: dict[str, list[str]] | None = None
    value: list[str] | None = None  # what a deeper line continues
    indent = 0
    for raw in text.split("\n"):
        line = COMMENT.sub("", raw).strip()
        if not line:
            continue
        depth = len(raw) - len(raw.lstrip())
        if value is not None and depth > indent:
            value.append(line)
            continue
        indent = depth
        delimiter = DELIMITER.search(line)
        if header := HEADER.fullmatch(line):
            options, value = sections.setdefault(header[1], {}), None
        elif options is None or delimiter is None or delimiter.start() == 0:
            raise SupervisorConfigError(f"no header, and no key = value of a section: {line!r}")
        else:
            value = options[line[: delimiter.start()].lower()] = [line[delimiter.end() :]]
    return {header: {key: "\n".join(lines) for key, lines in options.items()} for header, options in sections.items()}


@dataclass(frozen=True)
class _Section:
    """The options of a section, and the names that their values may use."""

    options: Mapping[str, str]
    names: Names

    def get(self, key: str, convert: Callable[[str], T], default: str) -> T:
        """Return the option or the default: first expanded, then converted."""
        text = self.expand(self.options.get(key, default))
        try:
            return convert(text)
        except ValueError as error:
            raise SupervisorConfigError(f"{key} = {text!r}: {error}") from error

    def expand(self, text: str) -> str:
        """Replace every %(name)s; what comes in is not looked at again."""
        try:
            return text % self.names
        except (KeyError, TypeError, ValueError) as error:
            raise SupervisorConfigError(f"cannot expand {text!r}: {error}") from error

    def text(self, key: str) -> str | None:
        """Return the expanded option, or None where it is absent."""
        return self.expand(self.options[key]) if key in self.options else None

    def knowing(self, names: Names) -> "_Section":
        """Return the same options with more names."""
        return _Section(self.options, {**self.names, **names})


def _read_processes(program: str, group: str, plain: _Section) -> list[ProcessSpec]:
    """Return the processes of one program as members of `group`, sorted by name."""
    section = plain.knowing({"program_name": program, "group_name": group})
    priority = plain.get("priority", int, "999")
    autostart = section.get("autostart", _boolean, "true")
    autorestart = section.get("autorestart", _restart, "unexpected")
    startsecs = section.get("startsecs", int, "1")
    startretries = section.get("startretries", int, "3")
    exitcodes = section.get("exitcodes", _exit_codes, "0")
    numprocs = section.get("numprocs", int, "1")
    start = section.get("numprocs_start", int, "0")
    template = _checked_name(section.options.get("process_name", "%(program_name)s"))
    if numprocs > 1 and "%(process_num)" not in template:
        raise SupervisorConfigError(f"%(process_num) must be in process_name, not {template!r}")

    processes = []
    for number in range(start, start + numprocs):
        process = section.knowing({"process_num": number, "numprocs": numprocs})
        environment = process.get("environment", _key_value_pairs, "")
        process = process.knowing(_environment_names(environment))
        command = process.text("command")
        if command is None:
            raise SupervisorConfigError(f"program {program!r} has no command")
        processes.append(
            ProcessSpec(
                group=group,
                name=process.expand(template),
                command=command,
                directory=process.text("directory"),
                autostart=autostart,
                autorestart=autorestart,
                startsecs=startsecs,
                startretries=startretries,
                exitcodes=exitcodes,
                priority=priority,
                stdout_logfile_maxbytes=process.get("stdout_logfile_maxbytes", _size, "50MB"),
                environment=environment,
            )
        )
    return sorted(processes, key=attrgetter("name"))


def _environment_names(environment: Mapping[str, str]) -> dict[str, str | int]:
    """Return the names by which values refer to an environment."""
    return {f"ENV_{key}": value for key, value in environment.items()}


def _own_name(header: str) -> str:
    """Return the NAME of [program:NAME] or [group:NAME]."""
    return _checked_name(header.partition(":")[2])


def _checked_name(text: str) -> str:
    """Return the name without outer blanks; refuse what would break supervisord's protocols."""
    name = text.strip()
    if any(character in name for character in " :/"):
        raise SupervisorConfigError(f"a space, : or / in the name {name!r}")
    return name


def _split_list(text: str) -> list[str]:
    """Return the items between the commas; an empty text has none."""
    return [item.strip() for item in text.split(",")] if text else []


def _boolean(text: str) -> bool:
    """Convert one of eight words."""
    if text.lower() not in TRUE + FALSE:
        raise ValueError("not a boolean")
    return text.lower() in TRUE


def _restart(text: str) -> Restart:
    """Convert a boolean or `unexpected`."""
    if text.lower() == "unexpected":
        return "unexpected"
    return "always" if _boolean(text) else "never"


def _exit_codes(text: str) -> tuple[int, ...]:
    """Convert a list of exit codes."""
    codes = tuple(int(item) for item in _split_list(text))
    if not all(0 <= code <= 255 for code in codes):
        raise ValueError("an exit code is 0..255")
    return codes


def _size(text: str) -> int:
    """Convert a number of bytes, KB, MB or GB."""
    unit = UNITS.get(text[-2:].lower())
    return int(text) if unit is None else int(text[:-2]) * unit


def _key_value_pairs(text: str) -> dict[str, str]:
    """Read the tokens in fours: key, =, value, separator."""
    if TOKEN.sub("", text).strip():
        raise ValueError("unclosed quote")
    tokens = TOKEN.findall(text)
    pairs = {}
    for at in range(0, len(tokens), 4):
        match tokens[at : at + 3]:
            case [key, "=", value]:
                pairs[key] = value.strip("\"'")
            case rest:
                raise ValueError(f"KEY=value expected, not {' '.join(rest)}")
    return pairs
