"""What happened to a team's items since some instant, for those who look back together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlmodel import col

from storage.items import Item, ItemEvent
from storage.repository import Repository
from storage.states import WORKING_STATES


class LookingBack(Repository):
    async def events(self, team_id: int, since: datetime) -> Sequence[ItemEvent]:
        """Return the events of a team's items since then, oldest first."""
        rows = await self._session.scalars(
            select(ItemEvent)
            .where(
                col(ItemEvent.workspace) == self._workspace,
                col(ItemEvent.team_id) == team_id,
                col(ItemEvent.at) > since,
            )
            .order_by(col(ItemEvent.at), col(ItemEvent.number), col(ItemEvent.seq))
        )
        return rows.all()

    async def thought_through(self, team_id: int, limit: int = 10) -> Sequence[Item]:
        """Return the team's latest items that state a hypothesis or were coached, newest first."""
        rows = await self._session.scalars(
            select(Item)
            .where(
                col(Item.workspace) == self._workspace,
                col(Item.team_id) == team_id,
                col(Item.created_by).is_not(None),
                or_(col(Item.metric) != "", col(Item.experiment) != ""),
            )
            .order_by(col(Item.number).desc())
            .limit(limit)
        )
        return rows.all()

    async def longest_under_way(self, team_id: int) -> tuple[Item, datetime] | None:
        """Return the team's item that has been under way longest, and since when."""
        working = await self._session.scalars(
            select(Item).where(
                col(Item.workspace) == self._workspace,
                col(Item.team_id) == team_id,
                col(Item.state).in_(WORKING_STATES),
            )
        )
        items = {item.number: item for item in working}
        rows = await self._session.scalars(
            select(ItemEvent)
            .where(
                col(ItemEvent.workspace) == self._workspace,
                col(ItemEvent.number).in_(items),
            )
            .order_by(col(ItemEvent.number), col(ItemEvent.seq))
        )
        began: dict[int, datetime] = {}
        for event in rows:
            before, after = event.changes.get("state", (None, None))
            if after in WORKING_STATES and before not in WORKING_STATES:
                began[event.number] = event.at
        if not began:
            return None
        number = min(began, key=lambda each: (began[each], each))
        return items[number], began[number]
