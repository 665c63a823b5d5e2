"""Write the pages under `docs/` that the code already holds: `python -m docs.generate [--check]`.

A setting, command, error, route or format is described once, beside its code;
the page is made from there, and a test fails when it is stale. The module is
long because each page is a few lines of its own; there is nothing to share.
"""

import functools
import importlib
import inspect
import os
import re
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import resources
from pathlib import Path
from typing import Any, TypeVar

from starlette.routing import Route

from ingest import registry
from ingest.errors import BY_CODE
from service import compose
from service.crosswalks import Record
from service.errors import LibraryError
from service.http.limits import SHARES
from service.http.problems import STATUSES, WORDED
from service.library.records import CROSSWALKS
from service.messages import LANGUAGES, catalogue, of_many, sentence
from service.settings import IN_A_FILE, PREFIX, Settings, is_secret, load

Kind = TypeVar("Kind")
FOLDER = Path(__file__).parent
ERRORS_HEAD = """# Errors and warnings

Each has a code that never changes its meaning; the words after it say what happened and, in italics, what to do.
In JSON answers the code is the member `code` and ends the `type` of the problem (RFC 9457).

## Errors of the library
"""
REQUESTS_HEAD = """
## Errors of requests

What the web server finds out before the library is asked.
"""
READING_HEAD = """
## Errors of reading a file

The file is kept, with this reason at its item.
"""
WARNINGS_HEAD = """
## Warnings of reading a file

They stand at the item they concern; the rest of it is read.
"""
COMMANDS_HEAD = """# Commands

`make setup` leaves them in `.venv/bin`.
Exit codes: 0 done, refused items included; 1 stopped before the end; 2 wrong use or settings.
Words are in the language of `HOCLIEU_LANGUAGE`.
"""
API_HEAD = """# HTTP interface

Paths under `/api` answer JSON and, on errors, `application/problem+json` with a code of [errors](errors.md).
The others answer pages, in Vietnamese and under `/en` in English, and files.
`/api/v1/openapi.json` describes every operation with examples and all its answers (OpenAPI 3.1).

"""
API_LIMITS = {
    "search": "`/search`, `/api/v1/search`",
    "deep": "the same behind more than two filters; `/api/v1/export.jsonl`",
    "page": "pages, records, passages, metadata, codes and cards of resources",
    "file": "files and what is made of them: pictures of pages, captions, PDF, text, smaller forms, zips",
    "picture": "thumbnails",
    "suggestion": "`/suggest`",
    "report": "reports that are sent",
    "harvest": "`/oai`",
}
API_ROUTES_HEAD = """
## All paths

"""
FORMATS_HEAD = """# Formats

What is read, so that a search finds it and opens it at the place.
Files of other kinds are kept, described by what they say, and can be downloaded.
How each kind looks in the library is told in [the architecture](architecture.md#the-kinds).

"""
RECALL_HEAD = """
## How many words are read

The share of the words that LibreOffice shows of a file which a reader found too, each as often as it stands there.
Slides are taken from the PDF that LibreOffice makes, documents from its text.
A type's share is the mean over its files.
Words that a drawn slide has broken, cut off or run together count as lost, whoever reads.
`python -m tests.recall DIR` measures it anew and keeps the table; [Tika](https://tika.apache.org/) is there to compare.

"""
BAD_INPUT_HEAD = """
## Bad input

What a school's ten years of files hold besides good ones, and what becomes of each: a test hands in every row.
A draft is kept with the reason at its item; what is refused or skipped is not stored.
What is said comes in the language of the reader, with a remedy; [errors](errors.md) has both.

"""
CROSSWALKS_HEAD = """# Metadata formats

What is told of a resource, in every format it is told in.
A format is one module of `service/crosswalks/` and one line in `service/library/records.py`.
`oai_lom` is another name of `lom`, for the same bytes.
What other vocabularies call a type, a grade or a licence stands in `service/vocabularies/*.csv`.
LOM is read as well as written (`service.crosswalks.lom.read`): what was written comes back field by field.

"""
CROSSWALKS_TABLE_HEAD = """
## Where each field stands

A dash: the format has no place for it.

"""
NOTICE = "<!-- Generated from the code by `make docs`; change it there. -->\n"


def _cell(text: object) -> str:
    return " ".join(str(text).replace("|", "\\|").split())


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    head = list(head)
    lines = [head, ["---"] * len(head), *([_cell(value) for value in row] for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


# --- settings ------------------------------------------------------------------


def settings_page() -> str:
    rows = [
        (
            f"`{PREFIX}{name.upper()}`",
            f"`{field.default}`" if str(field.default) else "",
            f"{field.description}{' A secret.' if is_secret(field) else ''}",
        )
        for name, field in Settings.model_fields.items()
    ]
    return (
        "# Settings\n\n"
        "Environment variables, read once at the start; a value that cannot be used is named and nothing starts.\n"
        "A name that begins with `HOCLIEU_` and stands not here is refused too, with the nearest one that does.\n"
        f"A secret may stand in a file that the same variable with `{IN_A_FILE}` after it names; never in a URL.\n\n"
        + table(("variable", "default", "what it is"), rows)
    )


# --- errors --------------------------------------------------------------------


def classes(root: type[Kind]) -> Iterator[type[Kind]]:
    """A class and all below it, parents first, in the order of their definition."""
    yield root
    for child in root.__subclasses__():
        yield from classes(child)


def plain(entry: object) -> tuple[str, str]:
    """Sentence and remedy of a catalogue entry."""
    if isinstance(entry, Mapping):
        return of_many(str(entry["text"])), of_many(str(entry.get("remedy", "")))
    return of_many(str(entry)), ""


def _sentences(code: str) -> str:
    paragraphs = []
    for language in LANGUAGES:
        text, advice = plain(catalogue(language)[code])
        paragraphs.append(f"- {language}: {text}" + (f" *{advice}*" if advice else ""))
    return "\n".join(paragraphs) + "\n"


def warnings() -> list[str]:
    """Codes of `service/messages/*/ingest.toml` that no error class has."""
    text = (resources.files("service.messages") / "en" / "ingest.toml").read_text(encoding="utf-8")
    return [code for code in tomllib.loads(text) if code not in BY_CODE]


def errors_page() -> str:
    parts = [ERRORS_HEAD]
    parts += [
        f"\n### {kind.code}\n\nHTTP {STATUSES[kind]}\n\n{_sentences(kind.code)}"
        for kind in classes(LibraryError)
        if kind is not LibraryError
    ]
    asked = {code: status for status, code in WORDED.items() if code not in {kind.code for kind in STATUSES}}
    parts.append(REQUESTS_HEAD)
    parts += [f"\n### {code}\n\nHTTP {status}\n\n{_sentences(code)}" for code, status in asked.items()]
    for head, codes in ((READING_HEAD, list(BY_CODE)), (WARNINGS_HEAD, warnings())):
        parts.append(head)
        parts += [f"\n### {code}\n\n{_sentences(code)}" for code in codes]
    return "".join(parts)


# --- commands ------------------------------------------------------------------


def commands() -> Iterator[tuple[str, Any]]:
    """Every command with the words that call it, groups first. Hidden ones left out."""
    import click

    from service.cli import main

    def walk(words: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
        yield words, command
        if isinstance(command, click.Group):
            for name, child in command.commands.items():
                if not child.hidden:
                    yield from walk(f"{words} {name}", child)

    yield from walk("hoclieu", main)


def _option_rows(command: Any) -> Iterator[tuple[str, str, str]]:
    import click

    for parameter in command.params:
        if isinstance(parameter, click.Option) and not parameter.hidden:
            names = ", ".join(f"`{name}`" for name in (*parameter.opts, *parameter.secondary_opts))
            default = parameter.default if parameter.show_default else ""
            yield names, f"`{default}`" if str(default) else "", parameter.help or ""


def commands_page() -> str:
    import click

    parts = [COMMANDS_HEAD]
    for words, command in commands():
        context = click.Context(command, info_name=words)
        usage = " ".join((words, *command.collect_usage_pieces(context)))
        parts.append(f"\n## {words}\n\n{command.help}\n\n```text\n{usage}\n```\n")
        if rows := list(_option_rows(command)):
            parts.append("\n" + table(("option", "default", "what it does"), rows))
    return "".join(parts)


# --- routes --------------------------------------------------------------------


def _said(endpoint: Any) -> str:
    """First paragraph of a docstring, on one line."""
    while isinstance(endpoint, functools.partial):
        endpoint = endpoint.func
    said = " ".join((inspect.getdoc(endpoint) or "").split("\n\n")[0].split())
    # The path stands in its own column.
    return re.sub(r"^GET \S+\s?", "", said)


def routes() -> list[tuple[str, str, str]]:
    """Method, path and what it answers of each route, as the application mounts them; pages once, not per language."""
    from service.app import create
    from service.web.routes import PAGES as ROOMS
    from service.web.routes import STORED
    from service.web.source import archive_name

    with tempfile.TemporaryDirectory() as home:
        parts = compose.services(load(home=Path(home), language="vi"))
        try:
            app = create(parts)
            described = app.openapi()["paths"]
            mounted = [route for route in app.routes if type(route) is Route]
        finally:
            parts.catalogue.close()
    found = [
        (method.upper(), path, " ".join(str(operation.get("description", "")).split("\n\n")[0].split()))
        for path, operations in described.items()
        # What the web room answers it says itself, below.
        if path not in {route.path for route in mounted}
        for method, operation in operations.items()
    ]
    pages: dict[str, Any] = {**ROOMS, **STORED}
    for route in mounted:
        path = route.path.replace(archive_name(), "hoclieu-VERSION.tar.gz")
        if path == "/en" or path.startswith("/en/"):
            continue
        if path == app.openapi_url:
            found.append(("GET", path, "The JSON interface, described for programs (OpenAPI)."))
            continue
        method = "POST" if "POST" in (route.methods or ()) else "GET"
        found.append((method, path, _said(route.endpoint if method == "POST" else pages.get(path, route.endpoint))))
    return sorted(found, key=lambda row: (not row[1].startswith("/api"), row[1], row[0]))


def api_page() -> str:
    rows = [(method, f"`{path}`", said) for method, path, said in routes()]
    session = (FOLDER / "parts" / "api-session.md").read_text(encoding="utf-8")
    limits = [(API_LIMITS[kind], _times(share)) for kind, share in SHARES.items()]
    return (
        API_HEAD
        + session
        + table(("requests", "size of the bucket"), limits)
        + API_ROUTES_HEAD
        + table(("method", "path", "what it answers"), rows)
    )


def _times(share: float) -> str:
    """A bucket's size in searches, as people say it."""
    return f"{share:g} times the searches" if share >= 1 else f"one for {1 / share:g} searches"


# --- formats -------------------------------------------------------------------


def formats_page() -> str:
    readers = {
        extractor.__name__.rpartition(".")[2]: (
            inspect.cleandoc(extractor.__doc__ or "").split("\n\n")[0],
            ", ".join(f"`{media_type}`" for media_type in extractor.MEDIA_TYPES),
        )
        for extractor in registry.load().extractors
    }
    rows = [(name, says) for name, (says, _) in readers.items()]
    kinds = "".join(f"- {name}: {types}\n" for name, (_, types) in readers.items())
    measured = (FOLDER.parent / "tests" / "recall" / "measured.md").read_text(encoding="utf-8")
    readers_table = table(("reader", "what it reads"), rows)
    return f"{FORMATS_HEAD}{readers_table}\n## Media types\n\n{kinds}{RECALL_HEAD}{measured}{bad_input()}"


def bad_input() -> str:
    """The table of `tests/bad_input`: the same list that its test walks."""
    # By name: the types of tests are none of this module's.
    cases = importlib.import_module("tests.bad_input").CASES

    def told(case: Any, language: str) -> str:
        return " ".join(sentence(each.code, language, {"name": case.name, **each.parameters}) for each in case.says)

    rows = [
        (case.family, f"`{case.name}`: {case.what}", case.outcome, told(case, "en"), told(case, "vi")) for case in cases
    ]
    return BAD_INPUT_HEAD + table(("family", "file", "outcome", "what is said", "in Vietnamese"), rows)


# --- crosswalks ----------------------------------------------------------------


def crosswalks_page() -> str:
    formats = [one.FORMAT for one in CROSSWALKS]
    named = [
        (
            f"`{one.name}`",
            f"[{one.label}]({one.source})",
            f"`{one.extension}`",
            ", ".join(f"`{kind}`" for kind in one.accepts),
        )
        for one in formats
    ]
    fields = [(f"`{name}`", *(one.FIELDS.get(name, "–") for one in CROSSWALKS)) for name in Record.__slots__]
    return (
        CROSSWALKS_HEAD
        + table(("name", "format", "ends in", "asked for with `Accept`"), named)
        + CROSSWALKS_TABLE_HEAD
        + table(("field", *(one.label for one in formats)), fields)
    )


PAGES: Mapping[str, Callable[[], str]] = {
    "settings.md": settings_page,
    "errors.md": errors_page,
    "commands.md": commands_page,
    "api.md": api_page,
    "formats.md": formats_page,
    "crosswalks.md": crosswalks_page,
}


def rendered() -> dict[str, str]:
    """File name -> text of every generated page."""
    # The command line says its words in the operator's language; the pages are English.
    for name in [name for name in os.environ if name.startswith("HOCLIEU_")]:
        del os.environ[name]
    os.environ["HOCLIEU_LANGUAGE"] = "en"
    return {name: NOTICE + page() for name, page in PAGES.items()}


def stale(pages: Mapping[str, str], folder: Path = FOLDER) -> list[str]:
    """Names of the pages that are missing in the folder or differ from it."""
    return [
        name
        for name, text in pages.items()
        if not (folder / name).exists() or (folder / name).read_text(encoding="utf-8") != text
    ]


def main(arguments: list[str]) -> int:
    pages = rendered()
    names = stale(pages)
    if arguments == ["--check"]:
        for name in names:
            print(f"docs/{name} is stale: run make docs", file=sys.stderr)
        return 1 if names else 0
    for name in names:
        (FOLDER / name).write_text(pages[name], encoding="utf-8")
        print(f"docs/{name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
