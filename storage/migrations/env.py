"""Alembic's entry: migrates SQLite (batch mode) and PostgreSQL (one replica at a time)."""

from __future__ import annotations

import asyncio
import warnings
from typing import Any, Literal

from alembic import context
from sqlalchemy import JSON, Connection, text
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

from storage import store  # noqa: F401 - names every table
from storage.database import make_engine
from storage.types import UTCDateTime

MIGRATION_LOCK = 4_803_921
"""Any number, the same on every replica: the first to hold it migrates, the others wait."""


# SQLite does not tell the expressions of an index, so their drift shows on PostgreSQL only.
warnings.filterwarnings("ignore", "Skipped unsupported reflection of expression-based index")
warnings.filterwarnings("ignore", "autogenerate skipping metadata-specified expression-based")


def render_type(kind: str, value: Any, autogen: Any) -> str | Literal[False]:
    """Write column types without naming our code, which later versions may move."""
    if kind != "type":
        return False
    if isinstance(value, AutoString):
        return f"sa.String(length={value.length})" if value.length else "sa.String()"
    if isinstance(value, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    if isinstance(value, JSON):
        autogen.imports.add("from sqlalchemy.dialects import postgresql")
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    return False


def run(connection: Connection) -> None:
    sqlite = connection.dialect.name == "sqlite"
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=sqlite,
        compare_type=True,
        render_item=render_type,
    )
    with context.begin_transaction():
        if not sqlite:
            connection.execute(text(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})"))
        context.run_migrations()


async def main() -> None:
    # With foreign keys on, SQLite's batch mode would delete child rows when it rebuilds a parent.
    engine = make_engine(context.config.attributes["url"], migrates=True)
    try:
        async with engine.connect() as connection:
            await connection.run_sync(run)
            await connection.commit()
            if engine.dialect.name == "sqlite":
                dangling = (await connection.exec_driver_sql("PRAGMA foreign_key_check")).all()
                if dangling:
                    raise RuntimeError(f"rows that point nowhere: {dangling}")
    finally:
        await engine.dispose()


asyncio.run(main())
