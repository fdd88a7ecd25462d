"""The sample tracker's own table: tickets as any tracker has them, in the workspace that tries it.

Nothing else reads it: Hone follows it from outside, like every tracker.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, select
from sqlmodel import Field, SQLModel, col

from storage.counters import next_number
from storage.repository import Repository
from storage.types import Json, Points, UTCDateTime


class SampleTicket(SQLModel, table=True):
    """A ticket. Its `id` stays, its `key` counts in its project and changes when it moves.

    `version` counts all changes of the workspace's tickets, so that it orders them. `steps` are the
    states it went through, each as [instant, state]. `by_hone`: Hone made the last change, on
    behalf of `changed_by`. `marker` and `backlink` are what Hone left there.
    """

    __tablename__ = "sample_tickets"
    __table_args__ = (
        UniqueConstraint("workspace", "key", name="uq_sample_tickets_key"),
        UniqueConstraint("workspace", "marker", name="uq_sample_tickets_marker"),
        Index("ix_sample_tickets_changed", "workspace", "project", "version"),
    )

    workspace: str = Field(primary_key=True, max_length=100)
    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    project: str = Field(max_length=20)
    key: str = Field(max_length=40)
    kind: str = Field(default="Story", max_length=40)
    title: str
    description: str = ""
    state: str = Field(max_length=40)
    owner: str = Field(default="", max_length=40)
    due: date | None = None
    labels: list[str] = Field(default_factory=list, sa_type=Json)
    points: float | None = Field(default=None, sa_type=Points)
    ubv: int | None = None
    tc: int | None = None
    rroe: int | None = None
    size: int | None = None
    wsjf: float | None = None
    parent: int | None = None
    blocked_by: list[int] = Field(default_factory=list, sa_type=Json)
    steps: list[list[str]] = Field(default_factory=list, sa_type=Json)
    restricted: bool = False
    deleted: bool = False
    marker: str | None = Field(default=None, max_length=100)
    backlink: str = ""
    by_hone: bool = False
    changed_by: str = Field(default="", max_length=250)
    created_at: datetime = Field(sa_type=UTCDateTime)
    changed_at: datetime = Field(sa_type=UTCDateTime)
    version: int


class SampleTickets(Repository):
    async def add(
        self, project: str, fields: Mapping[str, Any], *, by: str, by_hone: bool = False
    ) -> SampleTicket:
        """Create a ticket with the project's next key."""
        ticket = SampleTicket(
            workspace=self._workspace,
            id=await next_number(self._session, self._workspace, "ticket"),
            project=project,
            key=await self._next_key(project),
            created_at=self._now,
            changed_at=self._now,
            version=await self._next_version(),
            by_hone=by_hone,
            changed_by=by,
            **{"steps": [[self._now.isoformat(), fields["state"]]], **fields},
        )
        self._session.add(ticket)
        await self._session.flush()
        return ticket

    async def change(
        self, ticket: SampleTicket, fields: Mapping[str, Any], *, by: str, by_hone: bool = False
    ) -> bool:
        """Change a ticket; False if nothing differs."""
        changed = {name: value for name, value in fields.items() if getattr(ticket, name) != value}
        if not changed:
            return False
        if "state" in changed:
            ticket.steps = [*ticket.steps, [self._now.isoformat(), changed["state"]]]
        if "project" in changed:
            ticket.key = await self._next_key(changed["project"])
        for name, value in changed.items():
            setattr(ticket, name, value)
        ticket.by_hone, ticket.changed_by, ticket.changed_at = by_hone, by, self._now
        ticket.version = await self._next_version()
        await self._session.flush()
        return True

    async def find(self, id: int, *, lock: bool = False) -> SampleTicket | None:
        return await self._numbered(SampleTicket, id, lock=lock)

    async def marked(self, marker: str) -> SampleTicket | None:
        """Return the ticket that was created with this marker."""
        return await self._session.scalar(
            select(SampleTicket).where(
                col(SampleTicket.workspace) == self._workspace, col(SampleTicket.marker) == marker
            )
        )

    async def changed_after(self, project: str, version: int, limit: int) -> Sequence[SampleTicket]:
        """Return a project's tickets that were changed after a version, in order; deleted, too."""
        rows = await self._session.scalars(
            select(SampleTicket)
            .where(
                col(SampleTicket.workspace) == self._workspace,
                col(SampleTicket.project) == project,
                col(SampleTicket.version) > version,
            )
            .order_by(col(SampleTicket.version))
            .limit(limit)
        )
        return rows.all()

    async def shown_ids(self, project: str) -> Sequence[int]:
        """Return the ids of a project's tickets that everybody may see."""
        rows = await self._session.scalars(
            select(col(SampleTicket.id)).where(
                col(SampleTicket.workspace) == self._workspace,
                col(SampleTicket.project) == project,
                col(SampleTicket.restricted).is_(False),
                col(SampleTicket.deleted).is_(False),
            )
        )
        return rows.all()

    async def all(self) -> Sequence[SampleTicket]:
        """Return all tickets, newest change first."""
        rows = await self._session.scalars(
            select(SampleTicket)
            .where(col(SampleTicket.workspace) == self._workspace)
            .order_by(col(SampleTicket.version).desc())
        )
        return rows.all()

    async def _next_key(self, project: str) -> str:
        number = await next_number(self._session, self._workspace, f"ticket:{project}")
        return f"{project}-{number}"

    async def _next_version(self) -> int:
        return await next_number(self._session, self._workspace, "ticket_change")
