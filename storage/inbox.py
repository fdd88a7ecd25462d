"""Deliveries already handled, so that a second one changes nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import Field, SQLModel, col

from storage.scope import Scope, changed_rows
from storage.types import UTCDateTime
from storage.upsert import insert

KEPT = timedelta(hours=25)
"""Slack repeats an event for up to an hour; a day is what platforms advise to remember."""

KEY_MAX_CHARS = 200


class Delivery(SQLModel, table=True):
    __tablename__ = "deliveries"

    workspace: str = Field(primary_key=True, max_length=100)
    key: str = Field(primary_key=True, max_length=KEY_MAX_CHARS)
    at: datetime = Field(sa_type=UTCDateTime, index=True)


class Inbox(Scope):
    async def take(self, key: str) -> bool:
        """Record the delivery; False if it was handled before.

        A copy that is being handled right now is waited for (PostgreSQL) or queued behind (SQLite).
        """
        taken = (
            insert(self._session, Delivery)
            .values(workspace=self._workspace, key=key, at=self._now)
            .on_conflict_do_nothing()
        )
        return changed_rows(await self._session.execute(taken)) == 1

    async def forget(self, key: str) -> None:
        """Take the delivery for unhandled: a form that comes back with errors is sent again."""
        await self._session.execute(
            delete(Delivery).where(
                col(Delivery.workspace) == self._workspace, col(Delivery.key) == key
            )
        )

    async def forget_old(self) -> None:
        """Drop every workspace's deliveries that nobody repeats any more."""
        await self._session.execute(delete(Delivery).where(col(Delivery.at) < self._now - KEPT))
