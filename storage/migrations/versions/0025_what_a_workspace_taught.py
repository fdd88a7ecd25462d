"""What people said an item is about, and topics of a workspace's own"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

JSON = sa.JSON().with_variant(JSONB(), "postgresql")

revision = "0025"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "item_topics",
        sa.Column("workspace", sa.String(length=100), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("topic", sa.String(length=60), nullable=False),
        sa.Column("tag", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "number", name=op.f("pk_item_topics")),
    )
    op.create_table(
        "own_topics",
        sa.Column("workspace", sa.String(length=100), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("said", JSON, nullable=False),
        sa.Column("model", sa.String(length=60), nullable=False),
        sa.Column("vectors", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "id", name=op.f("pk_own_topics")),
    )


def downgrade() -> None:
    op.drop_table("own_topics")
    op.drop_table("item_topics")
