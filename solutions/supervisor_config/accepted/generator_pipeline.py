"""Route: a pipeline of generators (lines, values, tokens, processes), ChainMaps for the names.

A naive suite rejects it because a command that is missing shows only when the generators run.
"""

from collections import ChainMap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import chain
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


def refuse(*why: object) -> Any:
    raise SupervisorConfigError(" ".join(map(str, why)))


def bare_lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield the indentation and the text of each line that holds something."""
    for line in text.split("\n"):
        marks = (at for at, character in enumerate(line) if character in ";#" and (at == 0 or line[at - 1].isspace()))
        kept = line[: next(marks, len(line))]
        if kept.strip():
            yield len(kept) - len(kept.lstrip()), kept.strip()


def joined_lines(lines: Iterator[tuple[int, str]]) -> Iterator[list[str]]:
    """Yield each line together with those that continue it."""
    block: list[str] = []
    margin = 0
    for indent, line in lines:
        if block and indent > margin and not is_header(block[0]):
            block.append(line)
            continue
        if block:
            yield block
        block, margin = [line], indent
    if block:
        yield block


def is_header(line: str) -> bool:
    return line.startswith("[") and line.endswith("]") and line != "[]"


def options(blocks: Iterator[list[str]]) -> Iterator[tuple[str, str | None, str]]:
    """Yield (header, key, value); a header alone has no key."""
    header = None
    for first, *others in blocks:
        if is_header(first):
            header = first[1:-1]
            yield header, None, ""
            continue
        cut = min((first.find(mark) for mark in "=:" if mark in first), default=0)
        if header is None or cut == 0:
            refuse("cannot read", first)
        value = "\n".join([first[cut + 1 :].strip(), *others])
        yield header, first[:cut].strip().casefold(), value


class Names(ChainMap):
    """What a value may refer to; inner scopes come first."""

    def expand(self, template: str) -> str:
        try:
            return template % self
        except (LookupError, TypeError, ValueError) as error:
            return refuse("cannot expand", repr(template), error)


def with_prefix(environment: Mapping[str, str]) -> dict[str, Any]:
    return {"ENV_" + key: value for key, value in environment.items()}


def parse_supervisor_config(
    text: str, *, env: Mapping[str, str] | None = None, here: str = "/etc/supervisor"
) -> list[ProcessSpec]:
    sections: dict[str, dict[str, str]] = {}
    for header, key, value in options(joined_lines(bare_lines(text))):
        sections.setdefault(header, {})
        if key is not None:
            sections[header][key] = value
    names = Names({"here": here}, with_prefix(env or {}))
    try:
        ranked = sorted(groups(sections, names), key=lambda group: group[:2])
        return list(chain.from_iterable(specs for _, _, specs in ranked))
    except SupervisorConfigError:
        raise
    except ValueError as error:
        return refuse(error)


def groups(sections: dict[str, dict[str, str]], names: Names) -> Iterator[tuple[int, str, list[ProcessSpec]]]:
    taken = set()
    for header, section in sections.items():
        match header.split(":", 1):
            case ["group", name]:
                members = list(items(names.expand(section.get("programs", ""))))
                taken.update(members)
                programs = (processes(member, strict(name), find(sections, member), names) for member in members)
                rank = int(names.expand(section.get("priority", "999")))
                yield rank, strict(name), list(chain.from_iterable(programs))
    for header, section in sections.items():
        match header.split(":", 1):
            case ["program", name] if name not in taken:
                rank = int(names.expand(section.get("priority", "999")))
                yield rank, strict(name), processes(strict(name), strict(name), section, names)


def find(sections: dict[str, dict[str, str]], program: str) -> dict[str, str]:
    return sections[f"program:{program}"] if f"program:{program}" in sections else refuse(program)


def processes(program: str, group: str, section: dict[str, str], names: Names) -> list[ProcessSpec]:
    known = names.new_child({"program_name": strict(program), "group_name": group})
    specs = list(map(partial(process, section, names, known), numbers(section, known)))
    if not specs:
        process_settings(section, names, known)  # nothing runs, but all else must be right
    return sorted(specs, key=lambda spec: spec.name)


def numbers(section: dict[str, str], known: Names) -> range:
    count = int(known.expand(section.get("numprocs", "1")))
    start = int(known.expand(section.get("numprocs_start", "0")))
    if count > 1 and "%(process_num)" not in section.get("process_name", ""):
        refuse("process_name does not tell", count, "processes apart")
    return range(start, start + count)


def process_settings(section: dict[str, str], names: Names, known: Names) -> dict[str, Any]:
    def get(key: str, default: str) -> str:
        return known.expand(section.get(key, default))

    strict(section.get("process_name", ""))
    return {
        "priority": int(names.expand(section.get("priority", "999"))),
        "autostart": boolean(get("autostart", "on")),
        "autorestart": restart(get("autorestart", "unexpected")),
        "startsecs": int(get("startsecs", "1")),
        "startretries": int(get("startretries", "3")),
        "exitcodes": tuple(map(exitcode, items(get("exitcodes", "0")))),
    }


def process(section: dict[str, str], names: Names, known: Names, number: int) -> ProcessSpec:
    settings = process_settings(section, names, known)
    count = len(numbers(section, known))
    known = known.new_child({"process_num": number, "numprocs": count})
    environment = dict(pairs(known.expand(section.get("environment", ""))))
    known = known.new_child(with_prefix(environment))
    if "command" not in section:
        refuse("no command for", known["program_name"])
    return ProcessSpec(
        group=known["group_name"],
        name=known.expand(strict(section.get("process_name", "%(program_name)s"))),
        command=known.expand(section["command"]),
        directory=known.expand(section["directory"]) if "directory" in section else None,
        stdout_logfile_maxbytes=size(known.expand(section.get("stdout_logfile_maxbytes", "50MB")).lower()),
        environment=environment,
        **settings,
    )


def strict(name: str) -> str:
    return refuse("bad name", name) if any(c in " :/" for c in name.strip()) else name.strip()


def items(text: str) -> Iterator[str]:
    return (item.strip() for item in text.split(",") if text)


def boolean(text: str) -> bool:
    words = ("no", "false", "off", "0", "yes", "true", "on", "1")
    return words.index(text.lower()) > 3


def restart(text: str) -> str:
    return text.lower() if text.lower() == "unexpected" else ("never", "always")[boolean(text)]


def exitcode(text: str) -> int:
    return int(text) if 0 <= int(text) < 256 else refuse("bad exit code", text)


def size(text: str) -> int:
    for unit, power in {"kb": 1, "mb": 2, "gb": 3}.items():
        if text.endswith(unit):
            return int(text[:-2]) * 1024**power
    return int(text)


def tokens(text: str) -> Iterator[str]:
    rest = iter(text)
    word = ""
    for character in chain(rest, " "):
        if character.isalnum() or character in "_/.+-():":
            word += character
            continue
        if word:
            yield word
            word = ""
        if character in "\"'":
            quoted = character
            for inner in rest:
                quoted += inner
                if inner == character:
                    break
            else:
                refuse("unclosed quote in", text)
            yield quoted
        elif not character.isspace():
            yield character


def pairs(text: str) -> Iterator[tuple[str, str]]:
    stream = tokens(text)
    for key in stream:
        if next(stream, "") != "=":
            refuse("no = after", key)
        value = next(stream, "")
        if not value:
            refuse("no value for", key)
        next(stream, None)  # the separator, whatever it is
        yield key, value.strip(value[0]) if value[0] in "\"'" else value
