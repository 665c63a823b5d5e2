"""Which file says which word follows which in an index generation."""

import sqlalchemy as sa
from alembic import op

revision = "r0015"
down_revision = "r0014"
branch_labels = None
depends_on = None

CODE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    # Null: built before there were such files.
    op.add_column("index_generations", sa.Column("syllables", CODE, nullable=True))
