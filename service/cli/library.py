"""Commands that ask the library or make anew what follows from it: search, stats, reports, reindex, rerender,
reprocess."""

import csv
import datetime
import html
import json
import re
import sys

import click

from service.cli.session import heed, opened, progress, say, text
from service.library import count, discover, reindexing, rendering, reprocessing
from service.library.relist import relist
from service.library.reports import reports as reported
from service.library.services import Services
from service.library.views import SearchRequest
from service.links import Links
from service.model import OPERATOR, PUBLIC

DATE = click.DateTime(["%Y-%m-%d"])


@click.command(help=text("cli-search"))
@click.argument("query")
@click.option("--json", "as_json", is_flag=True, help=text("cli-json"))
@click.option("--size", type=click.IntRange(1, discover.MAX_PAGE_SIZE), default=10, help=text("cli-size"))
@click.option("--exact", is_flag=True, help=text("cli-exact"))
def search(query: str, as_json: bool, size: int, exact: bool) -> None:
    from service.api.search import answer

    with opened() as parts:
        found = discover.search(parts, PUBLIC, SearchRequest(text=query, size=size, exact=exact))
        links = Links(parts.settings.public_url or "http://127.0.0.1:8000")
        data = answer(parts, links, found, parts.settings.language).model_dump(mode="json")
    if as_json:
        click.echo(json.dumps(data, ensure_ascii=False, indent=2))
        return
    if data["rewritten"]:
        say("cli-rewritten", rewritten=data["rewritten"], query=query)
    if data["suggestion"]:
        say("cli-suggestion", suggestion=data["suggestion"])
    say("cli-found", total=data["total"])
    if data["partial"]:
        say("search-partial")
    for number, item in enumerate(data["items"], start=1):
        click.echo(f"{number:>3}. {item['title']}  [{item['id']}]")
        for hit in item["hits"]:
            plain = html.unescape(re.sub(r"</?mark>", "", hit["snippet"]))
            click.echo(f"     {text('locator-' + hit['locator']['kind'], value=hit['locator']['value'])} · {plain}")


@click.command(help=text("cli-stats"))
@click.option("--csv", "as_csv", is_flag=True, help=text("cli-csv"))
@click.option("--from", "first", type=DATE, help=text("cli-from"))
@click.option("--to", "last", type=DATE, help=text("cli-to"))
def stats(as_csv: bool, first: datetime.datetime | None, last: datetime.datetime | None) -> None:
    begin = first.date() if first else datetime.date(2000, 1, 1)
    end = last.date() if last else datetime.datetime.now(datetime.UTC).date()
    with opened() as parts:
        rows = list(count.rows(parts, OPERATOR, begin, end))
    if as_csv:
        writer = csv.writer(sys.stdout)
        writer.writerow(["day", "kind", "resource", "organisation", "door", "number"])
        writer.writerows(
            [row.day, row.kind, row.resource or "", row.organisation, row.door, row.number] for row in rows
        )
        return
    totals: dict[str, int] = {}
    for row in rows:
        totals[row.kind] = totals.get(row.kind, 0) + row.number
    for kind, number in sorted(totals.items()):
        click.echo(f"{text('count-' + kind)}: {number}")
    if not totals:
        say("cli-no-counts")


@click.command(help=text("cli-reports"))
@click.option("--json", "as_json", is_flag=True, help=text("cli-json"))
@click.option("--from", "first", type=DATE, help=text("cli-from"))
def reports(as_json: bool, first: datetime.datetime | None) -> None:
    with opened() as parts:
        listed = reported(parts, OPERATOR, since=first.replace(tzinfo=datetime.UTC) if first else None)
        links = Links(parts.settings.public_url or "http://127.0.0.1:8000")
    if as_json:
        rows = [
            {"resource": one.resource, "title": one.title, "reason": one.reason, "text": one.text}
            | {"at": one.at.isoformat(), "url": links.resource(one.resource)}
            for one in listed
        ]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for one in listed:
        click.echo(f"{one.at:%Y-%m-%d %H:%M}  {text('report-' + one.reason)}  {one.title}  [{one.resource}]")
        if one.text:
            click.echo(f"     {one.text}")
    if not listed:
        say("cli-no-reports")


@click.command(help=text("cli-reindex"))
@click.option("--back", "act", flag_value="back", help=text("cli-reindex-back"))
@click.option("--drop-old", "act", flag_value="drop", help=text("cli-reindex-drop"))
@click.option("--list", "act", flag_value="list", help=text("cli-reindex-list"))
def reindex(act: str | None) -> None:
    with opened() as parts:
        if act == "list":
            _list_generations(parts)
        elif act == "drop":
            dropped = reindexing.drop_old(parts)
            for name in dropped:
                say("cli-reindex-dropped", generation=name)
            if not dropped:
                say("cli-reindex-nothing-old")
        elif act == "back":
            _tell_switched(reindexing.back(parts))
        else:
            relist(parts)
            try:
                switched = reindexing.reindex(parts, progress=_step)
            finally:
                progress("")
            _tell_switched(switched)


def _step(step: reindexing.Step) -> None:
    """On a terminal one moving line; elsewhere a line a batch."""
    heed()
    said = text(
        "cli-reindexed-so-far",
        done=step.done,
        total=step.total,
        rate=round(step.rate),
        left=round(step.seconds_left),
    )
    if not progress(said):
        click.echo(said)


def _tell_switched(switched: reindexing.Switched) -> None:
    for resource, cause in switched.refused.items():
        say("cli-reindex-refused", resource=resource, cause=cause)
    for resource, key in switched.textless.items():
        say("cli-reindex-textless", resource=resource, key=key)
    say("cli-reindexed", generation=switched.generation, resources=switched.resources)
    say("cli-reindex-old-stays")


def _list_generations(parts: Services) -> None:
    for one in reindexing.listing(parts):
        row = one.generation
        said = text(
            "cli-index-row" if one.resources is not None else "cli-index-row-silent",
            name=row.name,
            state=text(f"generation-{row.state}"),
            engine=row.engine,
            resources=one.resources,
            created=f"{row.created_at:%Y-%m-%d %H:%M}",
        )
        click.echo(said + ("" if one.fits else text("cli-index-row-other")))


@click.command(help=text("cli-rerender"))
def rerender() -> None:
    with opened() as parts:
        queued = rendering.everything(parts)
    say("cli-rerender-queued", count=queued)


@click.command(help=text("cli-reprocess"))
@click.option("--type", "media_type", default="", help=text("cli-reprocess-type"))
@click.option("--stale", is_flag=True, help=text("cli-stale"))
def reprocess(media_type: str, stale: bool) -> None:
    with opened() as parts:
        queued = reprocessing.reprocess(parts, stale_only=stale or not media_type, media_type=media_type)
    say("cli-reprocess-queued", count=queued)
