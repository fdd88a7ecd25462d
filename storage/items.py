"""Backlog items and everything that ever happened to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Index,
    bindparam,
    func,
    select,
)
from sqlalchemy.orm import aliased
from sqlmodel import Field, SQLModel, col

from storage.counters import next_number
from storage.edits import NO_EDITS, NOTED, note_captured, note_edited, plain, typed
from storage.item_indexes import indexes
from storage.item_links import tell_of_end
from storage.numbers import is_number
from storage.prepared import Prepared
from storage.rechecks import check_day
from storage.reminders import REMINDED_OF, remind
from storage.repository import Repository
from storage.states import EFFECTS, FINISHED_STATES, KINDS, LEVELS, OPEN_STATES, STATES
from storage.subjects import Subject
from storage.tables import table_of
from storage.tallies import cells, tally
from storage.types import Json, Points, SourceRank, UTCDateTime, one_of
from storage.upsert import insert_on
from storage.vectors import Vectors


class Item(Subject, SQLModel, table=True):
    """A backlog entry, shown as #number. Scores are the last accepted WSJF cards, one per column.

    `touched_at` is the last change by a person: bulk and bot edits do not keep an item fresh.
    The hypothesis: trying `experiment` moves `metric` from `metric_from` to `metric_to`, and on
    `check_on` the owner is asked what came of it: `effect`, with a number in `effect_value`.
    `due_asked` and `check_asked` are the days that were last asked about: never twice for one.
    Where nobody owns it, `finished_by` is asked, else who captured it.
    `criteria` are what must hold to accept it: `{"text": …, "done": …}`. `ready_checks` are the
    lines of the team's own Definition of Ready that were ticked; `overrides` keeps why a hint was
    set aside. `part_of` and `split_from` are numbers of other items. `source_rank` is compared as
    text: it orders unscored items as the tool does that they came from. What was finished nobody
    knows when is `finished_at` in 1970 (`imports.LONG_AGO`).
    """

    __tablename__ = "items"
    __table_args__ = (
        CheckConstraint(one_of("kind", KINDS), name="ck_items_kind"),
        CheckConstraint(one_of("level", LEVELS), name="ck_items_level"),
        CheckConstraint(one_of("state", STATES), name="ck_items_state"),
        CheckConstraint(one_of("effect", ("", *EFFECTS)), name="ck_items_effect"),
        CheckConstraint(
            f"(finished_at IS NULL) = ({one_of('state', OPEN_STATES)})", name="ck_items_finished"
        ),
        *indexes(),
    )

    workspace: str = Field(primary_key=True, max_length=100)
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    team_id: int
    kind: str = "improvement"
    level: str = "team"
    title: str
    description: str = ""
    themes: list[str] = Field(default_factory=list, sa_type=Json)
    state: str = "captured"
    dropped_because: str = ""
    owner: str | None = Field(default=None, max_length=200)
    due: date | None = None
    due_asked: date | None = None
    link: str = ""
    experiment: str = ""
    metric: str = ""
    metric_from: str = ""
    metric_to: str = ""
    check_on: date | None = None
    check_asked: date | None = None
    effect: str = ""
    effect_value: str = ""
    effect_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    ubv: int | None = None
    tc: int | None = None
    rroe: int | None = None
    size: int | None = None
    wsjf: float | None = None
    scored_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    snoozed_until: date | None = None
    points: float | None = Field(default=None, sa_type=Points)
    criteria: list[dict[str, Any]] = Field(default_factory=list, sa_type=Json)
    ready_checks: list[str] = Field(default_factory=list, sa_type=Json)
    overrides: dict[str, str] = Field(default_factory=dict, sa_type=Json)
    objective_id: int | None = None
    part_of: int | None = None
    split_from: int | None = None
    source_rank: str | None = Field(default=None, sa_type=SourceRank)
    created_by: str | None = Field(default=None, max_length=200)
    created_at: datetime = Field(sa_type=UTCDateTime)
    touched_at: datetime = Field(sa_type=UTCDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    finished_by: str | None = Field(default=None, max_length=200)

    @property
    def subject(self) -> str:
        return f"item:{self.number}"

    @property
    def touches(self) -> tuple[str, ...]:
        """The item, and the lists it stands in: its team's, its owner's, and those of others."""
        others = [f"item:{other}" for other in (self.part_of, self.split_from) if other]
        lists = [f"backlog:{self.team_id}"]
        if self.owner:
            lists.append(f"owner:{self.owner}")
        if self.objective_id:
            lists.append(f"objective:{self.objective_id}")
        return self.subject, *others, *lists

    @property
    def is_finished(self) -> bool:
        """Whether it was accepted or dropped."""
        return self.state in FINISHED_STATES


RANKING: tuple[ColumnElement[Any], ...] = (
    col(Item.wsjf).is_(None),
    col(Item.wsjf).desc(),
    col(Item.tc).desc(),
    col(Item.size).asc(),
    col(Item.source_rank).is_(None),
    col(Item.source_rank).asc(),
    col(Item.number).asc(),
)
"""By WSJF, unscored items last; ties by time criticality, smaller job, their tool's rank, older."""


class ItemEvent(Subject, SQLModel, table=True):
    """One change of an item: field → [before, after].

    `kind` is `created`, `changed`, `scored`, `linked`, `undone`, `imported`, `outdone` where a
    value gave way to another tool's, or `agreed` where somebody let that stand. `reason` says why
    an item was sent back, or called ready although something was missing.
    """

    __tablename__ = "item_events"
    __table_args__ = (Index("ix_item_events_at", "workspace", "team_id", "at"),)

    workspace: str = Field(primary_key=True, max_length=100)
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    team_id: int
    at: datetime = Field(sa_type=UTCDateTime)
    person: str | None = Field(default=None, max_length=200)
    kind: str
    changes: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    reason: str = ""

    @property
    def subject(self) -> str:
        return f"item:{self.number}"


class Items(Repository):
    async def add(self, team_id: int, title: str, *, by: str | None, **more: Any) -> Item:
        """Capture an item with the workspace's next number."""
        item = Item(
            workspace=self._workspace,
            number=await next_number(self._session, self._workspace, "item"),
            team_id=team_id,
            title=title,
            created_by=by,
            created_at=self._now,
            touched_at=self._now,
            **more,
        )
        self._session.add(item)
        tally(self._session, {}, cells(item))
        await self._record(item, by, "created", {"state": [None, item.state]}, seq=1)
        note_captured(self._session, item.number)
        if item.owner is not None or item.metric:  # else there is nothing to ask
            await remind(self._session, item, self._now)
        return item

    async def find(self, number: int) -> Item | None:
        return await self._numbered(Item, number, shows=f"item:{number}")

    async def locked(self, number: int) -> Item | None:
        """Return the item, kept from changing until this transaction ends."""
        return await self._numbered(Item, number, lock=True)

    async def several(self, numbers: Sequence[int]) -> dict[int, Item]:
        """Return number → item for those that exist."""
        self._shows(*(f"item:{number}" for number in numbers))
        which = {"workspace_": self._workspace, "of": [n for n in numbers if is_number(n)]}
        rows = await self._session.scalars(_SEVERAL, which)
        return {item.number: item for item in rows}

    async def change(
        self,
        item: Item,
        changes: Mapping[str, Any],
        *,
        by: str | None,
        kind: str = "changed",
        reason: str = "",
    ) -> bool:
        """Set the fields that differ and remember what they were; False if nothing differs."""
        changes = {**changes, **await check_day(self._session, item, changes, self._now.date())}
        changed = {
            name: [plain(getattr(item, name)), plain(value)]
            for name, value in changes.items()
            if getattr(item, name) != value
        }
        if not changed:
            return False
        counted = cells(item)
        self._marks(*item.touches)  # what it leaves; what it joins is marked when it is written
        for name in changed:
            setattr(item, name, changes[name])
        if "state" in changed:
            item.finished_at = self._now if item.is_finished else None
            item.finished_by = by if item.is_finished else None
            await tell_of_end(self._session, item, self._now)
        if by is not None:
            item.touched_at = self._now
        await self._session.flush()
        if "title" in changed:
            await Vectors(self._session, self._workspace, self._now).forget(item.number)
        tally(self._session, counted, cells(item))
        if not REMINDED_OF.isdisjoint(changed):
            await remind(self._session, item, self._now)
        await self._record(item, by, kind, changed, reason)
        return True

    async def note(self, item: Item, kind: str, changes: dict[str, Any], *, by: str | None) -> None:
        """Remember a change that stands in another table, such as a link."""
        if by is not None:
            item.touched_at = self._now
        await self._record(item, by, kind, changes)

    async def _record(
        self,
        item: Item,
        by: str | None,
        kind: str,
        changes: dict[str, Any],
        reason: str = "",
        seq: int | None = None,
    ) -> None:
        event = {
            "workspace": self._workspace,
            "number": item.number,
            "seq": seq or await self._next_seq(item),
            "team_id": item.team_id,
            "at": self._now,
            "person": by,
            "kind": kind,
            "changes": changes,
            "reason": reason,
        }
        await _RECORD.change(self._session, event)
        self._marks(item.subject)
        if kind not in NO_EDITS:
            note_edited(self._session, [item.number])

    async def _next_seq(self, item: Item) -> int:
        ((last,),) = await _LAST_SEQ.rows(self._session, self._which(item.number))
        return (last or 0) + 1

    def _which(self, number: int) -> dict[str, Any]:
        return {"workspace_": self._workspace, "number_": number}

    async def history(self, number: int) -> Sequence[ItemEvent]:
        """Return the item's events, oldest first."""
        rows = await self._session.scalars(
            select(ItemEvent)
            .where(col(ItemEvent.workspace) == self._workspace, col(ItemEvent.number) == number)
            .order_by(col(ItemEvent.seq))
        )
        return rows.all()

    async def event(self, number: int, seq: int) -> ItemEvent | None:
        return await self._session.get(ItemEvent, (self._workspace, number, seq))

    async def undo(self, item: Item, event: ItemEvent, *, by: str | None) -> None:
        """Put back what the event changed; undoing a capture drops the item, and can be undone."""
        before = {name: typed(name, change[0]) for name, change in event.changes.items()}
        if event.kind == "created":
            before = {"state": "dropped", "dropped_because": "taken back"}
        await self.change(item, before, by=by, kind="undone")

    async def last_event(self, number: int) -> ItemEvent | None:
        self._shows(f"item:{number}")
        return await self._session.scalar(_LAST_EVENT, self._which(number))

    async def last_event_of(self, person: str, team_id: int, since: datetime) -> ItemEvent | None:
        """Return what somebody did last with a team's items, if it was after `since`.

        What was taken back already does not count, nor do changes that stand in another table.
        """
        later = aliased(ItemEvent)
        undone = select(col(later.number)).where(
            col(later.workspace) == self._workspace,
            col(later.number) == col(ItemEvent.number),
            col(later.seq) > col(ItemEvent.seq),
            col(later.kind) == "undone",
        )
        return await self._session.scalar(
            select(ItemEvent)
            .where(
                col(ItemEvent.workspace) == self._workspace,
                col(ItemEvent.team_id) == team_id,
                col(ItemEvent.at) > since,
                col(ItemEvent.person) == person,
                col(ItemEvent.kind).not_in(("undone", *NOTED)),
                ~undone.exists(),
            )
            .order_by(  # of one instant, a change comes after a capture
                col(ItemEvent.at).desc(), col(ItemEvent.seq).desc(), col(ItemEvent.number).desc()
            )
            .limit(1)
        )

    async def of_team(self, team_id: int, *, states: Sequence[str] = OPEN_STATES) -> Sequence[Item]:
        """Return a team's items in these states, oldest first."""
        self._shows(f"backlog:{team_id}")
        rows = await self._session.scalars(
            select(Item)
            .where(
                col(Item.workspace) == self._workspace,
                col(Item.team_id) == team_id,
                col(Item.state).in_(states),
            )
            .order_by(col(Item.number))
        )
        return rows.all()

    async def ranked(self, team_id: int, *, limit: int, offset: int = 0) -> Sequence[Item]:
        """Return open items in the order of RANKING."""
        self._shows(f"backlog:{team_id}")
        rows = await self._session.scalars(
            select(Item).where(*self._open(team_id)).order_by(*RANKING).limit(limit).offset(offset)
        )
        return rows.all()

    async def count_open(self, team_id: int) -> int:
        self._shows(f"backlog:{team_id}")
        counting = select(func.count()).select_from(Item).where(*self._open(team_id))
        return int(await self._session.scalar(counting) or 0)

    def _open(self, team_id: int) -> tuple[Any, ...]:
        return (
            col(Item.workspace) == self._workspace,
            col(Item.team_id) == team_id,
            col(Item.state).in_(OPEN_STATES),
        )


# --- statements that most turns run, built once --------------------------------------------------

_ITEMS = table_of(Item).c
_EVENTS = table_of(ItemEvent).c
_WHICH = (
    col(ItemEvent.workspace) == bindparam("workspace_"),
    col(ItemEvent.number) == bindparam("number_"),
)

_SEVERAL = select(Item).where(
    col(Item.workspace) == bindparam("workspace_"),
    col(Item.number).in_(bindparam("of", expanding=True)),
)
_LAST_EVENT = select(ItemEvent).where(*_WHICH).order_by(col(ItemEvent.seq).desc()).limit(1)
_LAST_SEQ = Prepared(lambda _: select(func.max(_EVENTS.seq)).where(*_WHICH))
_RECORD = Prepared(lambda dialect: insert_on(dialect, ItemEvent))
