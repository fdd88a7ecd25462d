"""A PostgreSQL that is busy, stops, restarts or freezes: turns are tried again, or refused soon."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import text

from storage import Database, Store, Unavailable
from storage.claiming import Claimed, Leases, Room, claim_posts
from storage.counters import next_number
from storage.lanes import RateLimits
from storage.postgresql import POOL_SIZE
from tests.postgres import Postgres, own_server
from tests.storage.lines import NOW, WORKSPACE, said, say

LEASES = Leases(timedelta(seconds=40), timedelta(seconds=75))
HANDS = Room(posts=1, that_can_wait=1, each=1, busy={})


async def test_a_deadlock_is_tried_again(postgres: Postgres, migrated_postgres: str) -> None:
    async with postgres.database(migrated_postgres) as url:
        database = Database(url)
        for name in "ab":
            await database.write(name, NOW, _count)
        both = asyncio.Barrier(2)
        tries: list[str] = []

        def count(first: str, second: str) -> Callable[[Store], Awaitable[None]]:
            async def work(store: Store) -> None:
                tries.append(first)
                await _raise(store, first)
                if len(tries) <= 2:
                    await both.wait()
                await _raise(store, second)

            return work

        await asyncio.gather(
            database.write("a", NOW, count("a", "b")), database.write("b", NOW, count("b", "a"))
        )
        assert len(tries) >= 3, "one of the two was the victim and tried again, maybe twice"
        async with database.read("a", NOW) as store:
            values = await store.session.scalars(text("SELECT value FROM counters"))
            assert list(values) == [3, 3]
        await database.close()


async def _count(store: Store) -> None:
    await next_number(store.session, store.workspace, "item")


async def _raise(store: Store, workspace: str) -> None:
    await store.session.execute(
        text("UPDATE counters SET value = value + 1 WHERE workspace = :w"), {"w": workspace}
    )


async def test_an_empty_pool_is_unavailable(
    postgres: Postgres, migrated_postgres: str, patience: Callable[[float], None]
) -> None:
    patience(1.0)  # it also bounds how long connecting may take
    async with postgres.database(migrated_postgres) as url:
        database = Database(url)
        async with asyncio.timeout(60), contextlib.AsyncExitStack() as busy:
            for _ in range(POOL_SIZE):
                await busy.enter_async_context(database.engine.connect())
            with pytest.raises(Unavailable):
                await database.write(WORKSPACE, NOW, say("x"))
        await database.close()


async def test_a_connection_closed_behind_our_back_costs_nobody_their_turn(
    postgres: Postgres, migrated_postgres: str
) -> None:
    """Firewalls and operators close connections that lie idle; the next turn takes a new one."""
    async with postgres.database(migrated_postgres) as url:
        database = Database(url)
        kept = await database.write(WORKSPACE, NOW, _backend)
        operator = Database(url)
        end = text(f"SELECT pg_terminate_backend({kept}, 5000)")
        assert await operator.write(WORKSPACE, NOW, lambda store: store.session.scalar(end))
        await operator.close()
        assert await database.write(WORKSPACE, NOW, _backend) != kept
        await database.close()


async def test_tables_that_somebody_locked_are_unavailable_to_readers_too(
    postgres: Postgres, migrated_postgres: str, patience: Callable[[float], None]
) -> None:
    async with (
        postgres.database(migrated_postgres) as url,
        opened(url) as database,
        opened(url) as operator,
    ):
        await database.write(WORKSPACE, NOW, say("before"))
        async with asyncio.timeout(20), operator.engine.begin() as locking:
            await locking.execute(text("LOCK TABLE lines"))
            patience(0.1)
            with pytest.raises(Unavailable):
                await said(database)
            with pytest.raises(Unavailable):
                await database.write(WORKSPACE, NOW, say("x"))
            patience(60)
        assert await said(database) == ["before"]


async def test_a_replica_that_freezes_in_its_work_soon_holds_up_nobody(
    postgres: Postgres, migrated_postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stopped, swapped out or cut off, it keeps its locks and cannot know: the server ends it.

    Here one sleeps with the row locked that whoever sends next needs, and does not wake by itself.
    """
    async with (
        postgres.database(migrated_postgres) as url,
        opened(url) as frozen,
        opened(url) as other,
        asyncio.timeout(20),
    ):
        wake, holds = asyncio.Event(), asyncio.Event()
        room = RateLimits(workspace={"post": 0.01})

        async def claim(store: Store) -> list[Claimed]:
            return (await claim_posts(store, LEASES, HANDS, lambda _: room)).posts

        async def freeze(store: Store) -> None:
            assert len(await claim(store)) == 1
            holds.set()
            await wake.wait()

        for n in range(4):
            await other.write("test:a", NOW, partial(_post, channel=f"c{n}"))
        # For the connections of the other replica this comes too late: it is slow, not frozen.
        monkeypatch.setattr("storage.postgresql.IDLE_IN_TRANSACTION_S", 1.0)
        freezing = asyncio.create_task(frozen.write("", NOW, freeze))
        await holds.wait()
        try:
            assert len(await other.write("", NOW, claim)) == 1
        finally:
            wake.set()
        with pytest.raises(Unavailable):
            await freezing


async def test_a_pace_is_kept_by_whoever_waited_to_ask(
    postgres: Postgres, migrated_postgres: str
) -> None:
    """Both saw the lane open; only one of them may go, whichever commits first."""
    async with (
        postgres.database(migrated_postgres) as url,
        opened(url) as first,
        opened(url) as second,
        asyncio.timeout(60),
    ):
        go_on, holds = asyncio.Event(), asyncio.Event()
        pace = RateLimits(workspace={"post": 60.0})

        async def claim(store: Store) -> int:
            return len((await claim_posts(store, LEASES, HANDS, lambda _: pace)).posts)

        async def slowly(store: Store) -> int:
            claimed = await claim(store)
            holds.set()
            await go_on.wait()
            return claimed

        for n in range(4):
            await first.write("test:a", NOW, partial(_post, channel=f"c{n}"))
        ahead = asyncio.create_task(first.write("", NOW, slowly))
        await holds.wait()
        behind = asyncio.create_task(second.write("", NOW, claim))
        await _until_somebody_waits(first)
        go_on.set()
        assert (await ahead, await behind) == (1, 0)


@contextlib.asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    """Open a database as a replica would, and close it whatever happens."""
    database = Database(url)
    try:
        yield database
    finally:
        await database.close()


async def _until_somebody_waits(database: Database) -> None:
    """Return once a transaction waits for what another has locked."""
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    while not await database.write(  # noqa: ASYNC110
        WORKSPACE, NOW, lambda store: store.session.scalar(waiting)
    ):
        await asyncio.sleep(0.01)


async def _post(store: Store, channel: str) -> None:
    await store.posts.add("view", channel=channel)


async def _backend(store: Store) -> int:
    return int(await store.session.scalar(text("SELECT pg_backend_pid()")) or 0)


def test_a_server_that_stops_and_starts_is_unavailable_and_comes_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Every way in which PostgreSQL fails reads "not saved", and nobody restarts Hone after."""
    monkeypatch.setattr("storage.database.LISTENING_CHECK_S", 0.05)
    with own_server() as server:

        async def story() -> None:
            database = Database(server.postgres.url_of("postgres"))
            database.listen()
            answer = lambda store: store.session.scalar(text("SELECT 1"))  # noqa: E731
            async with asyncio.timeout(120):
                assert await database.write(WORKSPACE, NOW, answer) == 1
                server.stop(signal.SIGQUIT)
                with pytest.raises(Unavailable):
                    await database.write(WORKSPACE, NOW, answer)
                with pytest.raises(Unavailable):
                    async with database.read(WORKSPACE, NOW):
                        pass
                with pytest.raises(Unavailable):
                    await database.ping()
                server.start()
                await _until_it_answers(database, answer)
                await asyncio.sleep(0.2)  # the listener finds its connection closed
            await database.close()

        asyncio.run(story())


async def _until_it_answers(
    database: Database, answer: Callable[[Store], Awaitable[object]]
) -> None:
    while True:
        try:
            await database.write(WORKSPACE, NOW, answer)
        except Unavailable:
            await asyncio.sleep(0.05)
        else:
            return


async def test_a_server_that_freezes_is_given_up(
    postgres: Postgres, migrated_postgres: str, patience: Callable[[float], None]
) -> None:
    """A frozen server accepts connections and says nothing: waiting must end all the same."""
    async with postgres.database(migrated_postgres) as url:
        database = Database(url)
        await database.write(WORKSPACE, NOW, say("first"))  # connecting may take its time
        patience(0.1)

        async def freeze(store: Store) -> None:
            pid = await store.session.scalar(text("SELECT pg_backend_pid()"))
            os.kill(int(pid or 0), signal.SIGSTOP)
            frozen.append(int(pid or 0))
            await store.session.execute(text("SELECT 1"))

        frozen: list[int] = []
        try:
            async with asyncio.timeout(60):
                while not frozen:  # on a busy machine patience may end before its turn has come
                    with pytest.raises(Unavailable):
                        await database.write(WORKSPACE, NOW, freeze)
        finally:
            for pid in frozen:
                os.kill(pid, signal.SIGCONT)
        assert frozen
        patience(60)
        await database.write(WORKSPACE, NOW, say("next"))
        assert await said(database) == ["first", "next"]
        await database.close()
