"""One process of Hone ends in order: what others must know of it comes first."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest

from app import wire
from bench.replica import free_port, until
from bot.process import running
from bot.settings import Settings
from tests.postgres import Postgres


async def test_a_replica_that_stops_says_so_while_it_still_serves(
    postgres: Postgres, migrated_postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A load balancer that finds the door shut has sent somebody there already."""
    monkeypatch.setattr("bot.process.NOTICED_S", 0.3)
    seen: list[int] = []
    async with postgres.database(migrated_postgres) as url, aiohttp.ClientSession() as http:
        settings = Settings(database_url=url, hone_port=free_port(), hone_sample=False)
        address = f"http://127.0.0.1:{settings.hone_port}/readyz"

        async def look() -> None:
            while True:
                try:
                    async with http.get(address) as answer:
                        seen.append(answer.status)
                except aiohttp.ClientError:
                    return
                await asyncio.sleep(0.01)

        async with running(wire, settings):
            looking = asyncio.create_task(look())
            await until(lambda: bool(seen), 0.01)
        await looking
    assert seen[0] == 200
    assert seen[-1] == 503
