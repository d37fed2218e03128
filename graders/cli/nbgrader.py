"""``kata nbgrader``: katas in an nbgrader course. Each command imports what it needs when it runs."""

from __future__ import annotations

from pathlib import Path

import click

FOLDER = click.Path(file_okay=False, path_type=Path)
FILE = click.Path(dir_okay=False, exists=True, path_type=Path)
NEEDS_NBGRADER = 'This needs nbgrader: pip install -e ".[nbgrader]", best in an environment of its own ({}).'


@click.group()
def nbgrader() -> None:
    """Katas as assignments of an nbgrader course: docs/nbgrader.md."""


@nbgrader.command()
@click.argument("course", type=FOLDER)
def init(course: Path) -> None:
    """Make COURSE ready for katas: write its nbgrader_config.py, or extend the one it has."""
    from graders.nbgrader.config import extend

    click.echo(extend(course))


@nbgrader.command()
@click.argument("course", type=FOLDER)
@click.option("--kata", "names", required=True, metavar="SLUG,...", help="Which katas, or all.")
def add(course: Path, names: str) -> None:
    """Add katas to COURSE: one assignment each, as source/SLUG/SLUG.ipynb."""
    from graders.authoring.catalogue import BrokenSuite, UnknownKata, find
    from graders.nbgrader.config import ready

    if not ready(course):
        raise click.ClickException(f"{course} is not ready for katas; first: kata nbgrader init {course}")
    try:
        from graders.nbgrader.assignment import place
        from graders.nbgrader.statement import Unfit
    except ImportError as error:
        raise click.ClickException(NEEDS_NBGRADER.format(error)) from None
    try:
        katas = find(names)
        for kata in katas:
            kata.suite()  # all of them or none: a suite's dependency may not be installed
        for kata in katas:
            click.echo(place(kata, course))
    except (UnknownKata, BrokenSuite, Unfit, FileExistsError) as error:
        raise click.ClickException(str(error)) from None


@nbgrader.command("import")
@click.argument("course", type=FOLDER)
@click.argument("scores", type=FILE)
def import_(course: Path, scores: Path) -> None:
    """Write SCORES, of a run with --submissions and --scores, into the gradebook of COURSE."""
    try:
        from graders.nbgrader.imports import BadScores, imported
    except ImportError as error:
        raise click.ClickException(NEEDS_NBGRADER.format(error)) from None
    try:
        for line in imported(course, scores):
            click.echo(line)
    except BadScores as error:
        raise click.ClickException(str(error)) from None
