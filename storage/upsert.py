"""INSERT … ON CONFLICT, spelled the same for both databases."""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects.postgresql import Insert
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncSession


def insert(session: AsyncSession, table: Any) -> Insert:
    """Return an insert that knows `on_conflict_do_update` and `on_conflict_do_nothing`.

    SQLite's class offers the same two methods with the same arguments as PostgreSQL's.
    """
    if session.get_bind().dialect.name == "sqlite":
        return sqlite_insert(table)  # type: ignore[return-value]
    return postgresql_insert(table)
