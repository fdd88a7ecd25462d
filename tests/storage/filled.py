"""A database as people had it: rows of twelve stories, written by the version of migration 0001.

`filled_at_0001.json` holds table → its columns and rows, as SQLite keeps them (texts for instants,
days and JSON; hexadecimal for bytes). It is as frozen as the migration.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    LargeBinary,
    MetaData,
    insert,
    select,
)

from storage.database import make_engine

FIRST_ROWS = Path(__file__).with_name("filled_at_0001.json")

Rows = dict[tuple[Any, ...], dict[str, Any]]
"""A table's rows by their key, each as column → value."""


async def fill(url: str) -> None:
    """Write the stories' rows into a database that stands at 0001."""
    stories = json.loads(FIRST_ROWS.read_text())

    def write(connection: Connection) -> None:
        for table in _tables(connection).sorted_tables:
            if table.name == "alembic_version":
                continue
            story = stories.pop(table.name)
            columns = [table.c[name] for name in story["columns"]]
            connection.execute(
                insert(table),
                [
                    {
                        column.name: _kept(column, value)
                        for column, value in zip(columns, row, strict=True)
                    }
                    for row in story["rows"]
                ],
            )
        assert not stories, "rows for a table that is not there"

    await _run(url, write)


async def content(url: str) -> dict[str, Rows]:
    """Return everything a database holds, whichever migration it stands at."""
    found: dict[str, Rows] = {}

    def read(connection: Connection) -> None:
        for table in _tables(connection).sorted_tables:
            if table.name != "alembic_version":
                found[table.name] = {
                    tuple(row[column.name] for column in table.primary_key): dict(row)
                    for row in connection.execute(select(table)).mappings()
                }

    await _run(url, read)
    return found


async def _run(url: str, work: Any) -> None:
    engine = make_engine(url)
    async with engine.begin() as connection:
        await connection.run_sync(work)
    await engine.dispose()


def _tables(connection: Connection) -> MetaData:
    """Return the tables as the database itself describes them: the code knows only today's."""
    tables = MetaData()
    tables.reflect(connection)
    return tables


def _kept(column: Column[Any], value: Any) -> Any:
    """Return a value of the file as its column takes it."""
    match column.type:
        case _ if value is None:
            return None
        case DateTime(timezone=zoned):
            instant = datetime.fromisoformat(value)
            return instant.replace(tzinfo=UTC) if zoned else instant
        case Date():
            return date.fromisoformat(value)
        case JSON():
            return json.loads(value)
        case LargeBinary():
            return bytes.fromhex(value)
        case Boolean():
            return bool(value)
    return value
