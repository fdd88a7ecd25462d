"""Items that were voted on and shipped: what a vote expected of them, and what came of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import col

from storage.items import Item, ItemEvent
from storage.repository import Repository
from storage.scores import IS_PRESENT, Score, scores_of

STARTED = "in progress"


@dataclass(frozen=True, slots=True)
class Shipped:
    """An accepted item with the score it was planned by, and the scores of its whole vote.

    `started` is when it was first in progress; None where it never was.
    """

    item: Item
    score: Score
    vote: Sequence[Score]
    started: datetime | None


class ShippedItems(Repository):
    async def of_teams(
        self, teams: Sequence[int], since: datetime, until: datetime | None = None
    ) -> list[Shipped]:
        """Return the scored items of these teams that were accepted since then, oldest first.

        Of those accepted `until` a moment, or up to now.
        """
        if until is None or until > self._now:  # nothing more is accepted in the past
            self._shows(*(f"backlog:{team}" for team in teams))
        rows = await self._session.execute(
            select(Item, Score)
            .join(Score, IS_PRESENT)
            .where(
                col(Item.workspace) == self._workspace,
                col(Item.team_id).in_(teams),
                col(Item.state) == "accepted",
                col(Item.finished_at) >= since,
                col(Item.finished_at) <= (until or self._now),
            )
            .order_by(col(Item.finished_at), col(Item.number), col(Score.version))
        )
        found = {item.number: (item, score) for item, score in rows}
        votes = await self._votes({score.poll_id for _, score in found.values()})
        started = await self._started(list(found))
        return [
            Shipped(item, score, votes[score.poll_id, score.version], started.get(item.number))
            for item, score in found.values()
        ]

    async def _votes(self, polls: set[int]) -> dict[tuple[int, int], list[Score]]:
        votes: dict[tuple[int, int], list[Score]] = defaultdict(list)
        for score in await self._session.scalars(scores_of(self._workspace, polls)):
            votes[score.poll_id, score.version].append(score)
        return votes

    async def _started(self, numbers: Sequence[int]) -> dict[int, datetime]:
        """Return when each item first was in progress."""
        rows = await self._session.execute(
            select(col(ItemEvent.number), col(ItemEvent.at), col(ItemEvent.changes))
            .where(col(ItemEvent.workspace) == self._workspace, col(ItemEvent.number).in_(numbers))
            .order_by(col(ItemEvent.number), col(ItemEvent.seq).desc())
        )
        return {
            number: at
            for number, at, changes in rows
            if changes.get("state", [None, None])[1] == STARTED
        }
