"""Items are found by the name another tool gives them, however many a workspace follows"""

from __future__ import annotations

from alembic import op

revision = "0032"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_tracked_remote", "tracked", ["workspace", "remote_id"])


def downgrade() -> None:
    op.drop_index("ix_tracked_remote", "tracked")
