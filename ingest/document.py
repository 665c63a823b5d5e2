"""What `ingest` hands out: a `Document` read from a bundle, as frozen values.

A bundle is one main file with its companions (captions). A document is its
metadata as the file says it, its passages, its table of contents, its
pictures, its warnings and the places of personal data. Nothing here knows a database, HTTP or an index.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

LocatorKind = Literal["page", "slide", "second", "section", "sheet", "item", "question"]


@dataclass(frozen=True, slots=True)
class Locator:
    """A place inside a file that a reader can be sent to, stable for ever.

    value: an integer from 1 for page, slide, section, sheet and question;
    whole seconds from 0 for second; the package's own string for item.
    """

    kind: LocatorKind
    value: int | str


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of text with its place. Several passages may share one locator (a long page).

    text: NFC, hyphenation and ligatures undone, what a search looks in.
    marginal: running header and footer of the place, or the answer to a question: kept for people, not searched.
    language: BCP 47, or None where nothing can be told.
    """

    locator: Locator
    text: str
    language: str | None = None
    marginal: str = ""


@dataclass(frozen=True, slots=True)
class Value:
    """One metadata value as the file says it.

    field: a field name of the metadata model (title, creator, language, created …).
    where: info, xmp, outline, first-page, name, detected …
    """

    field: str
    value: str
    where: str
    language: str | None = None


@dataclass(frozen=True, slots=True)
class ContentsEntry:
    """A line of the table of contents; level counts from 1."""

    title: str
    level: int
    locator: Locator


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that stands in the document (not a rendering of a page)."""

    locator: Locator
    width_pixels: int
    height_pixels: int


@dataclass(frozen=True, slots=True)
class Warning:
    """Something its owner should know; the sentence is made from the code elsewhere."""

    code: str
    parameters: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """Personal data of several people, by its place and never by its content.

    kind: births, marks, identities, phones, accounts, health, salaries, addresses, names; file-name (no locator).
    column: the letter of a table's column, None where lines have no cells.
    count: pieces of that kind there.
    """

    kind: str
    locator: Locator | None
    column: str | None
    count: int


@dataclass(frozen=True, slots=True)
class Extent:
    """How much there is: pages (or slides, sheets, questions), seconds, pixels; None where it does not apply."""

    pages: int | None = None
    seconds: float | None = None
    width_pixels: int | None = None
    height_pixels: int | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """Everything read out of one bundle."""

    media_type: str
    metadata: tuple[Value, ...] = ()
    language: str | None = None
    passages: tuple[Passage, ...] = ()
    contents: tuple[ContentsEntry, ...] = ()
    pictures: tuple[Picture, ...] = ()
    warnings: tuple[Warning, ...] = ()
    extent: Extent = Extent()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Bundle:
    """The files that are read together. `name` is what people called the main file."""

    main: Path
    name: str
    companions: tuple[Path, ...] = ()


def to_json(document: Document) -> dict[str, Any]:
    """A document as JSON-ready values, in the shape that `python -m ingest` prints."""
    # Field by field: `dataclasses.asdict` copies every leaf, a tenth of the time that a slide show takes to be read.
    data = _row(document)
    for name in ("passages", "contents", "pictures"):
        data[name] = [{**_row(value), "locator": _row(value.locator)} for value in data[name]]
    data["metadata"] = [_row(value) for value in document.metadata]
    data["warnings"] = [{"code": warning.code, "parameters": dict(warning.parameters)} for warning in document.warnings]
    data["findings"] = [
        {**_row(value), "locator": value.locator and _row(value.locator)} for value in document.findings
    ]
    data["extent"] = _row(document.extent)
    return data


def _row(value: Any) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__slots__}


def from_json(data: Mapping[str, Any]) -> Document:
    """The inverse of `to_json`; what crosses the pipe from an extraction child."""

    def place(value: Mapping[str, Any]) -> Locator:
        return Locator(kind=value["kind"], value=value["value"])

    return Document(
        media_type=data["media_type"],
        metadata=tuple(Value(**value) for value in data["metadata"]),
        language=data["language"],
        passages=tuple(Passage(**{**value, "locator": place(value["locator"])}) for value in data["passages"]),
        contents=tuple(ContentsEntry(**{**value, "locator": place(value["locator"])}) for value in data["contents"]),
        pictures=tuple(Picture(**{**value, "locator": place(value["locator"])}) for value in data["pictures"]),
        warnings=tuple(Warning(**value) for value in data["warnings"]),
        extent=Extent(**data["extent"]),
        # Documents that were stored before there were findings have none.
        findings=tuple(finding_from_json(value) for value in data.get("findings", ())),
    )


def finding_from_json(value: Mapping[str, Any]) -> Finding:
    """One finding out of its JSON-ready values."""
    return Finding(**{**value, "locator": Locator(**value["locator"]) if value["locator"] else None})
