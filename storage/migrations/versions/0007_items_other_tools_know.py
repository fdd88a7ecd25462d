"""Items that other tools know, files on their way in, and points that are no whole numbers"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
INSTANT = sa.DateTime(timezone=True)
POINTS = sa.Numeric(precision=12, scale=6, asdecimal=False)
SOURCE_RANK = sa.String(length=100).with_variant(sa.String(length=100, collation="C"), "postgresql")

IS_OPEN = "finished_at IS NULL"
IN_ORDER = (sa.text("(wsjf IS NULL)"), sa.text("wsjf DESC"), sa.text("tc DESC"), "size")
BY_SOURCE = (sa.text("(source_rank IS NULL)"), "source_rank")
IMPROVES = f"{IS_OPEN} AND kind = 'improvement'"
UNOWNED = f"{IS_OPEN} AND owner IS NULL AND kind = 'improvement' AND state <> 'captured'"


def upgrade() -> None:
    _drop_partial_indexes()
    with op.batch_alter_table("items", schema=None) as batch_op:
        batch_op.alter_column("points", existing_type=sa.Integer(), type_=POINTS)
        batch_op.add_column(sa.Column("source_rank", SOURCE_RANK, nullable=True))
    with op.batch_alter_table("tallies", schema=None) as batch_op:
        batch_op.alter_column(
            "points", existing_type=sa.Integer(), type_=POINTS, existing_nullable=False
        )
    op.create_table(
        "tracked",
        sa.Column("workspace", sa.String(length=100), nullable=False),
        sa.Column("source", sa.String(length=100), nullable=False),
        sa.Column("remote_id", sa.String(length=250), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("link", sa.String(), nullable=False),
        sa.Column("base", JSON, nullable=False),
        sa.Column("facts", JSON, nullable=False),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("workspace", "source", "remote_id"),
        sa.UniqueConstraint("workspace", "source", "number", name="uq_tracked_number"),
    )
    op.create_index("ix_tracked_number", "tracked", ["workspace", "number"])
    op.create_index("ix_tracked_key", "tracked", ["workspace", "key"])
    op.create_table(
        "source_answers",
        sa.Column("workspace", sa.String(length=100), nullable=False),
        sa.Column("team_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("tool", sa.String(length=20), nullable=False),
        sa.Column("answers", JSON, nullable=False),
        sa.PrimaryKeyConstraint("workspace", "team_id", "tool"),
    )
    op.create_table(
        "intakes",
        sa.Column("workspace", sa.String(length=100), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(length=200), nullable=False),
        sa.Column("step", sa.String(length=10), nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.Column("at", sa.Integer(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("told", JSON, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("workspace", "id"),
    )
    op.create_table(
        "intake_pieces",
        sa.Column("workspace", sa.String(length=100), nullable=False),
        sa.Column("intake_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("rows", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "intake_id", "seq"),
    )
    _move_keys()
    with op.batch_alter_table("items", schema=None) as batch_op:
        batch_op.drop_constraint("uq_items_external_key", type_="unique")
        batch_op.drop_column("external_key")
    _create_partial_indexes((*IN_ORDER, *BY_SOURCE, "number"))


def _move_keys() -> None:
    """Keep each item's key in another tool as what a file named it by; nothing was agreed yet."""
    items = sa.table(
        "items",
        *(sa.column(name) for name in ("workspace", "team_id", "number", "external_key")),
        sa.column("touched_at", INSTANT),
    )
    tracked = sa.table(
        "tracked",
        *(sa.column(n) for n in ("workspace", "source", "remote_id", "team_id", "number", "key")),
        sa.column("link"),
        sa.column("base", JSON),
        sa.column("facts", JSON),
        sa.column("seen_at", INSTANT),
    )
    key, nothing = items.c.external_key, sa.literal({}, JSON)
    named = sa.select(
        *(items.c.workspace, sa.literal("file"), key, items.c.team_id, items.c.number, key),
        *(sa.literal(""), nothing, nothing, items.c.touched_at),
    ).where(key.is_not(None))
    op.execute(tracked.insert().from_select([column.name for column in tracked.c], named))


def _drop_partial_indexes() -> None:
    for name in ("ix_items_rank", "ix_items_unowned", "ix_items_touched", "ix_items_due"):
        op.drop_index(name, table_name="items")


def _create_partial_indexes(in_order: Iterable[Any]) -> None:
    """Create what SQLite loses when it rebuilds a table: indexes of expressions and conditions."""
    ranked = list(in_order)
    for name, columns, where in (
        ("ix_items_rank", ranked, IS_OPEN),
        ("ix_items_unowned", ranked, UNOWNED),
        ("ix_items_touched", ["level", "touched_at", "number"], IS_OPEN),
        ("ix_items_due", ["due", "number"], IMPROVES),
    ):
        op.create_index(
            name,
            "items",
            ["workspace", "team_id", *columns],
            sqlite_where=sa.text(where),
            postgresql_where=sa.text(where),
        )


def downgrade() -> None:
    """Go back; halves of points are cut off, and of an item's keys only one is kept."""
    _drop_partial_indexes()
    with op.batch_alter_table("items", schema=None) as batch_op:
        batch_op.add_column(sa.Column("external_key", sa.String(length=200), nullable=True))
        batch_op.create_unique_constraint("uq_items_external_key", ["workspace", "external_key"])
    op.execute(
        "UPDATE items SET external_key = (SELECT min(key) FROM tracked "
        "WHERE tracked.workspace = items.workspace AND tracked.number = items.number "
        "AND tracked.source = 'file' AND key <> '')"
    )
    with op.batch_alter_table("items", schema=None) as batch_op:
        batch_op.drop_column("source_rank")
        batch_op.alter_column("points", existing_type=POINTS, type_=sa.Integer())
    with op.batch_alter_table("tallies", schema=None) as batch_op:
        batch_op.alter_column(
            "points", existing_type=POINTS, type_=sa.Integer(), existing_nullable=False
        )
    for name in ("intake_pieces", "intakes", "source_answers", "tracked"):
        op.drop_table(name)
    _create_partial_indexes((*IN_ORDER, "number"))
