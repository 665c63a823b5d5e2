"""Find, look, take: what every reader's door calls.

The doors (JSON, HTML, command line) translate a request into these calls and
the views into their own form; they hold no rule of their own.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ingest.document import ContentsEntry, Locator, Passage
from service.library.services import Services
from service.model import FileEntry, Organisation, Principal, Reading, Resource, Revision, Sort

MAX_QUERY_CHARACTERS = 1_000
MAX_PAGE_SIZE = 100
MAX_RESULTS_BY_PAGE = 10_000


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """What somebody asked. filters: facet name -> codes; page counts from 1; cursor is an opaque string.

    exact switches rewriting off; resource (public id) looks inside one only.
    """

    text: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: Sort = "fit"
    page: int = 1
    size: int = 20
    cursor: str = ""
    exact: bool = False
    resource: str = ""


@dataclass(frozen=True, slots=True)
class HitView:
    """A place that matches. snippet: escaped text with `<mark>` only. language: of the text, if known."""

    file: int
    locator: Locator
    snippet: str


@dataclass(frozen=True, slots=True)
class Item:
    """A result as it is shown. subjects and grades are codes; places counts all matching places."""

    id: str
    title: str
    title_language: str
    type: str
    subjects: tuple[str, ...]
    grades: tuple[str, ...]
    language: str
    licence: str
    organisation: Organisation
    media_type: str
    size_bytes: int
    pages: int | None
    seconds: float | None
    has_thumbnail: bool
    score: float
    hits: tuple[HitView, ...]
    places: int


@dataclass(frozen=True, slots=True)
class FacetCount:
    """A value of a facet: code, count of resources, parent code; chosen: it is among the filters."""

    value: str
    count: int
    parent: str | None
    chosen: bool


@dataclass(frozen=True, slots=True)
class SearchResults:
    """One page of results. cursor: pass it on for the next page; empty at the end."""

    query: str
    total: int
    items: tuple[Item, ...]
    facets: Mapping[str, tuple[FacetCount, ...]]
    rewritten: str | None
    suggestion: str | None
    page: int
    size: int
    cursor: str


@dataclass(frozen=True, slots=True)
class ResourceView:
    """A resource with the revision that was asked for. readings: file number -> what reading it came to."""

    resource: Resource
    revision: Revision
    organisation: Organisation
    readings: Mapping[int, Reading]
    history: tuple[Revision, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """What the reader shows: all passages at one locator of one file.

    index counts from 0 among the file's places; previous and next are their locators.
    count: number of places. picture: whether this place can be shown as a picture (PDF pages).
    """

    file: FileEntry
    locator: Locator
    passages: tuple[Passage, ...]
    index: int
    count: int
    previous: Locator | None
    next: Locator | None
    contents: tuple[ContentsEntry, ...]
    picture: bool


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a page with its box, in fractions of the page's width and height (0–1, from the upper left)."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class PageLayer:
    """Words of a page in reading order, for text selection and for marking hits. aspect = width / height.

    lines: words grouped by line.
    """

    aspect: float
    lines: tuple[tuple[Word, ...], ...]


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A stored file that may be served. key: its object."""

    entry: FileEntry
    key: str


def search(services: Services, principal: Principal, request: SearchRequest) -> SearchResults:
    """One page of results that this principal may see.

    Raises: QueryTooLong; Invalid: unknown facet, page beyond MAX_RESULTS_BY_PAGE, bad cursor; IndexUnavailable.
    """
    raise NotImplementedError


def resource(services: Services, principal: Principal, resource_id: str, revision: int | None = None) -> ResourceView:
    """The published revision, or that one. Raises: NotFound; Withdrawn {reason}."""
    raise NotImplementedError


def passages(
    services: Services, principal: Principal, resource_id: str, file: int | None = None
) -> Iterator[tuple[int, Passage]]:
    """(file number, passage) of every main file, in order. Raises: NotFound; Withdrawn."""
    raise NotImplementedError


def place(
    services: Services, principal: Principal, resource_id: str, *, file: int | None = None, locator: Locator | None = None
) -> Place | None:
    """A place of a file (default: first main file, first place). None: the file has no readable text and no pictures.

    Raises: NotFound: no such file or place; Withdrawn.
    """
    raise NotImplementedError


def open_file(
    services: Services, principal: Principal, resource_id: str, number: int, revision: int | None = None
) -> OpenedFile:
    """A file of the published revision, or of that one. Raises: NotFound; Withdrawn."""
    raise NotImplementedError


def page_picture(
    services: Services, principal: Principal, resource_id: str, *, file: int, page: int, width: int, wait_seconds: float
) -> bytes | None:
    """The page as WebP, `width` one of PICTURE_WIDTHS. None: it was not ready in time (a job makes it).

    Raises: NotFound; Withdrawn; Invalid: width.
    """
    raise NotImplementedError


def page_layer(
    services: Services, principal: Principal, resource_id: str, *, file: int, page: int, wait_seconds: float
) -> PageLayer | None:
    """Words with boxes. None: not ready in time."""
    raise NotImplementedError


def thumbnail(services: Services, principal: Principal, resource_id: str) -> bytes | None:
    """A WebP of 320 pixels' width of the first main file. None: not made (yet)."""
    raise NotImplementedError


PICTURE_WIDTHS = (720, 1440)
