"""What several teams of a train talk about: their reports, and what was confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select
from sqlmodel import Field, SQLModel, col

from storage.items import Item
from storage.notes import RetroNote
from storage.people import PersonRow
from storage.repository import Repository
from storage.retros import COUNTED, DONE, GROUPING, VOTING, Retro, RetroGroup
from storage.subjects import Subject
from storage.teams import Team, Train
from storage.types import UTCDateTime

_REVEALED = (GROUPING, VOTING, COUNTED, DONE)


class SharedTheme(SQLModel, table=True):
    """A theme that a person confirmed as the train's, with the item it became.

    `teams` of `all_teams` had reported it by then.
    """

    __tablename__ = "shared_themes"

    workspace: str = Field(primary_key=True, max_length=100)
    train_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    item: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    theme: str
    teams: int
    all_teams: int
    confirmed_at: datetime = Field(sa_type=UTCDateTime)


class JoinedTag(Subject, SQLModel, table=True):
    """A train's tag that counts as another one, `into`, which itself counts as none."""

    __tablename__ = "joined_tags"

    workspace: str = Field(primary_key=True, max_length=100)
    train_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    tag: str = Field(primary_key=True, max_length=40)
    into: str = Field(max_length=40)

    @property
    def subject(self) -> str:
        return f"train:{self.train_id}"


@dataclass(frozen=True, slots=True)
class Reported:
    """Something a team said: an item, or a group of a retro's notes (`retro` and `group`).

    `unsigned` tells that nobody put their name to any of it; `notes` counts the notes of the whole
    retro, which bounds from above how many people may have written.
    """

    team_id: int
    text: str
    themes: tuple[str, ...]
    item: int | None = None
    retro: int | None = None
    group: int | None = None
    unsigned: bool = False
    notes: int = 0


class Themes(Repository):
    async def reported(self, train_id: int, since: datetime) -> list[Reported]:
        """Return what the teams of a train reported since then: items, then retros' groups."""
        return [*await self._items(train_id, since), *await self._groups(train_id, since)]

    async def _items(self, train_id: int, since: datetime) -> list[Reported]:
        rows = await self._session.scalars(
            select(Item)
            .join(Team, _of_team(Item))
            .where(
                col(Item.workspace) == self._workspace,
                col(Team.train_id) == train_id,
                col(Item.level) == "team",
                col(Item.state) != "dropped",
                col(Item.created_at) >= since,
            )
            .order_by(col(Item.number))
        )
        return [
            Reported(
                item.team_id,
                item.title,
                tuple(item.themes),
                item=item.number,
                unsigned=item.created_by is None,
            )
            for item in rows
        ]

    async def _groups(self, train_id: int, since: datetime) -> list[Reported]:
        rows = await self._session.execute(
            select(RetroGroup, col(Retro.team_id), func.count(col(RetroNote.author)))
            .join(
                Retro,
                and_(
                    col(RetroGroup.workspace) == col(Retro.workspace),
                    col(RetroGroup.retro_id) == col(Retro.id),
                ),
            )
            .join(Team, _of_team(Retro))
            .outerjoin(
                Item,
                and_(
                    col(Item.workspace) == col(RetroGroup.workspace),
                    col(Item.number) == col(RetroGroup.item),
                ),
            )
            .outerjoin(
                RetroNote,
                and_(
                    col(RetroGroup.workspace) == col(RetroNote.workspace),
                    col(RetroGroup.retro_id) == col(RetroNote.retro_id),
                    col(RetroNote.group_no) == col(RetroGroup.no),
                ),
            )
            .where(
                col(RetroGroup.workspace) == self._workspace,
                col(Team.train_id) == train_id,
                col(Retro.stage).in_(_REVEALED),
                col(Retro.revealed_at) >= since,
                # else its item says it already, unless that is from before
                or_(col(RetroGroup.item).is_(None), col(Item.created_at) < since),
            )
            .group_by(
                col(RetroGroup.workspace),
                col(RetroGroup.retro_id),
                col(RetroGroup.no),
                col(Retro.team_id),
            )
            .order_by(col(RetroGroup.retro_id), col(RetroGroup.no))
        )
        groups = [(group, team_id, signed) for group, team_id, signed in rows]
        sizes = await self._sizes([group.retro_id for group, _, _ in groups])
        return [
            Reported(
                team_id,
                group.title,
                tuple(group.themes),
                retro=group.retro_id,
                group=group.no,
                unsigned=signed == 0,
                notes=sizes.get(group.retro_id, 0),
            )
            for group, team_id, signed in groups
        ]

    async def _sizes(self, retros: Sequence[int]) -> dict[int, int]:
        rows = await self._session.execute(
            select(col(RetroNote.retro_id), func.count())
            .where(col(RetroNote.workspace) == self._workspace, col(RetroNote.retro_id).in_(retros))
            .group_by(col(RetroNote.retro_id))
        )
        return dict(rows.all())

    async def people_by_team(self) -> dict[int, int]:
        """Return team → how many people spoke with it last."""
        rows = await self._session.execute(
            select(col(PersonRow.team_id), func.count())
            .where(col(PersonRow.workspace) == self._workspace, col(PersonRow.team_id).is_not(None))
            .group_by(col(PersonRow.team_id))
        )
        return {team: count for team, count in rows if team is not None}

    async def parts_of(self, whole: int) -> tuple[int, ...]:
        """Return the items that are part of this one."""
        return tuple(await self.parts([whole]))

    async def parts(self, wholes: Sequence[int]) -> dict[int, int]:
        """Return part → whole for the items that are part of one of these."""
        rows = await self._session.execute(
            select(col(Item.number), col(Item.part_of))
            .where(col(Item.workspace) == self._workspace, col(Item.part_of).in_(wholes))
            .order_by(col(Item.number))
        )
        return {number: whole for number, whole in rows if whole is not None}

    async def due_improvements(self, train_id: int, since: date, until: date) -> Sequence[Item]:
        """Return the improvements due from `since` on, and before `until`, that count.

        Dropped for a reason, or as duplicates, they do not.
        """
        rows = await self._session.scalars(
            select(Item)
            .join(Team, _of_team(Item))
            .where(
                col(Item.workspace) == self._workspace,
                col(Team.train_id) == train_id,
                col(Item.kind) == "improvement",
                col(Item.state) != "dropped",
                col(Item.due) >= since,
                col(Item.due) < until,
            )
            .order_by(col(Item.number))
        )
        return rows.all()

    # --- tags that are one ---

    async def joined(self, train_id: int) -> dict[str, str]:
        """Return tag → the tag of the train that it counts as."""
        return {row.tag: row.into for row in await self._joined(train_id)}

    async def join(self, train_id: int, into: str, tags: Sequence[str]) -> None:
        """Let tags count as one of the train; what counted as them does so, too."""
        rows = {row.tag: row for row in await self._joined(train_id)}
        if into in rows:
            await self._session.delete(rows.pop(into))
        for row in rows.values():
            if row.into in tags:
                row.into = into
        for tag in tags:
            if tag in rows:
                rows[tag].into = into
                continue
            self._session.add(
                JoinedTag(
                    workspace=self._workspace,
                    train_id=train_id,
                    tag=tag,
                    into=into,
                )
            )
        await self._session.flush()

    async def part(self, train_id: int, tag: str) -> str | None:
        """Let a tag count for itself again; return what it counted as, None if for itself."""
        row = await self._session.get(JoinedTag, (self._workspace, train_id, tag))
        if row is None:
            return None
        await self._session.delete(row)
        await self._session.flush()
        return row.into

    async def _joined(self, train_id: int) -> Sequence[JoinedTag]:
        self._shows(f"train:{train_id}")
        rows = await self._session.scalars(
            select(JoinedTag)
            .where(col(JoinedTag.workspace) == self._workspace, col(JoinedTag.train_id) == train_id)
            .order_by(col(JoinedTag.tag))
        )
        return rows.all()

    # --- what was confirmed ---

    async def hold(self, train_id: int) -> None:
        """Wait for others who confirm a theme of this train, until the transaction ends."""
        await self._session.get(Train, (self._workspace, train_id), with_for_update=True)

    async def confirm(
        self, train_id: int, theme: str, item: int, teams: int, all_teams: int
    ) -> None:
        """Keep that a person made a theme the train's, as this item."""
        self._session.add(
            SharedTheme(
                workspace=self._workspace,
                train_id=train_id,
                item=item,
                theme=theme,
                teams=teams,
                all_teams=all_teams,
                confirmed_at=self._now,
            )
        )
        await self._session.flush()

    async def confirmed(self, train_id: int, since: datetime) -> Sequence[SharedTheme]:
        """Return what was confirmed since then, the latest first."""
        which = {"workspace_": self._workspace, "train": train_id, "since": since}
        return (await self._session.scalars(_CONFIRMED, which)).all()

    async def worked_on(self, train_id: int, since: datetime) -> Sequence[SharedTheme]:
        """Return what was confirmed or closed since then, or is open still, the latest first."""
        rows = await self._session.scalars(
            select(SharedTheme)
            .join(
                Item,
                and_(
                    col(Item.workspace) == col(SharedTheme.workspace),
                    col(Item.number) == col(SharedTheme.item),
                ),
            )
            .where(
                col(SharedTheme.workspace) == self._workspace,
                col(SharedTheme.train_id) == train_id,
                or_(
                    col(SharedTheme.confirmed_at) >= since,
                    col(Item.finished_at) >= since,
                    col(Item.finished_at).is_(None),
                ),
            )
            .order_by(col(SharedTheme.confirmed_at).desc(), col(SharedTheme.item).desc())
        )
        return rows.all()


_CONFIRMED = (  # built once: each digest asks
    select(SharedTheme)
    .where(
        col(SharedTheme.workspace) == bindparam("workspace_"),
        col(SharedTheme.train_id) == bindparam("train"),
        col(SharedTheme.confirmed_at) >= bindparam("since"),
    )
    .order_by(col(SharedTheme.confirmed_at).desc(), col(SharedTheme.item).desc())
)


def _of_team(table: type[Item] | type[Retro]) -> ColumnElement[bool]:
    return and_(col(Team.workspace) == col(table.workspace), col(Team.id) == col(table.team_id))
