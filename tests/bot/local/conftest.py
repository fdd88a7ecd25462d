"""The local room, running with a small feature of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.bot.local.demo import Running, running_room


@pytest.fixture
async def running(sqlite_url: str) -> AsyncIterator[Running]:
    async with running_room(sqlite_url) as room:
        yield room
