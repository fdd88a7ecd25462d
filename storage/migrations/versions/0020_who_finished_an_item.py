"""Who finished an item is known: they are asked what came of it where nobody owns it"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("items", sa.Column("finished_by", sa.String(length=200), nullable=True))


def downgrade() -> None:
    # A batch would build the table anew on SQLite, and lose the indexes on expressions.
    op.execute(sa.text("ALTER TABLE items DROP COLUMN finished_by"))
