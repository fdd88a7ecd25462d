"""What people do in Teams and what they then see, through Hone's real door."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.cards import Button, Buttons, Form
from bot.teams.intents import OWN_WIRE, RunCommand, command_of, launcher
from bot.turn import Command, Joined, Named, Quote, Said, Shortcut
from bot.wire import Stale, encode, meant
from storage import Unavailable
from tests.bot.teams.world import NOW, World
from tests.fakes.teams import BOT, CHANNEL, TENANT, Failure, Json

# --- words ---


async def test_a_mention_with_a_command_is_a_command(world: World) -> None:
    ana = await world.person().says("@Hone  board now\u200b please")
    assert ana.status == 200
    assert world.turn.intent == Command("board", "now please")
    assert world.turn.workspace == f"teams:{TENANT}"
    assert world.turn.place.channel == CHANNEL
    assert (world.turn.person.id, world.turn.person.name) == ("29:ana", "Ana")
    assert (world.turn.person.zone, world.turn.person.locale) == ("Europe/Berlin", "en-GB")
    assert world.turn.acted_at == datetime(2026, 11, 23, 9, 0, 0, 123000, tzinfo=UTC)


async def test_other_people_mentioned_are_named(world: World) -> None:
    await world.person().says("@Hone note ask @Bo", mentions=(world.person("Bo"),))
    assert world.turn.intent == Command("note", "ask @Bo", (Named("29:bo", "Bo"),))


async def test_the_answer_stands_in_the_thread_it_was_asked_in(world: World) -> None:
    await world.person(root="1600").says("@Hone board")
    await world.settle()
    (message,) = world.teams.messages.values()
    assert message.conversation == f"{CHANNEL};messageid=1600"


NEW_QUOTE = {
    "entities": [
        {
            "type": "quotedReply",
            "quotedReply": {
                "messageId": "1600",
                "senderName": "Bo",
                "preview": "We wait\u200b for test data",
            },
        }
    ]
}
OLD_QUOTE = {
    "attachments": [
        {
            "contentType": "text/html",
            "content": (
                '<blockquote itemscope="" itemtype="http://schema.skype.com/Reply" itemid="1600">'
                '<strong itemprop="mri" itemid="8:orgid:bo">Bo</strong>'
                '<span itemprop="time" itemid="1600"></span>'
                '<p itemprop="preview">We wait for <b>test</b> data</p></blockquote><p>improve</p>'
            ),
        }
    ]
}


@pytest.mark.parametrize(
    ("text", "quoting"),
    [
        ('<quoted messageId="1600"/> @Hone note it', NEW_QUOTE),
        ("Bo We wait for test data @Hone note it", OLD_QUOTE),
    ],
)
async def test_a_reply_brings_the_words_it_quotes(world: World, text: str, quoting: Json) -> None:
    await world.person().says(text, quoting=quoting)
    quote = Quote("We wait for test data", "Bo")
    assert world.turn.intent == Command("note", "it", (), quote)


@pytest.mark.parametrize(
    "quoting",
    [
        {"entities": [{"type": "quotedReply", "quotedReply": "no object"}]},
        {"entities": [{"type": "quotedReply", "quotedReply": {"preview": 7}}]},
        {"attachments": [{"contentType": "text/html", "content": None}, "no object"]},
        {"attachments": [{"contentType": "text/html", "content": "<blockquote>of my own"}]},
    ],
)
async def test_a_quote_that_is_none_is_left_out(world: World, quoting: Json) -> None:
    await world.person().says("@Hone note it", quoting=quoting)
    assert world.turn.intent == Command("note", "it")


async def test_alone_with_hone_no_mention_is_needed(world: World) -> None:
    ana = await world.person().alone().says("note remember")
    assert world.turn.place.private
    assert "Saved: remember" in ana.sees()


async def test_alone_words_that_are_no_command_are_just_words(world: World) -> None:
    ana = await world.person().alone().says("thank you")
    assert world.turn.intent == Said("thank you")
    assert "You said: thank you" in ana.sees()


async def test_a_private_answer_never_shows_in_the_channel(world: World) -> None:
    ana = await world.person().says("@Hone secret numbers")
    assert "For your eyes: numbers" in ana.sees_alone()
    assert ana.sees() == ""


async def test_a_private_answer_that_cannot_be_delivered_is_not_shown_to_all(world: World) -> None:
    """Somebody without the personal app is told how to get answers, not what the answer was."""
    world.teams.failures.append(Failure(403, "ForbiddenOperationException"))
    ana = await world.person().says("@Hone secret numbers")
    assert "can't write to you alone" in ana.sees()
    assert "numbers" not in ana.sees()


async def test_the_same_delivery_again_changes_nothing(world: World) -> None:
    ana = world.person()
    for _ in range(4):
        await ana.says("@Hone note once", id="1700")
        assert ana.status == 200
    assert world.notes.written == ["once"]


async def test_a_command_that_needs_a_form_offers_a_button(world: World) -> None:
    """Teams opens a form only when a button is pressed; the button goes once the form is sent."""
    ana = await world.person().says("@Hone note")
    assert "[Write a note]" in ana.sees()
    await ana.clicks("Write a note")
    await ana.submits({"note": "typed"})
    assert world.notes.written == ["typed"]
    await world.settle()
    assert ana.sees() == ""


def test_a_launcher_carries_its_command() -> None:
    asked = Command("improve", "ask @Bo", (Named("29:bo", "Bo"),))
    assert launched(asked) == asked


def test_a_command_too_long_for_a_button_still_opens_its_form() -> None:
    """A button carries 2,000 characters; the words stay in the person's own message."""
    assert launched(Command("improve", "x" * 3_000)) == Command("improve", "")


def launched(command: Command) -> Command:
    """Return what pressing the command's launcher asks for."""
    *_, buttons = launcher(command, Form("Improve", Stale(), ())).nodes
    assert isinstance(buttons, Buttons)
    (button,) = buttons.buttons
    assert isinstance(button, Button)
    run = meant(encode(button.action), OWN_WIRE)
    assert isinstance(run, RunCommand)
    return command_of(run)


# --- message actions ---


async def test_a_message_becomes_a_form_with_its_words(world: World) -> None:
    ana = world.person()
    html = "<div><p>Deploys are <b>slow</b></p><p>&amp; loud <img alt='🙁'></p></div>"
    await ana.calls("log_note", html, author="Bo", link="https://teams.test/m/1")
    intent = world.turn.intent
    assert isinstance(intent, Shortcut)
    assert intent.quote is not None
    assert intent.quote.text == "Deploys are slow\n& loud 🙁"
    assert (intent.quote.author, intent.quote.link) == ("Bo", "https://teams.test/m/1")
    await ana.submits()
    assert world.notes.written == ["Deploys are slow\n& loud 🙁"]
    assert not ana.has_dialog


async def test_a_form_fetched_again_opens_again(world: World) -> None:
    """A repeated fetch must not be answered with nothing, as a repeated submission is."""
    ana = await world.person().says("@Hone board")
    await world.settle()
    value = {"data": {"hone": '["test.write"]'}}
    for _ in range(2):
        answer = await ana.delivers(
            {"type": "invoke", "name": "task/fetch", "id": "1", "value": value}
        )
        assert answer["task"]["type"] == "continue"


# --- coming and going ---


async def test_being_added_is_noted_once_though_teams_says_it_twice(world: World) -> None:
    ana = world.person()
    await ana.delivers({"type": "conversationUpdate", "membersAdded": [{"id": BOT}]})
    await ana.delivers({"type": "installationUpdate", "action": "add"})
    assert [turn.intent for turn in world.notes.turns] == [Joined()]
    await world.settle()
    assert "Notes" in ana.sees_alone()


async def test_somebody_else_joining_is_not_our_joining(world: World) -> None:
    await world.person().delivers({"type": "conversationUpdate", "membersAdded": [{"id": "29:bo"}]})
    assert world.notes.turns == []


@pytest.mark.parametrize(
    "activity",
    [
        {"type": "installationUpdate", "action": "remove"},
        {"type": "conversationUpdate", "channelData": {"eventType": "channelDeleted"}},
        {"type": "conversationUpdate", "channelData": {"eventType": "teamDeleted"}},
    ],
)
async def test_being_removed_is_told_with_its_channel(
    world: World, activity: dict[str, object]
) -> None:
    """One channel's removal says nothing of the tenant's other channels."""
    data = activity.get("channelData", {})
    assert isinstance(data, dict)
    await world.person().delivers(activity | {"channelData": data | {"tenant": {"id": TENANT}}})
    assert world.removed == [(f"teams:{TENANT}", CHANNEL)]


@pytest.mark.parametrize("kind", ["typing", "messageReaction", "messageUpdate", "event", "new"])
async def test_what_is_none_of_our_business_is_ignored(world: World, kind: str) -> None:
    ana = world.person()
    await ana.delivers({"type": kind})
    assert ana.status == 200
    assert world.notes.turns == []


# --- who people are ---


async def test_a_press_is_made_in_the_zone_known_from_earlier(world: World) -> None:
    """Presses carry no time zone; falling back to UTC would move every reminder."""
    ana = await world.person(zone="Asia/Tokyo").says("@Hone board")
    await world.settle()
    await ana.clicks("Wipe")
    assert world.turn.person.zone == "Asia/Tokyo"


@pytest.mark.parametrize(
    ("settings", "role"),
    [({}, "member"), ({"role": "guest"}, "guest"), ({"role": "anonymous"}, "external")],
)
async def test_guests_are_known_from_the_member_list(
    world: World, settings: dict[str, str], role: str
) -> None:
    await world.person(**settings).says("@Hone board")
    assert world.turn.person.role == role


async def test_somebody_of_another_tenant_in_a_shared_channel_is_external(world: World) -> None:
    cy = world.person("Cy")
    world.teams.members[cy.id]["tenantId"] = "elsewhere"
    await cy.says("@Hone board")
    assert world.turn.person.role == "external"


async def test_a_channel_is_called_by_its_name(world: World) -> None:
    """Deliveries carry only its id, and cards that say `19:…` help nobody."""
    ana = world.person()
    await ana.says("@Hone board")
    assert world.turn.place.name == "Refinement"
    await ana.says("@Hone board")
    assert world.teams.calls["channels"] == 1, "nothing new is said of it for an hour"


async def test_the_member_list_is_asked_once_for_many_acts(world: World) -> None:
    ana = world.person()
    for number in range(5):
        await ana.says(f"@Hone note {number}")
    assert world.teams.calls["member"] == 1


async def test_an_act_from_the_future_happens_now(world: World) -> None:
    """Newer acts beat older ones, so a wrong clock must not win for ever."""
    await world.person().delivers(
        {"type": "message", "text": "board", "timestamp": "2126-01-01T00:00:00Z"}
    )
    assert world.turn.acted_at == NOW


# --- when the database is away ---


async def test_not_saved_is_said_plainly(world: World) -> None:
    ana = world.person()
    await world.database.engine.dispose()
    world.database.write = _unavailable  # type: ignore[method-assign, assignment]
    await ana.says("@Hone note lost?")
    assert ana.status == 200
    assert "Not saved" in ana.sees_alone()
    await ana.delivers({"type": "conversationUpdate", "membersAdded": [{"id": BOT}]})
    assert ana.status == 503


async def test_a_removal_that_was_not_saved_is_to_be_delivered_again(world: World) -> None:
    ana = world.person()
    await ana.says("@Hone board")
    world.database.ping = _unavailable  # type: ignore[method-assign]
    await ana.delivers({"type": "installationUpdate", "action": "remove"})
    assert ana.status == 503
    assert world.removed == []


async def _unavailable(*_: object) -> None:
    raise Unavailable("down")
