"""A PI's risks, and what was decided about each: Resolved, Owned, Accepted or Mitigated."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, select
from sqlmodel import Field, SQLModel, col

from storage.counters import next_number
from storage.repository import Repository
from storage.subjects import Subject
from storage.types import UTCDateTime, one_of

ROAM = ("resolved", "owned", "accepted", "mitigated")
RAISED = "raised"
"""Nobody has decided about it yet."""


class Risk(Subject, SQLModel, table=True):
    """A risk that a train sees for its PI, and what it decided (ROAM).

    `plan` says what is done about it.
    """

    __tablename__ = "risks"
    __table_args__ = (
        CheckConstraint(one_of("state", (RAISED, *ROAM)), name="ck_risks_state"),
        Index("ix_risks_pi", "workspace", "pi_id"),
    )

    workspace: str = Field(primary_key=True, max_length=100)
    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    pi_id: int
    team_id: int
    text: str
    state: str = RAISED
    owner: str | None = Field(default=None, max_length=200)
    plan: str = ""
    raised_by: str = Field(max_length=200)
    raised_at: datetime = Field(sa_type=UTCDateTime)
    decided_at: datetime | None = Field(default=None, sa_type=UTCDateTime)

    @property
    def subject(self) -> str:
        return f"risk:{self.id}"

    @property
    def touches(self) -> tuple[str, ...]:
        return self.subject, f"risks:{self.pi_id}"


class Risks(Repository):
    async def add(self, pi_id: int, team_id: int, text: str, *, by: str) -> Risk:
        risk = Risk(
            workspace=self._workspace,
            id=await next_number(self._session, self._workspace, "risk"),
            pi_id=pi_id,
            team_id=team_id,
            text=text,
            raised_by=by,
            raised_at=self._now,
        )
        self._session.add(risk)
        await self._session.flush()
        return risk

    async def find(self, id: int, *, lock: bool = False) -> Risk | None:
        return await self._numbered(Risk, id, lock=lock)

    async def of_pi(self, pi_id: int) -> Sequence[Risk]:
        """Return a PI's risks, those that nobody has decided about first, then the oldest."""
        self._shows(f"risks:{pi_id}")
        rows = await self._session.scalars(
            select(Risk)
            .where(col(Risk.workspace) == self._workspace, col(Risk.pi_id) == pi_id)
            .order_by(col(Risk.state) != RAISED, col(Risk.id))
        )
        return rows.all()

    async def decide(self, risk: Risk, **decision: Any) -> None:
        """Set its words, state, owner and plan."""
        for name, value in decision.items():
            setattr(risk, name, value)
        risk.decided_at = None if risk.state == RAISED else self._now
        await self._session.flush()
