"""Items are found by how their titles begin, however many a team has"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    begins = sa.text("lower(substr(title, 1, 60))")
    op.create_index("ix_items_title", "items", ["workspace", "team_id", begins])


def downgrade() -> None:
    op.drop_index("ix_items_title", "items")
