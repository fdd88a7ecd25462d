"""Sign-ins on trackers' own pages"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0036"
down_revision = "0032"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def _time(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "tracker_sign_ins",
        sa.Column("workspace", sa.String(length=100), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("site", sa.String(length=250), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("ticket", sa.String(length=64), nullable=False),
        sa.Column("link", sa.String(), nullable=False),
        sa.Column("begun", sa.String(length=64), nullable=True),
        sa.Column("verifier", sa.String(), nullable=False),
        _time("asked_at", nullable=False),
        sa.Column("found", JSON, nullable=False),
        sa.Column("tracker_id", sa.Integer(), nullable=True),
        sa.Column("access", sa.String(), nullable=False),
        sa.Column("refresh", sa.String(), nullable=False),
        _time("until"),
        _time("ends_at"),
        _time("leased_until"),
        sa.PrimaryKeyConstraint("workspace", "id", name=op.f("pk_tracker_sign_ins")),
        sa.UniqueConstraint("ticket", name="uq_tracker_sign_ins_ticket"),
        sa.UniqueConstraint("begun", name="uq_tracker_sign_ins_begun"),
        sa.CheckConstraint(
            "state IN ('asked', 'granted', 'failed', 'leaving')",
            name="ck_tracker_sign_ins_state",
        ),
    )


def downgrade() -> None:
    op.drop_table("tracker_sign_ins")
