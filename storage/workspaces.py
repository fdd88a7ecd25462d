"""Workspaces: one Slack workspace or one Teams tenant, the wall nothing crosses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select, update
from sqlmodel import Field, SQLModel, col

from storage.prepared import Prepared
from storage.repository import Repository
from storage.tables import table_of
from storage.types import Json, UTCDateTime
from storage.upsert import upsert

if TYPE_CHECKING:
    from storage.store import Store

REMOVAL_GRACE = timedelta(days=30)
"""How long an uninstalled workspace's data is kept, in case the removal was a mistake."""


class Workspace(SQLModel, table=True):
    """A Slack workspace or a Teams tenant that Hone serves, or served until lately.

    `reach` is what an adapter must remember to write here: Teams' service URL, Slack's token."""

    __tablename__ = "workspaces"

    id: str = Field(primary_key=True, max_length=100)
    name: str = ""
    reach: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    removed_at: datetime | None = Field(default=None, sa_type=UTCDateTime, index=True)


class Workspaces(Repository):
    async def all(self) -> Sequence[str]:
        """Return the ids of every workspace, whichever this one is."""
        rows = await self._session.scalars(select(col(Workspace.id)).order_by(col(Workspace.id)))
        return rows.all()

    async def ensure(self, name: str = "") -> None:
        """Make sure the workspace exists, and is not marked removed."""
        await _ENSURE.change(self._session, self._row(name))

    async def reach(self) -> dict[str, Any]:
        """Return what the adapter remembered, or an empty dict."""
        row = await self._session.get(Workspace, self._workspace)
        return dict(row.reach) if row else {}

    async def set_reach(self, reach: dict[str, Any]) -> None:
        await self.ensure()
        await self._session.execute(
            update(Workspace).where(col(Workspace.id) == self._workspace).values(reach=reach)
        )

    async def mark_removed(self) -> None:
        """Note that Hone was uninstalled: nothing is sent, and the data goes after the grace."""
        await _REMOVE.change(self._session, self._row() | {"removed_at": self._now})

    def _row(self, name: str = "") -> dict[str, object]:
        """Return what a workspace begins with, or again."""
        row = {"id": self._workspace, "name": name, "reach": {}}
        return row | {"removed_at": None}

    async def delete_everything(self) -> None:
        """Delete every row of this workspace, in every table."""
        for table in reversed(SQLModel.metadata.sorted_tables):
            if "workspace" in table.c:
                await self._session.execute(
                    delete(table).where(table.c.workspace == self._workspace)
                )
        await self._session.execute(delete(Workspace).where(col(Workspace.id) == self._workspace))


_REMOVED_AT = table_of(Workspace).c.removed_at
_ENSURE = Prepared(lambda dialect: upsert(dialect, Workspace, "removed_at"))
_REMOVE = Prepared(
    lambda dialect: upsert(
        dialect,
        Workspace,
        *("removed_at", "reach"),
        only_if=lambda _: _REMOVED_AT.is_(None),
    )
)


async def long_removed(store: Store) -> Sequence[str]:
    """Return the ids of workspaces whose grace is over: their data goes."""
    rows = await store.session.scalars(
        select(col(Workspace.id)).where(col(Workspace.removed_at) < store.now - REMOVAL_GRACE)
    )
    return rows.all()


async def reaches(store: Store, prefix: str) -> dict[str, dict[str, Any]]:
    """Return workspace → what its adapter remembered, for all whose id begins with `prefix`."""
    rows = await store.session.execute(
        select(col(Workspace.id), col(Workspace.reach)).where(
            col(Workspace.id).startswith(prefix, autoescape=True)
        )
    )
    return {id: dict(reach) for id, reach in rows.all()}
