"""Opens the database and runs units of work in transactions: one code path, two databases.

SQLite has one writer. `Database.write` queues the work of several turns, runs each in its own
savepoint and commits them together (group commit): one fsync for many votes, and still every turn
is answered after its commit. PostgreSQL runs the same work concurrently, one transaction each.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import asyncpg
import orjson
from sqlalchemy import event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, DisconnectionError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.util.concurrency import await_

from storage.session import open_session
from storage.sqlite import make_sqlite_engine
from storage.store import Store
from storage.vectors import Meaning

T = TypeVar("T")
Work = Callable[[Store], Awaitable[T]]

PATIENCE_S = 2.0
"""How long a turn waits for the database before a person reads "not saved"."""

GROUP_MAX = 64
"""Turns committed together on SQLite."""

QUEUE_MAX = 2_000
"""Turns waiting for SQLite's writer; beyond it new ones are refused at once."""

POOL_SIZE = 16
"""Turns that PostgreSQL handles at once for each replica."""

PATIENT_READS_MAX = 4
"""Reads that nobody waits for, at once on PostgreSQL; on SQLite it is one, for all share a thread.

All of them together would stand before each step of a person's turn.
"""

TRUSTED_S = 1.0
"""A connection used this recently is taken to be alive, unless its end was seen."""

WAKE_CHANNEL = "hone_due"

LISTENING_CHECK_S = 5.0
"""How often a replica makes sure that its connection still hears the others."""

_RETRYABLE = {"40001", "40P01"}  # serialization failure, deadlock

_OUT_OF_REACH = ("08", "40", "53", "57")
"""PostgreSQL's classes of errors that pass: connection, rollback, resources, shutdown and start-up.

https://www.postgresql.org/docs/current/errcodes-appendix.html
"""


class Unavailable(Exception):
    """The database did not answer in time: nothing was saved, trying again is safe."""


class SecondProcess(Exception):
    """Another process already serves this SQLite file."""


def make_engine(url: str, *, foreign_keys: bool = True) -> AsyncEngine:
    """Return an engine. `foreign_keys=False` is for SQLite migrations, which rebuild tables."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return make_sqlite_engine(parsed, patience_s=PATIENCE_S, foreign_keys=foreign_keys)
    engine = create_async_engine(
        parsed,
        hide_parameters=True,
        pool_size=POOL_SIZE,
        max_overflow=0,  # a connection opened for one turn costs more than the turn
        pool_timeout=PATIENCE_S,
        connect_args={"timeout": PATIENCE_S},
        json_deserializer=orjson.loads,
    )
    # SQLAlchemy's own check, `pool_pre_ping`, takes a transaction: three ways there and back.
    event.listen(engine.sync_engine, "checkout", _make_sure_it_lives)
    event.listen(engine.sync_engine, "checkin", _note_when)
    return engine


def _make_sure_it_lives(_connection: Any, record: ConnectionPoolEntry, _proxy: Any) -> None:
    """Have the pool replace a connection that PostgreSQL has closed meanwhile."""
    driver: Any = record.driver_connection
    if driver.is_closed():
        raise DisconnectionError
    if time.monotonic() - record.info.get("used_at", 0.0) < TRUSTED_S:
        return
    try:
        await_(driver.execute("SELECT 1"))
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
        raise DisconnectionError from error


def _note_when(_connection: Any, record: ConnectionPoolEntry) -> None:
    record.info["used_at"] = time.monotonic()


@dataclass(slots=True, eq=False)
class _Job:
    """One turn's work, waiting for SQLite's writer."""

    workspace: str
    now: datetime
    work: Work[Any]
    done: asyncio.Future[Any] = field(default_factory=lambda: asyncio.Future())
    started: bool = False

    def give_up(self) -> None:
        if not self.started and not self.done.done():
            self.done.set_exception(Unavailable("the database is busy"))


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
        self._jobs: asyncio.Queue[_Job] = asyncio.Queue(QUEUE_MAX)
        self._writer: asyncio.Task[None] | None = None
        self._listener: asyncio.Task[None] | None = None
        self._lock_file: Any = None

    # --- opening and closing ---

    def claim_file(self) -> None:
        """Make sure no other process serves this SQLite file; raises SecondProcess."""
        path = self.engine.url.database
        if not self.is_sqlite or not path or path == ":memory:":
            return
        lock_file = Path(f"{path}.lock").open("w")  # noqa: SIM115 - held until close()
        try:
            fcntl.flock(lock_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            lock_file.close()
            raise SecondProcess(path) from error
        self._lock_file = lock_file

    async def close(self) -> None:
        """Finish queued work, then let go of every connection."""
        for task in (self._writer, self._listener):
            if task is not None:
                if task is self._writer:
                    await self._jobs.join()
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task
        self._writer = self._listener = None
        await self.engine.dispose()
        if self._lock_file is not None:
            self._lock_file.close()
            self._lock_file = None

    # --- units of work ---

    async def write(self, workspace: str, now: datetime, work: Work[T]) -> T:
        """Run `work` in one transaction and return its result after the commit.

        Whatever `work` raises undoes everything it did. Raises Unavailable if the database is down
        or busy; nothing was saved then.
        """
        with _unavailable_when_out_of_reach():
            if self.is_sqlite:
                return await self._write_grouped(workspace, now, work)
            return await self._write_alone(workspace, now, work)

    @contextlib.asynccontextmanager
    async def read(
        self, workspace: str, now: datetime, *, patient: bool = False
    ) -> AsyncIterator[Store]:
        """Open a consistent read; raises Unavailable like `write`.

        A `patient` one is for what nobody waits for: few go on at once, and on SQLite it lets
        others go first after each statement.
        """
        with _unavailable_when_out_of_reach():
            async with (
                self._patient if patient else contextlib.nullcontext(),
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
                    yield Store(session, workspace, now, self.meaning)

    async def ping(self) -> None:
        """Raise Unavailable unless the database answers."""
        try:
            async with asyncio.timeout(1), self.engine.connect() as connection:
                await connection.execute(text("SELECT 1"))
        except (DBAPIError, PoolTimeout, TimeoutError, OSError) as error:
            raise Unavailable(type(error).__name__) from error

    # --- PostgreSQL ---

    async def _write_alone(self, workspace: str, now: datetime, work: Work[T]) -> T:
        for attempt in range(3):
            try:
                async with (
                    asyncio.timeout(PATIENCE_S + 0.5),
                    self.engine.begin() as connection,
                ):
                    with open_session(connection) as session:
                        store = Store(session, workspace, now, self.meaning)
                        result = await work(store)
                        await store.finish()
                    if store.woke:
                        await connection.execute(text(f"SELECT pg_notify('{WAKE_CHANNEL}', '')"))
            except DBAPIError as error:
                if getattr(error.orig, "sqlstate", None) in _RETRYABLE and attempt < 2:
                    continue
                raise
            if store.touched_posts:
                self.woken.set()
            return result
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

    # --- SQLite ---

    async def _write_grouped(self, workspace: str, now: datetime, work: Work[T]) -> T:
        if self._writer is None:
            self._writer = asyncio.create_task(self._write_jobs())
        job = _Job(workspace, now, work)
        try:
            self._jobs.put_nowait(job)
        except asyncio.QueueFull as error:
            raise Unavailable("too many turns are waiting") from error
        patience = asyncio.get_running_loop().call_later(PATIENCE_S, job.give_up)
        try:
            result: T = await asyncio.shield(job.done)
        finally:
            patience.cancel()
        return result

    async def _write_jobs(self) -> None:
        while True:
            jobs = [await self._jobs.get()]
            while len(jobs) < GROUP_MAX and not self._jobs.empty():
                jobs.append(self._jobs.get_nowait())
            try:
                await self._commit_together([job for job in jobs if not job.done.done()])
            finally:
                for _ in jobs:
                    self._jobs.task_done()

    async def _commit_together(self, jobs: list[_Job]) -> None:
        results: list[tuple[_Job, Any, Exception | None]] = []
        touched = False
        try:
            async with self.engine.connect() as plain:
                connection = await plain.execution_options(writes=True)
                async with connection.begin():
                    for job in jobs:
                        if job.done.done():
                            continue  # its person was told "not saved" while others were at work
                        job.started = True
                        result, error, store = await self._run_in_savepoint(connection, job)
                        results.append((job, result, error))
                        touched = touched or (error is None and store.touched_posts)
        except Exception as failure:  # the commit itself failed: every turn of the group is undone
            for job in jobs:
                if not job.done.done():
                    job.done.set_exception(failure)
            return
        for job, result, error in results:
            if job.done.done():
                continue  # its person stopped waiting
            if error is None:
                job.done.set_result(result)
            else:
                job.done.set_exception(error)
        if touched:
            self.woken.set()

    async def _run_in_savepoint(
        self, connection: AsyncConnection, job: _Job
    ) -> tuple[Any, Exception | None, Store]:
        """Run one turn; its own failure undoes only its own savepoint."""
        assert connection.sync_connection is not None
        with open_session(connection) as session:
            store = Store(session, job.workspace, job.now, self.meaning)
            try:
                with connection.sync_connection.begin_nested():  # it never waits
                    result = await job.work(store)
                    await store.finish()
            except Exception as error:  # handed to the turn that raised it
                await _still_in_transaction(connection, error)
                return None, error, store
            except asyncio.CancelledError:
                if _being_cancelled():
                    raise
                return None, Unavailable("the work was cancelled"), store
            return result, None, store


async def _still_in_transaction(connection: AsyncConnection, error: Exception) -> None:
    """Raise Unavailable if SQLite rolled back the whole group by itself, as on a full disk.

    The driver would then commit nothing without a word: https://sqlite.org/lang_transaction.html
    """
    driver: Any = (await connection.get_raw_connection()).driver_connection
    if not driver.in_transaction:
        raise Unavailable("SQLite gave the transaction up") from error


def _being_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


@contextlib.contextmanager
def _unavailable_when_out_of_reach() -> Iterator[None]:
    try:
        yield
    except (OperationalError, InterfaceError, PoolTimeout, OSError) as error:
        raise Unavailable(type(error).__name__) from error
    except DBAPIError as error:
        # A server that is stopping or starting refuses with an error of no class of its own.
        state = getattr(error.orig, "sqlstate", None) or ""
        if error.connection_invalidated or state.startswith(_OUT_OF_REACH):
            raise Unavailable(state or "connection lost") from error
        raise
