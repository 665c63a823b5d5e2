"""A catalogue document as a plain value, before it is written in one of the two forms of OPDS."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from service.feeds.told import Told

Parameters = Mapping[str, str | list[str]]

PUBLICATIONS = "/publications"
BROWSE = "/browse"
ENTRY_PATH = "/resources"
Kind = Literal["navigation", "acquisition"]

SUBSECTION = "subsection"
NEW = "http://opds-spec.org/sort/new"
POPULAR = "http://opds-spec.org/sort/popular"
CRAWLABLE = "http://opds-spec.org/crawlable"
FACET = "http://opds-spec.org/facet"
OPENSEARCH = "application/opensearchdescription+xml"


@dataclass(frozen=True, slots=True)
class Way:
    """An entry of navigation. path: under the root of the form; count: of the resources behind it, if it is known."""

    title: str
    path: str
    parameters: Parameters = field(default_factory=dict)
    kind: Kind = "acquisition"
    rel: str = SUBSECTION
    about: str = ""
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """A facet: the same list with one filter or order instead of another."""

    title: str
    parameters: Parameters
    count: int | None = None
    active: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Facets of which one is chosen at most."""

    title: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Pages:
    """Where the pages beside this one are; None: there is none. number counts from 1."""

    total: int
    size: int
    number: int
    first: Parameters
    last: Parameters
    previous: Parameters | None = None
    next: Parameters | None = None


@dataclass(frozen=True, slots=True)
class Shelf:
    """A document of the catalogue. path: under the root of the form; up: the path above, None at the start.

    name, named: what the document is called for ever, whatever page of it this is. newest: what the start shows.
    """

    path: str
    title: str
    updated: datetime.datetime
    parameters: Parameters = field(default_factory=dict)
    named: Parameters = field(default_factory=dict)
    about: str = ""
    up: str | None = ""
    ways: tuple[Way, ...] = ()
    entries: tuple[Told, ...] = ()
    facets: tuple[Group, ...] = ()
    pages: Pages | None = None
    newest: tuple[Told, ...] = ()
    html: str = ""

    @property
    def kind(self) -> Kind:
        return "acquisition" if self.pages else "navigation"
