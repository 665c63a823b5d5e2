"""Resources in the order of their changes, for feeds."""

from alembic import op

revision = "r0007"
down_revision = "r0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_resources_modified_at_key", "resources", ["modified_at", "key"])
