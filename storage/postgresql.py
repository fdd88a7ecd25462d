"""PostgreSQL's connections: alive when they are taken, and bounded by the server itself.

A replica that freezes in a transaction goes on holding its locks. It can do nothing about that, so
the server ends what takes too long: https://www.postgresql.org/docs/current/runtime-config-client.html
"""

from __future__ import annotations

import time
from typing import Any

import asyncpg
import orjson
from sqlalchemy import URL, event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.util.concurrency import await_

from storage import patience
from storage.types import json_text

POOL_SIZE = 16
"""Turns that PostgreSQL handles at once for each replica."""

TRUSTED_S = 1.0
"""A connection used this recently is taken to be alive, unless its end was seen."""

IDLE_IN_TRANSACTION_S = 4.0
"""How long a replica may leave a transaction alone: frozen, it costs others no more than this."""

TRANSACTION_S = 60.0
"""How long any transaction may take, from PostgreSQL 17 on."""

TRANSACTION_TIMEOUT_SINCE = 17


def make_postgresql_engine(url: URL, *, patience_s: float, bounded: bool) -> AsyncEngine:
    """Return an engine; `bounded` is not for migrations, which take as long as they take."""
    engine = create_async_engine(
        url,
        hide_parameters=True,
        pool_size=POOL_SIZE,
        max_overflow=0,  # a connection opened for one turn costs more than the turn
        pool_timeout=patience_s,
        connect_args={
            "timeout": patience_s,
            "command_timeout": patience.PATIENT_S if bounded else None,
        },
        json_serializer=json_text,
        json_deserializer=orjson.loads,
    )
    # SQLAlchemy's own check, `pool_pre_ping`, takes a transaction: three ways there and back.
    event.listen(engine.sync_engine, "checkout", _make_sure_it_lives)
    event.listen(engine.sync_engine, "checkin", _note_when)
    event.listen(engine.sync_engine, "invalidate", _hang_up)
    if bounded:

        @event.listens_for(engine.sync_engine, "connect")
        def _bound(_connection: Any, record: ConnectionPoolEntry) -> None:
            driver: Any = record.driver_connection
            version = driver.get_server_version().major
            await_(driver.execute(_bounds(version, patience_s)))

    return engine


def _bounds(version: int, patience_s: float) -> str:
    """Return what bounds a session: said after connecting, for pools refuse it as a parameter."""
    seconds = {
        "idle_in_transaction_session_timeout": IDLE_IN_TRANSACTION_S,
        "lock_timeout": patience_s,
        "tcp_user_timeout": IDLE_IN_TRANSACTION_S,
    }
    if version >= TRANSACTION_TIMEOUT_SINCE:
        seconds["transaction_timeout"] = TRANSACTION_S
    return "; ".join(f"SET {name} = {round(1000 * most)}" for name, most in seconds.items())


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


def _hang_up(_connection: Any, record: ConnectionPoolEntry, _error: object) -> None:
    """Close at once what is given up: a frozen server does not answer a polite farewell either."""
    driver: Any = record.driver_connection
    driver.terminate()
