"""Route: a subclass of RawConfigParser that expands and converts, one long list sorted once.

A naive suite rejects it because its environment is a read-only mapping, which is no dict.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from configparser import Error, RawConfigParser
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal


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


PAIR = re.compile(
    r"""\s* (?P<key> [\w/.+():-]+ | [^\s"'] )
        \s* =
        \s* (?: "(?P<double>[^"]*)" | '(?P<single>[^']*)' | (?P<bare> [\w/.+():-]+ | [^\s"'] ) )
        \s* (?: $ | [\w/.+():-]+ | "[^"]*" | '[^']*' | [^\s"'] ) \s*""",
    re.VERBOSE | re.ASCII,
)


class SupervisorParser(RawConfigParser):
    """The file format, and values that know their names."""

    def __init__(self, names: dict[str, object]) -> None:
        super().__init__(inline_comment_prefixes=(";", "#"), strict=False)
        self.names = names

    def headers(self, kind: str) -> list[tuple[str, str]]:
        return [
            (header, self.legal(header.split(":", 1)[1])) for header in self.sections() if header.startswith(kind + ":")
        ]

    def text(self, header: str, key: str, default: str, **names: object) -> str:
        template = self.get(header, key, fallback=default)
        try:
            return template % {**self.names, **names}
        except (KeyError, TypeError, ValueError) as problem:
            raise SupervisorConfigError(f"[{header}] {key}: {problem!r}") from problem

    def number(self, header: str, key: str, default: int, **names: object) -> int:
        return int(self.text(header, key, str(default), **names))

    def flag(self, header: str, key: str, default: str, **names: object) -> bool:
        return self._convert_to_boolean(self.text(header, key, default, **names))

    def size(self, header: str, key: str, default: str, **names: object) -> int:
        digits, unit = re.fullmatch(r"(.*?)(kb|mb|gb|)", self.text(header, key, default, **names), re.I | re.S).groups()
        return int(digits) << {"": 0, "kb": 10, "mb": 20, "gb": 30}[unit.lower()]

    def codes(self, header: str, key: str, default: str, **names: object) -> tuple[int, ...]:
        text = self.text(header, key, default, **names)
        codes = tuple(map(int, text.split(","))) if text else ()
        if set(codes) - set(range(256)):
            raise SupervisorConfigError(f"[{header}] {key}: {text}")
        return codes

    def restart(self, header: str, key: str, default: str, **names: object) -> str:
        if self.text(header, key, default, **names).lower() == "unexpected":
            return "unexpected"
        return "always" if self.flag(header, key, default, **names) else "never"

    def pairs(self, header: str, key: str, **names: object) -> Mapping[str, str]:
        text, at, found = self.text(header, key, "", **names), 0, {}
        while text[at:].strip():
            pair = PAIR.match(text, at)
            if pair is None:
                raise SupervisorConfigError(f"[{header}] {key}: {text[at:]}")
            found[pair["key"]] = next(value for value in pair.group("double", "single", "bare") if value is not None)
            at = pair.end()
        return MappingProxyType(found)

    def legal(self, name: str) -> str:
        if re.search("[ :/]", name.strip()):
            raise SupervisorConfigError(f"illegal name {name!r}")
        return name.strip()


def parse_supervisor_config(
    text: str, *, env: Mapping[str, str] | None = None, here: str = "/etc/supervisor"
) -> list[ProcessSpec]:
    names: dict[str, object] = {f"ENV_{key}": value for key, value in (env or {}).items()}
    parser = SupervisorParser({**names, "here": here})
    try:
        parser.read_string(text)
        return list(ordered(parser))
    except SupervisorConfigError:
        raise
    except (Error, ValueError) as problem:
        raise SupervisorConfigError(f"{problem}") from problem


def ordered(parser: SupervisorParser):
    """Yield the processes by (priority of the group, group, place in the group, name)."""
    entries, placed = [], set()
    for header, group in parser.headers("group"):
        priority = parser.number(header, "priority", 999)
        listed = parser.text(header, "programs", "")
        for place, member in enumerate(listed.split(",") if listed else ()):
            program = f"program:{member.strip()}"
            if program not in parser:
                raise SupervisorConfigError(f"[{header}] names {member!r}")
            placed.add(program)
            for spec in processes(parser, program, group):
                entries.append((priority, group, place, spec.name, spec))
    for header, group in parser.headers("program"):
        if header not in placed:
            priority = parser.number(header, "priority", 999)
            for spec in processes(parser, header, group):
                entries.append((priority, group, 0, spec.name, spec))
    entries.sort(key=lambda entry: entry[:4])
    return (entry[-1] for entry in entries)


def processes(parser: SupervisorParser, header: str, group: str) -> list[ProcessSpec]:
    names = {"program_name": parser.legal(header.split(":", 1)[1]), "group_name": group}
    shared = {
        "group": group,
        "priority": parser.number(header, "priority", 999),
        "autostart": parser.flag(header, "autostart", "true", **names),
        "autorestart": parser.restart(header, "autorestart", "unexpected", **names),
        "startsecs": parser.number(header, "startsecs", 1, **names),
        "startretries": parser.number(header, "startretries", 3, **names),
        "exitcodes": parser.codes(header, "exitcodes", "0", **names),
    }
    count = parser.number(header, "numprocs", 1, **names)
    start = parser.number(header, "numprocs_start", 0, **names)
    template = parser.legal(parser.get(header, "process_name", fallback="%(program_name)s"))
    if count > 1 and "%(process_num)" not in template:
        raise SupervisorConfigError(f"[{header}] needs process_num in {template!r}")
    specs = []
    for number in range(start, start + count):
        own = {**names, "process_num": number, "numprocs": count}
        environment = parser.pairs(header, "environment", **own)
        own |= {f"ENV_{key}": value for key, value in environment.items()}
        if not parser.has_option(header, "command"):
            raise SupervisorConfigError(f"[{header}] has no command")
        directory = None
        if parser.has_option(header, "directory"):
            directory = parser.text(header, "directory", "", **own)
        specs.append(
            ProcessSpec(
                name=parser.text(header, "process_name", "%(program_name)s", **own),
                command=parser.text(header, "command", "", **own),
                directory=directory,
                stdout_logfile_maxbytes=parser.size(header, "stdout_logfile_maxbytes", "50MB", **own),
                environment=environment,
                **shared,
            )
        )
    return specs
