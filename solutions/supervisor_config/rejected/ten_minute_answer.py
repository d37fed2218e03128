"""Mistake: the parser is set right and the two best-known expansions are replaced as text; nothing else of the format is there.

Must fail: expansion, numprocs_and_names, typed_options, environment, groups_and_order, bad_input_is_one_error
May fail: -
"""

import configparser
import re
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
    cp = configparser.ConfigParser(interpolation=None, inline_comment_prefixes=(";", "#"), strict=False)
    try:
        cp.read_string(text)
    except configparser.Error as e:
        raise SupervisorConfigError(str(e)) from e
    specs = []
    for section in cp.sections():
        if not section.startswith("program:"):
            continue
        name = section.split(":")[1]
        options = cp[section]

        def fill(value, num):
            value = value.replace("%(program_name)s", name).replace("%(here)s", here)
            return re.sub(r"%\(process_num\)(\w+)", lambda m: format(num, m[1]), value)

        try:
            for num in range(options.getint("numprocs", 1)):
                pairs = [pair.split("=", 1) for pair in options.get("environment", "").split(",") if pair]
                specs.append(
                    ProcessSpec(
                        group=name,
                        name=fill(options.get("process_name", name), num),
                        command=fill(options.get("command", ""), num),
                        directory=options.get("directory"),
                        autostart=options.getboolean("autostart", True),
                        autorestart="always" if options.get("autorestart") == "true" else "unexpected",
                        startsecs=options.getint("startsecs", 1),
                        startretries=options.getint("startretries", 3),
                        exitcodes=tuple(int(c) for c in options.get("exitcodes", "0").split(",")),
                        priority=options.getint("priority", 999),
                        stdout_logfile_maxbytes=50 * 1024 * 1024,
                        environment={key.strip(): value.strip().strip("\"'") for key, value in pairs},
                    )
                )
        except ValueError as e:
            raise SupervisorConfigError(str(e)) from e
    return sorted(specs, key=lambda spec: (spec.priority, spec.name))
