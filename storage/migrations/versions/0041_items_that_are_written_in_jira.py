"""Items of Jira Align that are at home in Jira are found by their key there"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0041"
down_revision = "0036"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")
TRACKED = sa.table(
    "tracked",
    *(sa.column(name, sa.String()) for name in ("workspace", "source", "remote_id", "twin")),
    sa.column("facts", JSON),
)


def upgrade() -> None:
    op.add_column(
        "tracked", sa.Column("twin", sa.String(length=200), nullable=False, server_default="")
    )
    op.create_index("ix_tracked_twin", "tracked", ["workspace", "twin"])
    here = op.get_bind()
    name = (TRACKED.c.workspace, TRACKED.c.source, TRACKED.c.remote_id)
    rows = here.execute(
        sa.select(*name, TRACKED.c.facts).where(TRACKED.c.source.startswith("align:"))
    )
    for *values, facts in rows.all():
        if key := (facts or {}).get("Jira", ""):
            same = sa.and_(*(column == value for column, value in zip(name, values, strict=True)))
            here.execute(sa.update(TRACKED).where(same).values(twin=key[:200]))


def downgrade() -> None:
    op.drop_index("ix_tracked_twin", "tracked")
    op.drop_column("tracked", "twin")
