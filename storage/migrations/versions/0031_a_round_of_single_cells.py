"""A round of single cells: what a later round leaves out of a column"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    for table in ("polls", "poll_rounds"):
        op.add_column(table, sa.Column("left_out", JSON, nullable=False, server_default="{}"))


def downgrade() -> None:
    for table in ("polls", "poll_rounds"):
        op.drop_column(table, "left_out")
