"""Route: a table of typed options, a class per kind of section, an exception class per fault.

A naive suite rejects it because it raises subclasses of SupervisorConfigError, one of which is
a KeyError too.
"""

from __future__ import annotations

import string
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal


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


class UnreadableLine(SupervisorConfigError):
    pass


class UnknownName(SupervisorConfigError, KeyError):
    pass


class BadExpansion(SupervisorConfigError):
    pass


class BadValue(SupervisorConfigError):
    pass


class BadProcess(SupervisorConfigError):
    pass


def parse_supervisor_config(
    text: str, *, env: Mapping[str, str] | None = None, here: str = "/etc/supervisor"
) -> list[ProcessSpec]:
    scope = Scope({"here": here}).with_environment(env or {})
    document = Document(scope)
    for line in text.splitlines():
        document.feed(line)
    return document.run_order()


class Scope(dict):
    def __missing__(self, name: str) -> Any:
        raise UnknownName(name)

    def plus(self, **names: Any) -> Scope:
        return Scope({**self, **names})

    def with_environment(self, environment: Mapping[str, str]) -> Scope:
        return Scope(self | {f"ENV_{key}": value for key, value in environment.items()})

    def expand(self, template: str) -> str:
        try:
            return template % self
        except (TypeError, ValueError) as error:
            if isinstance(error, SupervisorConfigError):
                raise
            raise BadExpansion(f"{template!r}: {error}") from error


@dataclass
class Document:
    """Sections by header, fed line by line."""

    scope: Scope
    sections: dict[str, dict[str, str]] = field(default_factory=dict)
    current: dict[str, str] | None = None
    key: str = ""
    margin: int = 0

    def feed(self, line: str) -> None:
        line = self.without_comment(line).rstrip()
        indent = len(line) - len(line.lstrip())
        if not line:
            return
        if self.key and indent > self.margin:
            self.current[self.key] += "\n" + line.lstrip()
            return
        self.margin, line = indent, line.lstrip()
        if line[0] == "[" and line[-1] == "]" and line[1:-1]:
            self.current, self.key = self.sections.setdefault(line[1:-1], {}), ""
            return
        position = min(line.find("=") % (len(line) + 1), line.find(":") % (len(line) + 1))
        if self.current is None or position in (0, len(line)):
            raise UnreadableLine(line)
        self.key = line[:position].rstrip().lower()
        self.current[self.key] = line[position + 1 :].lstrip()

    @staticmethod
    def without_comment(line: str) -> str:
        padded = " " + line.replace("\t", " ")
        found = [at for at in (padded.find(" ;"), padded.find(" #")) if at >= 0]
        return line[: min(found)] if found else line

    def run_order(self) -> list[ProcessSpec]:
        programs = {}
        for header, options in self.sections.items():
            kind, colon, name = header.partition(":")
            if kind == "program" and colon:
                programs[header] = Program(check_name(name), options, self.scope)
        groups, grouped = [], set()
        for header, options in self.sections.items():
            kind, colon, name = header.partition(":")
            if kind == "group" and colon:
                group = Group(check_name(name), options, self.scope)
                groups.append(group)
                for member in group.members():
                    if f"program:{member}" not in programs:
                        raise BadValue(f"[{header}] names {member!r}")
                    group.programs.append(programs[f"program:{member}"])
                    grouped.add(f"program:{member}")
        for header, program in programs.items():
            if header not in grouped:
                groups.append(Group(program.name, program.options, self.scope, [program]))
        groups.sort()
        return [spec for group in groups for program in group.programs for spec in program.run(group.name)]


@dataclass
class Group:
    name: str
    options: Mapping[str, str]
    scope: Scope
    programs: list[Program] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.priority = PRIORITY.read(self.options, self.scope)

    def __lt__(self, other: Group) -> bool:
        return (self.priority, self.name) < (other.priority, other.name)

    def members(self) -> Iterable[str]:
        listed = self.scope.expand(self.options.get("programs", ""))
        return [member.strip() for member in listed.split(",")] if listed else []


@dataclass(frozen=True)
class Option:
    """A key, how to convert its text, and the text to convert where it is absent."""

    key: str
    convert: Callable[[str], Any]
    default: str

    def read(self, options: Mapping[str, str], scope: Scope) -> Any:
        text = scope.expand(options.get(self.key, self.default))
        try:
            return self.convert(text)
        except (ValueError, KeyError) as error:
            raise BadValue(f"{self.key}={text}") from error


def boolean(text: str) -> bool:
    return {"yes": 1, "true": 1, "on": 1, "1": 1, "no": 0, "false": 0, "off": 0, "0": 0}[text.lower()] == 1


def restart(text: str) -> str:
    special = {"unexpected": "unexpected"}
    return special.get(text.lower()) or ("always" if boolean(text) else "never")


def codes(text: str) -> tuple[int, ...]:
    found = [int(code) for code in text.split(",")] if text else []
    if [code for code in found if code < 0 or code > 255]:
        raise ValueError(text)
    return tuple(found)


def size(text: str) -> int:
    stem = text.upper().removesuffix("B")
    if stem == text.upper():
        return int(text)
    return int(stem[:-1]) * {"K": 1024, "M": 1048576, "G": 1073741824}[stem[-1:]]


def environment(text: str) -> dict[str, str]:
    word = string.ascii_letters + string.digits + "_/.+-():"
    tokens: list[str] = []
    rest = text.strip()
    while rest:
        if rest[0] in "'\"":
            end = rest.index(rest[0], 1) + 1
        else:
            end = max(1, len(rest) - len(rest.lstrip(word)))
        tokens.append(rest[:end])
        rest = rest[end:].lstrip()
    found = {}
    while tokens:
        key, equals, value = tokens[:3]
        if equals != "=":
            raise ValueError(text)
        found[key] = value.strip("'\"")
        del tokens[:4]
    return found


def check_name(name: str) -> str:
    name = name.strip()
    if name.translate({ord(bad): None for bad in " :/"}) != name:
        raise BadProcess(f"bad name {name!r}")
    return name


PRIORITY = Option("priority", int, "999")


@dataclass
class Program:
    name: str
    options: Mapping[str, str]
    scope: Scope

    SHARED: ClassVar = (
        Option("autostart", boolean, "true"),
        Option("autorestart", restart, "unexpected"),
        Option("startsecs", int, "1"),
        Option("startretries", int, "3"),
        Option("exitcodes", codes, "0"),
    )
    NUMPROCS: ClassVar = Option("numprocs", int, "1")
    START: ClassVar = Option("numprocs_start", int, "0")
    SIZE: ClassVar = Option("stdout_logfile_maxbytes", size, "50MB")
    ENVIRONMENT: ClassVar = Option("environment", environment, "")

    def run(self, group: str) -> list[ProcessSpec]:
        scope = self.scope.plus(program_name=self.name, group_name=group)
        shared = {option.key: option.read(self.options, scope) for option in self.SHARED}
        shared["priority"] = PRIORITY.read(self.options, self.scope)
        count = self.NUMPROCS.read(self.options, scope)
        start = self.START.read(self.options, scope)
        template = check_name(self.options.get("process_name", "%(program_name)s"))
        if count > 1 and "%(process_num)" not in template:
            raise BadProcess(f"{template!r} does not name {count} processes")
        specs = []
        for number in range(start, start + count):
            inner = scope.plus(process_num=number, numprocs=count)
            own = self.ENVIRONMENT.read(self.options, inner)
            inner = inner.with_environment(own)
            if "command" not in self.options:
                raise BadProcess(f"{self.name} has no command")
            directory = self.options.get("directory")
            specs.append(
                ProcessSpec(
                    group=group,
                    name=inner.expand(template),
                    command=inner.expand(self.options["command"]),
                    directory=None if directory is None else inner.expand(directory),
                    stdout_logfile_maxbytes=self.SIZE.read(self.options, inner),
                    environment=own,
                    **shared,
                )
            )
        return sorted(specs, key=lambda spec: spec.name)
