"""What every group of queries is bound to."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, Result
from sqlalchemy.ext.asyncio import AsyncSession

from storage.subjects import mark, shown_in


class Repository:
    """A session, the workspace that every query names, and the time of the transaction."""

    def __init__(self, session: AsyncSession, workspace: str, now: datetime) -> None:
        self._session = session
        self._workspace = workspace
        self._now = now

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
