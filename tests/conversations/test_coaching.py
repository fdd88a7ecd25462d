"""Somebody grumbles to Hone alone, is asked a few questions, and ends with an experiment."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import select

from bot.cards import Card
from bot.turn import Click, Named, Said, Turn
from handlers.coach.actions import Back, Cancel, SaveForm, Skip
from handlers.coach.questions import ASKS
from storage import Database
from storage.conversations import Conversation
from tests.hone import WORKSPACE, Hone, Someone, buttons_of, shown_answers

GRUMBLE = "we keep waiting for test data"


def open_card(someone: Someone) -> Card:
    """The newest card in somebody's chat with Hone."""
    return someone.hone.channel(someone.place.channel)[-1].card


def asked(someone: Someone) -> str:
    return open_card(someone).summary


async def coached(hone: Hone) -> Someone:
    """Ada, at the first question about her grumble."""
    ada = hone.person("Ada").alone()
    await ada.chats(GRUMBLE)
    await ada.clicks("Coach me")
    assert asked(ada) == "What happens now?"
    return ada


async def at(hone: Hone, question: str) -> Someone:
    """Ada at a question, having skipped those before it."""
    ada = await coached(hone)
    while asked(ada) != question:
        await ada.chats("days a story waits" if "metric" in asked(ada) else "skip")
    return ada


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
    await hone.wait(days=8)
    assert await rows(hone) == []
    await ada.clicks("Skip", on=open_card(ada))
    assert "This conversation is over." in ada.told


async def test_a_second_conversation_ends_the_first(hone: Hone) -> None:
    ada = await coached(hone)
    first = open_card(ada)
    await ada.says("coach our builds take forty minutes")
    await ada.clicks("Skip", on=first)
    assert "This conversation is over." in ada.told


# --- bad input at every question -------------------------------------------------------------

QUESTIONS = (
    "What happens now?",
    "How do you notice it?",
    "What small experiment would you try?",
    "Who owns it?",
    "By when?",
    "Which metric do we hope will move?",
    "Where does it stand now?",
    "And where should it get to?",
    "When shall I ask whether it worked?",
)


async def test_nothing_and_far_too_much_are_refused(hone: Hone, subtests: pytest.Subtests) -> None:
    ada = await coached(hone)
    for question in QUESTIONS:
        with subtests.test(question=question):
            assert asked(ada) == question
            for words in ("", "   ", "7" * 40_001):
                await ada.chats(words)
                assert ada.outcome.refused
                assert "some words" in ada.told or "40,001 characters; at most" in ada.told
                assert asked(ada) == question
        await hone.wait(minutes=1)
        await ada.chats("days a story waits" if "metric" in question else "skip")


@pytest.mark.parametrize("question", ["By when?", "When shall I ask whether it worked?"])
async def test_days_that_are_none_are_explained(hone: Hone, question: str) -> None:
    ada = await at(hone, question)
    for words, told in (
        ("2026-02-30", "is not a day in the calendar"),
        ("soon", "names no single day"),
        ("1/2/27", "may be Saturday 2 January 2027 or Monday 1 February 2027"),
        ("2026-11-01", "is over already"),
        ("9999-12-31", "more than 10 years away"),
    ):
        await ada.chats(words)
        assert told in ada.told
        assert asked(ada) == question


async def test_a_day_whose_morning_the_clocks_skip_is_a_day(hone: Hone) -> None:
    """On 28 March 2027 Berlin has no 2:30; the day is asked about all the same."""
    ada = await at(hone, "By when?")
    ada.who = replace(ada.who, zone="Europe/Berlin")
    await ada.chats("2027-03-28")
    await ada.chats("skip")
    assert "Due: Sun 28 Mar 2027" in hone.last("dm-ada")


async def test_an_owner_must_be_known_here(hone: Hone) -> None:
    await hone.person("Eve", workspace="test:other").says("help")
    await hone.person("Grace Hopper").says("help")
    await hone.person("Grace Kelly").says("help")
    ada = await at(hone, "Who owns it?")
    await ada.chats("Eve")
    assert "Nobody called “Eve” is known here" in ada.told
    await ada.chats("whoever is around on Monday")
    assert "I don't know anybody called" in ada.told
    await ada.chats("Grace")
    assert "may be Grace Hopper or Grace Kelly" in ada.told
    assert asked(ada) == "Who owns it?"
    await ada.acts(Said("@Tomas", (Named("tomas", "Tomas"),)))
    assert asked(ada) == "By when?"


async def test_a_reading_needs_a_number(hone: Hone) -> None:
    ada = await at(hone, "Where does it stand now?")
    await ada.chats("rather long")
    assert "I need a number there" in ada.told


# --- all in one form -------------------------------------------------------------------------


async def test_in_a_channel_everything_is_one_form(hone: Hone) -> None:
    """In threads most of what people type never reaches Hone, so there it asks all at once."""
    ada = hone.person("Ada")
    await ada.says("improve Reviews wait")
    await ada.says("coach #1")
    await ada.fills(
        {
            "experiment": "Review before lunch",
            "owner": "ada",
            "due": "2026-12-04",
            "metric": "days a review waits",
            "start": "2 days",
            "goal": "4 hours",
        }
    )
    assert "Saved in #1." in ada.told
    assert "we will know by Friday 18 December 2026" in hone.channel()[0].text


async def test_the_form_keeps_what_was_typed_and_names_each_mistake(hone: Hone) -> None:
    ada = hone.person("Ada")
    await ada.says("coach Reviews wait")
    assert ada.form is not None
    wrong = {
        "now": "x" * 40_001,
        "owner": "U-of-another-workspace",
        "due": "2026-02-30",
        "metric": "days",
        "start": "many",
        "title": "",
    }
    await ada.fills(wrong)
    assert set(ada.errors) == {"now", "owner", "due", "start", "title"}
    assert shown_answers(ada.form)["start"] == ("many",)
    await ada.says("backlog")
    assert "#1" not in ada.told


async def test_a_conversation_can_become_a_form_and_a_form_a_conversation(hone: Hone) -> None:
    ada = await coached(hone)
    await ada.chats("Stories wait three days")
    await ada.clicks("All in one form")
    assert ada.form is not None
    assert shown_answers(ada.form)["now"] == ("Stories wait three days",)
    await ada.fills({"experiment": "A script"}, press="Ask me one by one")
    assert asked(ada) == "How do you notice it?"
    for _ in range(5):
        await ada.chats("skip")
    assert "Saved in #1." in ada.told
    assert "Stories wait three days" in hone.last("dm-ada")
    assert "We try: A script." in hone.last("dm-ada")


async def test_from_a_channel_the_form_leads_to_the_chat_with_hone(hone: Hone) -> None:
    ada = hone.person("Ada")
    await ada.says("improve Reviews wait")
    await ada.clicks("Coach me")
    await ada.fills({"now": "Two days"}, press="Ask me one by one")
    assert "written to you alone" in ada.told
    assert asked(ada.alone()) == "How do you notice it?"


async def test_a_guest_thinks_through_only_what_is_theirs(hone: Hone) -> None:
    await hone.person("Ada").says("improve Reviews wait")
    guest = hone.person("Gus", role="guest")
    await guest.says("coach #1")
    assert "Guests can change only what they captured themselves." in guest.told
    await guest.acts(Click(SaveForm(1, 0)))
    assert "Guests can change only" in guest.told


async def test_no_question_has_more_buttons_than_teams_shows(hone: Hone) -> None:
    ada = await coached(hone)
    while "Saved" not in ada.told:
        for shown in hone.channel("dm-ada"):
            assert len(buttons_of(shown.card)) <= 6
        await ada.chats("days" if "metric" in asked(ada) else "skip")


def test_every_question_is_tried_with_bad_input() -> None:
    assert (
        tuple(question.asks for question in ASKS.values() if question.step != "title") == QUESTIONS
    )
