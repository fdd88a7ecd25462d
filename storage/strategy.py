"""Where a train is going: its vision, and the few strategic themes its objectives serve."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Field, SQLModel, col

from storage.counters import next_number
from storage.prepared import Prepared
from storage.repository import Repository
from storage.subjects import Subject
from storage.types import UTCDateTime
from storage.upsert import upsert


class Vision(Subject, SQLModel, table=True):
    """Where a train wants to go, in a few sentences."""

    __tablename__ = "visions"

    workspace: str = Field(primary_key=True, max_length=100)
    train_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    text: str

    @property
    def subject(self) -> str:
        return f"strategy:{self.train_id}"


class StrategicTheme(Subject, SQLModel, table=True):
    """A direction in a few sentences. A retired one keeps its id and is shown nowhere."""

    __tablename__ = "strategic_themes"

    workspace: str = Field(primary_key=True, max_length=100)
    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    train_id: int
    text: str
    retired_at: datetime | None = Field(default=None, sa_type=UTCDateTime)

    @property
    def subject(self) -> str:
        return f"strategy:{self.train_id}"


class Strategy(Repository):
    async def vision(self, train_id: int) -> str:
        """Return the train's vision, or an empty text."""
        self._shows(f"strategy:{train_id}")
        row = await self._session.get(Vision, (self._workspace, train_id))
        return row.text if row else ""

    async def set_vision(self, train_id: int, text: str) -> None:
        self._marks(f"strategy:{train_id}")
        row = {"workspace": self._workspace, "train_id": train_id, "text": text}
        await _SET_VISION.change(self._session, row)

    async def themes(self, train_id: int) -> Sequence[StrategicTheme]:
        """Return the train's themes in the order they were written."""
        self._shows(f"strategy:{train_id}")
        rows = await self._session.scalars(
            select(StrategicTheme)
            .where(
                col(StrategicTheme.workspace) == self._workspace,
                col(StrategicTheme.train_id) == train_id,
                col(StrategicTheme.retired_at).is_(None),
            )
            .order_by(col(StrategicTheme.id))
        )
        return rows.all()

    async def add_theme(self, train_id: int, text: str) -> StrategicTheme:
        theme = StrategicTheme(
            workspace=self._workspace,
            id=await next_number(self._session, self._workspace, "strategic theme"),
            train_id=train_id,
            text=text,
        )
        self._session.add(theme)
        await self._session.flush()
        return theme

    async def change_theme(self, theme: StrategicTheme, text: str) -> None:
        """Put it in other words; without any, retire it."""
        if text:
            theme.text = text
        else:
            theme.retired_at = self._now
        await self._session.flush()


_SET_VISION = Prepared(lambda dialect: upsert(dialect, Vision, "text"))
