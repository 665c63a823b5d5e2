"""Since when an index generation has been whole."""

import sqlalchemy as sa
from alembic import op

revision = "r0005"
down_revision = "r0004"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    # Null: being built, or built before this was written down.
    op.add_column("index_generations", sa.Column("built_at", MOMENT, nullable=True))
