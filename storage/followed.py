"""What became of the items that a team follows in a tracker, counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, String, case, cast, func, select
from sqlmodel import col

from storage.posts import PostRow
from storage.repository import Repository
from storage.tracked import Tracked

REFUSALS_MAX: Final = 5


@dataclass(frozen=True, slots=True)
class Figures:
    """How many items of a scope are here, and what is not well with some of them.

    `waiting` counts items with something still to be written; `refused` those of which something
    was not taken, `refusals` the first few as (number, key, sentence).
    """

    items: int = 0
    restricted: int = 0
    gone: int = 0
    waiting: int = 0
    refused: int = 0
    refusals: tuple[tuple[int, str, str], ...] = ()


class FollowedItems(Repository):
    async def figures(self, scope_id: int, channel: str) -> Figures:
        """Return how a scope's items stand at this moment; no card that stands shows it.

        `channel` is where records of the scope are sent to.
        """
        here = self._of(scope_id)
        is_refused = cast(col(Tracked.refused), String) != "{}"
        counts = await self._session.execute(
            select(
                func.count(),
                func.count(col(Tracked.restricted_at)),
                func.count(col(Tracked.gone_at)),
                func.count(case((is_refused, 1))),
            ).where(*here)
        )
        items, restricted, gone, refused = counts.one()
        some = await self._session.execute(
            select(col(Tracked.number), col(Tracked.key), col(Tracked.refused))
            .where(*here, is_refused)
            .order_by(col(Tracked.number))
            .limit(REFUSALS_MAX)
        )
        return Figures(
            items,
            restricted,
            gone,
            await self._waiting(channel),
            refused,
            tuple((number, key, next(iter(why.values()))) for number, key, why in some),
        )

    async def _waiting(self, channel: str) -> int:
        waiting = await self._session.scalar(
            select(func.count()).where(
                col(PostRow.workspace) == self._workspace,
                col(PostRow.channel) == channel,
                col(PostRow.state) == "live",
                col(PostRow.wanted) > col(PostRow.shown),
            )
        )
        return waiting or 0

    def _of(self, scope_id: int) -> tuple[ColumnElement[bool], ...]:
        return col(Tracked.workspace) == self._workspace, col(Tracked.scope_id) == scope_id
