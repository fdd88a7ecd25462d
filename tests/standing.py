"""Posts that stand on a platform, and those that will be drawn again by themselves."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlmodel import col

from storage import Store
from storage.posts import PostRow
from storage.subjects import FROZEN, PostSubject
from storage.timers import REDRAW, Timer, read_redraw_key


async def posts_that_stand(store: Store) -> Sequence[PostRow]:
    """Return the workspace's live posts with nothing left to send, but those frozen on purpose."""
    rows = await store.session.scalars(
        select(PostRow).where(
            col(PostRow.workspace) == store.workspace,
            col(PostRow.state) == "live",
            col(PostRow.ref).is_not(None),
            or_(col(PostRow.due_at).is_(None), col(PostRow.due_at) > store.now),
            col(PostRow.wanted) <= col(PostRow.shown),  # else a lost answer is tried again later
            col(PostRow.last_error) == "",  # the same, for what time alone has made due
            ~col(PostRow.shows).startswith(FROZEN),
        )
    )
    return rows.all()


async def waits_for_its_turn(store: Store, post: PostRow) -> bool:
    """Whether a timer will have the post drawn again: it shows a set that many posts show."""
    timers = await store.session.scalars(
        select(col(Timer.key)).where(
            col(Timer.workspace) == store.workspace, col(Timer.kind) == REDRAW
        )
    )
    shown = await store.session.scalars(
        select(col(PostSubject.subject)).where(
            col(PostSubject.workspace) == store.workspace, col(PostSubject.post) == post.id
        )
    )
    return not {read_redraw_key(key)[0] for key in timers}.isdisjoint(shown)
