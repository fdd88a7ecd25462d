"""The smallest turn there is: it leaves one line, to see whether it was saved."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from storage import Database, Store

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
WORKSPACE = "test:acme"


def say(words: str) -> Callable[[Store], Awaitable[object]]:
    """A turn's work that leaves one trace."""
    return lambda store: store.lines.add("general", "ada", words)


async def said(database: Database) -> list[str]:
    async with database.read(WORKSPACE, NOW) as store:
        return [line.text for line in await store.lines.in_channel("general")]
