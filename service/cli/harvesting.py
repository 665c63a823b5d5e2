"""`hoclieu harvest`: follow another repository."""

import datetime
import json
import sys
import time
from pathlib import Path

import click

from service import compose
from service.cli.beside import Beside
from service.cli.following import settle
from service.cli.session import WRONG_USE, complain, heed, opened, progress, say, text
from service.errors import HarvestStopped
from service.library.harvesting import followed
from service.library.harvesting import harvest as harvesting
from service.library.harvesting.gathering import Listeners
from service.library.harvesting.taking import FOLLOWED
from service.library.harvesting.writing import Counts, Refused
from service.library.services import Services
from service.library.sheet import coded_value
from service.model import OPERATOR

TOLD_SECONDS = 5.0
"""Elsewhere than on a terminal a line comes so often."""
WAIT_SECONDS = 0.2


@click.command(help=text("cli-harvest"))
@click.argument("url", metavar="[URL|NAME]", required=False, default="")
@click.option("--set", "set_spec", default="", help=text("cli-harvest-set"))
@click.option("--format", "format_name", default="", help=text("cli-harvest-format"))
@click.option("--organisation", default="", help=text("cli-harvest-organisation"))
@click.option("--licence", default="", help=text("cli-harvest-licence"))
@click.option("--from", "since", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%SZ"]), help=text("cli-harvest-from"))
@click.option("--all", "whole", is_flag=True, help=text("cli-harvest-all"))
@click.option("--list", "listed", is_flag=True, help=text("cli-harvest-list"))
@click.option("--forget", "forgotten", is_flag=True, help=text("cli-harvest-forget"))
@click.option("--report", type=click.Path(path_type=Path, dir_okay=False), help=text("cli-harvest-report"))
def harvest(
    url: str,
    set_spec: str,
    format_name: str,
    organisation: str,
    licence: str,
    since: datetime.datetime | None,
    whole: bool,
    listed: bool,
    forgotten: bool,
    report: Path | None,
) -> None:
    if not url and not listed:
        complain("cli-harvest-no-url", {})
        sys.exit(WRONG_USE)
    with opened() as parts:
        if listed:
            _list(parts)
            return
        if forgotten:
            left = followed.forget(parts, OPERATOR, url, set_spec)
            say("cli-harvest-forgotten", source=left.name, url=left.base_url)
            return
        address, part = followed.meant(parts, url, set_spec)
        wish = harvesting.Wish(
            url=address,
            set=part,
            format=format_name,
            organisation=organisation,
            licence=coded_value(parts.vocabularies, "licence", licence, where="--licence") if licence else "",
            since=f"{since:%Y-%m-%dT%H:%M:%SZ}" if since else "",
            whole=whole,
        )
        _harvest(parts, wish, report)


def _harvest(parts: Services, wish: harvesting.Wish, report: Path | None) -> None:
    told = Telling()
    fetcher = compose.fetcher(parts.settings)
    try:
        done = harvesting.harvest(
            parts, OPERATOR, fetcher, wish, Listeners(pause=wait, step=told.step, refused=told.refused), Beside
        )
    except HarvestStopped as error:
        _tell(text(f"harvest-{error.parameters['reason']}"), str(error.parameters.get("detail", "")))
        raise
    finally:
        fetcher.close()
        told.close()
        if report:
            _write(report, told)
    if len(done.touched) <= FOLLOWED:
        settle(parts, list(done.touched))
    else:
        say("cli-harvest-worker")
    if not done.compared:
        complain("cli-harvest-not-compared", {})
    if done.source.watermark:
        say("cli-harvested", source=done.source.name, next=done.source.watermark)
    else:
        say("cli-harvested-part", source=done.source.name)


def _list(parts: Services) -> None:
    for one in followed.sources(parts):
        at = f"{one.harvested_at:%Y-%m-%d %H:%M}" if one.harvested_at else "-"
        fields = (one.base_url, one.set or "-", one.format or "-", one.organisation, one.watermark or "-", at, one.name)
        click.echo("\t".join(fields))


def wait(seconds: float) -> None:
    """Seconds that pass while somebody may want to stop."""
    until = time.monotonic() + seconds
    heed()
    while (left := until - time.monotonic()) > 0:
        time.sleep(min(WAIT_SECONDS, left))
        heed()


class Telling:
    """On a terminal one moving line, elsewhere one now and then; each record that was left out, at once."""

    def __init__(self) -> None:
        self.began = self.told_at = time.monotonic()
        self.counts = Counts()
        self.left_out: list[Refused] = []

    def step(self, counts: Counts) -> None:
        heed()
        self.counts = counts
        now = time.monotonic()
        rate = round(counts.all / max(now - self.began, 0.001))
        said = text("cli-harvested-so-far", count=counts.all, rate=rate)
        if not progress(said) and now - self.told_at >= TOLD_SECONDS:
            self.told_at = now
            click.echo(said)

    def refused(self, refused: Refused) -> None:
        self.left_out.append(refused)
        progress("")
        reason = text(f"harvest-{refused.code}")
        _tell(text("cli-harvest-left-out", identifier=refused.identifier, reason=reason), refused.detail)

    def close(self) -> None:
        progress("")
        for name in Counts.__slots__:
            if number := getattr(self.counts, name):
                say(f"cli-harvest-{name}", count=number)
        say("cli-harvest-total", count=self.counts.all, seconds=round(time.monotonic() - self.began, 1))


def _tell(said: str, detail: str) -> None:
    """On standard error. detail: as the source or the record has it."""
    click.echo(f"{said} ({detail})" if detail else said, err=True)


def _write(path: Path, told: Telling) -> None:
    totals = {name: getattr(told.counts, name) for name in Counts.__slots__}
    left_out = [
        {"identifier": one.identifier, "reason": {"code": one.code, "text": text(f"harvest-{one.code}")}}
        | ({"detail": one.detail} if one.detail else {})
        for one in told.left_out
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    data = {"totals": {**totals, "records": told.counts.all}, "left_out": left_out}
    path.write_text(json.dumps(data, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
