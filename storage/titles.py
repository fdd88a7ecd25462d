"""Titles of open items, for finding those that say the same, in words or in meaning."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import and_, bindparam, select
from sqlmodel import col

from storage.item_indexes import OPEN
from storage.items import Item
from storage.phrasings import of_item
from storage.prepared import Prepared
from storage.repository import Repository
from storage.states import OPEN_STATES
from storage.tables import table_of
from storage.teams import Team
from storage.vectors import ItemVector

if TYPE_CHECKING:
    from storage.store import Store


class Titles(Repository):
    async def open(self, team_id: int, limit: int = 5_000) -> Sequence[tuple[int, str]]:
        """Return (number, title) of the newest open items, for finding ones that look alike."""
        self._shows(f"backlog:{team_id}")
        which = {"workspace_": self._workspace, "team": team_id, "most": limit}
        rows = await _OPEN_TITLES.rows(self._session, which)
        return [(number, title) for number, title in rows]

    async def elsewhere(
        self, train_id: int, team_id: int, limit: int = 5_000
    ) -> Sequence[tuple[int, str, int, str]]:
        """Return (number, title, team, its name) of the train's other open items that are signed.

        What nobody signed would tell of a small team who may have written it.
        """
        self._shows(f"train:{train_id}")
        rows = await self._session.execute(
            select(col(Item.number), col(Item.title), col(Team.id), col(Team.name))
            .join(
                Team,
                and_(col(Team.workspace) == col(Item.workspace), col(Team.id) == col(Item.team_id)),
            )
            .where(
                col(Item.workspace) == self._workspace,
                col(Team.train_id) == train_id,
                col(Team.id) != team_id,
                col(Item.created_by).is_not(None),
                OPEN,
            )
            .order_by(col(Item.number).desc())
            .limit(limit)
        )
        return [(number, title, team, name) for number, title, team, name in rows]

    async def held(self, numbers: Sequence[int]) -> dict[int, str]:
        """Return number → title, kept from changing until this transaction ends."""
        rows = await self._session.execute(
            select(col(Item.number), col(Item.title))
            .where(col(Item.workspace) == self._workspace, col(Item.number).in_(numbers))
            .with_for_update(read=True)
        )
        return dict(rows.all())


async def titles_to_read(store: Store, model: str, limit: int) -> list[tuple[str, int, str]]:
    """Return (workspace, number, title) of open items, in any workspace, that nobody read yet."""
    rows = await store.session.execute(
        select(col(Item.workspace), col(Item.number), col(Item.title))
        .outerjoin(ItemVector, of_item(ItemVector) & (col(ItemVector.model) == model))
        .where(col(Item.state).in_(OPEN_STATES), col(ItemVector.number).is_(None))
        .order_by(col(Item.workspace), col(Item.number).desc())
        .limit(limit)
    )
    return [(workspace, number, title) for workspace, number, title in rows]


async def titles_to_read_anew(store: Store, model: str, limit: int) -> list[tuple[str, int, str]]:
    """Return (workspace, number, title) of items, in any workspace, that another model read.

    Those that are done count, too: what people said of them is what Hone was taught.
    """
    rows = await store.session.execute(
        select(col(Item.workspace), col(Item.number), col(Item.title))
        .join(ItemVector, of_item(ItemVector))
        .where(col(ItemVector.model) != model)
        .order_by(col(Item.workspace), col(Item.number).desc())
        .limit(limit)
    )
    return [(workspace, number, title) for workspace, number, title in rows]


_ITEMS = table_of(Item).c
_OPEN_TITLES = Prepared(
    lambda _: (
        select(_ITEMS.number, _ITEMS.title)
        .where(
            _ITEMS.workspace == bindparam("workspace_"), _ITEMS.team_id == bindparam("team"), OPEN
        )
        .order_by(_ITEMS.number.desc())
        .limit(bindparam("most"))
    )
)
