"""What posts show stands beside them, so that a change finds the cards it makes untrue"""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

REDRAWING = ("capture.settle", "page.news", "wsjf.settle")
"""Timers that only had a card drawn again: posts know by themselves until when they hold."""


def upgrade() -> None:
    op.create_table(
        "post_subjects",
        sa.Column("workspace", sa.String(length=100), nullable=False),
        sa.Column("post", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=400), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "post", "subject"),
    )
    with op.batch_alter_table("post_subjects", schema=None) as batch_op:
        batch_op.create_index("ix_post_subjects_subject", ["workspace", "subject"], unique=False)
    with op.batch_alter_table("posts", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("shows", sa.String(length=32), nullable=False, server_default="")
        )
    with op.batch_alter_table("posts", schema=None) as batch_op:
        batch_op.alter_column("shows", server_default=None)
    _draw_everything_once()
    timers = sa.table("timers", sa.column("kind", sa.String))
    op.execute(timers.delete().where(timers.c.kind.in_(REDRAWING)))


def _draw_everything_once() -> None:
    """Have every post that stands somewhere drawn again, behind all else: so it learns what it shows.

    What would look the same is not sent.
    """
    posts = sa.table(
        "posts",
        sa.column("state", sa.String),
        sa.column("ref", sa.String),
        sa.column("due_at", sa.DateTime(timezone=True)),
        sa.column("can_wait", sa.Boolean),
    )
    now = datetime.now(UTC)
    if op.get_bind().dialect.name == "sqlite":
        now = now.replace(tzinfo=None)  # kept as naive UTC
    op.execute(
        posts.update()
        .where(posts.c.state == "live", posts.c.ref.is_not(None), posts.c.due_at.is_(None))
        .values(due_at=now, can_wait=True)
    )


def downgrade() -> None:
    with op.batch_alter_table("posts", schema=None) as batch_op:
        batch_op.drop_column("shows")
    op.drop_table("post_subjects")
