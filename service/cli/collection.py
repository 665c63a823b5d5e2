"""Commands of whoever fills the library: ingest, withdraw, reinstate, clear, organisations."""

import sys
import time
from pathlib import Path

import click

from ingest.sandbox import Sandbox
from service.cli import sheets
from service.cli.copies import tell_copies
from service.cli.following import able, settle
from service.cli.indexing import MANY_ROWS, Indexing
from service.cli.session import LANGUAGE, WRONG_USE, about, complain, heed, look_at_path, opened, progress, say, text
from service.library import curate, lesson_parts
from service.library import organisations as listed
from service.library.batch import FEW, Batch, Options
from service.library.dry_run import DryRun
from service.library.lanes import INDEXING, reading, urgent
from service.library.outcomes import OUTCOMES, Line
from service.library.personal import in_words
from service.library.services import Services
from service.library.sheet import coded_value
from service.library.walking import walk
from service.library.work import Worker
from service.messages import remedy
from service.model import OPERATOR, PRIORITY_BATCH, PRIORITY_PEOPLE, Value
from service.settings import load

CODED = ("licence", "type", "language")


@click.command(help=text("cli-ingest"))
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--publish", is_flag=True, help=text("cli-publish"))
@click.option("--organisation", default="default", show_default=True, help=text("cli-organisation"))
@click.option("--licence", default="", help=text("cli-licence"))
@click.option("--type", "type_code", default="", help=text("cli-type"))
@click.option("--language", "language_code", default="", help=text("cli-language"))
@click.option("--sheet", "sheet_path", type=click.Path(path_type=Path), help=text("cli-sheet"))
@click.option("--mapping", type=click.Path(path_type=Path, dir_okay=False), help=text("cli-mapping"))
@click.option(
    "--report", "reports", multiple=True, type=click.Path(path_type=Path, dir_okay=False), help=text("cli-report")
)
@click.option("--jobs", type=click.IntRange(1, 64), help=text("cli-jobs"))
@click.option("--dry-run", is_flag=True, help=text("cli-dry-run"))
def ingest(
    paths: tuple[Path, ...],
    publish: bool,
    organisation: str,
    licence: str,
    type_code: str,
    language_code: str,
    sheet_path: Path | None,
    mapping: Path | None,
    reports: tuple[Path, ...],
    jobs: int | None,
    dry_run: bool,
) -> None:
    if not (paths or sheet_path):
        raise click.UsageError(text("cli-nothing-to-take-in"))
    for path in (*paths, *filter(None, (sheet_path, mapping))):
        look_at_path(path)
    for report in reports:
        sheets.look_at_place(report)
    began = time.monotonic()
    with opened() as parts, Sandbox() as sandbox:
        values = said_of_all(parts, (licence, type_code, language_code))
        rows = sheets.rows(parts, sheet_path, mapping)
        # They may lie among the files; a report does from the second run on.
        beside = tuple(path for path in (sheet_path, mapping, *reports) if path and path.exists())
        total = sum(1 for _ in walk(paths)) or len(rows)
        few = total <= FEW
        priority = PRIORITY_PEOPLE if few else PRIORITY_BATCH
        options = Options(organisation, publish, values, rows, beside, LANGUAGE, priority)
        # Refused before the first file, not at each.
        with parts.catalogue.reading() as work:
            if work.organisations.get(organisation) is None:
                complain("cli-no-such-organisation", {"code": organisation})
                sys.exit(WRONG_USE)
        batch = DryRun(parts, OPERATOR, options, sandbox) if dry_run else Batch(parts, OPERATOR, options)
        told = Progress(total)
        lanes = reading(jobs or load().reading_lanes)
        worker = Worker(parts, sandbox, lanes=urgent(lanes) if few else lanes)
        many = publish and not dry_run and len(rows) >= MANY_ROWS
        indexing = Indexing(worker, beside=many, lanes=urgent(INDEXING) if few else INDEXING)
        if not dry_run:
            worker.start()
            indexing.start()
        try:
            batch.take(walk(paths), finished=told.step, healthy=able(worker))
            indexing.all_in()
            batch.wait_for_index(able(worker))
        finally:
            if not dry_run:
                indexing.stop()
                worker.stop()
            told.close()
            totals = batch.totals(time.monotonic() - began)
            groups = lesson_parts.grouped(batch.lines)
            for report in reports:
                sheets.report(parts, report, batch.lines, groups, totals, rows)
    if dry_run:
        say("cli-dry-run-done")
    _summarise(batch.lines, totals)
    tell_copies(batch.lines, groups)


def said_of_all(parts: Services, codes: tuple[str, str, str]) -> tuple[Value, ...]:
    """What options say of all files, checked before the first is touched. Raises: UnknownTerm."""
    return tuple(
        Value(name, coded_value(parts.vocabularies, name, code, where=f"--{name}"), "person", where="option")
        for name, code in zip(CODED, codes, strict=True)
        if code
    )


def _summarise(lines: list[Line], totals: dict[str, int | float]) -> None:
    for line in lines:
        if line.reason and line.outcome in ("draft", "refused"):
            advice = remedy(line.reason["code"], LANGUAGE)
            click.echo(f"{line.path}: {line.reason['text']} {advice}".rstrip(), err=True)
    for outcome in OUTCOMES:
        if totals[outcome]:
            say(f"cli-total-{outcome}", count=totals[outcome])
    say("cli-total", files=totals["files"], seconds=totals["seconds"])


class Progress:
    """On a terminal one moving line with numbers, the rate and the time left; elsewhere a plain line a file."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.done = 0
        self.began = time.monotonic()
        self.terminal = False

    def step(self, line: Line) -> None:
        heed()
        self.done += 1
        # Archives turn out to hold more files than were counted.
        self.total = max(self.total, self.done)
        rate = self.done / max(time.monotonic() - self.began, 0.001)
        left = max(0, self.total - self.done) / rate
        minutes = text("cli-progress-left", minutes=round(left / 60)) if left >= 90 else ""
        # Under one a second the minutes say more.
        speed = text("cli-progress-rate", rate=round(rate)) if rate >= 1 else ""
        self.terminal = progress(text("cli-progress", done=self.done, total=self.total) + speed + minutes)
        if not self.terminal:
            click.echo(f"{line.outcome}\t{line.path}\t{line.resource or '-'}")

    def close(self) -> None:
        if self.terminal and self.done:
            click.echo(err=True)


@click.command(help=text("cli-withdraw"))
@click.argument("resource")
@click.option("--reason", required=True, help=text("cli-reason"))
def withdraw(resource: str, reason: str) -> None:
    with opened() as parts, about(resource):
        done = curate.withdraw(parts, OPERATOR, resource, reason=reason)
        settle(parts, [done.id])
    say("cli-withdrawn", resource=done.id)


@click.command(help=text("cli-reinstate"))
@click.argument("resource")
def reinstate(resource: str) -> None:
    with opened() as parts, about(resource):
        done = curate.reinstate(parts, OPERATOR, resource)
        settle(parts, [done.id])
    say("cli-reinstated", resource=done.id)


@click.command(help=text("cli-clear"))
@click.argument("resource")
@click.option("--reason", required=True, help=text("cli-clear-reason"))
def clear(resource: str, reason: str) -> None:
    with opened() as parts, about(resource):
        found = curate.clear(parts, OPERATOR, resource, reason=reason)
    say("cli-cleared", resource=resource, places=in_words(found, LANGUAGE))


@click.group(help=text("cli-organisations"))
def organisations() -> None:
    """A group: add, import, list."""


@organisations.command(help=text("cli-organisations-add"))
@click.argument("code")
@click.argument("name")
def add(code: str, name: str) -> None:
    with opened() as parts:
        done = curate.add_organisation(parts, OPERATOR, code, name)
    say("cli-organisation-added", code=done.code, name=done.name)


@organisations.command("import", help=text("cli-organisations-import"))
@click.argument("file", type=click.Path(path_type=Path))
def import_(file: Path) -> None:
    with opened() as parts:
        done = listed.take_in(parts, OPERATOR, listed.read(file))
    say("cli-organisations-imported", added=done.added, known=done.known)


@organisations.command("list", help=text("cli-organisations-list"))
def list_() -> None:
    with opened() as parts, parts.catalogue.reading() as work:
        for one in work.organisations.all():
            click.echo(f"{one.code}\t{one.name}\t{one.kind}" + (f"\t→ {one.successor}" if one.successor else ""))
