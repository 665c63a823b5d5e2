"""Commands of whoever looks after what is stored: fixity, trash-sweep, quotas of organisations."""

import sys
from collections import Counter

import click

from service import compose
from service.cli.collection import organisations
from service.cli.session import STOPPED, WRONG_USE, complain, heed, opened, progress, say, text
from service.errors import Invalid
from service.library import fixity as reading
from service.library import quotas, trash
from service.library.services import Services
from service.model import OPERATOR
from service.ports import blob_key

# Faults named one by one; whoever has more needs a whole backup.
NAMED = 100


@click.command(help=text("cli-fixity"))
@click.option("--now", "whole", is_flag=True, help=text("cli-fixity-now"))
@click.option("--mend", is_flag=True, help=text("cli-fixity-mend"))
@click.option("--place", default="", help=text("cli-fixity-place"))
def fixity(whole: bool, mend: bool, place: str) -> None:
    with opened() as parts:
        if whole:
            _read(parts)
        if mend:
            _mend(parts, place or parts.settings.backup_url)
        told = reading.told(parts)
        if told.done is not None and told.done.finished_at is not None:
            megabytes = told.done.size_bytes // 1_000_000
            at = told.done.finished_at.isoformat(timespec="minutes")
            say("cli-fixity-done", at=at, objects=told.done.objects, megabytes=megabytes)
        else:
            say("cli-fixity-never")
        if told.running is not None:
            say("cli-fixity-running", objects=told.running.objects)
        with parts.catalogue.reading() as work:
            faults = work.fixity.faults(NAMED)
    for fault in faults:
        click.echo(f"{fault.fault}\t{blob_key(fault.sha256)}")
    if faults:
        complain("cli-fixity-faults", {"damaged": told.damaged, "missing": told.missing})
        sys.exit(STOPPED)


def _read(parts: Services) -> None:
    def wait(_seconds: float) -> bool:
        heed()
        return False

    for run in reading.whole(parts, OPERATOR, wait):
        progress(text("cli-fixity-so-far", objects=run.objects, megabytes=run.size_bytes // 1_000_000))
    progress("")


def _mend(parts: Services, place: str) -> None:
    if not place:
        raise Invalid(field="HOCLIEU_BACKUP_URL", value="")
    mended = 0
    for sha256, well in reading.mend(parts, OPERATOR, compose.place(parts.settings, place)):
        heed()
        mended += well
        if not well:
            complain("cli-fixity-not-there", {"key": blob_key(sha256), "place": place})
    say("cli-fixity-mended", count=mended)


@click.command("trash-sweep", help=text("cli-trash-sweep"))
@click.option("--dry-run", is_flag=True, help=text("cli-sweep-dry-run"))
@click.option(
    "--days", type=click.IntRange(1, 3650), default=trash.GRACE_DAYS, show_default=True, help=text("cli-days")
)
def trash_sweep(dry_run: bool, days: int) -> None:
    went: Counter[str] = Counter()
    with opened() as parts:
        for one in trash.sweep(parts, OPERATOR, grace_days=days, dry_run=dry_run):
            heed()
            went[one.kind] += 1
            if dry_run:
                click.echo(f"{one.kind}\t{one.key}")
    for kind in trash.KINDS:
        if went[kind]:
            say(f"cli-trash-{kind}", count=went[kind])
    if not went:
        say("cli-trash-none")
    elif dry_run:
        say("cli-trash-stays")


@organisations.command("quota", help=text("cli-organisations-quota"))
@click.argument("code")
@click.argument("size", default="")
def quota(code: str, size: str) -> None:
    try:
        allowed = quotas.bytes_of(size) if size else None
    except Invalid:
        complain("cli-quota-ambiguous" if quotas.is_ambiguous(size) else "cli-quota-size", {"value": size})
        sys.exit(WRONG_USE)
    with opened() as parts:
        with parts.catalogue.reading() as work:
            if work.organisations.get(code) is None:
                complain("cli-no-such-organisation", {"code": code})
                sys.exit(WRONG_USE)
        use = quotas.set_quota(parts, OPERATOR, code, allowed) if size else quotas.use_of(parts, code)
    used = -(-use.used_bytes // quotas.MEGABYTE)
    if use.allowed_bytes is None:
        say("cli-quota-none", code=use.code, used=used)
    else:
        say("cli-quota", code=use.code, used=used, allowed=-(-use.allowed_bytes // quotas.MEGABYTE))
