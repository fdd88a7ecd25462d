"""Every conversation here is held on each platform, and on one of them with PostgreSQL, too.

What a platform sends does not depend on the database, so one door with both is enough.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager

import pytest

from storage import Database
from tests.bound import watching
from tests.stages.local import local_stage
from tests.stages.slack import slack_stage
from tests.stages.stage import Player, Stage
from tests.stages.teams import teams_stage

STAGES: dict[str, Callable[[Database], AbstractAsyncContextManager[Stage]]] = {
    "slack": slack_stage,
    "teams": teams_stage,
    "local": local_stage,
}


DOORS = ("slack-sqlite", "slack-postgresql", "teams-sqlite", "local-sqlite")


@pytest.fixture(params=DOORS)
def door(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def database_url(request: pytest.FixtureRequest, door: str) -> str:
    url: str = request.getfixturevalue(f"{door.partition('-')[2]}_url")
    return url


@pytest.fixture
async def stage(door: str, database: Database) -> AsyncIterator[Stage]:
    with watching(database) as loose:
        async with STAGES[door.partition("-")[0]](database) as running:
            yield running
    assert not loose, "asked without its workspace"


@pytest.fixture
def ada(stage: Stage) -> Player:
    return stage.person("Ada")


@pytest.fixture
def grace(stage: Stage) -> Player:
    return stage.person("Grace")


@pytest.fixture
def tomas(stage: Stage) -> Player:
    return stage.person("Tomas")
