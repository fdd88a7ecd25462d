"""Retros know when they last went on, what they open with, and who has finished writing"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0021"
down_revision = "0025"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def upgrade() -> None:
    op.add_column("retros", sa.Column("went_on_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("retros", sa.Column("facts", JSON, nullable=False, server_default="[]"))
    op.create_table(
        "retro_writers",
        sa.Column("workspace", sa.String(100), nullable=False),
        sa.Column("retro_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(["workspace", "retro_id"], ["retros.workspace", "retros.id"]),
        sa.PrimaryKeyConstraint("workspace", "retro_id", "person"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("retro_writers")
    for column in ("facts", "went_on_at"):
        op.execute(sa.text(f"ALTER TABLE retros DROP COLUMN {column}"))
