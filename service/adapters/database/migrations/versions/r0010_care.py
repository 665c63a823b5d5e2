"""How much an organisation may store, and what reading all stored objects has found."""

import sqlalchemy as sa
from alembic import op

revision = "r0010"
down_revision = "r0009"
branch_labels = None
depends_on = None

CODE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    # Null: no bound.
    op.add_column("organisations", sa.Column("quota_bytes", sa.BigInteger(), nullable=True))
    op.create_table(
        "blob_faults",
        sa.Column("sha256", CODE, nullable=False),
        sa.Column("fault", CODE, nullable=False),
        sa.Column("found_at", MOMENT, nullable=False),
        sa.CheckConstraint("fault IN ('damaged', 'missing')", name="fault"),
        sa.PrimaryKeyConstraint("sha256", name="pk_blob_faults"),
    )
    op.create_table(
        "fixity_runs",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.Column("reached", CODE, nullable=False),
        sa.Column("objects", sa.Integer(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("faults", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_fixity_runs"),
        sqlite_autoincrement=True,
    )
