"""Somebody else's words for an item that is there already: support that keeps what was said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlmodel import Field, SQLModel, col

from storage.prepared import Prepared
from storage.repository import Repository
from storage.subjects import Subject
from storage.types import UTCDateTime
from storage.upsert import upsert


class ItemVoice(Subject, SQLModel, table=True):
    """Somebody else's words for the same item: support that keeps what was said."""

    __tablename__ = "item_voices"

    workspace: str = Field(primary_key=True, max_length=100)
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    person: str = Field(primary_key=True, max_length=200)
    text: str
    at: datetime = Field(sa_type=UTCDateTime)

    @property
    def subject(self) -> str:
        return f"item:{self.number}"


class Voices(Repository):
    async def add(self, number: int, person: str, text: str) -> None:
        """Keep a person's own words under an item; their later words replace earlier ones."""
        self._marks(f"item:{number}")
        whose = {"workspace": self._workspace, "number": number, "person": person}
        await _ADD.change(self._session, whose | {"text": text, "at": self._now})

    async def of(self, number: int) -> Sequence[ItemVoice]:
        """Return what others said about the same thing, oldest first."""
        self._shows(f"item:{number}")
        return (
            await self._session.scalars(
                _OF_ITEM, {"workspace_": self._workspace, "number_": number}
            )
        ).all()


_OF_ITEM = (
    select(ItemVoice)
    .where(
        col(ItemVoice.workspace) == bindparam("workspace_"),
        col(ItemVoice.number) == bindparam("number_"),
    )
    .order_by(col(ItemVoice.at), col(ItemVoice.person))
)
_ADD = Prepared(lambda dialect: upsert(dialect, ItemVoice, "text", "at"))
