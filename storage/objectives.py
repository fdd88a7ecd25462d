"""Planning intervals, the objectives of each team in them, and how these changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    bindparam,
    func,
    select,
    text,
)
from sqlmodel import Field, SQLModel, col

from storage.counters import next_number
from storage.items import Item
from storage.repository import Repository
from storage.states import OPEN_STATES
from storage.subjects import Subject
from storage.teams import Team
from storage.types import Json, UTCDateTime, one_of

OPEN, CLOSED = "open", "closed"
VALUE_MAX = 10
"""The highest business value of an objective; the lowest is 0."""


class PlanningInterval(Subject, SQLModel, table=True):
    """A train's PI from the day `starts`, for some weeks; a train has at most one open."""

    __tablename__ = "planning_intervals"
    __table_args__ = (
        CheckConstraint(one_of("state", (OPEN, CLOSED)), name="ck_planning_intervals_state"),
        Index(
            "uq_planning_intervals_open",
            "workspace",
            "train_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )

    workspace: str = Field(primary_key=True, max_length=100)
    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    train_id: int
    name: str
    starts: date
    weeks: int
    state: str = OPEN
    closed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    closed_by: str | None = Field(default=None, max_length=200)

    @property
    def subject(self) -> str:
        return f"pi:{self.id}"

    @property
    def touches(self) -> tuple[str, ...]:
        return self.subject, f"pis:{self.train_id}"

    @property
    def length(self) -> timedelta:
        return timedelta(weeks=self.weeks)

    @property
    def ends(self) -> date:
        """The first day that is no longer part of it."""
        return self.starts + self.length


class Objective(Subject, SQLModel, table=True):
    """What a team wants to reach in a PI. `planned` and `actual` are business values, 0 to 10.

    An uncommitted objective is a stretch: it counts for predictability only if it is reached.
    """

    __tablename__ = "objectives"
    __table_args__ = (
        CheckConstraint(f"planned BETWEEN 0 AND {VALUE_MAX}", name="ck_objectives_planned"),
        CheckConstraint(f"actual BETWEEN 0 AND {VALUE_MAX}", name="ck_objectives_actual"),
        Index("ix_objectives_pi", "workspace", "pi_id", "team_id"),
    )

    workspace: str = Field(primary_key=True, max_length=100)
    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    pi_id: int
    team_id: int
    theme_id: int | None = None
    title: str
    planned: int
    actual: int | None = None
    committed: bool = True
    created_by: str = Field(max_length=200)
    created_at: datetime = Field(sa_type=UTCDateTime)
    dropped_at: datetime | None = Field(default=None, sa_type=UTCDateTime)

    @property
    def subject(self) -> str:
        return f"objective:{self.id}"

    @property
    def touches(self) -> tuple[str, ...]:
        return self.subject, f"objectives:{self.pi_id}"


class ObjectiveChange(Subject, SQLModel, table=True):
    """One change of an objective while the PI ran: field → [before, after].

    `told` are the teams it was news to.
    """

    __tablename__ = "objective_changes"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace", "objective_id"], ["objectives.workspace", "objectives.id"]
        ),
    )

    workspace: str = Field(primary_key=True, max_length=100)
    objective_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime = Field(sa_type=UTCDateTime)
    person: str = Field(max_length=200)
    changes: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    told: list[int] = Field(default_factory=list, sa_type=Json)

    @property
    def subject(self) -> str:
        return f"objective:{self.objective_id}"


class Objectives(Repository):
    # --- planning intervals ---

    async def current(self, train_id: int) -> PlanningInterval | None:
        """Return the PI that a train plans or runs now."""
        self._shows(f"pis:{train_id}")
        which = {"workspace_": self._workspace, "train": train_id}
        return await self._session.scalar(_CURRENT, which)

    async def last_closed(self, train_id: int) -> PlanningInterval | None:
        self._shows(f"pis:{train_id}")
        return await self._session.scalar(
            select(PlanningInterval)
            .where(
                col(PlanningInterval.workspace) == self._workspace,
                col(PlanningInterval.train_id) == train_id,
                col(PlanningInterval.state) == CLOSED,
            )
            .order_by(col(PlanningInterval.id).desc())
            .limit(1)
        )

    async def pi(self, id: int, *, lock: bool = False) -> PlanningInterval | None:
        """Return a PI; with `lock`, kept from changing until this transaction ends."""
        return await self._numbered(PlanningInterval, id, lock=lock)

    async def plan(self, train_id: int, name: str, starts: date, weeks: int) -> PlanningInterval:
        """Open a PI; raises IntegrityError if the train has an open one."""
        pi = PlanningInterval(
            workspace=self._workspace,
            id=await next_number(self._session, self._workspace, "pi"),
            train_id=train_id,
            name=name,
            starts=starts,
            weeks=weeks,
        )
        self._session.add(pi)
        await self._session.flush()
        return pi

    async def replan(self, pi: PlanningInterval, name: str, starts: date, weeks: int) -> None:
        pi.name, pi.starts, pi.weeks = name, starts, weeks
        await self._session.flush()

    async def close(self, pi: PlanningInterval, *, by: str) -> None:
        pi.state, pi.closed_at, pi.closed_by = CLOSED, self._now, by
        await self._session.flush()

    # --- objectives ---

    async def add(
        self, pi: PlanningInterval, team_id: int, title: str, *, by: str, **more: Any
    ) -> Objective:
        objective = Objective(
            workspace=self._workspace,
            id=await next_number(self._session, self._workspace, "objective"),
            pi_id=pi.id,
            team_id=team_id,
            title=title,
            created_by=by,
            created_at=self._now,
            **more,
        )
        self._session.add(objective)
        await self._session.flush()
        return objective

    async def find(self, id: int, *, lock: bool = False) -> Objective | None:
        return await self._numbered(Objective, id, lock=lock)

    async def titles(self, ids: Sequence[int]) -> dict[int, str]:
        """Return id → title for those that exist."""
        self._shows(*(f"objective:{id}" for id in ids))
        rows = await self._session.execute(
            select(col(Objective.id), col(Objective.title)).where(
                col(Objective.workspace) == self._workspace, col(Objective.id).in_(ids)
            )
        )
        return dict(rows.all())

    async def of_pi(self, pi_id: int, team_id: int | None = None) -> Sequence[Objective]:
        """Return the objectives of a PI that were not dropped, by team, in the order written."""
        self._shows(f"objectives:{pi_id}")
        wanted = select(Objective).where(
            col(Objective.workspace) == self._workspace,
            col(Objective.pi_id) == pi_id,
            col(Objective.dropped_at).is_(None),
        )
        if team_id is not None:
            wanted = wanted.where(col(Objective.team_id) == team_id)
        rows = await self._session.scalars(
            wanted.order_by(col(Objective.team_id), col(Objective.id))
        )
        return rows.all()

    async def change(self, objective: Objective, changes: Mapping[str, Any]) -> dict[str, Any]:
        """Set the fields that differ; return field → [before, after], as JSON holds it."""
        changed = {
            name: [getattr(objective, name), value]
            for name, value in changes.items()
            if getattr(objective, name) != value
        }
        for name in changed:
            setattr(objective, name, changes[name])
        await self._session.flush()
        return {
            name: [v.isoformat() if isinstance(v, datetime) else v for v in pair]
            for name, pair in changed.items()
        }

    async def record(
        self, objective: Objective, changes: dict[str, Any], *, by: str, told: Sequence[int]
    ) -> None:
        """Remember a change and the teams it was told to; the objective must be locked."""
        last = await self._session.scalar(
            select(func.max(col(ObjectiveChange.seq))).where(
                col(ObjectiveChange.workspace) == self._workspace,
                col(ObjectiveChange.objective_id) == objective.id,
            )
        )
        self._session.add(
            ObjectiveChange(
                workspace=self._workspace,
                objective_id=objective.id,
                seq=(last or 0) + 1,
                at=self._now,
                person=by,
                changes=changes,
                told=sorted(told),
            )
        )
        await self._session.flush()

    async def changes(self, objective_id: int) -> Sequence[ObjectiveChange]:
        """Return how an objective changed while its PI ran, oldest first."""
        self._shows(f"objective:{objective_id}")
        rows = await self._session.scalars(
            select(ObjectiveChange)
            .where(
                col(ObjectiveChange.workspace) == self._workspace,
                col(ObjectiveChange.objective_id) == objective_id,
            )
            .order_by(col(ObjectiveChange.seq))
        )
        return rows.all()

    # --- the items that hang on them ---

    async def items(self, objectives: Sequence[int]) -> Sequence[Item]:
        """Return the items that hang on these objectives, dropped ones left out."""
        self._shows(*(f"objective:{objective}" for objective in objectives))
        rows = await self._session.scalars(
            select(Item)
            .where(
                col(Item.workspace) == self._workspace,
                col(Item.objective_id).in_(objectives),
                col(Item.state) != "dropped",
            )
            .order_by(col(Item.number))
        )
        return rows.all()

    async def features_without_outcome(self, train_id: int) -> Sequence[Item]:
        """Return a train's open features that do not say which metric they change."""
        rows = await self._session.scalars(
            select(Item)
            .join(
                Team,
                (col(Team.workspace) == col(Item.workspace)) & (col(Team.id) == col(Item.team_id)),
            )
            .where(
                col(Item.workspace) == self._workspace,
                col(Team.train_id) == train_id,
                col(Item.kind) == "feature",
                col(Item.state).in_(OPEN_STATES),
                col(Item.metric) == "",
            )
            .order_by(col(Item.number))
        )
        return rows.all()


_CURRENT = select(PlanningInterval).where(  # built once: each card of an item asks, and each digest
    col(PlanningInterval.workspace) == bindparam("workspace_"),
    col(PlanningInterval.train_id) == bindparam("train"),
    col(PlanningInterval.state) == OPEN,
)
