"""What every group of queries is bound to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, Executable, Result
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

Parameters = Mapping[str, object] | Sequence[Mapping[str, object]]


class Scope:
    """A session, the workspace that every query names, and the time of the transaction."""

    def __init__(self, session: AsyncSession, workspace: str, now: datetime) -> None:
        self._session = session
        self._workspace = workspace
        self._now = now

    async def _run(
        self, statement: Executable, parameters: Parameters | None = None
    ) -> CursorResult[Any]:
        """Run a statement on plain tables, past the ORM.

        For what every turn runs: built once and kept, it costs a fifth of one that is built anew.
        """
        await flush(self._session)
        connection = self._session.bind
        assert isinstance(connection, AsyncConnection), "Database binds sessions to connections"
        if connection.dialect.name == "sqlite":  # it never waits (storage/sqlite.py)
            return connection.sync_connection.execute(statement, parameters)  # type: ignore[union-attr]
        return await connection.execute(statement, parameters)


async def flush(session: AsyncSession) -> None:
    """Write what was changed on the session's objects."""
    if session.new or session.dirty or session.deleted:
        await session.flush()


def changed_rows(result: Result[Any]) -> int:
    """Return how many rows an INSERT, UPDATE or DELETE touched."""
    return cast("CursorResult[Any]", result).rowcount
