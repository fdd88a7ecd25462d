"""A team's iterations: when each ran, and what was planned when it began."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, func, select, union, update
from sqlmodel import Field, SQLModel, col

from storage.items import Item, ItemEvent
from storage.prepared import Prepared
from storage.repository import Repository
from storage.states import TAKEN_ON_STATES
from storage.types import Json, UTCDateTime
from storage.upsert import insert_new


class IterationRow(SQLModel, table=True):
    """A time box from `starts_at` up to `ends_at`; `planned` are the items taken on by its start.

    What was added or removed later is told by the items' events.
    """

    __tablename__ = "iterations"

    workspace: str = Field(primary_key=True, max_length=100)
    team_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    starts_at: datetime = Field(primary_key=True, sa_type=UTCDateTime)
    ends_at: datetime = Field(sa_type=UTCDateTime)
    planned: list[int] = Field(default_factory=list, sa_type=Json)


class Iterations(Repository):
    async def of_team(self, team_id: int, since: datetime) -> Sequence[IterationRow]:
        """Return the iterations that ended after `since` or still run, oldest first."""
        which = {"workspace_": self._workspace, "team": team_id, "since": since}
        return (await self._session.scalars(_OF_TEAM, which)).all()

    async def begin(self, team_id: int, starts_at: datetime, ends_at: datetime) -> None:
        """Note an iteration with what was planned at its start, also long after; once."""
        planned = await self._planned_at(team_id, starts_at)
        iteration = {
            "workspace": self._workspace,
            "team_id": team_id,
            "starts_at": starts_at,
            "ends_at": ends_at,
            "planned": planned,
        }
        await _BEGIN.change(self._session, iteration)

    async def tell_anew(self, team_id: int, since: datetime) -> None:
        """Note again what was planned in the iterations that ended since, by all events there are.

        An imported item tells of a past that nobody knew when they began.
        """
        for iteration in await self.of_team(team_id, since):
            iteration.planned = await self._planned_at(team_id, iteration.starts_at)

    async def cut(self, team_id: int, at: datetime) -> None:
        """End what runs at an instant and forget what was to begin from then on."""
        mine = (
            col(IterationRow.workspace) == self._workspace,
            col(IterationRow.team_id) == team_id,
        )
        await self._session.execute(
            delete(IterationRow).where(*mine, col(IterationRow.starts_at) >= at)
        )
        await self._session.execute(
            update(IterationRow).where(*mine, col(IterationRow.ends_at) > at).values(ends_at=at)
        )

    async def known_since(self, team_id: int) -> datetime | None:
        """Return when the team's first item was captured."""
        which = {"workspace_": self._workspace, "team_": team_id}
        return await self._session.scalar(_KNOWN_SINCE, which)

    async def _planned_at(self, team_id: int, at: datetime) -> list[int]:
        """Return the items that the team had taken on by then, as their events tell.

        Only what is taken on now, or changed since, can have been taken on then.
        """
        working = select(col(Item.number)).where(
            col(Item.workspace) == self._workspace,
            col(Item.team_id) == team_id,
            col(Item.state).in_(TAKEN_ON_STATES),
        )
        changed = select(col(ItemEvent.number)).where(
            col(ItemEvent.workspace) == self._workspace,
            col(ItemEvent.team_id) == team_id,
            col(ItemEvent.at) > at,
        )
        rows = await self._session.execute(
            select(col(ItemEvent.number), col(ItemEvent.changes))
            .where(
                col(ItemEvent.workspace) == self._workspace,
                col(ItemEvent.number).in_(union(working, changed)),
                col(ItemEvent.at) <= at,
            )
            .order_by(col(ItemEvent.number), col(ItemEvent.seq))
        )
        states = {number: changes["state"][1] for number, changes in rows if "state" in changes}
        return [number for number, state in states.items() if state in TAKEN_ON_STATES]


_KNOWN_SINCE = select(func.min(col(ItemEvent.at))).where(
    col(ItemEvent.workspace) == bindparam("workspace_"),
    col(ItemEvent.team_id) == bindparam("team_"),
)
_BEGIN = Prepared(lambda dialect: insert_new(dialect, IterationRow))
_OF_TEAM = (  # built once: each digest asks
    select(IterationRow)
    .where(
        col(IterationRow.workspace) == bindparam("workspace_"),
        col(IterationRow.team_id) == bindparam("team"),
        col(IterationRow.ends_at) > bindparam("since"),
    )
    .order_by(col(IterationRow.starts_at))
)
