"""A database of any age becomes this version's, on both kinds, and nothing is lost on the way."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from alembic import command
from sqlalchemy import inspect, text
from sqlmodel import SQLModel

from storage import Database
from storage.migrate import check_drift, config, is_current, upgrade
from tests.postgres import Postgres
from tests.storage.rows import NOW, furnish, rows_of, tables

ROOT = Path(__file__).parents[2]


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/new/folder/hone.db"
        return
    server: Postgres = request.getfixturevalue("postgres")
    name = f"test_{uuid4().hex}"
    yield asyncio.run(server.create(name))
    asyncio.run(server.drop(name))


def test_an_empty_database_gets_every_table_and_may_be_migrated_again(empty_url: str) -> None:
    upgrade(empty_url)
    upgrade(empty_url)
    check_drift(empty_url)
    assert asyncio.run(_names(empty_url)) == {"alembic_version", *SQLModel.metadata.tables}


def test_a_migration_can_be_taken_back(empty_url: str) -> None:
    upgrade(empty_url)
    command.downgrade(config(empty_url), "base")
    assert asyncio.run(_names(empty_url)) == {"alembic_version"}
    upgrade(empty_url)
    check_drift(empty_url)


def test_migrating_again_keeps_every_row(empty_url: str) -> None:
    """With foreign keys on, SQLite deletes child rows while a parent's table is rebuilt."""
    upgrade(empty_url)

    async def story() -> None:
        database = Database(empty_url)
        await furnish(database, "test:acme", "kept")
        before = await rows_of(database, "test:acme")
        await asyncio.to_thread(upgrade, empty_url)
        assert await rows_of(database, "test:acme") == before
        assert len(before) == len(tables())
        await database.close()

    asyncio.run(story())


def test_the_rows_of_the_first_release_are_all_there_afterwards(empty_url: str) -> None:
    """Only what a later version added is empty: a score of before has no steps."""
    upgrade(empty_url)

    async def story() -> None:
        database = Database(empty_url)
        await furnish(database, "test:acme", "kept")
        before = await rows_of(database, "test:acme")
        await asyncio.to_thread(command.downgrade, config(empty_url), "0001")
        await asyncio.to_thread(upgrade, empty_url)
        after = await rows_of(database, "test:acme")
        assert {name: len(rows) for name, rows in after.items()} == {
            name: len(rows) for name, rows in before.items()
        }
        async with database.read("test:acme", NOW) as store:
            scores = await store.scores.in_polls(range(1, 99))
        assert scores
        assert all(score.steps is None and score.wsjf for score in scores)
        await database.close()

    asyncio.run(story())


def test_a_row_that_points_nowhere_stops_the_migration(tmp_path: Path) -> None:
    """SQLite checks no foreign key while it migrates, so Hone does afterwards."""
    url = f"sqlite:///{tmp_path}/hone.db"
    upgrade(url)

    async def orphan() -> None:
        database = Database(url)
        async with database.engine.connect() as connection:
            await connection.exec_driver_sql("ROLLBACK")
            await connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            await connection.exec_driver_sql(
                "INSERT INTO poll_items (workspace, poll_id, number, position) VALUES ('w',9,1,0)"
            )
        await database.close()

    asyncio.run(orphan())
    with pytest.raises(RuntimeError, match="point nowhere"):
        upgrade(url)


def test_replicas_that_start_together_migrate_once(postgres: Postgres) -> None:
    """A deploy starts them all at once on an empty database."""
    url = asyncio.run(postgres.create("started_together"))
    program = "import sys; from storage.migrate import upgrade; upgrade(sys.argv[1])"
    replicas = [
        subprocess.Popen(
            [sys.executable, "-c", program, url], cwd=ROOT, stderr=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    for replica in replicas:
        _, said = replica.communicate(timeout=60)
        assert replica.returncode == 0, said
    check_drift(url)
    asyncio.run(postgres.drop("started_together"))


async def test_readiness_knows_the_migration_level(empty_url: str) -> None:
    await asyncio.to_thread(upgrade, empty_url)
    database = Database(empty_url)
    assert await is_current(database.engine)

    async with database.engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = 'older'"))
    assert not await is_current(database.engine)
    async with database.engine.begin() as connection:
        await connection.execute(text("DROP TABLE alembic_version"))
    assert not await is_current(database.engine)
    await database.write("w", NOW, lambda store: store.workspaces.ensure())
    await database.close()


async def _names(url: str) -> set[str]:
    database = Database(url)
    async with database.engine.connect() as connection:
        names = await connection.run_sync(lambda plain: set(inspect(plain).get_table_names()))
    await database.close()
    return names
