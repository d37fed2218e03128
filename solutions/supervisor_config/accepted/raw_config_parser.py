"""Route: RawConfigParser with the right options, shlex for environment, the `%` operator.

A naive suite rejects it because it forbids configparser, or because a shlex token still has quotes.
"""

import configparser
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

BOOLEANS = {"yes": True, "true": True, "on": True, "1": True}
BOOLEANS.update({"no": False, "false": False, "off": False, "0": False})
RESTARTS = {word: "always" if value else "never" for word, value in BOOLEANS.items()}
RESTARTS["unexpected"] = "unexpected"


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


def parse_supervisor_config(
    text: str, *, env: Mapping[str, str] | None = None, here: str = "/etc/supervisor"
) -> list[ProcessSpec]:
    parser = configparser.RawConfigParser(inline_comment_prefixes=(";", "#"), strict=False)
    outer = {"here": here}
    for key, value in (env or {}).items():
        outer["ENV_" + key] = value
    try:
        parser.read_string(text)
        return _all_processes(parser, outer)
    except SupervisorConfigError:
        raise
    except (configparser.Error, ValueError, KeyError, TypeError) as error:
        raise SupervisorConfigError(str(error)) from error


def _all_processes(parser, outer):
    groups = []
    members = set()
    for section in parser.sections():
        if not section.startswith("group:"):
            continue
        name = _name(section[len("group:") :])
        priority = int(_get(parser, section, "priority", "999", outer))
        listed = _get(parser, section, "programs", "", outer)
        programs = [item.strip() for item in listed.split(",")] if listed else []
        processes = []
        for program in programs:
            if not parser.has_section("program:" + program):
                raise SupervisorConfigError(f"group {name} wants {program!r}")
            members.add("program:" + program)
            processes += _processes(parser, "program:" + program, name, outer)
        groups.append((priority, name, processes))
    for section in parser.sections():
        if section.startswith("program:") and section not in members:
            name = _name(section[len("program:") :])
            priority = int(_get(parser, section, "priority", "999", outer))
            groups.append((priority, name, _processes(parser, section, name, outer)))
    groups.sort(key=lambda entry: (entry[0], entry[1]))
    return sum((processes for _, _, processes in groups), [])


def _get(parser, section, key, default, names):
    return parser.get(section, key, fallback=default) % names


def _processes(parser, section, group, outer):
    name = _name(section[len("program:") :])
    names = dict(outer, program_name=name, group_name=group)

    def get(key, default):
        return _get(parser, section, key, default, names)

    priority = int(_get(parser, section, "priority", "999", outer))
    autostart = BOOLEANS[get("autostart", "true").lower()]
    autorestart = RESTARTS[get("autorestart", "unexpected").lower()]
    startsecs = int(get("startsecs", "1"))
    startretries = int(get("startretries", "3"))
    codes = get("exitcodes", "0")
    exitcodes = tuple(int(code) for code in codes.split(",")) if codes else ()
    if exitcodes and not (0 <= min(exitcodes) and max(exitcodes) <= 255):
        raise SupervisorConfigError(f"exitcodes={codes}")
    numprocs = int(get("numprocs", "1"))
    start = int(get("numprocs_start", "0"))
    template = _name(parser.get(section, "process_name", fallback="%(program_name)s"))
    if numprocs > 1 and "%(process_num)" not in template:
        raise SupervisorConfigError(f"process_name={template} for {numprocs} processes")

    found = []
    for number in range(start, start + numprocs):
        names = dict(outer, program_name=name, group_name=group)
        names.update(process_num=number, numprocs=numprocs)
        environment = _pairs(get("environment", ""))
        names.update({"ENV_" + key: value for key, value in environment.items()})
        if not parser.has_option(section, "command"):
            raise SupervisorConfigError(f"[{section}] has no command")
        directory = get("directory", "") if parser.has_option(section, "directory") else None
        found.append(
            ProcessSpec(
                group,
                template % names,
                get("command", ""),
                directory,
                autostart,
                autorestart,
                startsecs,
                startretries,
                exitcodes,
                priority,
                _bytes(get("stdout_logfile_maxbytes", "50MB")),
                environment,
            )
        )
    return sorted(found, key=lambda spec: spec.name)


def _name(text):
    text = text.strip()
    for bad in " :/":
        if bad in text:
            raise SupervisorConfigError(f"{bad!r} in the name {text!r}")
    return text


def _bytes(text):
    text = text.lower()
    for unit, factor in (("kb", 2**10), ("mb", 2**20), ("gb", 2**30)):
        if text.endswith(unit):
            return int(text.removesuffix(unit)) * factor
    return int(text)


def _pairs(text):
    lexer = shlex.shlex(text)
    lexer.wordchars += "/.+-():"
    tokens = list(lexer)
    pairs = {}
    while tokens:
        key, equals, value = tokens[:3]
        if equals != "=":
            raise SupervisorConfigError(f"environment={text}")
        pairs[key] = value.strip("'\"")
        tokens = tokens[4:]
    return pairs
