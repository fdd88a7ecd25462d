"""Every conversation here is held on each platform, and on both databases."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from storage import Database
from tests.stages.local import local_stage
from tests.stages.slack import slack_stage
from tests.stages.stage import Player, Stage
from tests.stages.teams import teams_stage

STAGES = {
    "slack": slack_stage,
    "teams": teams_stage,
    "local": local_stage,
}


@pytest.fixture(params=STAGES)
async def stage(request: pytest.FixtureRequest, database: Database) -> AsyncIterator[Stage]:
    async with STAGES[request.param](database) as running:
        yield running


@pytest.fixture
def ada(stage: Stage) -> Player:
    return stage.person("Ada")


@pytest.fixture
def grace(stage: Stage) -> Player:
    return stage.person("Grace")


@pytest.fixture
def tomas(stage: Stage) -> Player:
    return stage.person("Tomas")
