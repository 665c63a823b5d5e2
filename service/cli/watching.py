"""Commands about folders and disks of others: watch, disk-report."""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import click

from ingest.sandbox import Sandbox
from service import compose
from service.cli.collection import said_of_all
from service.cli.following import able
from service.cli.session import LANGUAGE, WRONG_USE, complain, heed, look_at_path, opened, progress, say, text
from service.errors import LibraryError
from service.library.batch import Options
from service.library.disk import report as disk
from service.library.inbox import DONE, Inbox
from service.library.lanes import INDEXING, READING
from service.library.services import Services
from service.library.watching import Away, Moved, Watch
from service.library.work import Worker
from service.model import OPERATOR
from service.settings import load

POLL_SECONDS = 2.0
"""How often a folder is looked at in which nothing has arrived."""
SHOWN_SECONDS = 0.2


@click.command(help=text("cli-watch"))
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--publish", is_flag=True, help=text("cli-publish"))
@click.option("--organisation", default="default", show_default=True, help=text("cli-organisation"))
@click.option("--licence", default="", help=text("cli-licence"))
@click.option("--type", "type_code", default="", help=text("cli-type"))
@click.option("--language", "language_code", default="", help=text("cli-language"))
@click.option("--settle", type=click.FloatRange(0.1, 3600), default=10.0, show_default=True, help=text("cli-settle"))
def watch(
    folder: Path,
    publish: bool,
    organisation: str,
    licence: str,
    type_code: str,
    language_code: str,
    settle: float,
) -> None:
    look_at_path(folder, folder=True)
    with opened() as parts:
        values = said_of_all(parts, (licence, type_code, language_code))
        options = Options(organisation, publish, values, language=LANGUAGE)
        with parts.catalogue.reading() as work:
            if work.organisations.get(organisation) is None:
                complain("cli-no-such-organisation", {"code": organisation})
                sys.exit(WRONG_USE)
        inbox = Inbox(folder, settle)
        try:
            inbox.begin()
        except OSError as error:
            complain("cli-watch-cannot-move", {"folder": folder, "reason": error.strerror})
            sys.exit(WRONG_USE)
        say("cli-watching", folder=folder)
        with Sandbox() as sandbox:
            worker = Worker(parts, sandbox, lanes=READING + INDEXING)
            worker.start()
            try:
                _for_ever(Watch(parts, OPERATOR, options, inbox), worker)
            except KeyboardInterrupt:
                # What it was told; what was on its way is still in the folder.
                say("cli-watch-stopped")
            finally:
                worker.stop()


def _for_ever(watch: Watch, worker: Worker) -> None:
    asked, away = able(worker), False
    while _goes_on(worker):
        busy = False
        try:
            for one in watch.round(asked, worker.healthy):
                busy |= isinstance(one, Moved) and bool(one.where)
                _tell(one)
            away = False
        except OSError as error:
            # A drive that is away comes back; said once.
            if not away:
                complain("cli-watch-away", {"folder": watch.inbox.folder, "reason": error.strerror})
            away = True
        if not busy:
            worker.wait(min(POLL_SECONDS, watch.inbox.settle_seconds))


def _goes_on(worker: Worker) -> bool:
    """Raises: KeyboardInterrupt: told to stop."""
    heed()
    return worker.healthy()


def _tell(one: Moved | Away) -> None:
    if isinstance(one, Away):
        complain(one.error.code, one.error.parameters)
        return
    for line in one.lines:
        click.echo(f"{line.outcome}\t{line.path}\t{line.resource or '-'}")
    if one.reason:
        complain("cli-watch-not-moved", {"name": one.name, "reason": one.reason})
    elif one.where and one.where != DONE:
        for line in one.lines:
            if line.reason:
                click.echo(f"{line.path}: {line.reason['text']}", err=True)


@click.command("disk-report", help=text("cli-disk-report"))
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--sample", type=click.IntRange(0, 100_000), default=40, show_default=True, help=text("cli-sample"))
@click.option("--all", "everything", is_flag=True, help=text("cli-disk-all"))
@click.option("--json", "as_json", is_flag=True, help=text("cli-json"))
def disk_report(path: Path, sample: int, everything: bool, as_json: bool) -> None:
    look_at_path(path, folder=True)
    parts = _library_if_there()
    try:
        with Sandbox() as sandbox:
            found = disk.report(
                path,
                parts.catalogue if parts else None,
                sandbox,
                sample=None if everything else sample,
                lanes=load().reading_lanes,
                progress=_counted(),
            )
    finally:
        progress("")
        if parts:
            parts.catalogue.close()
    if as_json:
        click.echo(json.dumps(found.as_json(), ensure_ascii=False, indent=2))
    else:
        for line in disk.in_words(found, LANGUAGE):
            click.echo(line)


def _library_if_there() -> Services | None:
    """The library to compare with; a report makes none, and does without one that is away."""
    settings = load()
    if settings.database.startswith("sqlite:") and not Path(settings.database.partition("://")[2]).exists():
        return None
    parts = compose.services(settings)
    try:
        parts.catalogue.check()
    except LibraryError as error:
        complain(error.code, error.parameters)
        parts.catalogue.close()
        return None
    return parts


def _counted() -> Callable[[str, int, int], None]:
    """On a terminal one moving line: what is being done, of how many."""
    shown = 0.0

    def step(doing: str, done: int, total: int) -> None:
        nonlocal shown
        heed()
        if time.monotonic() - shown >= SHOWN_SECONDS:
            shown = time.monotonic()
            progress(text(f"cli-disk-{doing}", done=done, total=total))

    return step
