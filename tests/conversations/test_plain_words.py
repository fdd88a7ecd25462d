"""Somebody tells Hone in plain words what is wrong, and Hone proposes to save it."""

from __future__ import annotations

from bot.turn import Click, Named, Quote, Said
from handlers.capture.actions import SaveDraft
from tests.hone import Hone

GRUMBLE = "we keep waiting for test data"


async def test_plain_words_are_saved_with_one_press(hone: Hone) -> None:
    ada = hone.person("Ada").alone()
    await ada.acts(
        Said(f"{GRUMBLE} #test-data @Grace by Friday", (Named("grace", "Grace"),)),
    )
    proposal = hone.last("dm-ada")
    assert f"Shall I save this? {GRUMBLE}" in proposal
    assert "theme #test-data, owner Grace, due Friday 27 November 2026" in proposal
    await ada.clicks("Save as improvement")
    assert hone.channel("dm-ada")[0].text == "Saved with #1."
    item = hone.last("dm-ada")
    assert "Owner: Grace" in item
    assert "Themes: #test-data" in item
    assert "[Undo]" in item


async def test_not_now_forgets_the_words(hone: Hone) -> None:
    ada = hone.person("Ada").alone()
    await ada.chats(GRUMBLE)
    proposal = hone.channel("dm-ada")[-1].card
    await ada.clicks("Not now")
    assert GRUMBLE not in hone.last("dm-ada")
    await ada.clicks("Save as improvement", on=proposal)
    assert "This draft is gone" in ada.told


async def test_a_draft_is_kept_for_a_day(hone: Hone) -> None:
    ada = hone.person("Ada").alone()
    await ada.chats(GRUMBLE)
    await hone.wait(hours=25)
    assert "forgotten" in hone.last("dm-ada")


async def test_a_proposal_says_for_good_what_became_of_it(hone: Hone) -> None:
    ada = hone.person("Ada").alone()
    for press in ("Save as improvement", "Coach me"):
        await ada.chats(GRUMBLE)
        await ada.clicks(press)
    saved, _, coached, _ = hone.channel("dm-ada")
    await hone.wait(days=8)
    assert saved.text == "Saved with #1."
    assert coached.text == "We are thinking it through, question by question."


async def test_a_second_thought_does_not_replace_the_first(hone: Hone) -> None:
    ada = hone.person("Ada").alone()
    await ada.chats(GRUMBLE)
    first = hone.channel("dm-ada")[-1].card
    await ada.chats("builds take forty minutes")
    await ada.clicks("Save as improvement", on=first)
    assert f"#1 {GRUMBLE}" in hone.last("dm-ada")


async def test_words_that_say_the_same_become_a_second_voice(hone: Hone) -> None:
    await hone.person("Grace").says("improve We wait for test data all the time")
    ada = hone.person("Ada").alone()
    await ada.chats(GRUMBLE)
    await ada.clicks("Add mine to #1")
    assert "2 voices. Also raised by Ada." in hone.channel()[0].text


async def test_of_many_voices_two_are_named_and_the_others_counted(hone: Hone) -> None:
    """On a card the number says more than a fourth name."""
    await hone.person("Ada").says("improve Builds take forty minutes")
    for name in ("Ben", "Cleo", "Dan", "Eve"):
        somebody = hone.person(name)
        await somebody.says("improve Builds take forty minutes")
        await somebody.fills({}, press="Add mine to #1")
        if name == "Dan":
            assert "4 voices. Also raised by Ben, Cleo and Dan." in hone.channel()[0].text
    assert "5 voices. Also raised by Ben, Cleo and 2 more." in hone.channel()[0].text


async def test_nobody_else_saves_them(hone: Hone) -> None:
    ada = hone.person("Ada").alone()
    await ada.chats(GRUMBLE)
    for someone in (hone.person("Grace"), hone.person("Ada", workspace="test:other")):
        await someone.acts(Click(SaveDraft(1)))
        assert "This draft is gone" in someone.told


async def test_too_many_words_are_refused_with_the_limit(hone: Hone) -> None:
    ada = hone.person("Ada").alone()
    await ada.chats("word " * 8_001)
    assert "at most 40,000" in ada.told
    await ada.chats("word " * 1_000)
    assert "at most 3,000" in ada.told


async def test_words_without_a_name_are_not_kept_with_one(hone: Hone) -> None:
    """A draft belongs to a person, so it is no place for what must have no author."""
    ada = hone.person("Ada").alone()
    await ada.chats(f"{GRUMBLE} --anon")
    assert "begin with improve" in ada.told
    assert hone.channel("dm-ada") == []


async def test_a_greeting_is_answered_by_help(hone: Hone) -> None:
    ada = hone.person("Ada").alone()
    await ada.chats("hello there")
    assert ada.told.startswith("Hello!")


async def test_words_said_to_hone_in_a_channel_are_offered_to_whoever_said_them(
    hone: Hone,
) -> None:
    """`@Hone we keep waiting …`: nobody should need a command's name to be heard."""
    ada = hone.person("Ada")
    await ada.chats(GRUMBLE)
    assert hone.channel() == [], "nothing stands in the channel before a yes"
    assert f"Shall I save this? {GRUMBLE}" in ada.told
    await ada.clicks("Save as improvement")
    assert ada.told == "Saved with #1."
    assert hone.last().startswith(f"#1 {GRUMBLE}")


async def test_a_sentence_that_begins_like_a_command_keeps_its_capitals(hone: Hone) -> None:
    ada = hone.person("Ada")
    await ada.chats("PI planning is theatre")
    assert "Shall I save this? PI planning is theatre" in ada.told
    await ada.clicks("Save as improvement")
    assert hone.last().startswith("#1 PI planning is theatre")


async def test_words_behind_the_door_keep_their_capitals(hone: Hone) -> None:
    ada = hone.person("Ada")
    await ada.says("hone CI takes forty minutes")
    assert "Shall I save this? CI takes forty minutes" in ada.told


async def test_words_in_a_channel_answer_no_question_asked_alone(hone: Hone) -> None:
    ada = hone.person("Ada")
    await ada.alone().chats(GRUMBLE)
    await ada.alone().clicks("Coach me")
    asked = hone.last("dm-ada")
    await ada.chats("Builds take forty minutes")
    assert "Shall I save this? Builds take forty minutes" in ada.told
    assert hone.last("dm-ada") == asked


async def test_a_reaction_asks_in_private_and_links_the_message(hone: Hone) -> None:
    """Whoever reacts means a message whose words Hone may not read."""
    ada = hone.person("Ada")
    await ada.uses("offer_to_log", Quote("", link="https://acme.slack.test/archives/C1/p1"))
    assert "Log this message as an improvement?" in ada.told
    await ada.clicks("Log improvement")
    await ada.fills({"title": "Reviews wait"})
    assert "https://acme.slack.test/archives/C1/p1" in hone.last()


QUOTE = Quote("We wait three days for test data", "Bo", "https://teams.test/l/1")


async def test_a_reply_to_a_message_proposes_to_save_it(hone: Hone) -> None:
    ada = hone.person("Ada")
    await ada.says("improve", quote=QUOTE)
    assert hone.channel() == [], "nothing stands in the channel before a yes"
    assert "Shall I save this? We wait three days for test data" in ada.told
    await ada.clicks("Save as improvement")
    assert ada.outcome.whispers[0].replaces
    assert ada.told == "Saved with #1."
    assert "Bo: We wait three days for test data" in hone.last()
    assert "https://teams.test/l/1" in hone.last()


async def test_words_of_ones_own_are_the_title_and_the_quote_its_details(hone: Hone) -> None:
    ada = hone.person("Ada")
    await ada.says("improve Generate our test data", quote=QUOTE)
    assert hone.last().startswith("#1 Generate our test data\nBo: We wait three days")


async def test_a_thread_whose_words_are_unknown_is_linked(hone: Hone) -> None:
    ada = hone.person("Ada")
    await ada.says("improve", quote=Quote("", link="https://acme.slack.test/archives/C1/p1"))
    await ada.fills({"title": "Reviews wait"})
    assert "https://acme.slack.test/archives/C1/p1" in hone.last()
