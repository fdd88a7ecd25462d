"""Trackers that teams follow, who is who there, and what is to be written to them"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

AT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
IS_DUE = sa.text("due_at IS NOT NULL")


def _text(name: str, length: int | None = None, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "trackers",
        _text("workspace", 100),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        _text("kind", 20),
        _text("site", 250),
        _text("account", 250),
        _text("account_name", 250),
        _text("sealed"),
        _text("state", 10),
        _text("why"),
        sa.Column("told", JSON, nullable=False),
        _text("hook", 64),
        _text("hook_secret"),
        _text("connected_by", 200),
        sa.Column("created_at", AT, nullable=False),
        sa.Column("until", AT, nullable=True),
        sa.Column("due_at", AT, nullable=True),
        sa.Column("leased_until", AT, nullable=True),
        sa.CheckConstraint("state IN ('checking', 'open', 'refused')", name="ck_trackers_state"),
        sa.PrimaryKeyConstraint("workspace", "id"),
        sa.UniqueConstraint("workspace", "kind", "site", name="uq_trackers_site"),
        sa.UniqueConstraint("hook", name="uq_trackers_hook"),
    )
    op.create_index(
        "ix_trackers_due", "trackers", ["due_at"], sqlite_where=IS_DUE, postgresql_where=IS_DUE
    )
    op.create_table(
        "tracker_scopes",
        _text("workspace", 100),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("tracker_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        _text("remote_id", 250),
        _text("name", 250),
        _text("step", 10),
        sa.Column("writes", sa.Boolean(), nullable=False),
        sa.Column("told", JSON, nullable=False),
        _text("cursor"),
        sa.Column("sweep", JSON, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        _text("why"),
        sa.Column("created_at", AT, nullable=False),
        sa.Column("read_at", AT, nullable=True),
        sa.Column("swept_at", AT, nullable=True),
        sa.Column("due_at", AT, nullable=True),
        sa.Column("leased_until", AT, nullable=True),
        sa.CheckConstraint(
            "step IN ('looking', 'shown', 'first', 'links', 'following', 'paused')",
            name="ck_tracker_scopes_step",
        ),
        sa.PrimaryKeyConstraint("workspace", "id"),
        sa.UniqueConstraint(
            "workspace", "tracker_id", "remote_id", name="uq_tracker_scopes_remote"
        ),
    )
    op.create_index("ix_tracker_scopes_team", "tracker_scopes", ["workspace", "team_id"])
    op.create_index(
        "ix_tracker_scopes_due",
        "tracker_scopes",
        ["due_at"],
        sqlite_where=IS_DUE,
        postgresql_where=IS_DUE,
    )
    op.create_table(
        "tracker_hints",
        _text("workspace", 100),
        sa.Column("tracker_id", sa.Integer(), autoincrement=False, nullable=False),
        _text("remote_id", 250),
        sa.Column("at", AT, nullable=False),
        sa.PrimaryKeyConstraint("workspace", "tracker_id", "remote_id"),
    )
    op.create_table(
        "tracker_people",
        _text("workspace", 100),
        sa.Column("tracker_id", sa.Integer(), autoincrement=False, nullable=False),
        _text("account", 250),
        _text("name", 250),
        _text("person", 200, nullable=True),
        _text("how", 10),
        sa.CheckConstraint("how IN ('name', 'mail', 'told')", name="ck_tracker_people_how"),
        sa.PrimaryKeyConstraint("workspace", "tracker_id", "account"),
    )
    op.create_index("ix_tracker_people_person", "tracker_people", ["workspace", "person"])
    with op.batch_alter_table("tracked", schema=None) as batch_op:
        batch_op.add_column(sa.Column("scope_id", sa.Integer(), nullable=True))
        for name, length in (("version", 100), ("state", 250), ("state_wanted", 250)):
            batch_op.add_column(
                sa.Column(name, sa.String(length), nullable=False, server_default="")
            )
        batch_op.add_column(
            sa.Column("wanted_by", sa.String(200), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("moves", JSON, nullable=False, server_default="[]"))
        for name in ("sent", "refused"):
            batch_op.add_column(sa.Column(name, JSON, nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("restricted_at", AT, nullable=True))
        batch_op.add_column(sa.Column("gone_at", AT, nullable=True))
        batch_op.create_index("ix_tracked_scope", ["workspace", "scope_id"])
    with op.batch_alter_table("posts", schema=None) as batch_op:
        batch_op.drop_constraint("ck_posts_call", type_="check")
        batch_op.create_check_constraint(
            "ck_posts_call", "call IN ('post', 'update', 'home', 'chat', 'record')"
        )


def downgrade() -> None:
    op.execute(sa.text("DELETE FROM posts WHERE call = 'record'"))
    with op.batch_alter_table("posts", schema=None) as batch_op:
        batch_op.drop_constraint("ck_posts_call", type_="check")
        batch_op.create_check_constraint(
            "ck_posts_call", "call IN ('post', 'update', 'home', 'chat')"
        )
    with op.batch_alter_table("tracked", schema=None) as batch_op:
        batch_op.drop_index("ix_tracked_scope")
        for name in (
            *("gone_at", "restricted_at", "refused", "sent", "moves", "wanted_by", "state_wanted"),
            *("state", "version", "scope_id"),
        ):
            batch_op.drop_column(name)
    for table in ("tracker_people", "tracker_hints", "tracker_scopes", "trackers"):
        op.drop_table(table)
