"""INSERT … ON CONFLICT, spelled the same for both databases; for statements kept `Prepared`."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import ColumnElement
from sqlalchemy.dialects.postgresql import Insert
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import SQLModel

from storage.tables import table_of

Condition = Callable[[Insert], ColumnElement[bool]]
"""Given the insert, whose `excluded` is the new row, tells whether the old one gives way."""


def insert_on(dialect: str, model: type[SQLModel]) -> Insert:
    """Return an insert that knows `on_conflict_do_update` and `on_conflict_do_nothing`.

    SQLite's class offers the same two methods with the same arguments as PostgreSQL's.
    """
    if dialect == "sqlite":
        return sqlite_insert(table_of(model))  # type: ignore[return-value]
    return postgresql_insert(table_of(model))


def insert_new(dialect: str, model: type[SQLModel]) -> Insert:
    """Return an insert that leaves a row alone whose key stands there already."""
    return insert_on(dialect, model).on_conflict_do_nothing()


def upsert(
    dialect: str, model: type[SQLModel], *columns: str, only_if: Condition | None = None
) -> Insert:
    """Return an insert that sets these columns anew where its key stands there already."""
    adding = insert_on(dialect, model)
    return adding.on_conflict_do_update(
        index_elements=list(table_of(model).primary_key),
        set_={name: adding.excluded[name] for name in columns},
        where=None if only_if is None else only_if(adding),
    )
