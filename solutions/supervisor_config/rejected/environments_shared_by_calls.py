"""Mistake: results are cached and the list is copied, but its processes are the same: who changes an environment changes the next answer.

Must fail: bad_input_is_one_error
May fail: -
"""

import re
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


BLANK = " \t"
_COMMENT = re.compile(r"(?:^|[ \t])[;#].*")
_PERCENT = re.compile(r"%(?:%|\(([^()]*)\)(-?|0)(\d*)([sdx])|)")
_INT = re.compile(r"[ \t]*[+-]?[0-9]+[ \t]*")
_SIZE = re.compile(r"([ \t]*[+-]?[0-9]+[ \t]*)(KB|MB|GB)?", re.I)
_TOKEN = re.compile(r"\"[^\"]*\"|'[^']*'|[A-Za-z0-9_/.+\-():]+|[^ \t\r\n]")
_UNITS = {"kb": 1024, "mb": 1024**2, "gb": 1024**3}
_BOOLEANS = {"yes": True, "true": True, "on": True, "1": True, "no": False, "false": False, "off": False, "0": False}


def read_sections(text):
    sections = {}
    section = None
    key = None
    key_indent = 0
    for raw in text.split("\n"):
        raw = raw.rstrip("\r")
        line = _COMMENT.sub("", raw).strip(BLANK)
        if not line:
            continue
        indent = len(raw) - len(raw.lstrip(BLANK))
        if key is not None and indent > key_indent:
            section[key].append(line)
            continue
        if line[0] == "[" and "]" in line:
            section = sections.setdefault(line[1 : line.rindex("]")], {})
            key = None
            continue
        if section is None:
            raise SupervisorConfigError(f"no section header before {line!r}")
        match = re.match(r"([^=:]*)[=:](.*)", line)
        if match is None:
            raise SupervisorConfigError(f"neither = nor : in {line!r}")
        key = match[1].strip(BLANK).lower()
        if not key:
            raise SupervisorConfigError(f"empty key in {line!r}")
        key_indent = indent
        section[key] = [match[2].strip(BLANK)]
    return {header: {key: "\n".join(parts) for key, parts in options.items()} for header, options in sections.items()}


def expand(value, names):
    def one(match):
        if match[0] == "%%":
            return "%"
        name, flag, width, kind = match.groups()
        if kind is None:
            raise SupervisorConfigError(f"bad % in {value!r}")
        if name not in names:
            raise SupervisorConfigError(f"unknown name {name!r} in {value!r}")
        if kind in "dx" and not isinstance(names[name], int):
            raise SupervisorConfigError(f"{name} is no number in {value!r}")
        return f"%{flag}{width}{kind}" % names[name]

    return _PERCENT.sub(one, value)


def boolean(value):
    try:
        return _BOOLEANS[value.lower()]
    except KeyError:
        raise SupervisorConfigError(f"not a boolean: {value!r}") from None


def restart(value):
    if value.lower() == "unexpected":
        return "unexpected"
    return "always" if boolean(value) else "never"


def integer(value):
    if not _INT.fullmatch(value):
        raise SupervisorConfigError(f"not an integer: {value!r}")
    return int(value)


def exit_codes(value):
    if not value:
        return ()
    codes = tuple(integer(item) for item in value.split(","))
    if not all(0 <= code <= 255 for code in codes):
        raise SupervisorConfigError(f"exit code out of range: {value!r}")
    return codes


def size(value):
    match = _SIZE.fullmatch(value)
    if match is None:
        raise SupervisorConfigError(f"not a size: {value!r}")
    number = integer(match[1])
    if match[2]:
        number *= _UNITS[match[2].lower()]
    return number


def key_values(value):
    tokens = _TOKEN.findall(value)
    result = {}
    for i in range(0, len(tokens), 4):
        if len(tokens) < i + 3 or tokens[i + 1] != "=":
            raise SupervisorConfigError(f"not KEY=value pairs: {value!r}")
        token = tokens[i + 2]
        if any(part in ('"', "'") for part in tokens[i : i + 4]):
            raise SupervisorConfigError(f"unclosed quote: {value!r}")
        if token[0] in "\"'":
            token = token[1:-1]
        result[tokens[i]] = token
    return result


def checked_name(name):
    name = name.strip(BLANK)
    if any(bad in name for bad in " :/"):
        raise SupervisorConfigError(f"bad name {name!r}")
    return name


def processes(group, program, options, names):
    common = {**names, "program_name": program, "group_name": group}

    def get(key, default, convert, known=common):
        return convert(expand(options.get(key, default), known))

    autostart = get("autostart", "true", boolean)
    autorestart = get("autorestart", "unexpected", restart)
    startsecs = get("startsecs", "1", integer)
    startretries = get("startretries", "3", integer)
    exitcodes = get("exitcodes", "0", exit_codes)
    priority = get("priority", "999", integer, names)
    numprocs = get("numprocs", "1", integer)
    start = get("numprocs_start", "0", integer)
    process_name = options.get("process_name", "%(program_name)s")
    if any(bad in process_name for bad in " :/"):
        raise SupervisorConfigError(f"bad process_name {process_name!r}")
    if numprocs > 1 and "%(process_num)" not in process_name:
        raise SupervisorConfigError("%(process_num) must be in process_name")
    result = []
    for number in range(start, start + numprocs):
        known = {**common, "process_num": number, "numprocs": numprocs}
        environment = key_values(expand(options.get("environment", ""), known))
        known.update(("ENV_" + key, value) for key, value in environment.items())
        if "command" not in options:
            raise SupervisorConfigError(f"no command in {program}")
        directory = options.get("directory")
        if directory is not None:
            directory = expand(directory, known)
        result.append(
            ProcessSpec(
                group=group,
                name=expand(process_name, known),
                command=expand(options["command"], known),
                directory=directory,
                autostart=autostart,
                autorestart=autorestart,
                startsecs=startsecs,
                startretries=startretries,
                exitcodes=exitcodes,
                priority=priority,
                stdout_logfile_maxbytes=get("stdout_logfile_maxbytes", "50MB", size, known),
                environment=environment,
            )
        )
    result.sort(key=lambda spec: spec.name)
    return priority, result


_CACHE = {}


def parse_supervisor_config(text, *, env=None, here="/etc/supervisor"):
    key = (text, here, tuple(sorted((env or {}).items())))
    if key not in _CACHE:
        _CACHE[key] = _parse(text, env, here)
    return list(_CACHE[key])


def _parse(text, env, here):
    names = {"here": here}
    if env is not None:
        names.update(("ENV_" + key, value) for key, value in env.items())
    programs = {}
    groups = {}
    for header, options in read_sections(text).items():
        kind, colon, name = header.partition(":")
        if colon and kind == "program":
            programs[checked_name(name)] = options
        elif colon and kind == "group":
            groups[checked_name(name)] = options
    found = []
    grouped = set()
    for group, options in groups.items():
        priority = integer(expand(options.get("priority", "999"), names))
        listed = expand(options.get("programs", ""), names)
        members = [name.strip() for name in listed.split(",")] if listed else []
        specs = []
        for member in members:
            if member not in programs:
                raise SupervisorConfigError(f"unknown program {member!r} in group {group}")
            grouped.add(member)
            specs += processes(group, member, programs[member], names)[1]
        found.append((priority, group, specs))
    for program, options in programs.items():
        if program not in grouped:
            priority, specs = processes(program, program, options, names)
            found.append((priority, program, specs))
    found.sort(key=lambda item: item[:2])
    return [spec for _, _, specs in found for spec in specs]
