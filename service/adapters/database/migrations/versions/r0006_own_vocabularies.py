"""Vocabularies that a library puts in the place of those that ship; the terms of topics are those of a vocabulary."""

import sqlalchemy as sa
from alembic import op

revision = "r0006"
down_revision = "r0005"
branch_labels = None
depends_on = None

CODE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "own_vocabularies",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("name", CODE, nullable=False),
        sa.Column("content", sa.Text(), nullable=True),
        sa.Column("sha256", CODE, nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_own_vocabularies"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_own_vocabularies_name_key", "own_vocabularies", ["name", "key"])
    # Until now keywords stood under this name.
    op.execute("UPDATE terms SET field = 'keyword' WHERE field = 'topic'")
