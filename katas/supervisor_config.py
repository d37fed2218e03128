r"""Supervisor config: what will supervisord really run?

:topic: deployment
:level: 5
:minutes: 180

The interview question: "Background tasks: cron, systemd or Supervisor?"

Two of four workers never came up, and all you have is the configuration file. The usual answer
reads it with `configparser`, whose defaults fail at the first `; comment` and at the first `%(`.

Write `parse_supervisor_config(text, *, env=None, here="/etc/supervisor")`. It returns the processes
that supervisord would start, one `ProcessSpec` each, in supervisord's order.

Examples:
    >>> text = "[program:web]\ncommand=/bin/web ; a comment\ndirectory=%(here)s/www"
    >>> [(spec.name, spec.command, spec.directory) for spec in parse_supervisor_config(text)]
    [('web', '/bin/web', '/etc/supervisor/www')]

Rules:
The source is Supervisor's manual, chapter "Configuration File". Where the manual says little, the
rules say what supervisord 4.3 does. Use the standard library only, without the package
`supervisor`. Grade your answer with

    pytest --kata=supervisor_config

The function is pure. It reads no file, no environment variable and no user database, and leaves
`env` as it was. Each call returns a new list. Neither an earlier call, nor what is done with its
result, changes what a call gives.

1. Lines
   The text is ASCII, and may have thousands of lines. Each line ends with "\n" or "\r\n"; the last
   one may end with neither. A blank is a space or a tab.
   - `;` or `#` starts a comment at the start of a line or right after a blank, and nowhere else:
     in `/bin/a;b` and `A="x#y"` there is none. A comment runs to the end of the line, inside quotes
     too, and a backslash does not protect it. Empty lines, lines of blanks and lines that hold only
     a comment, indented or not, are skipped. Blanks around what is left do not count.
   - `[header]` opens a section; `=`, `:` and a glued `;` or `#` may be in the header. The same header
     again continues that section, be it a program, a group or another.
   - Any other line is `key = value` or `key : value`, cut at the first `=` or `:`. Blanks around
     the key and the value do not count. Keys are case-insensitive in every section. If a key comes
     twice in a section, the last value wins, and only that one is looked at. A value may be empty.
   - A line indented deeper than the line of the last key (a tab counts as one character) continues
     the value of that key, whatever it looks like. Comments and outer blanks are cut from each of
     its lines, and the parts are joined with "\n". An empty first part stays: `command=` and,
     deeper, `--fast` give "\n--fast". A comment line in between, however deep, does not end the
     value. Right after a header, also one that comes again, there is no value to continue, so
     indentation means nothing there.
   - Errors: anything but comments and empty lines before the first header (a byte order mark
     too), a line with neither `=` nor `:`, an empty key.

2. Sections and names
   Only `[program:NAME]` and `[group:NAME]`, in lower case as written here, say what runs. Other
   sections (`[supervisord]`, `[PROGRAM:x]`, `[program]`, `[ program:x]`, ...) are ignored, but
   their lines must obey rule 1. Blanks around NAME do not count, but its case does. A space, `:` or
   `/` within the NAME of a program or group is an error.

3. Expansion
   A value is expanded before it is converted or split. `%(name)s` is replaced by the value of a
   name, as Python's `%` operator does: after the parenthesis come an optional `-` or (with `d` and
   `x`) `0`, an optional width, and one of `s`, `d`, `x`. `%%` is a percent sign. What an expansion
   brings in is not expanded again, and is not scanned for comments. Errors: an unknown name (what
   is in the parentheses is taken as it is, case and blanks included), `d` or `x` for a text (here,
   names and each `ENV_K` are texts, even `5`), and every other `%`, such as `100%`, `%Y` or
   `%(here)`. Which names there are depends on the option:

   - everywhere: `here`, and `ENV_K` for each key K of `env`, which is any mapping of str to str, or
     None for an empty one. K is taken as it is, whatever its case and its characters.
   - in each option of a program except `priority`: also `program_name`, and `group_name`, the name
     of the group in which the process ends up (rule 6)
   - in `command`, `directory`, `process_name`, `environment`, `stdout_logfile_maxbytes`: also the
     numbers `process_num` and `numprocs`
   - in these five except `environment`: also `ENV_K` for each key K that the process's own
     `environment` sets, whatever its characters; it takes precedence over `env`

   So the `priority` of a program, and the options of a group, know only `here` and `ENV_K`.

4. Options of a program
   key                      kind                default     result
   command                  text                (required)  str; an empty command is allowed
   directory                text                (none)      str, or None if the key is absent
   autostart                boolean             true        bool
   autorestart              boolean/unexpected  unexpected  a plain str: "always" for true,
                                                            "never" for false, "unexpected"
   startsecs                integer             1           int
   startretries             integer             3           int
   exitcodes                list of integers    0           tuple of int
   priority                 integer             999         int
   stdout_logfile_maxbytes  size                50MB        int, in bytes
   environment              KEY=value pairs     (empty)     mapping of str to str
   numprocs                 integer             1           how many processes
   numprocs_start           integer             0           process_num of the first
   process_name             text                %(program_name)s

   - Boolean: yes, true, on, 1, no, false, off, 0, in any case. Nothing else: no abbreviation, no
     empty value, no blanks that come from an expansion. `unexpected`, in any case, is a value of
     autorestart only.
   - Integer: an optional sign and decimal digits; leading zeros, and blanks around it that come
     from an expansion, are allowed. `1.0`, `0x2`, `+-5` and an empty value are errors.
   - List of integers: split at the commas; blanks around a number are allowed. Each is an integer as
     above, from 0 to 255: `+5` is 5, `-1` is an error. An empty value is the empty list; an empty
     item is an error.
   - Size: an integer, and after it, optionally with blanks between, KB, MB or GB in any case: 1024,
     1024**2 or 1024**3 bytes. Nothing may follow the unit, not even a blank. `50M`, `10B`, `1TB`,
     `1.5MB`, `KB` and an empty value are errors.
   - Every other key (`user`, `stdout_logfile`, `stderr_logfile`, `stopsignal`, ...) is accepted
     and ignored: neither expanded nor checked.

   `environment` is cut into tokens: a quoted string ("..." or '...', without escapes, so that the
   other quote and the backslash mean nothing in it), a run of letters, digits and `_/.+-():`, or
   any other single character. Blanks and line ends between tokens do not count. An unclosed quote
   is an error. The tokens are then read in fours: key, `=`, value, separator. The second must be
   `=`. The separator should be a comma, but supervisord takes any token, and after the last pair
   it may be absent. Anything else is an error: `A`, `A=`, `A=1 B=2`, `A=me@home`, `,A=1`. But
   `A=/x?q=1` silently sets A to `/x` and q to `1`. A quoted value loses its quotes. If a key comes
   twice, the last value wins.

5. Processes of a program
   - There is one process for each process_num from numprocs_start up to, but not including,
     numprocs_start + numprocs. numprocs_start may be negative.
   - numprocs may be 0 or negative: no process. Then `command` may be absent, and what is read once
     per process (`command`, `directory`, `environment`, `stdout_logfile_maxbytes`, and the
     expansion of `process_name`) is not looked at. Everything else is still checked.
   - With numprocs above 1, process_name must contain the characters `%(process_num)`. Nothing more
     is asked of it, not even that they are expanded.
   - process_name, before its expansion, must not contain a space, `:` or `/`. What expansion puts
     into it is not checked.
   - The processes of one program are sorted by name as text: w_10 comes before w_2.

6. Groups and order
   - `[group:NAME]` has two options. `programs` is a list of program names, split at the commas;
     blanks around a name do not count; if it is absent or empty, the group is empty. `priority` is
     an integer, 999 by default; other keys are ignored, as in a program. Each name must be that of
     a `[program:...]` section anywhere in the text; an unknown name is an error, and so is an empty
     one (`web,`).
   - A program that is in a group has no group of its own. One that is named by two groups, or twice
     by one, runs as often as it is named, each time with the name of that group. Within a group the
     programs are in the order of `programs`, whatever their priorities, which they keep.
   - A program in no group is a group of one, with the program's own name and priority.
   - The groups are sorted by priority, then by name as text. The result lists the processes of the
     first group, then those of the second, and so on.

7. Errors
   Whatever is wrong, `parse_supervisor_config` raises SupervisorConfigError, a ValueError of your
   own (or a subclass of it), and lets no other exception out. A text that describes no process
   gives [].

More examples:
    >>> text = '''
    ... [program:mailer]
    ... command = %(here)s/send --queue=%(process_num)d   ; one process per queue
    ... numprocs = 2
    ... numprocs_start = 1
    ... process_name = %(program_name)s-%(process_num)03d
    ... autorestart = TRUE
    ... environment = LANG="C", TOPICS="news,offers"
    ... '''
    >>> first, second = parse_supervisor_config(text, here="/opt/mail")
    >>> (first.group, first.name, first.command)
    ('mailer', 'mailer-001', '/opt/mail/send --queue=1')
    >>> (second.group, second.name, second.command)
    ('mailer', 'mailer-002', '/opt/mail/send --queue=2')
    >>> (first.autorestart, first.exitcodes, first.stdout_logfile_maxbytes)
    ('always', (0,), 52428800)
    >>> dict(first.environment)
    {'LANG': 'C', 'TOPICS': 'news,offers'}

    >>> text = '''
    ... [program:api]
    ... COMMAND: /srv/api --motd "hello ; goodbye"
    ... [program:cache]
    ... command=/srv/cache --size %(ENV_SIZE)s
    ...    --fast
    ... [group:backend]
    ... programs=cache
    ... priority=5
    ... '''
    >>> specs = parse_supervisor_config(text, env={"SIZE": "90%"})
    >>> [(spec.group, spec.command) for spec in specs]
    [('backend', '/srv/cache --size 90%\n--fast'), ('api', '/srv/api --motd "hello')]

    >>> try:
    ...     parse_supervisor_config("[program:api]\ncommand=/srv/api\nstartsecs=soon\n")
    ... except SupervisorConfigError:
    ...     print("refused")
    refused

Out of scope:
- calls at the same time, and a call in the middle of another (threads, signal handlers)
- `[include]`, `[DEFAULT]`, `[eventlistener:x]`, `[fcgi-program:x]`
- the `environment` of `[supervisord]`; `%(host_node_name)s`
- control characters other than tabs and line ends
- an empty line within a value
- a line end in the value of any option except `command`, `directory`, `environment` and ignored ones
- `programs` or `exitcodes` of nothing but blanks that an expansion brings in
- text after the `]` of a header, or a header without one after the first section
- headers that differ only in blanks, or blanks around the name of a program that a group names
- empty headers, and empty names of programs and processes
- process names that collide after expansion; two groups of one name
- `%(program_name)s` and `%(group_name)s` in the priority of a program that is in a group
- underscores in integers, and huge integers
- other forms of the `%` operator: a bare `%s`, precision, a blank after the percent sign, `0` with
  `s` as in `%(here)05s`, more flags and conversions
- widths of more than three digits; names with parentheses
- characters beyond ASCII that `env` or `here` brings in
- a line with both a glued `;` or `#` and, after blanks, both kinds of comment
- in `environment`: a `#` outside quotes, a quote within a word, a key that is not a run of the
  characters above, quotes at the ends of a quoted text, a string right after another token without
  a separator, and keys that differ between the processes of a program
- whether the processes of one list share the object that is their `environment`

Sources:
- Supervisor's manual, Configuration File: http://supervisord.org/configuration.html
- Python's manual, printf-style String Formatting:
  https://docs.python.org/3/library/stdtypes.html#printf-style-string-formatting
- Python's manual, configparser: https://docs.python.org/3/library/configparser.html
- Python's manual, shlex: https://docs.python.org/3/library/shlex.html
"""

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
    stdout_logfile_maxbytes: int  # bytes: "50MB" is 52_428_800
    environment: Mapping[str, str]


def parse_supervisor_config(
    text: str, *, env: Mapping[str, str] | None = None, here: str = "/etc/supervisor"
) -> list[ProcessSpec]:
    """Return the processes that `text` describes, in supervisord's order.

    Args:
        text: The whole configuration.
        env: supervisord's own environment, for `%(ENV_K)s`. None means an empty one.
        here: The directory of the configuration file, for `%(here)s`.

    Raises:
        SupervisorConfigError: supervisord would refuse the text.
    """
    # TODO: read the lines, expand per process, convert, order.
    raise NotImplementedError
