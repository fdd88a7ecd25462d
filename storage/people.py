"""People as their platform describes them: refreshed at every visit, never typed in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Index, Insert, bindparam, select, update
from sqlmodel import Field, SQLModel, col

from storage.prepared import Prepared
from storage.roles import is_outside
from storage.scope import Scope
from storage.types import UTCDateTime
from storage.upsert import insert, insert_on


class PersonRow(SQLModel, table=True):
    """`page` is the view of the person's own page, once they have opened it."""

    __tablename__ = "people"

    workspace: str = Field(primary_key=True, max_length=100)
    id: str = Field(primary_key=True, max_length=200)
    name: str
    zone: str = "UTC"
    locale: str = "en"
    role: str = "member"
    direct_channel: str | None = None
    team_id: int | None = Field(default=None, index=True)
    page: str | None = Field(default=None, max_length=2_000)
    seen_at: datetime = Field(sa_type=UTCDateTime)

    @property
    def is_outside(self) -> bool:
        """Whether they are no member of the workspace: they see only the team they are with."""
        return is_outside(self.role)


class Membership(SQLModel, table=True):
    """Somebody who has spoken with Hone where the team talks, or has a role in it."""

    __tablename__ = "memberships"
    __table_args__ = (Index("ix_memberships_team", "workspace", "team_id"),)

    workspace: str = Field(primary_key=True, max_length=100)
    person: str = Field(primary_key=True, max_length=200)
    team_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})


class People(Scope):
    async def find(self, id: str) -> PersonRow | None:
        return await self._session.get(PersonRow, (self._workspace, id))

    async def held(self, id: str) -> PersonRow | None:
        """Return the person, kept from changing until this transaction ends."""
        return await self._session.get(
            PersonRow, (self._workspace, id), with_for_update=True, populate_existing=True
        )

    async def named(self, ids: Sequence[str]) -> dict[str, str]:
        """Return id → name for the ids that are known."""
        if not ids:
            return {}
        which = {"workspace_": self._workspace, "of": list(ids)}
        return dict((await self._session.execute(_NAMED, which)).all())

    async def all(self) -> Sequence[PersonRow]:
        rows = await self._session.scalars(
            select(PersonRow)
            .where(col(PersonRow.workspace) == self._workspace)
            .order_by(col(PersonRow.name))
        )
        return rows.all()

    async def of_team(self, team_id: int) -> Sequence[PersonRow]:
        """Return the people who spoke with this team last, by name."""
        rows = await self._session.scalars(
            select(PersonRow)
            .where(col(PersonRow.workspace) == self._workspace, col(PersonRow.team_id) == team_id)
            .order_by(col(PersonRow.name), col(PersonRow.id))
        )
        return rows.all()

    async def teams_of(self, id: str) -> tuple[int, ...]:
        """Return the ids of the teams somebody has spoken with or has a role in."""
        rows = await self._session.scalars(
            select(col(Membership.team_id))
            .where(col(Membership.workspace) == self._workspace, col(Membership.person) == id)
            .order_by(col(Membership.team_id))
        )
        return tuple(rows.all())

    async def remember(
        self, id: str, name: str, zone: str = "UTC", locale: str = "en", role: str = "member"
    ) -> None:
        seen = {"name": name, "zone": zone, "locale": locale, "role": role, "seen_at": self._now}
        await _REMEMBER.change(self._session, {"workspace": self._workspace, "id": id, **seen})

    async def meet(self, named: Mapping[str, str]) -> None:
        """Note people by id → name who have not acted themselves yet."""
        rows = [
            PersonRow(workspace=self._workspace, id=id, name=name, seen_at=self._now).model_dump()
            for id, name in named.items()
        ]
        await self._session.execute(
            insert(self._session, PersonRow).values(rows).on_conflict_do_nothing()
        )

    async def set_team(self, id: str, team_id: int) -> None:
        """Remember the team a person last spoke with, for when they write to Hone alone."""
        await self._session.execute(
            update(PersonRow)
            .where(col(PersonRow.workspace) == self._workspace, col(PersonRow.id) == id)
            .values(team_id=team_id)
        )
        await self.join(id, team_id)

    async def join(self, id: str, team_id: int) -> None:
        """Remember that a person is one of the team, whichever they speak with later."""
        member = {"workspace": self._workspace, "person": id, "team_id": team_id}
        await _JOIN.change(self._session, member)

    async def set_direct_channel(self, id: str, channel: str | None) -> None:
        await self._session.execute(
            update(PersonRow)
            .where(col(PersonRow.workspace) == self._workspace, col(PersonRow.id) == id)
            .values(direct_channel=channel)
        )


# --- statements that most turns run, built once --------------------------------------------------


def _remembering(dialect: str) -> Insert:
    person = insert_on(dialect, PersonRow)
    seen = {name: person.excluded[name] for name in ("name", "zone", "locale", "role", "seen_at")}
    return person.on_conflict_do_update(index_elements=["workspace", "id"], set_=seen)


_NAMED = select(col(PersonRow.id), col(PersonRow.name)).where(
    col(PersonRow.workspace) == bindparam("workspace_"),
    col(PersonRow.id).in_(bindparam("of", expanding=True)),
)
_REMEMBER = Prepared(_remembering)
_JOIN = Prepared(lambda dialect: insert_on(dialect, Membership).on_conflict_do_nothing())
