"""Deliveries already handled, so that a second one changes nothing."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import bindparam, delete, insert, select, text
from sqlmodel import Field, SQLModel, col

from storage.prepared import Prepared
from storage.repository import Repository
from storage.tables import table_of
from storage.types import UTCDateTime, hour_of
from storage.upsert import insert_new

KEPT = timedelta(hours=25)
"""Slack repeats an event for up to an hour; a day is what platforms advise to remember."""

UNSEEN_KEPT = timedelta(hours=1)
"""How long an anonymous delivery is remembered: platforms repeat a form or a command in seconds."""

KEY_MAX_CHARS = 200

_SHUFFLER = random.SystemRandom()


class Delivery(SQLModel, table=True):
    """What a platform delivered and was handled: the key lets nothing be handled twice."""

    __tablename__ = "deliveries"

    workspace: str = Field(primary_key=True, max_length=100)
    key: str = Field(primary_key=True, max_length=KEY_MAX_CHARS)
    at: datetime = Field(sa_type=UTCDateTime, index=True)


class AnonymousDelivery(SQLModel, table=True):
    """A delivery of somebody who must stay unknown: a hash of its key, and the hour at most.

    Each new one has all of its workspace written anew in random order, so that neither the place of
    a row nor PostgreSQL's `xmin` tells when any of them came (docs/anonymity.md).
    """

    __tablename__ = "unseen_deliveries"
    __table_args__ = ({"sqlite_with_rowid": False},)

    workspace: str = Field(primary_key=True, max_length=100)
    key: str = Field(primary_key=True, max_length=64)
    hour: datetime = Field(sa_type=UTCDateTime, index=True)


class Inbox(Repository):
    async def take(self, key: str) -> bool:
        """Record the delivery; False if it was handled before.

        A copy that is being handled right now is waited for (PostgreSQL) or queued behind (SQLite).
        """
        row = {"workspace": self._workspace, "key": key, "at": self._now}
        return await _TAKE.change(self._session, row) == 1

    async def forget(self, key: str) -> None:
        """Take the delivery for unhandled: a form that comes back with errors is sent again."""
        await _FORGET.change(self._session, {"workspace_": self._workspace, "key_": key})

    async def withdraw(self, key: str) -> bool:
        """Forget a key; return whether it was there."""
        return (
            await _FORGET.change(self._session, {"workspace_": self._workspace, "key_": key}) == 1
        )

    async def take_anonymous(self, key: str) -> bool:
        """Record a delivery that must not be traced to a person; False if it was handled before."""
        await self._alone()
        rows = await self._session.execute(
            select(col(AnonymousDelivery.key), col(AnonymousDelivery.hour)).where(
                col(AnonymousDelivery.workspace) == self._workspace
            )
        )
        known = {kept: hour for kept, hour in rows if hour >= hour_of(self._now) - UNSEEN_KEPT}
        digest = _digest(key)
        if digest in known:
            return False
        known[digest] = hour_of(self._now)
        await self._session.execute(
            delete(AnonymousDelivery).where(col(AnonymousDelivery.workspace) == self._workspace)
        )
        shuffled = list(known.items())
        _SHUFFLER.shuffle(shuffled)
        await self._session.execute(
            insert(AnonymousDelivery).values(
                [{"workspace": self._workspace, "key": k, "hour": hour} for k, hour in shuffled]
            )
        )
        return True

    async def forget_anonymous(self, key: str) -> None:
        """Take an unseen delivery for unhandled."""
        await self._session.execute(
            delete(AnonymousDelivery).where(
                col(AnonymousDelivery.workspace) == self._workspace,
                col(AnonymousDelivery.key) == _digest(key),
            )
        )

    async def _alone(self) -> None:
        """Wait for this workspace's other unseen deliveries; SQLite has one writer anyway."""
        if self._session.get_bind().dialect.name == "postgresql":
            await self._session.execute(
                text("SELECT pg_advisory_xact_lock(hashtext(:workspace))"),
                {"workspace": f"unseen {self._workspace}"},
            )

    async def forget_old(self) -> None:
        """Drop every workspace's deliveries that nobody repeats any more."""
        await self._session.execute(delete(Delivery).where(col(Delivery.at) < self._now - KEPT))
        old = hour_of(self._now) - UNSEEN_KEPT
        await self._session.execute(
            delete(AnonymousDelivery).where(col(AnonymousDelivery.hour) < old)
        )


_TAKE = Prepared(lambda dialect: insert_new(dialect, Delivery))
_FORGET = Prepared(
    lambda _: delete(table_of(Delivery)).where(
        col(Delivery.workspace) == bindparam("workspace_"), col(Delivery.key) == bindparam("key_")
    )
)


def _digest(key: str) -> str:
    """Return what is kept of a key: two are told apart by it, and nobody is found through it."""
    return sha256(key.encode()).hexdigest()
