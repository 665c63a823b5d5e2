"""What the library speaks about, as frozen values: no database, no HTTP, no engine.

A resource is an identity that lives for ever; its content stands in numbered
revisions, of which at most one is published and at most one open. Words are
those of `docs/architecture.md`. The module is long because it is one list of
small values that are read side by side; none of them does anything.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, NewType

from ingest.document import Extent, Finding, Locator, Warning

ResourceId = NewType("ResourceId", str)
ResourceKey = NewType("ResourceKey", int)
"""The integer inside; never in a URL."""

Visibility = Literal["live", "hidden", "withdrawn"]
Access = Literal["public", "signed-in", "organisation"]
RevisionState = Literal["draft", "submitted", "published", "superseded"]
ValueOrigin = Literal["file", "sheet", "person", "machine", "source"]
FileRole = Literal["main", "captions", "cover", "attachment"]
Role = Literal["public", "operator"]
Sort = Literal["fit", "newest", "used"]
JobState = Literal["queued", "leased", "failed"]
JobKind = Literal["read", "publish", "index", "render", "illustrate", "lighten", "relist", "fixity", "sketch", "merge"]
"""publish: read what is not read yet, then publish if that is possible (an operator's batch).
lighten: make smaller forms of recordings. relist: write anew what follows from terms that were imported.
render: write what harvesters get (`library/rendering.py`).
fixity: read stored objects and compare them with their hashes (`library/fixity.py`).
sketch: sketch what was read before there were sketches (`library/sketches.py`).
merge: hand all that an organisation owns to its successor (`library/merging.py`).
"""


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks. The operator is whoever runs a command on the library's own machine."""

    role: Role
    organisations: frozenset[str] = frozenset()


PUBLIC = Principal("public")
OPERATOR = Principal("operator")


@dataclass(frozen=True, slots=True)
class Value:
    """One metadata value of a revision with where it comes from.

    field: title, description, language, type, licence, creator, publisher,
    grade, subject, keyword, placement, created … (repeatable fields have one Value each).
    value: text, a vocabulary code, an ISO date, or the text form of a `Placement`.
    where: the place inside the origin ("info", "xmp", "first-page", "name", "option" …).
    """

    field: str
    value: str
    origin: ValueOrigin
    language: str | None = None
    where: str = ""


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a resource, or one section of it, stands in a programme; stored as a `placement` value.

    programme, subject, strand, grade, series, outcome: codes of their vocabularies, empty where nothing is said
    (strand is a subject's part, of the subjects' vocabulary). edition: year of the textbook's; lesson: number in it;
    week: of the school year, 1–35; period: number of the lesson hour in the year; term: 1 or 2; section: of the file.
    Its text form is that of `service/library/placements.py`, keys in this order.
    """

    programme: str = ""
    subject: str = ""
    strand: str = ""
    grade: str = ""
    series: str = ""
    edition: int | None = None
    lesson: int | None = None
    week: int | None = None
    period: int | None = None
    term: int | None = None
    outcome: str = ""
    section: int | None = None


SeenAt = Literal["folder", "name", "media-type", "title", "heading", "text", "model"]
"""Where evidence was seen: in the folders above a file, its name, its kind, its title, a heading, near the beginning or
the end of its text; model: its words together (`service/library/proposals/weights.py`)."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a proposal rests on. seen: the words as they stand there; confidence: what they say by themselves, 0–1."""

    where: SeenAt
    seen: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Proposal:
    """A suggested value of a resource: no fact, and shown to nobody who may only read, until somebody accepts it.

    field, value: as in `Value`. confidence: of all evidence together, 0–1. accepted_by: role, empty while it is open.
    """

    field: str
    value: str
    confidence: float
    evidence: tuple[Evidence, ...]
    accepted_by: str = ""
    accepted_at: datetime.datetime | None = None


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A stored file in a revision; `number` counts from 1 and is never reused in its resource."""

    number: int
    sha256: str
    size_bytes: int
    media_type: str
    name: str
    role: FileRole = "main"


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading one bundle came to; the text itself is an object under `document_key`.

    bundle: sha-256 over the hashes of its files, hex.
    error: code of an `ingest` error, or None when it was read.
    findings: where personal data stand; what has some is not shown (`service/library/personal.py`).
    """

    bundle: str
    fingerprint: str
    media_type: str
    passages: int
    language: str | None
    extent: Extent
    warnings: tuple[Warning, ...] = ()
    error: str | None = None
    error_parameters: Mapping[str, str | int] = field(default_factory=dict)
    document_key: str | None = None
    seconds: float = 0.0
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Sketch:
    """What says how alike two texts are (`service/search/sketching.py`).

    shingles: how many different ones the text has. signature: empty where it has too few to tell.
    """

    recipe: str
    shingles: int
    signature: bytes = b""


@dataclass(frozen=True, slots=True)
class Content:
    """What the first revision of a new resource holds."""

    values: tuple[Value, ...] = ()
    files: tuple[FileEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class Described:
    """A new resource that is a description alone: what it describes lies elsewhere. values: one says where.

    published: it is born so; terms: what the term table then holds of it, none of a draft.
    """

    values: tuple[Value, ...]
    terms: tuple[tuple[str, str], ...] = ()
    access: Access = "public"
    published: bool = True


@dataclass(frozen=True, slots=True)
class Revision:
    """Metadata plus ordered files; immutable once published."""

    resource: ResourceKey
    number: int
    state: RevisionState
    values: tuple[Value, ...]
    files: tuple[FileEntry, ...]
    created_at: datetime.datetime
    published_at: datetime.datetime | None = None
    row_version: int = 1

    def first(self, name: str) -> str | None:
        """The first value of a field, or None."""
        return next((value.value for value in self.values if value.field == name), None)

    def every(self, name: str) -> tuple[str, ...]:
        """All values of a repeatable field, in order."""
        return tuple(value.value for value in self.values if value.field == name)

    @property
    def main_files(self) -> tuple[FileEntry, ...]:
        return tuple(file for file in self.files if file.role == "main")


@dataclass(frozen=True, slots=True)
class Resource:
    """An identity. `published` is the number of the published revision, or None."""

    key: ResourceKey
    id: ResourceId
    owner: str
    origin: str
    visibility: Visibility
    access: Access
    embargo_until: datetime.date | None
    published: int | None
    created_at: datetime.datetime
    modified_at: datetime.datetime
    withdrawn_reason: str = ""
    row_version: int = 1


@dataclass(frozen=True, slots=True)
class Organisation:
    """Who owns resources. `code` is never reused; names carry dates, this is the one valid now.

    successor: code of the one that answers for it since it was merged.
    """

    code: str
    name: str
    kind: str
    parent: str | None = None
    successor: str | None = None


@dataclass(frozen=True, slots=True)
class Quota:
    """What an organisation stores and may store, in bytes, each stored file once.

    held: of the hashes that were asked about those that it stores already.
    """

    used_bytes: int
    allowed_bytes: int
    held: frozenset[str] = frozenset()


Fault = Literal["damaged", "missing"]


@dataclass(frozen=True, slots=True)
class BlobFault:
    """A stored object that is not what was stored. found_at: when that was first seen."""

    sha256: str
    fault: Fault
    found_at: datetime.datetime


@dataclass(frozen=True, slots=True)
class FixityRun:
    """One reading of every stored object: how far it is (`reached`, a hash), and what it has read and found so far."""

    key: int
    started_at: datetime.datetime
    finished_at: datetime.datetime | None = None
    reached: str = ""
    objects: int = 0
    size_bytes: int = 0
    faults: int = 0


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, kept for ever. `details` are codes and short values, no file text."""

    kind: str
    resource: ResourceKey | None
    actor: str
    details: Mapping[str, str | int]
    at: datetime.datetime


@dataclass(frozen=True, slots=True)
class Job:
    """Work to be done, committed with the change that causes it.

    subject: the resource id; for `illustrate` "resource-id/file/recipe/…", for `relist` "vocabulary/key", for `merge`
    the code of the organisation that was merged.
    priority: smaller is sooner; PEOPLE before BATCH.
    cause: id of the request or command that it goes back to, for the log; empty where it is not known.
    failures: times the work itself failed (stop after 3); losses: leases lost to a death (limit 20).
    """

    id: int
    kind: JobKind
    subject: str
    priority: int
    state: JobState
    failures: int
    losses: int
    reason: str
    reason_parameters: Mapping[str, str | int]
    leased_until: datetime.datetime | None
    cause: str = ""


@dataclass(frozen=True, slots=True)
class OwnVocabulary:
    """What a library put in the place of a vocabulary that ships. content: its CSV; None: what ships holds again."""

    key: int
    name: str
    content: str | None
    sha256: str
    actor: str
    at: datetime.datetime


PRIORITY_PEOPLE = 10
PRIORITY_BATCH = 50
PRIORITY_REPAIR = 90


@dataclass(frozen=True, slots=True)
class Generation:
    """One build of the search index. Jobs write to every one that is live or building."""

    name: str
    engine: str
    fingerprint: str
    state: Literal["building", "live", "old"]
    created_at: datetime.datetime
    lexicon: tuple[str, ...] | None = None
    """Files that hold its words (`library/lexicons.py`); None: built before there were any."""
    built: datetime.datetime | None = None
    """When it became live first; None: being built, or built before this was written down."""
    syllables: str | None = None
    """The file of which word follows which (`library/rewriters.py`), empty: none yet; None: built before there were."""


@dataclass(frozen=True, slots=True)
class Count:
    """A row of the daily counters; no person, address or device."""

    day: datetime.date
    kind: Literal["opening", "hit-opened", "download", "play", "search", "empty-search"]
    resource: ResourceId | None
    organisation: str
    door: str
    number: int


# --- what harvesters get: OAI-PMH -----------------------------------------------------------------


HARVESTED = "harvested"
"""The set of what came from other repositories; without it they are in no list."""
LOCAL = "local"
"""The origin of a resource that is this library's own."""
FROM_SOURCE = "source:"
"""What the origin of a harvested resource begins with; the source's key follows."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A resource as harvesters get it from now on.

    version: the resource's row_version; what was rendered of an older state never takes the place of a newer one.
    sets: the narrowest set specs, `subject:toan:hinh-hoc`; those above each are meant too.
    forms: format -> XML element; None: it may not be listed, and is a tombstone if it ever was.
    fingerprint: of what the forms follow from besides the resource. digest: of all that a harvester sees of it.
    lacks: (field, lack) of what a profile asks for and it has not; none: it is ready to be handed on.
    """

    key: ResourceKey
    id: ResourceId
    version: int
    sets: tuple[str, ...] = ()
    forms: Mapping[str, str] | None = None
    fingerprint: str = ""
    digest: str = ""
    lacks: tuple[tuple[str, str], ...] = ()


class Harvested(NamedTuple):
    """A row of a list, or one record. A tuple: a harvest makes hundred thousands of them.

    datestamp: UTC to the second, as OAI-PMH writes it. sets: specs, separated by spaces.
    xml: the element in UTF-8, as it is sent; None: deleted, or only the header was asked for.
    """

    id: str
    datestamp: str
    deleted: bool
    sets: str
    xml: bytes | None


@dataclass(frozen=True, slots=True)
class Window:
    """What a list is about; empty: everything. since, until: datestamps, inclusive. set: a spec."""

    since: str = ""
    until: str = ""
    set: str = ""


@dataclass(frozen=True, slots=True)
class Inventoried:
    """A row of all that there is to harvest, by id.

    state: another one whenever anything of it has changed, be it within the second of a datestamp.
    forms: format -> XML, where they were asked for.
    """

    key: ResourceKey
    id: ResourceId
    datestamp: str
    deleted: bool
    state: str
    forms: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Standing:
    """How many resources of an owner are ready for a profile, listed (those among them), published but kept inside."""

    owner: str
    ready: int = 0
    listed: int = 0
    inside: int = 0


# --- what is handed over ---------------------------------------------------------------------------

HandedState = Literal["lacking", "sent", "accepted", "refused", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Handed:
    """What another repository has of a resource.

    lacking: nothing, and nothing was sent; withdrawn: it was told to give back what it had.
    seen: what the resource and the profile were like when it was looked at. digest: of what was sent.
    package: key of the package that told it last. reason: why it was refused.
    """

    resource: ResourceKey
    state: HandedState
    seen: str
    digest: str = ""
    package: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Package:
    """A package that was written."""

    key: int
    name: str
    profile: str
    at: datetime.datetime
    records: int
    withdrawn: int
    receipt_at: datetime.datetime | None = None


# --- the index: what goes in, what is asked, what comes out -------------------------------------


@dataclass(frozen=True, slots=True)
class IndexPassage:
    """A passage as it is indexed: its file, its place, its text (NFC)."""

    file: int
    locator: Locator
    text: str


@dataclass(frozen=True, slots=True)
class IndexDocument:
    """A published resource as the index knows it.

    version: the resource's row_version; an older one never overwrites a newer one.
    facets: facet name -> codes, with all ancestors (grade=lop-10 brings thpt).
    keywords: labels of its codes with their alternatives, where it stands ("Toán 10 Bài 16"), creators, keywords;
    searched with the title.
    audience: "public", "signed-in" or "organisation" (then only `organisation` sees it).
    published_day: days since 1970-01-01; used: openings and downloads so far.
    """

    key: ResourceKey
    id: ResourceId
    version: int
    title: str
    description: str
    keywords: tuple[str, ...]
    facets: Mapping[str, tuple[str, ...]]
    audience: Access
    organisation: str
    published_day: int
    used: int
    passages: tuple[IndexPassage, ...]


@dataclass(frozen=True, slots=True)
class Audience:
    """Whose eyes results are for. No default: every query says it."""

    everything: bool
    signed_in: bool = False
    organisations: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """A question to the index: tokens, never a string that a parser reads.

    dia, fold, bigrams: the query's tokens in each analysis, in order (empty: browse all, newest first).
    accented: whether the accented clause is used (the query carries an accent).
    known: distinct folded tokens that the index knows.
    ways: for some of `known`, other ways to say the same: sets of tokens that count as it when all are there
    (`vl` beside a grade is said by `vat` and `li` together), so that shorthand does not raise `required`.
    required: how many of `known` must be in a resource's metadata or in one passage.
    filters: facet name -> codes, one of which must hold; names are of `FACETS`.
    resource: look only inside this one.
    after: the cursor of the page before (`SearchPage.after`); then `offset` is 0.
    offset, limit: resources; hits: passages shown of each, on different places; with 0 places are not counted either.
    count_facets: facet names to count, each with its own filter left out (disjunctive).
    typed_fold, typed_bigrams: what somebody typed of which `fold` and `bigrams` say what was meant: scores a little in
    passages, and matches nothing.
    """

    audience: Audience
    dia: tuple[str, ...] = ()
    fold: tuple[str, ...] = ()
    bigrams: tuple[str, ...] = ()
    accented: bool = False
    known: tuple[str, ...] = ()
    ways: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    required: int = 0
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    resource: ResourceKey | None = None
    sort: Sort = "fit"
    after: str = ""
    offset: int = 0
    limit: int = 20
    hits: int = 3
    count_facets: tuple[str, ...] = ()
    typed_fold: tuple[str, ...] = ()
    typed_bigrams: tuple[str, ...] = ()


FACETS = (
    "subject", "grade", "topic", "programme", "series", "week", "type", "language", "licence", "organisation",
    "source",
)  # fmt: skip
"""Facets in the order people see them; an index stores each as codes. Above the roots of topics stand subjects.
A source is another repository, by its name: what was harvested from it."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A matching passage of a found resource; `text` is whole, snippets are cut by `service/search`."""

    file: int
    locator: Locator
    text: str
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """A found resource. `places`: number of different places that match (0: only its metadata does)."""

    key: ResourceKey
    id: ResourceId
    score: float
    hits: tuple[Hit, ...]
    places: int


@dataclass(frozen=True, slots=True)
class SearchPage:
    """What the index answers; `total` counts resources, exactly.

    after: the engine's cursor behind the last one shown, empty where there is no more.
    partial: a time limit cut the search off: there are at least so many.
    """

    total: int
    found: tuple[Found, ...]
    facets: Mapping[str, Mapping[str, int]]
    after: str = ""
    partial: bool = False
