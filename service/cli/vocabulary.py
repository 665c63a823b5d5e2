"""Commands of whoever looks after subjects, topics, licences: `vocabulary list | export | check | import`."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

import click

from service.cli.following import settle_all
from service.cli.session import opened, say, text
from service.errors import Invalid, VocabularyWrong
from service.library import vocabulary as tables
from service.library.lanes import INDEXING, RELISTING
from service.library.vocabulary import NAMED_PROBLEMS, Checked
from service.model import OPERATOR
from service.vocabularies.reading import MOST_BYTES, Problem

MARK = b"\xef\xbb\xbf"
"""What tells Excel that a file is UTF-8."""


@click.group(help=text("cli-vocabulary"))
def vocabulary() -> None:
    """A group: list, export, check, import."""


@vocabulary.command("list", help=text("cli-vocabulary-list"))
def list_() -> None:
    with opened() as parts:
        listed = tables.listing(parts)
    for one in listed:
        said = {"name": f"{one.name:<10}", "terms": f"{one.terms:>6}", "ended": one.ended}
        if one.own is None:
            say("cli-vocabulary-row", **said)
        else:
            say("cli-vocabulary-row-own", **said, at=f"{one.own.at:%Y-%m-%d %H:%M}", sha256=one.own.sha256[:12])


@vocabulary.command(help=text("cli-vocabulary-export"))
@click.argument("name")
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--shipped", is_flag=True, help=text("cli-vocabulary-shipped"))
@click.option("--spreadsheet", is_flag=True, help=text("cli-vocabulary-spreadsheet"))
def export(name: str, file: Path | None, shipped: bool, spreadsheet: bool) -> None:
    with opened() as parts:
        data = tables.give(parts, name, shipped=shipped)
    if spreadsheet and not data.startswith(MARK):
        data = MARK + data
    if file is None:
        sys.stdout.buffer.write(data)
        return
    try:
        file.write_bytes(data)
    except OSError as error:
        raise Invalid(field="FILE", value=f"{file}: {error.strerror}") from error
    say("cli-vocabulary-exported", name=name, file=file)


@vocabulary.command(help=text("cli-vocabulary-check"))
@click.argument("name", required=False)
@click.argument("file", required=False, type=click.File("rb"))
def check(name: str | None, file: BinaryIO | None) -> None:
    if name and file is None:
        raise click.UsageError(text("cli-vocabulary-file"))
    with opened() as parts:
        if name and file is not None:
            found = [tables.check(parts, name, file.read(MOST_BYTES + 1))]
        else:
            found = tables.check_all(parts)
    for one in found:
        _tell(one.problems)
        _summarise(one)
    wrong = next((one for one in found if one.problems), None)
    if wrong is not None:
        raise VocabularyWrong(name=wrong.name, problems=len(wrong.problems))


@vocabulary.command("import", help=text("cli-vocabulary-import"))
@click.argument("name")
@click.argument("file", type=click.File("rb"))
def import_(name: str, file: BinaryIO) -> None:
    data = file.read(MOST_BYTES + 1)
    with opened() as parts:
        _tell(tables.check(parts, name, data).problems)
        done = tables.take_in(parts, OPERATOR, name, data)
        if done.same:
            say("cli-vocabulary-same", name=name)
            return
        _summarise(done.checked)
        if done.job:
            # Facets and index; whoever harvests waits for a worker.
            say("cli-vocabulary-follows")
            lanes = RELISTING + INDEXING
            settle_all(parts, "relist", done.job, lanes, then=("index",), told="cli-vocabulary-left")
    say("cli-vocabulary-shipped-again" if done.shipped else "cli-vocabulary-imported", name=name)


def _tell(problems: Iterable[Problem]) -> None:
    for problem in problems:
        said = text(problem.code, **problem.parameters)
        click.echo(text("cli-vocabulary-problem", row=problem.row, said=said) if problem.row else said, err=True)


def _summarise(one: Checked) -> None:
    say(
        "cli-vocabulary-checked",
        name=one.name,
        terms=one.terms,
        added=len(one.added),
        changed=len(one.changed),
        gone=len(one.gone),
    )
    for code, count in one.ends[:NAMED_PROBLEMS]:
        say("cli-vocabulary-ends", value=code, count=count)
