"""Hone's messages, and what each should show: the outbox and the memory of live cards in one table.

A post shows a view. `wanted` counts how often its state changed, `shown` which count stands on
the platform. While they differ, `due_at` says when to send; once they agree, when time alone makes
the card say something else. A vote only raises `wanted`; the row lock makes the sender wait for
votes not committed yet, so the last update shows the last state.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    ColumnDefault,
    ColumnElement,
    Index,
    Update,
    and_,
    bindparam,
    case,
    or_,
    select,
    text,
    update,
)
from sqlmodel import Field, SQLModel, col

from storage.ids import new_id
from storage.lanes import CALLS, Call
from storage.prepared import Prepared, among
from storage.repository import Repository
from storage.subjects import PostSubject
from storage.tables import table_of
from storage.types import UTCDateTime, one_of
from storage.upsert import insert_on

OWN_PAGES = "home:"
"""What the channels of people's own pages begin with."""

RECORDS = "tracker:"
"""What the channels of items' records in a tracker begin with."""


class PostRow(SQLModel, table=True):
    """A message of Hone: the view it shows, where, and when it is sent next.

    `ref` and `thread` are the platform's message ids; `parent` is the post it answers under.

    Nobody sends it before `leased_until`: another replica is at it, or it was just updated.
    `drawn` is a fingerprint of the card that stands there, "" if it must be sent in any case;
    `shows` is a fingerprint of its subjects, which stand in `post_subjects`.
    `call` is what sending it next asks of the platform. What `can_wait` goes behind everything
    else of its workspace: nobody is looking at it.

    `attempts` counts failures; `unheard` counts claims of replicas that said nothing more of it.

    States: `live`, `dead` (given up, an operator may retry), `gone` (its channel or workspace is).
    """

    __tablename__ = "posts"
    __table_args__ = (
        Index(
            "ix_posts_due",
            *("workspace", "call", "can_wait", "due_at", "id"),
            sqlite_where=text("due_at IS NOT NULL"),
            postgresql_where=text("due_at IS NOT NULL"),
        ),
        Index("ix_posts_view", "workspace", "view"),
        Index("ix_posts_channel", "workspace", "channel", "created_at"),
        CheckConstraint(one_of("state", ("live", "dead", "gone")), name="ck_posts_state"),
        CheckConstraint(one_of("call", CALLS), name="ck_posts_call"),
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
    call: str = Field(max_length=10)
    can_wait: bool = False
    wanted: int = 1
    shown: int = 0
    drawn: str = Field(default="", max_length=32)
    shows: str = Field(default="", max_length=32)
    due_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    leased_until: datetime | None = Field(default=None, sa_type=UTCDateTime)
    attempts: int = 0
    unheard: int = 0
    last_error: str = ""
    created_at: datetime = Field(sa_type=UTCDateTime)


class Posts(Repository):
    """One workspace's posts, as turns see them."""

    async def add(
        self,
        view: str,
        *,
        channel: str | None = None,
        person: str | None = None,
        thread: str | None = None,
        under: str | None = None,
        can_wait: bool = False,
    ) -> str:
        """Want a new message: in a channel, or to a person. `under` is the view it answers.

        Return the post's id.
        """
        parent = await self._latest(under, channel) if under else None
        post = {
            "workspace": self._workspace,
            "id": new_id(self._now),
            "view": view,
            "channel": channel,
            "person": person,
            "thread": thread,
            "parent": parent,
            "call": first_call(channel),
            "can_wait": can_wait,
            "due_at": self._now,
            "created_at": self._now,
        }
        await _ADD.change(self._session, _NEW | post)
        self._session.info["posted"] = self._session.info["touched"] = True
        return str(post["id"])

    async def refresh(self, view: str) -> None:
        """Have every post that shows the view drawn again."""
        await self._want(_WANT_VIEW, wanted_view=view)

    async def refresh_message(self, channel: str, ref: str) -> None:
        """Have the post behind a platform's message drawn again."""
        await self._want(_WANT_MESSAGE, wanted_channel=channel, wanted_ref=ref)

    async def show_changes(self, subjects: Collection[str], *, can_wait: bool = False) -> None:
        """Have every post drawn again that shows one of these, as its last card was drawn."""
        which = {"workspace_": self._workspace, "subjects": sorted(subjects)}
        how = {"now": self._now, "patient": can_wait}
        if await _WANT_SHOWING.change(self._session, how | which):
            self._session.info["touched"] = True

    async def show_wide_change(self, subject: str, most: int, after: str = "") -> str | None:
        """Have some posts drawn again that show a wide set; return the last, if there are more.

        In order of their ids, from behind `after`; they go behind everything else.
        """
        shown = table_of(PostSubject).c
        found = await self._session.scalars(
            select(shown.post)
            .where(shown.workspace == self._workspace, shown.subject == subject, shown.post > after)
            .order_by(shown.post)
            .limit(most)
        )
        ids = found.all()
        if ids:
            how = {"now": self._now, "patient": True, "wanted_workspace": self._workspace}
            await self._session.execute(_WANT_EACH, how | {"wanted_ids": list(ids)})
            self._session.info["touched"] = True
        return ids[-1] if len(ids) == most else None

    async def send_again(self, post: PostRow) -> None:
        """Have a post sent even if it would show the same, or was given up."""
        which = {"wanted_workspace": self._workspace, "wanted_id": post.id}
        how = {"now": self._now, "patient": False}
        await self._session.execute(_SEND_AGAIN, how | which)
        self._session.info["touched"] = True

    async def become(self, post: PostRow, view: str) -> None:
        """Let a post show another view from now on."""
        await self._session.execute(
            update(PostRow)
            .where(col(PostRow.workspace) == self._workspace, col(PostRow.id) == post.id)
            .values(view=view)
            .execution_options(synchronize_session=False)
        )
        await self.send_again(post)

    async def _want(self, wanting: Prepared, **which: str) -> None:
        how = {"now": self._now, "patient": False}
        values = {"wanted_workspace": self._workspace, **how, **which}
        await wanting.change(self._session, values)
        self._session.info["touched"] = True

    async def _latest(self, view: str, channel: str | None) -> str | None:
        which = {"workspace_": self._workspace, "view_": view, "channel_": channel}
        rows = await _LATEST.rows(self._session, which)
        return rows[0][0] if rows else None

    async def newest_showing(self, view: str, channel: str) -> PostRow | None:
        """Return the newest post that shows the view in a channel."""
        id = await self._latest(view, channel)
        return await self.find(id) if id else None

    async def newest(self, channel: str) -> str | None:
        """Return the id of the channel's newest post."""
        return await self._session.scalar(
            select(col(PostRow.id))
            .where(col(PostRow.workspace) == self._workspace, col(PostRow.channel) == channel)
            .order_by(col(PostRow.created_at).desc(), col(PostRow.id).desc())
            .limit(1)
        )

    async def find(self, id: str) -> PostRow | None:
        return await self._session.get(PostRow, (self._workspace, id))

    async def of_message(self, channel: str, ref: str) -> PostRow | None:
        """Return the post behind a platform's message."""
        return await self._session.scalar(
            select(PostRow).where(
                col(PostRow.workspace) == self._workspace,
                col(PostRow.channel) == channel,
                col(PostRow.ref) == ref,
            )
        )

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


def first_call(channel: str | None) -> Call:
    """Return what showing something new in a channel asks of a platform; None is not open yet."""
    if channel is None:
        return "chat"
    if channel.startswith(RECORDS):
        return "record"
    return "home" if channel.startswith(OWN_PAGES) else "post"


def _wanting(*which: ColumnElement[bool]) -> Update:
    """Return the update that has posts drawn again; what was in a hurry already stays so.

    It takes `now` and whether it is `patient`.
    """
    patient, now = bindparam("patient", type_=Boolean), bindparam("now", type_=UTCDateTime)
    # One that waits after a failure keeps waiting.
    by_time_alone = and_(col(PostRow.due_at) > now, col(PostRow.attempts) == 0)
    is_new = or_(col(PostRow.due_at).is_(None), by_time_alone)
    return (
        update(table_of(PostRow))
        .where(*which)
        .values(
            wanted=col(PostRow.wanted) + 1,
            due_at=case((is_new, now), else_=col(PostRow.due_at)),
            can_wait=and_(patient, or_(is_new, col(PostRow.can_wait))),
        )
    )


_HERE = col(PostRow.workspace) == bindparam("wanted_workspace")
_IS_LIVE = col(PostRow.state) == "live"

_POSTS = table_of(PostRow).c

_NEW = {
    column.name: column.default.arg
    for column in _POSTS
    if isinstance(column.default, ColumnDefault)
}
"""What every post begins with."""

_ADD = Prepared(lambda dialect: insert_on(dialect, PostRow))
_LATEST = Prepared(
    lambda _: (
        select(_POSTS.id)
        .where(
            _POSTS.workspace == bindparam("workspace_"),
            _POSTS.view == bindparam("view_"),
            _POSTS.channel.is_not_distinct_from(bindparam("channel_")),
        )
        .order_by(_POSTS.created_at.desc(), _POSTS.id.desc())
        .limit(1)
    )
)

_WANT_VIEW = Prepared(
    lambda _: _wanting(_HERE, col(PostRow.view) == bindparam("wanted_view"), _IS_LIVE)
)
_WANT_EACH = _wanting(_HERE, col(PostRow.id).in_(bindparam("wanted_ids", expanding=True)), _IS_LIVE)
_SEND_AGAIN = _wanting(_HERE, col(PostRow.id) == bindparam("wanted_id")).values(
    state="live", drawn="", attempts=0, unheard=0
)
_WANT_MESSAGE = Prepared(
    lambda _: _wanting(
        _HERE,
        col(PostRow.channel) == bindparam("wanted_channel"),
        col(PostRow.ref) == bindparam("wanted_ref"),
        _IS_LIVE,
    )
)


def _want_showing(dialect: str) -> Update:
    """Return what every vote runs. In one order, or two turns could wait for each other."""
    shown = table_of(PostSubject).c
    here = _POSTS.workspace == bindparam("workspace_")
    showing = select(shown.post).where(
        shown.workspace == bindparam("workspace_"), among(dialect, shown.subject, "subjects")
    )
    ids = (
        select(_POSTS.id)
        .where(here, _POSTS.state == "live", _POSTS.id.in_(showing))
        .order_by(_POSTS.id)
        .with_for_update()
    )
    return _wanting(here, _POSTS.id.in_(ids))


_WANT_SHOWING = Prepared(_want_showing)
