"""What an item waits for: another item, or another team, since when and until when."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Index, Select, and_, func, select, text
from sqlalchemy.orm import aliased
from sqlmodel import Field, SQLModel, col

from storage.ids import new_id
from storage.items import OPEN_STATES, Item
from storage.scope import Scope
from storage.teams import Team
from storage.types import UTCDateTime

CHAIN_MAX = 500
"""Items looked at on the way along a chain of links; nobody keeps longer chains."""

UNRESOLVED = text("resolved_at IS NULL")


class ItemLink(SQLModel, table=True):
    """Item `number` waits for an item, for a team that Hone knows, or for somebody by name.

    `team_id` is the team whose item waits. A link to an item ends when that item does, and lives
    again if that item is reopened; `resolved_at` ends it for good.
    """

    __tablename__ = "item_links"
    __table_args__ = (
        Index("ix_item_links_number", "workspace", "number"),
        Index("ix_item_links_on_item", "workspace", "on_item"),
        Index(
            "ix_item_links_open",
            "workspace",
            "team_id",
            sqlite_where=UNRESOLVED,
            postgresql_where=UNRESOLVED,
        ),
    )

    workspace: str = Field(primary_key=True, max_length=100)
    id: str = Field(primary_key=True, max_length=32)
    number: int
    team_id: int
    on_item: int | None = None
    on_team: int | None = None
    on_name: str = ""
    opened_at: datetime = Field(sa_type=UTCDateTime)
    opened_by: str | None = Field(default=None, max_length=200)
    resolved_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


_MINE: Any = aliased(Item)
_OTHER: Any = aliased(Item)
_THEIRS: Any = aliased(Team)


@dataclass(frozen=True, slots=True)
class Target:
    """What to wait for: exactly one of an item's number, a team's id, or a name."""

    item: int | None = None
    team: int | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Blocker:
    """A link with what it takes to tell it. `words` reads `#12 Title`, or the team's name.

    `team` is the other team's name, empty within one team.
    """

    number: int
    title: str
    target: Target
    words: str
    team: str
    opened_at: datetime
    resolved_at: datetime | None


class Links(Scope):
    async def open_of(self, number: int) -> Sequence[Blocker]:
        """Return what an item waits for now, the longest awaited first."""
        found = await self._blockers(self._joined(col(ItemLink.number) == number))
        return [link for link in found if link.resolved_at is None]

    async def open_of_team(self, team_id: int) -> Sequence[Blocker]:
        """Return what a team's open items wait for now, the longest awaited first."""
        found = await self._blockers(
            self._joined(col(ItemLink.team_id) == team_id, UNRESOLVED, _MINE.state.in_(OPEN_STATES))
        )
        return [link for link in found if link.resolved_at is None]

    async def waiting_for(self, number: int) -> Sequence[Blocker]:
        """Return the links of the items that wait for this one, while it is open."""
        found = await self._blockers(self._joined(col(ItemLink.on_item) == number))
        return [link for link in found if link.resolved_at is None]

    async def set(self, number: int, wanted: Collection[Target], *, by: str | None) -> bool:
        """Let an item wait for exactly these; what is no longer named is resolved.

        Return whether anything changed.
        """
        rows = await self._session.scalars(
            select(ItemLink).where(
                col(ItemLink.workspace) == self._workspace,
                col(ItemLink.number) == number,
                col(ItemLink.resolved_at).is_(None),
            )
        )
        now = {Target(row.on_item, row.on_team, row.on_name): row for row in rows}
        new = [target for target in dict.fromkeys(wanted) if target not in now]
        gone = [row for target, row in now.items() if target not in wanted]
        for row in gone:
            row.resolved_at = self._now
        item = await self._session.get_one(Item, (self._workspace, number))
        self._session.add_all(
            ItemLink(
                workspace=self._workspace,
                id=new_id(self._now),
                number=number,
                team_id=item.team_id,
                on_item=target.item,
                on_team=target.team,
                on_name=target.name,
                opened_at=self._now,
                opened_by=by,
            )
            for target in new
        )
        await self._session.flush()
        return bool(new or gone)

    async def waits(self, number: int, for_item: int) -> bool:
        """Tell whether an item waits for another one, directly or through others."""
        seen: set[int] = set()
        ahead = {number}
        while ahead and len(seen) < CHAIN_MAX:
            seen |= ahead
            rows = await self._session.scalars(
                select(col(ItemLink.on_item)).where(
                    col(ItemLink.workspace) == self._workspace,
                    col(ItemLink.number).in_(ahead),
                    col(ItemLink.on_item).is_not(None),
                    col(ItemLink.resolved_at).is_(None),
                )
            )
            ahead = {found for found in rows if found is not None} - seen
            if for_item in ahead:
                return True
        return False

    def _joined(self, *conditions: Any) -> Select[tuple[ItemLink, Item, Item | None, str | None]]:
        """Join links with their item, the item waited for, and the other team's name."""
        joined: Select[Any] = (
            select(ItemLink, _MINE, _OTHER, _THEIRS.name)
            .join(_MINE, _same(_MINE, ItemLink.number))
            .outerjoin(_OTHER, _same(_OTHER, ItemLink.on_item))
            .outerjoin(
                _THEIRS,
                and_(
                    _THEIRS.workspace == col(ItemLink.workspace),
                    _THEIRS.id == func.coalesce(_OTHER.team_id, col(ItemLink.on_team)),
                    _THEIRS.id != _MINE.team_id,
                ),
            )
            .where(col(ItemLink.workspace) == self._workspace, *conditions)
            .order_by(col(ItemLink.opened_at), col(ItemLink.id))
        )
        return joined

    async def _blockers(self, wanted: Select[Any]) -> Sequence[Blocker]:
        rows = await self._session.execute(wanted)
        return [_blocker(link, mine, other, team) for link, mine, other, team in rows]


def _same(item: Any, number: Any) -> ColumnElement[bool]:
    return and_(item.workspace == col(ItemLink.workspace), item.number == number)


def _blocker(link: ItemLink, mine: Item, other: Item | None, team: str | None) -> Blocker:
    words = f"#{other.number} {other.title}" if other else team or link.on_name
    return Blocker(
        number=mine.number,
        title=mine.title,
        target=Target(link.on_item, link.on_team, link.on_name),
        words=words,
        team=team or link.on_name,
        opened_at=link.opened_at,
        resolved_at=link.resolved_at or (other.finished_at if other else None),
    )
