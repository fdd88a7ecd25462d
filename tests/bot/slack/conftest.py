"""A workspace for each test that wants one."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.bot.slack.world import World, world
from tests.fakes.slack_person import SlackPerson


@pytest.fixture
async def slack(sqlite_url: str) -> AsyncIterator[World]:
    async with world(sqlite_url) as running:
        yield running


@pytest.fixture
def ann(slack: World) -> SlackPerson:
    return slack.person("U0ANN", "Ann")
