"""What a replica sends next, of all workspaces: what is due, as fast as each platform takes it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Select,
    String,
    and_,
    bindparam,
    column,
    exists,
    func,
    literal,
    or_,
    select,
    update,
    values,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from storage import lanes
from storage.lanes import CALLS, WHOLE_WORKSPACE, Call, Lane, LaneName, RateLimits, shared_lane
from storage.posts import PostRow
from storage.prepared import Prepared
from storage.store import Store
from storage.subjects import ANYTHING, PostSubject
from storage.tables import table_of
from storage.types import UTCDateTime
from storage.upsert import insert_new
from storage.workspaces import Workspace


class Claimed(NamedTuple):
    """A post this replica may send until `lease_ends`; `wanted` as it was when claimed."""

    workspace: str
    id: str
    view: str
    channel: str | None
    person: str | None
    thread: str | None
    parent: str | None
    ref: str | None
    call: Call
    can_wait: bool
    drawn: str
    shows: str
    wanted: int
    attempts: int
    unheard: int
    created_at: datetime
    claimed_at: datetime
    lease_ends: datetime

    @property
    def lane(self) -> str:
        """Where it stands in line: its channel or, until that is known, its person."""
        return self.channel or f"@{self.person}"

    @property
    def shared_lane(self) -> str:
        """The lane of all calls of this kind in the workspace."""
        return shared_lane(self.call)

    @property
    def age_s(self) -> float:
        return (self.claimed_at - self.created_at).total_seconds()


_COLUMNS = Claimed._fields[:-2]

KILLS_MAX = 2
"""Times a replica may be heard of no more while it has a post in hand, before that is given up."""

RECORD_RESTS = timedelta(minutes=10)
"""How long a record is left alone instead: what a team decided for its tracker is not given up."""


ENDED = "its process ended"


class Leases(NamedTuple):
    """How long a replica may have a post in hand; longer what can wait, and is waited for."""

    urgent: timedelta
    can_wait: timedelta


RECORDS_MAX_EACH = 4
"""Records that one replica writes at the same time for one workspace."""


@dataclass(frozen=True, slots=True)
class Room:
    """How many posts a replica takes on: in all, of those that can wait, and for each workspace.

    `busy` says how many it already has in hand for each, `records` how many of these go to its
    trackers, `a_suspect` whether it may take on one that was in hand when a replica ended.
    """

    posts: int
    that_can_wait: int
    each: int
    busy: Mapping[str, int]
    a_suspect: bool = True
    records: Mapping[str, int] = field(default_factory=dict)

    def of(self, workspace: str, call: Call) -> int:
        room = min(self.posts, self.each - self.busy.get(workspace, 0))
        if call == "record":  # a tracker that hangs holds up no card
            room = min(room, RECORDS_MAX_EACH - self.records.get(workspace, 0))
        return room


class Hand(NamedTuple):
    """What a replica has in hand now, and what it lets be: that has ended two of them."""

    posts: list[Claimed]
    given_up: list[Claimed]


async def claim_posts(
    store: Store,
    leases: Leases,
    room: Room,
    rate_limits_of: Callable[[str], RateLimits],
) -> Hand:
    """Lease due posts, at most one per channel and no more than each workspace's pace allows.

    In a workspace those come last that can wait, and of equals the oldest first. Lanes that rest
    are left alone, and the lanes of what was claimed are closed for their gaps.

    A post may end the process that draws it, and all that was in hand with it looks guilty: those
    go one at a time, beside what is above suspicion. What was there a second time is given up, or
    rests if it is a record.
    """
    session, now = store.session, store.now
    chosen, given_up = await _choose(session, now, leases, room, rate_limits_of)
    chosen = await _keep_pace(session, now, chosen, rate_limits_of)
    # In one order, or two replicas block each other.
    claimed = [
        row
        for row in sorted(chosen, key=_lane)
        if row.ref is not None or await lanes.hold(session, _lane(row), now, row.id)
    ]
    await lanes.close_lanes(session, _rests_after_updates(claimed, now, rate_limits_of))
    if claimed:
        leased = [
            {"workspace_": row.workspace, "id_": row.id, "until": row.lease_ends} for row in claimed
        ]
        await _LEASE.change(session, leased)
        await _MAY_SHOW.change(session, [_anything(row) for row in claimed if not row.shows])
    if given_up:
        rests_until = now + RECORD_RESTS
        for row in given_up:
            which = {"workspace_": row.workspace, "id_": row.id}
            if row.call == "record":
                await _REST.change(session, which | {"until": rests_until})
            else:
                await _GIVE_UP.change(session, which)
    return Hand(claimed, given_up)


def _anything(row: Claimed) -> dict[str, object]:
    """Note that a change to come may concern a post of which nobody knows yet what it shows."""
    return {"workspace": row.workspace, "post": row.id, "subject": ANYTHING}


def _lane(row: Claimed) -> LaneName:
    return row.workspace, row.lane


async def _choose(
    session: AsyncSession,
    now: datetime,
    leases: Leases,
    room: Room,
    rate_limits_of: Callable[[str], RateLimits],
) -> tuple[list[Claimed], list[Claimed]]:
    """Return what could go now: of each queue the first post of every lane, while there is room.

    And what has ended too many replicas to be tried once more.
    """
    chosen: dict[LaneName, Claimed] = {}
    given_up: list[Claimed] = []
    a_suspect = room.a_suspect
    taken: defaultdict[str, int] = defaultdict(int)
    patient = 0
    for workspace, call, open_from in await _QUEUES.rows(session, {"now": now}):
        gap = _gap(rate_limits_of(workspace), call)
        most = min(room.of(workspace, call) - taken[workspace], room.posts - len(chosen))
        if gap and open_from is not None:
            most = min(most, lanes.room_in(open_from, now, gap))
        elif gap:
            most = min(most, 1)
        if most <= 0:
            continue
        # Twice as many, since the next one of a channel has to wait for the first.
        wanted = {"now": now, "workspace": workspace, "call": call, "most": 2 * most}
        for due_row in await _DUE.rows(session, wanted | {"a_suspect": a_suspect}):
            row = Claimed._make((*due_row, now, now))
            row = row._replace(
                lease_ends=now + (leases.can_wait if row.can_wait else leases.urgent)
            )
            if row.unheard >= KILLS_MAX:
                given_up.append(row)
                continue
            if row.unheard and not a_suspect:
                continue
            if row.can_wait and patient >= room.that_can_wait:
                break
            if most <= 0:
                break
            if _lane(row) not in chosen:
                chosen[_lane(row)] = row
                most -= 1
                taken[workspace] += 1
                patient += row.can_wait
                a_suspect = a_suspect and not row.unheard
    return list(chosen.values()), given_up


async def _keep_pace(
    session: AsyncSession,
    now: datetime,
    chosen: Sequence[Claimed],
    rate_limits_of: Callable[[str], RateLimits],
) -> list[Claimed]:
    """Return those that may go whatever other replicas did meanwhile, and take up their room."""
    paced: defaultdict[LaneName, list[Claimed]] = defaultdict(list)
    for row in chosen:
        if _gap(rate_limits_of(row.workspace), row.call):
            paced[row.workspace, row.shared_lane].append(row)
    left_out: set[str] = set()
    rests: dict[LaneName, datetime] = {}
    for lane, rows in sorted(paced.items()):
        since = await lanes.open_from(session, lane, now)
        gap = _gap(rate_limits_of(lane[0]), rows[0].call)
        go = min(len(rows), lanes.room_in(since, now, gap))
        left_out |= {row.id for row in rows[go:]}
        rests[lane] = lanes.open_after(go, since, now, gap)
    await lanes.close_lanes(session, rests)
    return [row for row in chosen if row.id not in left_out]


def _rests_after_updates(
    claimed: Sequence[Claimed], now: datetime, rate_limits_of: Callable[[str], RateLimits]
) -> dict[LaneName, datetime]:
    """Return how long channels rest where a platform counts updates together with messages."""
    return {
        _lane(row): now + timedelta(seconds=gap)
        for row in claimed
        if row.ref is not None
        and row.call != "record"
        and (gap := rate_limits_of(row.workspace).channel)
    }


def _gap(rate_limits: RateLimits, call: Call) -> timedelta:
    return timedelta(seconds=rate_limits.workspace.get(call, 0.0))


_POSTS = table_of(PostRow)
_LANES = table_of(Lane)


def _is_due(now: ColumnElement[datetime]) -> ColumnElement[bool]:
    posts = _POSTS.c
    free = or_(posts.leased_until.is_(None), posts.leased_until <= now)
    return and_(posts.due_at.is_not(None), posts.due_at <= now, free)


def _queues(_: str) -> Select[Any]:
    """Return the open queues: workspace, kind of call, and since when its lane is open.

    A herd is thousands of posts in few workspaces, so this steps through the index from one
    workspace to the next instead of looking at each post.
    """
    now = bindparam("now", type_=UTCDateTime)
    waiting = select(func.min(_POSTS.c.workspace).label("workspace")).where(
        _POSTS.c.due_at.is_not(None)
    )
    names = waiting.cte("waiting", recursive=True)
    next_one = (
        select(func.min(_POSTS.c.workspace))
        .where(_POSTS.c.due_at.is_not(None), _POSTS.c.workspace > names.c.workspace)
        .scalar_subquery()
    )
    names = names.union_all(select(next_one).where(names.c.workspace.is_not(None)))
    calls = values(column("call", String), name="calls").data([(call,) for call in CALLS]).cte()
    whole, shared = _LANES.alias("whole"), _LANES.alias("shared")
    resting = exists().where(
        whole.c.workspace == names.c.workspace,
        whole.c.channel == WHOLE_WORKSPACE,
        whole.c.closed_until > now,
    )
    removed = exists().where(
        col(Workspace.id) == names.c.workspace, col(Workspace.removed_at).is_not(None)
    )
    any_due = exists().where(
        _POSTS.c.workspace == names.c.workspace, _POSTS.c.call == calls.c.call, _is_due(now)
    )
    own = and_(
        shared.c.workspace == names.c.workspace,
        shared.c.channel == literal(WHOLE_WORKSPACE).concat(calls.c.call),
    )
    return (
        select(names.c.workspace, calls.c.call, shared.c.closed_until)
        .select_from(names.join(calls, literal(value=True)).outerjoin(shared, own))
        .where(
            names.c.workspace.is_not(None),
            or_(shared.c.closed_until.is_(None), shared.c.closed_until <= now),
            any_due,
            ~resting,
            ~removed,
        )
        .order_by(shared.c.closed_until.nulls_first(), names.c.workspace)
    )


def _due(_: str) -> Select[Any]:
    """Return the first posts of a queue, without those whose channel rests."""
    now = bindparam("now", type_=UTCDateTime)
    posts = _POSTS.c
    resting = exists().where(
        _LANES.c.workspace == posts.workspace,
        _LANES.c.channel == func.coalesce(posts.channel, literal("@").concat(posts.person)),
        or_(_LANES.c.closed_until > now, and_(_LANES.c.held_until > now, posts.ref.is_(None))),
    )
    return (
        select(*(posts[name] for name in _COLUMNS))
        .where(
            posts.workspace == bindparam("workspace"),
            posts.call == bindparam("call"),
            _is_due(now),
            or_(posts.unheard == 0, bindparam("a_suspect", type_=Boolean)),
            ~resting,
        )
        .order_by(posts.can_wait, posts.due_at, posts.id)
        .limit(bindparam("most"))
        .with_for_update(skip_locked=True)
    )


_QUEUES = Prepared(_queues)
_DUE = Prepared(_due)
_LEASE = Prepared(
    lambda _: (
        update(_POSTS)
        .where(_POSTS.c.workspace == bindparam("workspace_"), _POSTS.c.id == bindparam("id_"))
        .values(leased_until=bindparam("until", type_=UTCDateTime), unheard=_POSTS.c.unheard + 1)
    )
)
_GIVE_UP = Prepared(
    lambda _: (
        update(_POSTS)
        .where(_POSTS.c.workspace == bindparam("workspace_"), _POSTS.c.id == bindparam("id_"))
        .values(state="dead", due_at=None, leased_until=None, last_error=ENDED)
    )
)
_REST = Prepared(
    lambda _: (
        update(_POSTS)
        .where(_POSTS.c.workspace == bindparam("workspace_"), _POSTS.c.id == bindparam("id_"))
        .values(
            due_at=bindparam("until", type_=UTCDateTime),
            leased_until=None,
            unheard=1,  # tried alone, and at the next end it rests again
            last_error=ENDED,
        )
    )
)
_MAY_SHOW = Prepared(lambda dialect: insert_new(dialect, PostSubject))
