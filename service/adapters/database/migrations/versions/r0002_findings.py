"""Places of personal data that reading found, and what somebody decided is none."""

import sqlalchemy as sa
from alembic import op

revision = "r0002"
down_revision = "r0001"
branch_labels = None
depends_on = None

CODE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "findings",
        sa.Column("reading", sa.Integer(), nullable=False),
        sa.Column("findings", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["reading"], ["readings.key"], name="fk_findings_reading_readings"),
        sa.PrimaryKeyConstraint("reading", name="pk_findings"),
    )
    op.create_table(
        "clearances",
        sa.Column("bundle", CODE, nullable=False),
        sa.Column("kind", CODE, nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("cleared_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("bundle", "kind", name="pk_clearances"),
    )
