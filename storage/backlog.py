"""A team's backlog as people ask for it: ranked, somebody's, nobody's, finished, or by words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlmodel import col

from storage.items import OPEN_STATES, RANKING, Item
from storage.scope import Scope


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which of a team's items to list; what is not named does not matter.

    `words`: every word stands somewhere in the title, in finished items too.
    `accepted_since`: items accepted from this instant on, instead of open ones.
    """

    owner: str | None = None
    unowned: bool = False
    unscored: bool = False
    accepted_since: datetime | None = None
    words: tuple[str, ...] = ()


EVERYTHING_OPEN = Wanted()


@dataclass(frozen=True, slots=True)
class Ranked:
    """An item and its place among all open items of its team, from 1; None without a score."""

    item: Item
    rank: int | None


class Backlog(Scope):
    async def count(self, team_id: int, wanted: Wanted) -> int:
        found = await self._session.scalar(
            select(func.count()).select_from(Item).where(*self._matching(team_id, wanted))
        )
        return int(found or 0)

    async def page(
        self, team_id: int, wanted: Wanted, *, limit: int, offset: int = 0
    ) -> Sequence[Ranked]:
        """Return a page of items: open ones as ranked, then finished ones, the latest first."""
        places = self._places(team_id).subquery()
        rows = await self._session.execute(
            select(Item, places.c.place)
            .outerjoin(places, col(Item.number) == places.c.number)
            .where(*self._matching(team_id, wanted))
            .order_by(col(Item.state).not_in(OPEN_STATES), col(Item.finished_at).desc(), *RANKING)
            .limit(limit)
            .offset(offset)
        )
        return [Ranked(item, place) for item, place in rows]

    def _places(self, team_id: int) -> Select[tuple[int, int]]:
        return select(
            col(Item.number), func.row_number().over(order_by=RANKING).label("place")
        ).where(*self._of(team_id), col(Item.state).in_(OPEN_STATES), col(Item.wsjf).is_not(None))

    def _matching(self, team_id: int, wanted: Wanted) -> list[ColumnElement[bool]]:
        conditions = self._of(team_id)
        if wanted.accepted_since is not None:
            conditions += [
                col(Item.state) == "accepted",
                col(Item.finished_at) >= wanted.accepted_since,
            ]
        elif not wanted.words:
            conditions.append(col(Item.state).in_(OPEN_STATES))
        if wanted.owner is not None:
            conditions.append(col(Item.owner) == wanted.owner)
        if wanted.unowned:
            conditions.append(col(Item.owner).is_(None))
        if wanted.unscored:
            conditions.append(col(Item.wsjf).is_(None))
        if wanted.words:
            conditions.append(and_(*(_in_title(word) for word in wanted.words)))
        return conditions

    def _of(self, team_id: int) -> list[ColumnElement[bool]]:
        return [col(Item.workspace) == self._workspace, col(Item.team_id) == team_id]


def _in_title(word: str) -> ColumnElement[bool]:
    """Match a word anywhere in the title, whatever its case; % and _ are only themselves.

    SQLite folds the case of ASCII letters only, so the usual spellings are tried one by one.
    """
    spellings = dict.fromkeys((word, word.lower(), word.upper(), word.capitalize()))
    return or_(*(col(Item.title).icontains(spelling, autoescape=True) for spelling in spellings))
