"""Sources that are followed no more."""

import sqlalchemy as sa
from alembic import op

revision = "r0016"
down_revision = "r0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Null: it is followed.
    op.add_column("harvest_sources", sa.Column("left_at", sa.DateTime(timezone=True), nullable=True))
