"""The table of what waits for what, and when those at both ends are to be told.

Every link and every change of an item passes here, whichever feature makes it, so that no team
learns too late that another one counts on it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from sqlalchemy import Index, bindparam, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel

from storage.prepared import Prepared
from storage.subjects import Subject
from storage.tables import table_of
from storage.timers import Timers
from storage.types import UTCDateTime

BEGUN, ENDED = "link.begun", "link.ended"
"""The timers' kinds: an item began to wait, an item was finished. The key is its number."""

UNRESOLVED = text("resolved_at IS NULL")


class ItemLink(Subject, SQLModel, table=True):
    """Item `number` waits for an item, for a team that Hone knows, or for somebody by name.

    `team_id` is the team whose item waits. A link to an item ends when that item does, and lives
    again if that item is reopened; `resolved_at` ends it for good. `reminded_at` is when the other
    team was reminded last.
    """

    __tablename__ = "item_links"
    __table_args__ = (
        Index("ix_item_links_number", "workspace", "number"),
        Index("ix_item_links_on_item", "workspace", "on_item"),
        Index(
            "ix_item_links_open",
            "workspace",
            "team_id",
            sqlite_where=UNRESOLVED,
            postgresql_where=UNRESOLVED,
        ),
    )

    workspace: str = Field(primary_key=True, max_length=100)
    id: str = Field(primary_key=True, max_length=32)
    number: int
    team_id: int
    on_item: int | None = None
    on_team: int | None = None
    on_name: str = ""
    opened_at: datetime = Field(sa_type=UTCDateTime)
    resolved_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    reminded_at: datetime | None = Field(default=None, sa_type=UTCDateTime)

    @property
    def subject(self) -> str:
        return f"item:{self.number}"

    @property
    def touches(self) -> tuple[str, ...]:
        return (self.subject, f"item:{self.on_item}") if self.on_item else (self.subject,)


class Finishable(Protocol):
    """What the links need to know of an item."""

    workspace: str
    number: int

    @property
    def is_finished(self) -> bool: ...


async def tell_of_end(session: AsyncSession, item: Finishable, now: datetime) -> None:
    """Have those told who wait for an item that is finished now, and those it waited for."""
    if not item.is_finished:
        return
    which = {"workspace_": item.workspace, "number_": item.number}
    if await _AT_EITHER_END.rows(session, which):
        await Timers(session, item.workspace, now).set(ENDED, str(item.number), now)


_LINKS = table_of(ItemLink)
_AT_EITHER_END = Prepared(
    lambda _: (
        select(_LINKS.c.id)
        .where(
            _LINKS.c.workspace == bindparam("workspace_"),
            or_(_LINKS.c.number == bindparam("number_"), _LINKS.c.on_item == bindparam("number_")),
            UNRESOLVED,
        )
        .limit(1)
    )
)
