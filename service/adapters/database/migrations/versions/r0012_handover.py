"""What records lack for a profile, a set to try harvesting out, and what was handed over to whom."""

import sqlalchemy as sa
from alembic import op

revision = "r0012"
down_revision = "r0011"
branch_labels = None
depends_on = None

CODE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
STATES = "state IN ('lacking', 'sent', 'accepted', 'refused', 'withdrawn')"


def upgrade() -> None:
    op.create_table(
        "oai_lacks",
        sa.Column("resource", sa.Integer(), nullable=False),
        sa.Column("field", CODE, nullable=False),
        sa.Column("lack", CODE, nullable=False),
        sa.ForeignKeyConstraint(["resource"], ["resources.key"], name="fk_oai_lacks_resource_resources"),
        sa.PrimaryKeyConstraint("resource", "field", "lack", name="pk_oai_lacks"),
    )
    op.create_table(
        "oai_trial",
        sa.Column("resource", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["resource"], ["resources.key"], name="fk_oai_trial_resource_resources"),
        sa.PrimaryKeyConstraint("resource", name="pk_oai_trial"),
    )
    op.create_table(
        "handovers",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("name", CODE, nullable=False),
        sa.Column("profile", CODE, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("withdrawn", sa.Integer(), nullable=False),
        sa.Column("receipt_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("key", name="pk_handovers"),
        sa.UniqueConstraint("name", name="uq_handovers_name"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_handovers_profile", "handovers", ["profile"])
    op.create_table(
        "handover_items",
        sa.Column("profile", CODE, nullable=False),
        sa.Column("resource", sa.Integer(), nullable=False),
        sa.Column("state", CODE, nullable=False),
        sa.Column("seen", CODE, nullable=False),
        sa.Column("digest", CODE, nullable=False),
        sa.Column("package", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint(STATES, name="state"),
        sa.ForeignKeyConstraint(["resource"], ["resources.key"], name="fk_handover_items_resource_resources"),
        sa.ForeignKeyConstraint(["package"], ["handovers.key"], name="fk_handover_items_package_handovers"),
        sa.PrimaryKeyConstraint("profile", "resource", name="pk_handover_items"),
    )
    op.create_index("ix_handover_items_package", "handover_items", ["package"])
