"""The sender's side of posts, in all workspaces: claim what is due, record what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Select,
    Table,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from storage.posts import Lane, PostRow
from storage.prepared import Prepared
from storage.scope import changed_rows
from storage.types import UTCDateTime
from storage.upsert import insert
from storage.workspaces import Workspace

ATTEMPTS_MAX = 10
"""Failures after which a post is given up and listed for an operator."""

WHOLE_WORKSPACE = "*"
"""The lane that closes when the platform throttles a workspace as a whole."""


HOMES = "home:*"
"""The lane that closes when the platform throttles people's own pages, channels `home:<person>`."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A post this replica may send until `lease_ends`; `wanted` as it was when claimed."""

    workspace: str
    id: str
    view: str
    channel: str | None
    person: str | None
    thread: str | None
    parent: str | None
    ref: str | None
    drawn: str
    wanted: int
    attempts: int
    age_s: float
    claimed_at: datetime
    lease_ends: datetime

    @property
    def lane(self) -> str:
        """Where it stands in line: its channel or, until that is known, its person."""
        return self.channel or f"@{self.person}"


async def claim_posts(
    session: AsyncSession, now: datetime, lease: timedelta, limit: int
) -> list[Claimed]:
    """Lease due posts, oldest first, at most one per channel; resting channels are left alone."""
    until = now + lease
    first_of_lane: dict[tuple[str, str], _Due] = {}
    for values in await _DUE.rows(session, {"now": now, "room": limit}):
        row = _Due(*values)
        first_of_lane.setdefault((row.workspace, row.channel or f"@{row.person}"), row)
    new = [lane for lane, row in first_of_lane.items() if row.ref is None]
    held = await _hold(session, new, now, until)
    claimed = [row for lane, row in first_of_lane.items() if row.ref is not None or lane in held]
    if claimed:
        rows = [{"workspace_": row.workspace, "id_": row.id, "until": until} for row in claimed]
        await _LEASE.change(session, rows)
    return [_claimed(row, now, until) for row in claimed]


class _Due(NamedTuple):
    """What the sender needs of a post."""

    workspace: str
    id: str
    view: str
    channel: str | None
    person: str | None
    thread: str | None
    parent: str | None
    ref: str | None
    drawn: str
    wanted: int
    attempts: int
    created_at: datetime


def _due(_: str) -> Select[Any]:
    now = bindparam("now", type_=UTCDateTime)
    posts, lanes = _POSTS.c, Lane.__table__.c  # type: ignore[attr-defined]
    own_lane = func.coalesce(posts.channel, literal("@").concat(posts.person))
    shared_lane = case((own_lane.startswith(HOMES[:-1]), HOMES), else_=WHOLE_WORKSPACE)
    resting = exists().where(
        lanes.workspace == posts.workspace,
        or_(
            lanes.channel == own_lane,
            lanes.channel == shared_lane,
            lanes.channel == WHOLE_WORKSPACE,
        ),
        or_(lanes.closed_until > now, and_(lanes.held_until > now, posts.ref.is_(None))),
    )
    removed = exists().where(
        col(Workspace.id) == posts.workspace, col(Workspace.removed_at).is_not(None)
    )
    return (
        select(*(posts[name] for name in _Due._fields))
        .where(
            posts.due_at <= now,
            or_(posts.leased_until.is_(None), posts.leased_until <= now),
            ~resting,
            ~removed,
        )
        .order_by(posts.due_at, posts.id)
        .limit(bindparam("room"))
        .with_for_update(skip_locked=True)
    )


_POSTS: Table = PostRow.__table__  # type: ignore[attr-defined]
_DUE = Prepared(_due)
_LEASE = Prepared(
    lambda _: (
        update(_POSTS)
        .where(_POSTS.c.workspace == bindparam("workspace_"), _POSTS.c.id == bindparam("id_"))
        .values(leased_until=bindparam("until", type_=UTCDateTime))
    )
)


async def _hold(
    session: AsyncSession, lanes: Sequence[tuple[str, str]], now: datetime, until: datetime
) -> set[tuple[str, str]]:
    """Keep others from posting in these lanes; return those that nobody else holds."""
    if not lanes:
        return set()
    holding = insert(session, Lane).values(
        [
            {"workspace": workspace, "channel": lane, "closed_until": now, "held_until": until}
            for workspace, lane in sorted(lanes)  # in one order, or two replicas block each other
        ]
    )
    held = await session.execute(
        holding.on_conflict_do_update(
            index_elements=["workspace", "channel"],
            set_={"held_until": until},
            where=or_(col(Lane.held_until).is_(None), col(Lane.held_until) <= now),
        ).returning(col(Lane.workspace), col(Lane.channel))
    )
    return {(workspace, lane) for workspace, lane in held}


async def _let_go(session: AsyncSession, post: Claimed, rest_until: datetime) -> None:
    """Let the next message of the lane follow, after a rest; nothing to do after an update."""
    if post.ref is not None:
        return
    await session.execute(
        update(Lane)
        .where(
            col(Lane.workspace) == post.workspace,
            col(Lane.channel) == post.lane,
            col(Lane.held_until) == post.lease_ends,
        )
        .values(
            held_until=None,
            closed_until=case(
                (col(Lane.closed_until) > rest_until, col(Lane.closed_until)), else_=rest_until
            ),
        )
        .execution_options(synchronize_session=False)
    )


def _claimed(row: _Due, now: datetime, until: datetime) -> Claimed:
    age = (now - row.created_at).total_seconds()
    return Claimed(
        row.workspace,
        row.id,
        row.view,
        row.channel,
        row.person,
        row.thread,
        row.parent,
        row.ref,
        row.drawn,
        row.wanted,
        row.attempts,
        age,
        now,
        until,
    )


async def mark_sent(
    session: AsyncSession,
    post: Claimed,
    now: datetime,
    *,
    channel: str,
    ref: str,
    drawn: str,
    rest: timedelta,
    next_update: timedelta,
) -> None:
    """Record what stands on the platform; if the state moved on meanwhile, update again later."""
    moved_on = and_(col(PostRow.wanted) > post.wanted, col(PostRow.state) == "live")
    await session.execute(
        update(PostRow)
        .where(col(PostRow.workspace) == post.workspace, col(PostRow.id) == post.id)
        .values(
            channel=channel,
            ref=ref,
            shown=post.wanted,
            drawn=drawn,
            sent_at=now,
            leased_until=now + next_update,
            attempts=0,
            last_error="",
            due_at=case((moved_on, now), else_=None),
        )
        .execution_options(synchronize_session=False)
    )
    await _let_go(session, post, now + rest)
    if rest and channel != post.lane:
        await close_lane(session, post.workspace, channel, now + rest)


async def postpone(
    session: AsyncSession, post: Claimed, until: datetime, error: str, *, counts: bool
) -> None:
    """Try the post again at `until`; `counts` says whether it comes nearer to being given up."""
    attempts = post.attempts + int(counts)
    dead = attempts >= ATTEMPTS_MAX
    await session.execute(
        update(PostRow)
        .where(*_still_live(post))
        .values(
            due_at=None if dead else until,
            state="dead" if dead else "live",
            leased_until=None,
            attempts=attempts,
            last_error=error,
        )
        .execution_options(synchronize_session=False)
    )
    await _let_go(session, post, post.claimed_at)


async def give_up(
    session: AsyncSession, post: Claimed, error: str, state: Literal["dead", "gone"]
) -> None:
    """Send this post no more: it is `dead` (an operator may retry) or its place is `gone`."""
    await session.execute(
        update(PostRow)
        .where(*_still_live(post))
        .values(state=state, due_at=None, leased_until=None, last_error=error)
        .execution_options(synchronize_session=False)
    )
    await _let_go(session, post, post.claimed_at)


def _still_live(post: Claimed) -> tuple[ColumnElement[bool], ...]:
    """The post, unless its channel or workspace went away while it was being sent."""
    return (
        col(PostRow.workspace) == post.workspace,
        col(PostRow.id) == post.id,
        col(PostRow.state) == "live",
    )


async def close_lane(session: AsyncSession, workspace: str, channel: str, until: datetime) -> None:
    """Leave a channel (or WHOLE_WORKSPACE) alone until then; never shortens a longer rest."""
    closing = insert(session, Lane).values(workspace=workspace, channel=channel, closed_until=until)
    await session.execute(
        closing.on_conflict_do_update(
            index_elements=["workspace", "channel"],
            set_={"closed_until": until},
            where=col(Lane.closed_until) < until,
        )
    )


async def release_leases(session: AsyncSession, posts: Sequence[Claimed]) -> None:
    """Let other replicas have these posts at once: this one is stopping."""
    for post in posts:
        await session.execute(
            update(PostRow)
            .where(col(PostRow.workspace) == post.workspace, col(PostRow.id) == post.id)
            .values(leased_until=None)
            .execution_options(synchronize_session=False)
        )
        await _let_go(session, post, post.claimed_at)


async def dead_posts(session: AsyncSession) -> Sequence[PostRow]:
    """Return every workspace's posts that were given up, oldest first."""
    rows = await session.scalars(
        select(PostRow).where(col(PostRow.state) == "dead").order_by(col(PostRow.created_at))
    )
    return rows.all()


async def retry_dead(session: AsyncSession, now: datetime) -> int:
    """Have every post that was given up sent again; returns how many."""
    retried = await session.execute(
        update(PostRow)
        .where(col(PostRow.state) == "dead")
        .values(state="live", due_at=now, attempts=0)
        .execution_options(synchronize_session=False)
    )
    return changed_rows(retried)
