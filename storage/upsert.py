"""INSERT … ON CONFLICT, spelled the same for both databases."""

from __future__ import annotations

from sqlalchemy.dialects.postgresql import Insert
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel

from storage.tables import table_of


def insert(session: AsyncSession, model: type[SQLModel]) -> Insert:
    """Return an insert that knows `on_conflict_do_update` and `on_conflict_do_nothing`."""
    return insert_on(dialect_of(session), model)


def insert_on(dialect: str, model: type[SQLModel]) -> Insert:
    """Return the same for a dialect, to build a statement once and keep it.

    SQLite's class offers the same two methods with the same arguments as PostgreSQL's.
    """
    # The plain table: an insert into a mapped class costs twice as much and gives nothing more.
    if dialect == "sqlite":
        return sqlite_insert(table_of(model))  # type: ignore[return-value]
    return postgresql_insert(table_of(model))


def dialect_of(session: AsyncSession) -> str:
    """Return `sqlite` or `postgresql`."""
    bind = session.sync_session.bind
    assert bind is not None, "Database binds sessions to connections"
    return bind.dialect.name
