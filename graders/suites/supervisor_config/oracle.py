"""The oracle of supervisor_config: what supervisor 4.3 itself reads.

The parser of the real package runs over one text and hands back plain data. Nothing here touches the file system,
os.environ or the user database: the two hooks that would are replaced below.
"""

from __future__ import annotations

import configparser
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

try:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it imports pkg_resources, which warns of its own end
        import supervisor.datatypes as datatypes  # type: ignore[import-untyped]
        import supervisor.options as options  # type: ignore[import-untyped]
except ImportError as error:
    raise ImportError('supervisor is missing: pip install -e ".[oracles]"') from error

FIELDS = (
    "group",
    "name",
    "command",
    "directory",
    "autostart",
    "autorestart",
    "startsecs",
    "startretries",
    "exitcodes",
    "priority",
    "stdout_logfile_maxbytes",
    "environment",
)

Reading = list[dict[str, Any]]  # one dict of all fields per process, in supervisord's order


@dataclass(frozen=True)
class Refused:
    """The real parser refuses the text; the reason is for people, never graded."""

    reason: str

    def __str__(self) -> str:
        return self.reason


# user= would ask the user database, *_logfile= would look for a directory; the kata has neither.
options.name_to_uid = lambda user: user
options.logfile_name = lambda value: value

_AUTORESTART = {
    datatypes.RestartUnconditionally: "always",
    datatypes.RestartWhenExitUnexpected: "unexpected",
    False: "never",
}

# One instance serves every reading: process_groups_from_parser reads only `here`, `configfile`
# and `environ_expansions` from it and leaves nothing behind but warnings.
_OPTIONS = options.ServerOptions()


def read(text: str, env: Mapping[str, str] | None = None, here: str = "/etc/supervisor") -> Reading | Refused:
    """Return what supervisor 4.3.0 would run for `text`, or Refused."""
    return _read(text, tuple((env or {}).items()), here)


@lru_cache(4096)  # a class asks about the same texts for every submission
def _read(text: str, env: tuple[tuple[str, str], ...], here: str) -> Reading | Refused:
    _OPTIONS.here = here
    _OPTIONS.parse_warnings = []
    _OPTIONS.environ_expansions = {f"ENV_{key}": value for key, value in env}
    parser = options.UnhosedConfigParser()
    parser.expansions = _OPTIONS.environ_expansions
    try:
        parser.read_string(text)
        groups = _OPTIONS.process_groups_from_parser(parser)
    except (ValueError, configparser.Error) as error:
        return Refused(f"{type(error).__name__}: {error}".replace(" (file: None)", ""))
    return [
        {
            "group": group.name,
            "name": process.name,
            "command": process.command,
            "directory": process.directory,
            "autostart": process.autostart,
            "autorestart": _AUTORESTART[process.autorestart],
            "startsecs": process.startsecs,
            "startretries": process.startretries,
            "exitcodes": tuple(process.exitcodes),
            "priority": process.priority,
            "stdout_logfile_maxbytes": process.stdout_logfile_maxbytes,
            "environment": dict(process.environment),
        }
        for group in groups
        for process in group.process_configs
    ]
