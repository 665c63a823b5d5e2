"""Commands of whoever decides what a machine suggests: `proposals list | accept`."""

import json

import click

from service.cli.following import settle
from service.cli.session import LANGUAGE, about, heed, opened, say, text
from service.library.outcomes import proposal_as_json
from service.library.placements import FIELD as PLACEMENT
from service.library.proposals import deciding
from service.library.proposals.deciding import PROPOSED, Accepted, Listed
from service.library.services import Services
from service.model import OPERATOR, Proposal
from service.vocabularies import Vocabularies

CONFIDENCE = click.FloatRange(0, 1)


@click.group(help=text("cli-proposals"))
def proposals() -> None:
    """A group: list, accept."""


@proposals.command("list", help=text("cli-proposals-list"))
@click.option("--min-confidence", "least", type=CONFIDENCE, default=0.0, help=text("cli-proposals-list-least"))
@click.option("--field", "name", type=click.Choice(PROPOSED), default=None, help=text("cli-proposals-field"))
@click.option("--resource", default="", help=text("cli-proposals-resource"))
@click.option("--json", "as_json", is_flag=True, help=text("cli-json"))
def list_(least: float, name: str | None, resource: str, as_json: bool) -> None:
    rows = 0
    with opened() as parts:
        if resource:
            with about(resource):
                _one(parts, resource, as_json)
            return
        for row in deciding.listing(parts, OPERATOR, least=least, name=name or ""):
            heed()
            rows += 1
            if as_json:
                click.echo(json.dumps(_as_json(row), ensure_ascii=False))
            else:
                click.echo(f"{row.title}  [{row.resource}]  {text('cli-proposals-state-' + row.state)}")
                _tell(parts.vocabularies, row.proposals)
    if not rows and not as_json:
        say("cli-proposals-none")


def _one(parts: Services, resource: str, as_json: bool) -> None:
    """All of one resource, accepted ones too, with every piece of evidence."""
    found = deciding.of(parts, OPERATOR, resource)
    if as_json:
        rows = [proposal_as_json(one) | {"accepted_by": one.accepted_by or None} for one in found]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    _tell(parts.vocabularies, found, whole=True)
    if not found:
        say("cli-proposals-none")


def _as_json(row: Listed) -> dict[str, object]:
    return {
        "resource": row.resource,
        "title": row.title,
        "state": row.state,
        "proposals": [proposal_as_json(one) for one in row.proposals],
    }


def _tell(vocabularies: Vocabularies, found: tuple[Proposal, ...], *, whole: bool = False) -> None:
    """A line a proposal; whole: a line a piece of evidence below it."""
    for one in found:
        label = one.value if one.field == PLACEMENT else vocabularies.label(one.field, one.value, LANGUAGE)
        said = f"{one.confidence:.2f}  {text('cli-proposals-' + one.field)}: {label}"
        accepted = text("cli-proposals-is-accepted") if one.accepted_at else ""
        seen = [f"{text('cli-proposals-seen-' + it.where)}: {it.seen}" for it in one.evidence]
        click.echo(f"     {said}{accepted}" + ("" if whole or not seen else f"  ({seen[0]})"))
        for line in seen if whole else ():
            click.echo(f"            {line}")


@proposals.command(help=text("cli-proposals-accept"))
@click.option("--min-confidence", "least", type=CONFIDENCE, required=True, help=text("cli-proposals-least"))
@click.option("--field", "name", type=click.Choice(PROPOSED), default=None, help=text("cli-proposals-field"))
@click.option("--resource", default="", help=text("cli-proposals-resource"))
def accept(least: float, name: str | None, resource: str) -> None:
    with opened() as parts:
        with about(resource):
            done = deciding.accept(parts, OPERATOR, least=least, name=name or "", resource_id=resource)
        _summarise(done)
        if done.published:
            settle(parts, done.published, told="cli-vocabulary-left")


def _summarise(done: Accepted) -> None:
    if not done.values:
        say("cli-proposals-none")
    for name, number in sorted(done.values.items()):
        say("cli-proposals-accepted", field=text("cli-proposals-" + name), count=number)
    if done.values:
        say("cli-proposals-resources", drafts=len(done.drafts), published=len(done.published))
    for resource in done.held:
        say("cli-proposals-held", resource=resource)
