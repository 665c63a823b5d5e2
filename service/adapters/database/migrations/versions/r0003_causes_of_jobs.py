"""The request or command that a job goes back to, so that its log lines can be found."""

import sqlalchemy as sa
from alembic import op

revision = "r0003"
down_revision = "r0002"
branch_labels = None
depends_on = None

CODE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    # In place, not by a batch: a rebuilt empty table would give its ids again.
    op.add_column("jobs", sa.Column("cause", CODE, nullable=True))
