"""What a team's health is told from: the items that changed, are under way, come next or stand out.

The rest of its backlog is only summed up, so that telling costs the same however much lies there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Row,
    Select,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    insert,
    literal_column,
    or_,
    select,
    text,
    union,
)
from sqlmodel import col

from storage.item_indexes import IMPROVES, OPEN, UNOWNED
from storage.items import RANKING, Item, ItemEvent
from storage.iterations import Iterations
from storage.repository import Repository
from storage.states import LEVELS, READY_STATES, WORKING_STATES
from storage.tallies import COUNTED, NEVER, Tallies, Tally, cells, subtract
from storage.types import UTCDateTime

FIELDS: Final = (
    *("workspace", "number", "team_id", "title", "kind", "level", "state", "dropped_because"),
    *("owner", "due", "snoozed_until", "themes", "wsjf", "tc", "size", "points", "metric"),
    *("objective_id", "effect_at", "created_by", "created_at", "touched_at", "finished_at"),
    *("source_rank", "metric_from", "effect", "effect_value"),
)
_EVENT_FIELDS: Final = ("number", "at", "person", "kind", "changes", "reason")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How far to look into a team's backlog.

    `since` when a change counts; `untouched` since the first instant an item is stale, since the
    second one of the whole train. An improvement is late that was due before `today`. `next` items
    that nobody started are looked at. Of what is stale, late or unowned, `listed` items are worth
    naming and `asks` items that are not snoozed; of the others the number is enough.
    """

    since: datetime
    untouched: tuple[datetime, datetime]
    today: date
    next: int
    listed: int
    asks: int
    focus: int | None = None


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Items in the order of their numbers, and what happened to them, each item's oldest first.

    An item without events did not change. `rest` sums up the open items that are not here, by the
    day they are due and the name of the sum. `known_since` is when the first item was captured.
    """

    items: Sequence[Row[Any]]
    events: Mapping[int, Sequence[Row[Any]]]
    rest: Mapping[tuple[date, str], float]
    known_since: datetime | None


class Excerpts(Repository):
    async def of_team(self, team_id: int, reach: Reach) -> Excerpt:
        """Return what a team's health is told from."""
        team, train = reach.untouched
        values = {
            "workspace": self._workspace,
            "team": team_id,
            "since": reach.since,
            "stale_in_team": team,
            "stale_in_train": train,
            "today": reach.today,
            "focus": reach.focus or 0,
        }
        sums = await Tallies(self._session, self._workspace, self._now).of_team(team_id)
        items = (
            await self._session.execute(_items(reach.next, reach.listed, reach.asks), values)
        ).all()
        events: defaultdict[int, list[Row[Any]]] = defaultdict(list)
        for event in await self._session.execute(_EVENTS, values):
            events[event.number].append(event)
        for item in items:
            subtract(sums, cells(item))
        return Excerpt(
            items,
            events,
            {(day, name): count for (_, _, day, name), count in sums.items() if count},
            await Iterations(self._session, self._workspace, self._now).known_since(team_id),
        )

    async def recount(self) -> None:
        """Forget the sums of every team of the workspace and take them anew from its items."""
        improves = col(Item.kind) == "improvement"
        is_ready = col(Item.state).in_(READY_STATES)
        points = col(Item.points)
        columns = {
            "workspace": col(Item.workspace),
            "team_id": col(Item.team_id),
            "due": case((improves, func.coalesce(col(Item.due), NEVER)), else_=NEVER),
        }
        sums = {
            "open": func.count(),
            "scored": func.count(col(Item.wsjf)),
            "ready": _count_if(is_ready),
            "points": func.coalesce(func.sum(case((is_ready, points))), 0),
            "unsized": _count_if(is_ready & points.is_(None)),
            "unowned": _count_if(
                improves & (col(Item.state) != "captured") & col(Item.owner).is_(None)
            ),
        }
        assert tuple(sums) == COUNTED
        await self._session.execute(delete(Tally).where(col(Tally.workspace) == self._workspace))
        taken = (
            select(*(value.label(name) for name, value in (columns | sums).items()))
            .where(col(Item.workspace) == self._workspace, OPEN)
            .group_by(text("1, 2, 3"))  # by name, `due` would be the item's own
        )
        await self._session.execute(insert(Tally).from_select([*columns, *sums], taken))


def _count_if(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count(case((condition, 1)))


_LAST_FIRST = (
    col(Item.wsjf).is_(None).desc(),
    col(Item.wsjf).asc(),
    col(Item.tc).asc(),
    col(Item.size).desc(),
    col(Item.source_rank).is_(None).desc(),
    col(Item.source_rank).desc(),
    col(Item.number).desc(),
)
"""RANKING backwards."""


# --- statements, built once ------------------------------------------------------------------


_SINCE = bindparam("since", type_=UTCDateTime)
_MINE = (
    col(Item.workspace) == bindparam("workspace"),
    col(Item.team_id) == bindparam("team"),
)
_CHANGED = select(col(ItemEvent.number)).where(
    col(ItemEvent.workspace) == bindparam("workspace"),
    col(ItemEvent.team_id) == bindparam("team"),
    col(ItemEvent.at) >= _SINCE,
)
_WORKING = select(col(Item.number)).where(*_MINE, col(Item.state).in_(WORKING_STATES))
_EVENTS = (
    select(*(getattr(ItemEvent, name) for name in _EVENT_FIELDS))
    .where(
        col(ItemEvent.workspace) == bindparam("workspace"),
        col(ItemEvent.number).in_(union(_CHANGED, _WORKING)),
    )
    .order_by(col(ItemEvent.number), col(ItemEvent.seq))
)


@cache
def _items(next: int, listed: int, asks: int) -> Select[Any]:
    """Return the statement that reads the items; each list is the beginning of an index."""
    return (
        select(*(getattr(Item, name) for name in FIELDS))
        .where(
            col(Item.workspace) == bindparam("workspace"),
            col(Item.number).in_(_numbers(next, listed, asks)),
        )
        .order_by(col(Item.number))
    )


def _numbers(next: int, listed: int, asks: int) -> CompoundSelect[Any]:
    changed_here = exists().where(
        col(ItemEvent.workspace) == col(Item.workspace),
        col(ItemEvent.number) == col(Item.number),
        col(ItemEvent.at) >= _SINCE,
    )
    is_awake = or_(col(Item.snoozed_until).is_(None), col(Item.snoozed_until) <= bindparam("today"))
    mine = select(col(Item.number)).where(*_MINE)
    # What changed is read anyway. "Not under way", since SQLite would sort what a list of states
    # finds instead of following the order of the rank.
    waiting = mine.where(OPEN, col(Item.state).not_in(WORKING_STATES), ~changed_here)
    unowned = mine.where(UNOWNED).order_by(*RANKING)
    late = mine.where(IMPROVES, col(Item.due) < bindparam("today")).order_by(
        col(Item.due), col(Item.number)
    )
    lists = [_first(waiting.order_by(*RANKING), next)]
    lists += [_first(unowned, listed), _first(unowned.where(is_awake), asks)]
    lists += [
        _first(late, listed),
        _first(late.where(col(Item.owner).is_not(None), is_awake), asks),
    ]
    is_stale = {
        level: and_(
            col(Item.level) == level,
            col(Item.touched_at) <= bindparam(f"stale_in_{level}", type_=UTCDateTime),
        )
        for level in ("team", "train")
    }
    longest = (col(Item.touched_at), col(Item.number))
    lists += [
        _first(mine.where(OPEN, stale).order_by(*longest), listed) for stale in is_stale.values()
    ]
    # From the end of the rank, past what is not stale: that changed lately and is read anyway.
    lists.append(
        _first(mine.where(OPEN, or_(*is_stale.values()), is_awake).order_by(*_LAST_FIRST), asks)
    )
    focus = mine.where(col(Item.number) == bindparam("focus"))
    edited = [
        # An edit in the tool that an item comes from is no event here.
        mine.where(OPEN, col(Item.level) == level, col(Item.touched_at) >= _SINCE)
        for level in LEVELS
    ]
    return union(_CHANGED, _WORKING, focus, *edited, *lists)


def _first(wanted: Select[Any], limit: int) -> Select[Any]:
    # Written out: planned for any limit, PostgreSQL expects many rows and sorts them all.
    return select(wanted.limit(literal_column(str(limit))).subquery().c.number)
