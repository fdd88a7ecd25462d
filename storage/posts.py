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

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Index,
    Update,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from storage.ids import new_id
from storage.scope import Scope, changed_rows
from storage.types import UTCDateTime, one_of
from storage.upsert import insert
from storage.workspaces import Workspace

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
    """A channel that must rest until `closed_until`: paced by us, or told to by its platform.

    Until `held_until` a replica is posting in it: the next message waits, so that none overtakes.
    Updates of what stands there already need no turn of their own.
    """

    __tablename__ = "lanes"

    workspace: str = Field(primary_key=True, max_length=100)
    channel: str = Field(primary_key=True, max_length=300)
    closed_until: datetime = Field(sa_type=UTCDateTime)
    held_until: datetime | None = Field(default=None, sa_type=UTCDateTime)


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
        await self._want(_WANT_VIEW, wanted_view=view)

    async def refresh_message(self, channel: str, ref: str) -> None:
        """Have the post behind a platform's message drawn again."""
        await self._want(_WANT_MESSAGE, wanted_channel=channel, wanted_ref=ref)

    async def _want(self, wanting: Update, **which: str) -> None:
        await self._session.execute(
            wanting, {"wanted_workspace": self._workspace, "now": self._now, **which}
        )
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


def _wanting(*which: ColumnElement[bool]) -> Update:
    """Return the update that has posts drawn again. Built once: every vote runs it."""
    # The plain table: an update of the mapped class costs twice as much.
    return (
        update(PostRow.__table__)  # type: ignore[attr-defined]
        .where(
            col(PostRow.workspace) == bindparam("wanted_workspace"),
            *which,
            col(PostRow.state) == "live",
        )
        .values(
            wanted=col(PostRow.wanted) + 1,
            due_at=func.coalesce(col(PostRow.due_at), bindparam("now", type_=UTCDateTime)),
        )
    )


_WANT_VIEW = _wanting(col(PostRow.view) == bindparam("wanted_view"))
_WANT_MESSAGE = _wanting(
    col(PostRow.channel) == bindparam("wanted_channel"), col(PostRow.ref) == bindparam("wanted_ref")
)


# --- the sender's side: posts of all workspaces ---------------------------------------------


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
    own_lane = func.coalesce(col(PostRow.channel), literal("@").concat(col(PostRow.person)))
    resting = exists().where(
        col(Lane.workspace) == col(PostRow.workspace),
        col(Lane.channel).in_([own_lane, WHOLE_WORKSPACE]),
        or_(
            col(Lane.closed_until) > now,
            and_(col(Lane.held_until) > now, col(PostRow.ref).is_(None)),
        ),
    )
    removed = exists().where(
        col(Workspace.id) == col(PostRow.workspace), col(Workspace.removed_at).is_not(None)
    )
    due = (
        select(PostRow)
        .where(
            col(PostRow.due_at) <= now,
            or_(col(PostRow.leased_until).is_(None), col(PostRow.leased_until) <= now),
            ~resting,
            ~removed,
        )
        .order_by(col(PostRow.due_at), col(PostRow.id))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    until = now + lease
    first_of_lane: dict[tuple[str, str], PostRow] = {}
    for row in (await session.scalars(due)).all():
        first_of_lane.setdefault((row.workspace, row.channel or f"@{row.person}"), row)
    new = [lane for lane, row in first_of_lane.items() if row.ref is None]
    held = await _hold(session, new, now, until)
    claimed = [row for lane, row in first_of_lane.items() if row.ref is not None or lane in held]
    for row in claimed:
        row.leased_until = until
    await session.flush()
    return [_claimed(row, now, until) for row in claimed]


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


def _claimed(row: PostRow, now: datetime, until: datetime) -> Claimed:
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
