"""When each channel wants its digest, and what each week's digest said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, select
from sqlmodel import Field, SQLModel, col

from storage.prepared import Prepared
from storage.repository import Repository, changed_rows
from storage.subjects import Subject
from storage.types import Json, UTCDateTime
from storage.upsert import insert_new, upsert

TEAM, TRAIN = "team", "train"


def told(channel: str, level: str, iso_week: str) -> str:
    """Return the subject of what a digest said, which only changes where words must go."""
    return f"told:{channel} {level} {iso_week}"


class DigestSchedule(Subject, SQLModel, table=True):
    """When a channel wants the digest of a team, or of its train (`level`).

    `weekday` 1 is Monday, `at` a local time as `HH:MM` in the IANA zone.
    """

    __tablename__ = "digest_schedules"

    workspace: str = Field(primary_key=True, max_length=100)
    channel: str = Field(primary_key=True, max_length=300)
    level: str = Field(primary_key=True, max_length=10)
    team_id: int
    weekday: int
    at: str = Field(max_length=5)
    zone: str
    set_by: str = Field(max_length=200)

    @property
    def subject(self) -> str:
        return f"schedule:{self.channel}"


class Digest(Subject, SQLModel, table=True):
    """One week's digest in a channel, as it was told: the key lets no week have two."""

    __tablename__ = "digests"

    workspace: str = Field(primary_key=True, max_length=100)
    channel: str = Field(primary_key=True, max_length=300)
    level: str = Field(primary_key=True, max_length=10)
    iso_week: str = Field(primary_key=True, max_length=8)
    team_id: int
    at: datetime = Field(sa_type=UTCDateTime)
    story: dict[str, Any] = Field(default_factory=dict, sa_type=Json)

    @property
    def subject(self) -> str:
        return f"digest:{self.channel}"

    @property
    def touches(self) -> tuple[str, ...]:
        return self.subject, f"digests:{self.team_id}"


class Digests(Repository):
    async def schedule(self, channel: str, level: str = TEAM) -> DigestSchedule | None:
        self._shows(f"schedule:{channel}")
        return await self._session.get(DigestSchedule, (self._workspace, channel, level))

    async def set_schedule(
        self,
        channel: str,
        level: str,
        team_id: int,
        *,
        weekday: int,
        at: str,
        zone: str,
        by: str,
    ) -> None:
        self._marks(f"schedule:{channel}")
        wanted = {"team_id": team_id, "weekday": weekday, "at": at, "zone": zone, "set_by": by}
        of = {"workspace": self._workspace, "channel": channel, "level": level}
        await _SET_SCHEDULE.change(self._session, of | wanted)

    async def drop_schedule(self, channel: str, level: str) -> bool:
        """Forget the schedule; False if there was none."""
        self._marks(f"schedule:{channel}")
        dropped = await self._session.execute(
            delete(DigestSchedule).where(
                col(DigestSchedule.workspace) == self._workspace,
                col(DigestSchedule.channel) == channel,
                col(DigestSchedule.level) == level,
            )
        )
        return changed_rows(dropped) == 1

    async def keep(
        self, channel: str, level: str, iso_week: str, team_id: int, story: dict[str, Any]
    ) -> bool:
        """Keep the week's digest; False if this channel already had one this week."""
        digest = {
            "workspace": self._workspace,
            "channel": channel,
            "level": level,
            "iso_week": iso_week,
            "team_id": team_id,
            "at": self._now,
            "story": story,
        }
        self._marks(f"digest:{channel}", f"digests:{team_id}")
        return await _KEEP.change(self._session, digest) == 1

    async def find(self, channel: str, level: str, iso_week: str) -> Digest | None:
        self._shows(f"digest:{channel}", told(channel, level, iso_week))
        return await self._session.get(Digest, (self._workspace, channel, level, iso_week))

    async def latest(self, channel: str, level: str, limit: int = 8) -> Sequence[Digest]:
        """Return the channel's newest digests, oldest first."""
        self._shows(f"digest:{channel}")
        which = {"workspace_": self._workspace, "channel_": channel, "level_": level, "most": limit}
        rows = await self._session.scalars(_LATEST, which)
        return tuple(reversed(rows.all()))


# --- statements that every digest runs, built once -----------------------------------------------

_KEEP = Prepared(lambda dialect: insert_new(dialect, Digest))
_SET_SCHEDULE = Prepared(
    lambda dialect: upsert(dialect, DigestSchedule, "team_id", "weekday", "at", "zone", "set_by")
)
_LATEST = (
    select(Digest)
    .where(
        col(Digest.workspace) == bindparam("workspace_"),
        col(Digest.channel) == bindparam("channel_"),
        col(Digest.level) == bindparam("level_"),
    )
    .order_by(col(Digest.iso_week).desc())
    .limit(bindparam("most"))
)
