"""What Slack tells of channels and people while nobody speaks with Hone."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from handlers.backlog import sample
from storage import Database, Store
from tests.fakes.slack_server import Json
from tests.stages.slack import SlackPlayer, SlackStage, slack_stage
from tests.stages.stage import ZONE


@pytest.fixture
async def stage(database: Database) -> AsyncIterator[SlackStage]:
    async with slack_stage(database) as running:
        yield running


@pytest.fixture
def ada(stage: SlackStage) -> SlackPlayer:
    return stage.person("Ada")


@pytest.fixture
def grace(stage: SlackStage) -> SlackPlayer:
    return stage.person("Grace")


async def test_everything_follows_a_channel_to_its_new_id(
    stage: SlackStage, ada: SlackPlayer
) -> None:
    """A channel that is shared with another organisation gets one, and keeps its messages."""
    team = (ada, stage.person("Grace"), stage.person("Tomas"))
    people = {person.id: person.name for person in team}

    async def furnish(store: Store) -> None:
        await sample.furnish(store, stage.channel, people, ZONE)

    await stage.database.write(stage.workspace, stage.clock(), furnish)
    await ada.says("digest on Monday 9:00")
    await stage.wait(days=7)
    assert (await ada.sees()).count("Backlog health") == 1
    await ada.says("wsjf #1")

    moved = stage.person("Ada", channel=await stage.changes_id(stage.channel, "C0SHARED"))
    await moved.says("backlog")
    assert "Backlog of dev" in moved.told
    await moved.clicks("Vote")
    await moved.fills(dict.fromkeys(("ubv.1", "tc.1", "rroe.1", "size.1"), "5"))
    seen = await moved.sees()
    assert "1 person has voted" in seen
    assert "Backlog health" in seen
    await stage.wait(days=7)
    assert (await moved.sees()).count("Backlog health") == 2, "the next digest did not come"


async def test_what_was_said_before_the_news_of_a_new_id_does_not_split_the_backlog(
    stage: SlackStage, ada: SlackPlayer
) -> None:
    await ada.says("improve Builds take forty minutes")
    stage.slack.change_id(stage.channel, "C0SHARED")
    moved = stage.person("Ada", channel="C0SHARED")
    await moved.says("backlog")
    await stage.tells({"type": "channel_id_changed", "old_channel_id": stage.channel}, "C0SHARED")
    await moved.says("backlog")
    assert "#1 Builds take forty minutes" in moved.told
    await moved.says("hone settings")
    assert "dev" in moved.prefilled("name")


async def test_who_captured_an_item_is_asked_once_its_owner_is_gone(
    stage: SlackStage, ada: SlackPlayer, grace: SlackPlayer
) -> None:
    await grace.says("help")
    await ada.says("improve Builds take forty minutes @Grace by Friday", grace)
    await grace.is_deactivated()
    await stage.wait(days=7)
    assert "Builds take forty minutes" in await ada.alone().sees()
    assert "Did it get done" not in await grace.alone().sees()


async def test_the_digest_asks_somebody_who_is_there(
    stage: SlackStage, ada: SlackPlayer, grace: SlackPlayer
) -> None:
    await grace.says("improve Builds take forty minutes @Grace by Tuesday", grace)
    await ada.says("digest on Monday 9:00")
    await grace.is_deactivated()
    await stage.wait(days=7)
    seen = await ada.sees()
    assert f"{ada.name}, " in seen
    assert f"{grace.name}, " not in seen


async def test_a_deactivated_account_votes_no_more_and_is_not_waited_for(
    stage: SlackStage, ada: SlackPlayer, grace: SlackPlayer
) -> None:
    """Its form may still be open somewhere."""
    await ada.says("improve Builds take forty minutes")
    await grace.says("wsjf #1")
    await grace.clicks("Vote")
    await grace.is_deactivated()
    await grace.fills(dict.fromkeys(("ubv.1", "tc.1", "rroe.1", "size.1"), "20"))
    assert "deactivated" in grace.form
    assert "Nobody has voted yet" in await ada.sees()
    await grace.is_deactivated(False)
    await grace.fills({})
    assert "Your vote is in" in grace.told


async def test_a_bot_does_not_vote(stage: SlackStage, ada: SlackPlayer) -> None:
    await ada.says("improve Builds take forty minutes")
    await ada.says("wsjf #1")
    bot = stage.person("Jenkins", is_bot=True)
    await bot.clicks("Vote")
    assert "Only people can do that" in bot.told


async def test_a_new_name_stands_on_every_card(
    stage: SlackStage, ada: SlackPlayer, grace: SlackPlayer
) -> None:
    await grace.says("help")
    await ada.says("improve Builds take forty minutes @Grace", grace)
    assert "Owner: Grace" in await ada.sees()
    await grace.is_called("Grace Hopper")
    await stage.wait(minutes=2)
    assert "Owner: Grace Hopper" in await ada.sees()


async def test_a_private_channel_and_a_chat_of_several_have_their_names(stage: SlackStage) -> None:
    """Slack calls each of them `privategroup` in a command."""
    stage.slack.add_channel("C0SECRET", name="merger", private=True)
    ada = stage.person("Ada", channel="C0SECRET")
    await ada.says("backlog")
    assert "The backlog of merger is empty" in ada.told
    await ada.renames_channel("project-x")
    await ada.says("backlog")
    assert "The backlog of project-x is empty" in ada.told


async def test_a_person_slack_does_not_tell_of_is_a_mention(
    stage: SlackStage, ada: SlackPlayer
) -> None:
    """Slack's client knows who that is; nobody else can make anything of an id."""
    await ada.says("improve Builds take forty minutes <@U0STRANGER>")
    assert "U0STRANGER" not in ada.told
    card = stage.slack.in_channel(stage.channel)[-1]
    assert {"type": "user", "user_id": "U0STRANGER"} in elements_of(card.blocks)
    assert "U0STRANGER" not in card.said


def elements_of(blocks: list[Json]) -> list[Json]:
    """Return every piece of the blocks, however deep."""
    found = []
    for block in blocks:
        found.append(block)
        found += elements_of([e for part in block.values() if isinstance(part, list) for e in part])
    return found
