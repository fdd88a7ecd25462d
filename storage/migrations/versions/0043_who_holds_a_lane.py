"""A lane says which post holds it, so that a hold may be kept for longer, moment by moment"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("lanes", sa.Column("held_by", sa.String(length=32), nullable=True))


def downgrade() -> None:
    op.drop_column("lanes", "held_by")
