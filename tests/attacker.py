"""Who holds the whole database and all logs, and what they see in them.

They know everything but the answer: who acted by name, when, in which order, what every table
holds, where each row lies on the disk and which transaction wrote it. docs/anonymity.md says what
else there is to know, outside of Hone.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlmodel import SQLModel

from bot.cards import Input
from storage import Database
from tests.hone import Someone


@dataclass(frozen=True, slots=True)
class Found:
    """A row as an attacker sees it; `place` sorts rows as they were written, as far as one sees."""

    table: str
    values: Mapping[str, Any]
    place: tuple[int, ...]

    def names(self, person: str) -> bool:
        """Whether any value names the person; a random id may say `ada`, but never `grace`."""
        return any(person in str(value) for value in self.values.values())


async def write_anonymously(person: Someone, note: str) -> None:
    await person.clicks("Add a note")
    await person.fills({"c0": note})
    assert "without your name" in person.told


def note_field(person: Someone) -> str:
    """Return the field of the only note in the open form."""
    assert person.form is not None
    return next(f.id for f in person.form.fields if isinstance(f, Input))


async def everything(database: Database, *others: str) -> list[Found]:
    """Read every row of every table, with where it lies and who wrote it with what.

    `others` are tables that are not Hone's own.
    """
    found: list[Found] = []
    async with database.engine.connect() as connection:
        for name in [*SQLModel.metadata.tables, *others]:
            hidden = "xmin::text::bigint AS x, ctid::text AS c" if not database.is_sqlite else ""
            if database.is_sqlite:
                table = SQLModel.metadata.tables.get(name)
                has_rowid = table is None or table.dialect_options["sqlite"]["with_rowid"]
                hidden = "rowid AS x" if has_rowid else "0 AS x"
            rows = await connection.execute(text(f"SELECT {hidden}, * FROM {name}"))
            for position, row in enumerate(rows.mappings()):
                values = {key: value for key, value in row.items() if key not in ("x", "c")}
                found.append(Found(name, values, (int(row["x"]), *_ctid(row, position))))
    return found


def _ctid(row: Any, position: int) -> tuple[int, ...]:
    return tuple(map(int, row["c"].strip("()").split(","))) if "c" in row else (position,)


def on_the_disk(database: Database) -> bytes:
    """Return SQLite's file as it lies there, its log moved into it."""
    path = str(database.engine.url.database)
    with sqlite3.connect(path) as plain:
        plain.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return Path(path).read_bytes()
