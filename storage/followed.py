"""What became of the items that a team follows in a tracker, counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, String, and_, case, cast, func, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from storage.items import ItemEvent
from storage.posts import PostRow
from storage.repository import Repository
from storage.tracked import Tracked

REFUSALS_MAX: Final = 5
OUTDONE_MAX: Final = 500


@dataclass(frozen=True, slots=True)
class Figures:
    """How many items of a scope are here, and what is not well with some of them.

    `waiting` counts items with something still to be written; `refused` those of which something
    was not taken, `refusals` the first few as (number, key, sentence). `conflicts` are items that
    both sides changed, as far as whoever asks has counted them.
    """

    items: int = 0
    restricted: int = 0
    gone: int = 0
    waiting: int = 0
    refused: int = 0
    refusals: tuple[tuple[int, str, str], ...] = ()
    conflicts: int = 0


class FollowedItems(Repository):
    async def figures(self, scope_id: int, channel: str) -> Figures:
        """Return how a scope's items stand at this moment; no card that stands shows it.

        `channel` is where records of the scope are sent to.
        """
        here = self._of(scope_id)
        shown = and_(col(Tracked.restricted_at).is_(None), col(Tracked.gone_at).is_(None))
        is_refused = and_(cast(col(Tracked.refused), String) != "{}", shown)
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

    async def outdone_in(self, scope_id: int) -> list[int]:
        """Return items of a scope of which a value gave way that nobody has agreed to since."""
        later = aliased(ItemEvent)
        agreed = select(col(later.number)).where(
            col(later.workspace) == self._workspace,
            col(later.number) == col(ItemEvent.number),
            col(later.seq) > col(ItemEvent.seq),
            col(later.kind) == "agreed",
        )
        shown = col(Tracked.restricted_at).is_(None), col(Tracked.gone_at).is_(None)
        rows = await self._session.scalars(
            select(col(ItemEvent.number))
            .join(
                Tracked,
                and_(
                    col(Tracked.workspace) == col(ItemEvent.workspace),
                    col(Tracked.number) == col(ItemEvent.number),
                ),
            )
            .where(*self._of(scope_id), *shown, col(ItemEvent.kind) == "outdone", ~agreed.exists())
            .distinct()
            .order_by(col(ItemEvent.number))
            .limit(OUTDONE_MAX)
        )
        return list(rows)

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
