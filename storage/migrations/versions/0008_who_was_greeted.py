"""Hello is said once in each channel and to each person, not once in a workspace"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("channels", "people"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("greeted_at", sa.DateTime(timezone=True), nullable=True))
    # Who knows Hone already is not greeted after an upgrade.
    op.execute(sa.text("UPDATE channels SET greeted_at = CURRENT_TIMESTAMP"))
    op.execute(
        sa.text("UPDATE people SET greeted_at = CURRENT_TIMESTAMP WHERE direct_channel IS NOT NULL")
    )
    with op.batch_alter_table("workspaces", schema=None) as batch_op:
        batch_op.drop_column("welcomed_at")


def downgrade() -> None:
    with op.batch_alter_table("workspaces", schema=None) as batch_op:
        batch_op.add_column(sa.Column("welcomed_at", sa.DateTime(timezone=True), nullable=True))
    for table in ("people", "channels"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column("greeted_at")
