"""Who did which administrative act, and when. Rows are only ever added."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from storage.ids import new_id
from storage.repository import Repository
from storage.types import UTCDateTime


class AuditEntry(SQLModel, table=True):
    """What somebody did that others may ask about later.

    `what` names things and people by id only, never by anything that was typed.
    """

    __tablename__ = "audit"

    workspace: str = Field(primary_key=True, max_length=100)
    id: str = Field(primary_key=True, max_length=32)
    at: datetime = Field(sa_type=UTCDateTime)
    person: str = Field(max_length=200)
    what: str


class Audit(Repository):
    async def add(self, person: str, what: str) -> None:
        """Note an act such as `team 3: zone`."""
        self._session.add(
            AuditEntry(
                workspace=self._workspace,
                id=new_id(self._now),
                at=self._now,
                person=person,
                what=what,
            )
        )
        await self._session.flush()
