"""Shapes of the JSON door. Names are the contract; a field is added, never renamed."""

import datetime
from typing import Literal

from pydantic import BaseModel, Field


class Locator(BaseModel):
    """A place inside a file."""

    kind: Literal["page", "slide", "second", "section", "sheet", "item", "question"]
    value: int | str = Field(description="From 1; whole seconds for second; the package's own string for item.")


class Hit(BaseModel):
    """A place that matches."""

    file: int
    locator: Locator
    snippet: str = Field(description="Escaped text with <mark> only.")
    url: str = Field(description="Opens the reader at this place, with the words marked.")


class Listed(BaseModel):
    """A resource in a list."""

    id: str
    title: str
    type: str
    subjects: list[str]
    grades: list[str]
    language: str
    licence: str
    url: str
    thumbnail_url: str | None
    source: str | None = Field(
        default=None,
        description="The repository that it comes from, or null: it is this library's own. Its record says where it "
        "is: `files` here, `source_url` elsewhere, or `shelves` in print.",
    )


class Item(Listed):
    """A resource among results."""

    score: float
    hits: list[Hit]


class Similar(BaseModel):
    """Resources like one, the most alike first; at most six."""

    id: str = Field(description="Of the resource that they are like.")
    items: list[Listed]


class Facet(BaseModel):
    """A value of a facet with how many resources have it, its own facet's filter left out."""

    value: str
    label: str
    count: int
    parent: str | None


class SearchAnswer(BaseModel):
    """One page of results. `total` counts resources, exactly unless it is `partial`."""

    query: str
    total: int
    items: list[Item]
    facets: dict[str, list[Facet]]
    rewritten: str | None = Field(description="What was searched instead, or null; exact=1 switches this off.")
    suggestion: str | None = Field(
        description="What might have been meant where nothing was found and nothing rewritten, or null."
    )
    page: int
    size: int
    cursor: str = Field(description="Pass it on for the next page; empty at the end.")
    partial: bool = Field(
        description="Whether a time limit cut the search off: totals and facets are at least so many."
    )


class Text(BaseModel):
    """A text with its language (BCP 47), where it is known."""

    value: str
    language: str | None


class File(BaseModel):
    """A file of the current revision; `number` is never reused in its resource."""

    number: int
    name: str
    role: Literal["main", "captions", "cover", "attachment"]
    media_type: str
    size_bytes: int
    sha256: str
    pages: int | None
    seconds: float | None
    passages: int | None
    url: str = Field(description="Always the current file of this number.")
    immutable_url: str = Field(description="These bytes, for ever.")


class Owner(BaseModel):
    """Whose it is."""

    code: str
    name: str


class RevisionLine(BaseModel):
    """A published state of the resource."""

    number: int
    published_at: datetime.datetime
    url: str


class Placement(BaseModel):
    """Where a resource, or one section of it, stands in a programme; what is not said is null."""

    programme: str | None = Field(description="Code: ct2018, ct2006 (the former one), gdtx-thcs …")
    subject: str | None
    strand: str | None = Field(description="Part of the subject, a code of the subjects.")
    grade: str | None
    series: str | None = Field(description="Code of the textbook series.")
    edition: int | None = Field(description="Year of the textbook's edition.")
    lesson: int | None = Field(description="Number of the lesson in the textbook.")
    week: int | None = Field(description="Of the school year, 1 to 35.")
    period: int | None = Field(description="Number of the lesson hour in the year.")
    term: int | None
    outcome: str | None
    section: int | None = Field(description="The section of the first main file that stands there; null: all of it.")
    proposed: bool = Field(description="A program's guess that nobody has confirmed.")


class ExportedRecord(BaseModel):
    """A resource as it is published now: a line of the export."""

    id: str
    url: str
    titles: list[Text]
    descriptions: list[Text]
    type: str
    subjects: list[str]
    grades: list[str]
    languages: list[str]
    licence: str
    licence_url: str | None
    creators: list[str]
    publishers: list[str]
    keywords: list[str]
    placements: list[Placement] = Field(description="Where it stands in programmes, confirmed ones first.")
    organisation: Owner
    source: str | None = Field(default=None, description="The repository that it was harvested from, or null.")
    source_url: str | None = Field(default=None, description="Where it is there.")
    isbns: list[str] = Field(default=[], description="Of a book, thirteen digits each.")
    shelves: list[str] = Field(default=[], description="Shelf marks of what its organisation keeps in print.")
    revision: int
    published_at: datetime.datetime | None
    modified_at: datetime.datetime
    files: list[File]
    passages_url: str
    similar_url: str


class Record(ExportedRecord):
    """A whole resource as it is published now, with the states that it had before."""

    revisions: list[RevisionLine]


class Passage(BaseModel):
    """A piece of text with its place."""

    file: int
    locator: Locator
    text: str
    language: str | None


class Passages(BaseModel):
    """Texts of a resource in order. `next` is the address of what follows, or null."""

    id: str
    passages: list[Passage]
    next: str | None


class Suggested(BaseModel):
    """Something that may be meant. `/suggest` answers it."""

    text: str
    lang: str = Field(description="Of the text, empty where it is the page's own.")
    kind: str = Field(description="What it is, in words for people.")
    url: str = Field(description="Where it leads, without host.")


class Problem(BaseModel):
    """RFC 9457, with the stable code and what to do."""

    type: str = Field(description="`urn:hoclieu:problem:` and the code.")
    title: str
    status: int
    detail: str = Field(description="What happened, in the language of `lang` or of the library.")
    code: str = Field(description="Never changes its meaning; docs/errors.md lists them all.")
    remedy: str = Field(description="What to do.")
    request: str | None = Field(default=None, description="What the library's log calls this request.")


class Alive(BaseModel):
    """The process answers."""

    status: Literal["alive"]


class Ready(BaseModel):
    """A search can be answered. parts: name -> `ok`, or the code of what is wrong with a part that it does without."""

    status: Literal["ready"]
    parts: dict[str, str]


class NotReady(Problem):
    """No search can be answered. parts: name -> `ok`, the code of an error, `no-answer`, `unknown` or `fault`."""

    parts: dict[str, str]
