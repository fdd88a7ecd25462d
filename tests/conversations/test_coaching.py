"""Somebody grumbles to Hone alone, is asked a few questions, and ends with an experiment."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import select

from bot.turn import Click, Said, Turn
from handlers.coach.actions import Back, Cancel, SaveForm, Skip
from storage import Database
from storage.conversations import Conversation
from tests.conversations.coached import GRUMBLE, asked, coached, open_card
from tests.hone import WORKSPACE, Hone, Someone, buttons_of


async def rows(hone: Hone) -> list[Conversation]:
    async with hone.database.read(WORKSPACE, hone.now) as store:
        return list(await store.session.scalars(select(Conversation)))


# --- from words to an experiment -------------------------------------------------------------


async def test_from_a_grumble_to_a_hypothesis(hone: Hone) -> None:
    await hone.person("Grace").says("backlog")  # Grace is known here
    ada = await coached(hone)

    for question, answer in (
        ("What happens now?", "Stories wait three days for a copy of production"),
        ("How do you notice it?", "The column Blocked fills up"),
        ("What small experiment would you try?", "Generate the data with a script"),
        ("Who owns it?", "Grace"),
        ("By when?", "in 2 weeks"),
        ("Which metric do we hope will move?", "days a story waits"),
        ("Where does it stand now?", "3 days"),
        ("And where should it get to?", "1 day"),
        ("When shall I ask whether it worked?", "2027-01-15"),
    ):
        assert asked(ada) == question
        await ada.chats(answer)

    assert "Saved in #1." in ada.told
    assert (
        "We believe that “Generate the data with a script” will change days a story waits "
        "from 3 days to 1 day; we will know by Friday 15 January 2027." in ada.told
    )
    item = hone.last("dm-ada")
    assert f"#1 {GRUMBLE}" in item
    assert "What happens now: Stories wait three days for a copy of production" in item
    assert "Owner: Grace" in item
    assert "Due: Mon 7 Dec 2026" in item
    assert "will change days a story waits from 3 days to 1 day" in item


async def test_the_answers_stand_nowhere_once_it_is_over(hone: Hone) -> None:
    """What was typed belongs to the item; the conversation forgets it."""
    ada = await coached(hone)
    await ada.chats("Secrets of the staging server")
    await ada.chats("cancel")
    assert "Nothing was saved" in ada.told
    assert all(row.answers == {} for row in await rows(hone))
    await ada.says("backlog")
    assert "waiting for test data" not in ada.told


async def test_an_item_is_thought_through_and_keeps_what_is_skipped(hone: Hone) -> None:
    team = hone.person("Ada")
    await team.says("improve Reviews wait #reviews by Friday")
    ada = team.alone()
    await ada.says("coach #1")
    for _ in range(4):
        await ada.clicks("Skip")
    assert asked(ada) == "By when?"
    assert "So far: Friday 27 November 2026. Skip keeps it." in hone.last("dm-ada")
    await ada.clicks("Skip")
    await ada.clicks("Skip")  # no metric: nobody is asked where it stands
    assert "Saved in #1." in ada.told
    assert "Due: Fri 27 Nov 2026" in hone.channel()[0].text, "the card in the channel follows"


async def test_nobody_is_asked_twice_what_the_details_say_already(hone: Hone) -> None:
    ada = await coached(hone)
    await ada.chats("Stories wait three days")
    for _ in range(5):
        await ada.chats("skip")
    assert "Saved in #1." in ada.told
    await ada.says("coach #1")
    assert asked(ada) == "What small experiment would you try?"


async def test_words_that_say_the_same_join_the_item_there_is(hone: Hone) -> None:
    await hone.person("Grace").says("improve We wait for test data all the time")
    ada = await coached(hone)
    assert "#1 We wait for test data all the time" in hone.last("dm-ada")
    await ada.clicks("It is #1")
    assert asked(ada) == "What happens now?"
    await ada.clicks("Skip")
    assert "2 voices. Also raised by Ada." in hone.channel()[0].text
    assert f"Ada: {GRUMBLE}" in hone.channel()[0].text, "both voices are kept"


# --- back, skip, cancel ----------------------------------------------------------------------


async def test_back_asks_again_and_the_new_answer_counts(hone: Hone) -> None:
    ada = await coached(hone)
    await ada.chats("Nothing happens")
    await ada.chats("Back")
    assert asked(ada) == "What happens now?"
    assert "So far: Nothing happens." in hone.last("dm-ada")
    await ada.chats("Everything waits")
    await ada.clicks("Back")
    assert "So far: Everything waits." in hone.last("dm-ada")


async def test_there_is_nothing_before_the_first_question(hone: Hone) -> None:
    ada = await coached(hone)
    await ada.chats("back")
    assert "first question" in ada.told
    assert asked(ada) == "What happens now?"


async def test_cancel_works_at_every_question(hone: Hone) -> None:
    ada = hone.person("Ada").alone()
    for skips in range(7):
        hone.now += timedelta(minutes=1)  # nobody types that fast
        ada = await coached(hone)
        for _ in range(skips):
            await ada.chats("days" if "metric" in asked(ada) else "skip")
        await ada.clicks("Cancel")
        assert "Nothing was saved" in ada.told
    await ada.says("backlog")
    assert GRUMBLE not in ada.told


async def test_words_after_the_end_are_a_new_proposal(hone: Hone) -> None:
    ada = await coached(hone)
    await ada.chats("cancel")
    await ada.chats("our builds take forty minutes")
    assert "Shall I save this? our builds take forty minutes" in hone.last("dm-ada")


# --- it outlives what happens to servers -----------------------------------------------------


async def test_a_kill_in_the_middle_loses_no_answer(hone: Hone, database_url: str) -> None:
    ada = await coached(hone)
    await ada.chats("Stories wait three days")
    await ada.chats("The column Blocked fills up")

    other = await _restarted(hone, database_url)
    try:
        ada = other.person("Ada").alone()
        assert asked(ada) == "What small experiment would you try?"
        await ada.chats("Generate the data with a script")
        await ada.clicks("Me")
        assert asked(ada) == "By when?"
        await ada.clicks("In 1 week")
        await ada.chats("skip")
        assert "Saved in #1." in ada.told
        item = other.last("dm-ada")
        assert "What happens now: Stories wait three days" in item
        assert "Owner: Ada" in item
        assert "Due: Mon 30 Nov 2026" in item
    finally:
        await other.stop()
        await other.database.close()


async def _restarted(hone: Hone, database_url: str) -> Hone:
    """Another process on the same database, with nothing of the first one's memory."""
    await hone.stop()
    await hone.database.close()
    other = Hone(Database(database_url))
    other._keys = count(1_000)
    other.platform.messages.update(hone.platform.messages)
    other.platform._refs = hone.platform._refs
    return other


async def test_two_replicas_share_a_conversation(hone: Hone, database_url: str) -> None:
    """Behind a load balancer each answer may reach another process."""
    if database_url.startswith("sqlite"):
        pytest.skip("a SQLite file belongs to one process")
    other = Hone(Database(database_url))
    other._keys = count(1_000)
    other.platform = hone.platform
    other.outbox = hone.outbox
    other.worker = hone.worker
    here = await coached(hone)
    there = other.person("Ada").alone()
    try:
        await there.chats("Stories wait three days")
        await hone.settle()  # PostgreSQL tells every replica that something is due
        assert asked(here) == "How do you notice it?"
        await here.chats("The column Blocked fills up")
        await there.chats("back")
        await hone.settle()
        assert "So far: The column Blocked fills up." in hone.last("dm-ada")
    finally:
        await other.database.close()


# --- two devices, late and foreign answers ---------------------------------------------------


async def test_a_button_of_a_question_answered_elsewhere_changes_nothing(hone: Hone) -> None:
    ada = await coached(hone)
    on_the_phone = open_card(ada)
    await ada.chats("Stories wait")
    await ada.clicks("Skip", on=on_the_phone)
    assert "answered already" in ada.told
    assert "How do you notice it?" in ada.told, "and where we are is shown"
    assert asked(ada) == "How do you notice it?"


async def test_words_typed_before_the_question_was_asked_are_no_answer_to_it(hone: Hone) -> None:
    """Typed on one device while a button was pressed on another: it was for the last question."""
    ada = await coached(hone)
    before = hone.now
    hone.now += timedelta(seconds=5)
    await ada.clicks("Skip")
    turn = replace(_turn(ada, "Stories wait"), acted_at=before)
    outcome = await hone.router.handle(turn)
    assert "answered already" in outcome.whispers[0].card.summary
    await hone.settle()
    assert asked(ada) == "How do you notice it?"


def _turn(ada: Someone, words: str) -> Turn:
    hone = ada.hone
    return Turn(
        hone.workspace, ada.place, ada.who, Said(words), hone.now, hone.next_key(), hone.now
    )


async def test_nobody_else_can_answer(hone: Hone) -> None:
    ada = await coached(hone)
    [row] = [row for row in await rows(hone) if row.kind == "coach"]
    grace = hone.person("Grace")
    stranger = hone.person("Eve", workspace="test:other")
    for someone in (grace, stranger):
        for act in (Skip, Back, Cancel):
            await someone.acts(Click(act(row.id, row.version)))
            assert "This conversation is over." in someone.told
    assert asked(ada) == "What happens now?"


async def test_ids_that_cannot_be_are_not_found(hone: Hone) -> None:
    ada = hone.person("Ada")
    for id in (-1, 0, 2**31, 2**62):
        await ada.acts(Click(Skip(id, 1)))
        assert "This conversation is over." in ada.told
    await ada.says("coach #999999999")
    assert "There is no item #999999999 here." in ada.told


async def test_a_conversation_nobody_goes_on_with_is_forgotten(hone: Hone) -> None:
    ada = await coached(hone)
    await ada.chats("Stories wait")
    question = open_card(ada)
    await hone.wait(days=8)
    assert await rows(hone) == []
    assert "This conversation is over." in hone.last("dm-ada")
    await ada.clicks("Skip", on=question)
    assert "This conversation is over." in ada.told


async def test_a_second_conversation_ends_the_first(hone: Hone) -> None:
    ada = await coached(hone)
    first = open_card(ada)
    await ada.says("coach our builds take forty minutes")
    await ada.clicks("Skip", on=first)
    assert "This conversation is over." in ada.told


async def test_a_guest_thinks_through_only_what_is_theirs(hone: Hone) -> None:
    await hone.person("Ada").says("improve Reviews wait")
    guest = hone.person("Gus", role="guest")
    await guest.says("coach #1")
    assert "Guests can change only what they captured or own themselves." in guest.told
    await guest.acts(Click(SaveForm(1, 0)))
    assert "Guests can change only" in guest.told


async def test_no_question_has_more_buttons_than_teams_shows(hone: Hone) -> None:
    ada = await coached(hone)
    while "Saved" not in ada.told:
        for shown in hone.channel("dm-ada"):
            assert len(buttons_of(shown.card)) <= 6
        await ada.chats("days" if "metric" in asked(ada) else "skip")
