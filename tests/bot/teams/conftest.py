"""A small feature behind the real router, on a real database, reached through the fake cloud."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import TestServer

from bot.outbox import Outbox
from bot.router import Router
from bot.server import make_app
from bot.teams.adapter import TeamsAdapter
from storage import Database
from tests.bot.teams.world import Clock, Notes, World
from tests.fakes.teams import FakeTeams


@pytest.fixture
async def teams() -> AsyncIterator[FakeTeams]:
    async with FakeTeams() as cloud:
        yield cloud


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def embedded(sqlite_url: str) -> AsyncIterator[Database]:
    """A database of its own; what differs between databases is tested elsewhere."""
    opened = Database(sqlite_url)
    yield opened
    await opened.close()


@pytest.fixture
def overrides() -> dict[str, Any]:
    """Settings of the adapter that a test changes."""
    return {}


@pytest.fixture
async def world(
    teams: FakeTeams, http: aiohttp.ClientSession, embedded: Database, overrides: dict[str, Any]
) -> AsyncIterator[World]:
    notes, clock, removed = Notes(), Clock(), list[tuple[str, str]]()
    router = Router([notes.feature()], embedded)

    async def on_removed(workspace: str, channel: str) -> None:
        await embedded.ping()
        removed.append((workspace, channel))

    adapter = TeamsAdapter(
        **teams.settings() | overrides,
        router=router,
        database=embedded,
        http=http,
        clock=clock,
        on_removed=on_removed,
    )
    outbox = Outbox(router, embedded, {"teams": adapter}, clock)
    async with TestServer(make_app(embedded, adapter.routes(), clock)) as server:
        url = str(server.make_url("")).rstrip("/")
        yield World(teams, notes, adapter, outbox, embedded, clock, url, removed)
        await adapter.stop()
        await outbox.stop(0)
