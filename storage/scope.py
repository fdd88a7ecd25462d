"""What every group of queries is bound to."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, Result
from sqlalchemy.ext.asyncio import AsyncSession


class Scope:
    """A session, the workspace that every query names, and the time of the transaction."""

    def __init__(self, session: AsyncSession, workspace: str, now: datetime) -> None:
        self._session = session
        self._workspace = workspace
        self._now = now


async def flush(session: AsyncSession) -> None:
    """Write what was changed on the session's objects."""
    sync = session.sync_session
    if sync.new or sync.dirty or sync.deleted:
        await session.flush()


def changed_rows(result: Result[Any]) -> int:
    """Return how many rows an INSERT, UPDATE or DELETE touched."""
    return cast("CursorResult[Any]", result).rowcount
