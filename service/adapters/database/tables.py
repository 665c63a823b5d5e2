"""Every table of the library, as it is now.

The migrations must end at exactly this (a test compares them). Closed sets
(states) have a CHECK; open ones (kinds of jobs, events, organisations, fields)
have none, so that a new kind needs no migration. `row_version` stands where
somebody reads, thinks and writes back; jobs, blobs, readings, terms and
counters are only changed by single statements that say their condition.
`docs/decisions/0002-schema.md` draws them and tells what attaches later.
The module is long because it is one list, read side by side with the migrations.
"""

import datetime
from typing import Any, ClassVar

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlmodel import Field, SQLModel

from service.adapters.database.columns import CODE, JsonText, UtcDateTime

HEAD = "r0016"
"""The newest revision of `migrations/`; a constant, so that a web process need not import alembic."""


class Row(SQLModel):
    """Root of the tables: names every constraint, because batch migrations find them by name."""

    metadata: ClassVar[MetaData] = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


# Keys are never used twice: a job's id or a resource's key that came back would name something else.
NEVER_AGAIN = {"sqlite_autoincrement": True}


class OrganisationRow(Row, table=True):
    """Who owns resources. The code is for ever, everything else about it has dates. quota_bytes null: no bound."""

    __tablename__ = "organisations"
    __table_args__ = (NEVER_AGAIN,)
    key: int | None = Field(default=None, primary_key=True)
    code: str = Field(sa_type=CODE, unique=True)
    created_at: datetime.datetime = Field(sa_type=UtcDateTime)
    row_version: int = 1
    quota_bytes: int | None = Field(default=None, sa_type=BigInteger)


class OrganisationCodeRow(Row, table=True):
    """Codes that others use for it, and its own former ones (scheme `library`): none is given twice."""

    __tablename__ = "organisation_codes"
    scheme: str = Field(sa_type=CODE, primary_key=True)
    code: str = Field(sa_type=CODE, primary_key=True)
    organisation: int = Field(foreign_key="organisations.key", index=True)
    valid_from: datetime.date | None = None
    valid_until: datetime.date | None = None


class OrganisationNameRow(Row, table=True):
    """A name with its dates: [valid_from, valid_until), open where null."""

    __tablename__ = "organisation_names"
    key: int | None = Field(default=None, primary_key=True)
    organisation: int = Field(foreign_key="organisations.key", index=True)
    name: str = Field(sa_type=Text)
    valid_from: datetime.date | None = None
    valid_until: datetime.date | None = None


class OrganisationKindRow(Row, table=True):
    """What it is (a school may become one of several levels), with dates."""

    __tablename__ = "organisation_kinds"
    key: int | None = Field(default=None, primary_key=True)
    organisation: int = Field(foreign_key="organisations.key", index=True)
    kind: str = Field(sa_type=CODE)
    valid_from: datetime.date | None = None
    valid_until: datetime.date | None = None


class OrganisationParentRow(Row, table=True):
    """Whom it stands under; the administrative and the professional parent may differ."""

    __tablename__ = "organisation_parents"
    key: int | None = Field(default=None, primary_key=True)
    organisation: int = Field(foreign_key="organisations.key", index=True)
    parent: int = Field(foreign_key="organisations.key", index=True)
    relation: str = Field(sa_type=CODE)
    valid_from: datetime.date | None = None
    valid_until: datetime.date | None = None


class OrganisationSuccessionRow(Row, table=True):
    """Mergers, splits and renewals: who came after whom, from which day."""

    __tablename__ = "organisation_successions"
    predecessor: int = Field(foreign_key="organisations.key", primary_key=True)
    successor: int = Field(foreign_key="organisations.key", primary_key=True, index=True)
    happened_on: datetime.date


class ResourceRow(Row, table=True):
    """An identity that lives for ever. `published` is the number of its published revision."""

    __tablename__ = "resources"
    __table_args__ = (
        CheckConstraint("visibility IN ('live', 'hidden', 'withdrawn')", name="visibility"),
        CheckConstraint("access IN ('public', 'signed-in', 'organisation')", name="access"),
        Index(None, "modified_at", "key"),
        NEVER_AGAIN,
    )
    key: int | None = Field(default=None, primary_key=True)
    id: str = Field(sa_type=CODE, unique=True)
    owner: str = Field(sa_type=CODE, foreign_key="organisations.code", index=True)
    origin: str = Field(sa_type=CODE)
    visibility: str = Field(sa_type=CODE)
    access: str = Field(sa_type=CODE)
    embargo_until: datetime.date | None = None
    published: int | None = None
    created_at: datetime.datetime = Field(sa_type=UtcDateTime)
    modified_at: datetime.datetime = Field(sa_type=UtcDateTime)
    withdrawn_reason: str = Field(sa_type=Text)
    row_version: int = 1


class AliasRow(Row, table=True):
    """Retired ids, which lead to a resource for ever."""

    __tablename__ = "resource_aliases"
    retired: str = Field(sa_type=CODE, primary_key=True)
    resource: int = Field(foreign_key="resources.key", index=True)


class RevisionRow(Row, table=True):
    """Metadata and files of a resource at one time; at most one open, at most one published."""

    __tablename__ = "revisions"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'submitted', 'published', 'superseded')", name="state"),
        CheckConstraint("(published_at IS NULL) = (state IN ('draft', 'submitted'))", name="published_at"),
        UniqueConstraint("resource", "number"),
        Index(
            "uq_revisions_open",
            "resource",
            unique=True,
            sqlite_where=text("state IN ('draft', 'submitted')"),
            postgresql_where=text("state IN ('draft', 'submitted')"),
        ),
        Index(
            "uq_revisions_published",
            "resource",
            unique=True,
            sqlite_where=text("state = 'published'"),
            postgresql_where=text("state = 'published'"),
        ),
    )
    key: int | None = Field(default=None, primary_key=True)
    resource: int = Field(foreign_key="resources.key")
    number: int
    state: str = Field(sa_type=CODE)
    created_at: datetime.datetime = Field(sa_type=UtcDateTime)
    published_at: datetime.datetime | None = Field(default=None, sa_type=UtcDateTime)
    row_version: int = 1


class ValueRow(Row, table=True):
    """One metadata value of a revision, in order, with where it comes from."""

    __tablename__ = "revision_values"
    __table_args__ = (
        CheckConstraint("origin IN ('file', 'sheet', 'person', 'machine', 'source')", name="origin"),
        Index(None, "field", "revision"),
    )
    revision: int = Field(foreign_key="revisions.key", primary_key=True)
    position: int = Field(primary_key=True)
    field: str = Field(sa_type=CODE)
    value: str = Field(sa_type=Text)
    language: str | None = Field(default=None, sa_type=CODE)
    origin: str = Field(sa_type=CODE)
    place: str = Field(sa_type=Text)


class BlobRow(Row, table=True):
    """A stored object. offered_at: when somebody last brought these bytes; a sweep waits from then."""

    __tablename__ = "blobs"
    sha256: str = Field(sa_type=CODE, primary_key=True)
    size_bytes: int = Field(sa_type=BigInteger)
    offered_at: datetime.datetime = Field(sa_type=UtcDateTime)


class RefusedBlobRow(Row, table=True):
    """Hashes of bytes that may not come back, after a purge and after every restore."""

    __tablename__ = "refused_blobs"
    sha256: str = Field(sa_type=CODE, primary_key=True)
    refused_at: datetime.datetime = Field(sa_type=UtcDateTime)


class BlobFaultRow(Row, table=True):
    """A stored object that is not what was stored, as the last reading of all of them found; gone when it is again."""

    __tablename__ = "blob_faults"
    __table_args__ = (CheckConstraint("fault IN ('damaged', 'missing')", name="fault"),)
    sha256: str = Field(sa_type=CODE, primary_key=True)
    fault: str = Field(sa_type=CODE)
    found_at: datetime.datetime = Field(sa_type=UtcDateTime)


class FixityRunRow(Row, table=True):
    """One reading of every stored object. reached: the hash that it has come to; finished_at null: it goes on."""

    __tablename__ = "fixity_runs"
    __table_args__ = (NEVER_AGAIN,)
    key: int | None = Field(default=None, primary_key=True)
    started_at: datetime.datetime = Field(sa_type=UtcDateTime)
    finished_at: datetime.datetime | None = Field(default=None, sa_type=UtcDateTime)
    reached: str = Field(sa_type=CODE)
    objects: int
    size_bytes: int = Field(sa_type=BigInteger)
    faults: int


class FileRow(Row, table=True):
    """A file of a revision; `number` is never reused in its resource."""

    __tablename__ = "files"
    __table_args__ = (CheckConstraint("role IN ('main', 'captions', 'cover', 'attachment')", name="role"),)
    revision: int = Field(foreign_key="revisions.key", primary_key=True)
    number: int = Field(primary_key=True)
    position: int
    sha256: str = Field(sa_type=CODE, foreign_key="blobs.sha256", index=True)
    size_bytes: int = Field(sa_type=BigInteger)
    media_type: str = Field(sa_type=CODE)
    name: str = Field(sa_type=Text)
    role: str = Field(sa_type=CODE)


class ReadingRow(Row, table=True):
    """What reading a bundle came to; the newest has the highest key. The text is an object."""

    __tablename__ = "readings"
    __table_args__ = (UniqueConstraint("bundle", "fingerprint"), Index(None, "bundle", "key"), NEVER_AGAIN)
    key: int | None = Field(default=None, primary_key=True)
    bundle: str = Field(sa_type=CODE)
    fingerprint: str = Field(sa_type=CODE)
    media_type: str = Field(sa_type=CODE)
    passages: int
    language: str | None = Field(default=None, sa_type=CODE)
    pages: int | None = None
    duration_seconds: float | None = None
    width_pixels: int | None = None
    height_pixels: int | None = None
    warnings: Any = Field(sa_column=Column(JsonText, nullable=False))
    error: str | None = Field(default=None, sa_type=CODE)
    error_parameters: Any = Field(sa_column=Column(JsonText, nullable=False))
    document_key: str | None = Field(default=None, sa_type=CODE)
    seconds: float
    read_at: datetime.datetime = Field(sa_type=UtcDateTime)


class FindingsRow(Row, table=True):
    """Where a reading met personal data, as JSON; no row where it met none."""

    __tablename__ = "findings"
    reading: int = Field(foreign_key="readings.key", primary_key=True)
    findings: Any = Field(sa_column=Column(JsonText, nullable=False))


class ClearanceRow(Row, table=True):
    """Somebody looked and decided: what was found of this kind in this bundle is no personal data."""

    __tablename__ = "clearances"
    bundle: str = Field(sa_type=CODE, primary_key=True)
    kind: str = Field(sa_type=CODE, primary_key=True)
    actor: str = Field(sa_type=Text)
    reason: str = Field(sa_type=Text)
    cleared_at: datetime.datetime = Field(sa_type=UtcDateTime)


class SketchRow(Row, table=True):
    """What tells the text of a main file from others (`service/search/sketching.py`); empty: too little text."""

    __tablename__ = "sketches"
    __table_args__ = (NEVER_AGAIN,)
    key: int | None = Field(default=None, primary_key=True)
    sha256: str = Field(sa_type=CODE, unique=True)
    recipe: str = Field(sa_type=CODE)
    shingles: int
    signature: bytes = Field(sa_type=LargeBinary)


class SketchBandRow(Row, table=True):
    """(band, sketch): texts that are alike stand under some of the same bands.

    48 rows a file: the key is all there is, and no reference is checked, since removing a sketch would walk over all
    of them; whoever removes one knows its bands from the signature.
    """

    __tablename__ = "sketch_bands"
    __table_args__ = ({"sqlite_with_rowid": False},)
    band: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    sketch: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))


class EventRow(Row, table=True):
    """Something that happened; never changed, never removed."""

    __tablename__ = "events"
    __table_args__ = (Index(None, "resource", "key"), NEVER_AGAIN)
    key: int | None = Field(default=None, primary_key=True)
    kind: str = Field(sa_type=CODE)
    resource: int | None = Field(default=None, foreign_key="resources.key")
    actor: str = Field(sa_type=Text)
    details: Any = Field(sa_column=Column(JsonText, nullable=False))
    at: datetime.datetime = Field(sa_type=UtcDateTime)


class JobRow(Row, table=True):
    """Work to be done. One queued row a (kind, subject); a leased one may stand beside it."""

    __tablename__ = "jobs"
    __table_args__ = (
        CheckConstraint("state IN ('queued', 'leased', 'failed')", name="state"),
        CheckConstraint("(state = 'leased') = (leased_until IS NOT NULL)", name="lease"),
        Index(
            "uq_jobs_queued",
            "kind",
            "subject",
            unique=True,
            sqlite_where=text("state = 'queued'"),
            postgresql_where=text("state = 'queued'"),
        ),
        Index(None, "state", "kind", "priority", "id"),
        Index(None, "kind", "subject"),
        NEVER_AGAIN,
    )
    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(sa_type=CODE)
    subject: str = Field(sa_type=CODE)
    priority: int
    state: str = Field(sa_type=CODE)
    worker: str | None = Field(default=None, sa_type=CODE)
    leased_until: datetime.datetime | None = Field(default=None, sa_type=UtcDateTime)
    failures: int
    losses: int
    reason: str = Field(sa_type=Text)
    reason_parameters: Any = Field(sa_column=Column(JsonText, nullable=False))
    created_at: datetime.datetime = Field(sa_type=UtcDateTime)
    cause: str | None = Field(default=None, sa_type=CODE)


class TermRow(Row, table=True):
    """(resource, field, value) of what is published, with ancestors."""

    __tablename__ = "terms"
    __table_args__ = (Index(None, "field", "value", "resource"),)
    resource: int = Field(sa_column=Column(ForeignKey("resources.key"), primary_key=True))
    field: str = Field(sa_type=CODE, primary_key=True)
    value: str = Field(sa_type=CODE, primary_key=True)


class GenerationRow(Row, table=True):
    """One build of the search index; at most one is live an engine."""

    __tablename__ = "index_generations"
    __table_args__ = (
        CheckConstraint("state IN ('building', 'live', 'old')", name="state"),
        Index(
            "uq_index_generations_live",
            "engine",
            unique=True,
            sqlite_where=text("state = 'live'"),
            postgresql_where=text("state = 'live'"),
        ),
    )
    name: str = Field(sa_type=CODE, primary_key=True)
    engine: str = Field(sa_type=CODE)
    fingerprint: str = Field(sa_type=CODE)
    state: str = Field(sa_type=CODE)
    created_at: datetime.datetime = Field(sa_type=UtcDateTime)
    row_version: int = 1
    lexicon: str | None = Field(default=None, sa_type=CODE)
    built_at: datetime.datetime | None = Field(default=None, sa_type=UtcDateTime)
    syllables: str | None = Field(default=None, sa_type=CODE)


class CountRow(Row, table=True):
    """Daily counters. resource: a public id, or '' (a null would not merge in the key)."""

    __tablename__ = "daily_counts"
    __table_args__ = (Index(None, "resource", "kind"),)
    day: datetime.date = Field(primary_key=True)
    kind: str = Field(sa_type=CODE, primary_key=True)
    resource: str = Field(sa_type=CODE, primary_key=True)
    organisation: str = Field(sa_type=CODE, primary_key=True)
    door: str = Field(sa_type=CODE, primary_key=True)
    number: int


class OwnVocabularyRow(Row, table=True):
    """A vocabulary's CSV as it was imported; the newest of a name holds. content null: the one that ships."""

    __tablename__ = "own_vocabularies"
    __table_args__ = (Index(None, "name", "key"), NEVER_AGAIN)
    key: int | None = Field(default=None, primary_key=True)
    name: str = Field(sa_type=CODE)
    content: str | None = Field(default=None, sa_type=Text)
    sha256: str = Field(sa_type=CODE)
    actor: str = Field(sa_type=Text)
    imported_at: datetime.datetime = Field(sa_type=UtcDateTime)


class PathRow(Row, table=True):
    """Where the main file of a resource lay when it was taken in: evidence for proposals."""

    __tablename__ = "deposited_paths"
    resource: int = Field(sa_column=Column(ForeignKey("resources.key"), primary_key=True, autoincrement=False))
    path: str = Field(sa_type=Text)


class ProposalRow(Row, table=True):
    """A suggested value; open while accepted_at is null. evidence: JSON, [{where, seen, confidence}]."""

    __tablename__ = "proposals"
    __table_args__ = (CheckConstraint("confidence >= 0 AND confidence <= 1", name="confidence"),)
    resource: int = Field(sa_column=Column(ForeignKey("resources.key"), primary_key=True))
    field: str = Field(sa_type=CODE, primary_key=True)
    value: str = Field(sa_type=CODE, primary_key=True)
    confidence: float
    evidence: Any = Field(sa_column=Column(JsonText, nullable=False))
    accepted_by: str = Field(sa_type=Text)
    accepted_at: datetime.datetime | None = Field(default=None, sa_type=UtcDateTime)


class OaiRecordRow(Row, table=True):
    """A resource as harvesters see it; a row is never removed. datestamp: text, so that no zone can move it."""

    __tablename__ = "oai_records"
    __table_args__ = (
        CheckConstraint("status IN ('live', 'deleted')", name="status"),
        # The order of every list, and what from and until are compared with.
        Index(None, "datestamp", "id"),
    )
    resource: int = Field(sa_column=Column(ForeignKey("resources.key"), primary_key=True, autoincrement=False))
    id: str = Field(sa_type=CODE, unique=True)
    datestamp: str = Field(sa_type=CODE)
    status: str = Field(sa_type=CODE)
    sets: str = Field(sa_type=CODE)
    version: int
    fingerprint: str = Field(sa_type=CODE)
    digest: str = Field(sa_type=CODE)


class OaiFormRow(Row, table=True):
    """What is sent of a listed resource in a format: an XML element, without the library's own address."""

    __tablename__ = "oai_forms"
    resource: int = Field(sa_column=Column(ForeignKey("resources.key"), primary_key=True))
    format: str = Field(sa_type=CODE, primary_key=True)
    xml: str = Field(sa_type=Text)


class OaiSetRow(Row, table=True):
    """Every set that a record ever was in: a spec that was declared once is answered for ever."""

    __tablename__ = "oai_sets"
    __table_args__ = (NEVER_AGAIN,)
    key: int | None = Field(default=None, primary_key=True)
    spec: str = Field(sa_type=CODE, unique=True)


class OaiMemberRow(Row, table=True):
    """(set, datestamp, id) of each record in each of its sets and those above: a set's list walks its key."""

    __tablename__ = "oai_members"
    set: int = Field(sa_column=Column(ForeignKey("oai_sets.key"), primary_key=True))
    datestamp: str = Field(sa_type=CODE, primary_key=True)
    id: str = Field(sa_type=CODE, primary_key=True, index=True)


class OaiSecretRow(Row, table=True):
    """What signs resumption tokens: here, so that every web process has it and a restored library too. One row."""

    __tablename__ = "oai_secrets"
    name: str = Field(sa_type=CODE, primary_key=True)
    value: str = Field(sa_type=CODE)


class OaiLackRow(Row, table=True):
    """What a listed resource lacks for the profile that records are handed on by; no row: it is ready."""

    __tablename__ = "oai_lacks"
    resource: int = Field(sa_column=Column(ForeignKey("resources.key"), primary_key=True))
    field: str = Field(sa_type=CODE, primary_key=True)
    lack: str = Field(sa_type=CODE, primary_key=True)


class OaiTrialRow(Row, table=True):
    """Some fifty resources of every type, for whoever tries harvesting out. Who is in once stays."""

    __tablename__ = "oai_trial"
    resource: int = Field(sa_column=Column(ForeignKey("resources.key"), primary_key=True, autoincrement=False))


class HandoverRow(Row, table=True):
    """A package of records that was written for another repository."""

    __tablename__ = "handovers"
    __table_args__ = (NEVER_AGAIN,)
    key: int | None = Field(default=None, primary_key=True)
    name: str = Field(sa_type=CODE, unique=True)
    profile: str = Field(sa_type=CODE, index=True)
    made_at: datetime.datetime = Field(sa_type=UtcDateTime)
    records: int
    withdrawn: int
    receipt_at: datetime.datetime | None = Field(default=None, sa_type=UtcDateTime)


class HandoverItemRow(Row, table=True):
    """What another repository has of a resource by now. seen: state of the record and profile when it was looked at."""

    __tablename__ = "handover_items"
    __table_args__ = (
        CheckConstraint("state IN ('lacking', 'sent', 'accepted', 'refused', 'withdrawn')", name="state"),
    )
    profile: str = Field(sa_type=CODE, primary_key=True)
    resource: int = Field(sa_column=Column(ForeignKey("resources.key"), primary_key=True))
    state: str = Field(sa_type=CODE)
    seen: str = Field(sa_type=CODE)
    digest: str = Field(sa_type=CODE)
    package: int | None = Field(default=None, foreign_key="handovers.key", index=True)
    reason: str = Field(sa_type=Text)


class HarvestSourceRow(Row, table=True):
    """A repository that is followed, or a set of it. watermark: text, as the source is asked with it."""

    __tablename__ = "harvest_sources"
    __table_args__ = (UniqueConstraint("base_url", "set"), NEVER_AGAIN)
    key: int | None = Field(default=None, primary_key=True)
    base_url: str = Field(sa_type=CODE)
    set: str = Field(sa_type=CODE)
    format: str = Field(sa_type=CODE)
    organisation: str = Field(sa_type=CODE, foreign_key="organisations.code")
    licence: str = Field(sa_type=CODE)
    name: str = Field(sa_type=Text)
    watermark: str = Field(sa_type=CODE)
    run: int
    harvested_at: datetime.datetime | None = Field(default=None, sa_type=UtcDateTime)
    left_at: datetime.datetime | None = Field(default=None, sa_type=UtcDateTime)


class HarvestRecordRow(Row, table=True):
    """Which resource is which record of a source. seen: the source's run in which it was there last."""

    __tablename__ = "harvest_records"
    __table_args__ = (UniqueConstraint("source", "identifier"),)
    resource: int = Field(sa_column=Column(ForeignKey("resources.key"), primary_key=True, autoincrement=False))
    source: int = Field(foreign_key="harvest_sources.key")
    identifier: str = Field(sa_type=CODE)
    original: str = Field(sa_type=CODE, index=True)
    datestamp: str = Field(sa_type=CODE)
    digest: str = Field(sa_type=CODE)
    gone: bool
    seen: int
    origins: Any = Field(sa_column=Column(JsonText, nullable=False))


class HarvestRefusalRow(Row, table=True):
    """A record that could not be taken, with the reason; it is asked for again by itself."""

    __tablename__ = "harvest_refusals"
    source: int = Field(sa_column=Column(ForeignKey("harvest_sources.key"), primary_key=True))
    identifier: str = Field(sa_type=CODE, primary_key=True)
    code: str = Field(sa_type=CODE)
    detail: str = Field(sa_type=Text)
    refused_at: datetime.datetime = Field(sa_type=UtcDateTime)


class AddressRow(Row, table=True):
    """The address that a resource of ours without files describes, as a hash: none is described twice by one owner."""

    __tablename__ = "addresses"
    resource: int = Field(sa_column=Column(ForeignKey("resources.key"), primary_key=True, autoincrement=False))
    digest: str = Field(sa_type=CODE, index=True)


def table(row: type[Row]) -> Table:
    """The table behind a row class, for statements that name columns (`table.c.…`)."""
    found: Table = row.__table__  # type: ignore[attr-defined]
    return found


# As statements name them; other tables are asked for with `table`.
ORGANISATIONS = table(OrganisationRow)
CODES = table(OrganisationCodeRow)
NAMES = table(OrganisationNameRow)
KINDS = table(OrganisationKindRow)
PARENTS = table(OrganisationParentRow)
SUCCESSIONS = table(OrganisationSuccessionRow)
RESOURCES = table(ResourceRow)
ALIASES = table(AliasRow)
REVISIONS = table(RevisionRow)
VALUES = table(ValueRow)
BLOBS = table(BlobRow)
REFUSED = table(RefusedBlobRow)
FAULTS = table(BlobFaultRow)
FIXITY_RUNS = table(FixityRunRow)
FILES = table(FileRow)
READINGS = table(ReadingRow)
FINDINGS = table(FindingsRow)
CLEARANCES = table(ClearanceRow)
SKETCHES = table(SketchRow)
SKETCH_BANDS = table(SketchBandRow)
EVENTS = table(EventRow)
JOBS = table(JobRow)
TERMS = table(TermRow)
GENERATIONS = table(GenerationRow)
COUNTS = table(CountRow)
OWN_VOCABULARIES = table(OwnVocabularyRow)
PATHS = table(PathRow)
PROPOSALS = table(ProposalRow)
OAI_RECORDS = table(OaiRecordRow)
OAI_FORMS = table(OaiFormRow)
OAI_SETS = table(OaiSetRow)
OAI_MEMBERS = table(OaiMemberRow)
OAI_SECRETS = table(OaiSecretRow)
OAI_LACKS = table(OaiLackRow)
OAI_TRIAL = table(OaiTrialRow)
HANDOVERS = table(HandoverRow)
HANDOVER_ITEMS = table(HandoverItemRow)
HARVEST_SOURCES = table(HarvestSourceRow)
HARVEST_RECORDS = table(HarvestRecordRow)
HARVEST_REFUSALS = table(HarvestRefusalRow)
ADDRESSES = table(AddressRow)
