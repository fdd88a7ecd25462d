"""What owners are asked of their items. What falls on one morning stands in one message."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, Index, select, tuple_
from sqlmodel import Field, SQLModel, col

from storage.items import Item, ItemEvent
from storage.reminders import CHECK, DUE, asked_about
from storage.repository import Repository
from storage.subjects import Subject
from storage.timers import Timer, Timers
from storage.types import one_of

KINDS = (DUE, CHECK)


class Asked(Subject, SQLModel, table=True):
    """A person was asked about an item on a morning of their zone.

    `kind` is the timer's, `day` the due date or the day of the check that it is about.
    """

    __tablename__ = "asked"
    __table_args__ = (
        CheckConstraint(one_of("kind", KINDS), name="ck_asked_kind"),
        Index("ix_asked_number", "workspace", "number"),
    )

    workspace: str = Field(primary_key=True, max_length=100)
    person: str = Field(primary_key=True, max_length=200)
    morning: date = Field(primary_key=True)
    kind: str = Field(primary_key=True, max_length=40)
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    day: date

    @property
    def subject(self) -> str:
        return f"asked:{self.person}"


class Questions(Repository):
    async def take_due(self, person: str) -> list[tuple[str, int]]:
        """Take all that rings for a person by now; return (kind, number).

        What another replica is ringing at this moment is left to it.
        """
        ringing = (
            col(Timer.workspace) == self._workspace,
            col(Timer.kind).in_(KINDS),
            col(Timer.at) <= self._now,
        )
        keys = (await self._session.scalars(select(col(Timer.key)).where(*ringing))).all()
        theirs = await self._first_asked(person, [int(key) for key in keys])
        if not theirs:
            return []
        rows = await self._session.scalars(
            select(Timer)
            .where(*ringing, tuple_(col(Timer.kind), col(Timer.key)).in_(theirs))
            .with_for_update(skip_locked=True)
        )
        taken = [(timer.kind, timer.key) for timer in rows]
        timers = Timers(self._session, self._workspace, self._now)
        for kind, key in taken:
            await timers.cancel(kind, key)
        return [(kind, int(key)) for kind, key in taken]

    async def _first_asked(self, person: str, numbers: Sequence[int]) -> list[tuple[str, str]]:
        """Return (kind, key) of what a person is the first to be asked about these items."""
        rows = await self._session.scalars(
            select(Item).where(
                col(Item.workspace) == self._workspace, col(Item.number).in_(numbers)
            )
        )
        return [
            (kind, str(item.number))
            for item in rows
            for kind in KINDS
            if asked_about(item, kind)[:1] == (person,)
        ]

    async def add(self, person: str, morning: date, kind: str, number: int, day: date) -> None:
        self._session.add(
            Asked(
                workspace=self._workspace,
                person=person,
                morning=morning,
                kind=kind,
                number=number,
                day=day,
            )
        )
        await self._session.flush()

    async def on(self, person: str, morning: date) -> Sequence[Asked]:
        """Return what a person was asked on a morning: what was due first, then by number."""
        self._shows(f"asked:{person}")
        rows = await self._session.scalars(
            select(Asked)
            .where(
                col(Asked.workspace) == self._workspace,
                col(Asked.person) == person,
                col(Asked.morning) == morning,
            )
            .order_by(col(Asked.kind).desc(), col(Asked.number))
        )
        return rows.all()

    async def put_off(self, number: int, field: str) -> Sequence[str]:
        """Return why an item's `due` or `check_on` was moved to a later day, once for each time."""
        self._shows(f"item:{number}")
        rows = await self._session.execute(
            select(col(ItemEvent.changes), col(ItemEvent.reason))
            .where(
                col(ItemEvent.workspace) == self._workspace,
                col(ItemEvent.number) == number,
                col(ItemEvent.kind) == "changed",
                col(ItemEvent.person).is_not(None),
            )
            .order_by(col(ItemEvent.seq))
        )
        return [reason for changes, reason in rows if _is_later(changes, field)]

    async def about(self, number: int) -> Sequence[tuple[str, date]]:
        """Return who was asked about an item, and on which mornings."""
        rows = await self._session.execute(
            select(col(Asked.person), col(Asked.morning))
            .where(col(Asked.workspace) == self._workspace, col(Asked.number) == number)
            .distinct()
        )
        return [(person, morning) for person, morning in rows]


def _is_later(changes: Mapping[str, Any], field: str) -> bool:
    """Whether a day was put off by itself: one that goes along with a state was not chosen."""
    before, after = changes.get(field, (None, None))
    return bool(before and after) and after > before and "state" not in changes
