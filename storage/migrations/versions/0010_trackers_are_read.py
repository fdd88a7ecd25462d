"""What reading trackers needs to know, and the sample tracker's tickets"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

AT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def _text(name: str, length: int | None = None, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length), nullable=nullable)


def upgrade() -> None:
    with op.batch_alter_table("trackers", schema=None) as batch_op:
        batch_op.add_column(sa.Column("hooked_at", AT, nullable=True))
        batch_op.add_column(sa.Column("rests_until", AT, nullable=True))
        batch_op.add_column(sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("tracker_scopes", schema=None) as batch_op:
        batch_op.drop_column("sweep")
    with op.batch_alter_table("tracked", schema=None) as batch_op:
        batch_op.add_column(sa.Column("links", JSON, nullable=False, server_default="{}"))
    op.create_table(
        "sample_tickets",
        _text("workspace", 100),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        _text("project", 20),
        _text("key", 40),
        _text("kind", 40),
        _text("title"),
        _text("description"),
        _text("state", 40),
        _text("owner", 40),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("labels", JSON, nullable=False),
        sa.Column("points", sa.Numeric(12, 6), nullable=True),
        *(sa.Column(card, sa.Integer(), nullable=True) for card in ("ubv", "tc", "rroe", "size")),
        sa.Column("wsjf", sa.Float(), nullable=True),
        sa.Column("parent", sa.Integer(), nullable=True),
        sa.Column("blocked_by", JSON, nullable=False),
        sa.Column("steps", JSON, nullable=False),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        _text("marker", 100, nullable=True),
        _text("backlink"),
        sa.Column("by_hone", sa.Boolean(), nullable=False),
        _text("changed_by", 250),
        sa.Column("created_at", AT, nullable=False),
        sa.Column("changed_at", AT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "id"),
        sa.UniqueConstraint("workspace", "key", name="uq_sample_tickets_key"),
        sa.UniqueConstraint("workspace", "marker", name="uq_sample_tickets_marker"),
    )
    op.create_index(
        "ix_sample_tickets_changed", "sample_tickets", ["workspace", "project", "version"]
    )


def downgrade() -> None:
    op.drop_table("sample_tickets")
    with op.batch_alter_table("tracked", schema=None) as batch_op:
        batch_op.drop_column("links")
    with op.batch_alter_table("tracker_scopes", schema=None) as batch_op:
        batch_op.add_column(sa.Column("sweep", JSON, nullable=False, server_default="{}"))
    with op.batch_alter_table("trackers", schema=None) as batch_op:
        for name in ("attempts", "rests_until", "hooked_at"):
            batch_op.drop_column(name)
