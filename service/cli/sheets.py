"""Sheets at a terminal: `sheet-template`, and what `ingest` does with a sheet, its mapping and its reports."""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from ingest.errors import IngestError
from ingest.sandbox import Sandbox
from service.cli.session import LANGUAGE, WRONG_USE, complain, opened, say, text
from service.errors import Invalid, SheetUnreadable
from service.library import lesson_parts, sheet
from service.library.admit import reason_of
from service.library.lesson_parts import Group
from service.library.outcomes import Line
from service.library.services import Services
from service.library.sheet import Rows, foreign, table, template, writing
from service.library.sheet import report as reports


@click.command("sheet-template", help=text("cli-sheet-template"))
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--folder", type=click.Path(path_type=Path, exists=True, file_okay=False), help=text("cli-sheet-template-folder")
)
def sheet_template(file: Path, folder: Path | None) -> None:
    if file.suffix.lower() not in writing.ENDINGS:
        raise click.UsageError(text("cli-sheet-ending"))
    look_at_place(file, "FILE")
    if file.exists():
        # Somebody may have filled it in by now.
        complain("cli-sheet-there", {"file": file})
        sys.exit(WRONG_USE)
    with opened() as parts:
        with parts.catalogue.reading() as work:
            owners = work.organisations.all()
        count = template.template(file, parts.vocabularies, owners, language=LANGUAGE, folder=folder)
    say("cli-sheet-template-written", file=file, count=count)


def rows(parts: Services, path: Path | None, mapping: Path | None) -> Rows:
    """What a sheet says, read before the first file is touched; empty without one. Raises: Invalid: the sheet."""
    if path is None:
        if mapping is not None:
            raise click.UsageError(text("cli-mapping-alone"))
        return Rows()
    with parts.catalogue.reading() as work:
        owners = work.organisations.all()
    try:
        with Sandbox(limits=table.PATIENCE) as sandbox:
            words = foreign.read(mapping, parts.vocabularies, sandbox) if mapping else None
            read = sheet.read(path, parts.vocabularies, owners, sandbox, foreign=words, language=LANGUAGE)
    except SheetUnreadable as error:
        if isinstance(error.__cause__, IngestError):
            # Why, in its own sentence: it is locked, made to harm, too large …
            complain(error.__cause__.code, {"name": path.name, **error.__cause__.parameters})
        raise
    if read.unknown:
        names = ", ".join(f"“{name[:60]}”" for name in read.unknown[:20])
        click.echo(text("cli-sheet-unknown-columns", names=names), err=True)
    return read


def look_at_place(path: Path, name: str = "--report") -> None:
    """Raises: Invalid {field: name}: nothing can be written there, which is better known before hours of reading than
    after.
    """
    try:
        there = path.exists()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.open("ab").close()
        if not there:
            path.unlink()
    except OSError as error:
        raise Invalid(field=name, value=f"{path}: {reason_of(error, LANGUAGE)}") from error


def report(
    parts: Services,
    path: Path,
    lines: Sequence[Line],
    groups: Sequence[Group],
    totals: Mapping[str, int | float],
    read: Rows,
) -> None:
    """Write a report, as a sheet where its name ends so, else as JSON."""
    if path.suffix.lower() in writing.ENDINGS:
        with parts.catalogue.reading() as work:
            lists = template.offered(parts.vocabularies, work.organisations.all(), LANGUAGE)
        reports.write(path, lines, read, lists=lists, language=LANGUAGE)
        return
    files = [line.as_json() for line in lines if line.outcome]
    data = {"files": files, "groups": lesson_parts.as_json(groups), "totals": totals}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
