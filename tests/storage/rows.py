"""One row for a workspace in every table there is, now and in versions to come."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Column, Table, insert, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel

from storage import Database
from storage.types import Points, UTCDateTime

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
NUMBER = 1
"""What every number in a row is, so that ids fit together."""

_ALLOWED = re.compile(r"\"?(\w+)\"? IN \((?:'([^']*)'|(-?\d+))")


def tables() -> list[Table]:
    """Every table, parents first."""
    return list(SQLModel.metadata.sorted_tables)


def workspace_column(table: Table) -> Column[Any]:
    column: Column[Any] = table.c.id if table.name == "workspaces" else table.c.workspace
    return column


def row_of(table: Table, workspace: str, word: str) -> dict[str, Any]:
    """Return a row whose texts are all `word` and whose numbers are all NUMBER."""
    row = {column.name: _value(column, word) for column in table.columns}
    for check in table.constraints:
        if isinstance(check, CheckConstraint) and (found := _ALLOWED.match(str(check.sqltext))):
            name, text, number = found.groups()
            row[name] = text if number is None else int(number)
    if table.name == "items":
        row["finished_at"] = None  # its state is the first one allowed
    return row | {workspace_column(table).name: workspace}


def _value(column: Column[Any], word: str) -> Any:
    if isinstance(column.type, UTCDateTime):
        return NOW
    if isinstance(column.type, Points):
        return NUMBER
    kind = column.type.python_type
    if kind is date:
        return NOW.date()
    if kind is dict:
        return {"word": word}
    if kind is bytes:
        return word.encode()
    if kind in (int, float, bool):
        return kind(NUMBER)
    return word[: getattr(column.type, "length", None)]


async def furnish(database: Database, workspace: str, word: str) -> None:
    """Write one row into every table."""
    async with database.engine.begin() as connection:
        for table in tables():
            await connection.execute(insert(table).values(row_of(table, workspace, word)))


async def rows_of(database: Database, workspace: str) -> dict[str, list[tuple[Any, ...]]]:
    """Return table → the rows that a workspace has in it."""
    async with database.read(workspace, NOW) as store:
        return await rows_seen_by(store.session, workspace)


async def rows_seen_by(
    session: AsyncSession, workspace: str, only: Iterable[Table] | None = None
) -> dict[str, list[tuple[Any, ...]]]:
    """Return the same as one transaction sees it, of some tables or of all."""
    found = {}
    for table in tables() if only is None else only:
        mine = select(table).where(workspace_column(table) == workspace)
        found[table.name] = [tuple(row) for row in await session.execute(mine)]
    return found
