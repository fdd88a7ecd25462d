"""No column for nobody: these were written and never read"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0020"
branch_labels = None
depends_on = None

UNREAD = (
    ("item_links", "opened_by", sa.String(length=200)),
    ("posts", "sent_at", sa.DateTime(timezone=True)),
    ("shared_themes", "confirmed_by", sa.String(length=200)),
    ("visions", "changed_by", sa.String(length=200)),
    ("visions", "changed_at", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    # Both databases drop a column in place; a copy of the posts would take a while.
    for table, column, _ in UNREAD:
        op.drop_column(table, column)


def downgrade() -> None:
    for table, column, kind in UNREAD:
        op.add_column(table, sa.Column(column, kind, nullable=True))
