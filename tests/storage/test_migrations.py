"""A database of any age becomes this version's, on both kinds, and nothing is lost on the way."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator, Mapping, Set
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import pytest
from alembic import command
from sqlalchemy import insert, inspect, text
from sqlmodel import SQLModel

from storage import Database
from storage.migrate import config, is_current, upgrade
from storage.posts import PostRow
from storage.tables import table_of
from tests.hone import Hone
from tests.postgres import Postgres
from tests.storage.filled import Rows, content, fill
from tests.storage.rows import NOW, furnish, row_of, rows_of, tables

ROOT = Path(__file__).parents[2]
VERSIONS = ROOT / "storage" / "migrations" / "versions"

FROZEN = {
    "0001_the_first_tables.py": "d26706bd1704137edd5913c5091b2f801c43c17aa0a1357d742664d21e7610ee",
}
"""SHA-256 of the migrations that were released, so that people have been through them."""

GONE = {
    "scores": {"size_agreement"},
    "posts": {"due_at", "can_wait", "sent_at"},
    "item_links": {"opened_by"},
    "shared_themes": {"confirmed_by"},
    "visions": {"changed_by", "changed_at"},
    "workspaces": {"welcomed_at"},
    "items": {"external_key"},
}
"""Table → columns that a migration since 0001 took away or wrote anew on purpose.

0003 has each post drawn once, so that it learns what it shows.
"""

RINGS_NO_MORE = {"capture.settle", "page.news", "wsjf.settle"}
"""Timers that 0003 took away: they only had a card drawn again."""


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


def test_what_people_have_is_kept_on_the_way_to_this_version(empty_url: str) -> None:
    """Rows of twelve stories, written at 0001, come through every migration since and back."""
    _filled(empty_url)
    before = asyncio.run(content(empty_url))
    assert all(before.values()), "a table has no rows to lose"

    upgrade(empty_url)
    check_drift(empty_url)
    assert _but_for(GONE, before) == _as_far_as(before, asyncio.run(content(empty_url)), GONE)

    command.downgrade(config(empty_url), "0001")
    again = asyncio.run(content(empty_url))
    assert _but_for(GONE, again) == _but_for(GONE, before)


def test_cards_of_an_older_version_are_still_drawn(empty_url: str) -> None:
    """They stand in channels for months, and what they name must be found where it is now."""
    _filled(empty_url)
    upgrade(empty_url)

    async def draw() -> int:
        hone = Hone(Database(empty_url))
        posts = [
            (workspace, row["view"])
            for (workspace, _), row in (await content(empty_url))["posts"].items()
            if row["state"] == "live"
        ]
        for workspace, view in posts:
            async with hone.database.read(workspace, hone.now) as store:
                await hone.router.draw(store, view)
        await hone.database.close()
        return len(posts)

    assert asyncio.run(draw()) > 50


def test_what_cards_of_an_older_version_show_of_trackers_still_finds_them(empty_url: str) -> None:
    upgrade(empty_url, "0054")
    shown = [("p1", "item:1"), ("p1", "trackers"), ("p2", "records-at:7"), ("p2", "trackers")]

    async def subjects(*statements: str) -> list[tuple[str, str]]:
        database = Database(empty_url)
        async with database.engine.begin() as connection:
            for statement in statements:
                await connection.execute(text(statement))
            rows = await connection.execute(text("SELECT post, subject FROM post_subjects"))
            found = sorted((post, subject) for post, subject in rows)
        await database.close()
        return found

    written = "INSERT INTO post_subjects (workspace, post, subject) VALUES ('w', '{}', '{}')"
    asyncio.run(subjects(*(written.format(*row) for row in shown)))
    upgrade(empty_url)
    now_too = [("p1", "homes"), ("p2", "homes"), ("p2", "accounts:7")]
    assert asyncio.run(subjects()) == sorted(shown + now_too)
    upgrade(empty_url)
    command.downgrade(config(empty_url), "0054")
    assert asyncio.run(subjects()) == sorted([*shown, ("p2", "accounts:7")])


def test_a_score_of_an_older_version_keeps_its_value_and_has_no_steps(empty_url: str) -> None:
    """It was made of the middle cards; what was accepted does not change by itself."""
    _filled(empty_url)
    upgrade(empty_url)
    scores = asyncio.run(content(empty_url))["scores"].values()
    assert scores
    assert all(score["steps"] is None and score["wsjf"] for score in scores)


def test_cards_that_noted_nothing_learn_whose_words_they_show(empty_url: str) -> None:
    """What is restricted leaves them, too; where something is by now they are drawn at once."""
    upgrade(empty_url, "0061")
    packet, question = '["themes.packet",1,"2026-11-23"]', '["coach.question",1,"effect",2]'

    async def deliver() -> None:
        database = Database(empty_url)
        for workspace in ("some", "none"):
            await furnish(database, workspace, workspace)
        async with database.engine.begin() as connection:
            for workspace in ("some", "none"):
                for id, view, shows in (
                    *(("packet", packet, "-"), ("talk", question, "-")),
                    *(("other", '["coach.question",2,"effect",2]', "-"), ("new", packet, "-ab")),
                ):
                    row = row_of(table_of(PostRow), workspace, workspace)
                    row |= {"id": id, "view": view, "shows": shows, "state": "live", "due_at": None}
                    await connection.execute(insert(table_of(PostRow)).values(row))
            await connection.execute(
                text("UPDATE tracked SET restricted_at = NULL WHERE workspace = 'none'")
            )
        await database.close()

    async def after() -> tuple[set[tuple[str, str, str]], set[tuple[str, str]]]:
        database = Database(empty_url)
        async with database.engine.connect() as connection:
            shown = await connection.execute(
                text("SELECT workspace, post, subject FROM post_subjects WHERE post <> workspace")
            )
            due = await connection.execute(
                text("SELECT workspace, id FROM posts WHERE due_at IS NOT NULL AND id <> workspace")
            )
            found = {tuple(row) for row in shown}, {tuple(row) for row in due}
        await database.close()
        return found

    asyncio.run(deliver())
    upgrade(empty_url)
    shown, due = asyncio.run(after())
    assert shown == {
        (workspace, post, subject)
        for workspace in ("some", "none")
        for post, subject in (
            ("packet", "words:*"),
            ("talk", "words:conversation:1"),
            ("other", "words:conversation:2"),
        )
    }
    assert due == {("some", "packet"), ("some", "talk")}


@pytest.mark.parametrize("name", FROZEN)
def test_a_released_migration_never_changes(name: str) -> None:
    """People's databases went through it as it was: another one would leave them behind."""
    found = sha256((VERSIONS / name).read_bytes()).hexdigest()
    assert found == FROZEN[name], (
        f"{name} is released. Put it back as it was, and write what should change as a new "
        f"migration behind the last one, {max(path.name for path in VERSIONS.glob('0*.py'))}."
    )


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


def _filled(url: str) -> None:
    """Make the database one of 0001 with rows in it."""
    upgrade(url, "0001")
    asyncio.run(fill(url))


def _but_for(gone: Mapping[str, Set[str]], rows: Mapping[str, Rows]) -> dict[str, Rows]:
    """Return the rows without the columns that are gone."""
    return {
        name: {
            key: {column: row[column] for column in row.keys() - gone.get(name, set())}
            for key, row in table.items()
            if row.get("kind") not in RINGS_NO_MORE
        }
        for name, table in rows.items()
    }


def _as_far_as(
    before: Mapping[str, Rows], after: Mapping[str, Rows], gone: Mapping[str, Set[str]]
) -> dict[str, Rows]:
    """Return what there is now of the tables, rows' columns that there were before."""
    kept = {
        name: next(iter(table.values())).keys() - gone.get(name, set())
        for name, table in before.items()
    }
    return {
        name: {
            key: {column: row[column] for column in row.keys() & kept[name]}
            for key, row in after[name].items()
        }
        for name in before
    }


def check_drift(url: str) -> None:
    """Raise alembic's AutogenerateDiffsDetected if tables in code and migrations differ."""
    command.check(config(url))


async def _names(url: str) -> set[str]:
    database = Database(url)
    async with database.engine.connect() as connection:
        names = await connection.run_sync(lambda plain: set(inspect(plain).get_table_names()))
    await database.close()
    return names
