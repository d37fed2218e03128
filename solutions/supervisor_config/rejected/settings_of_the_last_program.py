"""Mistake: what one program sets is the default of the next, so a program starts with the settings of its neighbour.

Must fail: typed_options
May fail: -
"""

import configparser
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
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


class Names(dict):
    """What %(...)s may stand for."""


class Ini(configparser.RawConfigParser):
    def __init__(self):
        super().__init__(strict=False, inline_comment_prefixes=(";", "#"), default_section="\0")


def interpolate(template, names):
    # the % operator does the work; what it takes beyond s, d and x is out of scope
    try:
        return template % Names(names)
    except (KeyError, TypeError, ValueError) as error:
        raise SupervisorConfigError(f"cannot expand {template!r}: {error}") from error


def to_int(text):
    try:
        return int(text)
    except ValueError as error:
        raise SupervisorConfigError(str(error)) from error


def to_bool(text):
    lowered = text.lower()
    if lowered in ("yes", "true", "on", "1"):
        return True
    if lowered in ("no", "false", "off", "0"):
        return False
    raise SupervisorConfigError(f"not a valid boolean value: {text!r}")


def to_restart(text):
    if text.lower() == "unexpected":
        return "unexpected"
    return {True: "always", False: "never"}[to_bool(text)]


def to_codes(text):
    if text == "":
        return ()
    codes = []
    for part in text.split(","):
        code = to_int(part)
        if code < 0 or code > 255:
            raise SupervisorConfigError(f"not an exit code: {code}")
        codes.append(code)
    return tuple(codes)


def to_bytes(text):
    for suffix, factor in (("kb", 1 << 10), ("mb", 1 << 20), ("gb", 1 << 30)):
        if text.lower().endswith(suffix):
            return to_int(text[:-2]) * factor
    return to_int(text)


def to_environment(text):
    lexer = shlex.shlex(text)
    lexer.wordchars += "/.+-():"
    lexer.commenters = ""
    try:
        tokens = list(lexer)
    except ValueError as error:
        raise SupervisorConfigError(f"environment: {error}") from error
    environment = {}
    while tokens:
        if len(tokens) < 3 or tokens[1] != "=":
            raise SupervisorConfigError(f"environment: unexpected end or token in {text!r}")
        key, _, value = tokens[:3]
        environment[key] = value.strip("\"'")
        tokens = tokens[4:]
    return environment


def valid_name(text):
    text = text.strip()
    if " " in text or ":" in text or "/" in text:
        raise SupervisorConfigError(f"invalid name: {text!r}")
    return text


class Supervisor:
    SIMPLE = (
        ("autostart", "true", to_bool),
        ("autorestart", "unexpected", to_restart),
        ("startsecs", "1", to_int),
        ("startretries", "3", to_int),
        ("exitcodes", "0", to_codes),
    )

    def __init__(self, text, env, here):
        self.base = {"here": here}
        self.last = {}
        for key in env or {}:
            self.base[f"ENV_{key}"] = env[key]
        self.ini = Ini()
        try:
            self.ini.read_string(text)
        except configparser.Error as error:
            raise SupervisorConfigError(str(error)) from error
        self.programs = self.sections("program:")
        self.groups = self.sections("group:")

    def sections(self, prefix):
        found = {}
        for header in self.ini.sections():
            if header.startswith(prefix):
                found[valid_name(header[len(prefix) :])] = self.ini[header]
        return found

    def members(self, group):
        value = interpolate(self.groups[group].get("programs", ""), self.base)
        if not value:
            return []
        names = [name.strip() for name in value.split(",")]
        for name in names:
            if name not in self.programs:
                raise SupervisorConfigError(f"group {group} names unknown program {name!r}")
        return names

    def specs(self, program, group):
        section = self.programs[program]
        names = dict(self.base, program_name=program, group_name=group)
        settings = {}
        for key, default, convert in self.SIMPLE:
            self.last[key] = section.get(key, self.last.get(key, default))
            settings[key] = convert(interpolate(self.last[key], names))
        settings["priority"] = self.priority(section)
        numprocs = to_int(interpolate(section.get("numprocs", "1"), names))
        first = to_int(interpolate(section.get("numprocs_start", "0"), names))
        pattern = section.get("process_name", "%(program_name)s")
        if " " in pattern or ":" in pattern or "/" in pattern:
            raise SupervisorConfigError(f"invalid process name: {pattern!r}")
        if numprocs > 1 and "%(process_num)" not in pattern:
            raise SupervisorConfigError(f"process_name of {program} needs %(process_num)")
        out = []
        for num in range(first, first + numprocs):
            mine = dict(names, process_num=num, numprocs=numprocs)
            environment = to_environment(interpolate(section.get("environment", ""), mine))
            for key, value in environment.items():
                mine[f"ENV_{key}"] = value
            command = section.get("command")
            if command is None:
                raise SupervisorConfigError(f"program {program} does not specify a command")
            directory = section.get("directory")
            out.append(
                ProcessSpec(
                    group=group,
                    name=interpolate(pattern, mine),
                    command=interpolate(command, mine),
                    directory=None if directory is None else interpolate(directory, mine),
                    stdout_logfile_maxbytes=to_bytes(interpolate(section.get("stdout_logfile_maxbytes", "50MB"), mine)),
                    environment=environment,
                    **settings,
                )
            )
        return sorted(out, key=lambda spec: spec.name)

    def priority(self, section):
        return to_int(interpolate(section.get("priority", "999"), self.base))

    def run(self):
        order = []
        taken = set()
        for group, section in self.groups.items():
            members = self.members(group)
            taken.update(members)
            specs = [spec for member in members for spec in self.specs(member, group)]
            order.append((self.priority(section), group, specs))
        for program, section in self.programs.items():
            if program not in taken:
                specs = self.specs(program, program)
                order.append((self.priority(section), program, specs))
        result = []
        for _priority, _name, specs in sorted(order, key=lambda entry: (entry[0], entry[1])):
            result.extend(specs)
        return result


def parse_supervisor_config(text, *, env=None, here="/etc/supervisor"):
    return Supervisor(text, env, here).run()
