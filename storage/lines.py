"""What people say in the local room, where there is no platform to remember it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlmodel import Field, SQLModel, col

from storage.ids import new_id
from storage.repository import Repository
from storage.subjects import Subject
from storage.types import UTCDateTime


class Line(Subject, SQLModel, table=True):
    """What somebody said in the local room."""

    __tablename__ = "lines"

    workspace: str = Field(primary_key=True, max_length=100)
    id: str = Field(primary_key=True, max_length=32)
    channel: str = Field(max_length=300, index=True)
    person: str = Field(max_length=200)
    text: str
    at: datetime = Field(sa_type=UTCDateTime)

    @property
    def subject(self) -> str:
        return f"lines:{self.channel}"


class Lines(Repository):
    async def add(self, channel: str, person: str, text: str) -> Line:
        line = Line(
            workspace=self._workspace,
            id=new_id(self._now),
            channel=channel,
            person=person,
            text=text,
            at=self._now,
        )
        self._session.add(line)
        await self._session.flush()
        return line

    async def in_channel(self, channel: str, limit: int = 200) -> Sequence[Line]:
        """Return the channel's latest lines, oldest first."""
        self._shows(f"lines:{channel}")
        which = {"workspace_": self._workspace, "channel_": channel, "most": limit}
        rows = await self._session.scalars(_LATEST, which)
        return tuple(reversed(rows.all()))


_LATEST = (  # built once: each look at the room asks
    select(Line)
    .where(
        col(Line.workspace) == bindparam("workspace_"), col(Line.channel) == bindparam("channel_")
    )
    .order_by(col(Line.at).desc(), col(Line.id).desc())
    .limit(bindparam("most"))
)
