"""Opens the database and runs units of work in transactions: one code path, two databases.

SQLite has one writer, which commits the work of several turns together (`storage/group.py`).
PostgreSQL runs the same work concurrently, one transaction each.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from typing import Any, TypeVar

import asyncpg
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from storage import patience
from storage.group import GroupWriter
from storage.ids import new_id
from storage.patience import MaybeSaved, Unavailable, in_time, out_of_reach
from storage.postgresql import make_postgresql_engine
from storage.session import open_session
from storage.sqlite import GIVE_WAY_S, make_sqlite_engine
from storage.store import Store
from storage.vectors import Meaning

T = TypeVar("T")
Work = Callable[[Store], Awaitable[T]]

PATIENT_READS_MAX = 4
"""Reads that nobody waits for, at once on PostgreSQL; on SQLite it is one, for all share a thread.

All of them together would stand before each step of a person's turn.
"""

PING_S = 1.0
"""How long a question about the database's health may take."""

WAKE_CHANNEL = "hone_due"

LISTENING_CHECK_S = 5.0
"""How often a replica makes sure that its connection still hears the others."""

TRIES = 3
_RETRYABLE = {"40001", "40P01"}  # serialization failure, deadlock
_WAKE = text(f"SELECT pg_notify('{WAKE_CHANNEL}', '')")


class SecondProcess(Exception):
    """Another process already serves this SQLite file."""


def make_engine(url: str, *, migrates: bool = False) -> AsyncEngine:
    """Return an engine; the one that `migrates` has no deadlines, and may rebuild tables."""
    parsed, patience_s = make_url(url), patience.PATIENCE_S
    if parsed.get_backend_name() == "sqlite":
        return make_sqlite_engine(parsed, patience_s=patience_s, foreign_keys=not migrates)
    return make_postgresql_engine(parsed, patience_s=patience_s, bounded=not migrates)


class Database:
    """Runs work in transactions bound to one workspace; `woken` is set when posts became due.

    `meaning` tells what texts mean, once whoever runs this has loaded it.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.meaning: Meaning | None = None
        self.engine = make_engine(url)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        self.woken = asyncio.Event()
        self._patient = asyncio.Semaphore(1 if self.is_sqlite else PATIENT_READS_MAX)
        self._writer = GroupWriter(self.engine, self._open_store, self.woken.set)
        self._listener: asyncio.Task[None] | None = None
        self._lock_file: int | None = None

    # --- opening and closing ---

    def claim_file(self) -> None:
        """Make sure no other process serves this SQLite file; raises SecondProcess."""
        path = self.engine.url.database
        if not self.is_sqlite or not path or path == ":memory:":
            return
        lock_file = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(lock_file)
            raise SecondProcess(path) from error
        self._lock_file = lock_file

    async def close(self) -> None:
        """Finish queued work, then let go of every connection."""
        await self._writer.close(patience.PATIENCE_S)
        if self._listener is not None:
            self._listener.cancel()
            await asyncio.gather(self._listener, return_exceptions=True)
            self._listener = None
        await self.engine.dispose()
        if self._lock_file is not None:
            os.close(self._lock_file)
            self._lock_file = None

    # --- units of work ---

    async def write(self, workspace: str, now: datetime, work: Work[T]) -> T:
        """Run `work` in one transaction and return its result after the commit.

        Whatever `work` raises undoes everything it did. Raises Unavailable if the database is down
        or busy, nothing was saved then; or MaybeSaved if it stopped answering during the commit.
        """
        if self.is_sqlite:
            with out_of_reach():
                return await self._writer.write(workspace, now, work, patience.PATIENCE_S)
        return await self._write_alone(workspace, now, work)

    async def give_way(self) -> None:
        """Let other programs write before this one does again: SQLite's lock keeps no queue."""
        if self.is_sqlite:
            await asyncio.sleep(GIVE_WAY_S)

    @contextlib.asynccontextmanager
    async def read(
        self, workspace: str, now: datetime, *, patient: bool = False
    ) -> AsyncIterator[Store]:
        """Open a consistent read; raises Unavailable like `write`.

        A `patient` one is for what nobody waits for: few go on at once, and on SQLite it lets
        others go first after each statement.
        """
        async with (
            self._patient if patient else contextlib.nullcontext(),
            in_time(patience.PATIENT_S if patient else patience.PATIENCE_S),
            self.engine.connect() as connection,
        ):
            if self.is_sqlite:
                await connection.execution_options(patient=patient)
            else:
                await connection.execution_options(
                    isolation_level="REPEATABLE READ", postgresql_readonly=True
                )
            await connection.begin()  # and never commit: there is nothing to wait for
            with open_session(connection, waits=patient) as session:
                yield self._open_store(session, workspace, now)

    def _open_store(self, session: AsyncSession, workspace: str, now: datetime) -> Store:
        return Store(session, workspace, now, self.meaning)

    async def ping(self) -> None:
        """Raise Unavailable unless the database answers."""
        try:
            async with asyncio.timeout(PING_S), self.engine.connect() as connection:
                await connection.execute(text("SELECT 1"))
        except (DBAPIError, PoolTimeout, TimeoutError, OSError) as error:
            raise Unavailable(type(error).__name__) from error

    async def write_nothing(self, now: datetime) -> None:
        """Raise Unavailable unless something can be written; nothing is left of it."""

        async def nothing(store: Store) -> None:
            key = f"probe {new_id(now)}"  # of its own: replicas must not wait for each other here
            await store.inbox.take(key)
            await store.inbox.forget(key)

        try:
            async with asyncio.timeout(PING_S):
                await self.write("", now, nothing)
        except TimeoutError as error:
            raise Unavailable(type(error).__name__) from error

    # --- PostgreSQL ---

    async def _write_alone(self, workspace: str, now: datetime, work: Work[T]) -> T:
        committing, tries = False, TRIES
        try:
            async with in_time(patience.PATIENCE_S):
                while True:
                    committing, tries = False, tries - 1
                    try:
                        async with self.engine.begin() as connection:
                            with open_session(connection) as session:
                                store = self._open_store(session, workspace, now)
                                result = await work(store)
                                await store.finish()
                            if store.woke:
                                await connection.execute(_WAKE)
                            committing = True
                    except DBAPIError as error:
                        state = getattr(error.orig, "sqlstate", None)
                        if state not in _RETRYABLE or tries == 0:
                            raise
                    else:
                        if store.touched_posts:
                            self.woken.set()
                        return result
        except Unavailable as error:
            raise (MaybeSaved(str(error)) if committing else error) from error
        raise AssertionError("unreachable")

    def listen(self) -> None:
        """Be woken by other replicas' commits (PostgreSQL); a lost connection is opened again."""
        if not self.is_sqlite and self._listener is None:
            self._listener = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        while True:
            with contextlib.suppress(
                DBAPIError, PoolTimeout, OSError, asyncpg.PostgresError, asyncpg.InterfaceError
            ):
                async with self.engine.connect() as connection:
                    raw = await connection.get_raw_connection()
                    driver: Any = raw.driver_connection
                    await driver.add_listener(WAKE_CHANNEL, lambda *_: self.woken.set())
                    while not driver.is_closed():
                        await asyncio.sleep(LISTENING_CHECK_S)
                        await driver.execute("SELECT 1")
            await asyncio.sleep(1)
