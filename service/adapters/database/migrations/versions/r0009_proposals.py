"""Suggested values with their evidence, and where files lay when they were taken in."""

import sqlalchemy as sa
from alembic import op

revision = "r0009"
down_revision = "r0008"
branch_labels = None
depends_on = None

CODE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "deposited_paths",
        sa.Column("resource", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["resource"], ["resources.key"], name="fk_deposited_paths_resource_resources"),
        sa.PrimaryKeyConstraint("resource", name="pk_deposited_paths"),
    )
    op.create_table(
        "proposals",
        sa.Column("resource", sa.Integer(), nullable=False),
        sa.Column("field", CODE, nullable=False),
        sa.Column("value", CODE, nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("accepted_by", sa.Text(), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("confidence >= 0 AND confidence <= 1", name="confidence"),
        sa.ForeignKeyConstraint(["resource"], ["resources.key"], name="fk_proposals_resource_resources"),
        sa.PrimaryKeyConstraint("resource", "field", "value", name="pk_proposals"),
    )
