"""SQLModel checks nothing, so the database refuses what no code should ever write."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import CheckConstraint, insert
from sqlalchemy.exc import IntegrityError, StatementError

from storage import Database
from tests.storage.rows import NOW, furnish, row_of, tables

WORKSPACE = "test:acme"


def checks() -> list[tuple[str, str]]:
    """Every table and column that holds one of a few values."""
    return [
        (table.name, listed[1])
        for table in tables()
        for check in table.constraints
        if isinstance(check, CheckConstraint)
        and (listed := re.match(r'"?(\w+)"? IN ', str(check.sqltext)))
    ]


async def test_a_value_outside_its_list_is_refused(database: Database) -> None:
    assert ("ballots", "card") in checks()
    for table, column in checks():
        row = await _stored(database, table)
        wrong = -99 if isinstance(row[column], int) else "none"
        with pytest.raises(IntegrityError, match=r"(?i)check"):
            await _insert(database, table, row | {column: wrong})


async def test_an_item_has_an_end_exactly_when_it_is_over(database: Database) -> None:
    """The indexes of what is open go by it."""
    row = await _stored(database, "items")
    for wrong in ({"finished_at": NOW}, {"state": "accepted"}):
        with pytest.raises(IntegrityError, match=r"(?i)check"):
            await _insert(database, "items", row | wrong)


async def test_a_ballot_for_a_vote_that_never_was_is_refused(database: Database) -> None:
    row = await _stored(database, "ballots")
    with pytest.raises(IntegrityError):
        await _insert(database, "ballots", row | {"poll_id": 77})


async def test_a_ballot_of_one_workspace_cannot_point_into_another(database: Database) -> None:
    await furnish(database, "test:theirs", "hers")
    row = row_of(_table("ballots"), WORKSPACE, "ours")
    with pytest.raises(IntegrityError):
        await _insert(database, "ballots", row)


async def test_one_person_has_one_card_for_each_column(database: Database) -> None:
    await furnish(database, WORKSPACE, "ours")
    with pytest.raises(IntegrityError):
        await _insert(database, "ballots", row_of(_table("ballots"), WORKSPACE, "ours"))


async def test_an_instant_without_a_zone_is_refused(database: Database) -> None:
    """It would mean another moment on every machine."""
    row = row_of(_table("timers"), WORKSPACE, "ours")
    with pytest.raises(StatementError, match="naive"):
        await _insert(database, "timers", row | {"at": row["at"].replace(tzinfo=None)})


async def _stored(database: Database, table: str) -> dict[str, Any]:
    """Return a good row, with its parents in the database."""
    workspace = f"test:{table}"
    async with database.engine.begin() as connection:
        for parent in _table(table).foreign_keys:
            found = parent.column.table
            if not await connection.scalar(
                found.select().where(found.c.workspace == workspace).limit(1)
            ):
                await connection.execute(insert(found).values(row_of(found, workspace, "ours")))
    return row_of(_table(table), workspace, "ours")


def _table(name: str) -> Any:
    return next(table for table in tables() if table.name == name)


async def _insert(database: Database, table: str, row: dict[str, Any]) -> None:
    async with database.engine.begin() as connection:
        await connection.execute(insert(_table(table)).values(row))
