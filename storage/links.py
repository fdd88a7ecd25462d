"""What an item waits for: another item, or another team, since when and until when."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    TextClause,
    and_,
    bindparam,
    func,
    or_,
    select,
    update,
)
from sqlmodel import col

from storage.ids import new_id
from storage.item_links import BEGUN, UNRESOLVED, ItemLink
from storage.items import Item
from storage.prepared import Prepared, Row
from storage.repository import Repository, changed_rows
from storage.tables import table_of
from storage.teams import Team
from storage.timers import Timers

CHAIN_MAX = 500
"""Items looked at on the way along a chain of links; nobody keeps longer chains."""


@dataclass(frozen=True, slots=True)
class Target:
    """What to wait for: exactly one of an item's number, a team's id, or a name."""

    item: int | None = None
    team: int | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Blocker:
    """A link with what it takes to tell it. `words` reads `#12 Title`, or the team's name.

    `team` is the other team's name, empty within one team; `other` its id, None for somebody whom
    Hone knows by name alone. `own` and `own_team` are the team whose item waits. `due` is the day
    of the item waited for. `is_signed` and `other_is_signed`: somebody put their name to the item
    that waits, and to the one waited for.
    """

    number: int
    title: str
    target: Target
    words: str
    team: str
    opened_at: datetime
    resolved_at: datetime | None
    own: int
    own_team: str
    other: int | None
    due: date | None
    reminded_at: datetime | None
    is_signed: bool
    other_is_signed: bool

    @property
    def subjects(self) -> tuple[str, ...]:
        """What its words tell of: the items at both ends, and the other team's name."""
        ends = [f"item:{self.number}"]
        if self.target.item:
            ends.append(f"item:{self.target.item}")
        return (*ends, "teams") if self.team else tuple(ends)


class Links(Repository):
    async def open_of(self, number: int) -> Sequence[Blocker]:
        """Return what an item waits for now, the longest awaited first."""
        self._shows(f"item:{number}")
        return await self._open(_OF_ITEM, number=number)

    async def open_of_team(self, team_id: int) -> Sequence[Blocker]:
        """Return what a team's open items wait for now, the longest awaited first."""
        return await self._open(_OF_TEAM, team=team_id)

    async def awaited_of_team(self, team_id: int) -> Sequence[Blocker]:
        """Return what other teams' open items wait for of this team, the longest awaited first."""
        return await self._open(_ON_TEAM, team=team_id)

    async def between_teams(self, train_id: int) -> Sequence[Blocker]:
        """Return what a train's open items wait for outside of their team, the longest first."""
        links = await self._open(_OF_TRAIN, train=train_id)
        return [link for link in links if link.team]

    async def at_either_end(self, number: int) -> Sequence[Blocker]:
        """Return the links of an item to and from other teams, of finished ones as well."""
        rows = await _EITHER_END.rows(
            self._session, {"workspace_": self._workspace, "number": number}
        )
        return [link for link in map(_blocker, rows) if link.team]

    async def find(self, number: int, target: Target) -> Blocker | None:
        """Return the newest link from an item to this, however it stands.

        What waited for a team may wait for an item of it by now: that is the same link.
        """
        self._shows(f"item:{number}", *([f"item:{target.item}"] if target.item else []))
        which = {"workspace_": self._workspace, "number": number}
        links = [_blocker(row) for row in await _OF_ITEM.rows(self._session, which)]
        found = [link for link in links if link.target == target]
        if not found and target.team:
            found = [link for link in links if link.other == target.team]
        self._shows(*(subject for link in found for subject in link.subjects))
        return found[-1] if found else None

    async def taken_on(self, number: int, team_id: int, item: int) -> None:
        """Let an item that waits for a team wait for this item of it, since when it has waited."""
        rows = await self._session.scalars(
            select(ItemLink).where(
                col(ItemLink.workspace) == self._workspace,
                col(ItemLink.number) == number,
                col(ItemLink.on_team) == team_id,
                col(ItemLink.resolved_at).is_(None),
            )
        )
        for row in rows:
            row.on_team, row.on_item = None, item
        await self._session.flush()

    async def remind(self, number: int, team_id: int) -> bool:
        """Note that a team was reminded of what an item waits for; False if there is nothing."""
        their_items = select(col(Item.number)).where(
            col(Item.workspace) == self._workspace, col(Item.team_id) == team_id
        )
        result = await self._session.execute(
            update(ItemLink)
            .where(
                col(ItemLink.workspace) == self._workspace,
                col(ItemLink.number) == number,
                col(ItemLink.resolved_at).is_(None),
                or_(col(ItemLink.on_team) == team_id, col(ItemLink.on_item).in_(their_items)),
            )
            .values(reminded_at=self._now)
            .execution_options(synchronize_session=False)
        )
        self._marks(f"item:{number}")
        return changed_rows(result) > 0

    async def waiting_for(self, number: int) -> Sequence[Blocker]:
        """Return the links of the items that wait for this one, while it is open."""
        self._shows(f"item:{number}")
        return await self._open(_ON_ITEM, number=number)

    async def set(self, number: int, wanted: Collection[Target], *, is_told: bool = True) -> bool:
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
            )
            for target in new
        )
        await self._session.flush()
        if new and is_told:  # what a tool brings in all at once is listed, and told by none
            timers = Timers(self._session, self._workspace, self._now)
            await timers.set(BEGUN, str(number), self._now)
        return bool(new or gone)

    async def adjust(
        self, number: int, more: Collection[int], no_more: Collection[int] = ()
    ) -> None:
        """Let an item wait for more items and no more for others; what is so already stays so."""
        if not (more or no_more):
            return
        rows = await self._session.scalars(
            select(ItemLink).where(
                col(ItemLink.workspace) == self._workspace,
                col(ItemLink.number) == number,
                col(ItemLink.resolved_at).is_(None),
            )
        )
        targets = {Target(row.on_item, row.on_team, row.on_name) for row in rows}
        targets |= {Target(item=other) for other in more}
        await self.set(number, targets - {Target(item=other) for other in no_more}, is_told=False)

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
            ahead = {blocker for blocker in rows if blocker is not None} - seen
            if for_item in ahead:
                return True
        return False

    async def _open(self, wanted: Prepared, **which: int) -> Sequence[Blocker]:
        rows = await wanted.rows(self._session, {"workspace_": self._workspace, **which})
        blockers = [_blocker(row) for row in rows]
        self._shows(*(subject for link in blockers for subject in link.subjects))
        return [link for link in blockers if link.resolved_at is None]


def _blocker(row: Row) -> Blocker:
    """Return the link of a row of `_joined`."""
    number, title, author, own, own_team, *link = row
    on_item, on_team, on_name, opened_at, resolved_at, reminded_at, *others = link
    their_title, their_author, finished_at, due, other, team = others
    return Blocker(
        number=number,
        title=title,
        target=Target(on_item, on_team, on_name),
        words=f"#{on_item} {their_title}" if their_title is not None else team or on_name,
        team=team or on_name,
        opened_at=opened_at,
        resolved_at=resolved_at or finished_at,
        own=own,
        own_team=own_team,
        other=other,
        due=due,
        reminded_at=reminded_at,
        is_signed=author is not None,
        other_is_signed=on_item is None or their_author is not None,
    )


# --- statements that every card of an item runs, built once --------------------------------------

_LINKS = table_of(ItemLink).c
_MINE = table_of(Item).alias("mine").c
_OTHER = table_of(Item).alias("other").c
_THEIRS = table_of(Team).alias("theirs").c
_OURS = table_of(Team).alias("ours").c


def _joined(*conditions: ColumnElement[bool] | TextClause) -> Select[Any]:
    """Join links with their item, the item waited for, and the other team's name."""
    other_team = and_(
        _THEIRS.workspace == _LINKS.workspace,
        _THEIRS.id == func.coalesce(_OTHER.team_id, _LINKS.on_team),
        _THEIRS.id != _MINE.team_id,
    )
    own_team = and_(_OURS.workspace == _LINKS.workspace, _OURS.id == _MINE.team_id)
    tables = (
        _LINKS.id.table.join(_MINE.number.table, _same(_MINE, _LINKS.number))
        .join(_OURS.id.table, own_team)
        .outerjoin(_OTHER.number.table, _same(_OTHER, _LINKS.on_item))
        .outerjoin(_THEIRS.id.table, other_team)
    )
    return (
        select(
            *(_MINE.number, _MINE.title, _MINE.created_by, _OURS.id, _OURS.name),
            *(_LINKS.on_item, _LINKS.on_team, _LINKS.on_name),
            *(_LINKS.opened_at, _LINKS.resolved_at, _LINKS.reminded_at),
            *(_OTHER.title, _OTHER.created_by, _OTHER.finished_at, _OTHER.due),
            *(_THEIRS.id, _THEIRS.name),
        )
        .select_from(tables)
        .where(_LINKS.workspace == bindparam("workspace_"), *conditions)
        .order_by(_LINKS.opened_at, _LINKS.id)
    )


def _same(item: Any, number: Any) -> ColumnElement[bool]:
    return and_(item.workspace == _LINKS.workspace, item.number == number)


_WAITS = and_(_MINE.finished_at.is_(None), UNRESOLVED)
_OF_ITEM = Prepared(lambda _: _joined(_LINKS.number == bindparam("number")))
_ON_ITEM = Prepared(lambda _: _joined(_LINKS.on_item == bindparam("number")))
_EITHER_END = Prepared(
    lambda _: _joined(
        or_(_LINKS.number == bindparam("number"), _LINKS.on_item == bindparam("number")), UNRESOLVED
    )
)
_OF_TEAM = Prepared(lambda _: _joined(_LINKS.team_id == bindparam("team"), _WAITS))
_ON_TEAM = Prepared(lambda _: _joined(_THEIRS.id == bindparam("team"), _WAITS))
_OF_TRAIN = Prepared(lambda _: _joined(_OURS.train_id == bindparam("train"), _WAITS))
