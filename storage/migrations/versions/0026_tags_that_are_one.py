"""Tags of a train that count as one"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "joined_tags",
        sa.Column("workspace", sa.String(length=100), nullable=False),
        sa.Column("train_id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("tag", sa.String(length=40), nullable=False),
        sa.Column("into", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "train_id", "tag", name=op.f("pk_joined_tags")),
    )


def downgrade() -> None:
    op.drop_table("joined_tags")
