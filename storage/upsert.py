"""INSERT … ON CONFLICT, spelled the same for both databases."""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects.postgresql import Insert
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncSession


def insert(session: AsyncSession, table: Any) -> Insert:
    """Return an insert that knows `on_conflict_do_update` and `on_conflict_do_nothing`."""
    return insert_on(dialect_of(session), table)


def insert_on(dialect: str, table: Any) -> Insert:
    """Return the same for a dialect, to build a statement once and keep it.

    SQLite's class offers the same two methods with the same arguments as PostgreSQL's.
    """
    # The plain table: an insert into a mapped class costs twice as much and gives nothing more.
    if dialect == "sqlite":
        return sqlite_insert(table.__table__)  # type: ignore[return-value]
    return postgresql_insert(table.__table__)


def dialect_of(session: AsyncSession) -> str:
    """Return `sqlite` or `postgresql`."""
    bind = session.sync_session.bind
    assert bind is not None, "Database binds sessions to connections"
    return bind.dialect.name
