"""While somebody writes a message in Teams, they find an item and drop its card there."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from storage import Database
from tests.fakes.teams import CHANNEL, GROUP_CHAT, Json
from tests.fakes.teams_person import shown
from tests.stages.teams import TeamsStage, teams_stage


@pytest.fixture
async def stage(database: Database) -> AsyncIterator[TeamsStage]:
    async with teams_stage(database) as running:
        yield running


async def searches(
    stage: TeamsStage, name: str, words: str, where: str, role: str = "user"
) -> Json:
    typed = {"name": "words", "value": words} if words else {"name": "initialRun", "value": "true"}
    client = stage.client(name, where, role)
    answer = await client.invokes(
        "composeExtension/query", {"commandId": "find_item", "parameters": [typed]}
    )
    assert answer["composeExtension"]["type"] == "result"
    return {
        each["preview"]["content"]["title"]: shown(each["content"])
        for each in answer["composeExtension"]["attachments"]
    }


async def test_an_items_card_is_found_by_words_and_by_number_wherever_one_writes(
    stage: TeamsStage,
) -> None:
    ada = stage.person("Ada")
    for title in ("Builds take <forty> minutes", "Reviews wait two days"):
        await ada.says(f"improve {title}")
    everything = await searches(stage, "Ada", "", CHANNEL)
    assert len(everything) == 2
    found = await searches(stage, "Ada", "reviews days", GROUP_CHAT)
    assert list(found) == ["#2 Reviews wait two days"]
    (card,) = found.values()
    assert "As it was" in card
    assert "[" not in card, "a card that nobody draws again has no buttons"
    assert list(await searches(stage, "Ada", "#1", GROUP_CHAT)) == [
        "#1 Builds take &lt;forty&gt; minutes"
    ]
    assert await searches(stage, "Ada", "nothing like it", CHANNEL) == {}


async def test_a_guest_finds_nothing_of_another_team(stage: TeamsStage) -> None:
    await stage.person("Ada").says("improve Builds take forty minutes")
    assert await searches(stage, "Gil", "#1", GROUP_CHAT, "guest") == {}
    assert await searches(stage, "Gil", "builds", GROUP_CHAT, "guest") == {}
