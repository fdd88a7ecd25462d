"""What every group of queries is bound to."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar, cast

from sqlalchemy import CursorResult, Result
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel

from storage.numbers import is_number
from storage.subjects import mark, shown_in

Row = TypeVar("Row", bound=SQLModel)


class Repository:
    """A session, the workspace that every query names, and the time of the transaction."""

    def __init__(self, session: AsyncSession, workspace: str, now: datetime) -> None:
        self._session = session
        self._workspace = workspace
        self._now = now

    async def _numbered(
        self, model: type[Row], number: int, *, shows: str = "", lock: bool = False
    ) -> Row | None:
        """Return the row of this number, None if there can be or is none.

        `shows` names it where it is seen, even if missing. With `lock` it is read anew and kept
        from changing until this transaction ends.
        """
        if not is_number(number):
            return None
        if shows:
            self._shows(shows)
        return await self._session.get(
            model, (self._workspace, number), with_for_update=lock, populate_existing=lock
        )

    def _shows(self, *subjects: str) -> None:
        """Note what is read past the session's objects, in case a card is being drawn."""
        shown = shown_in(self._session.sync_session)
        if shown is not None:
            shown.subjects.update(subjects)

    def _marks(self, *subjects: str) -> None:
        """Note what is changed past the session's objects: posts that show it are drawn again."""
        mark(self._session.sync_session, subjects)


async def flush(session: AsyncSession) -> None:
    """Write what was changed on the session's objects."""
    sync = session.sync_session
    if sync.new or sync.dirty or sync.deleted:
        await session.flush()


def changed_rows(result: Result[Any]) -> int:
    """Return how many rows an INSERT, UPDATE or DELETE touched."""
    return cast("CursorResult[Any]", result).rowcount
