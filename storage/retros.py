"""Retros: their columns, the groups their notes fall into, dots, and a team's own templates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKeyConstraint,
    Index,
    delete,
    func,
    insert,
    select,
    text,
)
from sqlmodel import Field, SQLModel, col

from storage.counters import next_number
from storage.prepared import Prepared
from storage.repository import Repository, changed_rows
from storage.subjects import Subject
from storage.types import Json, UTCDateTime, one_of
from storage.upsert import upsert

COLLECTING, GROUPING, VOTING, COUNTED = "collecting", "grouping", "voting", "counted"
DONE, CANCELLED = "done", "cancelled"

OPEN_STAGES = (COLLECTING, GROUPING, VOTING, COUNTED)

_UNDERWAY = f"stage NOT IN ('{DONE}', '{CANCELLED}')"


class Retro(Subject, SQLModel, table=True):
    """A retro in a channel, from its first note to its improvements.

    `anonymous` never changes after the start. `voters` counts those who gave dots, once the vote is
    closed: who gave which is forgotten then. `facts` are the lines it opens with. `went_on_at` is
    when whoever leads it last did something; None is its start.
    """

    __tablename__ = "retros"
    __table_args__ = (
        CheckConstraint(one_of("stage", (*OPEN_STAGES, DONE, CANCELLED)), name="ck_retros_stage"),
        Index(
            "uq_retros_open",
            "workspace",
            "channel",
            unique=True,
            sqlite_where=text(_UNDERWAY),
            postgresql_where=text(_UNDERWAY),
        ),
        Index("ix_retros_team", "workspace", "team_id", "stage"),
    )

    workspace: str = Field(primary_key=True, max_length=100)
    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    channel: str = Field(max_length=300)
    team_id: int
    facilitator: str = Field(max_length=200)
    template: str
    columns: list[str] = Field(default_factory=list, sa_type=Json)
    anonymous: bool = False
    dots: int = 3
    stage: str = COLLECTING
    deadline: datetime | None = Field(default=None, sa_type=UTCDateTime)
    voters: int = 0
    opened_at: datetime = Field(sa_type=UTCDateTime)
    revealed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    went_on_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    facts: list[str] = Field(
        default_factory=list, sa_type=Json, sa_column_kwargs={"server_default": "[]"}
    )

    @property
    def subject(self) -> str:
        return f"retro:{self.id}"

    @property
    def touches(self) -> tuple[str, ...]:
        return self.subject, f"retros:{self.team_id}"


class RetroGroup(Subject, SQLModel, table=True):
    """Notes that say the same. `item` is the improvement that came of them."""

    __tablename__ = "retro_groups"
    __table_args__ = (
        ForeignKeyConstraint(["workspace", "retro_id"], ["retros.workspace", "retros.id"]),
    )

    workspace: str = Field(primary_key=True, max_length=100)
    retro_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    no: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    column_no: int
    title: str
    themes: list[str] = Field(default_factory=list, sa_type=Json)
    votes: int = 0
    item: int | None = None

    @property
    def subject(self) -> str:
        return f"retro:{self.retro_id}"


class RetroDots(SQLModel, table=True):
    """Dots a person gave to a group; deleted as soon as they are counted."""

    __tablename__ = "retro_dots"
    __table_args__ = (
        CheckConstraint("dots > 0", name="ck_retro_dots"),
        ForeignKeyConstraint(["workspace", "retro_id"], ["retros.workspace", "retros.id"]),
    )

    workspace: str = Field(primary_key=True, max_length=100)
    retro_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    voter: str = Field(primary_key=True, max_length=200)
    group_no: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    dots: int


class RetroWriter(SQLModel, table=True):
    """Somebody has written all they want to; forgotten at the reveal, like when they said so."""

    __tablename__ = "retro_writers"
    __table_args__ = (
        ForeignKeyConstraint(["workspace", "retro_id"], ["retros.workspace", "retros.id"]),
        {"sqlite_with_rowid": False},  # row numbers would keep the order
    )

    workspace: str = Field(primary_key=True, max_length=100)
    retro_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    person: str = Field(primary_key=True, max_length=200)


class RetroTemplate(SQLModel, table=True):
    """A team's own template: a name and the columns to write into."""

    __tablename__ = "retro_templates"

    workspace: str = Field(primary_key=True, max_length=100)
    team_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    name: str = Field(primary_key=True, max_length=60)
    columns: list[str] = Field(default_factory=list, sa_type=Json)


class Retros(Repository):
    async def start(self, channel: str, team_id: int, facilitator: str, **more: Any) -> Retro:
        retro = Retro(
            workspace=self._workspace,
            id=await next_number(self._session, self._workspace, "retro"),
            channel=channel,
            team_id=team_id,
            facilitator=facilitator,
            opened_at=self._now,
            **more,
        )
        self._session.add(retro)
        await self._session.flush()
        return retro

    async def find(self, id: int) -> Retro | None:
        return await self._numbered(Retro, id, shows=f"retro:{id}")

    async def for_change(self, id: int) -> Retro | None:
        """Return the retro, kept from other changes until this transaction ends."""
        return await self._numbered(Retro, id, lock=True)

    async def open_in(self, channel: str) -> Retro | None:
        """Return the channel's retro that is not over yet; there is one at most."""
        self._shows(f"channel:{channel}")
        return await self._session.scalar(
            select(Retro).where(
                col(Retro.workspace) == self._workspace,
                col(Retro.channel) == channel,
                col(Retro.stage).in_(OPEN_STAGES),
            )
        )

    async def improvements(self, team_id: int, before: int) -> tuple[list[int], list[int]]:
        """Return the items that came of the team's last finished retro, and of all before that.

        Of those before the retro with the id `before`.
        """
        self._shows(f"retros:{team_id}")
        rows = await self._session.execute(
            select(col(Retro.id), col(RetroGroup.item))
            .join(
                RetroGroup,
                (col(RetroGroup.workspace) == col(Retro.workspace))
                & (col(RetroGroup.retro_id) == col(Retro.id))
                & col(RetroGroup.item).is_not(None),
                isouter=True,
            )
            .where(
                col(Retro.workspace) == self._workspace,
                col(Retro.team_id) == team_id,
                col(Retro.stage) == DONE,
                col(Retro.id) < before,
            )
            .order_by(col(RetroGroup.item))
        )
        found = [(retro, item) for retro, item in rows]
        last = max((retro for retro, _ in found), default=0)
        return (
            [item for retro, item in found if item and retro == last],
            [item for retro, item in found if item and retro != last],
        )

    async def last_closed_at(self, team_id: int) -> datetime | None:
        """Return when the team's last retro was finished."""
        return await self._session.scalar(
            select(func.max(col(Retro.closed_at))).where(
                col(Retro.workspace) == self._workspace,
                col(Retro.team_id) == team_id,
                col(Retro.stage) == DONE,
            )
        )

    # --- who has finished writing ---

    async def has_written(self, retro_id: int, person: str) -> bool:
        """Note that somebody has written all they want to; True only the first time.

        All are written anew: no row looks like the latest, next to the latest note.
        """
        self._marks(f"retro:{retro_id}")
        writers = await self.writers(retro_id)
        if person in writers:
            return False
        await self.forget_writers(retro_id)
        rows = [
            {"workspace": self._workspace, "retro_id": retro_id, "person": each}
            for each in sorted((*writers, person))
        ]
        await self._session.execute(insert(RetroWriter).values(rows))
        return True

    async def count_writers(self, retro_id: int) -> int:
        """Return how many have written all they want to."""
        self._shows(f"retro:{retro_id}")
        return len(await self.writers(retro_id))

    async def forget_writers(self, retro_id: int) -> None:
        await self._session.execute(delete(RetroWriter).where(*self._in(RetroWriter, retro_id)))

    async def writers(self, retro_id: int) -> Sequence[str]:
        """Return who has written all they want to: nothing that is ever shown."""
        rows = await self._session.scalars(
            select(col(RetroWriter.person)).where(*self._in(RetroWriter, retro_id))
        )
        return rows.all()

    # --- groups ---

    async def groups(self, retro_id: int) -> Sequence[RetroGroup]:
        self._shows(f"retro:{retro_id}")
        rows = await self._session.scalars(
            select(RetroGroup).where(*self._in(RetroGroup, retro_id)).order_by(col(RetroGroup.no))
        )
        return rows.all()

    async def add_groups(self, retro_id: int, groups: Sequence[Mapping[str, Any]]) -> None:
        """Add groups by `no`, `column_no`, `title` and `themes`."""
        self._session.add_all(
            RetroGroup(workspace=self._workspace, retro_id=retro_id, **group) for group in groups
        )
        await self._session.flush()

    async def drop_groups(self, retro_id: int, numbers: Sequence[int]) -> None:
        self._marks(f"retro:{retro_id}")
        await self._session.execute(
            delete(RetroGroup)
            .where(*self._in(RetroGroup, retro_id), col(RetroGroup.no).in_(numbers))
            .execution_options(synchronize_session="fetch")
        )

    # --- dots ---

    async def dots_of(self, retro_id: int, voter: str) -> dict[int, int]:
        """Return group → dots that one voter gave."""
        self._shows(f"hand:{voter}")
        rows = await self._session.execute(
            select(col(RetroDots.group_no), col(RetroDots.dots)).where(
                *self._in(RetroDots, retro_id), col(RetroDots.voter) == voter
            )
        )
        return dict(rows.all())

    async def give_dots(self, retro_id: int, voter: str, dots: Mapping[int, int]) -> None:
        """Replace all dots of a voter."""
        self._marks(f"dots:{retro_id}", f"hand:{voter}")
        await self._session.execute(
            delete(RetroDots).where(*self._in(RetroDots, retro_id), col(RetroDots.voter) == voter)
        )
        rows = [
            {
                "workspace": self._workspace,
                "retro_id": retro_id,
                "voter": voter,
                "group_no": group,
                "dots": count,
            }
            for group, count in dots.items()
            if count > 0
        ]
        if rows:
            await self._session.execute(insert(RetroDots).values(rows))

    async def voters(self, retro_id: int) -> int:
        self._shows(f"dots:{retro_id}")
        count = await self._session.scalar(
            select(func.count(func.distinct(col(RetroDots.voter)))).where(
                *self._in(RetroDots, retro_id)
            )
        )
        return int(count or 0)

    async def count_dots(self, retro_id: int) -> dict[int, int]:
        """Return group → all its dots, and forget who gave them."""
        self._marks(f"dots:{retro_id}")
        rows = await self._session.execute(
            select(col(RetroDots.group_no), func.sum(col(RetroDots.dots)))
            .where(*self._in(RetroDots, retro_id))
            .group_by(col(RetroDots.group_no))
        )
        counted = {group: int(dots) for group, dots in rows}
        await self._session.execute(delete(RetroDots).where(*self._in(RetroDots, retro_id)))
        return counted

    # --- templates ---

    async def templates(self, team_id: int) -> dict[str, list[str]]:
        """Return a team's own templates by name."""
        rows = await self._session.execute(
            select(col(RetroTemplate.name), col(RetroTemplate.columns))
            .where(
                col(RetroTemplate.workspace) == self._workspace,
                col(RetroTemplate.team_id) == team_id,
            )
            .order_by(col(RetroTemplate.name))
        )
        return dict(rows.all())

    async def keep_template(self, team_id: int, name: str, columns: Sequence[str]) -> None:
        template = {"workspace": self._workspace, "team_id": team_id, "name": name}
        await _KEEP_TEMPLATE.change(self._session, template | {"columns": list(columns)})

    async def drop_template(self, team_id: int, name: str) -> bool:
        dropped = await self._session.execute(
            delete(RetroTemplate).where(
                col(RetroTemplate.workspace) == self._workspace,
                col(RetroTemplate.team_id) == team_id,
                col(RetroTemplate.name) == name,
            )
        )
        return changed_rows(dropped) == 1

    def _in(
        self, table: type[RetroGroup] | type[RetroDots] | type[RetroWriter], retro_id: int
    ) -> tuple[ColumnElement[bool], ...]:
        return (
            col(table.workspace) == self._workspace,
            col(table.retro_id) == retro_id,
        )


_KEEP_TEMPLATE = Prepared(lambda dialect: upsert(dialect, RetroTemplate, "columns"))
