"""Items that lived elsewhere before: found by their key there, written with their own history."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlmodel import col

from storage.counters import next_number
from storage.items import Item, ItemEvent
from storage.reminders import remind
from storage.repository import Repository
from storage.states import FINISHED_STATES
from storage.tallies import cells, tally

KEYS_AT_ONCE = 500
"""SQLite takes some thousand values in one statement."""


@dataclass(frozen=True, slots=True)
class PastStep:
    """An item went from one state to another. `dropped_because` is empty unless it was dropped."""

    at: datetime
    before: str
    after: str
    reason: str = ""
    dropped_because: str = ""


class Imports(Repository):
    """Nothing written here counts as an edit by a person."""

    async def by_keys(self, keys: Sequence[str]) -> dict[str, Item]:
        """Return external key → item, in all teams of the workspace."""
        by_key: dict[str, Item] = {}
        for start in range(0, len(keys), KEYS_AT_ONCE):
            rows = await self._session.scalars(
                select(Item).where(
                    col(Item.workspace) == self._workspace,
                    col(Item.external_key).in_(keys[start : start + KEYS_AT_ONCE]),
                )
            )
            by_key |= {item.external_key: item for item in rows if item.external_key}
        return by_key

    async def histories(self, team_id: int) -> dict[int, list[ItemEvent]]:
        """Return number → the events of a team's items, each item's oldest first."""
        rows = await self._session.scalars(
            select(ItemEvent)
            .where(
                col(ItemEvent.workspace) == self._workspace,
                col(ItemEvent.number).in_(
                    select(col(Item.number)).where(
                        col(Item.workspace) == self._workspace, col(Item.team_id) == team_id
                    )
                ),
            )
            .order_by(col(ItemEvent.number), col(ItemEvent.seq))
        )
        by_item: defaultdict[int, list[ItemEvent]] = defaultdict(list)
        for event in rows:
            by_item[event.number].append(event)
        return by_item

    async def add(
        self, team_id: int, created: datetime, steps: Sequence[PastStep], **fields: Any
    ) -> Item:
        """Write a new item, captured at an instant of the past, with all that happened since."""
        item = Item(
            workspace=self._workspace,
            number=await next_number(self._session, self._workspace, "item"),
            team_id=team_id,
            created_by=None,
            created_at=created,
            touched_at=created,
            **fields,
        )
        self._session.add(item)
        await self._session.flush()
        tally(self._session, {}, cells(item))
        captured = self._event(item, 1, created, {"state": [None, "captured"]})
        self._session.add(captured)
        await self._append(item, steps, after=1)
        return item

    async def continue_history(self, item: Item, steps: Sequence[PastStep]) -> None:
        """Add what happened to a known item after its last event."""
        last = await self._session.scalar(
            select(func.max(col(ItemEvent.seq))).where(
                col(ItemEvent.workspace) == self._workspace,
                col(ItemEvent.number) == item.number,
            )
        )
        await self._append(item, steps, after=last or 0)

    async def _append(self, item: Item, steps: Sequence[PastStep], *, after: int) -> None:
        self._marks(*item.touches)
        self._session.add_all(self._past_events(item, steps, after))
        counted = cells(item)
        if steps:
            item.state = steps[-1].after
            item.dropped_because = steps[-1].dropped_because
            item.finished_at = steps[-1].at if item.state in FINISHED_STATES else None
        await self._session.flush()
        tally(self._session, counted, cells(item))
        await remind(self._session, item, self._now)

    def _past_events(
        self, item: Item, steps: Sequence[PastStep], after: int
    ) -> Iterable[ItemEvent]:
        why = item.dropped_because
        for seq, step in enumerate(steps, after + 1):
            changes: dict[str, Any] = {"state": [step.before, step.after]}
            if why != step.dropped_because:
                changes["dropped_because"] = [why, step.dropped_because]
                why = step.dropped_because
            yield self._event(item, seq, step.at, changes, step.reason)

    def _event(
        self, item: Item, seq: int, at: datetime, changes: dict[str, Any], reason: str = ""
    ) -> ItemEvent:
        return ItemEvent(
            workspace=self._workspace,
            number=item.number,
            seq=seq,
            team_id=item.team_id,
            at=at,
            person=None,
            kind="imported",
            changes=changes,
            reason=reason,
        )
