"""Cards show where items may be written to, no more how far each tracker is read"""

from __future__ import annotations

from alembic import op

revision = "0061"
down_revision = "0054"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _show_too("'homes'", "subject = 'trackers'")
    _show_too("'accounts:' || substr(subject, 12)", "subject LIKE 'records-at:%'")


def downgrade() -> None:
    _show_too("'trackers'", "subject = 'homes'")
    op.execute("DELETE FROM post_subjects WHERE subject = 'homes'")


def _show_too(subject: str, where: str) -> None:
    """Have posts that show one thing show another one, too, until they are drawn again."""
    op.execute(
        "INSERT INTO post_subjects (workspace, post, subject) "
        f"SELECT workspace, post, {subject} FROM post_subjects WHERE {where} "
        "ON CONFLICT DO NOTHING"
    )
