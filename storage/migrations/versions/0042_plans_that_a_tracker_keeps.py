"""A tracker's planning intervals and objectives can be those of a team"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0042"
down_revision = "0043"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.add_column(
        "tracker_scopes",
        sa.Column("plan", sa.String(length=100), nullable=False, server_default=""),
    )
    op.create_table(
        "followed_pis",
        sa.Column("workspace", sa.String(length=100), nullable=False),
        sa.Column("scope_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("remote_id", sa.String(length=100), nullable=False),
        sa.Column("pi_id", sa.Integer(), nullable=False),
        sa.Column("base", JSON, nullable=False),
        sa.Column("came", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "scope_id", "remote_id", name=op.f("pk_followed_pis")),
    )
    op.create_index("ix_followed_pis_pi", "followed_pis", ["workspace", "pi_id"])
    op.create_table(
        "followed_objectives",
        sa.Column("workspace", sa.String(length=100), nullable=False),
        sa.Column("scope_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("remote_id", sa.String(length=100), nullable=False),
        sa.Column("objective_id", sa.Integer(), nullable=False),
        sa.Column("base", JSON, nullable=False),
        sa.Column("came", sa.Boolean(), nullable=False),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint(
            "workspace", "scope_id", "remote_id", name=op.f("pk_followed_objectives")
        ),
    )
    op.create_index(
        "ix_followed_objectives_objective", "followed_objectives", ["workspace", "objective_id"]
    )


def downgrade() -> None:
    op.drop_table("followed_objectives")
    op.drop_table("followed_pis")
    op.drop_column("tracker_scopes", "plan")
