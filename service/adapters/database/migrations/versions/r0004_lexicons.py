"""Which files hold the words of an index generation."""

import sqlalchemy as sa
from alembic import op

revision = "r0004"
down_revision = "r0003"
branch_labels = None
depends_on = None

CODE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    # Null: built before there were lexicons.
    op.add_column("index_generations", sa.Column("lexicon", CODE, nullable=True))
