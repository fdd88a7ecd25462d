"""What a team's digest costs beside one indexed read, as the backlog grows a thousandfold.

    python -m bench.digest            1 k, 100 k and 1 M items in the database
    python -m bench.digest --quick    1 k and 50 k

The measured team owns a tenth of the items, all of them open and none finished. What changed lately
is the same at every size. The floor is reading the team's sums by their key, through the same
driver in a transaction of its own; all sizes and both are measured in turn, in the same run. What
counts is processor time, PostgreSQL's included, since a busy machine stretches every other clock.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from sqlalchemy import text

from bench.backlogs import CHANNEL, NEW_CHANNEL, NOW, TEAM, WORKSPACE, fill
from bot.process import calm_garbage_collector
from handlers.digest.cadence import iso_week
from handlers.digest.edition import Edition
from handlers.digest.story import Story
from handlers.digest.telling import tell_week
from storage import Database, patience
from storage.migrate import upgrade
from tests.postgres import own_server


@dataclass(frozen=True, slots=True)
class Plan:
    sizes: Sequence[int]
    rounds: int


FULL = Plan(sizes=(1_000, 100_000, 1_000_000), rounds=60)
QUICK = Plan(sizes=(1_000, 50_000), rounds=30)

READ, DIGEST, FIRST = "one indexed read", "a digest", "a first digest"


@dataclass(slots=True)
class Backlog:
    """A database with so many items, and the processor time that each reading of it took.

    `server` is the process that PostgreSQL serves us with, None for SQLite.
    """

    items: int
    database: Database
    server: int | None
    took: dict[str, list[float]] = field(default_factory=lambda: {READ: [], DIGEST: [], FIRST: []})

    def median_s(self, what: str) -> float:
        return median(self.took[what])

    def times(self, what: str) -> float:
        """Return how many indexed reads it is worth."""
        return self.median_s(what) / self.median_s(READ)

    def cpu_s(self) -> float:
        """Return the processor time used so far (Linux)."""
        if self.server is None:
            return time.process_time()
        served_ns = Path(f"/proc/{self.server}/schedstat").read_text().split()[0]
        return time.process_time() + int(served_ns) / 1e9


async def read(database: Database) -> None:
    async with database.read(WORKSPACE, NOW) as store:
        assert await store.tallies.of_team(TEAM)


async def digest(database: Database) -> None:
    await _tell(database, CHANNEL)


async def first_digest(database: Database) -> None:
    """Tell a channel's first one: the trend is recomputed from the events of eight weeks."""
    await _tell(database, NEW_CHANNEL)


async def _tell(database: Database, channel: str) -> None:
    async with database.read(WORKSPACE, NOW) as store:
        team = await store.teams.find(TEAM)
        assert team is not None
        week = iso_week(team.zone, NOW)
        told = await tell_week(store, team, Edition(channel), week, lead="ada", quiet=True)
        assert isinstance(told, Story)
        assert told.trend is not None
        assert len(told.trend.labels) == 8


READINGS: dict[str, Callable[[Database], Awaitable[None]]] = {
    READ: read,
    DIGEST: digest,
    FIRST: first_digest,
}


async def measure(name: str, plan: Plan, urls: Sequence[str]) -> str:
    """Fill a database of each size, read them in turn, print the table and return the figure."""
    async with AsyncExitStack() as stack:
        backlogs: list[Backlog] = []
        for items, url in zip(plan.sizes, urls, strict=True):
            await asyncio.to_thread(upgrade, url)
            database = Database(url)
            stack.push_async_callback(database.close)
            await fill(database, items)
            backlogs.append(Backlog(items, database, await _served_by(database)))
        calm_garbage_collector()  # as `serve` does once it has started
        for number in range(plan.rounds + 5):
            for backlog in backlogs:
                for what, reading in READINGS.items():
                    began = backlog.cpu_s()
                    await reading(backlog.database)
                    if number >= 5:  # by then every statement is prepared
                        backlog.took[what].append(backlog.cpu_s() - began)
    for backlog in backlogs:
        told = ", ".join(f"{what} {backlog.median_s(what) * 1000:.2f} ms" for what in READINGS)
        print(f"{name}, {backlog.items:,} items: {told}", flush=True)
    small, large = backlogs[0], backlogs[-1]
    growth = large.median_s(DIGEST) / small.median_s(DIGEST)
    return (
        f"{name} {large.times(DIGEST):.1f}× one indexed read, "
        f"{growth:.2f}× from {small.items:,} to {large.items:,} items"
    )


async def _served_by(database: Database) -> int | None:
    """Return PostgreSQL's process behind the only connection that is used."""
    if database.is_sqlite:
        return None
    async with database.read(WORKSPACE, NOW) as store:
        return int((await store.session.execute(text("SELECT pg_backend_pid()"))).scalar_one())


def main() -> int:
    patience.PATIENCE_S = 600.0  # nobody waits for the filling
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="fewer items, under 45 s")
    plan = QUICK if parser.parse_args().quick else FULL
    with tempfile.TemporaryDirectory() as folder, own_server(durable=True) as server:
        files = [f"sqlite:///{Path(folder) / f'{items}.db'}" for items in plan.sizes]
        figures = [asyncio.run(measure("sqlite", plan, files))]
        servers = [asyncio.run(server.postgres.create(f"items_{n}")) for n in plan.sizes]
        figures.append(asyncio.run(measure("postgresql", plan, servers)))
    print(f"a team's digest: {'; '.join(figures)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
