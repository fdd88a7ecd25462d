"""When each channel wants its digest, and what each week's digest said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Field, SQLModel, col

from storage.scope import Scope, changed_rows
from storage.types import Json, UTCDateTime
from storage.upsert import insert


class DigestSchedule(SQLModel, table=True):
    """A channel's weekday (1 is Monday) and local time, as `HH:MM` in an IANA zone."""

    __tablename__ = "digest_schedules"

    workspace: str = Field(primary_key=True, max_length=100)
    channel: str = Field(primary_key=True, max_length=300)
    weekday: int
    at: str = Field(max_length=5)
    zone: str
    set_by: str = Field(max_length=200)


class Digest(SQLModel, table=True):
    """One week's digest of a channel, as numbers: the key lets no week have two."""

    __tablename__ = "digests"

    workspace: str = Field(primary_key=True, max_length=100)
    channel: str = Field(primary_key=True, max_length=300)
    iso_week: str = Field(primary_key=True, max_length=8)
    team_id: int
    at: datetime = Field(sa_type=UTCDateTime)
    story: dict[str, Any] = Field(default_factory=dict, sa_type=Json)


class Digests(Scope):
    async def schedule(self, channel: str) -> DigestSchedule | None:
        return await self._session.get(DigestSchedule, (self._workspace, channel))

    async def set_schedule(
        self, channel: str, weekday: int, at: str, zone: str, by: str
    ) -> DigestSchedule:
        row = await self.schedule(channel)
        if row is None:
            row = DigestSchedule(
                workspace=self._workspace,
                channel=channel,
                weekday=weekday,
                at=at,
                zone=zone,
                set_by=by,
            )
            self._session.add(row)
        else:
            row.weekday, row.at, row.zone, row.set_by = weekday, at, zone, by
        await self._session.flush()
        return row

    async def drop_schedule(self, channel: str) -> bool:
        row = await self.schedule(channel)
        if row is not None:
            await self._session.delete(row)
            await self._session.flush()
        return row is not None

    async def keep(self, channel: str, iso_week: str, team_id: int, story: dict[str, Any]) -> bool:
        """Keep the week's digest; False if this channel already had one this week."""
        kept = (
            insert(self._session, Digest)
            .values(
                workspace=self._workspace,
                channel=channel,
                iso_week=iso_week,
                team_id=team_id,
                at=self._now,
                story=story,
            )
            .on_conflict_do_nothing()
        )
        return changed_rows(await self._session.execute(kept)) == 1

    async def find(self, channel: str, iso_week: str) -> Digest | None:
        return await self._session.get(Digest, (self._workspace, channel, iso_week))

    async def latest(self, channel: str, limit: int = 8) -> Sequence[Digest]:
        """Return the channel's newest digests, oldest first."""
        rows = await self._session.scalars(
            select(Digest)
            .where(col(Digest.workspace) == self._workspace, col(Digest.channel) == channel)
            .order_by(col(Digest.iso_week).desc())
            .limit(limit)
        )
        return tuple(reversed(rows.all()))
