"""Sources that are harvested, which resource is which record of theirs, and what could not be taken."""

import sqlalchemy as sa
from alembic import op

revision = "r0013"
down_revision = "r0012"
branch_labels = None
depends_on = None

CODE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "harvest_sources",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("base_url", CODE, nullable=False),
        sa.Column("set", CODE, nullable=False),
        sa.Column("format", CODE, nullable=False),
        sa.Column("organisation", CODE, nullable=False),
        sa.Column("licence", CODE, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("watermark", CODE, nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("harvested_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation"], ["organisations.code"], name="fk_harvest_sources_organisation_organisations"
        ),
        sa.PrimaryKeyConstraint("key", name="pk_harvest_sources"),
        sa.UniqueConstraint("base_url", "set", name="uq_harvest_sources_base_url_set"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "harvest_records",
        sa.Column("resource", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("source", sa.Integer(), nullable=False),
        sa.Column("identifier", CODE, nullable=False),
        sa.Column("original", CODE, nullable=False),
        sa.Column("datestamp", CODE, nullable=False),
        sa.Column("digest", CODE, nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("origins", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["resource"], ["resources.key"], name="fk_harvest_records_resource_resources"),
        sa.ForeignKeyConstraint(["source"], ["harvest_sources.key"], name="fk_harvest_records_source_harvest_sources"),
        sa.PrimaryKeyConstraint("resource", name="pk_harvest_records"),
        sa.UniqueConstraint("source", "identifier", name="uq_harvest_records_source_identifier"),
    )
    op.create_index("ix_harvest_records_original", "harvest_records", ["original"])
    op.create_table(
        "harvest_refusals",
        sa.Column("source", sa.Integer(), nullable=False),
        sa.Column("identifier", CODE, nullable=False),
        sa.Column("code", CODE, nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["source"], ["harvest_sources.key"], name="fk_harvest_refusals_source_harvest_sources"),
        sa.PrimaryKeyConstraint("source", "identifier", name="pk_harvest_refusals"),
    )
