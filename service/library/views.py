"""What use cases hand to the doors: requests and views, frozen, without a rule of their own."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ingest.document import ContentsEntry, Locator, Passage
from service.model import FileEntry, Organisation, Reading, Resource, Revision, Sort


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """What somebody asked. filters: facet name -> codes; page counts from 1; cursor is an opaque string.

    exact switches rewriting off; resource (public id) looks inside one only, and shows at most `inside` of its places.
    """

    text: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: Sort = "fit"
    page: int = 1
    size: int = 20
    cursor: str = ""
    exact: bool = False
    resource: str = ""
    inside: int = 50


@dataclass(frozen=True, slots=True)
class HitView:
    """A place that matches. snippet: escaped text with `<mark>` only. label: the title of a package's item."""

    file: int
    locator: Locator
    snippet: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """A result as it is shown. subjects and grades are codes; places counts all matching places.

    source: the repository that it was harvested from, where its file is; then media_type is empty, as it is of what
    is only described: in_print says that it stands on a shelf.
    """

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
    wide_thumbnail: bool
    score: float
    hits: tuple[HitView, ...]
    places: int
    source: str = ""
    in_print: bool = False


@dataclass(frozen=True, slots=True)
class FacetCount:
    """A value of a facet: code, count of resources, parent code; chosen: it is among the filters.

    label: a name that no vocabulary holds (an organisation's); empty where the vocabulary labels the code.
    """

    value: str
    label: str
    count: int
    parent: str | None
    chosen: bool


@dataclass(frozen=True, slots=True)
class SearchResults:
    """One page of results. cursor: pass it on for the next page; empty at the end.

    rewritten: what was searched instead of `query`; suggestion: what might have been meant and was not searched.
    partial: a time limit cut the search off, so there are at least `total`.
    """

    query: str
    total: int
    items: tuple[Item, ...]
    facets: Mapping[str, tuple[FacetCount, ...]]
    rewritten: str | None
    suggestion: str | None
    page: int
    size: int
    cursor: str
    partial: bool = False

    @property
    def searched(self) -> str:
        """What the places were found with, and are marked with."""
        return self.rewritten or self.query


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
    count: number of places. picture: whether this place can be shown as a picture (PDF pages, slides, images).
    lacks: the program that this place's picture would need and that no worker has.
    moment: the second that was asked for, in a recording or its captions.
    running: all passages of a recording or its captions. captions: files for its player.
    captions_inside: languages of the captions that the recording holds itself.
    plays: it is a recording.
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
    lacks: str = ""
    moment: int | None = None
    running: tuple[Passage, ...] = ()
    captions: tuple[FileEntry, ...] = ()
    captions_inside: tuple[str, ...] = ()
    plays: bool = False
    is_image: bool = False


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
