"""``kata new``: the first files of a kata. It imports what it needs when it runs."""

from __future__ import annotations

import click


@click.command()
@click.argument("slug")
def new(slug: str) -> None:
    """Write the first files of a new kata.

    They are a stub, a reference, a hidden suite and notes, to be filled in.

    Example: kata new pick_container
    """
    from graders.authoring import catalogue
    from graders.authoring.scaffold import scaffold

    try:
        written = scaffold(catalogue.Kata(slug, catalogue.ROOT))
    except (ValueError, OSError) as error:
        raise click.ClickException(str(error)) from None
    for name in written:
        click.echo(f"wrote {name}")
    click.echo(f"Fill them in; what comes next says: kata check {slug}")
