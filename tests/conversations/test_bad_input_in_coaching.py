"""A question of the coach is answered with something else: what was wrong is said."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.turn import Named, Said
from handlers.coach.questions import ASKS
from tests.conversations.coached import asked, at, coached
from tests.hone import Hone

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


def test_every_question_is_tried_with_bad_input() -> None:
    assert (
        tuple(question.asks for question in ASKS.values() if question.step != "title") == QUESTIONS
    )
