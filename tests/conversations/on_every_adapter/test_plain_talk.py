"""What people say to a colleague they may say to Hone, on each platform."""

from __future__ import annotations

from tests.stages.stage import Player


async def test_a_yes_saves_what_was_proposed(ada: Player, grace: Player) -> None:
    await ada.calls("@Hone we keep waiting for test data")
    assert "Shall I save this?" in ada.told
    await grace.calls("@Hone yes")
    assert "Nothing of mine waits for a yes" in grace.told
    await ada.calls("@Hone yes please")
    assert "#1 we keep waiting for test data" in await grace.sees()


async def test_an_item_is_asked_about_and_changed_in_words(ada: Player, grace: Player) -> None:
    await ada.says("improve Estimation runs long")
    await ada.calls("@Hone who owns #1?")
    assert "belongs to nobody yet" in ada.told
    await ada.calls("@Hone give #1 to me")
    assert "#1 belongs to Ada" in ada.told
    await grace.calls("@Hone, when is #1 due?")
    assert "has no due date" in grace.told
    await grace.calls("Hey @Hone please mark #1 done")
    assert "accepted" in await ada.sees()
    await grace.calls("@Hone undo")
    assert "captured" in await ada.sees()
    await ada.calls("@Hone what is cost of delay?")
    assert "What waiting costs" in ada.told


async def test_several_orders_of_one_message_are_carried_out(ada: Player) -> None:
    await ada.says("improve Estimation runs long")
    await ada.says("improve Reviews wait for days")
    await ada.calls("@Hone close #1 and give #2 to me")
    assert "Done: #1." in ada.told
    assert "#2 belongs to Ada" in ada.told
    await ada.calls("@Hone backlog overdue")
    assert "No open item fits “overdue”" in ada.told


async def test_words_open_the_form_that_their_command_opens(ada: Player) -> None:
    """Slack and Teams open a form for a press only, so the words are answered with a button."""
    alone = ada.alone()
    await ada.says("improve Estimation runs long")
    await alone.chats("drop #1")
    if not alone.form:
        await alone.clicks("Open the form" if "Open the form" in alone.told else "Drop #1")
    assert alone.form.startswith("Drop #1")
    await alone.fills({"reason": "duplicate"})
    assert "dropped: duplicate" in await ada.sees()


async def test_a_word_of_another_tool_leads_to_ours(ada: Player) -> None:
    alone = ada.alone()
    await alone.chats("/undo")
    assert "I find no change of an item that you made" in alone.told
    await alone.chats("standup")
    assert "There are no stand-ups here" in alone.told


async def test_points_waits_and_corrections_are_said_in_words(ada: Player) -> None:
    await ada.says("improve Estimation runs long")
    await ada.says("improve Reviews wait for days")
    await ada.calls("@Hone #1 is 5 points")
    assert "#1 has 5 points now" in ada.told
    await ada.calls("@Hone #1 waits for #2")
    assert "#1 waits for #2 Reviews wait for days now" in ada.told
    await ada.calls("@Hone mark #1 done")
    await ada.calls("@Hone no, I meant #2")
    assert "#1 is as it was before, and #2 was changed instead" in ada.told
