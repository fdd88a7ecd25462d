"""People tell Hone what to do as they would tell a colleague."""

from __future__ import annotations

import pytest

from tests.conversations.items import item, two_items
from tests.hone import Hone, Someone

GRUMBLE = "we keep waiting for test data"


@pytest.fixture
async def ada(hone: Hone) -> Someone:
    """Ada, alone with Hone; Grace talks in the same channel, which has two items."""
    return (await two_items(hone)).alone()


# --- yes and no ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "yes", ["yes", "Yes please!", "ja", "ok", "👍", "sí, claro", "yes, save it"]
)
async def test_a_yes_saves_what_was_asked_about(hone: Hone, ada: Someone, yes: str) -> None:
    await ada.chats(GRUMBLE)
    await ada.chats(yes)
    assert hone.channel("dm-ada")[0].text == "Saved with #3."
    assert hone.last("dm-ada").startswith(f"#3 {GRUMBLE}")


@pytest.mark.parametrize("no", ["no", "Not now", "nein danke", "no thanks", "cancel", "👎"])
async def test_a_no_forgets_it(hone: Hone, ada: Someone, no: str) -> None:
    await ada.chats(GRUMBLE)
    await ada.chats(no)
    assert hone.channel("dm-ada")[0].text == "Not saved. I have forgotten these words."


async def test_a_yes_with_more_behind_it_is_not_read_as_new_words(hone: Hone, ada: Someone) -> None:
    """What is asked about would stand beside a proposal to save “yes but …”."""
    await ada.chats(GRUMBLE)
    for more in ("yes but assign it to grace", "sure, and call it Test data", "ok with #ci"):
        await ada.chats(more)
        assert ada.told.startswith("Nothing was done yet: answer yes or no alone"), more
    assert len(hone.channel("dm-ada")) == 1
    await ada.chats("actually yes")
    assert hone.channel("dm-ada")[0].text == "Saved with #3."


async def test_a_yes_counts_once_where_it_was_asked_and_of_whom(hone: Hone, ada: Someone) -> None:
    """Nobody saves another one's words, nor words of last week."""
    here = hone.person("Ada")
    await here.chats(GRUMBLE)
    for somebody in (hone.person("Grace"), ada):
        await somebody.chats("yes")
        assert "Nothing of mine waits for a yes" in somebody.told
    await here.chats("yes")
    assert "Saved with #3" in here.told
    await here.chats("yes")
    assert "Nothing of mine waits for a yes" in here.told
    await here.chats(GRUMBLE.replace("test data", "laptops"))
    await hone.wait(hours=25)
    await here.chats("yes")
    assert "Nothing of mine waits for a yes" in here.told


async def test_a_yes_is_for_the_last_question_only(hone: Hone, ada: Someone) -> None:
    """An older proposal keeps its buttons, and is not saved by surprise."""
    await ada.chats(GRUMBLE)
    await ada.chats("builds take forty minutes")
    await ada.chats("yes")
    await ada.chats("yes")
    assert "Nothing of mine waits for a yes" in ada.told
    assert "Shall I save this? we keep waiting" in hone.channel("dm-ada")[0].text


async def test_a_question_of_the_morning_takes_a_yes(hone: Hone, ada: Someone) -> None:
    await ada.chats("#1 @me by Tuesday")
    await hone.wait(days=2)
    assert "Did it get done?" in hone.last("dm-ada")
    await ada.chats("no")
    assert ada.told == "#1 stays open. For another day: backlog due #1 Friday."
    await ada.chats("yes")
    assert (await item(hone)).state == "accepted"


async def test_of_two_questions_of_a_morning_a_yes_asks_which(hone: Hone, ada: Someone) -> None:
    for number in (1, 2):
        await ada.chats(f"#{number} @me by Tuesday")
    await hone.wait(days=2)
    await ada.chats("yes")
    assert ada.told == "Which one: #1, #2? Press its button above, or write #14 is done."


async def test_an_answer_to_coach_is_no_yes_and_no_order(hone: Hone, ada: Someone) -> None:
    """Whatever somebody writes then is what they answer."""
    await ada.says("coach Reviews take far too long")
    await ada.chats("yes")
    await ada.chats("close #1")
    assert (await item(hone)).state == "captured"
    assert "Reviews take far too long" in hone.last("dm-ada")


# --- what people ask -------------------------------------------------------------------------


async def test_questions_about_an_item_are_answered(hone: Hone, ada: Someone) -> None:
    await ada.chats("who owns #1?")
    assert ada.told == (
        "#1 Estimation runs long belongs to nobody yet. To take it: backlog owner #1 me"
    )
    await ada.chats("when is #1 due")
    assert "#1 Estimation runs long has no due date" in ada.told
    await ada.chats("assign #1 to grace by Friday")
    assert ada.told == "#1 belongs to Grace now and is due Fri 27 Nov 2026."
    await ada.chats("whose is 1")
    assert ada.told == "#1 Estimation runs long belongs to Grace."
    await ada.chats("when's #1 due??")
    assert ada.told == "#1 Estimation runs long is due Fri 27 Nov 2026."
    await ada.chats("what's the status of #1")
    assert ada.told.startswith("#1 Estimation runs long")
    await ada.chats("who owns #99?")
    assert ada.told == "There is no item #99 here."


async def test_words_of_the_field_are_explained(hone: Hone, ada: Someone) -> None:
    await ada.chats("what is WSJF?")
    assert ada.told.startswith("WSJF: Weighted shortest job first")
    await hone.person("Grace").says("help cost of delay")
    await ada.says("help job size")
    assert ada.told.startswith("Job size: ")


async def test_a_guest_is_told_nothing_of_other_teams(hone: Hone, ada: Someone) -> None:
    eve = hone.person("Eve", channel="elsewhere", role="guest")
    for words in ("who owns #1", "when is #1 due", "show #1", "#1 is mine", "close #1"):
        await eve.chats(words)
        assert "There is no item #1 here" in eve.told or "Guests can change only" in eve.told
    assert (await item(hone)).state == "captured"


# --- what people want done -------------------------------------------------------------------


async def test_orders_are_carried_out(hone: Hone, ada: Someone) -> None:
    await ada.chats("close #1 and #2")
    assert ada.told == "Done: #1, #2. If that was wrong: backlog undo."
    assert "accepted" in hone.channel()[0].text
    await ada.chats("undo #1")
    await ada.chats("rename #1 to Estimation runs *very* long!")
    await ada.chats("#1 is in progress")
    assert "from there it goes to refining, ready" in ada.told
    await ada.chats("move #1 to refining")
    await ada.chats("I'll take #1")
    await ada.chats("postpone #1 to 4 December")
    found = await item(hone)
    assert (found.title, found.state, found.owner) == (
        "Estimation runs *very* long",
        "refining",
        "ada",
    )
    assert str(found.due) == "2026-12-04"
    await ada.chats("unassign #1")
    await ada.chats("drop #1")
    await ada.fills({"reason": "duplicate"})
    assert (await item(hone)).state == "dropped"
    await ada.chats("reopen #1")
    assert (await item(hone)).state == "captured"


async def test_an_order_that_cannot_be_carried_out_says_why(hone: Hone, ada: Someone) -> None:
    for words, answer in (
        ("assign #1 to Nobodyknows", "Nobody called “Nobodyknows” is known here"),
        ("assign #1 to Li Mei", "I don't know anybody called “Li Mei” here"),
        ("#1 is due someday soon", "names no single day"),
        ("#1 is due yesterday", "is over already"),
        ("drop #1 and #2", "Nothing of that was done: more than one of them asks something"),
        ("rename #1 to –anon boss shouts", "Nothing was saved"),
        ("close #77", "There is no item #77 here"),
    ):
        await ada.chats(words)
        assert answer in ada.told, words
    assert (await item(hone)).title == "Estimation runs long"


async def test_undo_takes_back_ones_own_last_act(hone: Hone, ada: Someone) -> None:
    grace = hone.person("Grace")
    await grace.chats("undo")
    assert "I find no change of an item that you made" in grace.told
    await ada.chats("/undo")
    assert ada.told == "Taken back: #2 is dropped."
    await ada.chats("undo")
    assert ada.told == "Taken back: #1 is dropped."
    await ada.chats("undo")
    assert "I find no change" in ada.told


async def test_votes_retros_and_the_digest_begin_in_plain_words(hone: Hone, ada: Someone) -> None:
    here = hone.person("Ada")
    await here.chats("let's start a vote on #1 and #2 by 16:00")
    assert "Nobody has voted yet." in hone.last()
    await here.chats("digest every Monday at 9am")
    assert "every Monday at 9:00" in here.told or "Monday" in here.told
    await here.says("digest stop")
    assert "No more weekly digests here" in here.told
    for words, title in (
        ("can we do a retro?", "Start a retro"),
        ("/rename Bravo", "Settings"),
        ("import", "Import"),
    ):
        await here.chats(words)
        assert here.outcome.ask
        assert here.outcome.ask.form.title.startswith(title)


async def test_several_orders_of_one_message_are_all_carried_out(hone: Hone, ada: Someone) -> None:
    await ada.chats("close #1 and assign #2 to grace, #2 due Friday")
    assert "Done: #1." in ada.told
    assert "#2 belongs to Grace now.\n#2 is due Fri 27 Nov 2026." in ada.told
    assert (await item(hone)).state == "accepted"


async def test_where_one_of_several_orders_cannot_be_none_is(hone: Hone, ada: Someone) -> None:
    """Half of what somebody asked for is worse than a sentence that says what to change."""
    await ada.chats("close #1 and assign #77 to grace")
    assert ada.told == "Nothing of that was done. There is no item #77 here."
    assert (await item(hone)).state == "captured"


async def test_of_several_items_those_that_are_open_are_closed(hone: Hone, ada: Someone) -> None:
    await ada.chats("#1 ✅")
    await ada.chats("close #1-#2")
    assert ada.told.startswith("Done: #2. #1 was accepted already.")
    await ada.chats("close 1-2")
    assert ada.told == "#1 is accepted already: nothing is left to do."


async def test_a_backlog_is_narrowed_by_days_and_points(hone: Hone, ada: Someone) -> None:
    """Who plans a week asks for what is late, what is due, and what is too large."""
    await ada.chats("backlog overdue")
    assert ada.told == "No open item fits “overdue”. All of them: backlog"
    await ada.chats("#1 due tomorrow")
    await hone.wait(days=2)
    await ada.chats("what's late?")
    assert ada.told.startswith("1 open item fits “overdue”.")
    assert "#1 Estimation runs long" in ada.told
    await ada.chats("#2 @me by next Friday")
    await ada.chats("what's due next week?")
    assert "#2 Reviews wait for days" in ada.told
    await ada.chats("backlog mine due")
    assert "#2 Reviews wait" in ada.told
    assert "#1" not in ada.told
    await ada.chats("backlog >8 points")
    assert ada.told.startswith("No open item fits “>8 points”.")
    await ada.chats("backlog without points reviews")
    assert ada.told.startswith("1 open item fits “without points reviews”.")


async def test_what_is_like_an_order_and_none_of_ours_leads_on(hone: Hone, ada: Someone) -> None:
    for words, answer in (
        ("assign #1", "backlog owner #1 @Grace"),
        ("delete everything", "Nothing is deleted"),
        ("mark #1 as foo", "backlog finish #1"),
        ("remind me tomorrow", "I remind by myself"),
        ("standup", "There are no stand-ups here"),
        ("#1 is blocked", "To say what an item waits for"),
        ("/foo bar baz qux", "I don't know foo"),
    ):
        await ada.chats(words)
        assert answer in ada.told, words
        assert "help" in ada.told
    assert not hone.channel("dm-ada"), "none was offered as an improvement"


async def test_a_sentence_that_begins_like_a_command_is_a_sentence(
    hone: Hone, ada: Someone
) -> None:
    for words in (
        "retro actions are forgotten",
        "pi planning takes too long",
        "backlog is a graveyard",
        "digest mails land in spam",
        "settings differ from server to server",
        "help desk answers too late",
    ):
        await ada.chats(words)
        assert f"Shall I save this? {words}" in hone.last("dm-ada")
        await ada.chats("no")
    await ada.says("retro actions are forgotten")
    assert "I don't know retro actions" in ada.told, "behind a slash it was an order"


async def test_me_is_the_answer_where_somebody_asks_who(hone: Hone, ada: Someone) -> None:
    """Otherwise the word opens one's own page."""
    await ada.says("coach Reviews take far too long")
    for words in ("They wait", "skip", "Pair on them"):
        await ada.chats(words)
    assert "Who owns it?" in hone.last("dm-ada")
    await ada.chats("me")
    assert "By when?" in hone.last("dm-ada")
