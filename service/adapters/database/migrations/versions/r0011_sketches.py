"""Sketches of texts and their bands, by which near copies are found; a sweep makes those of what is there."""

import sqlalchemy as sa
from alembic import op

revision = "r0011"
down_revision = "r0010"
branch_labels = None
depends_on = None

CODE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "sketches",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("sha256", CODE, nullable=False),
        sa.Column("recipe", CODE, nullable=False),
        sa.Column("shingles", sa.Integer(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_sketches"),
        sa.UniqueConstraint("sha256", name="uq_sketches_sha256"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "sketch_bands",
        sa.Column("band", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sketch", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("band", "sketch", name="pk_sketch_bands"),
        sqlite_with_rowid=False,
    )
