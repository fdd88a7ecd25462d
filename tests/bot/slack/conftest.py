"""A workspace for each test that wants one."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.bot.slack.world import World, world
from tests.fakes.slack_person import SlackPerson


@pytest.fixture
def sqlite_url(migrated_sqlite: Path, tmp_path: Path) -> str:
    """An empty database. What it is does not matter to an adapter, so one kind is enough."""
    path = tmp_path / "hone.db"
    shutil.copy(migrated_sqlite, path)
    return f"sqlite+aiosqlite:///{path}"


@pytest.fixture
async def slack(sqlite_url: str) -> AsyncIterator[World]:
    async with world(sqlite_url) as running:
        yield running


@pytest.fixture
def ann(slack: World) -> SlackPerson:
    return slack.person("U0ANN", "Ann")
