"""Conversations that take several turns, and words that wait for a yes.

A row is all there is of one: a restart, a deploy or another replica goes on where it stood. What
was typed is kept until the conversation ends or expires, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Index, Select, delete, select
from sqlmodel import Field, SQLModel, col

from storage.counters import next_number
from storage.repository import Repository
from storage.subjects import Subject
from storage.types import Json, UTCDateTime


class Conversation(Subject, SQLModel, table=True):
    """One person's talk with Hone, at a `step` that its feature knows; an empty step is its end.

    `version` counts the questions: an answer to an older one changes nothing. `asked_at` is the
    platform's time of the act that led to the question. `item` is what came of it, or what it is
    about.
    """

    __tablename__ = "conversations"
    __table_args__ = (Index("ix_conversations_person", "workspace", "person", "kind"),)

    workspace: str = Field(primary_key=True, max_length=100)
    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    kind: str = Field(max_length=20)
    person: str = Field(max_length=200)
    channel: str = Field(max_length=300)
    team_id: int
    step: str = Field(max_length=40)
    version: int = 1
    answers: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    item: int | None = None
    asked_at: datetime = Field(sa_type=UTCDateTime)
    expires_at: datetime = Field(sa_type=UTCDateTime)

    @property
    def subject(self) -> str:
        return f"conversation:{self.id}"

    @property
    def touches(self) -> tuple[str, ...]:
        return self.subject, f"conversations:{self.person}"


def newest_open(workspace: str, kind: str, person: str, now: datetime) -> Select[Conversation]:
    """Select the person's newest conversation that is not over."""
    return (
        select(Conversation)
        .where(
            col(Conversation.workspace) == workspace,
            col(Conversation.person) == person,
            col(Conversation.kind) == kind,
            col(Conversation.step) != "",
            col(Conversation.expires_at) > now,
        )
        .order_by(col(Conversation.id).desc())
        .limit(1)
    )


class Conversations(Repository):
    async def start(
        self,
        kind: str,
        person: str,
        channel: str,
        team_id: int,
        step: str,
        *,
        asked_at: datetime,
        expires_at: datetime,
        answers: Mapping[str, Any] | None = None,
        item: int | None = None,
    ) -> Conversation:
        row = Conversation(
            workspace=self._workspace,
            id=await next_number(self._session, self._workspace, "conversation"),
            kind=kind,
            person=person,
            channel=channel,
            team_id=team_id,
            step=step,
            answers=dict(answers or {}),
            item=item,
            asked_at=asked_at,
            expires_at=expires_at,
        )
        self._session.add(row)
        await self._session.flush()
        return row

    async def find(self, id: int) -> Conversation | None:
        """Return the conversation unless it expired; one that has ended does not."""
        return await self._one(id, lock=False)

    async def locked(self, id: int) -> Conversation | None:
        """Return the conversation, kept from changing until this transaction ends."""
        return await self._one(id, lock=True)

    async def _one(self, id: int, *, lock: bool) -> Conversation | None:
        row = await self._numbered(Conversation, id, shows=f"conversation:{id}", lock=lock)
        if row is None or (row.step and row.expires_at <= self._now):
            return None
        return row

    async def open(self, kind: str, person: str) -> Conversation | None:
        """Return the person's newest conversation that is not over, locked."""
        return await self._session.scalar(
            newest_open(self._workspace, kind, person, self._now)
            .with_for_update()
            .execution_options(populate_existing=True)
        )

    async def newest(self, kind: str, person: str, channel: str) -> Conversation | None:
        """Return what a person began last in a channel, over or not, unless it expired."""
        row = await self._session.scalar(
            select(Conversation)
            .where(
                col(Conversation.workspace) == self._workspace,
                col(Conversation.person) == person,
                col(Conversation.kind) == kind,
                col(Conversation.channel) == channel,
            )
            .order_by(col(Conversation.id).desc())
            .limit(1)
        )
        return None if row is None or row.expires_at <= self._now else row

    async def end(self, row: Conversation, item: int | None = None) -> None:
        """Forget what was typed; what remains says only what came of it."""
        row.step, row.version, row.answers, row.item = "", row.version + 1, {}, item
        await self._session.flush()

    async def forget(self, id: int) -> None:
        self._marks(f"conversation:{id}")
        await self._session.execute(
            delete(Conversation).where(
                col(Conversation.workspace) == self._workspace, col(Conversation.id) == id
            )
        )
