"""The local room, running with a small feature of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.bot.local.demo import Running, running_room


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Running]:
    async with running_room(tmp_path) as room:
        yield room
