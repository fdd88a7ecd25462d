"""Planning intervals and objectives that a tracker has, too, and what it last said of each.

What both sides know is merged field by field; `base` is what the tracker said last, as JSON holds
it. A field that differs from it was set here and is let be, until people decide.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, TypeVar

from sqlalchemy import ColumnElement, Index, delete, select, update
from sqlmodel import Field, SQLModel, col

from storage.objectives import OPEN, Objective, ObjectiveChange, PlanningInterval
from storage.repository import Repository
from storage.subjects import Subject
from storage.trackers import TrackerScope, TrackerSite
from storage.types import Json, UTCDateTime

Row = TypeVar("Row", "FollowedPI", "FollowedObjective")

DELETED: Final = "Deleted with its tracker"
"""What stands in the place of words that came from a tracker and were to go."""


class FollowedPI(Subject, SQLModel, table=True):
    """A PI as a scope of a tracker has it. `came`: it was not here before it was read there."""

    __tablename__ = "followed_pis"
    __table_args__ = (Index("ix_followed_pis_pi", "workspace", "pi_id"),)

    workspace: str = Field(primary_key=True, max_length=100)
    scope_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    remote_id: str = Field(primary_key=True, max_length=100)
    pi_id: int
    base: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    came: bool

    @property
    def subject(self) -> str:
        return f"pi:{self.pi_id}"


class FollowedObjective(Subject, SQLModel, table=True):
    """An objective as a scope of a tracker has it. `gone_at` is since when it is there no more.

    `came`: it was not here before it was read there.
    """

    __tablename__ = "followed_objectives"
    __table_args__ = (Index("ix_followed_objectives_objective", "workspace", "objective_id"),)

    workspace: str = Field(primary_key=True, max_length=100)
    scope_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    remote_id: str = Field(primary_key=True, max_length=100)
    objective_id: int
    base: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    came: bool
    gone_at: datetime | None = Field(default=None, sa_type=UTCDateTime)

    @property
    def subject(self) -> str:
        return f"objective:{self.objective_id}"


class FollowedPlans(Repository):
    async def pi(self, scope_id: int, remote_id: str) -> FollowedPI | None:
        return await self._session.get(FollowedPI, (self._workspace, scope_id, remote_id))

    async def open_pi(self, scope_id: int) -> FollowedPI | None:
        """Return the PI of a scope that is not closed here yet."""
        return await self._session.scalar(
            select(FollowedPI)
            .join(
                PlanningInterval,
                (col(PlanningInterval.workspace) == col(FollowedPI.workspace))
                & (col(PlanningInterval.id) == col(FollowedPI.pi_id)),
            )
            .where(
                col(FollowedPI.workspace) == self._workspace,
                col(FollowedPI.scope_id) == scope_id,
                col(PlanningInterval.state) == OPEN,
            )
            .limit(1)
        )

    async def objectives(self, scope_id: int, pi_id: int) -> dict[str, FollowedObjective]:
        """Return id there → what a scope has of the objectives of a PI."""
        rows = await self._session.scalars(
            select(FollowedObjective)
            .join(
                Objective,
                (col(Objective.workspace) == col(FollowedObjective.workspace))
                & (col(Objective.id) == col(FollowedObjective.objective_id)),
            )
            .where(
                col(FollowedObjective.workspace) == self._workspace,
                col(FollowedObjective.scope_id) == scope_id,
                col(Objective.pi_id) == pi_id,
            )
        )
        return {row.remote_id: row for row in rows.all()}

    async def keep(self, row: FollowedPI | FollowedObjective) -> None:
        """Remember a new row; one that was read is kept by itself."""
        self._session.add(row)
        await self._session.flush()

    # --- for cards ---

    async def of_objective(self, objective_id: int) -> tuple[FollowedObjective, str] | None:
        """Return what a tracker has of an objective, and the tracker's kind."""
        self._shows(f"objective:{objective_id}")
        which = col(FollowedObjective.objective_id) == objective_id
        return await self._known(FollowedObjective, which)

    async def of_pi(self, pi_id: int) -> tuple[FollowedPI, str] | None:
        """Return what a tracker has of a PI, and the tracker's kind."""
        self._shows(f"pi:{pi_id}")
        return await self._known(FollowedPI, col(FollowedPI.pi_id) == pi_id)

    async def _known(self, model: type[Row], which: ColumnElement[bool]) -> tuple[Row, str] | None:
        found = await self._session.execute(
            select(model, col(TrackerSite.kind))
            .join(
                TrackerScope,
                (col(TrackerScope.workspace) == col(model.workspace))
                & (col(TrackerScope.id) == col(model.scope_id)),
            )
            .join(
                TrackerSite,
                (col(TrackerSite.workspace) == col(TrackerScope.workspace))
                & (col(TrackerSite.id) == col(TrackerScope.tracker_id)),
            )
            .where(col(model.workspace) == self._workspace, which)
            .order_by(col(model.scope_id))
            .limit(1)
        )
        row = found.first()
        return None if row is None else (row[0], str(row[1]))

    # --- the end ---

    async def leave(self, scope_id: int, *, deletes: bool = False) -> None:
        """Follow a scope's plans no more; what came from there stays, or loses its words."""
        if deletes:
            await self._delete_words(scope_id)
        for model in (FollowedPI, FollowedObjective):
            rows = await self._session.scalars(
                select(model).where(
                    col(model.workspace) == self._workspace, col(model.scope_id) == scope_id
                )
            )
            for row in rows.all():
                await self._session.delete(row)
        await self._session.flush()

    async def _delete_words(self, scope_id: int) -> None:
        pis = await self._came(FollowedPI, FollowedPI.pi_id, scope_id)
        await self._session.execute(
            update(PlanningInterval)
            .where(
                col(PlanningInterval.workspace) == self._workspace,
                col(PlanningInterval.id).in_(pis),
            )
            .values(name=DELETED)
        )
        known = await self._came(FollowedObjective, FollowedObjective.objective_id, scope_id)
        await self._session.execute(
            update(Objective)
            .where(col(Objective.workspace) == self._workspace, col(Objective.id).in_(known))
            .values(title=DELETED)
        )
        await self._session.execute(
            delete(ObjectiveChange).where(
                col(ObjectiveChange.workspace) == self._workspace,
                col(ObjectiveChange.objective_id).in_(known),
            )
        )
        self._marks(*(f"pi:{id}" for id in pis), *(f"objective:{id}" for id in known))

    async def _came(self, model: type[Row], id: int, scope_id: int) -> Sequence[int]:
        """Return what was not here before; `id` is the model's column that names it."""
        rows = await self._session.scalars(
            select(col(id)).where(
                col(model.workspace) == self._workspace,
                col(model.scope_id) == scope_id,
                col(model.came).is_(True),
            )
        )
        return rows.all()
