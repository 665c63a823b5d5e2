"""The first schema: resources and everything around them, and the organisation `default`.

Longer than other modules because it is a list of tables; it never changes again.
"""

import datetime

import sqlalchemy as sa
from alembic import op

revision = "r0001"
down_revision = None
branch_labels = None
depends_on = None

CODE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "blobs",
        sa.Column("sha256", CODE, nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("offered_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_blobs"),
    )
    op.create_table(
        "daily_counts",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", CODE, nullable=False),
        sa.Column("resource", CODE, nullable=False),
        sa.Column("organisation", CODE, nullable=False),
        sa.Column("door", CODE, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "kind", "resource", "organisation", "door", name="pk_daily_counts"),
    )
    op.create_index("ix_daily_counts_resource_kind", "daily_counts", ["resource", "kind"], unique=False)
    op.create_table(
        "index_generations",
        sa.Column("name", CODE, nullable=False),
        sa.Column("engine", CODE, nullable=False),
        sa.Column("fingerprint", CODE, nullable=False),
        sa.Column("state", CODE, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('building', 'live', 'old')", name=op.f("ck_index_generations_state")),
        sa.PrimaryKeyConstraint("name", name="pk_index_generations"),
    )
    op.create_index(
        "uq_index_generations_live",
        "index_generations",
        ["engine"],
        unique=True,
        sqlite_where=sa.text("state = 'live'"),
        postgresql_where=sa.text("state = 'live'"),
    )
    op.create_table(
        "jobs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", CODE, nullable=False),
        sa.Column("subject", CODE, nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("state", CODE, nullable=False),
        sa.Column("worker", CODE, nullable=True),
        sa.Column("leased_until", MOMENT, nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("losses", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("reason_parameters", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("(state = 'leased') = (leased_until IS NOT NULL)", name=op.f("ck_jobs_lease")),
        sa.CheckConstraint("state IN ('queued', 'leased', 'failed')", name=op.f("ck_jobs_state")),
        sa.PrimaryKeyConstraint("id", name="pk_jobs"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_jobs_kind_subject", "jobs", ["kind", "subject"], unique=False)
    op.create_index("ix_jobs_state_kind_priority_id", "jobs", ["state", "kind", "priority", "id"], unique=False)
    op.create_index(
        "uq_jobs_queued",
        "jobs",
        ["kind", "subject"],
        unique=True,
        sqlite_where=sa.text("state = 'queued'"),
        postgresql_where=sa.text("state = 'queued'"),
    )
    op.create_table(
        "organisations",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("code", CODE, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_organisations"),
        sa.UniqueConstraint("code", name="uq_organisations_code"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "readings",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("bundle", CODE, nullable=False),
        sa.Column("fingerprint", CODE, nullable=False),
        sa.Column("media_type", CODE, nullable=False),
        sa.Column("passages", sa.Integer(), nullable=False),
        sa.Column("language", CODE, nullable=True),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("duration_seconds", sa.Float(), nullable=True),
        sa.Column("width_pixels", sa.Integer(), nullable=True),
        sa.Column("height_pixels", sa.Integer(), nullable=True),
        sa.Column("warnings", sa.Text(), nullable=False),
        sa.Column("error", CODE, nullable=True),
        sa.Column("error_parameters", sa.Text(), nullable=False),
        sa.Column("document_key", CODE, nullable=True),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("read_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_readings"),
        sa.UniqueConstraint("bundle", "fingerprint", name="uq_readings_bundle_fingerprint"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_readings_bundle_key", "readings", ["bundle", "key"], unique=False)
    op.create_table(
        "refused_blobs",
        sa.Column("sha256", CODE, nullable=False),
        sa.Column("refused_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_refused_blobs"),
    )
    op.create_table(
        "organisation_codes",
        sa.Column("scheme", CODE, nullable=False),
        sa.Column("code", CODE, nullable=False),
        sa.Column("organisation", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation"], ["organisations.key"], name="fk_organisation_codes_organisation_organisations"
        ),
        sa.PrimaryKeyConstraint("scheme", "code", name="pk_organisation_codes"),
    )
    op.create_index("ix_organisation_codes_organisation", "organisation_codes", ["organisation"], unique=False)
    op.create_table(
        "organisation_kinds",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("organisation", sa.Integer(), nullable=False),
        sa.Column("kind", CODE, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation"], ["organisations.key"], name="fk_organisation_kinds_organisation_organisations"
        ),
        sa.PrimaryKeyConstraint("key", name="pk_organisation_kinds"),
    )
    op.create_index("ix_organisation_kinds_organisation", "organisation_kinds", ["organisation"], unique=False)
    op.create_table(
        "organisation_names",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("organisation", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation"], ["organisations.key"], name="fk_organisation_names_organisation_organisations"
        ),
        sa.PrimaryKeyConstraint("key", name="pk_organisation_names"),
    )
    op.create_index("ix_organisation_names_organisation", "organisation_names", ["organisation"], unique=False)
    op.create_table(
        "organisation_parents",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("organisation", sa.Integer(), nullable=False),
        sa.Column("parent", sa.Integer(), nullable=False),
        sa.Column("relation", CODE, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation"], ["organisations.key"], name="fk_organisation_parents_organisation_organisations"
        ),
        sa.ForeignKeyConstraint(["parent"], ["organisations.key"], name="fk_organisation_parents_parent_organisations"),
        sa.PrimaryKeyConstraint("key", name="pk_organisation_parents"),
    )
    op.create_index("ix_organisation_parents_organisation", "organisation_parents", ["organisation"], unique=False)
    op.create_index("ix_organisation_parents_parent", "organisation_parents", ["parent"], unique=False)
    op.create_table(
        "organisation_successions",
        sa.Column("predecessor", sa.Integer(), nullable=False),
        sa.Column("successor", sa.Integer(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["predecessor"], ["organisations.key"], name="fk_organisation_successions_predecessor_organisations"
        ),
        sa.ForeignKeyConstraint(
            ["successor"], ["organisations.key"], name="fk_organisation_successions_successor_organisations"
        ),
        sa.PrimaryKeyConstraint("predecessor", "successor", name="pk_organisation_successions"),
    )
    op.create_index("ix_organisation_successions_successor", "organisation_successions", ["successor"], unique=False)
    op.create_table(
        "resources",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("id", CODE, nullable=False),
        sa.Column("owner", CODE, nullable=False),
        sa.Column("origin", CODE, nullable=False),
        sa.Column("visibility", CODE, nullable=False),
        sa.Column("access", CODE, nullable=False),
        sa.Column("embargo_until", sa.Date(), nullable=True),
        sa.Column("published", sa.Integer(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("modified_at", MOMENT, nullable=False),
        sa.Column("withdrawn_reason", sa.Text(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("access IN ('public', 'signed-in', 'organisation')", name=op.f("ck_resources_access")),
        sa.CheckConstraint("visibility IN ('live', 'hidden', 'withdrawn')", name=op.f("ck_resources_visibility")),
        sa.ForeignKeyConstraint(["owner"], ["organisations.code"], name="fk_resources_owner_organisations"),
        sa.PrimaryKeyConstraint("key", name="pk_resources"),
        sa.UniqueConstraint("id", name="uq_resources_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_resources_owner", "resources", ["owner"], unique=False)
    op.create_table(
        "events",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("kind", CODE, nullable=False),
        sa.Column("resource", sa.Integer(), nullable=True),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["resource"], ["resources.key"], name="fk_events_resource_resources"),
        sa.PrimaryKeyConstraint("key", name="pk_events"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_events_resource_key", "events", ["resource", "key"], unique=False)
    op.create_table(
        "resource_aliases",
        sa.Column("retired", CODE, nullable=False),
        sa.Column("resource", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["resource"], ["resources.key"], name="fk_resource_aliases_resource_resources"),
        sa.PrimaryKeyConstraint("retired", name="pk_resource_aliases"),
    )
    op.create_index("ix_resource_aliases_resource", "resource_aliases", ["resource"], unique=False)
    op.create_table(
        "revisions",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("resource", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", CODE, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("published_at", MOMENT, nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(published_at IS NULL) = (state IN ('draft', 'submitted'))", name=op.f("ck_revisions_published_at")
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'published', 'superseded')", name=op.f("ck_revisions_state")
        ),
        sa.ForeignKeyConstraint(["resource"], ["resources.key"], name="fk_revisions_resource_resources"),
        sa.PrimaryKeyConstraint("key", name="pk_revisions"),
        sa.UniqueConstraint("resource", "number", name="uq_revisions_resource_number"),
    )
    op.create_index(
        "uq_revisions_open",
        "revisions",
        ["resource"],
        unique=True,
        sqlite_where=sa.text("state IN ('draft', 'submitted')"),
        postgresql_where=sa.text("state IN ('draft', 'submitted')"),
    )
    op.create_index(
        "uq_revisions_published",
        "revisions",
        ["resource"],
        unique=True,
        sqlite_where=sa.text("state = 'published'"),
        postgresql_where=sa.text("state = 'published'"),
    )
    op.create_table(
        "terms",
        sa.Column("resource", sa.Integer(), nullable=False),
        sa.Column("field", CODE, nullable=False),
        sa.Column("value", CODE, nullable=False),
        sa.ForeignKeyConstraint(["resource"], ["resources.key"], name="fk_terms_resource_resources"),
        sa.PrimaryKeyConstraint("resource", "field", "value", name="pk_terms"),
    )
    op.create_index("ix_terms_field_value_resource", "terms", ["field", "value", "resource"], unique=False)
    op.create_table(
        "files",
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sha256", CODE, nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("media_type", CODE, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", CODE, nullable=False),
        sa.CheckConstraint("role IN ('main', 'captions', 'cover', 'attachment')", name=op.f("ck_files_role")),
        sa.ForeignKeyConstraint(["revision"], ["revisions.key"], name="fk_files_revision_revisions"),
        sa.ForeignKeyConstraint(["sha256"], ["blobs.sha256"], name="fk_files_sha256_blobs"),
        sa.PrimaryKeyConstraint("revision", "number", name="pk_files"),
    )
    op.create_index("ix_files_sha256", "files", ["sha256"], unique=False)
    op.create_table(
        "revision_values",
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("field", CODE, nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("language", CODE, nullable=True),
        sa.Column("origin", CODE, nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "origin IN ('file', 'sheet', 'person', 'machine', 'source')", name=op.f("ck_revision_values_origin")
        ),
        sa.ForeignKeyConstraint(["revision"], ["revisions.key"], name="fk_revision_values_revision_revisions"),
        sa.PrimaryKeyConstraint("revision", "position", name="pk_revision_values"),
    )
    op.create_index("ix_revision_values_field_revision", "revision_values", ["field", "revision"], unique=False)
    _add_default_organisation()


def _add_default_organisation() -> None:
    """A new library holds one organisation, valid since ever."""
    organisations = sa.table(
        "organisations", sa.column("key"), sa.column("code"), sa.column("created_at", MOMENT), sa.column("row_version")
    )
    names = sa.table("organisation_names", sa.column("organisation"), sa.column("name"))
    kinds = sa.table("organisation_kinds", sa.column("organisation"), sa.column("kind"))
    moment = datetime.datetime.now(datetime.UTC)
    key = (
        op.get_bind()
        .execute(
            sa.insert(organisations)
            .values(code="default", created_at=moment, row_version=1)
            .returning(organisations.c.key)
        )
        .scalar_one()
    )
    op.bulk_insert(names, [{"organisation": key, "name": "Thư viện mặc định"}])
    op.bulk_insert(kinds, [{"organisation": key, "kind": "organisation"}])
