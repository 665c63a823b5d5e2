"""Commands of whoever hands records on: handover (write | receipt), readiness, organisations merge."""

import json
import sys
from pathlib import Path

import click

from service.cli.following import settle_all
from service.cli.session import LANGUAGE, WRONG_USE, complain, heed, opened, progress, say, text
from service.library import handover as packages
from service.library import merging, profile, receipts, standings
from service.library.lanes import INDEXING, MERGING
from service.library.profile import Profile
from service.library.services import Services
from service.model import OPERATOR

NAMED = 20
"""Records that are named on the screen; whoever needs all of them has the receipt."""
LACKS_NAMED = 5


class Writing(click.Group):
    """`hoclieu handover OUT` is `hoclieu handover write OUT`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in (*self.commands, *ctx.help_option_names):
            args = ["write", *args]
        return super().parse_args(ctx, args)


@click.group(cls=Writing, help=text("cli-handover"))
def handover() -> None:
    """A group: write, receipt."""


@handover.command(help=text("cli-handover-write"))
@click.argument("out", type=click.Path(path_type=Path, file_okay=False))
@click.option("--profile", "path", type=click.Path(path_type=Path, dir_okay=False), help=text("cli-handover-profile"))
@click.option("--all", "everything", is_flag=True, help=text("cli-handover-all"))
@click.option(
    "--most",
    type=click.IntRange(1, 1_000_000),
    default=packages.MOST,
    show_default=True,
    help=text("cli-handover-most"),
)
def write(out: Path, path: Path | None, everything: bool, most: int) -> None:
    with opened() as parts:
        made = packages.hand_over(
            parts, OPERATOR, _profile(parts, path), out, everything=everything, most=most, step=_step
        )
    progress("")
    for resource, code in made.failed.items():
        complain("cli-handover-failed", {"resource": resource, "reason": code})
    if made.resumed:
        say("cli-handover-resumed")
    if made.folder is None:
        say("cli-handover-nothing", lacking=made.lacking)
    else:
        say(
            "cli-handover-written",
            folder=made.folder,
            records=made.records,
            files=made.files,
            withdrawn=made.withdrawn,
            lacking=made.lacking,
        )
    if made.more:
        say("cli-handover-more")


def _profile(parts: Services, path: Path | None) -> Profile:
    return profile.read(path) if path else profile.of_library(parts.settings)


def _step(records: int) -> None:
    heed()
    progress(text("cli-handover-so-far", records=records))


@handover.command(help=text("cli-handover-receipt"))
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def receipt(file: Path) -> None:
    with opened() as parts:
        done = receipts.take_in(parts, OPERATOR, file)
    say(
        "cli-receipt-read",
        accepted=done.accepted,
        refused=len(done.refused),
        unsaid=done.unsaid,
        overtaken=done.overtaken,
    )
    for identifier, reason in done.refused[:NAMED]:
        say("cli-receipt-refused", identifier=identifier, reason=reason or "–")
    for identifier in done.unknown[:NAMED]:
        complain("cli-receipt-unknown", {"identifier": identifier})


@click.command(help=text("cli-readiness"))
@click.option("--organisation", default="", help=text("cli-readiness-organisation"))
@click.option("--json", "as_json", is_flag=True, help=text("cli-json"))
def readiness(organisation: str, as_json: bool) -> None:
    with opened() as parts:
        if organisation:
            with parts.catalogue.reading() as work:
                known = work.organisations.get(organisation)
            if known is None:
                complain("cli-no-such-organisation", {"code": organisation})
                sys.exit(WRONG_USE)
            organisation = known.successor or known.code
        ready = profile.of_library(parts.settings)
        found = standings.reports(parts, LANGUAGE, organisation)
        if as_json:
            told = {"profile": ready.name, "version": ready.version, "organisations": [one.as_json() for one in found]}
            click.echo(json.dumps(told, ensure_ascii=False, indent=2))
            return
        say("cli-readiness-profile", name=ready.label(LANGUAGE), version=ready.version)
        for one in found:
            _tell(one)
        if organisation:
            for resource, lacks in standings.each(parts, organisation):
                named = (f"{ready.field(field, LANGUAGE)}: {text(f'lack-{lack}')}" for field, lack in lacks)
                click.echo(f"{resource}\t{'; '.join(named)}")
        if not found:
            say("cli-readiness-nothing")


def _tell(one: standings.Report) -> None:
    who = one.organisation
    standing = one.standing
    say(
        "cli-readiness-row",
        code=who.code,
        name=who.name,
        ready=standing.ready,
        listed=standing.listed,
        inside=standing.inside,
    )
    for lacking in one.lacking[:LACKS_NAMED]:
        say("cli-readiness-lack", count=lacking.number, field=lacking.field, lack=text(f"lack-{lacking.lack}"))


@click.command(help=text("cli-organisations-merge"))
@click.argument("code")
@click.argument("into")
def merge(code: str, into: str) -> None:
    with opened() as parts:
        job = merging.merge(parts, OPERATOR, code, into)
        settle_all(parts, "merge", job, MERGING + INDEXING)
        with parts.catalogue.reading() as work:
            left = work.jobs.waiting("merge", [job]).get(job)
    if left is not None:
        say("cli-organisation-merging", code=code, into=into)
    else:
        say("cli-organisation-merged", code=code, into=into)
