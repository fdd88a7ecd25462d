"""A unit of work is saved whole or not at all, its person is told the truth, and soon."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import IntegrityError

from storage import (
    Database,
    MaybeSaved,
    SecondProcess,
    Store,
    Unavailable,
    one_deadline,
)
from tests.storage.fsyncs import Fsyncs
from tests.storage.lines import NOW, WORKSPACE, said, say


@pytest.fixture
def sqlite_url(migrated_sqlite: Path, tmp_path: Path) -> str:
    """Like everybody's, but for engines of its own: here they are listened to and run out."""
    path = tmp_path / "hone.db"
    path.write_bytes(migrated_sqlite.read_bytes())
    return f"sqlite:///{path}"


# --- both databases --------------------------------------------------------------------------


async def test_what_a_turn_raises_undoes_all_it_did_and_nothing_else(database: Database) -> None:
    async def fail(store: Store) -> None:
        await say("half")(store)
        raise ZeroDivisionError

    results = await asyncio.gather(
        database.write(WORKSPACE, NOW, say("before")),
        database.write(WORKSPACE, NOW, fail),
        database.write(WORKSPACE, NOW, say("after")),
        return_exceptions=True,
    )
    assert isinstance(results[1], ZeroDivisionError)
    assert sorted(await said(database)) == ["after", "before"]


async def test_a_refusal_by_the_database_undoes_only_its_own_turn(database: Database) -> None:
    """PostgreSQL aborts a transaction after an error: neighbours must not be in it."""

    async def twice(store: Store) -> None:
        for _ in range(2):
            await store.session.execute(
                text("INSERT INTO trains (workspace, id, name) VALUES ('w', 1, 'A')")
            )

    results = await asyncio.gather(
        database.write(WORKSPACE, NOW, say("kept")),
        database.write(WORKSPACE, NOW, twice),
        database.write(WORKSPACE, NOW, say("kept")),
        return_exceptions=True,
    )
    assert [isinstance(result, Exception) for result in results] == [False, True, False]
    assert await said(database) == ["kept", "kept"]


async def test_an_error_message_never_holds_what_was_written(database: Database) -> None:
    """Messages of errors end in logs."""

    async def secret(store: Store) -> None:
        for _ in range(2):
            await store.session.execute(
                text("INSERT INTO trains (workspace, id, name) VALUES ('w', 1, :name)"),
                {"name": "a secret"},
            )

    with pytest.raises(IntegrityError) as caught:
        await database.write(WORKSPACE, NOW, secret)
    assert "a secret" not in str(caught.value)


async def test_a_read_sees_one_moment(database: Database) -> None:
    """A digest adds up only when all its numbers come from the same moment."""
    await database.write(WORKSPACE, NOW, say("one"))
    async with database.read(WORKSPACE, NOW) as store:
        before = len(await store.lines.in_channel("general"))
        await database.write(WORKSPACE, NOW, say("two"))
        assert len(await store.lines.in_channel("general")) == before == 1


async def test_whoever_stops_waiting_leaves_no_half_work(database: Database) -> None:
    """A caller hung up: the work is done whole or not at all, and the next turn is served."""
    begun = asyncio.Event()

    async def slow(store: Store) -> None:
        await say("first half")(store)
        begun.set()
        await asyncio.sleep(0.05)
        await say("second half")(store)

    caller = asyncio.create_task(database.write(WORKSPACE, NOW, slow))
    await begun.wait()
    caller.cancel()
    await asyncio.gather(caller, return_exceptions=True)
    await database.write(WORKSPACE, NOW, say("next"))
    assert await said(database) in (["next"], ["first half", "second half", "next"])


async def test_a_work_that_ends_from_inside_does_not_stop_the_next(
    database: Database,
) -> None:
    """On SQLite one writer serves all: it must outlive whatever runs in it."""

    async def cancelled(store: Store) -> None:
        raise asyncio.CancelledError

    async def failed(store: Store) -> None:
        pytest.fail("what a test raises is no Exception")

    with pytest.raises((asyncio.CancelledError, Unavailable)):
        await database.write(WORKSPACE, NOW, cancelled)
    with pytest.raises(pytest.fail.Exception):
        await database.write(WORKSPACE, NOW, failed)
    await database.write(WORKSPACE, NOW, say("next"))
    assert await said(database) == ["next"]


async def test_posts_that_became_due_wake_the_sender_after_the_commit(database: Database) -> None:
    async def post(store: Store) -> None:
        await store.posts.add("view", channel="general")
        assert not database.woken.is_set()

    await database.write(WORKSPACE, NOW, say("no post"))
    assert not database.woken.is_set()
    await database.write(WORKSPACE, NOW, post)
    assert database.woken.is_set()


# --- SQLite ----------------------------------------------------------------------------------


async def test_every_commit_waits_for_the_disk(sqlite_url: str) -> None:
    """What was acknowledged survives a power cut: NORMAL would lose the last seconds of it."""
    database = Database(sqlite_url)
    asked = ("journal_mode", "synchronous", "foreign_keys")

    async def pragmas(store: Store) -> list[object]:
        return [await store.session.scalar(text(f"PRAGMA {name}")) for name in asked]

    for _ in range(2):
        assert await database.write(WORKSPACE, NOW, pragmas) == ["wal", 2, 1]
        await database.engine.dispose()  # and so it is on each new connection
    await database.close()


async def test_every_commit_is_an_fsync(sqlite_url: str) -> None:
    """What a setting reads is a promise of SQLite's; what it asked the disk for is counted."""
    database = Database(sqlite_url)
    await database.write(WORKSPACE, NOW, say("the log begins"))
    async with database.engine.connect() as connection:
        raw = await connection.get_raw_connection()
        held = raw.driver_connection
        assert isinstance(held, sqlite3.Connection)
        fsyncs = Fsyncs(held)
    for number in range(5):
        before = fsyncs.count
        await database.write(WORKSPACE, NOW, say(str(number)))
        assert fsyncs.count > before
    await database.close()


async def test_many_turns_share_a_commit(sqlite_url: str) -> None:
    """One fsync for all who wait, and each is answered after it."""
    database = Database(sqlite_url)
    commits: list[object] = []
    event.listen(database.engine.sync_engine, "commit", commits.append)
    await asyncio.gather(*(database.write(WORKSPACE, NOW, say(str(n))) for n in range(60)))
    assert len(await said(database)) == 60
    assert len(commits) <= 5
    await database.close()


async def test_a_commit_that_fails_is_told_to_everyone_in_it(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    await database.write(WORKSPACE, NOW, say("before"))

    def fail(_: object) -> None:
        raise OSError("disk full")

    event.listen(database.engine.sync_engine, "commit", fail)
    results = await asyncio.gather(
        *(database.write(WORKSPACE, NOW, say("lost")) for _ in range(5)), return_exceptions=True
    )
    assert all(isinstance(result, Unavailable) for result in results)
    event.remove(database.engine.sync_engine, "commit", fail)
    assert await said(database) == ["before"]
    await database.close()


async def test_a_transaction_that_sqlite_gave_up_is_told_to_everyone_in_it(sqlite_url: str) -> None:
    """On a full disk SQLite may roll back all by itself; the driver then commits nothing, gladly.

    https://www.sqlite.org/lang_transaction.html, "Response to errors within a transaction"
    """
    database = Database(sqlite_url)

    async def give_up(store: Store) -> None:
        await store.session.execute(text("ROLLBACK"))
        raise OSError("disk full")

    results = await asyncio.gather(
        database.write(WORKSPACE, NOW, say("early")),
        database.write(WORKSPACE, NOW, give_up),
        database.write(WORKSPACE, NOW, say("late")),
        return_exceptions=True,
    )
    assert all(isinstance(result, Unavailable) for result in results), results
    assert await said(database) == []
    await database.write(WORKSPACE, NOW, say("next"))
    assert await said(database) == ["next"]
    await database.close()


async def test_who_is_told_not_saved_was_not_saved(
    sqlite_url: str, patience: Callable[[float], None]
) -> None:
    """They will do it again: were it saved after all, it would stand twice."""
    database = Database(sqlite_url)
    begun, release = asyncio.Event(), asyncio.Event()

    async def slow(store: Store) -> None:
        await say("slow")(store)
        begun.set()
        await release.wait()

    first = asyncio.create_task(database.write(WORKSPACE, NOW, slow))
    await begun.wait()
    patience(0.05)
    with pytest.raises(Unavailable):
        await database.write(WORKSPACE, NOW, say("impatient"))
    patience(60)
    release.set()
    await first
    await database.write(WORKSPACE, NOW, say("next"))
    assert await said(database) == ["slow", "next"]
    await database.close()


async def test_a_disk_that_stalls_in_a_commit_is_not_waited_for(
    sqlite_url: str, patience: Callable[[float], None]
) -> None:
    """Whether that is saved only the disk knows, and it does not answer; the next is not begun."""
    database = Database(sqlite_url)
    await database.write(WORKSPACE, NOW, say("before"))
    stalled = threading.Event()
    database.engine.dialect._disk.submit(stalled.wait)  # type: ignore[attr-defined]
    patience(0.1)
    try:
        with pytest.raises(MaybeSaved):
            await database.write(WORKSPACE, NOW, say("maybe"))
        with pytest.raises(Unavailable) as told:
            await database.write(WORKSPACE, NOW, say("not saved"))
        assert not isinstance(told.value, MaybeSaved)
        assert await said(database) == ["before"], "whoever only reads need not wait for it"
    finally:
        stalled.set()
    patience(60)
    await database.write(WORKSPACE, NOW, say("next"))
    assert await said(database) == ["before", "maybe", "next"]
    await database.close()


async def test_one_deadline_is_shared_by_all_that_a_turn_asks(
    database: Database, patience: Callable[[float], None]
) -> None:
    """Names, teams and the turn itself, one after the other, would wait three times as long."""
    patience(0.05)
    with one_deadline():
        await asyncio.sleep(0.06)
        with pytest.raises(Unavailable):
            async with database.read(WORKSPACE, NOW):
                pass
        with pytest.raises(Unavailable):
            await database.write(WORKSPACE, NOW, say("late"))
    patience(60)
    assert await said(database) == []


async def test_a_full_queue_refuses_at_once(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.group.QUEUE_MAX", 3)
    database = Database(sqlite_url)
    results = await asyncio.gather(
        *(database.write(WORKSPACE, NOW, say("x")) for _ in range(10)), return_exceptions=True
    )
    assert sum(isinstance(result, Unavailable) for result in results) == 7
    await database.close()


async def test_closing_finishes_what_was_queued(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    turns = [asyncio.create_task(database.write(WORKSPACE, NOW, say("x"))) for _ in range(20)]
    await asyncio.sleep(0)
    await database.close()
    await asyncio.gather(*turns)
    assert len(await said(database)) == 20
    await database.close()


async def test_a_file_locked_by_another_program_is_unavailable(
    sqlite_url: str, patience: Callable[[float], None]
) -> None:
    """Somebody opened it with the sqlite3 shell: nothing saved, said within the patience."""
    patience(0.1)
    database, other = Database(sqlite_url), Database(sqlite_url)
    async with other.engine.connect() as locking:
        await locking.exec_driver_sql("INSERT INTO trains (workspace, id, name) VALUES ('', 1, '')")
        with pytest.raises(Unavailable):
            await database.write(WORKSPACE, NOW, say("x"))
    patience(60)
    await database.write(WORKSPACE, NOW, say("next"))
    assert await said(database) == ["next"]
    await database.close()
    await other.close()


async def test_readers_who_hold_every_connection_make_it_unavailable(
    sqlite_url: str, patience: Callable[[float], None]
) -> None:
    patience(0.1)
    database = Database(sqlite_url)
    async with asyncio.timeout(60):
        async with contextlib.AsyncExitStack() as busy:
            for _ in range(15):
                await busy.enter_async_context(database.engine.connect())
            with pytest.raises(Unavailable):
                await busy.enter_async_context(database.read(WORKSPACE, NOW))
    await database.close()


async def test_a_second_process_is_refused(sqlite_url: str) -> None:
    """Two writers on one file would each believe that nobody else closes a vote."""
    first, second = Database(sqlite_url), Database(sqlite_url)
    first.claim_file()
    with pytest.raises(SecondProcess):
        second.claim_file()
    await first.close()
    second.claim_file()
    await second.close()
