"""What became of a post that was sent, or not: recorded for all replicas."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import (
    ColumnElement,
    Integer,
    Update,
    and_,
    bindparam,
    case,
    delete,
    not_,
    select,
    update,
)
from sqlmodel import col

from storage import lanes
from storage.claiming import Claimed
from storage.posts import PostRow, first_call
from storage.prepared import Prepared
from storage.repository import changed_rows
from storage.store import Store
from storage.subjects import ANYTHING, PostSubject, Shown
from storage.tables import table_of
from storage.types import UTCDateTime
from storage.upsert import insert_new

SAME_AGAIN = frozenset({"home", "record"})
"""Calls that are counted alike whether something new is shown or what stands there is changed."""

ATTEMPTS_MAX = 10
"""Failures after which a post is given up and listed for an operator."""


async def chat_opened(store: Store, post: Claimed, channel: str) -> None:
    """Have everything that waits for the person go to their chat with Hone; it is due at once."""
    await store.session.execute(
        update(PostRow)
        .where(
            col(PostRow.workspace) == post.workspace,
            col(PostRow.person) == post.person,
            col(PostRow.channel).is_(None),
        )
        .values(channel=channel, call=first_call(channel), leased_until=None, unheard=0)
        .execution_options(synchronize_session=False)
    )
    await _let_go(store, post, store.now)


async def mark_sent(
    store: Store,
    post: Claimed,
    *,
    ref: str,
    drawn: str,
    shown: Shown,
    rest: timedelta,
    next_update: timedelta,
) -> None:
    """Record what stands on the platform; if the state moved on meanwhile, update again later.

    What a later card shows but was not noted beforehand may have changed since it was read, while
    nobody knew of this post: it stays due, and is drawn once more.
    """
    due_again = shown.until
    grew = shown.fingerprint != post.shows and await _change_subjects(store, post, shown)
    if grew and post.shows:
        once_more = store.now + next_update
        due_again = min(due_again or once_more, once_more)
    sent = {
        "workspace_": post.workspace,
        "id_": post.id,
        "ref": ref,
        "call": post.call if post.call in SAME_AGAIN else "update",
        "shown": post.wanted,
        "drawn": drawn,
        "shows": shown.fingerprint,
        "due_again": due_again,
        "now": store.now,
        "leased_until": store.now + next_update,
    }
    await _SENT.change(store.session, sent)
    await _let_go(store, post, store.now + rest)


async def note_subjects(store: Store, post: Claimed, shown: Shown) -> Claimed:
    """Write down what a post is about to show anew, so that whatever changes from now finds it.

    Drawn after this, the card has every earlier change, and the post is due again for each later.
    """
    await _change_subjects(store, post, shown)
    shows = {"workspace_": post.workspace, "id_": post.id, "shows": shown.fingerprint}
    await _SHOWS.change(store.session, shows)
    return post._replace(shows=shown.fingerprint)


async def _change_subjects(store: Store, post: Claimed, shown: Shown) -> bool:
    """Keep what a post shows in place of what it showed; return whether anything is new."""
    subjects = shown.kept
    which = {"workspace_": post.workspace, "post_": post.id}
    kept = {ANYTHING}  # since its claim
    if post.shows:
        kept = {subject for (subject,) in await _KEPT.rows(store.session, which)}
    if gone := kept - subjects:
        rows = [which | {"subject_": subject} for subject in sorted(gone)]
        await _FORGET.change(store.session, rows)
    if new := subjects - kept:
        key = {"workspace": post.workspace, "post": post.id}
        await _KEEP.change(store.session, [key | {"subject": each} for each in sorted(new)])
    return bool(new)


async def postpone(
    store: Store, post: Claimed, until: datetime, error: str, *, counts: bool
) -> None:
    """Try the post again at `until`; `counts` says whether it comes nearer to being given up.

    A record is not given up: a tracker may be down for days, and what was decided waits for it.
    """
    attempts = post.attempts + int(counts)
    dead = attempts >= ATTEMPTS_MAX and post.call != "record"
    await store.session.execute(
        update(PostRow)
        .where(*_still_live(post))
        .values(
            due_at=None if dead else until,
            state="dead" if dead else "live",
            leased_until=None,
            attempts=attempts,
            unheard=0,
            last_error=error,
        )
        .execution_options(synchronize_session=False)
    )
    await _let_go(store, post, post.claimed_at)


async def leave_alone(store: Store, post: Claimed, lane: str, until: datetime) -> None:
    """Leave a lane of the post's workspace alone until then, as its platform asked; try again."""
    await lanes.close_lanes(store.session, {(post.workspace, lane): until})
    await postpone(store, post, until, "throttled", counts=False)


async def give_up(store: Store, post: Claimed, error: str, state: Literal["dead", "gone"]) -> None:
    """Send this post no more: it is `dead` (an operator may retry) or its place is `gone`."""
    await store.session.execute(
        update(PostRow)
        .where(*_still_live(post))
        .values(state=state, due_at=None, leased_until=None, unheard=0, last_error=error)
        .execution_options(synchronize_session=False)
    )
    await _let_go(store, post, post.claimed_at)


def _still_live(post: Claimed) -> tuple[ColumnElement[bool], ...]:
    """The post, unless its channel or workspace went away while it was being sent."""
    return (
        col(PostRow.workspace) == post.workspace,
        col(PostRow.id) == post.id,
        col(PostRow.state) == "live",
    )


async def _let_go(store: Store, post: Claimed, rest_until: datetime) -> None:
    """Let the next message of the lane follow, after a rest; nothing to do after an update."""
    if post.ref is None:
        lane = post.workspace, post.lane
        await lanes.let_go(store.session, lane, post.id, rest_until)


async def keep_lanes(store: Store, posts: Sequence[Claimed]) -> None:
    """Hold the lanes of posts for longer, those that are still theirs."""
    held = {(post.workspace, post.lane): post.id for post in posts}
    await lanes.keep_hold(store.session, held, store.now)


async def release_leases(store: Store, posts: Sequence[Claimed]) -> None:
    """Let other replicas have these posts at once, unless the lease is over and they have them."""
    for post in posts:
        await store.session.execute(
            update(PostRow)
            .where(
                col(PostRow.workspace) == post.workspace,
                col(PostRow.id) == post.id,
                col(PostRow.leased_until) == post.lease_ends,
            )
            .values(leased_until=None, unheard=0)
            .execution_options(synchronize_session=False)
        )
        await _let_go(store, post, post.claimed_at)


async def dead_posts(store: Store) -> Sequence[PostRow]:
    """Return every workspace's posts that were given up, oldest first."""
    rows = await store.session.scalars(
        select(PostRow).where(col(PostRow.state) == "dead").order_by(col(PostRow.created_at))
    )
    return rows.all()


async def retry_dead(store: Store) -> int:
    """Have every post that was given up sent again; returns how many."""
    retried = await store.session.execute(
        update(PostRow)
        .where(col(PostRow.state) == "dead")
        .values(state="live", due_at=store.now, attempts=0, unheard=0)
        .execution_options(synchronize_session=False)
    )
    return changed_rows(retried)


def _sent(_: str) -> Update:
    posts = table_of(PostRow).c
    shown, now = bindparam("shown", type_=Integer), bindparam("now", type_=UTCDateTime)
    again = bindparam("due_again", type_=UTCDateTime)
    moved_on = and_(posts.wanted > shown, posts.state == "live")
    return (
        update(posts.id.table)
        .where(posts.workspace == bindparam("workspace_"), posts.id == bindparam("id_"))
        .values(
            ref=bindparam("ref"),
            call=bindparam("call"),
            shown=shown,
            drawn=bindparam("drawn"),
            shows=bindparam("shows"),
            leased_until=bindparam("leased_until"),
            attempts=0,
            unheard=0,
            last_error="",
            due_at=case((moved_on, now), else_=again),
            can_wait=and_(not_(moved_on), again.is_not(None)),
        )
    )


_SUBJECTS = table_of(PostSubject).c
_OF_POST = (
    _SUBJECTS.workspace == bindparam("workspace_"),
    _SUBJECTS.post == bindparam("post_"),
)
_SHOWS = Prepared(
    lambda _: (
        update(table_of(PostRow))
        .where(
            col(PostRow.workspace) == bindparam("workspace_"), col(PostRow.id) == bindparam("id_")
        )
        .values(shows=bindparam("shows"))
    )
)
_KEPT = Prepared(lambda _: select(_SUBJECTS.subject).where(*_OF_POST))
_KEEP = Prepared(lambda dialect: insert_new(dialect, PostSubject))
_FORGET = Prepared(
    lambda _: delete(_SUBJECTS.post.table).where(
        *_OF_POST, _SUBJECTS.subject == bindparam("subject_")
    )
)
_SENT = Prepared(_sent)  # what every message and every update ends with
