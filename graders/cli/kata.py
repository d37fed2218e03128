"""The console command ``kata`` and the list of its commands, one file each."""

from __future__ import annotations

import click

from graders.cli.check import check
from graders.cli.nbgrader import nbgrader
from graders.cli.new import new


@click.group()
def main() -> None:
    """Katas beyond pytest."""


main.add_command(check)
main.add_command(nbgrader)
main.add_command(new)
