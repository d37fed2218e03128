"""Route: the stdlib's ConfigParser with an Interpolation of our own and converters per type.

A naive suite rejects it because it uses ConfigParser, whose defaults are all wrong for this format.
"""

import configparser
import shlex
from collections.abc import Mapping
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


class Percent(configparser.Interpolation):
    """Expand with the names that hold right now."""

    def __init__(self) -> None:
        self.names: dict[str, Any] = {}

    def before_get(self, parser, section, option, value, defaults):
        try:
            return value % self.names
        except (KeyError, TypeError, ValueError) as error:
            raise SupervisorConfigError(f"[{section}] {option}: {error}") from error


def to_name(text: str) -> str:
    if any(bad in text.strip() for bad in (" ", ":", "/")):
        raise ValueError(f"illegal name {text!r}")
    return text.strip()


def to_names(text: str) -> list[str]:
    return list(map(str.strip, text.split(","))) if text else []


def to_codes(text: str) -> tuple[int, ...]:
    return tuple(bytes(int(code) for code in text.split(","))) if text else ()


def to_restart(text: str) -> str:
    words = configparser.ConfigParser.BOOLEAN_STATES
    if text.lower() not in words:
        if text.lower() == "unexpected":
            return "unexpected"
        raise ValueError(f"bad autorestart {text!r}")
    return "always" if words[text.lower()] else "never"


def to_size(text: str) -> int:
    number, unit = text[:-2], text[-2:].lower()
    scale = {"kb": 1024, "mb": 1024 * 1024, "gb": 1024 * 1024 * 1024}
    return int(number) * scale[unit] if unit in scale else int(text)


def to_pairs(text: str) -> dict[str, str]:
    lexer = shlex.shlex(text, posix=False)
    lexer.commenters = ""
    lexer.wordchars += "/.+-():"
    pairs = {}
    for key in lexer:
        equals, value, _ = lexer.get_token(), lexer.get_token(), lexer.get_token()
        if equals != "=" or not value:
            raise ValueError(f"not KEY=value: {text!r}")
        pairs[key] = value[1:-1] if value[0] in "'\"" else value
    return pairs


CONVERTERS = {
    "name": to_name,
    "names": to_names,
    "codes": to_codes,
    "restart": to_restart,
    "size": to_size,
    "pairs": to_pairs,
}


def parse_supervisor_config(
    text: str, *, env: Mapping[str, str] | None = None, here: str = "/etc/supervisor"
) -> list[ProcessSpec]:
    percent = Percent()
    parser = configparser.ConfigParser(
        interpolation=percent,
        strict=False,
        inline_comment_prefixes=(";", "#"),
        converters=CONVERTERS,
    )
    percent.names = {"here": here} | {f"ENV_{key}": value for key, value in (env or {}).items()}
    try:
        parser.read_string(text)
        return Reader(parser, percent).everything()
    except SupervisorConfigError:
        raise
    except (configparser.Error, ValueError) as error:
        raise SupervisorConfigError(str(error)) from error


class Reader:
    """Walk through the sections, with more names known at each step."""

    def __init__(self, parser: configparser.ConfigParser, percent: Percent) -> None:
        self.parser = parser
        self.percent = percent

    def everything(self) -> list[ProcessSpec]:
        groups: dict[tuple[int, str], list[ProcessSpec]] = {}
        single = [name for name in self.parser.sections() if name.startswith("program:")]
        for header in self.parser.sections():
            if header.startswith("group:"):
                section = self.parser[header]
                key = (section.getint("priority", 999), to_name(header.partition(":")[2]))
                groups[key] = []
                for member in section.getnames("programs", []):
                    if not self.parser.has_section(f"program:{member}"):
                        raise SupervisorConfigError(f"[{header}] names {member!r}")
                    if f"program:{member}" in single:
                        single.remove(f"program:{member}")
                    groups[key] += self.program(f"program:{member}", key[1])
        for header in single:
            name = to_name(header.partition(":")[2])
            key = (self.parser[header].getint("priority", 999), name)
            groups[key] = self.program(header, name)
        return [spec for key in sorted(groups) for spec in groups[key]]

    def program(self, header: str, group: str) -> list[ProcessSpec]:
        section = self.parser[header]
        before = self.percent.names
        values: dict[str, Any] = {"group": group, "priority": section.getint("priority", 999)}
        names = {**before, "program_name": to_name(header.partition(":")[2]), "group_name": group}
        self.percent.names = names
        values["autostart"] = section.getboolean("autostart", True)
        values["autorestart"] = section.getrestart("autorestart", "unexpected")
        values["startsecs"] = section.getint("startsecs", 1)
        values["startretries"] = section.getint("startretries", 3)
        values["exitcodes"] = section.getcodes("exitcodes", (0,))
        count = section.getint("numprocs", 1)
        start = section.getint("numprocs_start", 0)
        template = to_name(self.parser.get(header, "process_name", raw=True, fallback="%(program_name)s"))
        if count > 1 and "%(process_num)" not in template:
            raise SupervisorConfigError(f"[{header}] needs %(process_num) in {template!r}")
        specs = []
        for number in range(start, start + count):
            self.percent.names = names | {"process_num": number, "numprocs": count}
            environment = section.getpairs("environment", {})
            own = {f"ENV_{key}": value for key, value in environment.items()}
            self.percent.names = self.percent.names | own
            specs.append(
                ProcessSpec(
                    name=section.get("process_name", self.percent.names["program_name"]),
                    command=self.parser.get(header, "command"),
                    directory=section.get("directory"),
                    stdout_logfile_maxbytes=section.getsize("stdout_logfile_maxbytes", 50 << 20),
                    environment=environment,
                    **values,
                )
            )
        self.percent.names = before
        return sorted(specs, key=lambda spec: spec.name)
