"""Cards that stay as they are lose words that must go, also where they were drawn before they knew

Until then such a card noted nothing of the items that it shows. What of them a packet shows nobody
can tell any more: it is drawn anew with whatever is hidden from now on, and now where something is
hidden already. A question of coach names its talk. Digests have lost their words before.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0061"
branch_labels = None
depends_on = None

_NOTED_NOTHING = "-"
_ANY_WORDS = "words:*"

_POSTS = sa.table(
    "posts",
    *map(sa.column, ("workspace", "id", "view", "ref", "state", "shows", "wanted")),
    sa.column("due_at", sa.DateTime(timezone=True)),
    sa.column("can_wait", sa.Boolean),
)
_SUBJECTS = sa.table("post_subjects", *map(sa.column, ("workspace", "post", "subject")))
_TRACKED = sa.table("tracked", *map(sa.column, ("workspace", "number", "restricted_at")))
_ITEMS = sa.table("items", *map(sa.column, ("workspace", "number", "title")))
_TALKS = sa.table("conversations", *map(sa.column, ("workspace", "id", "item")))


def upgrade() -> None:
    connection = op.get_bind()
    hidden = _hidden(connection)
    talks = {
        (row.workspace, row.id)
        for row in connection.execute(sa.select(_TALKS.c.workspace, _TALKS.c.id, _TALKS.c.item))
        if (row.workspace, row.item) in hidden
    }
    workspaces = {workspace for workspace, _ in hidden}
    old = connection.execute(
        sa.select(_POSTS.c.workspace, _POSTS.c.id, _POSTS.c.view).where(
            _POSTS.c.shows == _NOTED_NOTHING, _POSTS.c.state == "live"
        )
    )
    for workspace, post, view in old.fetchall():
        match _named(view):
            case ["themes.packet", *_]:
                _show(connection, workspace, post, _ANY_WORDS, due=workspace in workspaces)
            case ["coach.question", int(talk), *_]:
                subject = f"words:conversation:{talk}"
                _show(connection, workspace, post, subject, due=(workspace, talk) in talks)


def _hidden(connection: sa.Connection) -> set[tuple[str, int]]:
    """Return the items that show no word of theirs: restricted, or left behind by a tracker."""
    restricted = sa.select(_TRACKED.c.workspace, _TRACKED.c.number).where(
        _TRACKED.c.restricted_at.is_not(None)
    )
    left_behind = sa.select(_ITEMS.c.workspace, _ITEMS.c.number).where(
        _ITEMS.c.title.like("%: deleted with %")
    )
    rows = (*connection.execute(restricted), *connection.execute(left_behind))
    return {(row.workspace, row.number) for row in rows}


def _named(view: str) -> object:
    try:
        return json.loads(view)
    except ValueError:
        return None


def _show(connection: sa.Connection, workspace: str, post: str, subject: str, *, due: bool) -> None:
    row = {"workspace": workspace, "post": post, "subject": subject}
    has_it = sa.select(_SUBJECTS.c.post).where(
        _SUBJECTS.c.workspace == workspace,
        _SUBJECTS.c.post == post,
        _SUBJECTS.c.subject == subject,
    )
    if connection.execute(has_it).first() is None:
        connection.execute(sa.insert(_SUBJECTS).values(row))
    if not due:
        return
    now = datetime.now(UTC)
    if connection.dialect.name == "sqlite":
        now = now.replace(tzinfo=None)  # kept as naive UTC
    connection.execute(
        sa.update(_POSTS)
        .where(_POSTS.c.workspace == workspace, _POSTS.c.id == post)
        .where(_POSTS.c.ref.is_not(None), _POSTS.c.due_at.is_(None))
        .values(wanted=_POSTS.c.wanted + 1, due_at=now, can_wait=True)
    )


def downgrade() -> None:
    any_words = _SUBJECTS.c.subject == _ANY_WORDS
    op.execute(sa.delete(_SUBJECTS).where(any_words))
