"""Route: RawConfigParser and shlex; a loop for the groups, then one for the programs in no group."""

import configparser
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal


class SupervisorConfigError(ValueError):
    pass


@dataclass(frozen=True)
class ProcessSpec:
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
    cp = configparser.RawConfigParser(inline_comment_prefixes=(";", "#"), strict=False)
    try:
        cp.read_string(text)
    except configparser.Error as e:
        raise SupervisorConfigError(str(e)) from e
    base = {"here": here}
    for k, v in (env or {}).items():
        base[f"ENV_{k}"] = v

    groups = []
    in_group = set()
    for section in cp.sections():
        if section.startswith("group:"):
            gname = check_name(section[6:])
            priority = to_int(expand(cp[section].get("priority", "999"), base))
            members = expand(cp[section].get("programs", ""), base)
            members = [m.strip() for m in members.split(",")] if members else []
            specs = []
            for m in members:
                if f"program:{m}" not in cp:
                    raise SupervisorConfigError(f"unknown program {m!r} in [{section}]")
                in_group.add(f"program:{m}")
                specs.extend(build(cp[f"program:{m}"], m, gname, base))
            groups.append((priority, gname, specs))
    for section in cp.sections():
        if section.startswith("program:") and section not in in_group:
            name = check_name(section[8:])
            priority = to_int(expand(cp[section].get("priority", "999"), base))
            groups.append((priority, name, build(cp[section], name, name, base)))
    groups.sort(key=lambda g: (g[0], g[1]))
    return [spec for _, _, specs in groups for spec in specs]


def build(options, program, group, base):
    names = {**base, "program_name": program, "group_name": group}

    def get(key, default):
        return expand(options.get(key, default), names)

    priority = to_int(expand(options.get("priority", "999"), base))
    autostart = to_bool(get("autostart", "true"))
    autorestart = to_restart(get("autorestart", "unexpected"))
    startsecs = to_int(get("startsecs", "1"))
    startretries = to_int(get("startretries", "3"))
    exitcodes = to_exitcodes(get("exitcodes", "0"))
    numprocs = to_int(get("numprocs", "1"))
    start = to_int(get("numprocs_start", "0"))
    process_name = check_name(options.get("process_name", "%(program_name)s"))
    if numprocs > 1 and "%(process_num)" not in process_name:
        raise SupervisorConfigError("process_name must include %(process_num) if numprocs > 1")

    specs = []
    for num in range(start, start + numprocs):
        names = {**base, "program_name": program, "group_name": group}
        names.update(process_num=num, numprocs=numprocs)
        environment = parse_environment(get("environment", ""))
        for k, v in environment.items():
            names[f"ENV_{k}"] = v
        if "command" not in options:
            raise SupervisorConfigError(f"no command for {program}")
        specs.append(
            ProcessSpec(
                group=group,
                name=expand(process_name, names),
                command=get("command", ""),
                directory=get("directory", "") if "directory" in options else None,
                autostart=autostart,
                autorestart=autorestart,
                startsecs=startsecs,
                startretries=startretries,
                exitcodes=exitcodes,
                priority=priority,
                stdout_logfile_maxbytes=to_bytes(get("stdout_logfile_maxbytes", "50MB")),
                environment=environment,
            )
        )
    return sorted(specs, key=lambda spec: spec.name)


def expand(value, names):
    try:
        return value % names
    except (KeyError, TypeError, ValueError) as e:
        raise SupervisorConfigError(f"cannot expand {value!r}: {e}") from e


def check_name(name):
    name = name.strip()
    for c in " :/":
        if c in name:
            raise SupervisorConfigError(f"invalid name {name!r}")
    return name


def to_int(value):
    try:
        return int(value)
    except ValueError as e:
        raise SupervisorConfigError(str(e)) from e


def to_bool(value):
    if value.lower() in ("yes", "true", "on", "1"):
        return True
    if value.lower() in ("no", "false", "off", "0"):
        return False
    raise SupervisorConfigError(f"not a boolean: {value!r}")


def to_restart(value):
    if value.lower() == "unexpected":
        return "unexpected"
    return "always" if to_bool(value) else "never"


def to_exitcodes(value):
    if not value:
        return ()
    codes = tuple(to_int(code) for code in value.split(","))
    for code in codes:
        if not 0 <= code <= 255:
            raise SupervisorConfigError(f"exit code out of range: {code}")
    return codes


UNITS = {"KB": 1024, "MB": 1024**2, "GB": 1024**3}


def to_bytes(value):
    value = value.upper()
    for unit, factor in UNITS.items():
        if value.endswith(unit):
            return to_int(value[: -len(unit)]) * factor
    return to_int(value)


def parse_environment(value):
    lexer = shlex.shlex(value)
    lexer.wordchars += "/.+-():"
    try:
        tokens = list(lexer)
    except ValueError as e:
        raise SupervisorConfigError(str(e)) from e
    result = {}
    for i in range(0, len(tokens), 4):
        pair = tokens[i : i + 3]
        if len(pair) != 3 or pair[1] != "=":
            raise SupervisorConfigError(f"bad environment {value!r}")
        result[pair[0]] = pair[2].strip("'\"")
    return result
