"""What races of acts have in common: who acts through the real router, and on which databases."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol, Self, TypeVar

import storage.patience
from bot.outcome import Outcome
from bot.router import Router
from bot.turn import Intent, Person, Place, Turn
from storage import Database
from storage.migrate import upgrade
from tests.postgres import own_server

WORKSPACE = "bench:races"
VOTERS = 5
PATIENCE_S = 60.0
"""How long an act waits for the database: one that a busy machine turns away races nobody."""

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class Result(Protocol):
    """What races came to; results of several add up."""

    def __add__(self, other: Self) -> Self: ...


R = TypeVar("R", bound=Result)


async def act(router: Router, number: int, person: str, intent: Intent, key: str = "") -> Outcome:
    """Act in the race of that number; its deliveries are told apart by key, else by person."""
    now = START + timedelta(minutes=number)
    return await router.handle(
        Turn(
            workspace=WORKSPACE,
            place=Place("races", "races"),
            person=Person(person, person),
            intent=intent,
            now=now,
            key=f"{number}-{key or person}",
            acted_at=now,
        )
    )


def on_both(race_on: Callable[[Database, int], Awaitable[R]], races: int) -> R:
    """Run so many races on SQLite and on PostgreSQL, print what came of each, and add it up."""

    async def on(url: str) -> R:
        await asyncio.to_thread(upgrade, url)
        database = Database(url)
        result = await race_on(database, races)
        await database.close()
        return result

    storage.patience.PATIENCE_S = PATIENCE_S
    with tempfile.TemporaryDirectory() as folder:
        result = asyncio.run(on(f"sqlite:///{Path(folder) / 'hone.db'}"))
        print(f"sqlite: {result}", flush=True)
    with own_server() as server:
        on_postgres = asyncio.run(on(server.postgres.url_of("postgres")))
        print(f"postgresql: {on_postgres}", flush=True)
    return result + on_postgres
