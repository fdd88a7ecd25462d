"""Hone's messages, and what each should show: the outbox and the memory of live cards in one table.

A post shows a view. `wanted` counts how often its state changed, `shown` which count stands on
the platform. While they differ, `due_at` says when to send. A vote only raises `wanted`; the row
lock makes the sender wait for votes not committed yet, so the last update shows the last state.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import CheckConstraint, Index, and_, case, exists, func, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from storage.ids import new_id
from storage.scope import Scope, changed_rows
from storage.types import UTCDateTime, one_of
from storage.upsert import insert

ATTEMPTS_MAX = 10
"""Failures after which a post is given up and listed for an operator."""

WHOLE_WORKSPACE = "*"
"""The lane that closes when the platform throttles a workspace as a whole."""

PostState = Literal["live", "dead", "gone"]


class PostRow(SQLModel, table=True):
    """`ref` and `thread` are the platform's message ids; `parent` is the post it answers under.

    Nobody sends it before `leased_until`: another replica is at it, or it was just updated.

    States: `live`, `dead` (given up, an operator may retry), `gone` (its channel or workspace is).
    """

    __tablename__ = "posts"
    __table_args__ = (
        Index("ix_posts_due", "due_at", postgresql_where=text("due_at IS NOT NULL")),
        Index("ix_posts_view", "workspace", "view"),
        Index("ix_posts_channel", "workspace", "channel", "created_at"),
        CheckConstraint(one_of("state", ("live", "dead", "gone")), name="ck_posts_state"),
    )

    workspace: str = Field(primary_key=True, max_length=100)
    id: str = Field(primary_key=True, max_length=32)
    view: str = Field(max_length=2_000)
    channel: str | None = Field(default=None, max_length=300)
    person: str | None = Field(default=None, max_length=200)
    thread: str | None = Field(default=None, max_length=300)
    parent: str | None = Field(default=None, max_length=32)
    ref: str | None = Field(default=None, max_length=300)
    state: str = "live"
    wanted: int = 1
    shown: int = 0
    due_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    leased_until: datetime | None = Field(default=None, sa_type=UTCDateTime)
    attempts: int = 0
    last_error: str = ""
    created_at: datetime = Field(sa_type=UTCDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class Lane(SQLModel, table=True):
    """A channel that must rest until `closed_until`: paced by us, or told to by its platform."""

    __tablename__ = "lanes"

    workspace: str = Field(primary_key=True, max_length=100)
    channel: str = Field(primary_key=True, max_length=300)
    closed_until: datetime = Field(sa_type=UTCDateTime)


class Posts(Scope):
    """One workspace's posts, as turns see them."""

    async def add(
        self,
        view: str,
        *,
        channel: str | None = None,
        person: str | None = None,
        thread: str | None = None,
        under: str | None = None,
    ) -> PostRow:
        """Want a new message: in a channel, or to a person. `under` is the view it answers."""
        parent = await self._latest(under, channel) if under else None
        row = PostRow(
            workspace=self._workspace,
            id=new_id(self._now),
            view=view,
            channel=channel,
            person=person,
            thread=thread,
            parent=parent,
            due_at=self._now,
            created_at=self._now,
        )
        self._session.add(row)
        await self._session.flush()
        self._session.info["posted"] = self._session.info["touched"] = True
        return row

    async def refresh(self, view: str) -> None:
        """Have every post that shows the view drawn again."""
        await self._want(col(PostRow.view) == view)

    async def refresh_message(self, channel: str, ref: str) -> None:
        """Have the post behind a platform's message drawn again."""
        await self._want(and_(col(PostRow.channel) == channel, col(PostRow.ref) == ref))

    async def _want(self, which: object) -> None:
        wanted = (
            update(PostRow)
            .where(
                col(PostRow.workspace) == self._workspace,
                which,  # type: ignore[arg-type]
                col(PostRow.state) == "live",
            )
            .values(
                wanted=col(PostRow.wanted) + 1,
                due_at=func.coalesce(col(PostRow.due_at), self._now),
            )
            .execution_options(synchronize_session=False)
        )
        await self._session.execute(wanted)
        self._session.info["touched"] = True

    async def _latest(self, view: str, channel: str | None) -> str | None:
        return await self._session.scalar(
            select(col(PostRow.id))
            .where(
                col(PostRow.workspace) == self._workspace,
                col(PostRow.view) == view,
                col(PostRow.channel) == channel,
            )
            .order_by(col(PostRow.created_at).desc(), col(PostRow.id).desc())
            .limit(1)
        )

    async def find(self, id: str) -> PostRow | None:
        return await self._session.get(PostRow, (self._workspace, id))

    async def shown_in(self, channel: str, limit: int = 200) -> Sequence[PostRow]:
        """Return the posts that stand in a channel, oldest first."""
        rows = await self._session.scalars(
            select(PostRow)
            .where(
                col(PostRow.workspace) == self._workspace,
                col(PostRow.channel) == channel,
                col(PostRow.ref).is_not(None),
            )
            .order_by(col(PostRow.created_at).desc(), col(PostRow.id).desc())
            .limit(limit)
        )
        return tuple(reversed(rows.all()))

    async def abandon(self, channel: str | None = None) -> None:
        """Nothing more can be sent to this channel, or to the whole workspace."""
        where = [col(PostRow.workspace) == self._workspace]
        if channel is not None:
            where.append(col(PostRow.channel) == channel)
        await self._session.execute(
            update(PostRow)
            .where(*where, col(PostRow.state) == "live")
            .values(state="gone", due_at=None, leased_until=None)
            .execution_options(synchronize_session=False)
        )


# --- the sender's side: posts of all workspaces ---------------------------------------------


@dataclass(frozen=True, slots=True)
class Claimed:
    """A post this replica may send until its lease ends; `wanted` as it was when claimed."""

    workspace: str
    id: str
    view: str
    channel: str | None
    person: str | None
    thread: str | None
    parent: str | None
    ref: str | None
    wanted: int
    attempts: int
    age_s: float


async def claim_posts(
    session: AsyncSession, now: datetime, lease: timedelta, limit: int
) -> list[Claimed]:
    """Lease due posts, oldest first, at most one per channel; resting channels are left alone."""
    resting = exists().where(
        col(Lane.workspace) == col(PostRow.workspace),
        or_(col(Lane.channel) == col(PostRow.channel), col(Lane.channel) == WHOLE_WORKSPACE),
        col(Lane.closed_until) > now,
    )
    due = (
        select(PostRow)
        .where(
            col(PostRow.due_at) <= now,
            or_(col(PostRow.leased_until).is_(None), col(PostRow.leased_until) <= now),
            ~resting,
        )
        .order_by(col(PostRow.due_at), col(PostRow.id))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    first_of_lane: dict[tuple[str, str], PostRow] = {}
    for row in (await session.scalars(due)).all():
        first_of_lane.setdefault((row.workspace, row.channel or f"@{row.person}"), row)
    for row in first_of_lane.values():
        row.leased_until = now + lease
    await session.flush()
    return [_claimed(row, now) for row in first_of_lane.values()]


def _claimed(row: PostRow, now: datetime) -> Claimed:
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
        row.wanted,
        row.attempts,
        age,
    )


async def mark_sent(
    session: AsyncSession,
    post: Claimed,
    now: datetime,
    *,
    channel: str,
    ref: str,
    rest: timedelta,
    next_update: timedelta,
) -> None:
    """Record what stands on the platform; if the state moved on meanwhile, update again later."""
    moved_on = col(PostRow.wanted) > post.wanted
    await session.execute(
        update(PostRow)
        .where(col(PostRow.workspace) == post.workspace, col(PostRow.id) == post.id)
        .values(
            channel=channel,
            ref=ref,
            shown=post.wanted,
            sent_at=now,
            leased_until=now + next_update,
            attempts=0,
            last_error="",
            due_at=case((moved_on, now), else_=None),
        )
        .execution_options(synchronize_session=False)
    )
    if rest:
        await close_lane(session, post.workspace, channel, now + rest)


async def postpone(
    session: AsyncSession, post: Claimed, until: datetime, error: str, *, counts: bool
) -> None:
    """Try the post again at `until`; `counts` says whether it comes nearer to being given up."""
    attempts = post.attempts + int(counts)
    dead = attempts >= ATTEMPTS_MAX
    await session.execute(
        update(PostRow)
        .where(col(PostRow.workspace) == post.workspace, col(PostRow.id) == post.id)
        .values(
            due_at=None if dead else until,
            state="dead" if dead else "live",
            leased_until=None,
            attempts=attempts,
            last_error=error,
        )
        .execution_options(synchronize_session=False)
    )


async def give_up(
    session: AsyncSession, post: Claimed, error: str, state: Literal["dead", "gone"]
) -> None:
    """Send this post no more: it is `dead` (an operator may retry) or its place is `gone`."""
    await session.execute(
        update(PostRow)
        .where(col(PostRow.workspace) == post.workspace, col(PostRow.id) == post.id)
        .values(state=state, due_at=None, leased_until=None, last_error=error)
        .execution_options(synchronize_session=False)
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
