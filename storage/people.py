"""People as their platform describes them: refreshed at every visit, never typed in."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime

from sqlalchemy import Index, bindparam, select, update
from sqlmodel import Field, SQLModel, col

from storage.prepared import Prepared, among
from storage.repository import Repository
from storage.roles import NOBODY, SOMEONE, is_nobody, is_outside
from storage.subjects import Subject
from storage.tables import table_of
from storage.types import UTCDateTime
from storage.upsert import insert_new, upsert

NEVER_DESCRIBED = datetime(1970, 1, 1, tzinfo=UTC)
"""When somebody was seen of whom a platform told no more than a name."""


class PersonRow(Subject, SQLModel, table=True):
    """Somebody, as their platform described them when they were last seen.

    `page` is the view of the person's own page, once they have opened it."""

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
    greeted_at: datetime | None = Field(default=None, sa_type=UTCDateTime)

    @property
    def subject(self) -> str:
        return f"person:{self.id}"

    @property
    def is_outside(self) -> bool:
        """Whether they are no member of the workspace: they see only the team they are with."""
        return is_outside(self.role)

    @property
    def is_nobody(self) -> bool:
        """Whether they were deactivated, or are a bot."""
        return is_nobody(self.role)


class Membership(SQLModel, table=True):
    """Somebody who has spoken with Hone where the team talks, or has a role in it."""

    __tablename__ = "memberships"
    __table_args__ = (Index("ix_memberships_team", "workspace", "team_id"),)

    workspace: str = Field(primary_key=True, max_length=100)
    person: str = Field(primary_key=True, max_length=200)
    team_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})


class People(Repository):
    async def find(self, id: str) -> PersonRow | None:
        self._shows(f"person:{id}")
        return await self._session.get(PersonRow, (self._workspace, id))

    async def held(self, id: str) -> PersonRow | None:
        """Return the person, kept from changing until this transaction ends."""
        return await self._session.get(
            PersonRow, (self._workspace, id), with_for_update=True, populate_existing=True
        )

    async def named(self, ids: Sequence[str]) -> dict[str, str]:
        """Return id → name for those whose name is known."""
        if not ids:
            return {}
        self._shows(*(f"person:{id}" for id in ids))
        which = {"workspace_": self._workspace, "of": list(ids)}
        rows = await _NAMED.rows(self._session, which)
        return {id: name for id, name in rows}  # noqa: C416 - mypy cannot see pairs

    async def names(self) -> dict[str, str]:
        """Return id → name of everybody whom the workspace has met."""
        rows = await _NAMES.rows(self._session, {"workspace_": self._workspace})
        self._shows(*(f"person:{id}" for id, _ in rows))
        return {id: name for id, name in rows}  # noqa: C416 - mypy cannot see pairs

    async def nobodies(self, ids: Collection[str]) -> frozenset[str]:
        """Return those of these ids that no person answers to any more, or never did."""
        self._shows(*(f"person:{id}" for id in ids))
        rows = await self._session.scalars(
            select(col(PersonRow.id)).where(
                col(PersonRow.workspace) == self._workspace,
                col(PersonRow.id).in_(ids),
                col(PersonRow.role).in_(NOBODY),
            )
        )
        return frozenset(rows)

    async def all(self) -> Sequence[PersonRow]:
        rows = await self._session.scalars(
            select(PersonRow)
            .where(col(PersonRow.workspace) == self._workspace)
            .order_by(col(PersonRow.name))
        )
        return rows.all()

    async def of_team(self, team_id: int) -> Sequence[PersonRow]:
        """Return the people who spoke with this team last, by name."""
        self._shows(f"members:{team_id}")
        rows = await self._session.scalars(
            select(PersonRow)
            .where(col(PersonRow.workspace) == self._workspace, col(PersonRow.team_id) == team_id)
            .order_by(col(PersonRow.name), col(PersonRow.id))
        )
        return rows.all()

    async def teams_of(self, id: str) -> tuple[int, ...]:
        """Return the ids of the teams somebody has spoken with or has a role in."""
        self._shows(f"person:{id}")
        rows = await self._session.scalars(
            select(col(Membership.team_id))
            .where(col(Membership.workspace) == self._workspace, col(Membership.person) == id)
            .order_by(col(Membership.team_id))
        )
        return tuple(rows.all())

    async def remember(
        self,
        id: str,
        name: str,
        zone: str = "UTC",
        locale: str = "en",
        role: str = "member",
        seen_at: datetime | None = None,
    ) -> None:
        """Note how the platform describes a person, as it did at `seen_at`, by default now."""
        seen_at = seen_at or self._now
        seen = {"name": name, "zone": zone, "locale": locale, "role": role, "seen_at": seen_at}
        await _REMEMBER.change(self._session, {"workspace": self._workspace, "id": id, **seen})
        self._marks(f"person:{id}")

    async def meet(self, named: Mapping[str, str]) -> None:
        """Note people by id → name who have not acted themselves yet."""
        rows = [
            PersonRow(
                workspace=self._workspace, id=id, name=name, seen_at=NEVER_DESCRIBED
            ).model_dump()
            for id, name in named.items()
        ]
        if rows and await _MEET.change(self._session, rows):
            self._marks(*(f"person:{id}" for id in named))

    async def set_team(self, id: str, team_id: int, before: int | None) -> None:
        """Remember the team a person last spoke with, for when they write to Hone alone."""
        self._marks(f"person:{id}", f"members:{team_id}")
        if before is not None:
            self._marks(f"members:{before}")
        await self._session.execute(
            update(PersonRow)
            .where(col(PersonRow.workspace) == self._workspace, col(PersonRow.id) == id)
            .values(team_id=team_id)
        )
        await self.join(id, team_id)

    async def join(self, id: str, team_id: int) -> None:
        """Remember that a person is one of the team, whichever they speak with later."""
        member = {"workspace": self._workspace, "person": id, "team_id": team_id}
        if await _JOIN.change(self._session, member):
            self._marks(f"person:{id}")

    async def greet(self, id: str) -> bool:
        """Note that somebody met Hone in their own chat; True only the first time."""
        which = {"workspace_": self._workspace, "id_": id, "now": self._now}
        return await _GREET.change(self._session, which) == 1

    async def set_direct_channel(self, id: str, channel: str | None) -> None:
        self._marks(f"person:{id}")
        await self._session.execute(
            update(PersonRow)
            .where(col(PersonRow.workspace) == self._workspace, col(PersonRow.id) == id)
            .values(direct_channel=channel)
        )


# --- statements that most turns run, built once --------------------------------------------------


_PEOPLE = table_of(PersonRow).c
_NAMED = Prepared(
    lambda dialect: select(_PEOPLE.id, _PEOPLE.name).where(
        _PEOPLE.workspace == bindparam("workspace_"),
        among(dialect, _PEOPLE.id, "of"),
        _PEOPLE.name != SOMEONE,
    )
)
_NAMES = Prepared(
    lambda _: select(_PEOPLE.id, _PEOPLE.name).where(_PEOPLE.workspace == bindparam("workspace_"))
)
_REMEMBER = Prepared(
    lambda dialect: upsert(dialect, PersonRow, "name", "zone", "locale", "role", "seen_at")
)
_MEET = Prepared(lambda dialect: insert_new(dialect, PersonRow))
_GREET = Prepared(
    lambda _: (
        update(table_of(PersonRow))
        .where(
            _PEOPLE.workspace == bindparam("workspace_"),
            _PEOPLE.id == bindparam("id_"),
            _PEOPLE.greeted_at.is_(None),
        )
        .values(greeted_at=bindparam("now", type_=UTCDateTime))
    )
)
_JOIN = Prepared(lambda dialect: insert_new(dialect, Membership))
