"""SQLite on the event loop: statements run where they are called, only commits wait in a thread.

A statement of Hone takes some microseconds; handing it to a thread and back takes ten times as
long, and several of them make a turn. What does take its time is the disk, and SQLite waits for it
in COMMIT alone (WAL, `synchronous=FULL`): docs/decisions/0013-sqlite-on-the-loop.md.
"""

from __future__ import annotations

import asyncio
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Any

import orjson
from sqlalchemy import URL, event
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool
from sqlalchemy.util.concurrency import await_, in_greenlet

from storage.types import json_text

LOCK_CHECK_S = 0.001
"""How often a writer looks whether another program has let go of the file."""

STATEMENTS_KEPT = 512
"""Statements a connection keeps ready, more than all actions ask: one read anew takes 25 µs."""

GIVE_WAY_S = 3 * LOCK_CHECK_S
"""How long a program that writes on and on leaves the file to others, each time."""


class _Cursor(sqlite3.Cursor):
    """Takes all rows at once: a statement left open would also see what is written after it."""

    def execute(self, *args: Any) -> _Cursor:
        super().execute(*args)
        self._rows = iter(super().fetchall())
        return self

    def fetchone(self) -> Any:
        return next(self._rows, None)

    def fetchmany(self, size: int | None = None) -> list[Any]:
        return list(islice(self._rows, size or self.arraysize))

    def fetchall(self) -> list[Any]:
        return list(self._rows)

    async def _async_soft_close(self) -> None:
        """SQLAlchemy asks its asynchronous cursors to; there is nothing left open."""


class _Connection(sqlite3.Connection):
    changes_before: int | None = None
    """How many rows it had ever changed when its transaction began, if it was one that writes."""

    def cursor(self, *_: Any) -> _Cursor:  # type: ignore[override]
        return super().cursor(_Cursor)


class _OnTheLoop(SQLiteDialect_pysqlite):
    """SQLAlchemy's own dialect, made asynchronous where there is something to wait for."""

    driver = "loop"
    is_async = True
    supports_statement_cache = True

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._disk: ThreadPoolExecutor | None = None

    @classmethod
    def get_pool_class(cls, url: URL) -> type[AsyncAdaptedQueuePool]:
        return AsyncAdaptedQueuePool

    def create_connect_args(self, url: URL) -> Any:
        arguments, options = super().create_connect_args(url)
        return arguments, {
            **options,
            "factory": _Connection,
            "isolation_level": None,  # the driver must not open transactions of its own
            "cached_statements": STATEMENTS_KEPT,
        }

    def do_execute(self, cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
        cursor.execute(statement, parameters)
        if in_greenlet():
            # SQLAlchemy takes a driver that never waits for a wrong one.
            await_(asyncio.sleep(0) if _is_patient(context) else _nothing())

    def do_commit(self, dbapi_connection: Any) -> None:
        if dbapi_connection.total_changes == dbapi_connection.changes_before:
            dbapi_connection.commit()  # nothing was written: nothing to wait for
            return
        if self._disk is None:
            self._disk = ThreadPoolExecutor(1, "sqlite")
        loop = asyncio.get_running_loop()
        await_(loop.run_in_executor(self._disk, dbapi_connection.commit))

    def rest(self) -> None:
        """Let the thread end; a commit after this starts another one."""
        if self._disk is not None:
            self._disk.shutdown(wait=False)
            self._disk = None

    # A savepoint costs SQLite nothing; compiled as statements it would cost as much as a vote.

    def do_savepoint(self, connection: Connection, name: str) -> None:
        _run(connection, f"SAVEPOINT {name}")

    def do_rollback_to_savepoint(self, connection: Connection, name: str) -> None:
        _run(connection, f"ROLLBACK TO {name}")

    def do_release_savepoint(self, connection: Connection, name: str) -> None:
        _run(connection, f"RELEASE {name}")


class SessionOnTheLoop(AsyncSession):
    """A session that asks where it is called, without the greenlet in which others would wait."""

    async def execute(self, statement: Any, params: Any = None, **how: Any) -> Any:
        return self.sync_session.execute(statement, params, **how)

    async def scalars(self, statement: Any, params: Any = None, **how: Any) -> Any:
        return self.sync_session.scalars(statement, params, **how)

    async def scalar(self, statement: Any, params: Any = None, **how: Any) -> Any:
        return self.sync_session.scalar(statement, params, **how)

    async def get(self, entity: Any, ident: Any, **how: Any) -> Any:
        return self.sync_session.get(entity, ident, **how)

    async def flush(self, objects: Any = None) -> None:
        self.sync_session.flush(objects)


registry.register("sqlite.loop", __name__, _OnTheLoop.__name__)


def _is_patient(context: Any) -> bool:
    """Whether the statement belongs to a read that nobody waits for (`Database.read`)."""
    return context is not None and context.execution_options.get("patient", False)


async def _nothing() -> None:
    return


def _run(connection: Connection, command: str) -> None:
    driver: Any = connection.connection.dbapi_connection
    try:
        driver.execute(command)
    except sqlite3.Error as error:
        raise OperationalError(command, None, error) from error


def make_sqlite_engine(url: URL, *, patience_s: float, foreign_keys: bool) -> AsyncEngine:
    """Return an engine whose transactions are as durable as the disk.

    With the execution option `writes` they take the file's lock when they begin, and wait for it
    `patience_s` at most: a read that turns into a write would fail at once.
    """
    engine = create_async_engine(
        url.set(drivername="sqlite+loop"),
        hide_parameters=True,
        pool_timeout=patience_s,
        json_serializer=json_text,
        json_deserializer=orjson.loads,
    )
    pragmas = (
        "journal_mode=WAL",
        "synchronous=FULL",
        "secure_delete=ON",  # some builds only free what was deleted, and leave its words there
        f"foreign_keys={'ON' if foreign_keys else 'OFF'}",
        "busy_timeout=0",  # nobody waits for another program on the loop
    )

    dialect = engine.dialect
    assert isinstance(dialect, _OnTheLoop)

    @event.listens_for(engine.sync_engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine.sync_engine, "begin")
    def _on_begin(connection: Connection) -> None:
        if connection.get_execution_options().get("writes"):
            await_(_begin_writing(connection, patience_s))
        else:
            _run(connection, "BEGIN")

    @event.listens_for(engine.sync_engine, "engine_disposed")
    def _on_dispose(_: Engine) -> None:
        dialect.rest()

    return engine


async def _begin_writing(connection: Connection, patience_s: float) -> None:
    driver: Any = connection.connection.dbapi_connection
    loop = asyncio.get_running_loop()
    give_up_at = loop.time() + patience_s
    while True:
        try:
            _run(connection, "BEGIN IMMEDIATE")
            driver.changes_before = driver.total_changes
            return
        except OperationalError:
            if loop.time() > give_up_at:
                raise
            await asyncio.sleep(LOCK_CHECK_S)
