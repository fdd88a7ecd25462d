"""Problem-solving workshops, their causes and dots"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

JSON = sa.JSON().with_variant(JSONB(), "postgresql")

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def _workspace() -> sa.Column[str]:
    return sa.Column("workspace", sa.String(length=100), nullable=False)


def _number(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=nullable, autoincrement=False)


def upgrade() -> None:
    op.create_table(
        "workshops",
        _workspace(),
        _number("id"),
        _number("train_id"),
        _number("team_id"),
        sa.Column("problem", sa.String(), nullable=False),
        sa.Column("leader", sa.String(length=200), nullable=False),
        sa.Column("stage", sa.String(length=20), nullable=False),
        _number("root", nullable=True),
        _number("item", nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "id", name=op.f("pk_workshops")),
    )
    op.create_table(
        "workshop_causes",
        _workspace(),
        _number("workshop_id"),
        _number("no"),
        sa.Column("whys", JSON, nullable=False),
        sa.Column("dots", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "workshop_id", "no", name=op.f("pk_workshop_causes")),
    )
    op.create_table(
        "workshop_dots",
        _workspace(),
        _number("workshop_id"),
        sa.Column("person", sa.String(length=200), nullable=False),
        _number("no"),
        sa.PrimaryKeyConstraint(
            "workspace", "workshop_id", "person", "no", name=op.f("pk_workshop_dots")
        ),
    )


def downgrade() -> None:
    for table in ("workshop_dots", "workshop_causes", "workshops"):
        op.drop_table(table)
