"""What Slack sends for channels, groups and other apps' cards is read as people see it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from storage import Database
from tests.fakes.slack_server import Json
from tests.stages.slack import SlackPlayer, SlackStage, slack_stage
from tests.stages.stage import Written


@pytest.fixture
async def stage(database: Database) -> AsyncIterator[SlackStage]:
    async with slack_stage(database) as running:
        yield running


@pytest.fixture
def ada(stage: SlackStage) -> SlackPlayer:
    return stage.person("Ada")


async def test_a_channel_is_named_and_is_no_theme(stage: SlackStage, ada: SlackPlayer) -> None:
    """Slack leaves the name out; whoever reads the card saw it when it was written."""
    stage.slack.add_channel("C04OPS", name="ops", with_bot=False)
    await ada.calls("@Hone improve Handover to <#C04OPS|> is unclear #handover <#C04OPS>")
    assert "Saved as #1" in ada.told
    assert "theme #handover" in ada.told
    assert "theme #ops" not in ada.told
    assert "#1 Handover to #ops is unclear #handover #ops" in await ada.sees()


async def test_a_channel_nobody_may_see_is_a_channel(stage: SlackStage, ada: SlackPlayer) -> None:
    await ada.says("improve Handover is unclear <#C0SECRET|>")
    assert "#1 Handover is unclear a channel" in await ada.sees()
    assert "theme" not in ada.told


async def test_slack_is_asked_for_a_channel_once(stage: SlackStage, ada: SlackPlayer) -> None:
    stage.slack.add_channel("C04OPS", name="ops", with_bot=False)
    for n in range(3):
        await ada.calls(f"@Hone improve Handover {n} to <#C04OPS|>")
    asked = [sent for name, sent in stage.slack.calls if name == "conversations.info"]
    assert [sent["channel"] for sent in asked].count("C04OPS") == 1


async def test_hone_knows_the_channels_it_works_in(stage: SlackStage, ada: SlackPlayer) -> None:
    await ada.says("backlog")
    await ada.calls(f"@Hone improve Nobody reads <#{stage.channel}|>")
    assert "#1 Nobody reads #dev" in await ada.sees()
    assert [name for name, _ in stage.slack.calls].count("conversations.info") <= 1


async def test_a_group_is_no_owner(ada: SlackPlayer) -> None:
    await ada.says("improve Reviews are slow <!subteam^S0DEVS|@devs>")
    assert "“devs” is no person, so nobody is the owner yet." in ada.told
    seen = await ada.sees()
    assert "#1 Reviews are slow @devs" in seen
    assert "Owner: nobody yet" in seen


async def test_a_group_is_no_owner_behind_the_form_either(
    stage: SlackStage, ada: SlackPlayer
) -> None:
    """A mention opens no form: its button gives the command again, as it was understood."""
    stage.slack.add_channel("C04OPS", name="ops", with_bot=False)
    await ada.calls("@Hone improve Reviews are slow")
    await ada.calls("@Hone improve Reviews are slow <#C04OPS|>")
    await ada.clicks("Open the form")
    assert ada.prefilled("title") == "Reviews are slow #ops"
    assert ada.prefilled("themes") == ""


CARD: list[Json] = [
    {"type": "header", "text": {"type": "plain_text", "text": "Checkout is down :fire:"}},
    {
        "type": "rich_text",
        "elements": [
            {
                "type": "rich_text_section",
                "elements": [
                    {"type": "text", "text": "Ask "},
                    {"type": "user", "user_id": "U0GRACE"},
                    {"type": "text", "text": " <now>"},
                ],
            }
        ],
    },
    {
        "type": "actions",
        "elements": [
            {
                "type": "button",
                "action_id": "ack",
                "text": {"type": "plain_text", "text": "Acknowledge"},
            }
        ],
    },
]


@pytest.mark.parametrize("text", ["", "This content can't be displayed."])
async def test_another_apps_card_becomes_an_item(
    stage: SlackStage, ada: SlackPlayer, text: str
) -> None:
    """Its words stand in blocks alone, and so do the ids of those it names."""
    stage.person("Grace")
    card = stage.slack.add_card(stage.channel, CARD, text)
    await ada.logs(Written(card.ts, "", "Pager", ""))
    assert "Checkout is down 🔥" in ada.prefilled("title")
    assert "Pager: Checkout is down 🔥\nAsk @Grace <now>" in ada.prefilled("details")
    assert "Acknowledge" not in ada.prefilled("details")


async def test_a_message_passed_on_to_hone_is_proposed(stage: SlackStage, ada: SlackPlayer) -> None:
    """Its words stand in an attachment, under a text that is empty."""
    passed_on = {"is_share": True, "author_name": "Bob", "text": "Deploys wait for one person"}
    event = {"type": "message", "channel_type": "im", "user": ada.id, "channel": "D0ADA"}
    await stage.line.event(event | {"text": "", "ts": "1.2", "attachments": [passed_on]})
    await stage.settle()
    assert "Shall I save this? Deploys wait for one person" in await ada.alone().sees()
