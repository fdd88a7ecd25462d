"""How fast a platform may be called, kept where every replica reads it: a row for each lane.

A lane is a channel, a kind of call in a whole workspace (`*post`), or the workspace itself (`*`).
It rests until `closed_until`: paced by us, or told to by its platform.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Insert, Update, bindparam, case, null, or_, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel

from storage.prepared import Prepared
from storage.tables import table_of
from storage.types import UTCDateTime
from storage.upsert import insert_on

Call = Literal["post", "update", "home", "chat", "record"]
"""What platforms count apart: new messages, updates, people's own pages, chats that are opened.

A record goes to a tracker, whose limits are its own.
"""

CALLS: tuple[Call, ...] = ("post", "update", "home", "chat", "record")

WHOLE_WORKSPACE = "*"
"""The lane that closes when the platform throttles a workspace as a whole."""

HOLD = timedelta(seconds=4)
"""How long a lane stays held unless its holder keeps it: a replica that stands still keeps none.

Not as long as the lease of a post. That has to outlast the slowest call, or a post comes twice; a
lane that is let go early only turns two messages around.
"""

CATCH_UP = timedelta(seconds=0.5)
"""How much time a lane that was late may make good: workers look now and then, not always."""


@dataclass(frozen=True, slots=True)
class RateLimits:
    """Seconds to leave between calls, so that a platform never has to say "slow down"; 0 for none.

    - message: between two new messages in one channel
    - card: between two updates of one message
    - channel: between updates of different messages in one channel
    - workspace: between any two calls of a kind in one workspace
    """

    message: float = 0.0
    card: float = 0.0
    channel: float = 0.0
    workspace: Mapping[Call, float] = field(default_factory=dict)


class Lane(SQLModel, table=True):
    """How fast a channel, a kind of call or a workspace may be written to, for all replicas.

    Until `held_until` a replica posts `held_by` in it, and no other message may overtake.

    Updates of what stands there already need no turn of their own.
    """

    __tablename__ = "lanes"

    workspace: str = Field(primary_key=True, max_length=100)
    channel: str = Field(primary_key=True, max_length=300)
    closed_until: datetime = Field(sa_type=UTCDateTime)
    held_until: datetime | None = Field(default=None, sa_type=UTCDateTime)
    held_by: str | None = Field(default=None, max_length=32)


LaneName = tuple[str, str]
"""A workspace, and a channel in it or the name of one of its shared lanes."""


def shared_lane(call: str) -> str:
    """Return the lane of all calls of a kind in a workspace."""
    return f"{WHOLE_WORKSPACE}{call}"


def room_in(open_from: datetime, now: datetime, gap: timedelta) -> int:
    """Return how many calls may go now through a lane that is paced by `gap`.

    In any span of time at most 1 + (span + CATCH_UP) / gap go.
    """
    late = min(now - open_from, CATCH_UP)
    return 0 if late < timedelta() else late // gap + 1


def open_after(calls: int, open_from: datetime, now: datetime, gap: timedelta) -> datetime:
    """Return when the lane opens again after so many calls now."""
    return max(open_from, now - CATCH_UP) + calls * gap


async def open_from(session: AsyncSession, lane: LaneName, now: datetime) -> datetime:
    """Return from when on a lane is open; other replicas wait to ask until the commit."""
    workspace, channel = lane
    asked = {"workspace": workspace, "channel": channel, "closed_until": now}
    ((since,),) = await _ASK.rows(session, asked)
    return since  # type: ignore[no-any-return]


async def hold(session: AsyncSession, lane: LaneName, now: datetime, post: str) -> bool:
    """Keep others from posting in a lane, for HOLD; False if somebody holds it already."""
    workspace, channel = lane
    holding = {"workspace": workspace, "channel": channel, "closed_until": now, "held_by": post}
    return await _HOLD.change(session, holding | {"held_until": now + HOLD}) == 1


async def keep_hold(session: AsyncSession, held: Mapping[LaneName, str], now: datetime) -> None:
    """Hold lanes for HOLD from now on, those that their posts still hold."""
    keeping = [
        {"workspace_": workspace, "channel_": channel, "by": post, "until": now + HOLD}
        for (workspace, channel), post in sorted(held.items())
    ]
    if keeping:
        await _KEEP_HOLD.change(session, keeping)


async def let_go(session: AsyncSession, lane: LaneName, post: str, rest_until: datetime) -> None:
    """Let the next message of a lane that this post holds follow, after a rest."""
    workspace, channel = lane
    letting = {"workspace_": workspace, "channel_": channel, "by": post, "rest": rest_until}
    await _LET_GO.change(session, letting)


async def close_lanes(session: AsyncSession, lanes: Mapping[LaneName, datetime]) -> None:
    """Leave each lane alone until its time; never shortens a longer rest."""
    closings = [
        {"workspace": workspace, "channel": channel, "closed_until": until}
        for (workspace, channel), until in sorted(lanes.items())
    ]
    if closings:
        await _CLOSE.change(session, closings)


# --- statements that every message runs ----------------------------------------------------------

_KEY = ["workspace", "channel"]


def _asking(dialect: str) -> Any:
    lane = insert_on(dialect, Lane)
    touched = lane.on_conflict_do_update(
        index_elements=_KEY, set_={"channel": lane.excluded.channel}
    )
    return touched.returning(_LANES.closed_until)


def _holding(dialect: str) -> Insert:
    lane = insert_on(dialect, Lane)
    now = lane.excluded.closed_until
    return lane.on_conflict_do_update(
        index_elements=_KEY,
        set_={"held_until": lane.excluded.held_until, "held_by": lane.excluded.held_by},
        where=or_(_LANES.held_until.is_(None), _LANES.held_until <= now),
    )


def _held() -> Update:
    return update(table_of(Lane)).where(
        _LANES.workspace == bindparam("workspace_"),
        _LANES.channel == bindparam("channel_"),
        _LANES.held_by == bindparam("by"),
    )


def _keeping(_: str) -> Update:
    return _held().values(held_until=bindparam("until", type_=UTCDateTime))


def _letting_go(_: str) -> Update:
    rest = bindparam("rest", type_=UTCDateTime)
    return _held().values(
        held_until=null(),
        held_by=null(),
        closed_until=case((_LANES.closed_until > rest, _LANES.closed_until), else_=rest),
    )


def _closing(dialect: str) -> Insert:
    lane = insert_on(dialect, Lane)
    until = lane.excluded.closed_until
    return lane.on_conflict_do_update(
        index_elements=_KEY, set_={"closed_until": until}, where=_LANES.closed_until < until
    )


_LANES = table_of(Lane).c
_ASK = Prepared(_asking)
_HOLD = Prepared(_holding)
_KEEP_HOLD = Prepared(_keeping)
_LET_GO = Prepared(_letting_go)
_CLOSE = Prepared(_closing)
