"""`hoclieu copies`: what is nearly the same as something else, for whoever corrects it; and what a batch says of it."""

import json
from collections.abc import Sequence

import click

from service.cli.session import about, opened, say, text
from service.library import copies as near
from service.library.lesson_parts import Group
from service.library.outcomes import Line
from service.model import OPERATOR

# Of each kind; the report names all.
_SAID = 10


@click.command(help=text("cli-copies"))
@click.argument("resource", required=False)
@click.option("--json", "as_json", is_flag=True, help=text("cli-json"))
def copies(resource: str | None, as_json: bool) -> None:
    with opened() as parts:
        if resource:
            with about(resource):
                found = [(resource, one) for one in near.of_resource(parts, OPERATOR, resource)]
            said = [text("cli-copies-one", id=one.id, title=one.title, percent=one.percent) for _, one in found]
        else:
            pairs = near.everything(parts, OPERATOR)
            found = [(one.id, one.near) for one in pairs]
            said = [
                text(
                    "cli-copies-pair",
                    resource=one.id,
                    name=one.title,
                    id=one.near.id,
                    title=one.near.title,
                    percent=one.near.percent,
                )
                for one in pairs
            ]
    if as_json:
        rows = [{"resource": id, "near": one.id, "title": one.title, "percent": one.percent} for id, one in found]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for line in said or [text("cli-copies-none")]:
        click.echo(line)


def tell_copies(lines: Sequence[Line], groups: Sequence[Group]) -> None:
    """After a batch: what is nearly a copy, and what may be parts of one lesson."""
    alike = [(line, warning["text"]) for line in lines for warning in line.warnings if warning["code"] == near.EVENT]
    for line, said in alike[:_SAID]:
        click.echo(f"{line.path}: {said}")
    if more := len(alike) - len(alike[:_SAID]):
        say("cli-copies-more", count=more)
    for group in groups[:_SAID]:
        say("cli-lesson-parts", name=group.name, files="; ".join(group.files))
    if more := len(groups) - len(groups[:_SAID]):
        say("cli-lesson-parts-more", count=more)
