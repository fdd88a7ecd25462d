"""Which account of a tracker owns an item there, so that it is found once the person is known"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("tracked", schema=None) as batch_op:
        batch_op.add_column(sa.Column("account", sa.String(250), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("tracked", schema=None) as batch_op:
        batch_op.drop_column("account")
