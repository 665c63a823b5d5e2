"""What harvesters get: rendered records with their datestamps, sets and tombstones."""

import sqlalchemy as sa
from alembic import op

revision = "r0008"
down_revision = "r0007"
branch_labels = None
depends_on = None

CODE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "oai_records",
        sa.Column("resource", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", CODE, nullable=False),
        sa.Column("datestamp", CODE, nullable=False),
        sa.Column("status", CODE, nullable=False),
        sa.Column("sets", CODE, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("fingerprint", CODE, nullable=False),
        sa.Column("digest", CODE, nullable=False),
        sa.CheckConstraint("status IN ('live', 'deleted')", name="status"),
        sa.ForeignKeyConstraint(["resource"], ["resources.key"], name="fk_oai_records_resource_resources"),
        sa.PrimaryKeyConstraint("resource", name="pk_oai_records"),
        sa.UniqueConstraint("id", name="uq_oai_records_id"),
    )
    op.create_index("ix_oai_records_datestamp_id", "oai_records", ["datestamp", "id"])
    op.create_table(
        "oai_forms",
        sa.Column("resource", sa.Integer(), nullable=False),
        sa.Column("format", CODE, nullable=False),
        sa.Column("xml", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["resource"], ["resources.key"], name="fk_oai_forms_resource_resources"),
        sa.PrimaryKeyConstraint("resource", "format", name="pk_oai_forms"),
    )
    op.create_table(
        "oai_sets",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("spec", CODE, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_oai_sets"),
        sa.UniqueConstraint("spec", name="uq_oai_sets_spec"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "oai_members",
        sa.Column("set", sa.Integer(), nullable=False),
        sa.Column("datestamp", CODE, nullable=False),
        sa.Column("id", CODE, nullable=False),
        sa.ForeignKeyConstraint(["set"], ["oai_sets.key"], name="fk_oai_members_set_oai_sets"),
        sa.PrimaryKeyConstraint("set", "datestamp", "id", name="pk_oai_members"),
    )
    op.create_index("ix_oai_members_id", "oai_members", ["id"])
    op.create_table(
        "oai_secrets",
        sa.Column("name", CODE, nullable=False),
        sa.Column("value", CODE, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_oai_secrets"),
    )
