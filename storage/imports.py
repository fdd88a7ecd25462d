"""Items that lived elsewhere before: written with their own history, many at once.

Nothing written here counts as an edit by a person of Hone's: what `touched_at` says is when
somebody last changed the item in the tool that it comes from.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from types import SimpleNamespace
from typing import Any, Final

from sqlalchemy import bindparam, func, literal_column, select
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import col

from storage.counters import next_numbers
from storage.item_indexes import BEGINS, beginnings
from storage.items import Item, ItemEvent
from storage.prepared import Prepared
from storage.rechecks import check_day
from storage.reminders import remind
from storage.repository import Repository
from storage.states import FINISHED_STATES
from storage.tables import table_of
from storage.tallies import cells, tally
from storage.upsert import insert_on

LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""When an item was finished that a tool calls finished without saying when: in no week's count."""


@dataclass(frozen=True, slots=True)
class PastStep:
    """An item went from one state to another. `dropped_because` is empty unless it was dropped.

    Without `at` nobody knows when: no week counts it.
    """

    at: datetime | None
    before: str
    after: str
    reason: str = ""
    dropped_because: str = ""


@dataclass(frozen=True, slots=True)
class NewItem:
    """An item to write: its fields, and what happened to it since it was captured.

    `part_of` is the item that it becomes part of.
    """

    created: datetime
    touched: datetime
    steps: Sequence[PastStep]
    fields: Mapping[str, Any]
    part_of: int | None = None


class Imports(Repository):
    async def histories(self, team_id: int) -> dict[int, list[ItemEvent]]:
        """Return number → the events of a team's items, each item's oldest first."""
        mine = select(col(Item.number)).where(
            col(Item.workspace) == self._workspace, col(Item.team_id) == team_id
        )
        return await self._events(col(ItemEvent.number).in_(mine))

    async def histories_of(self, numbers: Sequence[int]) -> dict[int, list[ItemEvent]]:
        """Return the same of these items."""
        return await self._events(col(ItemEvent.number).in_(numbers)) if numbers else {}

    async def brought_in(self, numbers: Collection[int]) -> frozenset[int]:
        """Return those of some items that came from another tool, and were not written here."""
        self._shows(*(f"item:{number}" for number in numbers))
        if not numbers:
            return frozenset()
        rows = await self._session.scalars(
            select(col(ItemEvent.number)).where(
                col(ItemEvent.workspace) == self._workspace,
                col(ItemEvent.number).in_(sorted(numbers)),
                col(ItemEvent.seq) == 1,
                col(ItemEvent.kind) == "imported",
            )
        )
        return frozenset(rows)

    async def _events(self, which: Any) -> dict[int, list[ItemEvent]]:
        rows = await self._session.scalars(
            select(ItemEvent)
            .where(col(ItemEvent.workspace) == self._workspace, which)
            .order_by(col(ItemEvent.number), col(ItemEvent.seq))
        )
        by_item: defaultdict[int, list[ItemEvent]] = defaultdict(list)
        for event in rows:
            by_item[event.number].append(event)
        return by_item

    async def held(self, numbers: Sequence[int]) -> dict[int, Item]:
        """Return number → item, all kept from changing until this transaction ends."""
        if not numbers:
            return {}
        rows = await self._session.scalars(
            select(Item)
            .where(col(Item.workspace) == self._workspace, col(Item.number).in_(numbers))
            .order_by(col(Item.number))
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        return {item.number: item for item in rows}

    async def titled(self, team_id: int, titles: Sequence[str]) -> Sequence[tuple[int, str]]:
        """Return (number, title) of a team's items that may have one of these titles.

        They begin alike. Whoever asks compares: no two databases fold case alike.
        """
        if not titles:
            return []
        rows = await self._session.execute(
            select(col(Item.number), col(Item.title)).where(
                col(Item.workspace) == self._workspace,
                col(Item.team_id) == team_id,
                literal_column(BEGINS.text).in_(beginnings(titles)),
            )
        )
        return [(number, title) for number, title in rows]

    async def numbers(self, count: int) -> Sequence[int]:
        """Return numbers for so many new items."""
        return await next_numbers(self._session, self._workspace, "item", count) if count else ()

    async def add(self, team_id: int, new: Sequence[tuple[int, NewItem]]) -> None:
        """Write new items under these numbers, each captured at an instant of the past."""
        if not new:
            return
        items = [self._item(team_id, number, each) for number, each in new]
        for item in items:
            if item.metric and item.finished_at not in (None, LONG_AGO):
                day = item.finished_at.date()
                vars(item).update(await check_day(self._session, item, {}, day))
        await _ADD_ITEMS.change(self._session, [vars(item) for item in items])
        events = [
            event
            for item, (_, each) in zip(items, new, strict=True)
            for event in self._first_events(item, each)
        ]
        await _ADD_EVENTS.change(self._session, events)
        self._marks(f"backlog:{team_id}", *(f"owner:{item.owner}" for item in items if item.owner))
        self._marks(*(f"item:{each.part_of}" for _, each in new if each.part_of))
        for item in items:
            tally(self._session, {}, cells(item))
            is_due = item.kind == "improvement" and item.owner and item.due
            to_check = item.check_on is not None and item.check_on >= self._now.date()
            if is_due or to_check:  # others ask for the rest, and what is long past stays so
                await remind(self._session, item, self._now)

    def _first_events(self, item: Any, new: NewItem) -> Iterator[dict[str, Any]]:
        yield self._event(item, 1, new.created, {"state": [None, "captured"]})
        past = list(self._past_events(item, new.steps, 1, ""))
        yield from past
        if new.part_of is not None:
            changes = {"part_of": [None, new.part_of]}
            yield self._event(item, len(past) + 2, self._now, changes)

    def _item(self, team_id: int, number: int, new: NewItem) -> Any:
        """Return a row to insert, its columns as attributes: an Item takes ten times as long."""
        item: Any = SimpleNamespace(
            **_unset(),
            workspace=self._workspace,
            number=number,
            team_id=team_id,
            created_at=new.created,
            touched_at=new.touched,
        )
        item.part_of = new.part_of
        vars(item).update(new.fields)
        _arrive(item, new.steps)
        return item

    async def continue_history(self, item: Item, steps: Sequence[PastStep]) -> None:
        """Add what happened to a known item after its last event."""
        last = await self._session.scalar(
            select(func.max(col(ItemEvent.seq))).where(
                col(ItemEvent.workspace) == self._workspace,
                col(ItemEvent.number) == item.number,
            )
        )
        self._marks(*item.touches)
        events = list(self._past_events(item, steps, last or 0, item.dropped_because))
        await _ADD_EVENTS.change(self._session, events)
        counted = cells(item)
        last_step = {"state": steps[-1].after}
        day = (steps[-1].at or self._now).date()
        checked = await check_day(self._session, item, last_step, day)
        _arrive(item, steps)
        item.check_on = checked.get("check_on", item.check_on)
        await self._session.flush()
        tally(self._session, counted, cells(item))
        await remind(self._session, item, self._now)

    async def join(self, joining: Sequence[tuple[Item, int | None]]) -> None:
        """Let items be part of others, many at once; None takes one out again."""
        changing = [(item, parent) for item, parent in joining if item.part_of != parent]
        if not changing:
            return
        last = await self._last_seqs([item.number for item, _ in changing])
        events = []
        for item, parent in changing:
            changes = {"part_of": [item.part_of, parent]}
            events.append(self._event(item, last[item.number] + 1, self._now, changes))
            self._marks(*item.touches)  # what it leaves
            set_committed_value(item, "part_of", parent)  # written below, all at once
            self._marks(*item.touches)
        which = [{"number_": item.number, "part_of_": parent} for item, parent in changing]
        await _JOIN.change(self._session, [w | {"workspace_": self._workspace} for w in which])
        await _ADD_EVENTS.change(self._session, events)

    async def _last_seqs(self, numbers: Sequence[int]) -> dict[int, int]:
        rows = await self._session.execute(
            select(col(ItemEvent.number), func.max(col(ItemEvent.seq)))
            .where(col(ItemEvent.workspace) == self._workspace, col(ItemEvent.number).in_(numbers))
            .group_by(col(ItemEvent.number))
        )
        return defaultdict(int, ((number, seq) for number, seq in rows))

    def touched_there(self, item: Item, at: datetime | None, rank: str | None) -> None:
        """Note when somebody last changed the item in its tool, and how that ranks it."""
        if at is not None and at > item.touched_at:
            item.touched_at = at
        if rank is not None and item.source_rank != rank:
            item.source_rank = rank

    def _past_events(
        self, item: Item, steps: Sequence[PastStep], after: int, why: str
    ) -> Iterable[dict[str, Any]]:
        seq = after
        for step in steps:
            if step.at is None:
                continue  # a change without a day would be this day's
            seq += 1
            changes: dict[str, Any] = {"state": [step.before, step.after]}
            if why != step.dropped_because:
                changes["dropped_because"] = [why, step.dropped_because]
                why = step.dropped_because
            yield self._event(item, seq, step.at, changes, step.reason)

    def _event(
        self, item: Item, seq: int, at: datetime, changes: dict[str, Any], reason: str = ""
    ) -> dict[str, Any]:
        return {
            "workspace": self._workspace,
            "number": item.number,
            "seq": seq,
            "team_id": item.team_id,
            "at": at,
            "person": None,
            "kind": "imported",
            "changes": changes,
            "reason": reason,
        }


def _arrive(item: Item, steps: Sequence[PastStep]) -> None:
    """Put an item where its last step led."""
    if steps:
        last = steps[-1]
        item.state, item.dropped_because = last.after, last.dropped_because
        item.finished_at = (last.at or LONG_AGO) if last.after in FINISHED_STATES else None
        item.finished_by = None


@cache
def _unset() -> Mapping[str, Any]:
    """Return what an item has in the columns that nobody fills: only read, for all share it."""
    given = ("workspace", "number", "team_id", "created_at", "touched_at")
    blank = Item(
        workspace="", number=0, team_id=0, title="", created_at=LONG_AGO, touched_at=LONG_AGO
    )
    return {name: value for name, value in blank.model_dump().items() if name not in given}


_JOIN = Prepared(
    lambda _: (
        table_of(Item)
        .update()
        .where(
            col(Item.workspace) == bindparam("workspace_"), col(Item.number) == bindparam("number_")
        )
        .values(part_of=bindparam("part_of_"))
    )
)
_ADD_ITEMS = Prepared(lambda dialect: insert_on(dialect, Item))
_ADD_EVENTS = Prepared(lambda dialect: insert_on(dialect, ItemEvent))
