"""``kata check``: what an author still has to do. It imports what it needs when it runs."""

from __future__ import annotations

import click


@click.command()
@click.argument("slug", required=False)
def check(slug: str | None) -> None:
    """Check a kata, or all of them, and say what its author has to do next.

    It takes the steps of CONTRIBUTING in their order, and stops at the first one that is not done. The last ones grade
    each solution, which takes minutes.

    Example: kata check pick_container
    """
    from graders.authoring import catalogue
    from graders.contract import checks
    from graders.contract.finding import Finding

    known = catalogue.slugs(catalogue.ROOT)
    if slug is not None and slug not in known:
        raise click.ClickException(f"there is no katas/{slug}.py: begin with `kata new {slug}`")
    if not known:
        raise click.ClickException(f"{catalogue.ROOT} has no katas: run this in a clone of graded-katas")
    failed = 0
    for each in known if slug is None else [slug]:
        kata, done, rest = catalogue.Kata(each, catalogue.ROOT), 0, ", and none is left"
        try:
            for what, step in checks.steps(kata, checks.as_class()):
                step()
                done += 1
                click.echo(f"ok    {what}")
        except Finding as found:
            failed, rest = failed + 1, ""
            click.echo(f"next  {found}")
        click.echo(f"{each}: {done} steps are done{rest}")
    raise SystemExit(1 if failed else 0)
