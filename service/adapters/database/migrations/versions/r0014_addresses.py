"""Addresses that resources without files describe, by their hash."""

import sqlalchemy as sa
from alembic import op

revision = "r0014"
down_revision = "r0013"
branch_labels = None
depends_on = None

CODE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "addresses",
        sa.Column("resource", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("digest", CODE, nullable=False),
        sa.ForeignKeyConstraint(["resource"], ["resources.key"], name="fk_addresses_resource_resources"),
        sa.PrimaryKeyConstraint("resource", name="pk_addresses"),
    )
    op.create_index("ix_addresses_digest", "addresses", ["digest"])
