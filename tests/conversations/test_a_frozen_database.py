"""The database stops answering: everybody is told in time, at every door, and nothing hangs."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import aiohttp
import pytest

from storage import Database, Unavailable
from tests.conversations.on_every_adapter.conftest import STAGES
from tests.fakes.slack import BOT_USER
from tests.frozen import Line, freezing
from tests.postgres import Postgres
from tests.stages.local import LocalStage
from tests.stages.slack import SlackStage
from tests.stages.stage import Stage
from tests.stages.teams import TeamsStage

IMPATIENT_S = 0.15
HANGS_S = 60.0
"""Far longer than any answer takes, and far shorter than a frozen server."""


@pytest.fixture(params=STAGES)
async def frozen(
    request: pytest.FixtureRequest,
    postgres: Postgres,
    migrated_postgres: str,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[tuple[Stage, Line]]:
    monkeypatch.setattr("storage.patience.PATIENCE_S", HANGS_S)
    async with (
        postgres.database(migrated_postgres) as url,
        freezing(url) as (through, line),
    ):
        database = Database(through)
        async with STAGES[request.param](database) as stage:
            yield stage, line
            line.thaw()
        await database.close()


async def test_everybody_reads_not_saved_while_the_database_is_frozen(
    frozen: tuple[Stage, Line], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Names, channels and chats are looked up before a turn: these reads must not hang either."""
    stage, line = frozen
    ada, grace = stage.person("Ada"), stage.person("Grace")
    await ada.says("improve Builds take forty minutes")
    monkeypatch.setattr("storage.patience.PATIENCE_S", IMPATIENT_S)
    line.freeze()
    async with asyncio.timeout(HANGS_S):
        for person in (ada, grace, grace.alone()):  # known, unknown, and unknown alone
            with contextlib.suppress(Unavailable):  # the worker's own, while the stage settles
                await person.says("improve It is cold in here @Grace", grace)
            assert "Not saved" in person.told
        await _events_are_to_come_again(stage)
        line.thaw()
        monkeypatch.setattr("storage.patience.PATIENCE_S", HANGS_S)
        await grace.says("improve It is warm again")
    assert "It is warm again" in await grace.sees()
    assert "It is cold in here" not in await grace.sees()


async def _events_are_to_come_again(stage: Stage) -> None:
    """Nobody reads an answer to these, so the platform is asked to deliver them once more."""
    match stage:
        case SlackStage():
            joined = {"type": "member_joined_channel", "user": BOT_USER, "channel": stage.channel}
            await stage.line.event(joined | {"inviter": "U0ADA"})
            assert stage.line.status == 503
        case TeamsStage():
            teams = stage.client("Ada", stage.channel)
            await teams.delivers({"type": "installationUpdate", "action": "add"})
            assert teams.status == 503
        case LocalStage():
            async with aiohttp.ClientSession() as http, http.get(stage.url) as page:
                assert page.status == 503
